//! Words that were parted by a hyphen at the end of a line.
//!
//! Invariant: the rest of the text decides whether the hyphen belongs to the word; where it does
//! not know the word in either form, the place is pointed at.

use std::collections::HashSet;

use crate::cuts::Joint;
use crate::script::is_cjk;
use crate::edit::Edits;
use crate::layout::{End, Start};
use crate::view::View;

/// Mends every parted word that `may_join` allows.
pub(super) fn mend(view: &View, may_join: impl Fn(&Joint) -> bool, out: &mut Edits) {
    let (text, layout) = (view.text(), view.layout());
    let joints: Vec<Joint> = layout
        .neighbours()
        .map(|(before, after)| Joint { before, after })
        .filter(|joint| {
            let (line, next) = (&layout.lines[joint.before], &layout.lines[joint.after]);
            let prose = line.is_text() && next.is_text() && line.end == End::Hyphen && next.start == Start::Lower;
            prose && !joint.is_apart() && may_join(joint)
        })
        .collect();
    if joints.is_empty() {
        return;
    }
    let words: HashSet<String> = words(text).map(str::to_lowercase).collect();
    for joint in joints {
        let (line, next) = (&layout.lines[joint.before], &layout.lines[joint.after]);
        let end = text[line.at.clone()].trim_end_matches(['-', '\u{2010}']);
        let hyphen = line.at.start + end.len()..line.at.end;
        let head = end.rsplit(|c: char| !is_letter(c)).next().unwrap_or_default();
        let tail = text[next.at.clone()].split(|c: char| !is_letter(c)).next().unwrap_or_default();
        let tail = tail.trim_end_matches('-');
        let known = |word: String| words.contains(&word.to_lowercase());
        let (whole, parted) = (known(format!("{head}{tail}")), known(format!("{head}-{tail}")));
        let at = hyphen.start..next.at.start;
        let (kept, hyphen) = (hyphen.end..next.at.start, hyphen);
        match (whole, parted) {
            (true, false) => out.remove(at),
            (false, true) => out.remove(kept),
            // No one types this hyphen: typesetting put it there.
            _ if text[hyphen].contains('\u{2010}') => out.remove(at),
            _ => out.note(at, "a word may be parted here"),
        }
    }
}

/// Words with the hyphens inside them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_letter(c)).map(|word| word.trim_matches('-')).filter(|word| !word.is_empty())
}

fn is_letter(c: char) -> bool {
    !is_cjk(c) && c.is_alphabetic() || matches!(c, '-' | '\'' | '’')
}
