//! Full-width marks in lines of Latin text.
//!
//! Invariant: a line with one Hanzi, kana or hangul stays as it is.

use crate::edit::Edits;
use crate::script::{is_cjk, is_hangul};
use crate::view::View;

const STOPS: [(char, &str); 6] = [('，', ","), ('。', "."), ('；', ";"), ('：', ":"), ('！', "!"), ('？', "?")];

/// Pushes ASCII marks for full-width ones after a Latin letter, a digit or a quote, with a space
/// where a word follows.
pub fn edits(view: &View, out: &mut Edits) {
    if !STOPS.iter().any(|(stop, _)| view.inventory().has(*stop)) {
        return;
    }
    let text = view.text();
    for line in view.lines_in_region() {
        let bare = &text[line.clone()];
        if bare.contains(|c| is_cjk(c) || is_hangul(c)) || !bare.contains(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        for (at, c) in bare.char_indices() {
            let Some((_, ascii)) = STOPS.iter().find(|(stop, _)| *stop == c) else { continue };
            let left = bare[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '”' | '’' | '"' | ')'));
            let word = bare[at + c.len_utf8()..].starts_with(char::is_alphanumeric);
            if left {
                let with = if word { format!("{ascii} ") } else { (*ascii).to_owned() };
                out.replace(line.start + at..line.start + at + c.len_utf8(), with);
            }
        }
    }
}
