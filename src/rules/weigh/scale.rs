//! Classes of words, and what those found in a line weigh together.
//!
//! Invariant: every byte of a line counts for the first class that takes it; a weight is that of one range of the
//! line, and takes the points of a class once, however many words of it there are.

use std::ops::Range;
use std::sync::OnceLock;

use super::sweep::Here;
use crate::prefilter::{Places, Prefilter};
use crate::rules::named::BRACKETS;
use crate::rules::{Needs, Pattern};
use crate::script::is_han;

/// Classes of words, in the order in which they are looked for.
#[derive(Debug)]
pub(super) struct Scale {
    classes: Vec<Class>,
    /// Finds what the classes need in a text of which it is not known.
    prefilter: OnceLock<Prefilter>,
}

/// A class of words, as the rules file has it.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) is: String,
    pub(super) points: i32,
    pub(super) again: i32,
    pub(super) anchor: bool,
    pub(super) pattern: Pattern,
    pub(super) reach: usize,
}

/// What a range of a line holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Weight {
    pub(super) points: i32,
    /// Whether it holds a word of a class that is an anchor, or no class is one.
    pub(super) anchored: bool,
    /// Letters, digits and Hanzi, and how many of them lie in known words and in words with points.
    pub(super) letters: usize,
    pub(super) known: usize,
    pub(super) telling: usize,
}

/// The words found in a line.
#[derive(Debug)]
pub(super) struct Found<'s> {
    scale: &'s Scale,
    /// Where words were looked for.
    pub(super) within: Range<usize>,
    /// For each class, where its words lie, in order.
    words: Vec<Vec<Range<usize>>>,
    /// For each byte of the line, what it is to the scale.
    cover: Vec<Cover>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Cover {
    Unknown,
    Known,
    Telling,
}

/// As many Hanzi are taken for the name of a site where nothing parts it from the words before it.
const LIKELY_NAME: usize = 2;

/// The most letters between two words of a run.
const WIDEST_GAP: usize = 8;

impl Scale {
    pub(super) fn new(classes: Vec<Class>) -> Self {
        Self { classes, prefilter: OnceLock::new() }
    }

    /// What each class needs. Words without points stand everywhere.
    pub(super) fn signs(&self) -> Vec<Needs> {
        let needs = |class: &Class| if class.points > 0 { class.pattern.needs() } else { Needs::Anything };
        self.classes.iter().map(needs).collect()
    }

    /// Where in a text words of each class can be.
    pub(super) fn places(&self, text: &str) -> Vec<Places> {
        let prefilter = self.prefilter.get_or_init(|| Prefilter::new(self.signs()));
        prefilter.leads(text).range(0..self.classes.len()).to_vec()
    }

    /// True where so many points can come together in a piece of a text, within so many characters, those of an anchor
    /// among them. Most pieces that hold a word of a class hold no other near it, and need not be read.
    pub(super) fn may_reach(&self, here: &[Here], least: i32, most: usize) -> bool {
        let reach = most.saturating_mul(char::MAX.len_utf8());
        let worth = |class: usize| self.classes[class].worth();
        let classes = || self.candidates(here).map(|(number, _)| number);
        if classes().map(worth).sum::<i32>() < least {
            return false;
        }
        let always = classes().filter(|class| here[*class].is_none()).map(worth).sum::<i32>();
        let places = classes().flat_map(|class| here[class].into_iter().flatten().map(move |place| (*place as usize, class)));
        let mut places: Vec<(usize, usize)> = places.collect();
        places.sort_unstable();
        let anchored = self.has_anchor();
        let (mut near, mut points, mut anchors, mut from) = (vec![0; self.classes.len()], always, 0, 0);
        always >= least && !anchored
            || places.iter().any(|(at, class)| {
                points += if near[*class] == 0 { worth(*class) } else { 0 };
                near[*class] += 1;
                anchors += i32::from(self.classes[*class].anchor);
                while at - places[from].0 > reach {
                    let gone = places[from].1;
                    near[gone] -= 1;
                    anchors -= i32::from(self.classes[gone].anchor);
                    points -= if near[gone] == 0 { worth(gone) } else { 0 };
                    from += 1;
                }
                points >= least && (anchors > 0 || !anchored)
            })
    }

