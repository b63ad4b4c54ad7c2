//! Line ends that are not `\n`: separators, next line, form feeds.
//!
//! Invariant: two lines are never joined; a form feed that stands between two line ends leaves
//! one of them, since a page may end in mid-sentence.

use crate::edit::Edits;
use crate::script::{is_cjk, is_closing, is_stop};
use crate::view::View;

/// Pushes the edits.
pub fn edits(view: &View, out: &mut Edits) {
    let text = view.text();
    for (at, c) in super::spots(view, &['\u{c}'..='\u{c}', '\u{85}'..='\u{85}', '\u{2028}'..='\u{2029}'], is_line_end) {
        let (before, after) = (&text[..at], &text[at + c.len_utf8()..]);
        let first = before.is_empty() || before.ends_with('\n');
        let last = after.is_empty() || after.starts_with('\n');
        let end = at + c.len_utf8();
        match c {
            '\u{c}' if first && after.starts_with('\n') => out.remove(at..end + 1),
            '\u{c}' if first || last || after.starts_with('\u{c}') => out.remove(at..end),
            '\u{85}' if is_ellipsis(before, after) => {}
            _ => out.replace(at..end, "\n"),
        }
    }
}

/// In Latin text, before a blank or the end of a sentence, U+0085 is an ellipsis of windows-1252,
/// which the repair `c1` knows.
fn is_ellipsis(before: &str, after: &str) -> bool {
    let latin = before.chars().next_back().is_some_and(|c| !(is_cjk(c) || is_stop(c) || is_closing(c) || c == '\n'));
    latin && !after.starts_with(char::is_alphanumeric) && !after.starts_with('\n')
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{c}')
}
