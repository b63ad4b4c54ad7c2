//! Patterns as written: where they stand, what definitions they use, and what may be wrong with them.
//!
//! Invariant: nothing of a [`Source`] is checked before it is compiled, and whatever is wrong with it is then told with
//! its place.

use std::borrow::Cow;
use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::pattern::known;
use super::{Defines, Fault, Pattern};
use crate::config::closest;
use crate::config::yaml::Marked;

/// A regular expression as written in a rules file, with `{{name}}` for a defined piece.
#[derive(Debug, Clone)]
pub struct Source(Marked<String>);

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl JsonSchema for Source {
    fn schema_name() -> Cow<'static, str> {
        "Pattern".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "regex" })
    }

    fn inline_schema() -> bool {
        true
    }
}

/// A pattern that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct PatternError {
    /// Why.
    pub fault: PatternFault,
    /// The node of the rules file that holds the pattern, where it comes from one.
    pub node: Option<u32>,
    /// The byte range of the pattern that is at fault, where it is known.
    pub part: Option<Range<usize>>,
}

/// Why a pattern cannot be used. What stands behind `; ` says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternFault {
    /// It is no regular expression.
    #[error("the pattern does not compile: {0}")]
    Syntax(String),
    /// It looks around, which takes more than linear time.
    #[error(
        "the pattern does not compile: look-around is not supported; \
         match what stands around as well, in groups, and put it back with $1 in `replace`; or use `look_around`, which is slow"
    )]
    LookAround,
    /// It would match between any two characters.
    #[error("the pattern can match nothing at all; write + for * or name what must stand there")]
    Empty,
    /// It asks for a character that cannot be.
    #[error("the pattern can never match; look for a class such as [^\\s\\S] or [a&&b], which no character is in")]
    Never,
    /// `{{name}}` without a definition.
    #[error("the pattern uses {{{{{0}}}}}, which is not defined; {1}")]
    Undefined(String, String),
    /// A definition that needs itself.
    #[error("the pattern uses {{{{{0}}}}}, whose definition uses itself; spell out one of the definitions")]
    Circular(String),
    /// Repetitions of repetitions.
    #[error(
        "the pattern is too large once its repetitions are written out; repeat less, or write + for a great number"
    )]
    TooLarge,
    /// Definitions that use one another many times over.
    #[error("the pattern is longer than {LONGEST} bytes once its definitions are filled in; use fewer of them")]
    TooLong,
}

/// The longest pattern in bytes, definitions filled in: as much as an ordinary one that just compiles would be.
const LONGEST: usize = 1 << 20;

impl Source {
    /// Takes a pattern whose syntax is right as far as can be told without the definitions.
    pub fn new(source: impl Into<String>) -> Result<Self, PatternError> {
        let source = Self(Marked { node: None, value: source.into() });
        source.check()?;
        Ok(source)
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0.value
    }

    /// Fills in the definitions and compiles a pattern that looks anywhere in the text. `^` and
    /// `$` stand for the ends of a line.
    pub fn compile(&self, defines: &Defines) -> Result<Pattern, PatternError> {
        self.build(defines, str::to_owned)
    }

    /// Fills in the definitions and compiles a pattern that has to match the whole of what it is
    /// given.
    pub fn compile_whole(&self, defines: &Defines) -> Result<Pattern, PatternError> {
        self.build(defines, |filled| format!(r"\A(?:{filled})\z"))
    }

    fn build(&self, defines: &Defines, frame: impl Fn(&str) -> String) -> Result<Pattern, PatternError> {
        let framed = frame(&self.fill(defines).map_err(|error| self.check().err().unwrap_or(error))?);
        defines.pattern(framed, |framed| match Pattern::known(&framed) {
            Some(known) => Ok(known),
            None => self.parse(framed),
        })
    }

