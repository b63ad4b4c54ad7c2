//! Patterns: the checked regular expressions of rules.
//!
//! Invariant: a [`Pattern`] compiles, cannot match the empty string and runs in linear time. It is
//! compiled when a text first needs it: most rules have nothing to do in most texts, and compiling
//! all of them would take longer than cleaning a page. So what is too large to compile is told by its
//! weight.

mod engine;
pub(super) mod known;
mod shared;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use regex_automata::{Input, meta};
use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::needs::Needs;
use super::source::parser;
use super::worded::is_worded;
use crate::view::View;
use engine::Engine;

/// A checked pattern. Its clones share what it compiles to.
#[derive(Debug, Clone)]
pub struct Pattern(Arc<Checked>);

#[derive(Debug)]
struct Checked {
    source: String,
    needs: Needs,
    worded: bool,
    /// Whether every match lies within a line.
    in_line: bool,
    engine: OnceLock<Engine>,
    /// What tells groups, where they are asked for.
    grouped: OnceLock<meta::Regex>,
}

impl Checked {
    fn new(source: String, needs: Needs, worded: bool, in_line: bool) -> Self {
        Self { source, needs, worded, in_line, engine: OnceLock::new(), grouped: OnceLock::new() }
    }
}

/// A pattern that compiles to about so many bytes is refused, as the regex crate refuses 10 MB by default: but that is
/// known only once a pattern is compiled. The heaviest of the built-in rules has 7.6 MB.
const LARGEST: usize = 16 << 20;

impl Pattern {
    /// A pattern with this source, which parses into `expression`; `None` where it is too large.
    pub(super) fn new(source: String, expression: &Hir) -> Option<Self> {
        (weight(expression) <= LARGEST).then(|| {
            let (needs, worded) = (Needs::of_expression(expression), is_worded(expression));
            Self(Arc::new(Checked::new(source, needs, worded, stays_in_line(expression))))
        })
    }

    /// The pattern with this source, where it is one that comes with the program.
    pub(super) fn known(source: &str) -> Option<Self> {
        known::pattern(source).map(|known| Self(Arc::new(known)))
    }

    /// The line that makes the pattern a known one; `None` where it cannot be.
    pub(super) fn known_line(&self) -> Option<String> {
        known::pattern_line(&self.0)
    }

    #[cfg(test)]
    pub(super) fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn engine(&self) -> &Engine {
        self.0.engine.get_or_init(|| Engine::new(&self.expression()))
    }

    fn grouped(&self) -> &meta::Regex {
        self.0.grouped.get_or_init(|| engine::grouped(&self.expression()))
    }

    fn expression(&self) -> Hir {
        parser().parse(&self.0.source).expect("its syntax is checked")
    }

    /// What a text must hold for the pattern to match in it.
    pub fn needs(&self) -> Needs {
        self.0.needs.clone()
    }

    /// True where every match holds a word, and not a letter or a mark alone.
    pub fn is_worded(&self) -> bool {
        self.0.worded
    }

    /// True where every match lies within a line.
    pub fn stays_in_line(&self) -> bool {
        self.0.in_line
    }

