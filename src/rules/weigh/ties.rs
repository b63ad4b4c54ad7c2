//! What ties a piece of a line to the words around it.
//!
//! Invariant: only the words next to a piece are asked, never the piece itself.

use std::ops::Range;

use crate::rules::Pattern;
use crate::rules::named::{Named, matches};

/// Words that cannot do without what stands beside them.
#[derive(Debug)]
pub(super) struct Ties {
    /// A letter that needs what follows.
    pub(super) behind: Option<Pattern>,
    /// Letters that need what precedes.
    pub(super) before: Option<Pattern>,
    /// Words at the end of a run that need an object.
    pub(super) ending: Option<Pattern>,
    /// Words that name what stands in the brackets beside them.
    pub(super) named: Named,
}

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
}
