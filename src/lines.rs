//! The lines of a text, and what is known of each by itself.
//!
//! Invariant: what is known of a line depends on its own characters alone, so a line that no edit touches keeps it, and
//! after an edit only the lines about it are read again.

use std::cell::OnceCell;
use std::ops::Range;

use crate::edit::EditSet;
use crate::fold::Shadow;
use crate::layout::Look;
use crate::shield::Guards;

/// The lines of one state of a text.
#[derive(Debug, Default)]
pub struct Lines {
    /// Byte ranges, without line ends. A text that ends in a line end has no empty line after it.
    at: Vec<Range<usize>>,
    known: Vec<Known>,
}

/// What is known of one line, once someone asks.
#[derive(Debug, Default)]
struct Known {
    look: OnceCell<Look>,
    guards: OnceCell<Guards>,
    shadow: OnceCell<Shadow>,
}

impl Lines {
    /// Parts a text into lines.
    pub fn of(text: &str) -> Self {
        let mut lines = Self::default();
        lines.at.reserve(text.len() / 64);
        lines.add(text, 0..text.len());
        lines.known.resize_with(lines.at.len(), Known::default);
        lines
    }

    /// Adds the lines of a piece of a text that begins at the start of a line.
    fn add(&mut self, text: &str, piece: Range<usize>) {
        let mut from = piece.start;
        for newline in memchr::memchr_iter(b'\n', &text.as_bytes()[piece.clone()]) {
            self.at.push(from..piece.start + newline);
            from = piece.start + newline + 1;
        }
        if from < piece.end {
            self.at.push(from..piece.end);
        }
    }

    /// The lines of `text`, which was made by `edits` of the text that these are the lines of.
    pub fn after(self, edits: &EditSet, text: &str) -> Self {
        let mut new = Self { at: Vec::with_capacity(self.at.len()), known: Vec::with_capacity(self.at.len()) };
        let mut edits = edits.into_iter().peekable();
        let (mut drift, mut stale) = (0isize, None);
        for (at, known) in self.at.into_iter().zip(self.known) {
            let start = at.start.saturating_add_signed(drift);
            let mut touched = false;
            // An edit that ends where the line starts may have taken the line end before it.
            while let Some(edit) = edits.peek().filter(|edit| edit.at.start <= at.end) {
                touched = true;
                if edit.at.end > at.end {
                    break;
                }
                drift += edit.with.len() as isize - edit.at.len() as isize;
                edits.next();
            }
            if touched {
                stale.get_or_insert(start);
                continue;
            }
            if let Some(from) = stale.take() {
                new.read(text, from..start);
            }
            new.at.push(start..at.end.saturating_add_signed(drift));
            new.known.push(known);
        }
        let behind = edits.peek().map(|edit| edit.at.start.saturating_add_signed(drift));
        if let Some(from) = stale.or(behind) {
            new.read(text, from..text.len());
        }
        new
    }

    fn read(&mut self, text: &str, piece: Range<usize>) {
        self.add(text, piece);
        self.known.resize_with(self.at.len(), Known::default);
    }

    /// Byte ranges of all lines, without their line ends.
    pub fn ranges(&self) -> &[Range<usize>] {
        &self.at
    }

    /// What each line looks like. `text` is the text that these are the lines of.
    pub fn looks(&self, text: &str) -> impl Iterator<Item = (&Range<usize>, &Look)> {
        self.at.iter().zip(&self.known).map(|(at, known)| (at, known.look.get_or_init(|| Look::of(&text[at.clone()]))))
    }

    /// The lines that can hold a disguise, or all, each without its disguises. `text` is the text that these are the
    /// lines of.
    pub fn shadows(&self, text: &str, all: bool) -> impl Iterator<Item = (&Range<usize>, &Shadow)> {
        let lines = self.looks(text).zip(&self.known).filter(move |((_, look), _)| all || look.may_disguise());
        lines.map(|((at, _), known)| (at, known.shadow.get_or_init(|| Shadow::new(&text[at.clone()]))))
    }

    /// What is guarded in each line. `text` is the text that these are the lines of.
    pub fn guards(&self, text: &str) -> impl Iterator<Item = (&Range<usize>, &Guards)> {
        self.at
            .iter()
            .zip(&self.known)
            .map(|(at, known)| (at, known.guards.get_or_init(|| Guards::of(&text[at.clone()]))))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::edit::Edits;

    #[test]
    fn lines_have_no_line_ends() {
        assert_eq!(Lines::of("a\n\nb").ranges(), [0..1, 2..2, 3..4]);
        assert_eq!(Lines::of("a\nb\n").ranges(), [0..1, 2..3]);
        assert!(Lines::of("").ranges().is_empty());
    }

    proptest! {
        #[test]
        fn lines_after_an_edit_are_those_of_the_new_text(
            text in "[ab中\n]{0,40}",
            wishes in prop::collection::vec((0usize..50, 0usize..6, "[x\n]{0,3}"), 0..6),
        ) {
            let mut edits = Edits::default();
            let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            for (at, len, with) in wishes {
                edits.replace(boundary(at)..boundary(at + len), with);
            }
            let edits = edits.seal(&text, |_| true).0;
            let new = edits.apply(&text);
            let before = Lines::of(&text);
            before.looks(&text).for_each(drop);
            let after = before.after(&edits, &new);
            let fresh = Lines::of(&new);
            prop_assert_eq!(after.ranges(), fresh.ranges());
            prop_assert!(after.looks(&new).map(|(_, look)| look).eq(fresh.looks(&new).map(|(_, look)| look)));
        }
    }
}
