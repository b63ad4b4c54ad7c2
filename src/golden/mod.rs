//! Golden tests: the inline tests of rules and the fixture folders.
//!
//! Invariant: what is expected is read, never computed from what came out; every case is cleaned
//! twice, and the second run must change nothing.

mod accept;
#[allow(clippy::disallowed_methods, reason = "fixtures are the files of the project itself")]
mod fixture;
mod ledger;

use std::fmt;
use std::sync::Arc;

use similar::TextDiff;

use crate::chain::{Chain, Outcome};
use crate::config::{Rule, RuleSet, Test};
pub use accept::accept;
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
    /// True for a test that need not pass yet.
    pub todo: bool,
    /// The test of a rule; none for a fixture.
    pub case: Option<Case>,
}

/// A test of a rule, and what came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The id of the rule.
    pub rule: Arc<str>,
    /// The file or preset that the rule stands in.
    pub origin: Arc<str>,
    /// True where the tests of the rule come from an `override` in another file.
    pub elsewhere: bool,
    /// The number of the test in its rule, from 1.
    pub number: usize,
    /// The text before the rule.
    pub before: String,
    /// The text that came out.
    pub got: String,
}

impl Verdict {
    /// True where the run as a whole has failed because of this test.
    pub fn failed(&self) -> bool {
        self.status != Status::Passed && !self.todo
    }

    /// True where what came out may be made the expectation. A result that is not stable is none.
    pub fn acceptable(&self) -> bool {
        self.failed() && matches!(self.status, Status::Missed | Status::Harmed | Status::Wrong)
    }
}

/// Runs the inline tests of every rule, each rule alone.
pub fn check_rules(rules: &RuleSet, mut wanted: impl FnMut(&str) -> bool) -> Vec<Verdict> {
    let cases = rules.rules().flat_map(|rule| (1..).zip(&rule.tests).map(move |(number, test)| (rule, number, test)));
    cases
        .filter_map(|(rule, number, test)| {
            let name = format!("{} #{number}", rule.id);
            wanted(&name).then(|| check_rule(name, number, rule, test))
        })
        .collect()
}

fn check_rule(name: String, number: usize, rule: &Arc<Rule>, test: &Test) -> Verdict {
    let chain = Chain::new(vec![rule.clone()]);
    let outcome = match chain.clean_text(test.before.clone()) {
        Ok(outcome) => outcome,
        Err(error) => {
            return Verdict { name, status: Status::Wrong, diff: error.to_string(), todo: test.todo, case: None };
        }
    };
    let got = outcome.text.current();
    let case = Case {
        rule: rule.id.clone(),
        origin: rule.origin.clone(),
        elsewhere: rule.changed_by.is_some(),
        number,
        before: test.before.clone(),
        got: got.to_owned(),
    };
    let verdict = judge(name, &test.before, &test.after, got, || second(&chain, got));
    Verdict { todo: test.todo, case: Some(case), ..verdict }
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
        return Verdict { name, status, diff: diff(wanted, got), todo: false, case: None };
    }
    let (status, diff) = match second() {
        Some((rule, again)) => (Status::Unstable(rule), diff(got, again.text.current())),
        None => (Status::Passed, String::new()),
    };
    Verdict { name, status, diff, todo: false, case: None }
}

/// A unified diff of what was expected and what came out.
pub fn diff(wanted: &str, got: &str) -> String {
    TextDiff::from_lines(wanted, got).unified_diff().context_radius(2).header("expected", "got").to_string()
}
