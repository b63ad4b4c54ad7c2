//! Words that name what stands in the brackets beside them: 「点击【查看大图】按钮」, 「写着（未完待续）的字样」.
//!
//! Invariant: only the words next to a piece are asked, never the piece itself.

use std::ops::Range;

use super::Pattern;
use crate::script::is_blank;

/// Words that name what stands behind them, and words that name what stands before them.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) behind: Option<Pattern>,
    pub(super) before: Option<Pattern>,
}

/// As many characters on each side of a piece are looked at.
const NEAR: usize = 8;

impl Named {
    /// True where the words around a piece name it; a mark, brackets and blanks may stand between.
    pub(super) fn holds(&self, text: &str, piece: &Range<usize>) -> bool {
        if self.behind.is_none() && self.before.is_none() {
            return false;
        }
        let is_around = |c: char| BRACKETS.contains(c) || is_blank(c);
        let is_sign = |c: char| !c.is_alphanumeric() && c != '\n';
        let (head, tail) = (&text[..piece.start], &text[piece.end..]);
        let head = head.strip_suffix(is_sign).unwrap_or(head).trim_end_matches(is_around);
        let tail = tail.strip_prefix(is_sign).unwrap_or(tail).trim_start_matches(is_around);
        let from = head.char_indices().rev().nth(NEAR - 1).map_or(0, |(at, _)| at);
        let to = tail.char_indices().nth(NEAR).map_or(tail.len(), |(at, _)| at);
        matches(&self.behind, &head[from..]) || matches(&self.before, &tail[..to])
    }
}

/// Pairs of brackets that quote nothing.
pub(super) const BRACKETS: &str = "（）()[]【】〔〕〖〗［］｛｝{}";

pub(super) fn matches(tie: &Option<Pattern>, words: &str) -> bool {
    tie.as_ref().is_some_and(|tie| tie.is_match(words))
}
