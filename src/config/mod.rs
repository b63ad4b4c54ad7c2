//! Rules files: what they say, checked and compiled into a [`RuleSet`].
//!
//! Invariant: a `RuleSet` holds only rules that can run; every mistake in a file is an error with
//! a place, never a rule that silently does nothing.

mod error;
mod raw;
mod select;

use std::sync::Arc;

use crate::chain::Chain;
use crate::rules::{Defines, Kind, RawRule};
pub use error::ConfigError;
pub use raw::{Limit, Part, RawTest, Safety, Where};
pub use select::Selection;

/// The default chain, as text.
pub const DEFAULT_RULES: &str = include_str!("../../rules.yaml");

/// What a rule has to do with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Must turn a text into another.
    Change {
        /// The text before the rule.
        before: String,
        /// The text after it.
        after: String,
    },
    /// Must leave the text alone.
    Keep(String),
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
    pub place: Where,
    /// When it holds back.
    pub limit: Option<Limit>,
    /// The name of its kind.
    pub kind: &'static str,
    /// What it does.
    pub body: Box<dyn Kind>,
    /// Its inline tests.
    pub tests: Vec<Test>,
}

/// The rules of a run, in the order in which they run.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    rules: Vec<Arc<Rule>>,
}

impl RuleSet {
    /// The rules compiled into the program.
    pub fn builtin() -> Self {
        Self::parse("rules.yaml", DEFAULT_RULES).expect("the built-in rules are tested")
    }

    /// Reads a rules file. `name` is what errors call it.
    pub fn parse(name: &str, yaml: &str) -> Result<Self, ConfigError> {
        let yaml = yaml.strip_prefix('\u{feff}').unwrap_or(yaml);
        let raw = raw::parse(name, yaml)?;
        let mut set = Self::default();
        for preset in &raw.extends {
            match preset.as_str() {
                "default" => set.rules.extend(Self::builtin().rules),
                other => {
                    return Err(ConfigError::new(name, format!("extends {other:?}, which is no preset"))
                        .help("the presets are: default"));
                }
            }
        }
        for rule in raw.rules {
            let id = rule.id.clone();
            let checked = set.free(&id).and_then(|()| compile(rule, &raw.define));
            let rule = checked.map_err(|(what, help)| {
                ConfigError::new(name, format!("rule {id:?}: {what}")).near(yaml, &id).help(help)
            })?;
            set.rules.push(Arc::new(rule));
        }
        for id in &raw.disable {
            set.known(id).map_err(|help| {
                ConfigError::new(name, format!("disable names {id:?}, which is no rule")).near(yaml, id).help(help)
            })?;
        }
        set.rules.retain(|rule| !raw.disable.iter().any(|id| **id == *rule.id));
        Ok(set)
    }

    /// All rules, in order.
    pub fn rules(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.iter()
    }

    /// All rules that run by themselves.
    pub fn chain(&self) -> Chain {
        self.select(&Selection::default()).expect("selecting by default names no rule")
    }

    fn free(&self, id: &str) -> Result<(), (String, String)> {
        match self.rules.iter().any(|rule| &*rule.id == id) {
            true => Err(("another rule has this id".to_owned(), "give one of the two another id".to_owned())),
            false => Ok(()),
        }
    }
}

fn compile(mut raw: RawRule, defines: &Defines) -> Result<Rule, (String, String)> {
    let kinds = raw.kinds();
    let kind = match kinds[..] {
        [kind] => kind,
        [] => {
            let names: Vec<_> = crate::rules::KINDS.iter().map(|kind| kind.name).collect();
            return Err(("does nothing".to_owned(), format!("add one of: {}", names.join(", "))));
        }
        _ => {
            return Err((
                format!("does several things at once: {}", kinds.join(", ")),
                "make a rule of each".to_owned(),
            ));
        }
    };
    if !is_kebab(&raw.id) {
        return Err((
            "the id is not kebab-case".to_owned(),
            "use small letters, digits and hyphens, as in page-number-line".to_owned(),
        ));
    }
    let body = match raw.compile(defines) {
        Some(Ok(body)) => body,
        Some(Err(fault)) => {
            let fault = fault.to_string();
            let (what, help) = fault.rsplit_once("; ").unwrap_or((&fault, ""));
            return Err((what.to_owned(), help.to_owned()));
        }
        None => return Err(("does nothing".to_owned(), String::new())),
    };
    let tests = raw.tests.into_iter().map(Test::try_from).collect::<Result<_, _>>()?;
    Ok(Rule {
        id: raw.id.into(),
        about: raw.about,
        tags: raw.tags,
        safety: raw.safety,
        place: raw.r#where,
        limit: raw.limit,
        kind,
        body,
        tests,
    })
}

fn is_kebab(id: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    id.split('-').all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inline_tests_of_the_default_chain_hold() {
        let set = RuleSet::builtin();
        for rule in set.rules() {
            let alone = Chain::new(vec![rule.clone()]);
            for test in &rule.tests {
                let (before, after) = match test {
                    Test::Change { before, after } => (before, after),
                    Test::Keep(text) => (text, text),
                };
                let outcome = alone.clean_text(before.clone()).unwrap();
                assert_eq!(outcome.text.current(), after, "{}", rule.id);
            }
            assert!(rule.tests.iter().any(|test| matches!(test, Test::Change { .. })), "{}: what it removes", rule.id);
            assert!(rule.tests.iter().any(|test| matches!(test, Test::Keep(_))), "{}: what it keeps", rule.id);
        }
    }
}
