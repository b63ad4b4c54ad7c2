//! How an author lays out his lines, counted over the whole text.
//!
//! Invariant: every count is a share, 0 to 1, or a number of lines; a text that gives no evidence
//! answers with the value that changes nothing.

use super::{Class, End, Line, Start, Wrap};

fn blank_after(lines: &[Line], index: usize) -> bool {
    lines.get(index + 1).is_none_or(Line::is_blank)
}

/// True where an author wrapped his own text: at no more columns than an editor shows, and hardly
/// a line is longer, whereas a converter leaves lists and code alone.
pub(super) fn wrapped_by_hand(lines: &[Line], wrap: Wrap) -> bool {
    const EDITOR: u32 = 100;
    let prose = || lines.iter().filter(|line| line.is_text() || line.class == Class::Item);
    let long = prose().filter(|line| line.len(wrap.measure) > wrap.width + 4).count();
    let broad = prose().filter(|line| line.full && line.columns > EDITOR).count();
    long * 20 < prose().count() * 3 && broad * 10 < prose().filter(|line| line.full).count()
}

/// The share of paragraph ends that a blank line follows.
pub(super) fn spaced(lines: &[Line]) -> f64 {
    let is_end = |line: &Line| line.is_text() && line.end.is_final() && !line.full;
    let ends = || (0..lines.len().saturating_sub(1)).filter(|&index| is_end(&lines[index]));
    share(ends().filter(|&index| blank_after(lines, index)).count(), ends().count())
}

/// The share of paragraphs right below another that begin with an indent or an opening mark.
pub(super) fn indented(lines: &[Line]) -> f64 {
    let is_end = |line: &Line| line.is_text() && line.end.is_final() && !line.full;
    let starts = || lines.windows(2).filter(|two| is_end(&two[0]) && two[1].is_text()).map(|two| &two[1]);
    let marked = starts().filter(|line| line.indent > 0 || line.start == Start::Open).count();
    if marked == 0 { 0.0 } else { share(marked, starts().count()) }
}

/// The share of long lines that begin a paragraph for certain and have an indent or an opening mark.
pub(super) fn indents(lines: &[Line]) -> f64 {
    let mut before = End::Stop;
    let (mut all, mut marked) = (0, 0);
    for line in lines.iter().filter(|line| !line.is_blank()) {
        if line.is_long() && before.is_final() {
            all += 1;
            marked += usize::from(line.indent > 0 || line.start == Start::Open);
        }
        before = line.end;
    }
    if marked == 0 { 0.0 } else { share(marked, all) }
}

/// The share of long lines after a finished one that begin with a small letter.
pub(super) fn lower(lines: &[Line]) -> f64 {
    let mut before = End::Stop;
    let (mut all, mut small) = (0, 0);
    for line in lines.iter().filter(|line| !line.is_blank()) {
        if line.is_long() && before.is_final() {
            all += 1;
            small += usize::from(line.start == Start::Lower);
        }
        before = line.end;
    }
    if small == 0 { 0.0 } else { share(small, all) }
}

/// The share of lines that go on from a line of full width and have no indent.
pub(super) fn flush(lines: &[Line]) -> f64 {
    let cut = |two: &&[Line]| two[0].full && !two[0].end.is_final() && two[1].is_text();
    let all = || lines.windows(2).filter(cut);
    share(all().filter(|two| two[1].indent == 0).count(), all().count())
}

/// Short lines that stop in mid-sentence before a line of speech.
pub(super) fn speeches(lines: &[Line]) -> usize {
    let stops = |line: &Line| line.is_text() && !line.end.is_final() && !line.full;
    lines.windows(2).filter(|two| stops(&two[0]) && two[1].start == Start::Open).count()
}

/// The share of long lines that stop in mid-sentence right above another line of prose.
pub(super) fn loose(lines: &[Line]) -> f64 {
    let long = || lines.windows(2).filter(|two| two[0].is_long() && !two[0].full);
    let goes_on = |two: &&[Line]| two[1].is_text() && two[1].start != Start::Open && !two[0].end.is_final();
    let open = long().filter(goes_on).count();
    if open <= STRAYS { 0.0 } else { share(open, long().count()) }
}

/// Lines that may stop in mid-sentence without being a habit.
const STRAYS: usize = 5;

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
