//! Rules that undo one another.
//!
//! Invariant: told from the changes of one run alone; a rule that changes what another left, and is not changed back,
//! fights nobody.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::chain::Change;
use crate::place::Place;

/// A place where a rule did the same twice, since another put back what it took away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fight {
    /// Where it stands in the original.
    #[serde(flatten)]
    pub place: Place,
    /// The rule that came first.
    pub first: Arc<str>,
    /// The rule that came between.
    pub second: Arc<str>,
}

/// The fights in the changes of a run, at most one a place, in the order of the text.
pub fn fights(changes: &[Change]) -> Vec<Fight> {
    let mut order: Vec<&Change> = changes.iter().collect();
    order.sort_by_key(|change| (change.place.line, change.place.column, change.step));
    let mut found: Vec<Fight> = Vec::new();
    for same in order.chunk_by(|a, b| a.place == b.place) {
        // The same change in the same place: somebody has put back what it took away.
        let alike = |a: &Change, b: &Change| a.rule == b.rule && a.before == b.before && a.after == b.after;
        let twice = (1..same.len()).find_map(|at| {
            let earlier = same[..at].iter().rev().find(|other| alike(other, same[at]))?;
            Some((*earlier, same[at]))
        });
        let Some((earlier, later)) = twice else { continue };
        // What was put back stands at either end of its place.
        let distance = |other: &&Change| other.place.column.abs_diff(later.place.column);
        let between = changes.iter().filter(|other| {
            other.rule != later.rule
                && (earlier.step..later.step).contains(&other.step)
                && other.place.line == later.place.line
        });
        if let Some(other) = between.min_by_key(distance) {
            found.push(Fight { place: later.place, first: later.rule.clone(), second: other.rule.clone() });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RuleSet;

    fn fights_of(rules: &str, text: &str) -> Vec<(String, String)> {
        let set = RuleSet::parse("test", &format!("version: 1\nrules:\n{rules}")).unwrap();
        let outcome = set.chain().clean_text(text.to_owned()).unwrap();
        fights(&outcome.changes).into_iter().map(|fight| (fight.first.to_string(), fight.second.to_string())).collect()
    }

    #[test]
    fn a_chain_that_fights_is_found_out() {
        let rules = "  - { id: a, remove: { match: x } }\n  - { id: b, replace: { match: 'a(b)', with: 'ax$1' } }\n";
        assert_eq!(fights_of(rules, "一axb一\n"), [("a".to_owned(), "b".to_owned())]);
        assert_eq!(fights_of(rules, "一ab一\n"), []);
        let peace = "  - { id: a, remove: { match: x } }\n  - { id: b, replace: { match: 'ab', with: c } }\n";
        assert_eq!(fights_of(peace, "一axb一\n"), []);
    }

    #[test]
    fn rules_that_undo_one_another_are_found() {
        let change = |rule: &str, step| Change {
            rule: rule.into(),
            step,
            at: 0,
            place: Place { line: 1, column: 1 },
            before: String::new(),
            after: String::new(),
        };
        let back = fights(&[change("a", 1), change("b", 2), change("a", 3), change("b", 4)]);
        assert_eq!(back.len(), 1);
        assert_eq!((&*back[0].first, &*back[0].second), ("a", "b"));
        assert_eq!(fights(&[change("a", 1), change("b", 2), change("c", 3)]), []);
        assert_eq!(fights(&[change("a", 1), change("a", 3), change("b", 4)]), []);
    }
}
