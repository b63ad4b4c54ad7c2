//! Characters whose meaning is lost or lies in a font.
//!
//! Invariant: none is ever deleted; only those of the old GB 18030 tables can be brought back.

use crate::edit::Edits;
use crate::view::View;

/// Points at replacement characters and private-use characters, one note for each run.
pub fn notes(view: &View, out: &mut Edits) {
    let mut run = 0..0;
    let mut why = "";
    for (at, c) in super::spots(view, &['\u{fffd}'..='\u{fffd}', '\u{e000}'..='\u{f8ff}'], is_lost) {
        let now = if c == '\u{fffd}' {
            "a character was lost before the text came here"
        } else {
            "a private-use character: only the font it was written for can show it"
        };
        if at != run.end || now != why {
            if !run.is_empty() {
                out.note(run.clone(), why);
            }
            (run, why) = (at..at, now);
        }
        run.end = at + c.len_utf8();
    }
    if !run.is_empty() {
        out.note(run, why);
    }
}

fn is_lost(c: char) -> bool {
    c == '\u{fffd}' || matches!(c, '\u{e000}'..='\u{f8ff}')
}

/// Private-use code points of GB 18030-2005 and the characters that GB 18030-2022 has in their
/// place, with U+E5E5, which GBK decoders give for the ideographic space A3A0.
#[rustfmt::skip]
const GB18030: [(char, &str); 20] = [
    ('\u{e5e5}', "\u{3000}"),
    ('\u{e78d}', "\u{fe10}"), ('\u{e78e}', "\u{fe12}"), ('\u{e78f}', "\u{fe11}"), ('\u{e790}', "\u{fe13}"),
    ('\u{e791}', "\u{fe14}"), ('\u{e792}', "\u{fe15}"), ('\u{e793}', "\u{fe16}"), ('\u{e794}', "\u{fe17}"),
    ('\u{e795}', "\u{fe18}"), ('\u{e796}', "\u{fe19}"), ('\u{e7c7}', "\u{1e3f}"), ('\u{e81e}', "\u{9fb4}"),
    ('\u{e826}', "\u{9fb5}"), ('\u{e82b}', "\u{9fb6}"), ('\u{e82c}', "\u{9fb7}"), ('\u{e832}', "\u{9fb8}"),
    ('\u{e843}', "\u{9fb9}"), ('\u{e854}', "\u{9fba}"), ('\u{e864}', "\u{9fbb}"),
];

/// Pushes what private-use characters of old GB 18030 tables stand for.
pub fn gb18030(view: &View, out: &mut Edits) {
    let wanted = |c| GB18030.iter().any(|(old, _)| *old == c);
    for (at, c) in super::spots(view, &['\u{e000}'..='\u{f8ff}'], wanted) {
        if let Some((_, new)) = GB18030.iter().find(|(old, _)| *old == c) {
            out.replace(at..at + c.len_utf8(), *new);
        }
    }
}
