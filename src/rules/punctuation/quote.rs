//! Quotes.
//!
//! Invariant: quotes change in pairs, and only on lines where they pair in one way.

use super::line::Line;
use crate::edit::Edits;
use crate::script::{is_cjk, is_stop};
use crate::view::View;

/// Pushes `“ ”` for straight double quotes round Hanzi, where a line has an even number of them.
pub fn straight(view: &View, out: &mut Edits) {
    for mut line in super::chinese(view, &['"']) {
        pairs(&mut line, '"', |line, from, to| {
            let data = matches!(line.after(to), ':' | ',' | ']' | '}' | '=') || matches!(line.before(from), '=' | '[' | '{' | ',');
            (from + 1..to).any(|at| is_cjk(line.at(at))) && !data
        });
        line.push(out);
    }
}

/// Pushes `“` for the first of two `”`, where a line has no `“`.
pub fn turned(view: &View, out: &mut Edits) {
    for mut line in super::chinese(view, &['”']) {
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

/// Points at quotes that nothing closes or opens. A speech of several paragraphs opens in each and
/// closes in the last, so a quote that a line begins with may stay open.
pub fn unpaired(view: &View, out: &mut Edits) {
    for line in super::chinese(view, &['“', '”']) {
        let mut open: Option<usize> = None;
        for index in 0..line.len() {
            let at = line.offset(index)..line.offset(index + 1);
            match (line.at(index), open) {
                ('“', Some(from)) => {
                    out.note(line.offset(from)..line.offset(from + 1), "a quote that nothing closes");
                    open = Some(index);
                }
                ('“', None) => open = Some(index),
                ('”', Some(_)) => open = None,
                ('”', None) => out.note(at, "a quote that nothing opens"),
                _ => {}
            }
        }
        if let Some(from) = open.filter(|from| *from > 0 && !is_stop(line.before(*from))) {
            out.note(line.offset(from)..line.offset(from + 1), "a quote that nothing closes");
        }
    }
}
