//! Finds the width a text was wrapped at.
//!
//! Invariant: a width is found only where most lines that stop in mid-sentence are as long as that
//! width lets them be; verse, lists and dialogue have no such width.

use super::{End, Line, Start, is_closing, is_opening};
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
    /// How much shorter a line of full width may be, where letters of different widths make the
    /// lines ragged.
    pub slop: u32,
}

/// Longer lines are paragraphs, whatever their lengths.
const WIDEST: usize = 400;
/// Two lines of classical verse take 32 columns; no page is narrower.
const NARROWEST: u32 = 34;
/// Fewer lines of one length may be chance.
const FEWEST: u32 = 4;
/// Shorter lines are labels and say nothing about a width, in columns.
const SHORTEST: u32 = 20;
/// Lines that stop in mid-word and are as long as this are no titles, in columns.
const LONG: u32 = 56;
/// By how many percent the lines of a ragged text differ in length.
const RAGGED: u32 = 20;
/// The share that is enough where one width stands out from all others.
const SPIKE_SHARE: f64 = 0.3;
/// Line ends in mid-sentence that the width has to explain. Wrapped documents measured lie above
/// 0.9, verse and lists below 0.45.
const SHARE: f64 = 0.6;

impl Wrap {
    /// The width of a text, where it has one.
    pub(super) fn find(text: &str, lines: &[Line], script: Script) -> Option<Self> {
        let by = |measure| Self::by(text, lines, script, measure);
        match (by(Measure::Chars), by(Measure::Columns)) {
            (Some(chars), Some(columns)) => Some(if columns.share > chars.share { columns } else { chars }),
            (chars, columns) => chars.or(columns).or_else(|| Self::ragged(lines, script)),
        }
    }

