//! Where in a document a rule may change something.
//!
//! Invariant: a region lies on character boundaries of its text.

use std::ops::Range;

use super::compile::Problem;
use super::raw::{Part, Where};
use crate::rules::{Defines, Pattern};
use crate::shield::ShieldSet;
use crate::view::View;

/// A checked `where`.
#[derive(Debug)]
pub struct Region {
    part: Part,
    length: Length,
    after: Option<Pattern>,
    before: Option<Pattern>,
    /// What to leave alone besides what the kind of the rule does.
    pub guarded: ShieldSet,
}

/// How long a head or tail is.
#[derive(Debug, Clone, Copy)]
enum Length {
    Lines(u32),
    Chars(u32),
    Share(f64),
}

impl Default for Region {
    fn default() -> Self {
        let length = Length::Lines(Self::LINES);
        Self { part: Part::All, length, after: None, before: None, guarded: ShieldSet::NONE }
    }
}

impl Region {
    const LINES: u32 = 10;

    /// Checks and compiles what is written.
    pub fn new(raw: Where, defines: &Defines) -> Result<Self, Problem> {
        let lengths = [raw.lines.map(Length::Lines), raw.chars.map(Length::Chars), raw.percent.map(Length::Share)];
        let given: Vec<Length> = lengths.into_iter().flatten().collect();
        if given.len() > 1 {
            return Err(Problem::field("where", "two lengths for one part", "keep one of `lines`, `chars`, `percent`"));
        }
        if raw.part == Part::All && !given.is_empty() {
            let help = "add `part: head` or `part: tail`";
            return Err(Problem::field("where", "a length without an end to count from", help));
        }
        let mut guarded = ShieldSet::NONE;
        for name in &raw.not_in {
            let set = shield(&name.value).map_err(|help| {
                Problem::node(name.node, format!("`{}` is nothing that can be left alone", name.value), help)
            })?;
            guarded = guarded.with(set);
        }
        Ok(Self {
            part: raw.part,
            length: given.first().copied().unwrap_or(Length::Lines(Self::LINES)),
            after: raw.after.map(|source| source.compile(defines)).transpose()?,
            before: raw.before.map(|source| source.compile(defines)).transpose()?,
            guarded,
        })
    }

    /// True for the head or the tail of a text.
    pub fn is_part(&self) -> bool {
        self.part != Part::All
    }

    /// The byte range of the region in a text.
    pub fn range(&self, view: &View) -> Range<usize> {
        let text = view.text();
        let Range { mut start, mut end } = self.part(view);
        let mut from = 0;
        if let Some(after) = &self.after {
            match after.find_at(text, 0) {
                Some(found) => from = line_end(text, found.end),
                None => return 0..0,
            }
            start = start.max(from);
        }
        if let Some(before) = &self.before {
            match before.find_at(text, from) {
                Some(found) => end = end.min(text[..found.start].rfind('\n').map_or(0, |at| at + 1)),
                None => return 0..0,
            }
        }
        start.min(end)..end
    }

    fn part(&self, view: &View) -> Range<usize> {
        let text = view.text();
        let full = |line: &&Range<usize>| !text[(*line).clone()].trim().is_empty();
        let nth = |chars: usize| text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
        let nth_back = |chars: usize| match chars {
            0 => text.len(),
            _ => text.char_indices().nth_back(chars - 1).map_or(0, |(at, _)| at),
        };
        let share = |share: f64| (text.len() as f64 * share) as usize;
        match (self.part, self.length) {
            (Part::All, _) => 0..text.len(),
            (Part::Head, Length::Lines(lines)) => {
                let next = view.lines().iter().filter(full).nth(lines as usize);
                0..next.map_or(text.len(), |line| line.start)
            }
            (Part::Tail, Length::Lines(0)) => text.len()..text.len(),
            (Part::Head, Length::Chars(chars)) => 0..nth(chars as usize),
            (Part::Head, Length::Share(part)) => 0..floor(text, share(part)),
            (Part::Tail, Length::Lines(lines)) => {
                let first = view.lines().iter().rev().filter(full).take(lines as usize).last();
                first.map_or(0, |line| line.start)..text.len()
            }
            (Part::Tail, Length::Chars(chars)) => nth_back(chars as usize)..text.len(),
            (Part::Tail, Length::Share(part)) => floor(text, text.len() - share(part))..text.len(),
        }
    }
}

/// The last character boundary at or before a byte.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where the line behind the one that holds the byte before `at` starts.
fn line_end(text: &str, at: usize) -> usize {
    let at = if text[..at].ends_with('\n') { at - 1 } else { at };
    text[at..].find('\n').map_or(text.len(), |length| at + length + 1)
}

fn shield(name: &str) -> Result<ShieldSet, String> {
    ShieldSet::NAMED.iter().find(|(known, _)| *known == name).map(|(_, set)| *set).ok_or_else(|| {
        let names = ShieldSet::NAMED.iter().map(|(name, _)| *name);
        match super::closest(name, names.clone()) {
            Some(best) => format!("did you mean `{best}`?"),
            None => format!("what can be left alone is: {}", names.collect::<Vec<_>>().join(", ")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RuleSet;
    use crate::view::Facts;

    #[test]
    fn a_region_is_what_where_says() {
        let text = "一\n二\n\n三\n四\n";
        for (place, region) in [
            ("{}", text),
            ("{ part: head, lines: 2 }", "一\n二\n\n"),
            ("{ part: tail, lines: 2 }", "三\n四\n"),
            ("{ part: tail, lines: 0 }", ""),
            ("{ part: head, chars: 3 }", "一\n二"),
            ("{ part: tail, chars: 2 }", "四\n"),
            ("{ part: tail, chars: 99 }", text),
            ("{ part: head, percent: 50% }", "一\n二\n"),
            ("{ part: tail, percent: 25% }", "四\n"),
            ("{ after: 二 }", "\n三\n四\n"),
            ("{ after: \"二\\\\n\" }", "\n三\n四\n"),
            ("{ before: 三 }", "一\n二\n\n"),
            ("{ after: 一, before: 四 }", "二\n\n三\n"),
            ("{ after: 四, before: 一 }", ""),
            ("{ after: 五 }", ""),
            ("{ before: 五 }", ""),
            ("{ part: head, lines: 1, after: 三 }", ""),
        ] {
            let yaml = format!("version: 1\nrules:\n  - id: a\n    where: {place}\n    remove: {{ match: x }}\n");
            let set = RuleSet::parse("test", &yaml).unwrap();
            let (rule, facts) = (set.rules().next().unwrap(), Facts::default());
            assert_eq!(&text[rule.place.range(&View::new(text, &facts))], region, "{place}");
        }
    }
}
