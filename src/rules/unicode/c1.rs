//! windows-1252 read as ISO 8859-1: quotes, dashes and ellipses that became C1 controls.
//!
//! Invariant: a control that may be a byte of undecoded UTF-8 or of another encoding stays, since
//! decoding the text anew would bring back more than this repair.

use crate::edit::Edits;
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
        if let (0..=1, Some(Some(shown))) = (run, WINDOWS_1252.get(c as usize - 0x80)) {
            out.replace(at..end, *shown);
        }
    }
}

fn is_c1(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}')
}
