//! Round brackets.
//!
//! Invariant: both brackets of a pair change, or neither does.

use super::line::Line;
use crate::edit::Edits;
use crate::script::{is_blank, is_cjk, is_han, is_opening, is_stop};
use crate::shield::ShieldSet;
use crate::view::View;

/// Pushes full-width brackets, for pairs with Hanzi between them and, if `latin`, for pairs
/// without after a Hanzi.
pub fn edits(view: &View, han: bool, latin: bool, out: &mut Edits) {
    for mut line in super::chinese(view, &["(", ")"]) {
        let mut open: Vec<usize> = Vec::new();
        for index in 0..line.len() {
            match line.at(index) {
                '(' | '（' => open.push(index),
                ')' | '）' => {
                    let Some(from) = open.pop() else { continue };
                    let free = |at: usize| {
                        let range = line.offset(at)..line.offset(at) + line.at(at).len_utf8();
                        !view.shields().hit(&range, ShieldSet::ALL)
                    };
                    let mixed = (line.at(from) == '(') != (line.at(index) == ')');
                    let ascii = line.at(from) == '(' && line.at(index) == ')';
                    let wide = mixed && (han || latin) || ascii && (han && holds_han(&line, from, index) || latin && after_han(&line, from));
                    if wide && !is_code(&line, from) && free(from) && free(index) {
                        line.set(from, '（');
                        line.set(index, '）');
                        line.drop_blanks_after(from);
                        line.drop_blanks_before(index);
                    }
                }
                _ => {}
            }
        }
        line.push(out);
    }
}

fn holds_han(line: &Line, from: usize, to: usize) -> bool {
    (from + 1..to).any(|at| is_cjk(line.at(at))) && !is_spaced(line, from)
}

fn after_han(line: &Line, from: usize) -> bool {
    is_han(line.before(from))
}

/// A bracket that a space sets off from the word before it: the style of its writer.
fn is_spaced(line: &Line, from: usize) -> bool {
    let (left, blanks) = line.word_before(from);
    blanks > 0 && left != '\n' && !is_stop(left) && !is_opening(left) && !matches!(left, ',' | ';' | ':' | '!' | '?')
}

/// A bracket that belongs to a call, a link or an expression.
fn is_code(line: &Line, from: usize) -> bool {
    let left = line.before(from);
    left.is_ascii_alphanumeric() || !is_blank(left) && "_]$\\/.#@=+^&|<>[{".contains(left)
}
