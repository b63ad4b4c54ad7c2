//! Rules files: what they say, checked and compiled into a [`RuleSet`].
//!
//! Invariant: a `RuleSet` holds only rules that can run; every mistake in a file is an error with
//! a place, never a rule that silently does nothing.

mod compile;
mod error;
mod extends;
mod load;
mod order;
mod preset;
mod raw;
mod region;
mod schema;
mod select;
mod traps;
mod when;
pub(crate) mod yaml;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::chain::Chain;
use crate::rules::Kind;
use error::File;
pub use error::closest;
pub use error::{ConfigError, Mistake};
pub use load::Read;
pub use preset::{DEFAULT_RULES, PRESETS, Preset};
pub(crate) use raw::percent;
pub use raw::{Lang, Limit, Part, RawTest, Safety, When, Where};
pub use region::Region;
pub use schema::schema;
pub(crate) use schema::summary;
pub use select::{Selection, UnknownRule};
pub use when::{Condition, Document, Subject};

/// What a rule has to do with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// The text before the rule.
    pub before: String,
    /// The text after it; the same where the rule must keep it.
    pub after: String,
    /// True for a test that the rule does not pass yet.
    pub todo: bool,
}

impl Test {
    /// True where the rule must leave the text alone.
    pub fn keeps(&self) -> bool {
        self.before == self.after
    }
}

/// A rule that can run.
#[derive(Debug)]
pub struct Rule {
    /// Unique in its set.
    pub id: Arc<str>,
    /// What it does, in one sentence.
    pub about: String,
    /// Groups it belongs to.
    pub tags: Vec<String>,
    /// Whether it runs by itself.
    pub safety: Safety,
    /// Where in a document it may change something.
    pub place: Region,
    /// For which documents it runs.
    pub when: Condition,
    /// When it holds back.
    pub limit: Option<Limit>,
    /// The name of its kind.
    pub kind: &'static str,
    /// What it does.
    pub body: Box<dyn Kind>,
    /// Its inline tests.
    pub tests: Vec<Test>,
    /// The file or preset it stands in.
    pub origin: Arc<str>,
    /// The rule as it is written there.
    pub yaml: String,
    /// The file whose `override` changed it.
    pub changed_by: Option<Arc<str>>,
}

/// A rule of a set, and why it does not run.
#[derive(Debug)]
pub(crate) struct Entry {
    rule: Rule,
    off: Option<String>,
    /// Where its id is written, in the file it stands in.
    node: Option<yaml::NodeId>,
}

/// The rules of a run, in the order in which they run.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    rules: Vec<(Arc<Rule>, Option<Arc<str>>)>,
    files: Vec<Arc<File>>,
}

impl RuleSet {
    /// The rules compiled into the program.
    pub fn builtin() -> Self {
        Self::parse("rules.yaml", DEFAULT_RULES).expect("the built-in rules are tested")
    }

    /// Reads a rules file that extends presets only. `name` is what errors call it.
    pub fn parse(name: &str, yaml: &str) -> Result<Self, ConfigError> {
        load::Loader::new(None).text(name, yaml).map(Self::from)
    }

    /// Reads a rules file in any encoding and the files it extends.
    pub fn load(path: &Path, read: Read) -> Result<Self, ConfigError> {
        load::Loader::new(Some(read)).path(path).map(Self::from)
    }

    /// What the program is to know of the patterns of all presets before it reads them: the text of
    /// `src/rules/pattern/known.txt`.
    pub fn known_patterns() -> String {
        let mut lines = BTreeSet::new();
        for preset in PRESETS {
            let loaded = load::Loader::new(None).text(preset.name, preset.yaml).expect("the presets are tested");
            lines.extend(loaded.defines.known_lines());
        }
        lines.into_iter().collect()
    }

    /// All rules that are not disabled, in order.
    pub fn rules(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.iter().filter(|(_, off)| off.is_none()).map(|(rule, _)| rule)
    }

    /// All rules, in order, and why those are off that are disabled.
    pub fn all(&self) -> impl Iterator<Item = (&Arc<Rule>, Option<&str>)> {
        self.rules.iter().map(|(rule, off)| (rule, off.as_deref()))
    }

    /// The names and texts of all files that the rules come from, in the order in which they were read.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|file| (file.name.as_str(), file.text.as_str()))
    }

    /// All rules that run by themselves.
    pub fn chain(&self) -> Chain {
        self.select(&Selection::default()).expect("selecting by default names no rule")
    }
}

impl From<load::Loaded> for RuleSet {
    fn from(loaded: load::Loaded) -> Self {
        let rules = loaded.entries.into_iter().map(|Entry { rule, off, .. }| (Arc::new(rule), off.map(Arc::from)));
        Self { rules: rules.collect(), files: loaded.files }
    }
}

/// What to say of a name, an id or `tag:` and a tag, that no rule has.
fn unknown<'e>(name: &str, rules: impl IntoIterator<Item = &'e Rule>) -> (String, String) {
    let guess = |best: Option<&str>| best.map(|best| format!("did you mean `{best}`?"));
    match name.strip_prefix("tag:") {
        Some(tag) => {
            let tags = rules.into_iter().flat_map(|rule| rule.tags.iter().map(String::as_str));
            let help = guess(closest(tag.trim(), tags).map(|tag| format!("tag:{tag}")).as_deref());
            (format!("no rule has the tag `{}`", tag.trim()), help.unwrap_or_default())
        }
        None => {
            let ids = rules.into_iter().map(|rule| &*rule.id);
            let help = guess(closest(name, ids));
            (format!("no rule is called `{name}`"), help.unwrap_or("`descrape rules` lists all ids".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inline_tests_of_the_presets_hold() {
        for preset in PRESETS {
            let set = RuleSet::parse(preset.name, preset.yaml).unwrap_or_else(|error| panic!("{error}"));
            for rule in set.rules() {
                let alone = Chain::new(vec![rule.clone()]);
                for test in &rule.tests {
                    let outcome = alone.clean_text(test.before.clone()).unwrap();
                    assert_eq!(outcome.text.current(), test.after, "{}", rule.id);
                }
                let changes = |test: &Test| !test.keeps();
                let removes = rule.tests.iter().any(changes) || rule.safety == Safety::Report;
                assert!(removes, "{}: what it removes", rule.id);
                assert!(!rule.tests.iter().all(changes), "{}: what it keeps", rule.id);
            }
        }
    }
}
