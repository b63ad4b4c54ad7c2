//! From the rule options to a chain.
//!
//! Invariant: without `--rules` the rules are those of the program, whatever lies in the current folder.

use descrape::chain::Chain;
use descrape::config::{DEFAULT_RULES, RuleSet, Selection};
use descrape::log::Hash;
use descrape::read;

use crate::cli::RuleArgs;

/// A rules file that was read.
pub struct Choice {
    /// All its rules.
    pub set: RuleSet,
    /// What the log calls it.
    pub name: String,
    /// Its hash.
    pub hash: Hash,
}

impl RuleArgs {
    /// Reads the rules file.
    pub fn read(&self) -> anyhow::Result<Choice> {
        let Some(path) = &self.rules else {
            let (set, name) = (RuleSet::builtin(), "built-in".to_owned());
            return Ok(Choice { set, name, hash: Hash::of(DEFAULT_RULES.as_bytes()) });
        };
        let read = |path: &std::path::Path| read::file(path).map(|(bytes, _)| bytes);
        let set = RuleSet::load(path, &read)?;
        let texts: Vec<&str> = set.files().map(|(_, text)| text).collect();
        let hash = Hash::of(texts.concat().as_bytes());
        Ok(Choice { set, name: path.display().to_string(), hash })
    }

    /// Picks the rules that run.
    pub fn select(&self, rules: &Choice) -> anyhow::Result<Chain> {
        Ok(rules.set.select(&self.selection())?)
    }

    /// What is asked for.
    pub fn selection(&self) -> Selection {
        Selection { only: self.only.clone(), skip: self.skip.clone(), risky: self.risky }
    }
}
