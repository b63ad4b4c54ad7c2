//! What one line looks like by itself.
//!
//! Invariant: a look depends on the characters of the line alone, and takes one pass over them.

use std::ops::Range;

use super::{Class, End, Line, Start, class, width};
use crate::fold::{is_dot, is_suspect_word};
use crate::inventory::Inventory;
use crate::lines::Lines;
use crate::script::{Script, Tally, Writing, decode, is_blank};
use crate::traits::Table;

/// What a line looks like, whatever stands around it and whatever the writing of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Byte range in the line of what stands between the blanks at both ends.
    bare: Range<u32>,
    class: Class,
    end: End,
    start: Start,
    chars: u32,
    /// Columns in a text that is not Chinese or Japanese.
    columns: u32,
    /// Marks that take a column more in a Chinese or Japanese text.
    ambiguous: u32,
    indent: u32,
    stops: u32,
    commas: u32,
    letters: Tally,
    /// What stands in the line.
    pub(super) seen: Seen,
}

/// Characters that tell what a line may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub cjk: bool,
    pub ascii_only: bool,
    pub tabs: u32,
    pub backticks: u32,
    pub bar: bool,
    pub bracket: bool,
    /// `{ } = < > \ $`: marks of code that prose has little use for.
    pub code_mark: bool,
    /// Three blanks in a row.
    pub gap: bool,
    /// Blanks between two Hanzi or kana.
    pub spaced: bool,
    /// Signs that make a piece disguised, or may.
    pub suspect: bool,
    /// Signs that may part the letters of a word, those of ASCII behind a letter of more than one byte.
    pub signs: u32,
    /// Enclosed letters and the like, or a character beyond U+FFFF.
    pub odd: bool,
}

impl Look {
    /// Looks at a line without its line end, and adds what it holds to `stock`.
    pub fn of(line: &str, table: Table, stock: &mut Inventory) -> Self {
        let bare = line.trim_matches(|c| is_blank(c) || c.is_control());
        let from = bare.as_ptr() as usize - line.as_ptr() as usize;
        let mut look = Self {
            bare: from as u32..(from + bare.len()) as u32,
            class: Class::Blank,
            end: End::of(bare),
            start: Start::of(bare),
            chars: 0,
            columns: 0,
            ambiguous: 0,
            indent: line[..from].chars().map(|c| if c == '\t' { 4 } else { width(c, Script::Other) }).sum(),
            stops: 0,
            commas: 0,
            letters: Tally::default(),
            seen: Seen { ascii_only: true, ..Seen::default() },
        };
        stock.add(&line[..from]);
        stock.add(&line[from + bare.len()..]);
        look.read(bare, table, stock);
        look.class = class::first_look(bare, look.seen);
        look
    }

    /// True where blanks stand between two Hanzi or kana.
    pub fn is_spaced(&self) -> bool {
        self.seen.spaced
    }

    /// True where a piece of the line can be disguised.
    pub fn may_disguise(&self) -> bool {
        self.seen.suspect
    }

    /// True where the line holds so many signs that may part the letters of a word.
    pub fn may_spread(&self, signs: u32) -> bool {
        self.seen.signs >= signs
    }

    /// True where the line can hold so many letters or what looks like them, Hanzi, kana and Hangul aside.
    pub fn may_spell(&self, letters: u32) -> bool {
        self.seen.odd || self.letters.of_writing(Writing::Other) >= letters
    }

    /// The letters of the line.
    pub fn letters(&self) -> Tally {
        self.letters
    }

