//! What a text must hold for a rule to have anything to do in it.
//!
//! Invariant: `Needs` never promises too much: a text in which a rule changes or notes anything
//! holds one of the literals, ASCII letters in either case.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::decode::model::{NAT, chinese_cost};

/// The literals one of which a text must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Needs {
    /// The rule may have something to do in any text.
    #[default]
    Anything,
    /// Never empty, and no literal is empty. In UTF-8; ASCII letters stand for both cases.
    OneOf(Vec<Vec<u8>>),
}

/// The most strings that parts of a pattern are multiplied out to.
const MOST: usize = 128;

/// The most characters of a class that stands for each of them.
const FEW: usize = 12;

/// The most strings in a set. A line of a long alternation of wordings has hundreds.
const SET: usize = 2000;

impl Needs {
    /// What a text must hold for an expression to match in it.
    pub fn of_expression(expression: &Hir) -> Self {
        match Strings::of(expression).required {
            Some(set) => Needs::OneOf(distinct(set.strings)),
            None => Needs::Anything,
        }
    }

    /// Needs of a rule that needs what one of these needs.
    pub fn any_of(needs: impl IntoIterator<Item = Needs>) -> Self {
        let mut all = Vec::new();
        for needs in needs {
            match needs {
                Needs::Anything => return Needs::Anything,
                Needs::OneOf(literals) => all.extend(literals),
            }
        }
        if all.is_empty() { Needs::Anything } else { Needs::OneOf(distinct(all)) }
    }

    /// Needs of a rule that looks for any of these.
    pub fn one_of<'l>(literals: impl IntoIterator<Item = &'l str>) -> Self {
        let literals: Vec<Vec<u8>> =
            literals.into_iter().map(|literal| literal.to_ascii_lowercase().into_bytes()).collect();
        match literals.iter().any(Vec::is_empty) || literals.is_empty() {
            true => Needs::Anything,
            false => Needs::OneOf(literals),
        }
    }
}

/// Each literal once, and none that stands behind another that is its head.
fn distinct(mut literals: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    literals.iter_mut().for_each(|literal| literal.make_ascii_lowercase());
    literals.sort();
    literals.dedup_by(|longer, head| longer.starts_with(head));
    literals
}

/// Some strings, and about how many places of a Chinese text hold one of them, a share of its characters.
#[derive(Debug, Clone)]
struct Set {
    strings: Vec<Vec<u8>>,
    share: f64,
}

/// What is known of the strings that an expression can match.
struct Strings {
    /// All of them, where they are few; anchors match the empty string.
    exact: Option<Set>,
    /// The best set of strings one of which is in every match.
    required: Option<Set>,
}

impl Set {
    fn new(strings: Vec<Vec<u8>>) -> Self {
        let share = strings.iter().map(|string| share(&String::from_utf8_lossy(string))).sum();
        Self { strings, share }
    }

    fn empty() -> Self {
        Self { strings: vec![vec![]], share: 1. }
    }

    fn is_empty(&self) -> bool {
        self.strings.iter().all(Vec::is_empty)
    }

    /// Each string of one set before each of the other.
    fn cross(&self, tails: &Self) -> Option<Self> {
        match (self.is_empty(), tails.is_empty()) {
            (true, _) if self.strings.len() == 1 => return Some(tails.clone()),
            (_, true) if tails.strings.len() == 1 => return Some(self.clone()),
            _ if self.strings.len() * tails.strings.len() > MOST => return None,
            _ => {}
        }
        let all = self.strings.iter().flat_map(|head| tails.strings.iter().map(move |tail| [&head[..], tail].concat()));
        Some(Self { strings: all.collect(), share: together(self.share, tails.share) })
    }

    /// Each string as many times in a row as may be.
    fn powers(&self, min: u32, max: u32) -> Option<Self> {
        let mut all = Self { strings: vec![], share: 0. };
        let mut power = Self::empty();
        for count in 0..=max {
            if count >= min {
                all.strings.extend(power.strings.iter().cloned());
                all.share += power.share;
            }
            power = power.cross(self)?;
        }
        Some(all)
    }

    /// A single letter, digit or blank stands in nearly every text and tells nothing.
    fn is_useful(&self) -> bool {
        let telling = |string: &Vec<u8>| match string[..] {
            [] => false,
            [byte] => byte.is_ascii_punctuation(),
            _ => true,
        };
        !self.strings.is_empty() && self.strings.iter().all(telling)
    }
}

