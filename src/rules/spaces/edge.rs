//! Blanks at the ends of lines.
//!
//! Invariant: what stays of a line begins and ends as it did, blanks aside.

use crate::edit::Edits;
use crate::script::{Script, is_blank, is_cjk};
use crate::view::View;

/// Pushes the removal of blanks at line ends.
pub fn trailing(view: &View, out: &mut Edits) {
    let text = view.text();
    let lines = view.lines_in_region();
    for (at, line) in lines.iter().enumerate() {
        // Every blank ends in one of these bytes; few Hanzi do.
        if !matches!(text.as_bytes()[..line.end].last(), Some(b' ' | b'\t' | 0x80..=0x8a | 0x9f | 0xa0 | 0xaf | 0xb | 0xc)) {
            continue;
        }
        let bare = text[line.clone()].trim_end_matches(is_blank);
        let from = line.start + bare.len();
        let next = lines.get(at + 1).is_some_and(|next| !text[next.clone()].trim().is_empty());
        let hard = &text[from..line.end] == "  " && !bare.is_empty() && next && is_markdown(view);
        if from < line.end && !hard {
            out.remove(from..line.end);
        }
    }
}

/// True where a line of the text is a Markdown heading, item or fence.
fn is_markdown(view: &View) -> bool {
    let marks = ["# ", "## ", "### ", "#### ", "- ", "* ", "```", "> "];
    view.lines().iter().any(|line| marks.iter().any(|mark| view.text()[line.clone()].starts_with(mark)))
}

/// Pushes the removal of blanks at the start of prose, where they are no habit of the document:
/// fewer than one in four of its lines of prose is indented.
pub fn indent(view: &View, out: &mut Edits) {
    let text = view.text();
    let lines = view.lines_in_region();
    let depth = |at: usize| {
        let line = &text[lines[at].clone()];
        line.len() - line.trim_start_matches(is_blank).len()
    };
    let indented: Vec<usize> = (0..lines.len())
        .filter(|at| text[lines[*at].clone()].starts_with(is_blank) && depth(*at) < lines[*at].len())
        .collect();
    if indented.is_empty() {
        return;
    }
    let full: Vec<usize> = (0..lines.len()).filter(|at| depth(*at) < lines[*at].len()).collect();
    let prose = |at: &usize| is_prose(text[lines[*at].clone()].trim_start_matches(is_blank));
    let (all, deep) = (full.iter().filter(|at| prose(at)).count(), indented.iter().filter(|at| prose(at)).count());
    let japanese = view.script() == Script::Kana;
    for at in &indented {
        let (line, depth) = (&lines[*at], depth(*at));
        let place = full.partition_point(|full| full < at);
        let before = place.checked_sub(1).map(|before| full[before]);
        let after = full.get(place + 1);
        let alone = [before.as_ref(), after].iter().flatten().all(|at| indented.binary_search(at).is_err());
        let bare = &text[line.start + depth..line.end];
        let hangs = is_item(bare) || before.is_some_and(|before| is_item(text[lines[before].clone()].trim_start()));
        let stray = if is_prose(bare) { deep * 4 < all || all == deep && all == 1 } else { alone && is_words(bare) && indented.len() * 8 < full.len() };
        // A Japanese paragraph begins with an ideographic space.
        let habit = japanese && text[line.clone()].starts_with('\u{3000}');
        let chinese = matches!(view.script(), Script::Han | Script::Kana | Script::Hangul);
        if stray && !hangs && !habit && (chinese || alone) {
            out.remove(line.start..line.start + depth);
        }
    }
}

/// A line that is long enough to be a paragraph, and written as one.
fn is_prose(bare: &str) -> bool {
    let cjk = bare.chars().filter(|c| is_cjk(*c)).count();
    is_words(bare) && (cjk >= 20 || bare.len() >= 90)
}

/// A line that does not begin as code, tables and quotations do.
fn is_words(bare: &str) -> bool {
    bare.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '“' | '‘' | '「' | '『' | '《' | '（' | '【' | '—' | '…'))
        && !bare.contains(['{', '}', '\t', '|', '<', '='])
        && !bare.contains("   ")
}

fn is_item(bare: &str) -> bool {
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    ["- ", "* ", "+ ", "> ", ": "].iter().any(|mark| bare.starts_with(mark))
        || digits > 0 && [". ", ") "].iter().any(|mark| bare[digits..].starts_with(mark))
}
