//! What there is to know of a character, in one look-up.
//!
//! Invariant: a trait says what the function it is named after says.

use std::sync::LazyLock;

use crate::fold::{is_suspect, may_part};
use crate::layout::{is_stop, width};
use crate::script::{Script, Writing, is_blank, is_cjk};

/// The traits of one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traits(u16);

const AMBIGUOUS: u16 = 1 << 2;
const STOP: u16 = 1 << 3;
const COMMA: u16 = 1 << 4;
const CJK: u16 = 1 << 5;
const SUSPECT: u16 = 1 << 6;
const BLANK: u16 = 1 << 7;
const PARTS: u16 = 1 << 8;
const PLAIN: u16 = 1 << 9;
const WRITING: u32 = 10;

impl Traits {
    /// Works out the traits of a character.
    fn new(c: char) -> Self {
        let wide = width(c, Script::Other);
        let flag = |bit: u16, holds: bool| if holds { bit } else { 0 };
        let (cjk, suspect, parts, blank, writing) =
            (is_cjk(c), is_suspect(c), may_part(c), is_blank(c), Writing::of(c));
        let known = cjk || suspect || parts || blank || writing != Writing::None;
        Self(
            wide as u16
                | flag(AMBIGUOUS, width(c, Script::Han) > wide)
                | flag(STOP, is_stop(c))
                | flag(COMMA, matches!(c, '，' | '、' | '；'))
                | flag(CJK, cjk)
                | flag(SUSPECT, suspect)
                | flag(BLANK, blank)
                | flag(PARTS, parts)
                | flag(PLAIN, !known && c < '\u{10000}')
                | (writing as u16) << WRITING,
        )
    }

    /// Columns in a text that is not Chinese or Japanese: 0, 1 or 2.
    pub fn columns(self) -> u32 {
        u32::from(self.0 & 3)
    }

    /// True for a mark that takes a column more in a Chinese or Japanese text.
    pub fn is_ambiguous(self) -> bool {
        self.0 & AMBIGUOUS != 0
    }

    /// True for a mark that ends a sentence.
    pub fn is_stop(self) -> bool {
        self.0 & STOP != 0
    }

    /// True for a full-width mark between clauses or items.
    pub fn is_comma(self) -> bool {
        self.0 & COMMA != 0
    }

    /// True for a letter of a writing that puts no spaces between words.
    pub fn is_cjk(self) -> bool {
        self.0 & CJK != 0
    }

    /// True for a character that makes a piece disguised, or may.
    pub fn is_suspect(self) -> bool {
        self.0 & SUSPECT != 0
    }

    /// True for white space inside a line.
    pub fn is_blank(self) -> bool {
        self.0 & BLANK != 0
    }

    /// True for a sign that may part the letters of a word.
    pub fn may_part(self) -> bool {
        self.0 & PARTS != 0
    }

    /// True for what is only counted: no letter, no blank and nothing that could be part of a disguise.
    pub fn is_plain(self) -> bool {
        self.0 & PLAIN != 0
    }

    /// The writing that a letter is of.
    pub fn writing(self) -> Writing {
        Writing::ALL[(self.0 >> WRITING) as usize]
    }
}

/// Where the table leaves off, and where it goes on: between lie Hanzi, Yi, Hangul and what is private.
const GAP: (usize, usize) = (0x4000, 0xf900);

static TABLE: LazyLock<Box<[Traits]>> = LazyLock::new(|| {
    let codes = (0..GAP.0).chain(GAP.1..0x1_0000);
    codes.map(|code| Traits::new(char::from_u32(code as u32).unwrap_or('\0'))).collect()
});

/// The traits of all characters; to be fetched once for a text or a line.
#[derive(Debug, Clone, Copy)]
pub struct Table(&'static [Traits]);

impl Table {
    /// The one table there is.
    pub fn get() -> Self {
        Self(&TABLE)
    }

    /// The traits of a character.
    pub fn of(self, c: char) -> Traits {
        let code = c as usize;
        let place = if code < GAP.0 { code } else { code.wrapping_sub(GAP.1 - GAP.0) };
        match self.0.get(place) {
            Some(traits) if code < GAP.0 || code >= GAP.1 => *traits,
            _ => Traits::new(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_the_functions_say() {
        let table = Table::get();
        for c in ('\0'..='\u{2ffff}').chain(['\u{e0001}', '\u{10ffff}']) {
            assert_eq!(table.of(c), Traits::new(c), "{c:?}");
            assert_eq!(table.of(c).writing(), Writing::of(c), "{c:?}");
            assert_eq!(table.of(c).columns(), width(c, Script::Other), "{c:?}");
        }
    }
}
