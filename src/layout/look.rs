//! What one line looks like by itself.
//!
//! Invariant: a look depends on the characters of the line alone, and takes one pass over them.

use std::ops::Range;

use super::{Class, End, Line, Start, class, is_stop, width};
use crate::fold::may_disguise;
use crate::lines::Lines;
use crate::script::{Script, Tally, is_blank, is_cjk};

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
    /// Letters and signs without which nothing is disguised.
    pub disguise: bool,
}

impl Look {
    /// Looks at a line without its line end.
    pub fn of(line: &str) -> Self {
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
        look.read(bare);
        look.class = class::first_look(bare, look.seen);
        look
    }

    /// True where blanks stand between two Hanzi or kana.
    pub fn is_spaced(&self) -> bool {
        self.seen.spaced
    }

    /// True where a piece of the line can be disguised.
    pub fn may_disguise(&self) -> bool {
        self.seen.disguise
    }

    fn read(&mut self, bare: &str) {
        let bytes = bare.as_bytes();
        // Marks at the very end of the line do not count, so each counts when something follows.
        let (mut stop, mut comma, mut digit, mut blanks) = (0, 0, false, 0);
        // Whether a Hanzi stands right before, and whether one stands before the blanks right before.
        let (mut han, mut parted) = (false, false);
        let mut at = 0;
        while let Some(first) = bytes.get(at) {
            self.stops += std::mem::take(&mut stop);
            self.commas += std::mem::take(&mut comma);
            match *first {
                0xe4..=0xe9 => {
                    let run = bytes[at..].chunks_exact(3).take_while(|c| matches!(c[0], 0xe4..=0xe9)).count();
                    self.chars += run as u32;
                    self.columns += 2 * run as u32;
                    self.letters.add_han(run);
                    self.seen.cjk = true;
                    self.seen.ascii_only = false;
                    self.seen.spaced |= parted;
                    at += 3 * run;
                    (digit, blanks, han, parted) = (false, 0, true, false);
                }
                byte @ 0..0x80 => {
                    let next = bytes.get(at + 1);
                    let shown = u32::from(matches!(byte, b' '..=b'~'));
                    self.chars += shown;
                    self.columns += shown;
                    match byte {
                        b'!' | b'?' => stop = 1,
                        b'.' => stop = u32::from(next == Some(&b' ') && !digit),
                        b',' | b';' => comma = u32::from(!next.is_some_and(u8::is_ascii_digit)),
                        b'{' | b'}' | b'=' | b'<' | b'>' | b'\\' | b'$' => self.seen.code_mark = true,
                        b'`' => self.seen.backticks += 1,
                        b'|' => self.seen.bar = true,
                        b']' => self.seen.bracket = true,
                        b'\t' => self.seen.tabs += 1,
                        _ => {}
                    }
                    self.seen.disguise |= may_disguise(char::from(byte));
                    (han, parted) = (false, (han || parted) && matches!(byte, b' ' | b'\t'));
                    blanks = if byte == b' ' { blanks + 1 } else { 0 };
                    self.seen.gap |= blanks == 3;
                    self.letters.count(char::from(byte));
                    digit = byte.is_ascii_digit();
                    at += 1;
                }
                _ => {
                    let Some(c) = bare[at..].chars().next() else { break };
                    let wide = width(c, Script::Other);
                    self.chars += u32::from(wide > 0);
                    self.columns += wide;
                    self.ambiguous += u32::from(width(c, Script::Han) > wide);
                    stop = u32::from(is_stop(c));
                    comma = u32::from(matches!(c, '，' | '、' | '；'));
                    self.letters.count(c);
                    self.seen.cjk |= is_cjk(c);
                    self.seen.disguise |= may_disguise(c);
                    self.seen.ascii_only = false;
                    self.seen.spaced |= parted && is_cjk(c);
                    (han, parted) = (is_cjk(c), (han || parted) && is_blank(c));
                    at += c.len_utf8();
                    (digit, blanks) = (false, 0);
                }
            }
        }
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

/// The writing of a text without its fenced code, tags and tables.
pub(super) fn prose_script(text: &str, lines: &Lines) -> Script {
    let (mut all, mut fenced) = (Tally::default(), false);
    for (at, look) in lines.looks(text) {
        let bare = &text.as_bytes()[at.start + look.bare.start as usize..at.end];
        let fence = bare.starts_with(b"```") || bare.starts_with(b"~~~");
        fenced ^= fence;
        if !fenced && !fence && !matches!(bare.first(), Some(b'<' | b'|' | b'{' | b'}')) {
            all += look.letters;
        }
    }
    all.script()
}
