//! How sure a join is.
//!
//! Invariant: a verdict is a probability, 0 to 1. Evidence adds up as log-odds; the weights were
//! set by hand and checked on documents whose cuts are known.

use std::collections::HashSet;

use super::evidence::{Joint, begins_with_remnant, breaks_off, closes, word_needs_more};
use crate::layout::{Class, End, Layout, Line, Start};
use crate::script::{Script, is_cjk};
use crate::seam::{Seam, Seams};
use crate::view::View;

/// Verdicts on line ends at the width of a wrapped text.
pub(super) fn of_wraps(view: &View, joints: &[Joint]) -> Vec<f64> {
    let (text, layout) = (view.text(), view.layout());
    let habit = habit(layout, &[], &[], true);
    joints
        .iter()
        .map(|joint| {
            let (line, next) = (&layout.lines[joint.before], &layout.lines[joint.after]);
            let mut odds = if joint.is_apart() || !line.full { 4.0 } else { 5.0 };
            if joint.is_apart() {
                odds += temper(habit, layout, line, next).min(0.0) - if next.is_label() { 3.0 } else { 0.0 };
                let weight = if line.end == End::Comma { 1.0 } else { 0.5 };
                // A line that ends in a long word fits many widths.
                odds -= if line.slack > 14 { 3.0 } else { 0.0 } - bracket(text, line);
                odds += weight * beginning(text, layout, line, next).min(0.0) - parallel(line, next);
            }
            if next.indent > line.indent + 1 || next.indent > 0 && layout.flush > 0.8 {
                odds -= 8.0;
            }
            // By chance a paragraph's last line is as long as the others. Where blank lines or
            // indents part paragraphs, there is no new one here.
            let told = layout.spaced > 0.7 || layout.indented > 0.9 && next.indent == 0;
            odds -= match (line.end.is_final(), next.start) {
                _ if parts_dash(text, line, next) => 0.0,
                (true, Start::Open) if layout.spaced <= 0.7 => 8.0,
                (true, _) if told => 1.0,
                (true, _) => 4.0,
                (false, Start::Open) if layout.speeches > 0 => 4.0,
                (false, Start::Open) => 0.5,
                (false, _) => 0.0,
            };
            if layout.loose > 0.1 && line.end == End::Comma && layout.script.is_unspaced() {
                odds -= 4.0;
            }
            if layout.script.is_unspaced()
                && next.start != Start::Lower
                && is_foreign(text, line)
                && is_foreign(text, next)
            {
                odds -= 5.0;
            }
            if next.class == Class::Numbered {
                odds -= if line.end.is_final() { 5.0 } else { 1.5 };
            }
            probability(odds)
        })
        .collect()
}

/// Verdicts on line ends in mid-sentence of a text that was not wrapped, and on blank lines.
pub(super) fn of_cuts(view: &View, joints: &[Joint]) -> Vec<f64> {
    let (text, layout) = (view.text(), view.layout());
    let seam = |joint: &Joint| {
        let [before, after] = [joint.before, joint.after].map(|line| &text[layout.lines[line].at.clone()]);
        Seam::between(before, after)
    };
    let seams = Seams::count(text, joints.iter().filter_map(seam));
    let local: Vec<f64> = joints
        .iter()
        .map(|joint| {
            let (line, next) = (&layout.lines[joint.before], &layout.lines[joint.after]);
            // Blank lines in mid-sentence are rarer than between paragraphs; bare line ends in a
            // text that was not wrapped are rarer still.
            let mut odds =
                of_line(text, line) + of_next(text, layout, line, next) - if joint.is_apart() { 3.0 } else { 4.0 };
            if let Some(seam) = seam(joint) {
                odds += (seams.odds(&seam) + UNKNOWN).clamp(-2.0, 5.0);
            }
            if breaks_off(line) || closes(text, line, next) {
                odds += match (line.end, next.start) {
                    (End::Open, _) => 6.0,
                    (End::Comma, Start::Upper | Start::Open) => -1.0,
                    // In Japanese a comma stands before every quotation, as a colon does elsewhere.
                    (End::Comma, _) if layout.script == Script::Kana => {
                        if joint.is_apart() {
                            2.0
                        } else {
                            0.0
                        }
                    }
                    (End::Comma, _) => 4.5,
                    _ => 3.5,
                };
            }
            if layout.wrap.is_some() {
                odds += if line.full { 5.5 } else { -5.0 };
            }
            // Where paragraphs begin with an indent, a line without one goes on.
            if layout.indents > 0.9 && next.indent == 0 && next.start != Start::Open {
                odds += 2.0;
            }
            odds
        })
        .collect();
    let habits = [false, true].map(|apart| habit(layout, joints, &local, apart));
    // An author who often ends a line in mid-sentence means it.
    let loose = if layout.loose > 0.1 { 5.0 } else { 0.0 };
    let odds = joints.iter().zip(local).map(|(joint, odds)| {
        let habit = temper(
            habits[usize::from(joint.is_apart())],
            layout,
            &layout.lines[joint.before],
            &layout.lines[joint.after],
        );
        odds + habit - if joint.is_apart() { 0.0 } else { loose }
    });
    odds.map(probability).collect()
}

/// A habit of leaving lines unfinished says little about a line that begins with a small letter
/// where the author's lines begin with capitals, unless a comma ends the line before, as in verse.
fn temper(habit: f64, layout: &Layout, line: &Line, next: &Line) -> f64 {
    if next.start == Start::Lower && line.end != End::Comma && layout.lower < 0.1 { habit.max(-1.0) } else { habit }
}

