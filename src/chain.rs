//! The chain: runs rules one after another over a text and records every change.
//!
//! Invariant: the changes, undone from last to first, give the text back; the same text and rules
//! give the same changes; a text that comes out has nothing left that a rule whose kind settles
//! would change, unless the rules undo one another.

use std::ops::Range;
use std::sync::Arc;

use crate::config::{Document, Rule, Safety, Subject};
use crate::cost::{Costs, clocked};
use crate::edit::{EditSet, Edits, Note};
use crate::place::{Cursor, Place};
use crate::prefilter::{Leads, Prefilter};
use crate::rules::Needs;
use crate::text::{Text, TooLong};
use crate::view::{Facts, Led, View};

/// One edit that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Id of the rule.
    pub rule: Arc<str>,
    /// The number of the pass over the text that made it, from 1.
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
    /// Of all rules, and then of all their signs.
    prefilter: Prefilter,
    /// By rule, which leads are those of its signs.
    signs: Vec<Range<usize>>,
}

impl Chain {
    pub(crate) fn new(rules: Vec<Arc<Rule>>) -> Self {
        let mut needs: Vec<Needs> = rules.iter().map(|rule| rule.body.needs()).collect();
        let signs = rules.iter().map(|rule| {
            let from = needs.len();
            needs.extend(rule.body.signs());
            from..needs.len()
        });
        let signs = signs.collect();
        Self { rules, prefilter: Prefilter::new(needs), signs }
    }

    /// The rules, in order.
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    /// Runs the rules over a text of which nothing else is known; see [`Chain::clean_document`].
    pub fn clean_text(&self, text: String) -> Result<Outcome, TooLong> {
        self.clean_document(text, Document::SNIPPET)
    }

    /// Runs the rules that are for such a document over its text, in order, and round again until
    /// none of them finds anything more: what one rule takes away may be all that hid a line from
    /// another, and a text that comes out clean must stay as it is when it is cleaned again.
    pub fn clean_document(&self, text: String, document: Document) -> Result<Outcome, TooLong> {
        self.run(text, document, None)
    }

    /// The same, and adds what it cost to `costs`, which must be of this chain.
    pub fn measure(&self, text: String, document: Document, costs: &mut Costs) -> Result<Outcome, TooLong> {
        self.run(text, document, Some(costs))
    }

    fn run(&self, text: String, document: Document, mut costs: Option<&mut Costs>) -> Result<Outcome, TooLong> {
        let mut run = Run::new(text, self.rules.len())?;
        let subject = Subject::new(document, View::new(run.text.original(), &run.facts));
        let meant: Vec<bool> = self.rules.iter().map(|rule| rule.when.holds(&subject)).collect();
        let mut leads =
            clocked(costs.as_deref_mut(), |costs| &mut costs.prefilter, || self.prefilter.leads(run.text.current()));
        let mut idle = 0;
        for (step, (at, rule)) in (1..).zip(self.rules.iter().enumerate().cycle().take(self.rules.len() * ROUNDS)) {
            let again = step as usize > self.rules.len();
            let led = self.led(&leads, at);
            let edits = match meant[at] && leads.any(at) && (!again || rule.body.settles()) {
                true => match &mut costs {
                    None => run.look(at, rule, led),
                    Some(costs) => {
                        costs.find_shared(&View::new(run.text.current(), &run.facts));
                        costs.rules[at].measure(|| run.look(at, rule, led))
                    }
                },
                false => EditSet::default(),
            };
            debug_assert!(run.misses_nothing(rule, led), "{} acts without what it needs", rule.id);
            if edits.is_empty() {
                idle += 1;
                if idle == self.rules.len() {
                    break;
                }
                continue;
            }
            idle = 0;
            clocked(
                costs.as_deref_mut(),
                |costs| &mut costs.edits,
                || {
                    run.record(rule, step, &edits);
                    run.apply(&edits)?;
                    self.prefilter.follow(run.text.current(), &edits, &mut leads);
                    Ok(())
                },
            )?;
        }
        Ok(run.finish())
    }

    /// Where the rule at this place has something to do.
    fn led<'l>(&self, leads: &'l Leads, at: usize) -> Led<'l> {
        Led { leads: leads.of(at), signs: Some(leads.range(self.signs[at].clone())) }
    }
}

/// After this many rounds the text is left as it is, so that rules that undo one another end.
const ROUNDS: usize = 8;

