//! The space between Hanzi and Latin words or numbers: a matter of taste, so an option.
//!
//! Invariant: adding and then removing gives back a text that had none of these spaces.

use crate::edit::Edits;
use crate::script::{is_cjk, is_han};
use crate::view::View;

/// Pushes a space between Hanzi and a letter or digit of ASCII.
pub fn add(view: &View, out: &mut Edits) {
    let (text, region) = (view.text(), view.region());
    let mut before = '\n';
    for (at, c) in text[region.clone()].char_indices() {
        let meets = |han: char, latin: char| is_cjk(han) && latin.is_ascii_alphanumeric();
        if meets(before, c) || meets(c, before) || is_cjk(c) && before == '%' {
            out.insert(region.start + at, " ");
        }
        before = c;
    }
}

/// Pushes the removal of single spaces between Hanzi and a letter or digit of ASCII.
pub fn remove(view: &View, out: &mut Edits) {
    let (text, region) = (view.text(), view.region());
    for at in memchr::memchr_iter(b' ', &text.as_bytes()[region.clone()]).map(|at| region.start + at) {
        let (left, right) = (text[..at].chars().next_back(), text[at + 1..].chars().next());
        let latin = |c: char| c.is_ascii_alphanumeric() || matches!(c, '%' | '#' | '@' | '+');
        if let (Some(left), Some(right)) = (left, right)
            && (is_han(left) && latin(right) || latin(left) && is_han(right))
        {
            out.remove(at..at + 1);
        }
    }
}
