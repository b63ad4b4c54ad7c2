//! Tells which rules can have anything to do in a text, and where, in one pass for all of them.
//!
//! Invariant: a rule that is left out would have found nothing, and one whose leads are known would have found nothing
//! in a line without one.

mod literals;

use std::ops::Range;

use crate::edit::EditSet;
use crate::rules::Needs;
pub use literals::LONGEST;
use literals::Literals;

/// The literals of all rules of a chain.
#[derive(Debug, Clone)]
pub struct Prefilter {
    literals: Literals,
    /// Rules that run on every text.
    always: Vec<bool>,
}

/// Where each rule of a chain can have something to do in a text, and where each of its signs can be.
#[derive(Debug, Clone)]
pub struct Leads(Vec<Places>);

/// Byte offsets, in order, in all lines in which there can be something; `None` where it can be in any.
pub type Places = Option<Vec<u32>>;

impl Leads {
    /// Byte offsets in the lines in which the rule at place `rule` can have something to do, in order; `None` where it can
    /// in any.
    pub fn of(&self, rule: usize) -> Option<&[u32]> {
        self.0[rule].as_deref()
    }

    /// The same of several in a row.
    pub fn range(&self, at: Range<usize>) -> &[Places] {
        &self.0[at]
    }

    /// True where the rule at place `rule` can have something to do.
    pub fn any(&self, rule: usize) -> bool {
        self.of(rule).is_none_or(|leads| !leads.is_empty())
    }
}

impl Prefilter {
    /// Compiles the needs of the rules of a chain, in their order.
    pub fn new(needs: impl IntoIterator<Item = Needs>) -> Self {
        let needs: Vec<Needs> = needs.into_iter().collect();
        let mut wanted: Vec<(u32, &[u8])> = Vec::new();
        for (rule, needs) in (0..).zip(&needs) {
            if let Needs::OneOf(literals) = needs {
                wanted.extend(literals.iter().map(|literal| (rule, literal.as_slice())));
            }
        }
        let literals = Literals::new(wanted);
        Self { literals, always: needs.iter().map(|needs| *needs == Needs::Anything).collect() }
    }

    /// Where each rule can have something to do in `text`.
    pub fn leads(&self, text: &str) -> Leads {
        let mut leads = Leads(self.always.iter().map(|always| (!always).then(Vec::new)).collect());
        self.scan(text, 0..text.len(), &mut leads, |_| ());
        leads
    }

    /// Brings leads up to what `text` is since `edits` were made: they move with the text, and a literal that was not
    /// there before stands across an edit.
    pub fn follow(&self, text: &str, edits: &EditSet, leads: &mut Leads) {
        let first = edits.into_iter().next().map_or(0, |edit| edit.at.start);
        // Those that may no longer be in order.
        let mut mixed: Vec<usize> = Vec::new();
        for (rule, places) in leads.0.iter_mut().enumerate() {
            let behind = places.as_mut().filter(|places| places.last().is_some_and(|last| *last as usize > first));
            if behind.is_some_and(|places| shift(places, edits)) {
                mixed.push(rule);
            }
        }
        let (mut drift, mut done) = (0isize, 0);
        for edit in edits {
            let start = edit.at.start.saturating_add_signed(drift);
            let end = start + edit.with.len();
            drift += edit.with.len() as isize - edit.at.len() as isize;
            let window = start.saturating_sub(LONGEST).max(done)..end.min(text.len());
            if window.start < window.end {
                done = end;
                self.scan(text, window, leads, |rule| mixed.push(rule));
            }
        }
        mixed.sort_unstable();
        mixed.dedup();
        for rule in mixed {
            if let Some(places) = &mut leads.0[rule] {
                places.sort_unstable();
                places.dedup();
            }
        }
    }

    /// Adds what lies in the window, and tells each rule of which something further on is known already.
    fn scan(&self, text: &str, window: Range<usize>, leads: &mut Leads, mut mixes: impl FnMut(usize)) {
        self.literals.find(text.as_bytes(), window, |rule, at| {
            let (rule, at) = (rule as usize, at as u32);
            if let Some(places) = &mut leads.0[rule] {
                if places.last().is_some_and(|last| *last >= at) {
                    mixes(rule);
                }
                places.push(at);
            }
        });
    }
}

/// Moves offsets as edits move the text they lie in. What lay in a piece that is gone lies where the piece was: it costs
/// a look, and looking is what leads are for.
/// True where some did.
fn shift(leads: &mut [u32], edits: &EditSet) -> bool {
    let (mut leads, mut drift, mut lost) = (leads, 0isize, false);
    let moved = |at: usize, drift: isize| at.saturating_add_signed(drift) as u32;
    for edit in edits {
        let (before, behind) = leads.split_at_mut(leads.partition_point(|lead| (*lead as usize) < edit.at.end));
        let (before, inside) = before.split_at_mut(before.partition_point(|lead| (*lead as usize) < edit.at.start));
        before.iter_mut().for_each(|lead| *lead = moved(*lead as usize, drift));
        inside.fill(moved(edit.at.start, drift));
        lost |= !inside.is_empty();
        drift += edit.with.len() as isize - edit.at.len() as isize;
        leads = behind;
        if leads.is_empty() {
            break;
        }
    }
    leads.iter_mut().for_each(|lead| *lead = moved(*lead as usize, drift));
    lost
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