/// A text on its way through a chain.
struct Run {
    text: Text,
    facts: Facts,
    changes: Vec<Change>,
    /// By rule: what it pointed at when it last saw the text.
    reports: Vec<Vec<Report>>,
    /// By rule: that it held back when it last saw the text.
    skips: Vec<Option<Skip>>,
}

impl Run {
    fn new(text: String, rules: usize) -> Result<Self, TooLong> {
        Ok(Self {
            text: Text::new(text)?,
            facts: Facts::default(),
            changes: vec![],
            reports: vec![vec![]; rules],
            skips: vec![None; rules],
        })
    }

    fn finish(self) -> Outcome {
        Outcome {
            text: self.text,
            changes: self.changes,
            reports: self.reports.into_iter().flatten().collect(),
            skips: self.skips.into_iter().flatten().collect(),
        }
    }

    fn apply(&mut self, edits: &EditSet) -> Result<(), TooLong> {
        self.text.apply(edits)?;
        self.facts = self.facts.after(edits, self.text.current());
        Ok(())
    }

    /// The edits of the rule at place `at` that may be made; what may not is reported.
    fn look(&mut self, at: usize, rule: &Rule, led: Led) -> EditSet {
        let text = self.text.current();
        let (mut edits, mut notes) = find(rule, text, &self.facts, led);
        self.skips[at] = None;
        if rule.safety == Safety::Report {
            notes.extend(std::mem::take(&mut edits).into_notes());
            notes.sort_by_key(|note| note.at.start);
        }
        if let Some(limit) = rule.limit.filter(|_| !edits.is_empty()) {
            let share = edits.shrinkage() as f64 / text.len().max(1) as f64;
            if share > limit.share {
                self.skips[at] = Some(Skip { rule: rule.id.clone(), share, limit: limit.share });
                edits = EditSet::default();
            }
        }
        if rule.place.is_part() && goes_on(rule, text, &self.facts, &edits) {
            notes.extend(std::mem::take(&mut edits).into_notes().take(1).map(|first| Note {
                why: "left alone: lines like it go on beyond the part of the text that the rule is for".into(),
                ..first
            }));
        }
        self.reports[at] = self.report(rule, &notes);
        edits
    }

    /// True where a rule finds as much by its leads as without; what the prefilter promises, looked at in debug builds.
    fn misses_nothing(&self, rule: &Rule, led: Led) -> bool {
        let text = self.text.current();
        led.leads.is_none() || find(rule, text, &self.facts, led) == find(rule, text, &self.facts, Led::default())
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

    fn report(&self, rule: &Rule, notes: &[Note]) -> Vec<Report> {
        let mut cursor = Cursor::new(self.text.original());
        let report = |note: &Note| Report {
            rule: rule.id.clone(),
            place: cursor.place(self.text.to_original(note.at.clone()).start),
            text: self.text.current()[note.at.clone()].to_owned(),
            why: note.why.to_string(),
        };
        notes.iter().map(report).collect()
    }
}

/// What a rule wants to do to a text, in its region and outside what its kind must not touch.
fn find(rule: &Rule, text: &str, facts: &Facts, led: Led) -> (EditSet, Vec<Note>) {
    let whole = View::new(text, facts);
    let view = whole.within(rule.place.range(&whole)).led_by(led);
    let mut edits = Edits::default();
    rule.body.edits(&view, &mut edits);
    if edits.is_empty() {
        return Default::default();
    }
    let (region, guarded) = (view.region(), rule.body.shields().with(rule.place.guarded));
    edits.seal(text, |at| region.start <= at.start && at.end <= region.end && !view.shields().hit(at, guarded))
}

/// A head or tail that a rule takes away lets the lines behind it move up. Where the rule finds its
/// like there, and behind them again, they are no head or tail: a site adds a few lines, and a list
/// of a hundred is what the author wrote.
fn goes_on(rule: &Rule, text: &str, facts: &Facts, edits: &EditSet) -> bool {
    if edits.is_empty() {
        return false;
    }
    let behind = edits.apply(text);
    let facts = facts.after(edits, &behind);
    let (more, _) = find(rule, &behind, &facts, Led::default());
    if more.is_empty() {
        return false;
    }
    let behind = more.apply(&behind);
    let facts = facts.after(&more, &behind);
    !find(rule, &behind, &facts, Led::default()).0.is_empty()
}
