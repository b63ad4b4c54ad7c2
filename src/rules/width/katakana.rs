//! Half-width katakana and the half-width marks of JIS X 0201.
//!
//! Invariant: a letter and its voicing mark become one letter, as NFKC composes them.

use unicode_normalization::UnicodeNormalization;

use crate::edit::Edits;
use crate::view::View;

/// Pushes one edit for each run.
pub fn edits(view: &View, out: &mut Edits) {
    if !view.inventory().has_in('\u{ff61}'..='\u{ff9f}') {
        return;
    }
    let (text, region) = (view.text(), view.region());
    let half = |c: char| matches!(c, '\u{ff61}'..='\u{ff9f}');
    let mut from = region.start;
    while let Some(at) = text[from..region.end].find(half).map(|at| from + at) {
        let end = text[at..region.end].find(|c| !half(c)).map_or(region.end, |len| at + len);
        // A voicing mark with no letter before it would become a combining one.
        let alone = text[at..end].starts_with(['\u{ff9e}', '\u{ff9f}']);
        let wide = text[at..end].nfkc().map(|c| match c {
            '\u{3099}' => '\u{309b}',
            '\u{309a}' => '\u{309c}',
            c => c,
        });
        if !alone {
            out.replace(at..end, wide.collect::<String>());
        }
        from = end;
    }
}
