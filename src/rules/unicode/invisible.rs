//! Characters without a width: spaces, joiners, marks of direction.
//!
//! Invariant: one that may change how the text around it is shown stays.

use std::ops::RangeInclusive;

use crate::edit::Edits;
use crate::script::{is_han, is_hangul, is_kana, is_rtl};
use crate::view::View;

/// Pushes the removal of zero-width characters by what stands around them.
pub fn zero_width(view: &View, out: &mut Edits) {
    let text = view.text();
    for (at, c) in super::spots(view, &ZERO_WIDTH, is_zero_width) {
        let end = at + c.len_utf8();
        let left = text[..at].chars().rev().find(|c| !is_hidden(*c));
        let right = text[end..].chars().find(|c| !is_hidden(*c));
        let free = |c: Option<char>| c.is_none_or(|c| !joins(c));
        let goes = match c {
            '\u{200c}' | '\u{200d}' => free(left) && free(right),
            // Thai, Lao, Khmer and Burmese mark word ends with it, and so may Tibetan.
            '\u{200b}' | '\u{2060}' => !left.is_some_and(is_south_east) && !right.is_some_and(is_south_east),
            // A hair space is typography between words and dirt inside one.
            '\u{200a}' => [left, right].iter().all(|c| c.is_some_and(|c| c.is_ascii_alphabetic())),
            // In undecoded UTF-8 it is a byte of a letter.
            '\u{ad}' => ![left, right].iter().flatten().any(|c| matches!(c, '\u{80}'..='\u{ff}')),
            _ => true,
        };
        if goes {
            out.remove(at..end);
        }
    }
}

/// Pushes the removal of bidirectional controls from lines without a right-to-left letter.
pub fn bidi(view: &View, out: &mut Edits) {
    let text = view.text();
    let mut line = 0..0;
    let mut rtl = false;
    for (at, c) in super::spots(view, &BIDI, is_bidi) {
        if at >= line.end {
            let from = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            line = from..text[at..].find('\n').map_or(text.len(), |newline| at + newline);
            rtl = text[line.clone()].chars().any(is_rtl);
        }
        if !rtl {
            out.remove(at..at + c.len_utf8());
        }
    }
}

/// Hair space to zero-width joiner, word joiner and invisible operators, byte order mark, soft
/// hyphen, Mongolian vowel separator.
const ZERO_WIDTH: [RangeInclusive<char>; 5] = [
    '\u{200a}'..='\u{200d}',
    '\u{2060}'..='\u{2064}',
    '\u{feff}'..='\u{feff}',
    '\u{ad}'..='\u{ad}',
    '\u{180e}'..='\u{180e}',
];

/// The characters with the property Bidi_Control (UCD PropList).
const BIDI: [RangeInclusive<char>; 4] =
    ['\u{200e}'..='\u{200f}', '\u{202a}'..='\u{202e}', '\u{2066}'..='\u{2069}', '\u{61c}'..='\u{61c}'];

fn is_zero_width(c: char) -> bool {
    c >= '\u{ad}' && ZERO_WIDTH.iter().any(|range| range.contains(&c))
}

fn is_bidi(c: char) -> bool {
    c >= '\u{61c}' && BIDI.iter().any(|range| range.contains(&c))
}

fn is_hidden(c: char) -> bool {
    is_bidi(c) || is_zero_width(c)
}

/// A character that a joiner beside it may belong to: a letter of a writing that joins letters,
/// a pictograph, a variation selector or a combining mark.
fn joins(c: char) -> bool {
    let plain = c.is_ascii()
        || is_han(c)
        || is_kana(c)
        || is_hangul(c)
        // Latin, Greek and Cyrillic with their spaces and marks; general punctuation; CJK and
        // full-width marks.
        || matches!(c, '\u{a0}'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}')
        || matches!(c, '\u{2010}'..='\u{205e}' | '\u{3000}'..='\u{30ff}' | '\u{ff01}'..='\u{ff65}' | '\u{ffe0}'..='\u{ffee}');
    !plain || matches!(c, '\u{302a}'..='\u{302f}' | '\u{3099}' | '\u{309a}')
}

fn is_south_east(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{19e0}'..='\u{19ff}')
}