/// What is added to the odds of two letters, so that those of which nothing is known say nothing.
const UNKNOWN: f64 = 1.0;
/// Finished lines that every text is credited with, so that one or two lines prove nothing.
const GRANTED: f64 = 8.0;
/// Log-odds from which on a place looks like a cut by itself.
const CUT: f64 = 1.5;

/// What the document makes us expect before we look at a place. In a text whose long lines end
/// without a stop by habit, a line without one is no sign of a cut. Lines that look like cuts by
/// themselves are no habit; leaving them out also keeps the answer the same once they are mended.
/// Lines before a blank line (`apart`) and right above another have habits of their own.
fn habit(layout: &Layout, joints: &[Joint], local: &[f64], apart: bool) -> f64 {
    let cuts: HashSet<usize> =
        joints.iter().zip(local).filter(|(_, odds)| **odds >= CUT).map(|(joint, _)| joint.before).collect();
    // Finished and open lines of this kind, and of both kinds.
    let (mut these, mut all) = ([0.0, 0.0], [0.0, 0.0]);
    for (index, line) in layout.lines.iter().enumerate() {
        if !layout.tells_habit(line) || cuts.contains(&index) {
            continue;
        }
        let open = usize::from(!line.end.is_final());
        all[open] += 1.0;
        if layout.lines.get(index + 1).is_none_or(Line::is_blank) == apart {
            these[open] += 1.0;
        }
    }
    let [ended, open] = if these[0] + these[1] >= GRANTED { these } else { all };
    // Eight finished lines for one that is not say nothing either way.
    (2.0 * (f64::ln((ended + GRANTED) / (open + 1.0)) - f64::ln(GRANTED))).clamp(-8.0, 2.0)
}

/// What the line before the cut says: prose that was cut, or a title?
fn of_line(text: &str, line: &Line) -> f64 {
    let prose = match (line.stops, line.commas) {
        (1.., _) => 3.5,
        (0, 2..) => 2.0,
        (0, 1) => 1.0,
        _ => -1.5,
    };
    let length = match line.columns {
        0..30 => -2.0,
        30..60 => 0.0,
        _ => 0.5,
    };
    prose + length + bracket(text, line)
}

/// What stands alone in such a bracket.
const LAUGHS: &str = "笑爆汗泣鬱怒謎苦死滅照核囧";
/// A remark in brackets, a footnote's number, a link; or a laugh whose bracket is never closed,
/// `（笑`, which ends a paragraph.
fn bracket(text: &str, line: &Line) -> f64 {
    let bare = &text[line.at.clone()];
    let mut end = bare.chars().rev();
    let laugh = end.next().is_some_and(|c| LAUGHS.contains(c)) && end.next().is_some_and(|c| matches!(c, '（' | '('));
    match bare.ends_with([')', '）', ']', '】']) {
        true => -2.5,
        false if laugh => -6.0,
        false => 0.0,
    }
}

/// What the line after the cut says.
fn of_next(text: &str, layout: &Layout, line: &Line, next: &Line) -> f64 {
    let prose = match (next.stops, next.end) {
        (_, End::Stop) => 1.0,
        // Another piece of a paragraph that was cut more than once, or a title with a question in it.
        (1.., _) if next.columns >= 120 => 1.0,
        (1.., _) => -1.0,
        (0, End::Semicolon | End::Comma) => 0.5,
        _ if next.columns < 24 => -2.0,
        _ => -0.5,
    };
    let indent = if next.indent > line.indent + 1 || next.indent > 0 && next.indent < line.indent { -4.0 } else { 0.0 };
    let number = if next.class == Class::Numbered { -4.0 } else { 0.0 };
    // Where paragraphs begin with an indent, this is one.
    let indent = if next.indent > 0 && layout.indents > 0.8 { -6.0 } else { indent };
    let remnant = if begins_with_remnant(text, next) { 2.0 } else { 0.0 };
    prose + indent + number + beginning(text, layout, line, next) + remnant - parallel(line, next)
}

/// True for a line of some length without a Hanzi or kana: in a text of them, what a program printed, unless it goes on
/// in small letters.
fn is_foreign(text: &str, line: &Line) -> bool {
    line.columns >= 40 && !text[line.at.clone()].contains(is_cjk)
}

/// True where a dash as long as two Hanzi was cut in the middle.
fn parts_dash(text: &str, line: &Line, next: &Line) -> bool {
    let dash = |c: &char| matches!(c, '—' | '―' | '─');
    let end = text[line.at.clone()].chars().next_back().filter(dash);
    end.is_some() && text[next.at.clone()].chars().next() == end
}

/// What it says against a cut that both lines begin with figures, as the dates and numbers of a list do.
fn parallel(line: &Line, next: &Line) -> f64 {
    if line.start == Start::Digit && next.start == Start::Digit { 4.0 } else { 0.0 }
}

/// What the first character after the cut says.
fn beginning(text: &str, layout: &Layout, line: &Line, next: &Line) -> f64 {
    match next.start {
        Start::Closing => 5.0,
        Start::Lower if layout.lower < 0.05 => 5.0,
        Start::Lower => 4.0,
        Start::Upper => {
            let last = text[line.at.clone()].rsplit(' ').next().unwrap_or_default();
            if word_needs_more(last) { 2.5 } else { -2.0 }
        }
        Start::Open => -2.0,
        Start::Digit => -1.0,
        _ => 0.0,
    }
}

fn probability(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}
