//! Patterns: the compiled regular expressions of rules.
//!
//! Invariant: a [`Pattern`] compiles, cannot match the empty string and runs in linear time.

use std::borrow::Cow;

use regex::Regex;

use super::needs::Needs;
use crate::view::View;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Pattern(pub(super) Regex);

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
    use crate::rules::{Defines, Source};
    use crate::view::Facts;

    #[test]
    fn matches_stay_in_the_region() {
        let (text, facts) = ("ab ab ab ab", Facts::default());
        let view = View::new(text, &facts).within(1..9);
        let pattern = Source::new("ab").unwrap().compile(&Defines::new()).unwrap();
        assert_eq!(pattern.find_iter(&view).map(|m| m.start()).collect::<Vec<_>>(), [3, 6]);
    }
}
