//! Small and vertical forms of marks (Unicode blocks Small Form Variants, CJK Compatibility Forms
//! and Vertical Forms).
//!
//! Invariant: a small form changes only beside Chinese text; each table is sorted.

use crate::edit::Edits;
use crate::script::{is_cjk, is_closing, is_opening, is_stop};
use crate::view::View;

/// Small forms and the full-width marks they stand for. U+FE30, by its name a vertical two-dot
/// leader, is the colon of many pages from Hong Kong and Taiwan.
const SMALL: [(char, &str); 24] = [
    ('︰', "："), ('﹐', "，"), ('﹑', "、"), ('﹒', "。"), ('﹔', "；"), ('﹕', "："), ('﹖', "？"), ('﹗', "！"),
    ('﹙', "（"), ('﹚', "）"), ('﹛', "｛"), ('﹜', "｝"), ('﹝', "〔"), ('﹞', "〕"), ('﹟', "＃"), ('﹠', "＆"),
    ('﹡', "＊"), ('﹢', "＋"), ('﹣', "－"), ('﹤', "＜"), ('﹥', "＞"), ('﹦', "＝"), ('﹩', "＄"), ('﹪', "％"),
];

/// Vertical forms and the marks of horizontal text.
const VERTICAL: [(char, &str); 31] = [
    ('︐', "，"), ('︑', "、"), ('︒', "。"), ('︓', "："), ('︔', "；"), ('︕', "！"), ('︖', "？"), ('︗', "〖"),
    ('︘', "〗"), ('︙', "…"), ('︱', "—"), ('︳', "＿"), ('︵', "（"), ('︶', "）"), ('︷', "｛"), ('︸', "｝"),
    ('︹', "〔"), ('︺', "〕"), ('︻', "【"), ('︼', "】"), ('︽', "《"), ('︾', "》"), ('︿', "〈"), ('﹀', "〉"),
    ('﹁', "「"), ('﹂', "」"), ('﹃', "『"), ('﹄', "』"), ('﹇', "［"), ('﹈', "］"), ('﹏', "＿"),
];

/// Pushes the full-width marks for small forms.
pub fn small(view: &View, out: &mut Edits) {
    replace(view, &SMALL, out, |c| is_cjk(c) || is_stop(c) || is_closing(c) || is_opening(c) || c == '\u{fe30}');
}

/// Pushes the usual marks for vertical forms.
pub fn vertical(view: &View, out: &mut Edits) {
    replace(view, &VERTICAL, out, |_| true);
}

fn replace(view: &View, table: &'static [(char, &'static str)], out: &mut Edits, near: impl Fn(char) -> bool) {
    if !view.inventory().has_in('\u{fe10}'..='\u{fe6b}') {
        return;
    }
    let (text, region) = (view.text(), view.region());
    for (at, c) in text[region.clone()].char_indices().map(|(at, c)| (region.start + at, c)) {
        let Ok(row) = table.binary_search_by_key(&c, |(form, _)| *form) else { continue };
        let end = at + c.len_utf8();
        let beside = [text[..at].chars().next_back(), text[end..].chars().next()];
        if beside.iter().flatten().any(|c| near(*c)) {
            out.replace(at..end, table[row].1);
        }
    }
}
