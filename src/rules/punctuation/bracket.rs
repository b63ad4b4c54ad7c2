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
                    if wide && !is_code(&line, from, index) && !is_in_target(&line, from, index) && free(from) && free(index) {
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

/// A bracket that belongs to a call, a link or an expression. A number calls nothing.
fn is_code(line: &Line, from: usize, to: usize) -> bool {
    let left = line.before(from);
    let word = || (0..from).rev().map(|at| line.at(at)).take_while(|c| c.is_ascii_alphanumeric() || *c == '_');
    if left.is_ascii_digit() && word().all(|c| c.is_ascii_digit()) {
        return (from + 1..to).any(|at| line.at(at).is_ascii_graphic());
    }
    left.is_ascii_alphanumeric() || !is_blank(left) && "_]$\\/.#@=+^&|<>[{".contains(left)
}

/// Brackets in the text of a link whose target has the same: the name of a file.
fn is_in_target(line: &Line, from: usize, to: usize) -> bool {
    /// How far behind the bracket the link text ends at most, in characters.
    const FAR: usize = 100;
    let ((before, _), (held, behind)) = (line.around(from), line.around(to));
    let close = behind.char_indices().take(FAR).find(|(_, c)| matches!(c, '[' | ']'));
    let target = close.and_then(|(at, _)| behind[at..].strip_prefix("]("));
    target.is_some_and(|target| target.contains(&format!("{})", &held[before.len()..])))
}
