//! What a chain and each of its rules cost, in time.
//!
//! Invariant: what is measured is what a clean does; only the facts that rules share are found before the rule that asks
//! for them first, so that they are counted for themselves.

use std::time::{Duration, Instant};

use crate::edit::EditSet;
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

impl Cost {
    pub(crate) fn measure(&mut self, look: impl FnOnce() -> EditSet) -> EditSet {
        let (found, time) = timed(look);
        self.time += time;
        self.looks += 1;
        self.finds += u64::from(!found.is_empty());
        found
    }
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

/// What `work` gives; the time it took is added where `to` says, if anyone counts.
pub(crate) fn clocked<T>(
    costs: Option<&mut Costs>,
    to: impl FnOnce(&mut Costs) -> &mut Duration,
    work: impl FnOnce() -> T,
) -> T {
    let Some(costs) = costs else { return work() };
    let (result, time) = timed(work);
    *to(costs) += time;
    result
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let result = work();
    (result, began.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Document, RuleSet};

    #[test]
    fn a_measured_clean_does_what_a_clean_does_and_counts_it() {
        let yaml = "version: 1\nrules:\n  - id: advert\n    remove: { match: 广告 }\n  - id: page\n    remove: { line: 第三页 }\n";
        let chain = RuleSet::parse("rules", yaml).unwrap().chain();
        let mut costs = Costs::new(chain.rules().len());
        for (text, cleaned) in [("一广告二\n", "一二\n"), ("三\n", "三\n")] {
            let outcome = chain.measure(text.to_owned(), Document::SNIPPET, &mut costs).unwrap();
            assert_eq!(outcome.text.current(), cleaned);
        }
        // The first looks at one text, and once more at what it made of it; the second has no lead.
        assert_eq!(costs.rules.iter().map(|rule| (rule.looks, rule.finds)).collect::<Vec<_>>(), [(2, 1), (0, 0)]);
        assert!(costs.total() >= costs.rules[0].time + costs.prefilter);
    }
}
