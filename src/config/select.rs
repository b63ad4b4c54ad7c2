//! Which rules of a set run.
//!
//! Invariant: a name that no rule has is an error; a rule that only reports never changes a text.

use super::{Rule, RuleSet, Safety, unknown};
use crate::chain::Chain;

/// What the caller asks for. A name is an id, or `tag:` and a tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these rules; all where empty.
    pub only: Vec<String>,
    /// Not these rules.
    pub skip: Vec<String>,
    /// Risky rules as well.
    pub risky: bool,
}

/// A rule was asked for that is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}\n  help: {help}")]
pub struct UnknownRule {
    what: String,
    help: String,
}

impl Selection {
    /// Why a rule that is not disabled does not run; `None` where it does. A risky rule named in `only` runs
    /// without `risky`.
    pub fn off(&self, rule: &Rule) -> Option<&'static str> {
        let named = |names: &[String]| names.iter().any(|name| rule.is_called(name));
        match () {
            () if named(&self.skip) => Some("skipped"),
            () if !self.only.is_empty() => (!named(&self.only)).then_some("not asked for"),
            () => (rule.safety == Safety::Risky && !self.risky).then_some("risky"),
        }
    }
}

impl Rule {
    /// True where `name` is its id, or `tag:` and one of its tags.
    pub fn is_called(&self, name: &str) -> bool {
        match name.strip_prefix("tag:") {
            Some(tag) => self.tags.iter().any(|known| known == tag.trim()),
            None => *self.id == *name,
        }
    }
}

impl RuleSet {
    /// The chain of the rules asked for.
    pub fn select(&self, selection: &Selection) -> Result<Chain, UnknownRule> {
        for name in selection.only.iter().chain(&selection.skip) {
            if !self.rules().any(|rule| rule.is_called(name)) {
                let (what, help) = unknown(name, self.rules().map(|rule| &**rule));
                return Err(UnknownRule { what, help });
            }
        }
        Ok(Chain::new(self.rules().filter(|rule| selection.off(rule).is_none()).cloned().collect()))
    }
}
