//! Patterns: the regular expressions of rules, checked when the rules are read.
//!
//! Invariant: a [`Pattern`] compiles, cannot match the empty string and runs in linear time.
//! A [`Source`] is what the file says: its syntax is checked, its `{{names}}` are still open.

use std::borrow::Cow;
use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::needs::Needs;
use crate::view::View;

/// Named pattern pieces: the `define` block of a rules file.
pub type Defines = BTreeMap<String, String>;

/// A regular expression as written in a rules file, with `{{name}}` for a defined piece.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(transparent)]
pub struct Source(String);

/// A pattern that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// The `regex` crate refuses it.
    #[error("pattern {pattern:?} does not compile: {why}")]
    Syntax {
        /// The pattern, definitions filled in.
        pattern: String,
        /// What the crate says.
        why: String,
    },
    /// It would match between any two characters.
    #[error("pattern {pattern:?} can match nothing at all; write + for * or name what must stand there")]
    Empty {
        /// The pattern as written.
        pattern: String,
    },
    /// `{{name}}` without a definition.
    #[error("pattern {pattern:?} uses {{{{{name}}}}}, which is not defined; add it under `define`")]
    Undefined {
        /// The pattern as written.
        pattern: String,
        /// The name without a definition.
        name: String,
    },
}

impl Source {
    /// Takes a pattern whose syntax is right as far as can be told without the definitions.
    pub fn new(source: impl Into<String>) -> Result<Self, PatternError> {
        let source = source.into();
        build(&expand(&source, |_| Some("x".into()))?)?;
        Ok(Self(source))
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Fills in the definitions and compiles a pattern that looks anywhere in the text. `^` and
    /// `$` stand for the ends of a line.
    pub fn compile(&self, defines: &Defines) -> Result<Pattern, PatternError> {
        self.build(defines, |filled| filled)
    }

    /// Fills in the definitions and compiles a pattern that has to match the whole of what it is
    /// given.
    pub fn compile_whole(&self, defines: &Defines) -> Result<Pattern, PatternError> {
        self.build(defines, |filled| format!(r"\A(?:{filled})\z"))
    }

    fn build(&self, defines: &Defines, frame: impl Fn(String) -> String) -> Result<Pattern, PatternError> {
        let filled = self.fill(defines)?;
        let regex = build(&frame(filled))?;
        if regex.is_match("") {
            return Err(PatternError::Empty { pattern: self.0.clone() });
        }
        Ok(Pattern(regex))
    }

    /// Definitions may use one another; one that uses itself stays undefined.
    fn fill(&self, defines: &Defines) -> Result<String, PatternError> {
        let mut filled = self.0.clone();
        for _ in 0..=defines.len() {
            if !filled.contains("{{") {
                break;
            }
            filled = expand(&filled, |name| defines.get(name).map(|piece| format!("(?:{piece})")))?;
        }
        expand(&filled, |_| None)
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

fn expand(source: &str, piece: impl Fn(&str) -> Option<String>) -> Result<String, PatternError> {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, tail)) = after.split_once("}}") else {
            out.push_str("{{");
            rest = after;
            continue;
        };
        let undefined = || PatternError::Undefined { pattern: source.to_owned(), name: name.to_owned() };
        out.push_str(&piece(name.trim()).ok_or_else(undefined)?);
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

fn build(source: &str) -> Result<Regex, PatternError> {
    RegexBuilder::new(source).multi_line(true).build().map_err(|error| PatternError::Syntax {
        pattern: source.to_owned(),
        why: error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    })
}

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// The compiled expression.
    pub fn regex(&self) -> &Regex {
        &self.0
    }

    /// What a text must hold for the pattern to match in it.
    pub fn needs(&self) -> Needs {
        Needs::of_pattern(self.0.as_str())
    }

    /// True where the pattern matches somewhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// All matches that lie in the region of `view`, in order.
    pub fn find_iter<'v>(&'v self, view: &View<'v>) -> impl Iterator<Item = regex::Match<'v>> + 'v {
        let (text, region) = (view.text(), view.region());
        let mut at = region.start;
        std::iter::from_fn(move || {
            let found = self.0.find_at(text, at).filter(|found| found.end() <= region.end)?;
            at = found.end();
            Some(found)
        })
    }

    /// All matches that lie in the region of `view`, in order, with their groups.
    pub fn captures_iter<'v>(&'v self, view: &View<'v>) -> impl Iterator<Item = regex::Captures<'v>> + 'v {
        let (text, region) = (view.text(), view.region());
        let mut at = region.start;
        std::iter::from_fn(move || {
            let found = self.0.captures_at(text, at)?;
            let whole = found.get_match();
            if whole.end() > region.end {
                return None;
            }
            at = whole.end();
            Some(found)
        })
    }
}

/// A replacement text as the `regex` crate reads it: `$1`, `${name}`, `$$`.
pub fn fill_groups(template: &str, captures: &regex::Captures) -> Cow<'static, str> {
    let mut out = String::new();
    captures.expand(template, &mut out);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Facts;

    fn defines(pairs: &[(&str, &str)]) -> Defines {
        pairs.iter().map(|(name, piece)| (name.to_string(), piece.to_string())).collect()
    }

    #[test]
    fn definitions_are_filled_in_and_may_nest() {
        let defines = defines(&[("num", "[0-9]+"), ("page", "第{{num}}页")]);
        let pattern = Source::new("{{page}}|{{ num }}%").unwrap().compile(&defines).unwrap();
        assert!(pattern.is_match("第12页") && pattern.is_match("5%") && !pattern.is_match("页"));
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        assert!(matches!(Source::new("(a"), Err(PatternError::Syntax { .. })));
        let empty = Source::new("a*").unwrap().compile(&Defines::new());
        assert!(matches!(empty, Err(PatternError::Empty { .. })));
        let missing = Source::new("{{num}}").unwrap().compile(&Defines::new());
        assert!(matches!(missing, Err(PatternError::Undefined { .. })));
        let round = Source::new("{{a}}").unwrap().compile(&defines(&[("a", "{{a}}")]));
        assert!(matches!(round, Err(PatternError::Undefined { .. })));
    }

    #[test]
    fn matches_stay_in_the_region() {
        let (text, facts) = ("ab ab ab ab", Facts::default());
        let view = View::new(text, &facts).within(1..9);
        let pattern = Source::new("ab").unwrap().compile(&Defines::new()).unwrap();
        assert_eq!(pattern.find_iter(&view).map(|m| m.start()).collect::<Vec<_>>(), [3, 6]);
    }
}