    fn read(&mut self, bare: &str, table: Table, stock: &mut Inventory) {
        let bytes = bare.as_bytes();
        // Marks at the very end of the line do not count.
        let (mut stop, mut comma, mut digit, mut blanks) = (false, false, false, 0);
        let mut before = Before::Other;
        // Not counted in place: the fields would be put together into vectors and taken apart again at each step.
        let (mut chars, mut columns, mut ambiguous, mut stops, mut commas, mut han) = (0, 0, 0, 0, 0, 0);
        let mut ascii = [0u64; 2];
        let mut at = 0;
        while let Some(first) = bytes.get(at) {
            match *first {
                0xe4..=0xe9 => {
                    let run = bytes[at..].chunks_exact(3).take_while(|c| matches!(c[0], 0xe4..=0xe9)).count();
                    chars += run as u32;
                    columns += 2 * run as u32;
                    han += run as u32;
                    self.seen.cjk = true;
                    self.seen.ascii_only = false;
                    self.seen.spaced |= before == Before::Blank;
                    at += 3 * run;
                    (stop, comma, digit, blanks, before) = (false, false, false, 0, Before::Cjk);
                }
                b'a'..=b'z' | b'A'..=b'Z' => {
                    let word = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphabetic());
                    let run = word.map(|byte| ascii[1] |= 1 << (byte & 63)).count();
                    self.seen.suspect = self.seen.suspect || is_suspect_word(bytes, at, at + run);
                    chars += run as u32;
                    columns += run as u32;
                    self.letters.add(Writing::Other, run as u32);
                    at += run;
                    (stop, comma, digit, blanks, before) = (false, false, false, 0, Before::Other);
                }
                byte @ 0..0x80 => {
                    let next = bytes.get(at + 1);
                    ascii[usize::from(byte >> 6)] |= 1 << (byte & 63);
                    let shown = u32::from(matches!(byte, b' '..=b'~'));
                    chars += shown;
                    columns += shown;
                    (stop, comma) = (false, false);
                    match byte {
                        b'!' | b'?' => stop = true,
                        b'.' => stop = next == Some(&b' ') && !digit,
                        b',' | b';' => comma = !next.is_some_and(u8::is_ascii_digit),
                        b'{' | b'}' | b'=' | b'<' | b'>' | b'\\' | b'$' => self.seen.code_mark = true,
                        b'`' => self.seen.backticks += 1,
                        b'|' => self.seen.bar = true,
                        b']' => self.seen.bracket = true,
                        b'\t' => self.seen.tabs += 1,
                        _ => {}
                    }
                    stops += u32::from(stop);
                    commas += u32::from(comma);
                    let parts = byte.is_ascii_punctuation() && at > 0 && !bytes[at - 1].is_ascii();
                    self.seen.signs += u32::from(parts);
                    self.seen.suspect |= table.of(char::from(byte)).is_suspect();
                    before = before.then_blank(matches!(byte, b' ' | b'\t'));
                    blanks = if byte == b' ' { blanks + 1 } else { 0 };
                    self.seen.gap |= blanks == 3;
                    digit = byte.is_ascii_digit();
                    at += 1;
                }
                _ => {
                    let c = decode(&bytes[at..]);
                    let traits = table.of(c);
                    stock.add_char(c);
                    chars += u32::from(traits.columns() > 0);
                    columns += traits.columns();
                    ambiguous += u32::from(traits.is_ambiguous());
                    (stop, comma) = (traits.is_stop(), traits.is_comma());
                    stops += u32::from(stop);
                    commas += u32::from(comma);
                    self.seen.ascii_only = false;
                    if traits.is_plain() {
                        before = Before::Other;
                    } else {
                        self.letters.add(traits.writing(), 1);
                        self.seen.cjk |= traits.is_cjk();
                        self.seen.suspect |= traits.is_suspect();
                        self.seen.signs += u32::from(traits.may_part());
                        self.seen.odd |= matches!(c, '\u{2070}'..='\u{2bff}' | '\u{10000}'..);
                        self.seen.spaced |= before == Before::Blank && traits.is_cjk();
                        before = if traits.is_cjk() { Before::Cjk } else { before.then_blank(traits.is_blank()) };
                    }
                    self.seen.suspect = self.seen.suspect || is_dot(bare, at, at + c.len_utf8());
                    at += c.len_utf8();
                    (digit, blanks) = (false, 0);
                }
            }
        }
        stops -= u32::from(stop);
        commas -= u32::from(comma);
        stock.add_ascii(ascii);
        (self.chars, self.columns, self.ambiguous, self.stops, self.commas) =
            (chars, columns, ambiguous, stops, commas);
        self.letters.add(Writing::Han, han);
    }

    /// The line at a byte range of a text in this writing.
    pub(super) fn line(&self, at: &Range<usize>, script: Script) -> Line {
        Line {
            at: at.start + self.bare.start as usize..at.start + self.bare.end as usize,
            class: self.class,
            end: self.end,
            start: self.start,
            chars: self.chars,
            columns: self.columns + if script.is_unspaced() { self.ambiguous } else { 0 },
            indent: self.indent,
            stops: self.stops,
            commas: self.commas,
            full: false,
            slack: 0,
        }
    }
}

/// What stands right before a place in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A Hanzi or kana.
    Cjk,
    /// Blanks, and a Hanzi or kana before them.
    Blank,
    Other,
}

impl Before {
    /// What stands before the next place, behind a character that is no Hanzi or kana.
    fn then_blank(self, blank: bool) -> Self {
        if blank && self != Self::Other { Self::Blank } else { Self::Other }
    }
}

/// The writing of a text without its fenced code, tags and tables.
pub(super) fn prose_script(text: &str, lines: &Lines) -> Script {
    let (mut all, mut fenced) = (Tally::default(), false);
    for (at, look) in lines.looks() {
        let bare = &text.as_bytes()[at.start + look.bare.start as usize..at.end];
        let fence = bare.starts_with(b"```") || bare.starts_with(b"~~~");
        fenced ^= fence;
        if !fenced && !fence && !matches!(bare.first(), Some(b'<' | b'|' | b'{' | b'}')) {
            all += look.letters;
        }
    }
    all.script()
}