    /// The literals one of which stands wherever `least` points come together: those of the anchors; and where there
    /// are none, those of the classes but for the last of them, as many as cannot reach the points by themselves.
    pub(super) fn needs(&self, least: i32) -> Needs {
        let mut classes: Vec<&Class> = self.classes.iter().filter(|class| class.points > 0).collect();
        let mut together = 0;
        if self.has_anchor() {
            classes.retain(|class| class.anchor);
        } else {
            classes.sort_by_key(|class| class.points);
            classes.retain(|class| {
                together += class.points;
                together >= least
            });
        }
        Needs::any_of(classes.into_iter().map(|class| class.pattern.needs()))
    }

    /// True where the classes that a piece of a text holds words of have so many points together, an anchor among them.
    /// Most pieces with literals of as many classes hold words of fewer.
    pub(super) fn holds_enough(&self, piece: &str, here: &[Here], least: i32) -> bool {
        let mut candidates: Vec<&Class> = self.candidates(here).map(|(_, class)| class).collect();
        candidates.sort_by_key(|class| !class.anchor);
        let mut most: i32 = candidates.iter().map(|class| class.worth()).sum();
        let mut anchored = !self.has_anchor();
        for class in candidates {
            if !class.anchor && !anchored || most < least {
                return false;
            }
            match class.pattern.is_match(piece) {
                true => anchored |= class.anchor,
                false => most -= class.worth(),
            }
        }
        anchored && most >= least
    }

    /// The classes with points of which words can be in a piece.
    fn candidates<'c>(&'c self, here: &'c [Here]) -> impl Iterator<Item = (usize, &'c Class)> {
        let held = |here: &Here| here.is_none_or(|places| !places.is_empty());
        self.classes.iter().enumerate().filter(move |(number, class)| class.points > 0 && held(&here[*number]))
    }

    /// Whether a word of some class has to be there.
    fn has_anchor(&self) -> bool {
        self.classes.iter().any(|class| class.anchor)
    }

    /// Finds the words of all classes in a byte range of a line, but for those that `without` knows not to be there.
    pub(super) fn find(&self, line: &str, within: Range<usize>, without: impl Fn(usize) -> bool) -> Found<'_> {
        let mut found = Found { scale: self, within: within.clone(), words: vec![vec![]; self.classes.len()], cover: vec![Cover::Unknown; line.len()] };
        for (number, class) in self.classes.iter().enumerate().filter(|(number, _)| !without(*number)) {
            let cover = match class.points {
                ..0 => Cover::Unknown,
                0 => Cover::Known,
                1.. => Cover::Telling,
            };
            let mut from = within.start;
            while let Some(word) = class.pattern.find_at(&line[..within.end], from) {
                from = word.end;
                let mut at = word;
                if cover != Cover::Unknown {
                    if cover == Cover::Telling && found.cover[at.clone()].contains(&cover) {
                        continue;
                    }
                    at.start -= found.name(&line[..at.start], class.reach);
                    found.cover[at.clone()].iter_mut().filter(|known| **known < cover).for_each(|known| *known = cover);
                }
                if class.points != 0 {
                    found.words[number].push(at);
                }
            }
        }
        found
    }
}

impl Weight {
    /// Letters that lie in no known word.
    pub(super) fn unknown(&self) -> usize {
        self.letters - self.known
    }
}

impl Class {
    /// The most points that its words count.
    fn worth(&self) -> i32 {
        self.points + self.again.max(0)
    }
}

