//! Finds the width a text was wrapped at.
//!
//! Invariant: a width is found only where most lines that stop in mid-sentence are as long as that
//! width lets them be; verse, lists and dialogue have no such width.

use super::{Line, Start, is_closing};
use crate::script::{Script, is_blank, is_cjk};

/// How the length of a line is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// In characters.
    Chars,
    /// In columns of a terminal.
    Columns,
}

/// The width that a text was wrapped at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wrap {
    /// What the width counts.
    pub measure: Measure,
    /// The longest line that the wrapping allows, closing marks that hang over aside.
    pub width: u32,
    /// The share of line ends in mid-sentence that the width explains, 0 to 1.
    pub share: f64,
    /// Line ends that the width explains.
    pub lines: u32,
}

/// Longer lines are paragraphs, whatever their lengths.
const WIDEST: usize = 400;
/// Two lines of classical verse take 32 columns; no page is narrower.
const NARROWEST: u32 = 34;
/// Fewer lines of one length may be chance.
const FEWEST: u32 = 4;
/// Line ends in mid-sentence that the width has to explain. Wrapped documents measured lie above
/// 0.9, verse and lists below 0.45.
const SHARE: f64 = 0.6;

impl Wrap {
    /// The width of a text, where it has one.
    pub(super) fn find(text: &str, lines: &[Line], script: Script) -> Option<Self> {
        let by = |measure| Self::by(text, lines, script, measure);
        match (by(Measure::Chars), by(Measure::Columns)) {
            (Some(chars), Some(columns)) => Some(if columns.share > chars.share { columns } else { chars }),
            (chars, columns) => chars.or(columns),
        }
    }

    fn by(text: &str, lines: &[Line], script: Script, measure: Measure) -> Option<Self> {
        // Each line end in mid-sentence allows a range of widths; what most of them allow is it.
        let mut steps = vec![0i64; WIDEST + 2];
        let (mut ends, mut lower, mut upper) = (0u32, 0u32, 0u32);
        for two in lines.windows(2) {
            let (line, next) = (&two[0], &two[1]);
            if !line.is_text() || !next.is_text() || line.end.is_final() || next.indent > line.indent {
                continue;
            }
            ends += 1;
            lower += u32::from(next.start == Start::Lower);
            upper += u32::from(next.start == Start::Upper);
            let range = allowed(text, line, next, script, measure);
            if (range.1 as usize) < WIDEST {
                steps[range.0 as usize] += 1;
                steps[range.1 as usize + 1] -= 1;
            }
        }
        let mut height = 0;
        let (mut best, mut width) = (0, 0);
        for (at, step) in steps.iter().enumerate() {
            height += step;
            if height > best {
                (best, width) = (height, at as u32);
            }
        }
        let (lines, share) = (best as u32, best as f64 / f64::from(ends.max(1)));
        let columns = match measure {
            Measure::Chars if matches!(script, Script::Han | Script::Kana) => width * 2,
            _ => width,
        };
        // Verse begins every line with a capital; wrapped prose hardly one in five.
        let verse = upper > lower && upper + lower > lines / 2;
        (lines >= FEWEST && share >= SHARE && columns >= NARROWEST && !verse).then_some(Self {
            measure,
            width,
            share,
            lines,
        })
    }

    /// True where `line` is so long that what `next` begins with had no room on it.
    pub fn is_full(&self, text: &str, line: &Line, next: &Line, script: Script) -> bool {
        let (_, to) = allowed(text, line, next, script, self.measure);
        to >= self.width
    }
}

/// The widths under which `line` ends where it does because the beginning of `next` had no room.
fn allowed(text: &str, line: &Line, next: &Line, script: Script, measure: Measure) -> (u32, u32) {
    let len = line.len(measure);
    let head = &text[next.at.clone()];
    let first = head.chars().next().unwrap_or(' ');
    let unit: u32 = if is_cjk(first) {
        if measure == Measure::Columns { 2 } else { 1 }
    } else {
        let word = head.chars().take_while(|&c| !is_blank(c) && !is_cjk(c)).take(40);
        word.map(|c| if measure == Measure::Columns { super::width(c, script) } else { 1 }).sum()
    };
    if matches!(script, Script::Han | Script::Kana) {
        // A closing mark may hang over or drag a character with it, an opening one may not stay.
        let hang = if measure == Measure::Columns { 4 } else { 2 };
        let open = u32::from(super::is_opening(first) || is_closing(first));
        (len.saturating_sub(hang), len + unit.max(hang) + open - 1)
    } else {
        (len, len + unit)
    }
}
