//! windows-1252 read as ISO 8859-1: quotes, dashes and ellipses that became C1 controls; and controls that mean nothing.
//!
//! Invariant: a control that may be a byte of undecoded UTF-8 or of another encoding stays, since
//! decoding the text anew would bring back more than this repair.

use crate::edit::Edits;
use crate::script::is_cjk;
use crate::view::View;

/// What windows-1252 has at U+0080 to U+009F (WHATWG Encoding Standard, index-windows-1252);
/// five bytes have nothing there.
#[rustfmt::skip]
pub(in crate::rules) const WINDOWS_1252: [Option<&str>; 32] = [
    Some("€"), None, Some("‚"), Some("ƒ"), Some("„"), Some("…"), Some("†"), Some("‡"),
    Some("ˆ"), Some("‰"), Some("Š"), Some("‹"), Some("Œ"), None, Some("Ž"), None,
    None, Some("‘"), Some("’"), Some("“"), Some("”"), Some("•"), Some("–"), Some("—"),
    Some("˜"), Some("™"), Some("š"), Some("›"), Some("œ"), None, Some("ž"), Some("Ÿ"),
];

/// Pushes the edits.
pub fn edits(view: &View, out: &mut Edits) {
    let text = view.text();
    for (at, c) in super::spots(view, &['\u{80}'..='\u{9f}'], is_c1) {
        let end = at + c.len_utf8();
        let high = |c: &char| matches!(c, '\u{80}'..='\u{ff}');
        let run = text[..at].chars().rev().take_while(high).count() + text[end..].chars().take_while(high).count();
        match (run, WINDOWS_1252[c as usize - 0x80]) {
            (0..=1, Some(shown)) => out.replace(at..end, shown),
            (0, None) if stands_in_cjk(&text[..at], &text[end..]) => out.remove(at..end),
            _ => {}
        }
    }
}

/// True between Hanzi, kana and their marks: no encoding has a character there of which this is a byte.
fn stands_in_cjk(before: &str, after: &str) -> bool {
    let beside = [before.chars().next_back(), after.chars().next()];
    beside.iter().flatten().any(|c| is_cjk(*c)) && beside.iter().flatten().all(|c| *c == '\n' || !c.is_ascii())
}

fn is_c1(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}')
}
