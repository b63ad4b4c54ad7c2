//! What ties a piece of a line to the words around it.
//!
//! Invariant: only the words next to a piece are asked, never the piece itself.

use std::ops::Range;

use super::piece::BRACKETS;
use crate::rules::Pattern;
use crate::script::is_blank;

/// Words that cannot do without what stands beside them.
#[derive(Debug)]
pub(super) struct Ties {
    /// A letter that needs what follows.
    pub(super) behind: Option<Pattern>,
    /// Letters that need what precedes.
    pub(super) before: Option<Pattern>,
    /// Words at the end of a run that need an object.
    pub(super) ending: Option<Pattern>,
    /// Words that name what stands in the brackets behind them, and in those before them.
    pub(super) names_behind: Option<Pattern>,
    pub(super) names_before: Option<Pattern>,
}

/// As many characters on each side of brackets are looked at for what names them.
const NEAR: usize = 8;

impl Ties {
    /// True where the words on both sides of a run do not do without it.
    pub(super) fn holds(&self, line: &str, run: &Range<usize>) -> bool {
        let (head, tail) = (&line[..run.start], &line[run.end..]);
        let quoted = head.ends_with(['“', '‘', '「', '『', '"', '《']);
        let last = head.char_indices().next_back().map_or(head, |(at, _)| &head[at..]);
        let behind = !last.is_empty() && matches(&self.behind, last);
        let before = || {
            let mut ends = tail.char_indices().map(|(at, c)| at + c.len_utf8()).take(2);
            ends.any(|end| matches(&self.before, &tail[..end]))
        };
        let goes_on = || tail.starts_with(char::is_alphanumeric) && matches(&self.ending, &line[run.clone()]);
        quoted || behind || before() || goes_on()
    }

    /// True where the words around a pair of brackets name what stands in them.
    pub(super) fn names(&self, line: &str, inside: &Range<usize>) -> bool {
        let is_around = |c: char| BRACKETS.contains(c) || is_blank(c);
        let is_sign = |c: char| !c.is_alphanumeric();
        let (head, tail) = (&line[..inside.start], &line[inside.end..]);
        let head = head.strip_suffix(is_sign).unwrap_or(head).trim_end_matches(is_around);
        let tail = tail.strip_prefix(is_sign).unwrap_or(tail).trim_start_matches(is_around);
        let from = head.char_indices().rev().nth(NEAR - 1).map_or(0, |(at, _)| at);
        let to = tail.char_indices().nth(NEAR).map_or(tail.len(), |(at, _)| at);
        matches(&self.names_behind, &head[from..]) || matches(&self.names_before, &tail[..to])
    }
}

fn matches(tie: &Option<Pattern>, words: &str) -> bool {
    tie.as_ref().is_some_and(|tie| tie.is_match(words))
}
