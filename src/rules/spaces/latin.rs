//! The space between Hanzi and Latin words or numbers: a matter of taste, so an option.
//!
//! Invariant: a space that is added stands beside a Hanzi or kana, and one that goes stood between
//! a Hanzi and a letter or digit.

use crate::edit::Edits;
use crate::script::{is_cjk, is_han, is_hangul};
use crate::view::View;

/// Pushes a space between Hanzi or kana and a word of another writing: letters and digits, with
/// the signs that belong to them, as in `@name`, `C++`, `50%`, `<div>` and `` `code` ``.
pub fn add(view: &View, out: &mut Edits) {
    let (text, region) = (view.text(), view.region());
    let mut before = ['\n'; 2];
    let mut rest = text[region.clone()].char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map_or('\n', |(_, c)| *c);
        if is_cjk(before[1]) && begins_word(c, next) || is_cjk(c) && ends_word(before) {
            out.insert(region.start + at, " ");
        }
        before = [before[1], c];
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !is_cjk(c) && !is_hangul(c) && !('\u{ff00}'..='\u{ffef}').contains(&c) && !is_listed(c)
}

/// Numbers that Chinese texts use as marks of items: ①, ㈠.
fn is_listed(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{3200}'..='\u{33ff}')
}

fn begins_word(c: char, next: char) -> bool {
    is_word(c) || matches!(c, '@' | '#' | '$' | '<') && is_word(next) || c == '`' && next != '`'
}

fn ends_word([before, last]: [char; 2]) -> bool {
    is_word(last)
        || matches!(last, '%' | '+' | '#') && (is_word(before) || before == last)
        || last == '>' && (is_word(before) || matches!(before, '"' | '/'))
        || last == '`' && before != '`' && !is_cjk(before)
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
