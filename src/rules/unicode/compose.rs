//! Normalisation Form C, where a text is not in it.
//!
//! Invariant: the result is `text.nfc()`; what is composed already costs one look at the
//! inventory.

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::edit::Edits;
use crate::view::View;

/// Pushes an edit for each cluster that is not composed.
pub fn edits(view: &View, out: &mut Edits) {
    let inventory = view.inventory();
    if !inventory.has_beyond() && !inventory.marks().any(is_open) {
        return;
    }
    let (region, text) = (view.region(), view.text());
    let mut from = region.start;
    let mut open = false;
    for (at, c) in text[region.clone()].char_indices().map(|(at, c)| (region.start + at, c)) {
        let hangs = is_open(c) && !starts(c);
        if !hangs {
            compose(text, from..at, open, out);
            (from, open) = (at, false);
        }
        open |= is_open(c);
    }
    compose(text, from..region.end, open, out);
}

fn compose(text: &str, cluster: std::ops::Range<usize>, open: bool, out: &mut Edits) {
    // What hangs on a replacement character is what is left of something else.
    if open && !text[..cluster.start].ends_with('\u{fffd}') && !text[cluster.clone()].starts_with('\u{fffd}') {
        let composed: String = text[cluster.clone()].nfc().collect();
        if composed != text[cluster.clone()] {
            out.replace(cluster, composed);
        }
    }
}

/// A character that NFC may change or that may join the one before it.
fn is_open(c: char) -> bool {
    // Most of any Chinese, Japanese or Korean text; the tables below need not be asked.
    if matches!(c, '\0'..='\u{2ff}' | '\u{3000}'..='\u{3029}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}') {
        return false;
    }
    is_nfc_quick(std::iter::once(c)) != IsNormalized::Yes || canonical_combining_class(c) != 0
}

/// A character that never joins the one before it, though NFC replaces it.
fn starts(c: char) -> bool {
    canonical_combining_class(c) == 0 && is_nfc_quick(std::iter::once(c)) != IsNormalized::Maybe
}
