//! Tells which rules can have anything to do in a text, in one pass for all of them.
//!
//! Invariant: a rule that is left out would have found nothing.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

use crate::edit::EditSet;
use crate::rules::Needs;

/// The literals of all rules of a chain in one automaton.
#[derive(Debug, Clone)]
pub struct Prefilter {
    literals: Option<AhoCorasick>,
    /// The rule that each literal belongs to.
    owners: Vec<u32>,
    /// Rules that run on every text.
    always: Vec<bool>,
    /// Length of the longest literal, in bytes.
    longest: usize,
}

/// Up to this many literals the automaton is a full table, which reads twice as fast as the
/// compact form and takes about 1 kB a literal.
const TABLE: usize = 4000;

impl Prefilter {
    /// Compiles the needs of the rules of a chain, in their order.
    pub fn new(needs: impl IntoIterator<Item = Needs>) -> Self {
        let (mut literals, mut owners, mut always) = (Vec::new(), Vec::new(), Vec::new());
        for (rule, needs) in (0..).zip(needs) {
            always.push(needs == Needs::Anything);
            if let Needs::OneOf(wanted) = needs {
                owners.extend(std::iter::repeat_n(rule, wanted.len()));
                literals.extend(wanted);
            }
        }
        let kind = if literals.len() <= TABLE { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let longest = literals.iter().map(Vec::len).max().unwrap_or_default();
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(kind))
            .build(&literals);
        match automaton {
            _ if literals.is_empty() => Self { literals: None, owners, always, longest },
            Ok(automaton) => Self { literals: Some(automaton), owners, always, longest },
            // Too many literals for the automaton's numbers: every rule runs.
            Err(_) => Self { literals: None, owners: vec![], always: vec![true; always.len()], longest: 0 },
        }
    }

    /// For each rule whether it can have anything to do in `text`.
    pub fn candidates(&self, text: &str) -> Vec<bool> {
        let mut candidates = self.always.clone();
        self.scan(text, 0..text.len(), &mut candidates);
        candidates
    }

    /// Adds the rules that have something to do since `edits` made `text` what it is: a literal
    /// that was not there before stands across an edit.
    pub fn widen(&self, text: &str, edits: &EditSet, candidates: &mut [bool]) {
        let (mut drift, mut done) = (0isize, 0);
        for edit in edits {
            let start = edit.at.start.saturating_add_signed(drift);
            let end = start + edit.with.len();
            drift += edit.with.len() as isize - edit.at.len() as isize;
            let window = start.saturating_sub(self.longest).max(done)..(end + self.longest).min(text.len());
            if window.start < window.end {
                done = end;
                self.scan(text, window, candidates);
            }
        }
    }

    fn scan(&self, text: &str, window: Range<usize>, candidates: &mut [bool]) {
        let Some(literals) = &self.literals else { return };
        for found in literals.find_overlapping_iter(&text.as_bytes()[window]) {
            candidates[self.owners[found.pattern().as_usize()] as usize] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Edits;

    fn prefilter() -> Prefilter {
        Prefilter::new([Needs::one_of(["责任编辑", "编辑"]), Needs::Anything, Needs::one_of(["www."])])
    }

    #[test]
    fn rules_without_their_literals_are_left_out() {
        assert_eq!(prefilter().candidates("正文"), [false, true, false]);
        assert_eq!(prefilter().candidates("见WWW.example"), [false, true, true]);
        assert_eq!(prefilter().candidates("责任编辑"), [true, true, false]);
    }

    #[test]
    fn a_literal_that_an_edit_makes_is_seen() {
        let text = "一二编-辑三四";
        let mut edits = Edits::default();
        edits.remove(9..10);
        let edits = edits.seal(text, |_| true).0;
        let mut candidates = prefilter().candidates(text);
        assert!(!candidates[0]);
        prefilter().widen(&edits.apply(text), &edits, &mut candidates);
        assert!(candidates[0]);
    }
}