    fn parse(&self, framed: String) -> Result<Pattern, PatternError> {
        let refused = |error: regex_syntax::Error| {
            let error = error.to_string();
            let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
            // What is wrong with the pattern as written can be told with its place.
            self.check().err().unwrap_or_else(|| self.error(PatternFault::Syntax(why.to_owned()), None))
        };
        let expression = parser().parse(&framed).map_err(refused)?;
        // Not whether it matches the empty text: `\b` does not, and yet matches nothing at every word.
        match expression.properties().minimum_len() {
            Some(0) => Err(self.error(PatternFault::Empty, None)),
            None => Err(self.error(PatternFault::Never, None)),
            Some(_) => Pattern::new(framed, &expression).ok_or_else(|| self.error(PatternFault::TooLarge, None)),
        }
    }

    /// Checks a definition: a pattern that may match nothing.
    pub(crate) fn check_piece(&self, defines: &Defines) -> Result<(), PatternError> {
        if !known::is_piece(self.as_str()) {
            self.check()?;
        }
        self.fill(defines).map(|_| ())
    }

    /// Reads a pattern whose definitions are filled in, and says what is to be known of it before it is read.
    pub(super) fn known_line(filled: &str) -> Option<String> {
        Self(Marked { node: None, value: filled.to_owned() }).parse(filled.to_owned()).ok()?.known_line()
    }

    /// Looks at the syntax with the definitions left open, so that the place of a fault is that in the pattern as
    /// written.
    fn check(&self) -> Result<(), PatternError> {
        let open = mask(self.as_str());
        let Err(error) = parser().parse(&open) else { return Ok(()) };
        let (why, span) = match &error {
            regex_syntax::Error::Parse(error) => {
                if *error.kind() == regex_syntax::ast::ErrorKind::UnsupportedLookAround {
                    return Err(self.error(PatternFault::LookAround, Some(error.span())));
                }
                (error.kind().to_string(), Some(error.span()))
            }
            regex_syntax::Error::Translate(error) => (error.kind().to_string(), Some(error.span())),
            other => (other.to_string(), None),
        };
        Err(self.error(PatternFault::Syntax(why), span))
    }

    pub(super) fn error(&self, fault: PatternFault, span: Option<&regex_syntax::ast::Span>) -> PatternError {
        PatternError { fault, node: self.0.node, part: span.map(|span| span.start.offset..span.end.offset) }
    }

    /// Definitions may use one another.
    pub(super) fn fill(&self, defines: &Defines) -> Result<String, PatternError> {
        let piece = |name: &str| match defines.piece(name.trim()) {
            Some(piece) => Ok(format!("(?:{piece})").into()),
            None => {
                let close = closest(name.trim(), defines.names());
                let add = || "add it under `define`".to_owned();
                let help = close.map_or_else(add, |best| format!("did you mean {{{{{best}}}}}?"));
                Err(PatternFault::Undefined(name.trim().to_owned(), help))
            }
        };
        let mut filled = self.as_str().to_owned();
        for _ in 0..=defines.names().len() {
            if open_name(&filled).is_none() {
                return Ok(filled);
            }
            filled = expand(&filled, piece).map_err(|fault| self.error(fault, None))?;
        }
        let name = open_name(&filled).unwrap_or_default().to_owned();
        Err(self.error(PatternFault::Circular(name), None))
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Marked::deserialize(deserializer).map(Self)
    }
}

