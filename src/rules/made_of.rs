//! `made_of`: deletes lines that are put together from given parts and hold little else.
//!
//! Invariant: a line is removed as a whole, and only where no more than the allowed share of what it says lies outside
//! the parts and the parts on it are worth enough; removing lines never leaves a text without a word in it.

mod cover;

use std::ops::Range;
use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::Deserialize;

use super::remove::{fits, remove_lines};
use super::{Defines, Example, Fault, Kind, Needs, Pattern, Shape, Source};
use crate::edit::Edits;
use crate::prefilter::Prefilter;
use crate::script::is_blank;
use crate::shield::ShieldSet;
use crate::view::View;
use cover::{Cover, Piece};

/// Delete lines that are made of given parts: labels with their values, buttons, names of menus.
///
/// Where a list of wordings finds what it lists, parts find any order and any combination of them. Each part says what
/// finding it is worth; a line goes where all it holds is worth `enough` and what no part covers is no more than
/// `rest`. The same words twice on a line count once. `descrape trace` shows the parts of every line that goes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MadeOf {
    /// What such lines are made of. Where parts overlap, those count that leave the least of the line uncovered.
    parts: Vec<Part>,
    /// How much the parts of a line must be worth.
    enough: u16,
    /// How much is enough for a line right before or behind one that goes, empty lines aside. As much as `enough` where
    /// nothing is said.
    #[serde(default)]
    beside: Option<u16>,
    /// The share of a line that may lie outside the parts, such as `10%`: of its letters, its digits and the marks of
    /// its sentences, and never more than 8 of them. None where nothing is said.
    #[serde(default, deserialize_with = "crate::config::percent")]
    #[schemars(with = "Option<String>")]
    rest: f64,
    /// What a line that must stay looks like, from its first to its last character.
    #[serde(default)]
    unless: Option<Source>,
    /// Leaves alone lines that are longer than this, in characters.
    #[serde(default)]
    max_chars: Option<usize>,
}

/// A part of a line.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// What it looks like: any of these patterns. `\A` and `\z` are the first and the last character of the line.
    any: Vec<Source>,
    /// What finding it is worth; nothing where nothing is said. What is worth 1 counts only on lines that hold a part that
    /// is worth more, and so does a part with a wording that has no two letters in a row, such as a date: it could stand
    /// on any line.
    #[serde(default)]
    worth: u16,
}

impl Shape for MadeOf {
    fn compile(self, defines: &Defines) -> Result<Box<dyn Kind>, Fault> {
        let parts = self.parts.into_iter().flat_map(|Part { any, worth }| any.into_iter().map(move |part| (part, worth)));
        let parts = parts.map(|(part, worth)| {
            let worth = u32::from(worth);
            let pattern = part.compile(defines)?;
            Ok(Word { leads: leads(&pattern, worth), pattern, worth })
        });
        let parts = parts.collect::<Result<Vec<Word>, Fault>>()?;
        if !parts.iter().any(|part| part.leads) {
            let help = "give one of the parts a `worth:` of 2 or more and words that it cannot do without";
            return Err(Fault::fields("no line can be made of these parts", help));
        }
        Ok(Box::new(Lines {
            prefilter: OnceLock::new(),
            parts,
            enough: u32::from(self.enough),
            beside: u32::from(self.beside.unwrap_or(self.enough)),
            rest: self.rest,
            unless: self.unless.map(|unless| unless.compile_whole(defines)).transpose()?,
            most: self.max_chars.unwrap_or(usize::MAX),
        }))
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "Labels of a page in any order",
                rule: "made_of: { parts: [{ any: ['来源：\\S*', '编辑：\\S*', '浏览：\\S*'], worth: 2 }, { any: ['[0-9-]+'] }], enough: 4 }",
                input: "编辑：李梅 来源：某某网 2024-01-02\n春天到了。\n2024-01-02 浏览：12 来源：某某网\n",
                output: "春天到了。\n",
            },
            Example {
                title: "A line that is worth less goes beside one that is worth enough",
                rule: "made_of: { parts: [{ any: [打印, 收藏, 关闭], worth: 2 }], enough: 4, beside: 2 }",
                input: "打印 收藏\n关闭\n春天到了。\n收藏\n",
                output: "春天到了。\n收藏\n",
            },
            Example {
                title: "One label is not enough, and words between them make a sentence",
                rule: "made_of: { parts: [{ any: ['(?:来源|编辑|浏览)(?:：\\S*)?'], worth: 2 }], enough: 4, rest: 10% }",
                input: "来源：国家统计局\n编辑说浏览器打不开了。\n",
                output: "来源：国家统计局\n编辑说浏览器打不开了。\n",
            },
        ]
    }
}

