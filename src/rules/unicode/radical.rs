//! CJK radicals in the place of ideographs, as PDF fonts leave them.
//!
//! Invariant: a line that speaks of radicals keeps them.

use super::radical_table::EQUIVALENTS;
use crate::edit::Edits;
use crate::script::is_cjk;
use crate::view::View;

/// Pushes the edits. A Kangxi radical is a whole ideograph by its shape; one of the supplement is
/// mostly a part of one, so it has to stand beside an ideograph or a number.
pub fn edits(view: &View, out: &mut Edits) {
    let text = view.text();
    for (at, c) in super::spots(view, &['\u{2e80}'..='\u{2fd5}'], is_radical) {
        let end = at + c.len_utf8();
        let Some(ideograph) = equivalent(c) else { continue };
        let beside = [text[..at].chars().next_back(), text[end..].chars().next()];
        let written = c >= '\u{2f00}' || beside.iter().flatten().any(|c| is_cjk(*c) || c.is_numeric());
        let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1)
            ..text[end..].find('\n').map_or(text.len(), |newline| end + newline);
        if written && !["部首", "偏旁", "康熙"].iter().any(|word| text[line.clone()].contains(word)) {
            out.replace(at..end, ideograph.to_string());
        }
    }
}

fn is_radical(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fd5}')
}

fn equivalent(c: char) -> Option<char> {
    let at = EQUIVALENTS.binary_search_by_key(&c, |(radical, _)| *radical).ok()?;
    Some(EQUIVALENTS[at].1)
}
