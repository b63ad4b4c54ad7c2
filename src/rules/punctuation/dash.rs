//! Dashes, interpuncts, and marks that stand twice.
//!
//! Invariant: a single dash, hyphen or tilde stays: it joins numbers, places and dates
//! (GB/T 15834 4.13).

use super::line::{Line, begins_clause, ends_clause};
use crate::edit::Edits;
use crate::script::{is_han, is_stop};
use crate::view::View;

/// What is written for a dash.
pub const DASHES: &[&str] = &["--", "－－", "──", "――", "––"];

/// Dots that are written for the one between the parts of a name.
pub const INTERPUNCTS: &[&str] = &["•", "‧", "・"];

/// Pushes `——` for two characters that stand for it.
pub fn dashes(view: &View, out: &mut Edits) {
    let own = ["－－", "──", "――"].map(|pair| super::is_own_way(view, pair, "——", out).then_some(pair));
    for mut line in super::chinese(view, DASHES) {
        let mut index = 0;
        while index < line.len() {
            let dash = line.at(index);
            let len = (index..line.len()).take_while(|at| line.at(*at) == dash).count();
            let own = own.iter().flatten().any(|pair| pair.starts_with(dash));
            if len == 2 && !own && matches!(dash, '-' | '－' | '─' | '―' | '–') && is_dash(&line, index, dash) {
                line.set(index, '—');
                line.set(index + 1, '—');
            }
            index += len;
        }
        line.push(out);
    }
}

fn is_dash(line: &Line, index: usize, dash: char) -> bool {
    let (left, right) = (line.before(index), line.after(index + 1));
    let ends = |c: char| ends_clause(c) && c != '—' || is_stop(c);
    let begins = |c: char| begins_clause(c) || c == '”';
    match dash {
        '-' | '–' => ends(left) && begins(right),
        // Box drawings also frame tables.
        '─' if line.text().contains(['│', '┌', '├', '└', '┬', '┼']) => false,
        _ => (ends(left) || left == '\n') && (begins(right) || right == '\n') && (left != '\n' || right != '\n'),
    }
}

/// Pushes `·` for other dots between Hanzi.
pub fn interpuncts(view: &View, out: &mut Edits) {
    for mut line in super::chinese(view, INTERPUNCTS) {
        for index in 0..line.len() {
            if matches!(line.at(index), '•' | '‧' | '・') && is_han(line.before(index)) && is_han(line.after(index)) {
                line.set(index, '·');
            }
        }
        line.push(out);
    }
}

/// Pushes the removal of one of two marks, where there are just two. `marks` are the pairs.
pub fn doubled(view: &View, marks: &[&'static str], out: &mut Edits) {
    for mut line in super::chinese(view, marks) {
        let mut index = 0;
        while index < line.len() {
            let mark = line.at(index);
            let len = (index..line.len()).take_while(|at| line.at(*at) == mark).count();
            if len == 2 && marks.iter().any(|pair| pair.starts_with(mark)) && (is_han(line.before(index)) || ends_clause(line.before(index))) {
                line.drop(index + 1);
            }
            index += len;
        }
        line.push(out);
    }
}
