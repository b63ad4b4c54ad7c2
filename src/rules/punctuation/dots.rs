//! Ellipses, and dots that stand for other marks.
//!
//! Invariant: the leaders of a table of contents, version ranges and paths stay: a digit, a letter
//! or a slash never follows dots that change.

use super::line::{Line, ends_clause};
use crate::edit::Edits;
use crate::script::{is_blank, is_han, is_opening, is_stop};
use crate::view::View;

/// What an ellipsis is made of, and what is written for it.
pub const ELLIPSES: &[&str] = &["...", "…", "。。。", "···"];

/// Pushes `……` for what else is written for it.
pub fn ellipses(view: &View, out: &mut Edits) {
    let stops_are_own = super::is_own_way(view, "。。。", "……", out);
    for mut line in super::chinese_where(view, ELLIPSES, |line| !are_ellipses(line)) {
        let mut index = 0;
        while index < line.len() {
            let dot = line.at(index);
            let len = (index..line.len()).take_while(|at| line.at(*at) == dot).count();
            let counts = match dot {
                '.' => (3..=6).contains(&len),
                '。' => len >= 3 && !stops_are_own,
                '·' => len == 6 || len == 3,
                '…' => len == 1 || len == 3,
                _ => false,
            };
            if counts && is_pause(&line, index, index + len) {
                (index..index + len).for_each(|at| line.drop(at));
                line.set(index, '…');
                if len > 1 {
                    line.set(index + 1, '…');
                } else {
                    out.insert(line.offset(index + 1), "…");
                }
            }
            index += len;
        }
        line.push(out);
    }
}

/// True where all ellipses of a line are written as they should be: most have two.
fn are_ellipses(line: &str) -> bool {
    let mut rest = line;
    while let Some(at) = rest.find('…') {
        let behind = rest[at..].trim_start_matches('…');
        if matches!((rest.len() - at - behind.len()) / '…'.len_utf8(), 1 | 3) {
            return false;
        }
        rest = behind;
    }
    !ELLIPSES.iter().any(|piece| *piece != "…" && line.contains(piece))
}

/// True where the dots follow Chinese text and neither a number nor a word follows them.
fn is_pause(line: &Line, from: usize, to: usize) -> bool {
    let left = line.before(from);
    let right = (to..line.len()).map(|at| line.at(at)).find(|c| !is_blank(*c)).unwrap_or('\n');
    (ends_clause(left) && left != '…' || matches!(left, '，' | '！' | '？' | '、'))
        && !(right.is_ascii_alphanumeric() || matches!(right, '/' | '\\' | '.' | '…' | '·' | '０'..='９'))
}

/// Pushes `。` for a dot between Hanzi.
pub fn inner_stops(view: &View, out: &mut Edits) {
    between_han(view, '。', out, |line, index| {
        let clause = (0..index).rev().map(|at| line.at(at)).take_while(|c| is_han(*c)).count();
        clause > 1 && !is_ordinal(line, index)
    });
}

/// Pushes `、` for a dot after a Chinese number at the start of a line.
pub fn ordinals(view: &View, out: &mut Edits) {
    between_han(view, '、', out, is_ordinal);
}

/// Pushes `·` for a dot between the two parts of a name: two to four Hanzi on both sides and
/// nothing else in the phrase.
pub fn names(view: &View, out: &mut Edits) {
    between_han(view, '·', out, |line, index| {
        let left = (0..index).rev().map(|at| line.at(at)).take_while(|c| is_han(*c)).count();
        let right = (index + 1..line.len()).map(|at| line.at(at)).take_while(|c| is_han(*c)).count();
        (2..=4).contains(&left) && (2..=4).contains(&right) && !is_ordinal(line, index)
    });
}

fn between_han(view: &View, with: char, out: &mut Edits, fits: impl Fn(&Line, usize) -> bool) {
    for mut line in super::chinese(view, &["."]) {
        for index in 0..line.len() {
            let (left, right) = (line.before(index), line.after(index));
            if line.at(index) == '.' && is_han(left) && (is_han(right) || is_opening(right)) && fits(&line, index) {
                line.set(index, with);
            }
        }
        line.push(out);
    }
}

fn is_ordinal(line: &Line, index: usize) -> bool {
    let digits = (0..index).all(|at| "一二三四五六七八九十百".contains(line.at(at)) || is_blank(line.at(at)));
    digits && index > 0 && !is_stop(line.before(index))
}