    /// True where the pattern matches somewhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.engine().is_match(text)
    }

    /// The first match in `text` at or behind a byte offset.
    pub fn find_at(&self, text: &str, at: usize) -> Option<Range<usize>> {
        self.engine().find_at(text, at)
    }

    /// All matches in `text`, in order.
    pub fn find_all<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        let mut at = 0;
        std::iter::from_fn(move || {
            let found = self.find_at(text, at)?;
            at = found.end;
            Some(found)
        })
    }

    /// All matches that lie in the region of `view`, in order.
    pub fn find_iter<'v>(&'v self, view: &View<'v>) -> impl Iterator<Item = Range<usize>> + 'v {
        self.search(view, |text, at| self.find_at(text, at).map(|found| (found, ()))).map(|(found, ())| found)
    }

    /// All matches that lie in the region of `view`, in order, and what `template` says with their groups filled in: `$1`,
    /// `${name}`, `$$`.
    pub fn fill_iter<'v>(
        &'v self,
        view: &View<'v>,
        template: &'v str,
    ) -> impl Iterator<Item = (Range<usize>, String)> + 'v {
        let mut groups = self.grouped().create_captures();
        self.search(view, move |text, at| {
            self.grouped().search_captures(&Input::new(text).range(at..), &mut groups);
            let found = groups.get_match()?.range();
            Some((found, groups.interpolate_string(text, template)))
        })
    }

    /// The names of the groups, in order; the whole match is the first of them and has none.
    pub fn groups(&self) -> Vec<Option<Box<str>>> {
        let mut names = vec![None];
        add_groups(&self.expression(), &mut names);
        names
    }

    /// All that `next` finds from a place on. A pattern that stays within a line is shown only lines with a lead, and
    /// never more than the line.
    fn search<'v, T>(
        &'v self,
        view: &View<'v>,
        mut next: impl FnMut(&'v str, usize) -> Option<(Range<usize>, T)> + 'v,
    ) -> impl Iterator<Item = (Range<usize>, T)> + 'v {
        let (text, region) = (view.text(), view.region());
        let mut leads = view.leads().filter(|_| self.0.in_line).map(<[u32]>::iter);
        let (mut at, mut end) = match leads {
            Some(_) => (region.start, region.start),
            None => (region.start, text.len()),
        };
        std::iter::from_fn(move || {
            loop {
                if let Some(found) = (at < end).then(|| next(&text[..end], at)).flatten() {
                    at = found.0.end;
                    return (at <= region.end).then_some(found);
                }
                let lead = *leads.as_mut()?.find(|lead| **lead as usize >= end)? as usize;
                at = memchr::memrchr(b'\n', &text.as_bytes()[at..lead]).map_or(at, |newline| at + newline + 1);
                end = memchr::memchr(b'\n', &text.as_bytes()[lead..]).map_or(text.len(), |newline| lead + newline);
            }
        })
    }
}

/// True where no match of an expression holds a line end or looks at the ends of the text.
fn stays_in_line(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty => true,
        HirKind::Look(look) => !matches!(look, Look::Start | Look::End | Look::StartCRLF | Look::EndCRLF),
        HirKind::Literal(literal) => !literal.0.contains(&b'\n'),
        HirKind::Class(Class::Unicode(class)) => {
            !class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&'\n'))
        }
        HirKind::Class(Class::Bytes(_)) => false,
        HirKind::Capture(capture) => stays_in_line(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().all(stays_in_line),
        HirKind::Repetition(repetition) => stays_in_line(&repetition.sub),
    }
}

/// Adds the names of the groups of an expression, in order.
fn add_groups(hir: &Hir, names: &mut Vec<Option<Box<str>>>) {
    if let HirKind::Capture(capture) = hir.kind() {
        names.push(capture.name.clone());
    }
    hir.kind().subs().iter().for_each(|sub| add_groups(sub, names));
}

/// About how many bytes an expression compiles to, its repetitions written out. Measured on regex 1.13, which takes 33
/// bytes for a byte of a literal, 74 for `[a-z]`, 1,000 for `[^,]`, 3,600 for `\p{Han}` of 22 ranges and 50,000 for `\w`
/// of 796; told right within a factor of two.
fn weight(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 32,
        HirKind::Literal(literal) => 32 * literal.0.len(),
        HirKind::Class(Class::Unicode(class)) if class.is_ascii() => 64,
        HirKind::Class(Class::Unicode(class)) => 1000 + 64 * class.ranges().len(),
        HirKind::Class(Class::Bytes(_)) => 64,
        HirKind::Capture(capture) => weight(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().map(weight).fold(0, usize::saturating_add),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min.saturating_add(1));
            weight(&repetition.sub).saturating_mul(times as usize)
        }
    }
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
        assert_eq!(pattern.find_iter(&view).map(|found| found.start).collect::<Vec<_>>(), [3, 6]);
    }

    #[test]
    fn a_pattern_that_is_too_large_is_refused_when_it_is_read() {
        let source = Source::new(r"(?:\p{Han}{200}x){200}").unwrap();
        assert!(source.compile(&Defines::new()).is_err());
    }
}
