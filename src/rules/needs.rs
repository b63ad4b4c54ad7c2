//! What a text must hold for a rule to have anything to do in it.
//!
//! Invariant: `Needs` never promises too much: a text in which a rule changes or notes anything
//! holds one of the literals, ASCII letters in either case.

use regex_syntax::hir::{Class, Hir, HirKind};

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

/// The most strings in a set. A line of a long alternation of wordings has hundreds.
const SET: usize = 2000;

impl Needs {
    /// What a text must hold for an expression to match in it.
    pub fn of_expression(expression: &Hir) -> Self {
        match Strings::of(expression).required {
            Some(literals) => Needs::OneOf(distinct(literals)),
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

/// What is known of the strings that an expression can match.
struct Strings {
    /// All of them, where they are few; anchors match the empty string.
    exact: Option<Vec<Vec<u8>>>,
    /// The best set of strings one of which is in every match.
    required: Option<Vec<Vec<u8>>>,
}

impl Strings {
    fn of(hir: &Hir) -> Self {
        let Self { exact, required } = match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Self { exact: Some(vec![vec![]]), required: None },
            HirKind::Literal(literal) => Self { exact: Some(vec![literal.0.to_vec()]), required: None },
            HirKind::Class(class) => Self { exact: members(class), required: None },
            HirKind::Capture(capture) => return Self::of(&capture.sub),
            HirKind::Concat(parts) => {
                let parts: Vec<Self> = parts.iter().map(Self::of).collect();
                let sets: Option<Vec<&Vec<Vec<u8>>>> = parts.iter().map(|part| part.exact.as_ref()).collect();
                let few = |sets: &Vec<&Vec<Vec<u8>>>| sets.iter().map(|set| set.len()).product::<usize>() <= MOST;
                let sets = sets.filter(few);
                let exact = sets.and_then(|sets| sets.into_iter().try_fold(vec![vec![]], |all, set| cross(&all, set)));
                Self { exact, required: in_sequence(parts) }
            }
            HirKind::Alternation(parts) => {
                let (exact, required): (Vec<_>, Vec<_>) =
                    parts.iter().map(Self::of).map(|part| (part.exact, part.required)).unzip();
                Self { exact: union(exact, MOST), required: union(required, SET) }
            }
            HirKind::Repetition(repetition) => {
                let once = Self::of(&repetition.sub);
                let times = |once| powers(once, repetition.min, repetition.max.filter(|max| *max <= 4)?);
                Self {
                    exact: once.exact.as_deref().and_then(times),
                    required: once.required.filter(|_| repetition.min > 0),
                }
            }
        };
        let exact = exact.filter(|strings| strings.len() <= MOST);
        let own = exact.as_ref().filter(|strings| useful(strings)).cloned();
        Self { exact, required: better(own, required) }
    }
}

/// All strings of all sets, where each is known and they are no more than `most`.
fn union(sets: Vec<Option<Vec<Vec<u8>>>>, most: usize) -> Option<Vec<Vec<u8>>> {
    let count: Option<usize> = sets.iter().map(|set| set.as_ref().map(Vec::len)).sum();
    count.filter(|count| *count <= most)?;
    Some(sets.into_iter().flatten().flatten().collect())
}

/// Each string of `once` as many times in a row as may be.
fn powers(once: &[Vec<u8>], min: u32, max: u32) -> Option<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    let mut power = vec![vec![]];
    for count in 0..=max {
        if count >= min {
            all.extend(power.iter().cloned());
        }
        power = cross(&power, once)?;
    }
    Some(all)
}

fn members(class: &Class) -> Option<Vec<Vec<u8>>> {
    let Class::Unicode(class) = class else { return None };
    let count: usize = class.ranges().iter().map(|range| range.len()).sum();
    let chars = class.ranges().iter().flat_map(|range| range.start()..=range.end());
    let lower = |c: char| c.to_ascii_lowercase().to_string().into_bytes();
    // A class of more than a few characters stands for "any of a kind" and is better skipped.
    (count <= 12).then(|| {
        let mut strings: Vec<_> = chars.map(lower).collect();
        strings.sort();
        strings.dedup();
        strings
    })
}

fn cross(heads: &[Vec<u8>], tails: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
    let all = heads.iter().flat_map(|head| tails.iter().map(move |tail| [&head[..], tail].concat()));
    (heads.len() * tails.len() <= MOST).then(|| all.collect())
}

/// The best set in a sequence: of one part, or of a stretch of parts with few strings each.
fn in_sequence(parts: Vec<Strings>) -> Option<Vec<Vec<u8>>> {
    let mut best = None;
    let mut stretch: Option<Vec<Vec<u8>>> = None;
    for Strings { exact, required } in parts {
        let longer = stretch.as_deref().zip(exact.as_deref()).and_then(|(head, tail)| cross(head, tail));
        if longer.is_none() {
            best = better(best, stretch.take().filter(|strings| useful(strings)));
            best = better(best, required);
        }
        stretch = longer.or(exact);
    }
    better(best, stretch.filter(|strings| useful(strings)))
}

/// A single letter, digit or blank stands in nearly every text and tells nothing.
fn useful(strings: &[Vec<u8>]) -> bool {
    let telling = |string: &Vec<u8>| match string[..] {
        [] => false,
        [byte] => byte.is_ascii_punctuation(),
        _ => true,
    };
    !strings.is_empty() && strings.iter().all(telling)
}

/// Of two sets the one whose shortest string is longer, then the smaller one.
fn better(a: Option<Vec<Vec<u8>>>, b: Option<Vec<Vec<u8>>>) -> Option<Vec<Vec<u8>>> {
    let rank = |set: &Vec<Vec<u8>>| (set.iter().map(Vec::len).min(), std::cmp::Reverse(set.len()));
    match (a, b) {
        (Some(a), Some(b)) => Some(if rank(&b) > rank(&a) { b } else { a }),
        (a, b) => a.or(b),
    }
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
    fn the_longest_part_that_must_stand_there_is_found() {
        for (pattern, literals) in [
            ("责任编辑[:：].*", Some(vec!["责任编辑:", "责任编辑："])),
            (r"第\s*[0-9]+\s*[页頁]", Some(vec!["第"])),
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
