//! Full-width marks in lines of Latin text.
//!
//! Invariant: a line with one Hanzi, kana or hangul stays as it is.

use crate::edit::Edits;
use crate::script::{is_cjk, is_hangul};
use crate::view::View;

const STOPS: [(char, &str); 6] = [('，', ","), ('。', "."), ('；', ";"), ('：', ":"), ('！', "!"), ('？', "?")];

/// Pushes the same in a text of which no line has Hanzi, kana or hangul. A line with another mark of
/// Chinese is a list of names taken from a Chinese text.
pub fn whole_text(view: &View, out: &mut Edits) {
    let (text, all) = (view.text(), view.inventory());
    if !all.has('、') && !all.has_in('〈'..='】') && !text.contains(|c| is_cjk(c) || is_hangul(c)) {
        marks(view, is_phrase, out);
    }
}

/// Two words or more from the start of a line: one alone may have been taken from a Chinese text with its mark.
fn is_phrase(line: &str) -> bool {
    let bare = line.trim_start().trim_start_matches(['"', '\'', '“', '‘', '(']);
    let words = bare.split(' ').filter(|word| word.contains(|c: char| c.is_ascii_alphabetic()));
    bare.starts_with(|c: char| c.is_ascii_alphanumeric()) && words.count() > 1
}

/// Pushes ASCII marks for full-width ones after a Latin letter, a digit or a quote, with a space
/// where a word follows.
pub fn edits(view: &View, out: &mut Edits) {
    marks(view, |_| true, out);
}

fn marks(view: &View, fits: impl Fn(&str) -> bool, out: &mut Edits) {
    if !STOPS.iter().any(|(stop, _)| view.inventory().has(*stop)) {
        return;
    }
    let text = view.text();
    for line in view.lines_in_region() {
        let bare = &text[line.clone()];
        if bare.contains(|c| is_cjk(c) || is_hangul(c)) || !bare.contains(|c: char| c.is_ascii_alphabetic()) || !fits(bare) {
            continue;
        }
        for (at, c) in bare.char_indices() {
            let Some((_, ascii)) = STOPS.iter().find(|(stop, _)| *stop == c) else { continue };
            let left = bare[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '”' | '’' | '"' | ')'));
            let digits = bare[..at].ends_with(|c: char| c.is_ascii_digit());
            let word = bare[at + c.len_utf8()..].starts_with(char::is_alphanumeric);
            // `3：1` and `1，5` are written in many ways.
            if left && !(digits && bare[at + c.len_utf8()..].starts_with(|c: char| c.is_ascii_digit())) {
                let with = if word { format!("{ascii} ") } else { (*ascii).to_owned() };
                out.replace(line.start + at..line.start + at + c.len_utf8(), with);
            }
        }
    }
}
