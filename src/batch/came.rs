//! What came of a file.
//!
//! Invariant: what is told of a file, what its records say and what the counts of the run hold come from the same facts.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::chain::Outcome;
use crate::decode::{Encoding, Source};
use crate::fight::{Fight, fights};
use crate::log::{self, Counts, Name, Record, Sides, Tally};
use crate::write::Staged;

/// The most lines, and places where rules undo one another, that are told of one by one for a file.
pub(super) const TOLD: usize = 5;

/// What came of one entry.
#[derive(Debug)]
pub struct Done {
    /// The path as the user would write it.
    pub input: PathBuf,
    /// The file that the result went, or would go, to.
    pub place: Option<PathBuf>,
    /// What came of it.
    pub came: Came,
}

/// What came of an entry.
#[derive(Debug)]
pub enum Came {
    /// It was cleaned.
    Cleaned(Box<Facts>),
    /// It is not for cleaning; why.
    Skipped(String),
    /// It could not be cleaned.
    Failed {
        /// What could not be done.
        what: &'static str,
        /// Why not.
        why: String,
    },
}

/// What is said of a cleaned file.
#[derive(Debug)]
pub struct Facts {
    /// The encoding it was in.
    pub encoding: Encoding,
    /// Whether that may be relied on without a look at the text.
    pub sure: bool,
    /// The next likely encoding that gives another text.
    pub runner_up: Option<Encoding>,
    /// Whether a byte order mark stood before the text.
    pub bom: bool,
    /// Whether not all its lines ended with `\n`.
    pub line_ends: bool,
    /// Bytes that were not valid in that encoding.
    pub bad: usize,
    /// Bytes of the file.
    pub in_bytes: u64,
    /// Bytes of its cleaned text.
    pub out_bytes: u64,
    /// Whether these bytes are others.
    pub changed: bool,
    /// Whether this is known from an earlier clean, whose result stands in its place already.
    pub kept: bool,
    /// Whether undo can give back no more than the document of a packed file.
    pub repacked: bool,
    /// What was in its lines, for a file of JSON Lines.
    pub rows: Option<Counts>,
    /// The first of its lines that stay as they are because they cannot be read, and why.
    pub alone: Vec<(u64, String)>,
    /// How many changes each rule made.
    pub rules: BTreeMap<Arc<str>, u64>,
    /// The rules that held back.
    pub held: Vec<Arc<str>>,
    /// The first places where rules undid one another.
    pub fights: Vec<Fight>,
    /// The unified diff, where it was asked for.
    pub diff: Option<String>,
    /// The cleaned text, where it goes to standard output.
    pub text: Option<String>,
}

/// What a thread made of an entry.
pub(super) struct Made {
    pub done: Done,
    pub lines: Vec<u8>,
    pub staged: Option<Staged>,
    /// It is a file of JSON Lines, large enough to be cleaned on all threads when its turn comes.
    pub later: bool,
    pub name: Name,
}

impl Made {
    /// Takes back that it was cleaned.
    pub fn fail(&mut self, what: &'static str, why: String) {
        self.done.came = Came::Failed { what, why };
        self.lines.clear();
        self.record();
    }

    /// Notes what came of it.
    pub fn end(&mut self, came: Result<Facts, Came>, logged: bool) {
        match came {
            Ok(facts) => self.done.came = Came::Cleaned(Box::new(facts)),
            Err(came) => {
                self.done.came = came;
                self.staged = None;
                self.lines.clear();
            }
        }
        if logged {
            self.record();
        }
    }

    /// The record of what was not cleaned.
    fn record(&mut self) {
        let name = Cow::Borrowed(&self.name);
        let record = match &self.done.came {
            Came::Cleaned(_) => return,
            Came::Skipped(why) => Record::Skip(log::Skip { name, why: why.into() }),
            Came::Failed { what, why } => Record::Error(log::Error { name, what: (*what).into(), why: why.into() }),
        };
        record.write(&mut self.lines);
    }
}

impl Done {
    /// Adds this to the counts of a run.
    pub(super) fn count(&self, tally: &mut Tally) {
        let facts = match &self.came {
            Came::Cleaned(facts) => facts,
            Came::Skipped(_) => return tally.skipped += 1,
            Came::Failed { .. } => return tally.failed += 1,
        };
        tally.files += 1;
        if let Some(counts) = facts.rows {
            let all = tally.rows.get_or_insert_default();
            all.texts += counts.texts;
            all.kept += counts.kept;
        }
        tally.changed += u64::from(facts.changed);
        tally.in_bytes += facts.in_bytes;
        tally.out_bytes += facts.out_bytes;
        *tally.encodings.entry(facts.encoding.to_string()).or_default() += 1;
        for (rule, count) in &facts.rules {
            *tally.rules.entry(rule.clone()).or_default() += count;
        }
        for rule in &facts.held {
            *tally.held.entry(rule.clone()).or_default() += 1;
        }
    }
}

/// What the rules did to one text or many.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// How many changes each rule made.
    pub rules: BTreeMap<Arc<str>, u64>,
    /// The rules that held back.
    pub held: BTreeSet<Arc<str>>,
    /// The first places where rules undid one another.
    pub fights: Vec<Fight>,
}

impl Findings {
    /// Adds what was done to a text.
    pub fn see(&mut self, outcome: &Outcome) {
        for change in &outcome.changes {
            *self.rules.entry(change.rule.clone()).or_default() += 1;
        }
        self.held.extend(outcome.skips.iter().map(|skip| skip.rule.clone()));
        self.tell_of(fights(&outcome.changes));
    }

    /// Adds what was done to other texts of the same file.
    pub fn add(&mut self, other: Self) {
        for (rule, count) in other.rules {
            *self.rules.entry(rule).or_default() += count;
        }
        self.held.extend(other.held);
        self.tell_of(other.fights);
    }

    fn tell_of(&mut self, fights: Vec<Fight>) {
        self.fights.extend(fights.into_iter().take(TOLD.saturating_sub(self.fights.len())));
    }

    /// All changes.
    pub fn changes(&self) -> u64 {
        self.rules.values().sum()
    }
}

impl Facts {
    /// What is said of a file, apart from what was asked for.
    pub(super) fn new(source: &Source, sides: Sides, findings: Findings) -> Self {
        Self {
            encoding: source.encoding,
            sure: source.sure,
            runner_up: source.runner_up,
            bom: source.bom,
            line_ends: !source.line_ends.is_lf(),
            bad: source.bad_bytes(),
            in_bytes: sides.before.bytes,
            out_bytes: sides.after.bytes,
            changed: sides.differ(),
            kept: false,
            repacked: false,
            rows: None,
            alone: Vec::new(),
            rules: findings.rules,
            held: findings.held.into_iter().collect(),
            fights: findings.fights,
            diff: None,
            text: None,
        }
    }
}
