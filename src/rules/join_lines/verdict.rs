//! How sure a join is.
//!
//! Invariant: a verdict is a probability, 0 to 1. Evidence adds up as log-odds; the weights were
//! set by hand and checked on documents whose cuts are known.

use std::collections::HashSet;

use super::counts::Pairs;
use super::evidence::{Joint, begins_with_remnant, breaks_off, closes, continues, needs_before, needs_more, word_needs_more};
use crate::layout::{Class, End, Layout, Line, Start};
use crate::script::is_cjk;
use crate::view::View;

/// Verdicts on line ends at the width of a wrapped text.
pub(super) fn of_wraps(view: &View, joints: &[Joint]) -> Vec<f64> {
    let layout = view.layout();
    joints
        .iter()
        .map(|joint| {
            let (line, next) = (&layout.lines[joint.before], &layout.lines[joint.after]);
            let mut odds = 5.0;
            if next.indent > line.indent + 1 {
                odds -= 8.0;
            }
            if line.end.is_final() {
                // By chance a paragraph's last line is as long as the others. Where blank lines
                // part paragraphs, there is none here.
                odds -= if layout.spaced > 0.7 { 1.0 } else { 4.0 };
            }
            if next.start == Start::Open && !line.end.is_final() {
                odds -= if layout.spaced > 0.7 || line.end == End::Bare { 0.5 } else { 3.5 };
            }
            if next.start == Start::Open && line.end == End::Stop && layout.spaced <= 0.7 {
                odds -= 4.0;
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
    let edges = |joint: &Joint| {
        let before = text[layout.lines[joint.before].at.clone()].chars().next_back();
        let after = text[layout.lines[joint.after].at.clone()].chars().next();
        before.zip(after).filter(|&(a, b)| is_cjk(a) && is_cjk(b))
    };
    let pairs = Pairs::count(text, joints.iter().filter_map(edges));
    let local: Vec<f64> = joints
        .iter()
        .map(|joint| {
            let (line, next) = (&layout.lines[joint.before], &layout.lines[joint.after]);
            // Blank lines in mid-sentence are rarer than between paragraphs; bare line ends in a
            // text that was not wrapped are rarer still.
            let mut odds = of_line(line) + of_next(text, line, next) - if joint.is_apart() { 3.0 } else { 4.0 };
            if let Some((a, b)) = edges(joint) {
                odds += if pairs.belong(a, b) { 3.0 } else { 0.0 };
                odds += if needs_more(a) { 2.0 } else { 0.0 };
                odds += if needs_before(b) { 2.0 } else { 0.0 };
            }
            if breaks_off(line) || closes(text, line, next) {
                odds += match (line.end, next.start) {
                    (End::Open, _) => 6.0,
                    (End::Comma, Start::Upper | Start::Open) => 1.0,
                    (End::Comma, _) => 4.5,
                    _ => 3.5,
                };
            }
            if let Some(wrap) = layout.wrap {
                odds += if wrap.is_full(text, line, next, layout.script) { 3.0 } else { -5.0 };
            }
            odds
        })
        .collect();
    let habit = habit(layout, joints, &local);
    local.into_iter().map(|odds| probability(odds + habit)).collect()
}

/// Finished lines that every text is credited with, so that one or two lines prove nothing.
const GRANTED: f64 = 5.0;
/// Log-odds from which on a place looks like a cut by itself.
const CUT: f64 = 1.5;

/// What the document makes us expect before we look at a place. In a text whose long lines end
/// without a stop by habit, a line without one is no sign of a cut. Lines that look like cuts by
/// themselves are no habit; leaving them out also keeps the answer the same once they are mended.
fn habit(layout: &Layout, joints: &[Joint], local: &[f64]) -> f64 {
    let cuts: HashSet<usize> =
        joints.iter().zip(local).filter(|(_, odds)| **odds >= CUT).map(|(joint, _)| joint.before).collect();
    let (mut ended, mut open) = (GRANTED, 0.0);
    for (index, line) in layout.lines.iter().enumerate().filter(|(_, line)| layout.tells_habit(line)) {
        if line.end.is_final() {
            ended += 1.0;
        } else if !cuts.contains(&index) {
            open += 1.0;
        }
    }
    match ended / (ended + open) {
        share if share >= 0.9 => 1.0,
        share if share >= 0.75 => 0.0,
        share if share >= 0.6 => -1.5,
        share if share >= 0.4 => -4.0,
        _ => -8.0,
    }
}

/// What the line before the cut says: prose that was cut, or a title?
fn of_line(line: &Line) -> f64 {
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
    prose + length
}

/// What the line after the cut says.
fn of_next(text: &str, line: &Line, next: &Line) -> f64 {
    let prose = match (next.stops, next.end) {
        (1.., _) | (0, End::Stop) => 1.0,
        (0, End::Semicolon | End::Comma) => 0.5,
        _ if next.columns < 24 => -2.0,
        _ => -0.5,
    };
    let indent = if next.indent > line.indent + 1 { -4.0 } else { 0.0 };
    let number = if next.class == Class::Numbered { -4.0 } else { 0.0 };
    let start = match next.start {
        _ if continues(next) && next.start == Start::Closing => 5.0,
        Start::Lower => 4.0,
        Start::Upper => {
            let last = text[line.at.clone()].rsplit(' ').next().unwrap_or_default();
            if word_needs_more(last) { 2.5 } else { -2.0 }
        }
        Start::Open => -2.0,
        Start::Digit => -1.0,
        _ => 0.0,
    };
    let remnant = if begins_with_remnant(text, next) { 2.0 } else { 0.0 };
    prose + indent + number + start + remnant
}

fn probability(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}
