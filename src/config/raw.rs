//! The shapes of a rules file, as written.
//!
//! Invariant: every struct refuses unknown fields, so that a mistyped key is an error.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::{ConfigError, Test};
use crate::rules::{Defines, RawRule};
use crate::view::View;

/// A rules file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawRules {
    /// The version of the language; 1.
    pub version: u32,
    /// Presets to start from.
    #[serde(default)]
    pub extends: Vec<String>,
    /// Named pattern pieces, written `{{name}}` in any pattern.
    #[serde(default)]
    pub define: Defines,
    /// Ids of inherited rules that are not to run.
    #[serde(default)]
    pub disable: Vec<String>,
    /// The rules, in the order in which they run.
    #[serde(default)]
    pub rules: Vec<RawRule>,
}

/// Whether a rule runs by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Safety {
    /// Runs.
    #[default]
    Safe,
    /// Runs only with `--risky`.
    Risky,
    /// Never changes anything; what it would do is logged.
    Report,
}

/// Where in a document a rule may change something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Where {
    /// The part of the document.
    #[serde(default)]
    pub part: Part,
    /// How many lines the head or tail has; empty lines do not count. 10 where nothing is said.
    #[serde(default)]
    pub lines: Option<u32>,
}

/// A part of a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// All of it.
    #[default]
    All,
    /// The first lines.
    Head,
    /// The last lines.
    Tail,
}

impl Where {
    const LINES: u32 = 10;

    /// The byte range of the part in a text.
    pub fn region(&self, view: &View) -> Range<usize> {
        let text = view.text();
        let lines = self.lines.unwrap_or(Self::LINES) as usize;
        let full = |line: &&Range<usize>| !text[(*line).clone()].trim().is_empty();
        match self.part {
            Part::All => 0..text.len(),
            Part::Head => 0..view.lines().iter().filter(full).nth(lines).map_or(text.len(), |line| line.start),
            Part::Tail => {
                let first = view.lines().iter().rev().filter(full).take(lines).last();
                first.map_or(0, |line| line.start)..text.len()
            }
        }
    }
}

/// When a rule holds back.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The largest share of a document that the rule may take away, such as `5%`. If it would
    /// take more, it does nothing in that document and the log says so.
    #[serde(deserialize_with = "percent")]
    #[schemars(with = "String")]
    pub share: f64,
}

fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let text = String::deserialize(deserializer)?;
    let number = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
    number.filter(|number| (0.0..=100.0).contains(number)).map(|number| number / 100.0).ok_or_else(|| {
        serde::de::Error::custom(format!("{text:?} is no share of a document; write a percentage such as 5%"))
    })
}

/// One test of a rule: `in` and `out`, or `keep`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawTest {
    /// A text before the rule.
    #[serde(default)]
    pub r#in: Option<String>,
    /// The text after it.
    #[serde(default)]
    pub out: Option<String>,
    /// A text that the rule must leave alone.
    #[serde(default)]
    pub keep: Option<String>,
}

impl TryFrom<RawTest> for Test {
    type Error = (String, String);

    fn try_from(raw: RawTest) -> Result<Self, Self::Error> {
        match (raw.r#in, raw.out, raw.keep) {
            (Some(before), Some(after), None) => Ok(Test::Change { before, after }),
            (None, None, Some(text)) => Ok(Test::Keep(text)),
            _ => Err(("a test is not whole".to_owned(), "write `in:` with `out:`, or `keep:`".to_owned())),
        }
    }
}

/// Reads the shapes of a rules file.
pub fn parse(name: &str, yaml: &str) -> Result<RawRules, ConfigError> {
    if yaml.trim().is_empty() {
        return Err(ConfigError::new(name, "the file is empty").help("a rules file begins with `version: 1`"));
    }
    let raw: RawRules = serde_yaml::from_str(yaml).map_err(|error| ConfigError::yaml(name, &error))?;
    match raw.version {
        1 => Ok(raw),
        other => {
            Err(ConfigError::new(name, format!("version {other} is not known")).help("this program reads version 1"))
        }
    }
}
