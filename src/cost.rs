//! What a chain and each of its rules cost, in time.
//!
//! Invariant: what is measured is what a clean does; only the facts that rules share are found before the rule that asks
//! for them first, so that they are counted for themselves.

use std::time::{Duration, Instant};

use crate::view::{SHARED, View};

/// The costs of one rule.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    /// All its looks together.
    pub time: Duration,
    /// How many texts it looked at; a text that was changed since is another.
    pub looks: u64,
    /// How many of these looks found something to change.
    pub finds: u64,
}

/// The costs of a chain over any number of texts.
#[derive(Debug, Clone)]
pub struct Costs {
    /// By rule, in the order of the chain.
    pub rules: Vec<Cost>,
    /// Finding out which rules have anything to do, and where.
    pub prefilter: Duration,
    /// Facts that rules share, by name.
    pub shared: Vec<(&'static str, Duration)>,
    /// Making the changes.
    pub edits: Duration,
}

impl Costs {
    /// Nothing spent yet by a chain of so many rules.
    pub fn new(rules: usize) -> Self {
        Self {
            rules: vec![Cost::default(); rules],
            prefilter: Duration::ZERO,
            shared: SHARED.iter().map(|(name, _)| (*name, Duration::ZERO)).collect(),
            edits: Duration::ZERO,
        }
    }

    /// All of it.
    pub fn total(&self) -> Duration {
        let rules: Duration = self.rules.iter().map(|rule| rule.time).sum();
        let shared: Duration = self.shared.iter().map(|(_, time)| *time).sum();
        rules + shared + self.prefilter + self.edits
    }

    pub(crate) fn find_shared(&mut self, view: &View) {
        for ((_, find), (_, time)) in SHARED.iter().zip(&mut self.shared) {
            *time += timed(|| find(view)).1;
        }
    }
}

/// What `work` gives, and how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let result = work();
    (result, began.elapsed())
}
