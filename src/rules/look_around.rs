//! `look_around`: puts another text where a pattern with look-around or back-references matches.
//!
//! Invariant: the work on one text is bounded by steps, not by time, so that the same text and rule always give the same
//! edits; a text that takes more steps is left alone, and the log says so.

use fancy_regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::Deserialize;

use super::source::template;
use super::{Defines, Example, Fault, Kind, PatternError, PatternFault, Shape, Source};
use crate::edit::Edits;
use crate::shield::ShieldSet;
use crate::view::View;

/// Put another text where a pattern with look-around or back-references matches.
///
/// `(?<=before)`, `(?=after)`, `(?<!not before)`, `(?!not after)` and `\1` can be used, and nothing at all may be matched:
/// a place between characters. This is slow, so use `replace` or `remove` wherever they can say the same. A search that
/// takes more than a million steps is given up: the rule then does nothing in that document, and the log says so.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LookAround {
    /// What to look for.
    r#match: Source,
    /// What to put there; `$1` and `${name}` repeat groups of the pattern, a dollar sign is `$$`.
    with: String,
}

/// Steps back that one search may take: about a fifth of a second.
const STEPS: usize = 1_000_000;

/// How many bytes the parts of a pattern without look-around may take when they are compiled: six times what the `regex`
/// crate allows, since whoever asks for this kind has long patterns.
const SIZE: usize = 64 << 20;

/// Matches in one text. A rule with more of them does not clean a text but rewrites it, at a search each.
const MATCHES: usize = 100_000;

impl Shape for LookAround {
    fn compile(self, defines: &Defines) -> Result<Box<dyn Kind>, Fault> {
        let source = &self.r#match;
        let wrong = |fault| -> Fault { PatternError { fault, ..source.error(PatternFault::Empty, None) }.into() };
        let filled = source.fill(defines)?;
        let regex = RegexBuilder::new(&filled).multi_line(true).backtrack_limit(STEPS).delegate_size_limit(SIZE).build();
        let regex = regex.map_err(|error| wrong(PatternFault::Syntax(plain(&error))))?;
        if regex.is_match("").unwrap_or(true) {
            return Err(wrong(PatternFault::Empty));
        }
        let names: Vec<&str> = regex.capture_names().flatten().collect();
        let with = template(&self.with, regex.captures_len(), &names)?;
        Ok(Box::new(Search { regex, with }))
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "A letter for a Hanzi, told by its neighbours",
                rule: "look_around: { match: 'chun(?=[天风雨])|(?<=[初早])chun', with: 春 }",
                input: "chun天来了，早chun的风还冷。\n",
                output: "春天来了，早春的风还冷。\n",
            },
            Example {
                title: "A line that stands there twice",
                rule: "look_around: { match: '^(.{8,}\\n)\\1', with: $1 }",
                input: "他推开门走了出去。\n他推开门走了出去。\n外面下着雨。\n",
                output: "他推开门走了出去。\n外面下着雨。\n",
            },
            Example {
                title: "The same letters elsewhere stay",
                rule: "look_around: { match: 'chun(?=[天风雨])|(?<=[初早])chun', with: 春 }",
                input: "他叫 chun，是个程序员。\n",
                output: "他叫 chun，是个程序员。\n",
            },
        ]
    }
}

/// The message of a pattern that does not compile, without its frame.
fn plain(error: &fancy_regex::Error) -> String {
    let message = error.to_string();
    let last = message.lines().last().unwrap_or_default();
    last.rsplit("rror: ").next().unwrap_or_default().to_owned()
}

#[derive(Debug)]
struct Search {
    regex: Regex,
    with: String,
}

impl Kind for Search {
    fn edits(&self, view: &View, out: &mut Edits) {
        let (text, region) = (view.text(), view.region());
        let mut found = Vec::new();
        let mut at = region.start;
        loop {
            let captures = match self.regex.captures_from_pos(text, at) {
                Ok(Some(captures)) if found.len() < MATCHES => captures,
                Ok(None) => break,
                Ok(Some(_)) | Err(_) => {
                    let what = region.start..text[region.start..].find('\n').map_or(region.end, |end| region.start + end);
                    return out.note(what, "left alone: the pattern takes too many steps here");
                }
            };
            let Some(whole) = captures.get(0).filter(|whole| whole.end() <= region.end) else { break };
            let mut with = String::new();
            captures.expand(&self.with, &mut with);
            found.push((whole.start()..whole.end(), with));
            // A place between characters is left behind by one character.
            let step = text[whole.end()..].chars().next().map_or(1, char::len_utf8);
            at = if whole.start() == whole.end() { whole.end() + step } else { whole.end() };
            if at > region.end {
                break;
            }
        }
        for (at, with) in found {
            out.replace(at, with);
        }
    }

    fn settles(&self) -> bool {
        false
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }
}

#[cfg(test)]
mod tests {
    use crate::config::RuleSet;

    #[test]
    fn a_text_that_takes_too_many_steps_is_left_alone() {
        let yaml = "version: 1\nrules:\n  - id: a\n    look_around: { match: '(?:(?=x)x+)+y', with: '' }\n";
        let text = "x".repeat(60) + "zy";
        let outcome = RuleSet::parse("test", yaml).unwrap().chain().clean_text(text.clone()).unwrap();
        assert_eq!(outcome.text.current(), text);
        assert_eq!(outcome.reports[0].why, "left alone: the pattern takes too many steps here");
    }
}
