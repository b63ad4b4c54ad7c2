//! Which rules of a set run.
//!
//! Invariant: a name that no rule has is an error; a rule that only reports never changes a text.

use super::{RuleSet, Safety};
use crate::chain::Chain;

/// What the caller asks for.
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
#[error("no rule is called {name:?}\n  help: {help}")]
pub struct UnknownRule {
    name: String,
    help: String,
}

impl RuleSet {
    /// The chain of the rules asked for. A risky rule named in `only` runs without `risky`.
    pub fn select(&self, selection: &Selection) -> Result<Chain, UnknownRule> {
        for name in selection.only.iter().chain(&selection.skip) {
            self.known(name).map_err(|help| UnknownRule { name: name.clone(), help })?;
        }
        let named = |names: &[String], id: &str| names.iter().any(|name| name == id);
        let wanted = self.rules().filter(|rule| match named(&selection.only, &rule.id) {
            false if !selection.only.is_empty() => false,
            asked => !named(&selection.skip, &rule.id) && (rule.safety != Safety::Risky || selection.risky || asked),
        });
        Ok(Chain::new(wanted.cloned().collect()))
    }

    /// Fails with advice where no rule has this id.
    pub(crate) fn known(&self, id: &str) -> Result<(), String> {
        if self.rules().any(|rule| *rule.id == *id) {
            return Ok(());
        }
        let close = self.rules().map(|rule| (strsim::jaro_winkler(id, &rule.id), &rule.id));
        // The threshold rustc's and clap's suggestions use.
        let best = close.filter(|(score, _)| *score > 0.7).max_by(|a, b| a.0.total_cmp(&b.0));
        Err(match best {
            Some((_, best)) => format!("did you mean {best:?}?"),
            None => "the ids stand in the rules file".to_owned(),
        })
    }
}
