//! The chain: runs rules one after another over a text and records every change.
//!
//! Invariant: the changes, undone from last to first, give the text back; the same text and rules
//! give the same changes.

use std::sync::Arc;

use crate::config::{Rule, Safety};
use crate::edit::{EditSet, Edits, Note};
use crate::place::{Cursor, Place};
use crate::prefilter::Prefilter;
use crate::text::{Text, TooLong};
use crate::view::{Facts, View};

/// One edit that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Id of the rule.
    pub rule: Arc<str>,
    /// The number of the rule in the chain, from 1.
    pub step: u32,
    /// Byte offset in the text that the rule saw.
    pub at: usize,
    /// Where it stands in the original.
    pub place: Place,
    /// What stood there.
    pub before: String,
    /// What stands there now.
    pub after: String,
}

/// Something that a rule pointed at and left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Id of the rule.
    pub rule: Arc<str>,
    /// Where it stands in the original.
    pub place: Place,
    /// The text pointed at.
    pub text: String,
    /// One sentence.
    pub why: String,
}

/// A rule that held back because it would have gone over its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Skip {
    /// Id of the rule.
    pub rule: Arc<str>,
    /// The share of the text it would have taken away, 0 to 1.
    pub share: f64,
    /// The share it may take away.
    pub limit: f64,
}

/// What a chain did to a text.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The text, original and cleaned.
    pub text: Text,
    /// In the order in which they were made.
    pub changes: Vec<Change>,
    /// By rule, then by place.
    pub reports: Vec<Report>,
    /// By rule.
    pub skips: Vec<Skip>,
}

/// Rules in the order in which they run.
#[derive(Debug, Clone)]
pub struct Chain {
    rules: Vec<Arc<Rule>>,
    prefilter: Prefilter,
}

impl Chain {
    pub(crate) fn new(rules: Vec<Arc<Rule>>) -> Self {
        let prefilter = Prefilter::new(rules.iter().map(|rule| rule.body.needs()));
        Self { rules, prefilter }
    }

    /// The rules, in order.
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    /// Runs all rules over a text.
    pub fn clean_text(&self, text: String) -> Result<Outcome, TooLong> {
        let mut run = Outcome { text: Text::new(text)?, changes: vec![], reports: vec![], skips: vec![] };
        let mut facts = Facts::default();
        let mut candidates = self.prefilter.candidates(run.text.current());
        for (at, rule) in self.rules.iter().enumerate() {
            if !candidates[at] {
                debug_assert!(run.is_idle(rule, &facts), "{} has something to do without what it needs", rule.id);
                continue;
            }
            let edits = run.look(rule, &facts);
            if !edits.is_empty() {
                run.record(rule, at as u32 + 1, &edits);
                run.text.apply(&edits)?;
                self.prefilter.widen(run.text.current(), &edits, &mut candidates);
                facts = Facts::default();
            }
        }
        Ok(run)
    }
}

impl Outcome {
    /// The edits of one rule that may be made; what may not is reported.
    fn look(&mut self, rule: &Rule, facts: &Facts) -> EditSet {
        let text = self.text.current();
        let whole = View::new(text, facts);
        let view = whole.within(rule.place.region(&whole));
        let mut edits = Edits::default();
        rule.body.edits(&view, &mut edits);
        if edits.is_empty() {
            return EditSet::default();
        }
        let (region, guarded) = (view.region(), rule.body.shields());
        let (mut edits, mut notes) =
            edits.seal(text, |at| region.start <= at.start && at.end <= region.end && !view.shields().hit(at, guarded));
        if rule.safety == Safety::Report {
            notes.extend(std::mem::take(&mut edits).into_notes());
            notes.sort_by_key(|note| note.at.start);
        }
        if let Some(limit) = rule.limit {
            let share = edits.shrinkage() as f64 / text.len().max(1) as f64;
            if share > limit.share {
                self.skips.push(Skip { rule: rule.id.clone(), share, limit: limit.share });
                edits = EditSet::default();
            }
        }
        self.report(rule, &notes);
        edits
    }

    /// True where a rule finds nothing; what the prefilter promises, looked at in debug builds.
    fn is_idle(&self, rule: &Rule, facts: &Facts) -> bool {
        let mut edits = Edits::default();
        rule.body.edits(&View::new(self.text.current(), facts), &mut edits);
        edits.is_empty()
    }

    fn record(&mut self, rule: &Rule, step: u32, edits: &EditSet) {
        let mut cursor = Cursor::new(self.text.original());
        self.changes.extend(edits.into_iter().map(|edit| Change {
            rule: rule.id.clone(),
            step,
            at: edit.at.start,
            place: cursor.place(self.text.to_original(edit.at.clone()).start),
            before: self.text.current()[edit.at.clone()].to_owned(),
            after: edit.with.to_string(),
        }));
    }

    fn report(&mut self, rule: &Rule, notes: &[Note]) {
        let mut cursor = Cursor::new(self.text.original());
        self.reports.extend(notes.iter().map(|note| Report {
            rule: rule.id.clone(),
            place: cursor.place(self.text.to_original(note.at.clone()).start),
            text: self.text.current()[note.at.clone()].to_owned(),
            why: note.why.to_string(),
        }));
    }
}