impl Strings {
    fn of(hir: &Hir) -> Self {
        let Self { exact, required } = match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Self { exact: Some(Set::empty()), required: None },
            HirKind::Literal(literal) => Self { exact: Some(Set::new(vec![literal.0.to_vec()])), required: None },
            HirKind::Class(class) => Self { exact: members(class), required: None },
            HirKind::Capture(capture) => return Self::of(&capture.sub),
            HirKind::Concat(parts) => {
                let parts: Vec<Self> = parts.iter().map(Self::of).collect();
                let sets: Option<Vec<&Set>> = parts.iter().map(|part| part.exact.as_ref()).collect();
                let few = |sets: &Vec<&Set>| sets.iter().map(|set| set.strings.len()).product::<usize>() <= MOST;
                let sets = sets.filter(few);
                let exact = sets.and_then(|sets| sets.into_iter().try_fold(Set::empty(), |all, set| all.cross(set)));
                let required = if exact.is_none() { in_sequence(parts) } else { None };
                Self { exact, required }
            }
            HirKind::Alternation(parts) => {
                let (exact, required): (Vec<_>, Vec<_>) =
                    parts.iter().map(Self::of).map(|part| (part.exact, part.required)).unzip();
                Self { exact: union(exact, MOST), required: union(required, SET) }
            }
            HirKind::Repetition(repetition) => {
                let once = Self::of(&repetition.sub);
                let times = |once: &Set| once.powers(repetition.min, repetition.max.filter(|max| *max <= 4)?);
                Self {
                    exact: once.exact.as_ref().and_then(times),
                    required: once.required.filter(|_| repetition.min > 0),
                }
            }
        };
        let exact = exact.filter(|set| set.strings.len() <= MOST);
        let own = exact.as_ref().filter(|set| set.is_useful()).cloned();
        Self { exact, required: better(required, own) }
    }
}

/// All strings of all sets, where each is known and they are no more than `most`.
fn union(sets: Vec<Option<Set>>, most: usize) -> Option<Set> {
    let count: Option<usize> = sets.iter().map(|set| set.as_ref().map(|set| set.strings.len())).sum();
    count.filter(|count| *count <= most)?;
    let share = sets.iter().flatten().map(|set| set.share).sum();
    Some(Set { strings: sets.into_iter().flatten().flat_map(|set| set.strings).collect(), share })
}

fn members(class: &Class) -> Option<Set> {
    let Class::Unicode(class) = class else { return None };
    if class.ranges().len() > FEW {
        return None;
    }
    let count: usize = class.ranges().iter().map(|range| range.len()).sum();
    let chars = class.ranges().iter().flat_map(|range| range.start()..=range.end());
    let lower = |c: char| c.to_ascii_lowercase().to_string().into_bytes();
    // A class of more than a few characters stands for "any of a kind" and is better skipped.
    (count <= FEW).then(|| {
        let mut strings: Vec<_> = chars.map(lower).collect();
        strings.sort();
        strings.dedup();
        Set::new(strings)
    })
}

/// The best set in a sequence: of one part, or of a stretch of parts with few strings each.
fn in_sequence(parts: Vec<Strings>) -> Option<Set> {
    let mut best = None;
    let mut stretch: Option<Set> = None;
    for Strings { exact, required } in parts {
        let longer = stretch.as_ref().zip(exact.as_ref()).and_then(|(head, tail)| head.cross(tail));
        if longer.is_none() {
            best = better(best, stretch.take().filter(Set::is_useful));
            best = better(best, required);
        }
        stretch = longer.or(exact);
    }
    better(best, stretch.filter(Set::is_useful))
}

/// Of two sets the one that fewer texts hold a string of.
fn better(a: Option<Set>, b: Option<Set>) -> Option<Set> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.share < a.share { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// About how many places of a Chinese text hold this string.
fn share(string: &str) -> f64 {
    let each = |c: char| match chinese_cost(c) {
        Some(cost) => (-f64::from(cost) / f64::from(NAT)).exp(),
        // Rarer in Chinese; but not all texts are.
        None if c.is_ascii_alphanumeric() => 1. / 50.,
        None => 1. / 400.,
    };
    string.chars().map(each).fold(1., together)
}

/// The share of two strings that stand together, which they do by no chance: the product would be too little. With the
/// root of the larger share, the words of the built-in rules are in about the order in which Chinese prose has them.
fn together(a: f64, b: f64) -> f64 {
    a.min(b) * a.max(b).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Option<Vec<String>> {
        match Needs::of_expression(&regex_syntax::parse(pattern).unwrap()) {
            Needs::Anything => None,
            Needs::OneOf(literals) => {
                Some(literals.into_iter().map(|l| String::from_utf8_lossy(&l).into_owned()).collect())
            }
        }
    }

    #[test]
    fn the_rarest_part_that_must_stand_there_is_found() {
        for (pattern, literals) in [
            ("责任编辑[:：].*", Some(vec!["责任编辑:", "责任编辑："])),
            (r"第\s*[0-9]+\s*[页頁]", Some(vec!["頁", "页"])),
            (r"\p{Han}{2,8}网放上鼠标", Some(vec!["网放上鼠标"])),
            ("(?:上一篇|下一篇)：.+", Some(vec!["上一篇：", "下一篇："])),
            ("WWW[.]", Some(vec!["www."])),
            ("(?i)com", Some(vec!["com"])),
            ("^[0-9]+$", None),
            ("a|[0-9]+", None),
            ("(?:ab)+c", Some(vec!["ab"])),
            ("a?b", None),
            ("<[a-z]+>", Some(vec!["<"])),
        ] {
            let literals = literals.map(|literals| literals.into_iter().map(str::to_owned).collect());
            assert_eq!(of(pattern), literals, "{pattern}");
        }
    }
}
