//! Spaces inside Chinese and Japanese words.
//!
//! Invariant: a space goes only where it stands alone in its clause and the text itself says that
//! what it parts belongs together; the same text without it would not ask for more.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use memchr::memmem;

use crate::edit::Edits;
use crate::script::{Script, is_blank, is_closing, is_han, is_opening, is_stop};
use crate::shield::ShieldSet;
use crate::view::View;

/// Hanzi that never end a phrase, and Hanzi that never begin one: of the first, fewer than one in
/// fifty of the ends of clauses that their frequency would let expect, and so for the beginnings
/// (measured on 0.8 million characters of law, fiction, speeches and handbooks).
const NEVER_LAST: &str = "於于但或各这這每讓且该該最不其第以被与與";
const NEVER_FIRST: &str = "的了们們者么樣样级級型些";

/// A space between two Hanzi of a clause that has no other.
struct Gap {
    at: Range<usize>,
    /// The two Hanzi beside it, and those with one more on each side.
    pair: String,
    triples: [String; 2],
}

/// Pushes the removal of spaces inside words.
pub fn edits(view: &View, out: &mut Edits) {
    if matches!(view.script(), Script::Hangul) || !view.inventory().has_any(&[' ', '\u{3000}']) {
        return;
    }
    let (text, wide) = (view.text(), view.inventory().has('\u{3000}'));
    let mut gaps: Vec<Gap> = Vec::new();
    for line in view.lines_in_region() {
        let bare = &text.as_bytes()[line.clone()];
        let blank = memchr::memchr(b' ', bare).is_some() || wide && memmem::find(bare, "\u{3000}".as_bytes()).is_some();
        if blank && text[line.clone()].contains(is_stop) {
            find(text, line, &mut gaps);
        }
    }
    gaps.retain(|gap| !view.shields().hit(&gap.at, ShieldSet::ALL));
    if gaps.is_empty() {
        return;
    }
    let mut counts = count(text, &gaps);
    loop {
        let before = gaps.len();
        gaps.retain(|gap| {
            let inside = is_inside(gap, &counts);
            if inside {
                out.remove(gap.at.clone());
                // Without the space the word stands once more in the text.
                [&gap.pair, &gap.triples[0], &gap.triples[1]].into_iter().for_each(|word| {
                    counts.entry(word.clone()).and_modify(|count| *count += 1);
                });
            }
            !inside
        });
        if gaps.len() == before {
            break;
        }
    }
}

/// True where a Hanzi beside the gap cannot stand at the edge of a phrase, or where the text has
/// the two elsewhere without a space: twice, and once with the same Hanzi before or after.
fn is_inside(gap: &Gap, counts: &HashMap<String, usize>) -> bool {
    let mut pair = gap.pair.chars();
    let bound = pair.next().is_some_and(|left| NEVER_LAST.contains(left))
        || pair.next().is_some_and(|right| NEVER_FIRST.contains(right));
    let seen = |word: &String| counts.get(word).copied().unwrap_or(0);
    bound || seen(&gap.pair) >= 2 && gap.triples.iter().any(|triple| seen(triple) >= 1)
}

/// Adds the gaps of one line.
fn find(text: &str, line: &Range<usize>, gaps: &mut Vec<Gap>) {
    let ends = |c: char| is_stop(c) || is_closing(c) || is_opening(c);
    let mut from = line.start;
    for clause in text[line.clone()].split_inclusive(ends) {
        let start = from;
        from += clause.len();
        let clause = clause.trim_end_matches(ends);
        let bare = clause.trim_matches(is_blank);
        let start = start + (clause.len() - clause.trim_start_matches(is_blank).len());
        let heading = is_numbered(&text[line.start..start]);
        let mut between = gaps_of(bare);
        let (Some((at, len)), None, false) = (between.next(), between.next(), heading) else { continue };
        if !matches!(&bare[at..at + len], " " | "  " | "\u{3000}") {
            continue;
        }
        let (left, right) = (&bare[..at], &bare[at + len..]);
        let (mut l, mut r) = (left.chars().rev(), right.chars());
        let (Some(a), Some(b)) = (l.next().filter(|c| is_han(*c)), r.next().filter(|c| is_han(*c))) else { continue };
        let triple = |edge: Option<char>, word: &dyn Fn(char) -> String| edge.filter(|c| is_han(*c)).map_or(String::new(), word);
        gaps.push(Gap {
            at: start + at..start + at + len,
            pair: [a, b].iter().collect(),
            triples: [triple(l.next(), &|c| [c, a, b].iter().collect()), triple(r.next(), &|c| [a, b, c].iter().collect())],
        });
    }
}

/// The runs of blanks between two Hanzi of a clause: offset and length in bytes.
fn gaps_of(clause: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + clause[from..].find(is_blank)?;
            let right = clause[at..].trim_start_matches(is_blank);
            from = clause.len() - right.len();
            if clause[..at].ends_with(is_han) && right.starts_with(is_han) {
                return Some((at, from - at));
            }
        }
    })
}

/// True where nothing but the number of an item stands before a clause: it may be a heading.
fn is_numbered(before: &str) -> bool {
    let number = before.trim_start_matches(|c| is_blank(c) || matches!(c, '（' | '('));
    let number = number.strip_suffix(['、', '）', ')', '．', '.', '，']).unwrap_or("");
    !number.is_empty() && number.chars().count() <= 6
}

/// How often the words of the gaps stand in the text without a space.
fn count(text: &str, gaps: &[Gap]) -> HashMap<String, usize> {
    let mut words: Vec<&String> = gaps.iter().flat_map(|gap| [&gap.pair, &gap.triples[0], &gap.triples[1]]).collect();
    words.retain(|word| !word.is_empty());
    words.sort_unstable();
    words.dedup();
    let mut counts = vec![0; words.len()];
    // A search for one word is some twenty times as fast as the automaton for all of them.
    match (words.len() > 20).then(|| AhoCorasick::new(&words)) {
        Some(Ok(find)) => {
            find.find_overlapping_iter(text).for_each(|found| counts[found.pattern().as_usize()] += 1);
        }
        _ => (words.iter().zip(&mut counts)).for_each(|(word, count)| {
            *count = memmem::find_iter(text.as_bytes(), word.as_bytes()).count();
        }),
    }
    words.into_iter().cloned().zip(counts).collect()
}
