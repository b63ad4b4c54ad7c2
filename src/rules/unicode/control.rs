//! Control characters that show nothing.
//!
//! Invariant: tabs and everything that ends a line stay.

use std::ops::Range;

use crate::edit::Edits;
use crate::view::View;

/// Pushes the removal of every run of them.
pub fn edits(view: &View, out: &mut Edits) {
    let ranges = ['\0'..='\u{8}', '\u{b}'..='\u{b}', '\u{e}'..='\u{1f}', '\u{7f}'..='\u{7f}'];
    // A crash can leave millions of them in a row.
    let mut run: Option<Range<usize>> = None;
    for (at, _) in super::spots(view, &ranges, is_control) {
        match &mut run {
            Some(run) if run.end == at => run.end += 1,
            _ => run.replace(at..at + 1).into_iter().for_each(|run| out.remove(run)),
        }
    }
    run.into_iter().for_each(|run| out.remove(run));
}

fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}')
}