    fn by(text: &str, lines: &[Line], script: Script, measure: Measure) -> Option<Self> {
        // Each line end in mid-sentence allows a range of widths; what most of them allow is it.
        let mut steps = vec![0i64; WIDEST + 2];
        let (mut ends, mut lower, mut upper) = (0u32, 0u32, 0u32);
        for two in lines.windows(2) {
            let (line, next) = (&two[0], &two[1]);
            let prose = line.is_text() && next.is_text() && line.columns >= SHORTEST;
            // Where words have no blanks between them, most cuts part a word, and an author who ends
            // lines as he likes does it after a comma.
            let comma = line.end == End::Comma && script.is_unspaced();
            if !prose || comma || line.end.is_final() || next.indent > line.indent {
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
        let heights = steps.iter().scan(0i64, |height, step| {
            *height += step;
            Some(*height)
        });
        let heights: Vec<i64> = heights.collect();
        // The widest of equals: lines may hang over, but none is cut short.
        let (width, best) = heights.iter().copied().enumerate().max_by_key(|&(_, height)| height)?;
        let (lines, share) = (best as u32, best as f64 / f64::from(ends.max(1)));
        let columns = match measure {
            Measure::Chars if script.is_unspaced() => width as u32 * 2,
            _ => width as u32,
        };
        // Verse begins every line with a capital; wrapped prose hardly one in five.
        let verse = upper > lower && upper + lower > lines / 2;
        let clear = share >= SHARE || script.is_unspaced() && share >= SPIKE_SHARE && is_spike(&heights, width);
        (lines >= FEWEST && clear && columns >= NARROWEST && !verse).then_some(Self {
            measure,
            width: width as u32,
            share,
            lines,
            slop: 0,
        })
    }

    /// The width of a page that was set in letters of different widths: lines that stop in mid-word
    /// are of about one length, and longer than any title.
    fn ragged(lines: &[Line], script: Script) -> Option<Self> {
        let cut = |two: &&[Line]| {
            let (line, next) = (&two[0], &two[1]);
            let bare = matches!(line.end, End::Bare | End::Hyphen);
            line.is_text() && next.is_text() && bare && line.columns >= LONG && next.indent <= line.indent
        };
        let cuts = || lines.windows(2).filter(cut).map(|two| &two[0]);
        let mut lengths: Vec<u32> =
            cuts().map(|line| line.columns).filter(|&columns| columns < WIDEST as u32).collect();
        lengths.sort_unstable();
        let within = |&to: &u32| {
            let from = lengths.partition_point(|&length| length < to - to * RAGGED / 100);
            lengths.partition_point(|&length| length <= to) - from
        };
        let (most, width) = lengths.iter().map(|to| (within(to), *to)).max()?;
        // Prose has marks inside its lines; titles and cells of tables have hardly any.
        let marks = cuts().filter(|line| line.stops + line.commas > 0).count();
        let share = most as f64 / cuts().count() as f64;
        let prose = script.is_unspaced() && marks * 2 > cuts().count();
        (most >= 12 && share >= 0.75 && prose).then_some(Self {
            measure: Measure::Columns,
            width,
            share,
            lines: most as u32,
            slop: width * RAGGED / 100,
        })
    }

    /// True where `line` is as long as the width allows, were `next` the next line.
    pub(super) fn fits(&self, text: &str, line: &Line, next: &Line, script: Script) -> bool {
        let (from, to) = allowed(text, line, next, script, self.measure);
        // Blanks that came in later make a line a little longer.
        from <= self.width + 3 && to + self.slop >= self.width
    }

    /// Marks the lines that are so long that what the next begins with had no room on them, and no
    /// longer than the width allows.
    pub(super) fn mark(&self, text: &str, lines: &mut [Line], script: Script) {
        let mut last: Option<usize> = None;
        for index in 0..lines.len() {
            if lines[index].is_blank() {
                continue;
            }
            if let Some(last) = last {
                let (from, to) = allowed(text, &lines[last], &lines[index], script, self.measure);
                lines[last].slack = to - from;
                lines[last].full = self.fits(text, &lines[last], &lines[index], script);
            }
            last = Some(index);
        }
    }
}

/// True where one width stands out from all others about it, as no lengths of paragraphs or verses
/// do: at least twelve lines and six times as many as at a width far enough away.
fn is_spike(heights: &[i64], width: usize) -> bool {
    let far = heights.iter().enumerate().filter(|(at, _)| at.abs_diff(width) > 6 && at.abs_diff(width) <= width / 2);
    let highest = far.map(|(_, height)| *height).max().unwrap_or(0);
    heights[width] >= 12 && heights[width] >= highest * 6 / 2
}

/// The widths under which `line` ends where it does: those for which its end is the first place
/// where it may end, or the last place before the beginning of `next` would hang over.
fn allowed(text: &str, line: &Line, next: &Line, script: Script, measure: Measure) -> (u32, u32) {
    let wide = |c: char| if measure == Measure::Columns { super::width(c, script) } else { 1 };
    let len = line.len(measure);
    let head = &text[next.at.clone()];
    let first = head.chars().next().unwrap_or(' ');
    let unit: u32 = if is_cjk(first) {
        wide(first)
    } else {
        head.chars().take_while(|&c| !is_blank(c) && !is_cjk(c)).take(40).map(wide).sum()
    };
    if script.is_unspaced() {
        let one = wide('一');
        let (mut back, mut after) = (0, None);
        for c in text[line.at.clone()].chars().rev().take(80) {
            if after.is_some_and(|after| may_part(c, after)) {
                break;
            }
            back += wide(c);
            after = Some(c);
        }
        let open = if is_opening(first) || is_closing(first) { one } else { 0 };
        (len.saturating_sub(back.max(one) + one - 1), len + unit.max(one) + open)
    } else {
        (len, len + unit)
    }
}

/// True where a line of Chinese or Japanese may end between two characters: not inside a run of
/// Latin, not before a closing mark and not after an opening one (the line-breaking rules of JIS X
/// 4051 and GB/T 15834, in short).
fn may_part(before: char, after: char) -> bool {
    let closes = is_closing(after) || matches!(after, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '…' | '—');
    let latin = before.is_ascii() && after.is_ascii();
    !(closes || latin || is_opening(before) || is_blank(before) || is_blank(after) || after.is_ascii_punctuation())
}
