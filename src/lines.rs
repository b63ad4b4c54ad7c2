//! The lines of a text, what is known of each by itself, and what characters they hold.
//!
//! Invariant: what is known of a line depends on its own characters alone, so a line that no edit touches keeps it, and
//! after an edit only the lines about it are read again. The inventory may name characters that are gone, never miss one that
//! is there.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use crate::edit::EditSet;
use crate::fold::Shadow;
use crate::inventory::Inventory;
use crate::layout::Look;
use crate::script::{Script, Tally};
use crate::shield::Guards;
use crate::traits::Table;

/// The lines of one state of a text.
#[derive(Debug, Default)]
pub struct Lines {
    /// Byte ranges, without line ends. A text that ends in a line end has no empty line after it.
    at: Vec<Range<usize>>,
    /// Shared with the lines of the texts before and after, where no edit touches them.
    known: Vec<Rc<Known>>,
    inventory: Inventory,
}

/// What is known of one line; some of it once someone asks.
#[derive(Debug)]
struct Known {
    look: Look,
    guards: OnceCell<Guards>,
    shadow: OnceCell<Shadow>,
}

impl Lines {
    /// Reads a text line by line.
    pub fn of(text: &str) -> Self {
        let mut lines = Self::default();
        lines.at.reserve(text.len() / 64);
        lines.read(text, 0..text.len());
        lines
    }

    /// Adds the lines of a piece of a text that begins at the start of a line.
    fn read(&mut self, text: &str, piece: Range<usize>) {
        let table = Table::get();
        let mut add = |at: Range<usize>| {
            let look = Look::of(&text[at.clone()], table, &mut self.inventory);
            self.at.push(at);
            self.known.push(Rc::new(Known { look, guards: OnceCell::new(), shadow: OnceCell::new() }));
        };
        let mut from = piece.start;
        for newline in memchr::memchr_iter(b'\n', &text.as_bytes()[piece.clone()]) {
            add(from..piece.start + newline);
            from = piece.start + newline + 1;
        }
        if from < piece.end {
            add(from..piece.end);
        }
        self.inventory.add_char('\n');
    }

    /// The lines of `text`, which was made by `edits` of the text that these are the lines of.
    pub fn after(&self, edits: &EditSet, text: &str) -> Self {
        let (at, known) = (Vec::with_capacity(self.at.len()), Vec::with_capacity(self.at.len()));
        let mut new = Self { at, known, inventory: self.inventory.clone() };
        let mut edits = edits.into_iter().peekable();
        let (mut drift, mut stale) = (0isize, None);
        for (at, known) in self.at.iter().zip(&self.known) {
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
            new.known.push(known.clone());
        }
        let behind = edits.peek().map(|edit| edit.at.start.saturating_add_signed(drift));
        if let Some(from) = stale.or(behind) {
            new.read(text, from..text.len());
        }
        new
    }

    /// Byte ranges of all lines, without their line ends.
    pub fn ranges(&self) -> &[Range<usize>] {
        &self.at
    }

    /// The characters that the lines hold, and `\n`.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// The writing that the lines are mostly in.
    pub fn script(&self) -> Script {
        let mut all = Tally::default();
        self.known.iter().for_each(|known| all += known.look.letters());
        all.script()
    }

    /// The letters of the line at a byte range; `None` where none lies just there.
    pub fn letters(&self, line: &Range<usize>) -> Option<Tally> {
        let at = self.at.binary_search_by_key(&(line.start, line.end), |at| (at.start, at.end)).ok()?;
        Some(self.known[at].look.letters())
    }

    /// What each line looks like.
    pub fn looks(&self) -> impl Iterator<Item = (&Range<usize>, &Look)> {
        self.at.iter().zip(self.known.iter().map(|known| &known.look))
    }

    /// The lines that can hold a disguise, or all, each without its disguises. `text` is the text that these are the
    /// lines of.
    pub fn shadows(&self, text: &str, all: bool) -> impl Iterator<Item = (&Range<usize>, &Shadow)> {
        let lines = self.looks().zip(&self.known).filter(move |((_, look), _)| all || look.may_disguise());
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
            let after = before.after(&edits, &new);
            let fresh = Lines::of(&new);
            prop_assert_eq!(after.ranges(), fresh.ranges());
            prop_assert!(after.looks().map(|(_, look)| look).eq(fresh.looks().map(|(_, look)| look)));
        }
    }
}
