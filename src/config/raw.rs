//! The shapes of a rules file, as written.
//!
//! Invariant: every struct refuses unknown fields, so that a mistyped key is an error.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::yaml::{Later, Marked};
use crate::rules::{RawRule, Source};

/// A rules file.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Rules")]
#[serde(deny_unknown_fields)]
pub struct RawRules {
    /// The version of the language; 1.
    #[schemars(required)]
    pub version: Option<Marked<u32>>,
    /// Presets and files to start from. A file is written with its ending and relative to this file, as in
    /// `./team.yaml`. Of two rules with one id the later one stays, in the place of the earlier.
    #[serde(default)]
    pub extends: Vec<Marked<String>>,
    /// Named pattern pieces, written `{{name}}` in any pattern of this file and of files that extend it.
    #[serde(default)]
    pub define: BTreeMap<String, String>,
    /// Rules that are not to run: their ids, or `tag:` and a tag.
    #[serde(default)]
    pub disable: Vec<Marked<String>>,
    /// Fields of inherited rules to change, by the id of the rule. A field given here takes the place of the
    /// rule's; the others stay.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Patch>")]
    pub r#override: BTreeMap<String, Later<RawRule>>,
    /// The rules, in the order in which they run: behind those of `extends`.
    #[serde(default)]
    pub rules: Vec<Later<RawRule>>,
}

/// The fields of a rule that an override may give.
pub struct Patch;

impl JsonSchema for Patch {
    fn schema_name() -> Cow<'static, str> {
        "Override".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = RawRule::json_schema(generator);
        schema.remove("required");
        if let Some(fields) = schema.get_mut("properties").and_then(|fields| fields.as_object_mut()) {
            fields.remove("id");
        }
        schema.insert("description".to_owned(), "Fields of an inherited rule to change.".into());
        schema
    }
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

impl Safety {
    /// The word that rules files have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Risky => "risky",
            Self::Report => "report",
        }
    }
}

/// Where in a document a rule may change something. What is said here is cut together: `part` first, then `after`
/// and `before`, and of what is left whatever `not_in` names is left alone.
///
/// The part is counted in the text as the rule finds it, whenever its turn comes: what was taken away before, by the rule
/// itself too, does not count any more.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Where {
    /// The part of the document.
    #[serde(default)]
    pub part: Part,
    /// How many lines the head or tail has; empty lines do not count. 10 where no length is given.
    #[serde(default)]
    pub lines: Option<u32>,
    /// How many characters the head or tail has.
    #[serde(default)]
    pub chars: Option<u32>,
    /// How much of the document the head or tail is, such as `20%`.
    #[serde(default, deserialize_with = "percent_or_none")]
    #[schemars(with = "Option<String>")]
    pub percent: Option<f64>,
    /// Only below the first line in which this matches; nowhere if there is none.
    #[serde(default)]
    pub after: Option<Source>,
    /// Only above the first line in which this matches, below the line of `after` if that is given; nowhere if
    /// there is none.
    #[serde(default)]
    pub before: Option<Source>,
    /// What to leave alone besides what rules of the kind always leave alone, such as `code`, `table` or `address`.
    #[serde(default)]
    pub not_in: Vec<Marked<String>>,
}

/// A part of a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// All of it.
    #[default]
    All,
    /// Its beginning.
    Head,
    /// Its end.
    Tail,
}

/// For which documents a rule runs. All conditions must hold. They are about the document as it was before the
/// first rule; what is not known of it, such as the path of a text that comes from no file, does not hold a rule
/// back.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The path of the document matches one of these globs: `*` and `?` inside a name, `**` for any folders,
    /// `{a,b}`. A glob may begin at any folder of the path, or with `/` at its start.
    #[serde(default)]
    pub path: Vec<Marked<String>>,
    /// The language that most of the document is in.
    #[serde(default)]
    pub lang: Option<Lang>,
    /// The encoding the file is in, by any of its names, such as `gbk`.
    #[serde(default)]
    pub encoding: Option<Marked<String>>,
    /// The document has at least so many characters.
    #[serde(default)]
    pub min_chars: Option<u32>,
    /// The pattern matches somewhere in the document.
    #[serde(default)]
    pub contains: Option<Source>,
}

/// A language, as far as it can be told by the writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Chinese.
    Zh,
    /// Japanese.
    Ja,
    /// Korean.
    Ko,
    /// Any other.
    Other,
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

/// A percentage, such as `5%`, as a share of one.
pub(crate) fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let text = String::deserialize(deserializer)?;
    let number = text.strip_suffix(['%', '％']).and_then(|number| number.trim().parse::<f64>().ok());
    number.filter(|number| (0.0..=100.0).contains(number)).map(|number| number / 100.0).ok_or_else(|| {
        serde::de::Error::custom(format!("`{text}` is no share of a document; write a percentage such as 5%"))
    })
}

fn percent_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    percent(deserializer).map(Some)
}

/// One test of a rule: `in` and `out`, or `keep`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "Test")]
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
    /// The rule does not pass this test yet; `descrape test` tells once it does.
    #[serde(default)]
    pub todo: bool,
}
