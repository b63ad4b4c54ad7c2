//! What stands between two lines once they are one.
//!
//! Invariant: a blank between words of writings that have blanks, nothing between Hanzi and kana,
//! and between Hanzi and Latin letters what the rest of the text has there.

use std::ops::Range;

use super::width;
use crate::script::{is_cjk, is_hangul};
use crate::view::View;

/// A blank or nothing, to stand in the place of the byte range `at`, which parts two words or two
/// halves of one.
pub fn glue(view: &View, at: Range<usize>) -> &'static str {
    let (before, after) = (&view.text()[..at.start], &view.text()[at.end..]);
    match (before.chars().next_back(), after.chars().next()) {
        (Some('-'), Some(_)) if is_one_word(before, after) => "",
        (Some(before), Some(after)) if parts_words(view, before, after) => " ",
        _ => "",
    }
}

/// True where a hyphen holds what stands on both sides together, as in `Content-Type`; it does not
/// in `two- and three-year`.
fn is_one_word(before: &str, after: &str) -> bool {
    const LINKS: [&str; 8] = ["and", "or", "to", "und", "oder", "bis", "et", "ou"];
    let word = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let joins = before.trim_end_matches('-').len() + 1 == before.len()
        && before.chars().rev().nth(1).is_some_and(|c| c.is_alphanumeric() && !is_cjk(c));
    joins && !word.is_empty() && !LINKS.contains(&word)
}

fn parts_words(view: &View, before: char, after: char) -> bool {
    let script = view.layout().script;
    let mark = |c: char| width(c, script) == 2 && !c.is_alphanumeric();
    let one_word = |c: char| matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '%');
    match (before, after) {
        (a, b) if is_cjk(a) && is_cjk(b) || mark(a) && !is_hangul(b) || mark(b) && !is_hangul(a) => false,
        (a, b) if is_cjk(a) || is_cjk(b) => {
            let mixed = || *view.layout().mixed.get_or_init(|| spaces_scripts(view.text()));
            a.is_alphanumeric() && b.is_alphanumeric() && mixed()
        }
        (_, b) => !one_word(b),
    }
}

/// True where the text puts a blank between Hanzi and Latin letters more often than not.
fn spaces_scripts(text: &str) -> bool {
    let mixed = |a: char, b: char| is_cjk(a) && b.is_ascii_alphanumeric() || a.is_ascii_alphanumeric() && is_cjk(b);
    let (mut with, mut without) = (0u32, 0u32);
    let (mut before, mut last) = ('\n', '\n');
    for c in text.chars() {
        without += u32::from(mixed(last, c));
        with += u32::from(last == ' ' && mixed(before, c));
        (before, last) = (last, c);
    }
    with > without
}
