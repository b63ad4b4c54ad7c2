//! Tells which rules can have anything to do in a text, and where, in one pass for all of them.
//!
//! Invariant: a rule that is left out would have found nothing, and one whose leads are known would have found nothing
//! in a line without one.

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

/// Where each rule of a chain can have something to do in a text.
#[derive(Debug, Clone)]
pub struct Leads(Vec<Option<Vec<u32>>>);

impl Leads {
    /// Byte offsets in the lines in which the rule at place `rule` can have something to do, in order; `None` where it can
    /// in any.
    pub fn of(&self, rule: usize) -> Option<&[u32]> {
        self.0[rule].as_deref()
    }

    /// True where the rule at place `rule` can have something to do.
    pub fn any(&self, rule: usize) -> bool {
        self.of(rule).is_none_or(|leads| !leads.is_empty())
    }
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

    /// Where each rule can have something to do in `text`.
    pub fn leads(&self, text: &str) -> Leads {
        let mut leads = Leads(self.always.iter().map(|always| (!always).then(Vec::new)).collect());
        self.scan(text, 0..text.len(), &mut leads);
        leads
    }

    /// Brings leads up to what `text` is since `edits` were made: they move with the text, and a literal that was not
    /// there before stands across an edit.
    pub fn follow(&self, text: &str, edits: &EditSet, leads: &mut Leads) {
        for rule in leads.0.iter_mut().flatten().filter(|rule| !rule.is_empty()) {
            shift(rule, edits);
        }
        let (mut drift, mut done) = (0isize, 0);
        for edit in edits {
            let start = edit.at.start.saturating_add_signed(drift);
            let end = start + edit.with.len();
            drift += edit.with.len() as isize - edit.at.len() as isize;
            let window = start.saturating_sub(self.longest).max(done)..(end + self.longest).min(text.len());
            if window.start < window.end {
                done = end;
                self.scan(text, window, leads);
            }
        }
        for rule in leads.0.iter_mut().flatten().filter(|rule| !rule.is_sorted_by(|a, b| a < b)) {
            rule.sort_unstable();
            rule.dedup();
        }
    }

    fn scan(&self, text: &str, window: Range<usize>, leads: &mut Leads) {
        let Some(literals) = &self.literals else { return };
        for found in literals.find_overlapping_iter(&text.as_bytes()[window.clone()]) {
            if let Some(rule) = &mut leads.0[self.owners[found.pattern().as_usize()] as usize] {
                rule.push((window.start + found.start()) as u32);
            }
        }
    }
}

/// Moves offsets as edits move the text they lie in. What lay in a piece that is gone lies where the piece was: it costs
/// a look, and looking is what leads are for.
fn shift(leads: &mut [u32], edits: &EditSet) {
    let (mut drift, mut edits) = (0isize, edits.into_iter().peekable());
    for lead in leads {
        let at = *lead as usize;
        while let Some(edit) = edits.next_if(|edit| edit.at.end <= at) {
            drift += edit.with.len() as isize - edit.at.len() as isize;
        }
        let at = edits.peek().map_or(at, |edit| at.min(edit.at.start));
        *lead = at.saturating_add_signed(drift) as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Edits;

    fn prefilter() -> Prefilter {
        Prefilter::new([Needs::one_of(["责任编辑", "编辑"]), Needs::Anything, Needs::one_of(["www."])])
    }

    fn leads(text: &str) -> Vec<Option<Vec<u32>>> {
        prefilter().leads(text).0
    }

    #[test]
    fn rules_without_their_literals_are_left_out() {
        assert_eq!(leads("正文"), [Some(vec![]), None, Some(vec![])]);
        assert_eq!(leads("见WWW.example"), [Some(vec![]), None, Some(vec![3])]);
        assert_eq!(leads("责任编辑"), [Some(vec![0, 6]), None, Some(vec![])]);
    }

    #[test]
    fn a_literal_that_an_edit_makes_is_seen() {
        let text = "一二编-辑三四www.";
        let mut edits = Edits::default();
        edits.remove(0..3);
        edits.remove(9..10);
        let edits = edits.seal(text, |_| true).0;
        let mut leads = prefilter().leads(text);
        assert!(!leads.any(0) && leads.of(2) == Some(&[19]));
        prefilter().follow(&edits.apply(text), &edits, &mut leads);
        assert_eq!((leads.of(0), leads.of(2)), (Some(&[3][..]), Some(&[15][..])));
    }
}
