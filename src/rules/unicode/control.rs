//! Control characters that show nothing.
//!
//! Invariant: tabs and everything that ends a line stay.

use crate::edit::Edits;
use crate::view::View;

/// Pushes the removal of every run of them.
pub fn edits(view: &View, out: &mut Edits) {
    for (at, c) in super::spots(view, &['\0'..='\u{8}', '\u{b}'..='\u{b}', '\u{e}'..='\u{1f}', '\u{7f}'..='\u{7f}'], is_control) {
        out.remove(at..at + c.len_utf8());
    }
}

fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}')
}