/// A replacement text with braces round the names of all groups that it repeats. One that the pattern does not have is
/// an error: the `regex` crate would put nothing there and say nothing. `groups` counts the whole match as one.
pub(super) fn template(with: &str, groups: usize, names: &[&str]) -> Result<String, Fault> {
    let mut out = String::with_capacity(with.len());
    let mut rest = with;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(tail) = after.strip_prefix('$') {
            out.push_str("$$");
            rest = tail;
            continue;
        }
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let braced = after.strip_prefix('{').and_then(|name| name.split_once('}'));
        let (name, tail) = braced.unwrap_or_else(|| after.split_at(after.find(|c| !word(c)).unwrap_or(after.len())));
        let known = match name.parse::<usize>() {
            Ok(number) => number < groups,
            Err(_) => names.contains(&name),
        };
        if !known {
            let what = format!("`with` repeats the group `{name}`, which the pattern does not have");
            let help = "write ${1} where letters or digits follow the number, and $$ for a dollar sign";
            return Err(Fault::fields(what, help));
        }
        out.push_str(&format!("${{{name}}}"));
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

/// The first `{{name}}`, where there is one.
fn open_name(source: &str) -> Option<&str> {
    let (_, after) = source.split_once("{{")?;
    after.split_once("}}").map(|(name, _)| name.trim())
}

/// Puts as many letters as bytes where a `{{name}}` stands.
fn mask(source: &str) -> String {
    expand(source, |name| Ok("x".repeat(name.len() + 4).into())).unwrap_or_default()
}

/// Fills in the pieces.
fn expand<'p>(
    source: &str,
    piece: impl Fn(&str) -> Result<Cow<'p, str>, PatternFault>,
) -> Result<String, PatternFault> {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, tail)) = after.split_once("}}") else {
            rest = &rest[before.len()..];
            break;
        };
        out.push_str(&piece(name)?);
        // Ten definitions that each use the one before ten times come to as many bytes as no machine has.
        if out.len() > LONGEST {
            return Err(PatternFault::TooLong);
        }
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

pub(super) fn parser() -> regex_syntax::Parser {
    regex_syntax::ParserBuilder::new().multi_line(true).build()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn defines(pairs: &[(&str, &str)]) -> Defines {
        let mut defines = Defines::new();
        defines.add(pairs.iter().map(|(name, piece)| (name.to_string(), piece.to_string())).collect());
        defines
    }

    #[test]
    fn equal_patterns_are_shared_until_a_definition_changes() {
        let mut defines = defines(&[("num", "[0-9]+")]);
        let page = |defines: &Defines| Source::new("第{{num}}页").unwrap().compile(defines).unwrap();
        let first = page(&defines);
        assert!(first.is_shared_with(&page(&defines)));
        defines.add(BTreeMap::from([("num".into(), "[一二三]".into())]));
        assert!(!page(&defines).is_match("第1页") && first.is_match("第1页"));
    }

    #[test]
    fn definitions_are_filled_in_and_may_nest() {
        let defines = defines(&[("num", "[0-9]+"), ("page", "第{{num}}页")]);
        let pattern = Source::new("{{page}}|{{ num }}%").unwrap().compile(&defines).unwrap();
        assert!(pattern.is_match("第12页") && pattern.is_match("5%") && !pattern.is_match("页"));
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        let fault = |source: &str, pairs: &[(&str, &str)]| {
            let source = Source(Marked { node: None, value: source.to_owned() });
            let error = source.compile(&defines(pairs)).unwrap_err();
            (error.fault, error.part)
        };
        assert!(matches!(fault("页|(a", &[]), (PatternFault::Syntax(_), Some(part)) if part == (4..5)));
        assert!(matches!(fault("{{甲}}{2}(?=b)", &[]), (PatternFault::LookAround, Some(part)) if part == (10..13)));
        assert!(matches!(fault("a*", &[]), (PatternFault::Empty, None)));
        assert!(matches!(fault("\\b|^", &[]), (PatternFault::Empty, None)));
        assert!(matches!(fault("a[b&&c]", &[]), (PatternFault::Never, None)));
        assert!(matches!(fault("{{num}}", &[]), (PatternFault::Undefined(..), _)));
        assert!(matches!(fault("{{a}}", &[("a", "{{a}}")]), (PatternFault::Circular(_), _)));
        assert!(matches!(fault("{{a}}", &[("a", "{{b}}"), ("b", "{{a}}")]), (PatternFault::Circular(_), _)));
    }
}
