//! Small and vertical forms of marks (Unicode blocks Small Form Variants, CJK Compatibility Forms
//! and Vertical Forms).
//!
//! Invariant: a small form changes only beside Chinese text, and not in a line of mojibake, where it is part of what a new
//! reading needs; each table is sorted.

use crate::decode::misread;
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
    let mut line = Line { end: 0, is_mojibake: false };
    for (at, c) in text[region.clone()].char_indices().map(|(at, c)| (region.start + at, c)) {
        let Ok(row) = table.binary_search_by_key(&c, |(form, _)| *form) else { continue };
        let end = at + c.len_utf8();
        let beside = [text[..at].chars().next_back(), text[end..].chars().next()];
        if beside.iter().flatten().any(|c| near(*c)) {
            if at >= line.end {
                line = Line::around(text, at);
            }
            if line.is_mojibake {
                continue;
            }
            out.replace(at..end, table[row].1);
        }
    }
}

/// Where a line ends, and what was seen of it.
struct Line {
    end: usize,
    is_mojibake: bool,
}

impl Line {
    fn around(text: &str, at: usize) -> Self {
        /// What a character costs on average in a Chinese encoding read as another; text costs 5 to 8.
        const STRANGE: u32 = 10;
        /// Fewer characters say nothing.
        const ENOUGH: usize = 6;
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = text[at..].find('\n').map_or(text.len(), |len| at + len);
        let is_long = text[start..end].chars().filter(|c| is_cjk(*c)).nth(ENOUGH).is_some();
        Self { end, is_mojibake: is_long && misread::strangeness(&text[start..end]) >= STRANGE }
    }
}
