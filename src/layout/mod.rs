//! How a text is laid out: what each line is, how it begins and ends, and whether the text was
//! wrapped at one width.
//!
//! Invariant: facts about a line depend on that line and its neighbours alone; facts about the
//! whole text are counts over its lines, so that laying out is linear in the text.

mod class;
mod edges;
mod glue;
mod habits;
mod look;
mod wrap;

use std::cell::OnceCell;
use std::ops::Range;

use crate::lines::Lines;
use crate::script::{Script, is_cjk, is_hangul};
use crate::shield::Shields;
pub use class::Class;
pub use edges::{End, Start, is_closing, is_opening, is_stop};
pub use glue::glue;
pub use look::Look;
use look::Seen;
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
    /// Commas inside the line, its very end aside.
    pub commas: u32,
    /// True where the text was wrapped and the line is as long as the width allows, seeing what the
    /// next line that is not blank begins with.
    pub full: bool,
    /// How many widths the end of the line would fit: the more, the less it says.
    pub slack: u32,
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

    /// Short and without a stop at its end, as titles and captions are.
    pub fn is_label(&self) -> bool {
        self.columns < 40 && !self.full && self.stops == 0 && !self.end.is_final()
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
    /// The share of paragraphs right below another that begin with an indent or an opening mark, 0
    /// to 1; 0 where there are none.
    pub indented: f64,
    /// The share of long prose lines after a blank line or a finished one that begin with an indent
    /// or an opening mark, 0 to 1; 0 where there are none.
    pub indents: f64,
    /// The share of long lines after a finished one that begin with a small letter, 0 to 1.
    pub lower: f64,
    /// The share of lines right below a line of full width in mid-sentence that have no indent, 0 to
    /// 1; 1 where there are none.
    pub flush: f64,
    /// Short lines that stop in mid-sentence before a line of speech: the author's way to begin one.
    pub speeches: usize,
    /// The share of long lines that stop after a comma or in mid-sentence right above another line
    /// of prose, 0 to 1: high where the author ends lines as he likes.
    pub loose: f64,
    /// True for a Markdown text whose author wrapped it himself, as he may where blanks part words.
    pub by_hand: bool,
    /// The writing of the prose, code aside.
    pub script: Script,
    /// Whether a blank stands between Hanzi and Latin letters, once someone asks.
    mixed: OnceCell<bool>,
}

impl Layout {
    /// Lays out a text, seen as lines; what is shielded as code or table is no prose.
    pub fn of(text: &str, lines: &Lines, shields: &Shields) -> Self {
        let script = look::prose_script(text, lines);
        let (mut lines, seen): (Vec<Line>, Vec<Seen>) =
            lines.looks().map(|(at, look)| (look.line(at, script), look.seen)).unzip();
        let markdown = class::settle(text, &mut lines, &seen, shields);
        let wrap = Wrap::find(text, &lines, script);
        if let Some(wrap) = wrap {
            wrap.mark(text, &mut lines, script);
        }
        let by_hand =
            wrap.is_some_and(|wrap| markdown && !script.is_unspaced() && habits::wrapped_by_hand(&lines, wrap));
        let spaced = habits::spaced(&lines);
        let (indented, indents) = (habits::indented(&lines), habits::indents(&lines));
        let lower = habits::lower(&lines);
        let (flush, speeches, loose) = (habits::flush(&lines), habits::speeches(&lines), habits::loose(&lines));
        Self {
            lines,
            wrap,
            spaced,
            indented,
            indents,
            lower,
            flush,
            speeches,
            loose,
            by_hand,
            script,
            mixed: OnceCell::new(),
        }
    }

    /// True where the end of a line tells how the author ends his paragraphs: a long line of prose,
    /// and in a wrapped text one that is not as long as the width.
    pub fn tells_habit(&self, line: &Line) -> bool {
        line.is_long() && !line.full
    }

    /// True where the text was wrapped and `line` is as long as its width allows, were `next` the
    /// next line.
    pub fn fits(&self, text: &str, line: &Line, next: &Line) -> bool {
        self.wrap.is_some_and(|wrap| wrap.fits(text, line, next, self.script))
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
