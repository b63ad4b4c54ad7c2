//! How a text is laid out: what each line is, how it begins and ends, and whether the text was
//! wrapped at one width.
//!
//! Invariant: facts about a line depend on that line and its neighbours alone; facts about the
//! whole text are counts over its lines, so that laying out is linear in the text.

mod class;
mod edges;
mod wrap;

use std::ops::Range;

use crate::script::{Script, is_blank, is_cjk, is_hangul};
pub use class::Class;
pub use edges::{End, Start, is_closing, is_opening, is_stop};
pub use wrap::{Measure, Wrap};

/// One line, blanks at both ends aside.
#[derive(Debug, Clone)]
pub struct Line {
    /// Byte range of what stands between the blanks at both ends.
    pub at: Range<usize>,
    /// What the line is.
    pub class: Class,
    /// How it ends.
    pub end: End,
    /// How it begins.
    pub start: Start,
    /// Characters, blanks at both ends and invisible ones aside.
    pub chars: u32,
    /// Columns of a terminal: two for a Hanzi, kana, syllable or full-width mark.
    pub columns: u32,
    /// Columns of the blanks before the line.
    pub indent: u32,
    /// Sentence-ending marks inside the line, its very end aside.
    pub stops: u32,
    /// Commas inside the line.
    pub commas: u32,
}

impl Line {
    /// True where nothing but blanks stands on the line.
    pub fn is_blank(&self) -> bool {
        self.class == Class::Blank
    }

    /// Prose: running text, or text that begins with the number of a section, article or item.
    pub fn is_text(&self) -> bool {
        matches!(self.class, Class::Text | Class::Numbered)
    }

    /// Prose that is long enough to tell how its author ends a paragraph: 40 columns.
    pub fn is_long(&self) -> bool {
        self.is_text() && self.columns >= 40
    }

    /// The length by a measure.
    pub fn len(&self, measure: Measure) -> u32 {
        match measure {
            Measure::Chars => self.chars,
            Measure::Columns => self.columns,
        }
    }
}

/// The layout of one text.
#[derive(Debug)]
pub struct Layout {
    /// All lines, in order, blank ones included.
    pub lines: Vec<Line>,
    /// The width the text was wrapped at, where it was.
    pub wrap: Option<Wrap>,
    /// The share of paragraph ends that a blank line follows, 0 to 1; 1 where there are none.
    pub spaced: f64,
    /// True for a document written in Markdown with code: its author may wrap lines as he likes.
    pub markdown: bool,
    /// The writing of the text.
    pub script: Script,
}

impl Layout {
    /// Lays out a text. `lines` are its lines without their line ends.
    pub fn of(text: &str, lines: &[Range<usize>], script: Script) -> Self {
        let mut lines: Vec<Line> = lines.iter().map(|line| look(text, line, script)).collect();
        let markdown = class::settle(text, &mut lines);
        let wrap = Wrap::find(text, &lines, script);
        let spaced = spaced(&lines, wrap);
        Self { lines, wrap, spaced, markdown, script }
    }

    /// True where the end of a line tells how the author ends his paragraphs: a long line of prose,
    /// and in a wrapped text one that is not as long as the width.
    pub fn tells_habit(&self, line: &Line) -> bool {
        line.is_long() && !is_full(line, self.wrap)
    }

    /// The next line after `index` that is not blank.
    pub fn next_full(&self, index: usize) -> Option<usize> {
        (index + 1..self.lines.len()).find(|&next| !self.lines[next].is_blank())
    }

    /// Every line that is not blank with the next that is not: their indices.
    pub fn neighbours(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let full = || (0..self.lines.len()).filter(|&line| !self.lines[line].is_blank());
        full().zip(full().skip(1))
    }
}

fn blank_after(lines: &[Line], index: usize) -> bool {
    lines.get(index + 1).is_none_or(Line::is_blank)
}

/// True where a line is about as long as the width of the text.
fn is_full(line: &Line, wrap: Option<Wrap>) -> bool {
    wrap.is_some_and(|wrap| line.len(wrap.measure) + 4 >= wrap.width)
}

/// The share of paragraph ends that a blank line follows.
fn spaced(lines: &[Line], wrap: Option<Wrap>) -> f64 {
    let is_end = |line: &Line| line.is_text() && line.end.is_final() && !is_full(line, wrap);
    let ends = || (0..lines.len().saturating_sub(1)).filter(|&index| is_end(&lines[index]));
    share(ends().filter(|&index| blank_after(lines, index)).count(), ends().count())
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn look(text: &str, range: &Range<usize>, script: Script) -> Line {
    let line = &text[range.clone()];
    let bare = line.trim_matches(|c| is_blank(c) || c.is_control());
    let from = range.start + (bare.as_ptr() as usize - line.as_ptr() as usize);
    let indent = line[..from - range.start].chars().map(|c| if c == '\t' { 4 } else { width(c, script) }).sum();
    let (mut chars, mut columns, mut stops, mut commas) = (0, 0, 0, 0);
    let mut last_stop = false;
    let mut rest = bare.chars().peekable();
    while let Some(c) = rest.next() {
        let wide = width(c, script);
        chars += u32::from(wide > 0);
        columns += wide;
        stops += u32::from(last_stop);
        last_stop = is_stop(c) && (c != '.' || rest.peek().is_some_and(|&next| next == ' '));
        commas += u32::from(matches!(c, '，' | '、' | '；') || (matches!(c, ',' | ';') && !next_is_digit(rest.peek())));
    }
    Line {
        at: from..from + bare.len(),
        class: class::first_look(bare),
        end: End::of(bare),
        start: Start::of(bare),
        chars,
        columns,
        indent,
        stops,
        commas,
    }
}

fn next_is_digit(next: Option<&char>) -> bool {
    next.is_some_and(char::is_ascii_digit)
}

/// Columns of a character, after the classes W and F of Unicode's EastAsianWidth; the marks of
/// class A that Chinese and Japanese fonts draw wide count as wide in a text in those writings.
pub fn width(c: char, script: Script) -> u32 {
    match c {
        ' '..='~' => 1,
        _ if is_cjk(c) || is_hangul(c) => {
            if ('\u{ff66}'..='\u{ff9f}').contains(&c) {
                1
            } else {
                2
            }
        }
        '\u{3000}'..='\u{303e}' | '\u{30fb}' | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' => 2,
        '\u{b7}' | '\u{2014}' | '\u{2018}'..='\u{201d}' | '\u{2026}' => {
            if matches!(script, Script::Han | Script::Kana) { 2 } else { 1 }
        }
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => 0,
        _ if c.is_control() => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests;