impl Found<'_> {
    /// The length of the name at the end of `before`, in bytes.
    fn name(&self, before: &str, reach: usize) -> usize {
        let free = |(at, c): &(usize, char)| is_han(*c) && self.cover[*at] == Cover::Unknown;
        let count = before.char_indices().rev().take_while(free).take(reach + 1).count();
        let count = if count > reach { LIKELY_NAME.min(reach) } else { count };
        before.chars().rev().take(count).map(char::len_utf8).sum()
    }

    /// The classes of which there are words, with the words.
    fn classes(&self) -> impl Iterator<Item = (&Class, &[Range<usize>])> {
        self.scale.classes.iter().zip(self.words.iter().map(Vec::as_slice)).filter(|(_, words)| !words.is_empty())
    }

    /// From the first word with points to the last.
    pub(super) fn telling(&self) -> Option<Range<usize>> {
        let tells = |cover: &Cover| *cover == Cover::Telling;
        let first = self.cover.iter().position(tells)?;
        Some(first..self.cover.iter().rposition(tells)? + 1)
    }

    /// What a byte range of the line weighs.
    pub(super) fn weight(&self, line: &str, range: &Range<usize>) -> Weight {
        let inside = |words: &[Range<usize>]| {
            let first = words.partition_point(|at| at.start < range.start);
            words[first..].iter().take(2).filter(|at| at.end <= range.end).count()
        };
        let mut weight = Weight { points: 0, anchored: false, letters: 0, known: 0, telling: 0 };
        for (class, words) in self.classes() {
            let count = inside(words);
            if count > 0 {
                weight.points += class.points + if count > 1 { class.again } else { 0 };
                weight.anchored |= class.anchor;
            }
        }
        weight.anchored |= !self.scale.has_anchor();
        for (at, _) in line[range.clone()].char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            let cover = self.cover[range.start + at];
            weight.letters += 1;
            weight.known += usize::from(cover != Cover::Unknown);
            weight.telling += usize::from(cover == Cover::Telling);
        }
        weight
    }

    /// Stretches of words with points that only known words part, with the known words that fill the clauses they
    /// begin and end in.
    pub(super) fn runs(&self, line: &str) -> impl Iterator<Item = Range<usize>> {
        let mut telling: Vec<Range<usize>> = Vec::new();
        let inside = line[self.within.clone()].char_indices().map(|(at, c)| (self.within.start + at, c));
        for (at, c) in inside.filter(|(at, _)| self.cover[*at] == Cover::Telling) {
            let end = at + c.len_utf8();
            match telling.last_mut() {
                Some(last) if last.end == at || self.bridges(line, last.end..at) => last.end = end,
                _ => telling.push(at..end),
            }
        }
        telling.into_iter().map(|run| self.to_marks(line, run))
    }

    fn bridges(&self, line: &str, gap: Range<usize>) -> bool {
        let mut letters = 0;
        line[gap.clone()].char_indices().all(|(at, c)| {
            let known = self.cover[gap.start + at] != Cover::Unknown;
            letters += usize::from(c.is_alphanumeric());
            match c {
                _ if c.is_alphanumeric() => known && letters <= WIDEST_GAP,
                '。' | '！' | '？' | '!' | '?' | '…' | '<' | '>' => false,
                // Brackets part two adverts, but for those round a name in one.
                _ => known || !BRACKETS.contains(c),
            }
        })
    }

    /// Takes in the known words between a run and the marks around it, where nothing else lies there.
    fn to_marks(&self, line: &str, run: Range<usize>) -> Range<usize> {
        let known = |at: usize, c: char| c.is_alphanumeric() && self.cover[at] != Cover::Unknown;
        let head = line[..run.start].char_indices().rev().take_while(|(at, c)| known(*at, *c)).last();
        let start = head.map_or(run.start, |(at, _)| at);
        let tail = line[run.end..].char_indices().take_while(|(at, c)| known(run.end + at, *c)).last();
        let end = tail.map_or(run.end, |(at, c)| run.end + at + c.len_utf8());
        let marked = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let start = if marked(line[..start].chars().next_back()) { start } else { run.start };
        let end = if marked(line[end..].chars().next()) { end } else { run.end };
        start..end
    }

    /// The classes of which there are words, with their points and the first two words of each.
    pub(super) fn told(&self, line: &str) -> String {
        let tell = |(class, words): (&Class, &[Range<usize>])| {
            let points = class.points + if words.len() > 1 { class.again } else { 0 };
            let words: Vec<&str> = words.iter().take(2).map(|word| line[word.clone()].trim()).collect();
            format!("{} {points:+} ({})", class.is, words.join(", "))
        };
        self.classes().map(tell).collect::<Vec<_>>().join(", ")
    }
}
