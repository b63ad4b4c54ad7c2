//! Quotes.
//!
//! Invariant: quotes change in pairs, and only on lines where they pair in one way.

use super::line::{Line, is_chinese};
use crate::edit::Edits;
use crate::script::{decode, is_blank, is_cjk};
use crate::view::View;

/// Pushes `“ ”` for straight double quotes round Hanzi, where a line has an even number of them.
pub fn straight(view: &View, out: &mut Edits) {
    for mut line in super::chinese(view, &["\""]) {
        pairs(&mut line, '"', |line, from, to| {
            let data = matches!(line.after(to), ':' | ',' | ']' | '}' | '=') || matches!(line.before(from), '=' | '[' | '{' | ',');
            (from + 1..to).any(|at| is_cjk(line.at(at))) && !data
        });
        line.push(out);
    }
}

/// Pushes `“` for the first of two `”`, where a line has no `“`.
pub fn turned(view: &View, out: &mut Edits) {
    for mut line in super::chinese(view, &["”"]) {
        if !line.text().contains('“') {
            pairs(&mut line, '”', |_, from, to| to > from + 1);
        }
        line.push(out);
    }
}

fn pairs(line: &mut Line, quote: char, fits: impl Fn(&Line, usize, usize) -> bool) {
    let places: Vec<usize> = (0..line.len()).filter(|at| line.at(*at) == quote).collect();
    if places.len().is_multiple_of(2) && places.chunks_exact(2).all(|pair| fits(line, pair[0], pair[1])) {
        for pair in places.chunks_exact(2) {
            line.set(pair[0], '“');
            line.set(pair[1], '”');
        }
    }
}

/// The first byte of both curly double quotes.
const FIRST: u8 = "“".as_bytes()[0];

/// Points at quotes that nothing closes or opens. A speech of several paragraphs opens in each and
/// closes in the last, so a quote that a line begins with may stay open.
pub fn unpaired(view: &View, out: &mut Edits) {
    let (text, len) = (view.text(), '“'.len_utf8());
    if !view.inventory().has_any(&['“', '”']) {
        return;
    }
    for line in view.lines_in_region() {
        let mut open: Option<usize> = None;
        let mut lone: Vec<(usize, &str)> = Vec::new();
        for at in memchr::memchr_iter(FIRST, &text.as_bytes()[line.clone()]) {
            let at = line.start + at;
            match (decode(&text.as_bytes()[at..]), open) {
                ('“', from) => {
                    lone.extend(from.map(|from| (from, "a quote that nothing closes")));
                    open = Some(at);
                }
                ('”', Some(_)) => open = None,
                ('”', None) => lone.push((at, "a quote that nothing opens")),
                _ => {}
            }
        }
        let speech = |from: &usize| text[line.start..*from].trim_matches(is_blank).is_empty();
        lone.extend(open.filter(|from| !speech(from)).map(|from| (from, "a quote that nothing closes")));
        if !lone.is_empty() && is_chinese(view, line) {
            lone.iter().for_each(|(at, why)| out.note(*at..at + len, *why));
        }
    }
}
