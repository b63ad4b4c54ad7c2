//! Golden tests: the inline tests of rules and the fixture folders.
//!
//! Invariant: what is expected is read, never computed from what came out; every case is cleaned
//! twice, and the second run must change nothing.

#[allow(clippy::disallowed_methods, reason = "fixtures are the files of the project itself")]
mod fixture;
mod ledger;

use std::fmt;
use std::sync::Arc;

use similar::TextDiff;

use crate::chain::{Chain, Outcome};
use crate::config::{Rule, RuleSet, Test};
pub use fixture::{Fixture, FixtureError, fixtures};
pub use ledger::ledger;

/// How a case came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// As expected.
    Passed,
    /// Nothing was changed where something should have been.
    Missed,
    /// Something was changed where nothing should have been.
    Harmed,
    /// Something was changed, and not as expected.
    Wrong,
    /// A second run changed something more; the rule that did.
    Unstable(Arc<str>),
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Status::Passed => f.write_str("passed"),
            Status::Missed => f.write_str("missed"),
            Status::Harmed => f.write_str("harmed"),
            Status::Wrong => f.write_str("wrong"),
            Status::Unstable(rule) => write!(f, "unstable ({rule})"),
        }
    }
}

/// One case and how it came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// `rule-id #2` or `fixture name`.
    pub name: String,
    /// How it came out.
    pub status: Status,
    /// What was expected against what came out, as a unified diff; empty where it passed.
    pub diff: String,
}

/// Runs the inline tests of every rule, each rule alone.
pub fn check_rules(rules: &RuleSet, mut wanted: impl FnMut(&str) -> bool) -> Vec<Verdict> {
    let cases = rules.rules().flat_map(|rule| (1..).zip(&rule.tests).map(move |(number, test)| (rule, number, test)));
    cases
        .filter_map(|(rule, number, test)| {
            let name = format!("{} #{number}", rule.id);
            wanted(&name).then(|| check_rule(name, rule, test))
        })
        .collect()
}

fn check_rule(name: String, rule: &Arc<Rule>, test: &Test) -> Verdict {
    let (before, after) = match test {
        Test::Change { before, after } => (before, after),
        Test::Keep(text) => (text, text),
    };
    let chain = Chain::new(vec![rule.clone()]);
    match chain.clean_text(before.clone()) {
        Ok(outcome) => {
            let got = outcome.text.current();
            judge(name, before, after, got, || second(&chain, got))
        }
        Err(error) => Verdict { name, status: Status::Wrong, diff: error.to_string() },
    }
}

/// The first rule that changes a text that was cleaned already.
fn second(chain: &Chain, cleaned: &str) -> Option<(Arc<str>, Outcome)> {
    let again = chain.clean_text(cleaned.to_owned()).ok()?;
    let rule = again.changes.first()?.rule.clone();
    Some((rule, again))
}

fn judge(
    name: String,
    before: &str,
    wanted: &str,
    got: &str,
    second: impl FnOnce() -> Option<(Arc<str>, Outcome)>,
) -> Verdict {
    if got != wanted {
        let status = match () {
            () if got == before => Status::Missed,
            () if wanted == before => Status::Harmed,
            () => Status::Wrong,
        };
        return Verdict { name, status, diff: diff(wanted, got) };
    }
    match second() {
        Some((rule, again)) => Verdict { name, status: Status::Unstable(rule), diff: diff(got, again.text.current()) },
        None => Verdict { name, status: Status::Passed, diff: String::new() },
    }
}

/// A unified diff of what was expected and what came out.
pub fn diff(wanted: &str, got: &str) -> String {
    TextDiff::from_lines(wanted, got).unified_diff().context_radius(2).header("expected", "got").to_string()
}