/// True for a part that makes a line worth a look: one that is worth more than 1 and has words it cannot do without. What
/// stands in every other line, such as a single letter or a stroke, is no word.
fn leads(pattern: &Pattern, worth: u32) -> bool {
    worth > 1 && pattern.is_worded()
}

/// A part that compiles.
#[derive(Debug)]
struct Word {
    pattern: Pattern,
    worth: u32,
    /// Whether it makes a line worth a look.
    leads: bool,
}

/// However long a line is, more letters than this outside its parts may be a title or a sentence.
const LONGEST_REST: f64 = 8.0;

#[derive(Debug)]
struct Lines {
    parts: Vec<Word>,
    /// Tells which parts a line can hold: most hold few of many. Made when the first line is looked at.
    prefilter: OnceLock<Prefilter>,
    enough: u32,
    beside: u32,
    rest: f64,
    unless: Option<Pattern>,
    most: usize,
}

impl Lines {
    /// What a line is worth, where it is made of the parts.
    fn worth(&self, line: &str) -> Option<u32> {
        if !fits(line, self.most) || self.unless.as_ref().is_some_and(|unless| unless.is_match(line)) {
            return None;
        }
        let cover = self.cover(line)?;
        let most = (self.rest * f64::from(cover.all)).min(LONGEST_REST);
        (f64::from(cover.rest) <= most).then_some(cover.worth)
    }

    /// The parts of a line; `None` where it holds none that leads.
    fn cover<'l>(&self, line: &'l str) -> Option<Cover<'l>> {
        let needs = || self.parts.iter().map(|part| part.pattern.needs());
        let held = self.prefilter.get_or_init(|| Prefilter::new(needs())).leads(line);
        let parts = || (0..).zip(&self.parts).filter(|(part, _)| held.any(*part)).map(|(_, part)| part);
        let mut pieces = Vec::new();
        for leads in [true, false] {
            for Word { pattern, worth, .. } in parts().filter(|part| part.leads == leads) {
                pieces.extend(pattern.find_all(line).map(|at| Piece { at, worth: *worth }));
            }
            if pieces.is_empty() {
                return None;
            }
        }
        Some(Cover::of(line, pieces))
    }
}

impl Kind for Lines {
    fn edits(&self, view: &View, out: &mut Edits) {
        let text = view.text();
        let bare = |line: &Range<usize>| text[line.clone()].trim_matches(is_blank);
        let full: Vec<&Range<usize>> = view.lines_in_region().iter().filter(|line| !bare(line).is_empty()).collect();
        let mut worth = vec![0; full.len()];
        let mut at = 0;
        for line in view.lines_to_see().filter(|line| !bare(line).is_empty()) {
            at += full[at..].partition_point(|other| other.start < line.start);
            worth[at] = self.worth(bare(line)).unwrap_or(0);
        }
        let mut goes: Vec<bool> = worth.iter().map(|worth| *worth >= self.enough).collect();
        for line in 1..full.len() {
            goes[line] |= goes[line - 1] && worth[line] >= self.beside;
        }
        for line in (1..full.len()).rev() {
            goes[line - 1] |= goes[line] && worth[line - 1] >= self.beside;
        }
        let found = full.into_iter().zip(goes).filter(|(_, goes)| *goes).map(|(line, _)| line);
        remove_lines(view, found, out);
    }

    fn needs(&self) -> Needs {
        Needs::any_of(self.parts.iter().filter(|part| part.leads).map(|part| part.pattern.needs()))
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }

    fn why(&self, removed: &str) -> Option<String> {
        let cover = self.cover(removed.trim_matches(|c| c == '\n' || is_blank(c)))?;
        let pieces: Vec<String> =
            cover.pieces.iter().filter(|(_, worth)| *worth > 0).map(|(piece, worth)| format!("{piece:?} {worth}")).collect();
        let (rest, all) = (cover.rest, cover.all);
        Some(format!("made of {} = {}, and {rest} of {all} letters", pieces.join(" + "), cover.worth))
    }
}
