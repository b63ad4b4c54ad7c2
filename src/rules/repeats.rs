//! `repeats`: removes truncated copies of an opening and paragraphs said twice in a row.
//!
//! Invariant: a line goes only where the very same words stand right after it or right before it.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Shape};
use crate::script::{ascii_form, is_cjk};
use crate::edit::Edits;
use crate::layout::Line;
use crate::shield::ShieldSet;
use crate::view::{View, with_line_end};

/// Delete a truncated copy of the text that follows, or a paragraph repeated right after itself.
///
/// Copies are compared by letters and digits alone, so that blanks, line ends and the width of
/// marks do not matter. Repeats that do not stand side by side are only pointed at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeats {
    /// What is repeated.
    of: Repeated,
    /// The shortest copy, in columns, a Hanzi counting two; 50 for an opening, 80 for a paragraph and 60
    /// for one that begins in Chinese or Japanese, where nothing is said.
    #[serde(default)]
    min: Option<u32>,
}

/// What is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Repeated {
    /// A line that ends in dots, and the text that follows it.
    Opening,
    /// A line and the next line that is not blank.
    Paragraph,
}

impl Shape for Repeats {
    fn compile(self, _: &Defines) -> Result<Box<dyn Kind>, Fault> {
        Ok(match self.of {
            Repeated::Opening => Box::new(Opening { min: self.min.unwrap_or(50) }),
            Repeated::Paragraph => Box::new(Paragraph { min: self.min }),
        })
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "The list of articles left its excerpt above the article",
                rule: "repeats: { of: opening }",
                input: " 同志们：今天我们在这里召开会议，主要任务是总结去年的工作，部署今年的任务，请大家认真...\n同志们：\n今天我们在这里召开会议，主要任务是总结去年的工作，部署今年的任务，请大家认真领会。\n",
                output: "同志们：\n今天我们在这里召开会议，主要任务是总结去年的工作，部署今年的任务，请大家认真领会。\n",
            },
            Example {
                title: "A long paragraph stands there twice",
                rule: "repeats: { of: paragraph }",
                input: "他沿着河岸走了很久，直到天色暗了下来，对岸的灯火一盏一盏亮起，才想起家里还有人等他吃饭。\n他沿着河岸走了很久，直到天色暗了下来，对岸的灯火一盏一盏亮起，才想起家里还有人等他吃饭。\n",
                output: "他沿着河岸走了很久，直到天色暗了下来，对岸的灯火一盏一盏亮起，才想起家里还有人等他吃饭。\n",
            },
            Example {
                title: "A refrain is no accident",
                rule: "repeats: { of: paragraph }",
                input: "归去来兮，田园将芜胡不归。\n归去来兮，田园将芜胡不归。\n",
                output: "归去来兮，田园将芜胡不归。\n归去来兮，田园将芜胡不归。\n",
            },
        ]
    }
}

/// The letters and digits of a text, full-width ones as ASCII.
fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter_map(letter)
}

/// The same from the end.
fn letters_back(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().rev().filter_map(letter)
}

fn letter(c: char) -> Option<char> {
    match c {
        '\u{3001}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{2010}'..='\u{2069}' => None,
        _ if is_cjk(c) => Some(c),
        '\u{ff01}'..='\u{ff5e}' => ascii_form(c).filter(|c| c.is_alphanumeric()),
        _ => c.is_alphanumeric().then_some(c),
    }
}

/// Lines at the head of a text that may be copies even where they do not look like prose.
const HEAD: usize = 5;

#[derive(Debug)]
struct Opening {
    min: u32,
}

impl Kind for Opening {
    fn edits(&self, view: &View, out: &mut Edits) {
        let (text, raw, layout) = (view.text(), view.lines(), view.layout());
        let mut free = 0;
        let head = (0..raw.len()).filter(|&line| !layout.lines[line].is_blank()).nth(HEAD).unwrap_or(raw.len());
        for index in 0..raw.len() {
            let line = &layout.lines[index];
            let bare = &text[line.at.clone()];
            let copy = bare.trim_end_matches(['.', '…', '·', '。', '⋯', '．']);
            let dots = bare[copy.len()..].chars().map(|c| if c == '…' || c == '⋯' { 3 } else { 1 }).sum::<usize>();
            if dots < 3 || index < free || !line.is_text() && index >= head || line.columns < self.min {
                continue;
            }
            // Another line of the page's head may stand between the copy and the text.
            let starts = (index + 1..raw.len()).filter(|&next| !layout.lines[next].is_blank()).take(3);
            for next in starts {
                let mut rest = letters(&text[raw[next].start..]);
                if letters(copy).all(|c| rest.next() == Some(c)) {
                    out.remove(with_line_end(text, &raw[index]));
                    free = next;
                    break;
                }
            }
        }
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::FRONT_MATTER.with(ShieldSet::CODE_BLOCK)
    }
}

#[derive(Debug)]
struct Paragraph {
    min: Option<u32>,
}

/// Letters at each end of a line by which copies are looked for. Whole lines are compared only where these are alike.
const ENDS: usize = 12;

/// Lines with the same letters at their ends that a line is compared with, so that a list of many thousand such lines
/// takes no longer than another text.
const ALIKE: usize = 16;

impl Paragraph {
    /// What the letters at the ends of a line that is long enough come to.
    fn ends(&self, text: &str, line: &Line) -> Option<u64> {
        let bare = &text[line.at.clone()];
        let min = self.min.unwrap_or(if bare.starts_with(is_cjk) { 60 } else { 80 });
        let long = line.is_text() && line.columns >= min;
        // FNV-1a with letters for bytes: lines that come to the same by chance are compared.
        let add = |sum: u64, c: char| (sum ^ u64::from(c)).wrapping_mul(0x100_0000_01b3);
        long.then(|| letters(bare).take(ENDS).chain(letters_back(bare).take(ENDS)).fold(0xcbf2_9ce4_8422_2325, add))
    }
}

impl Kind for Paragraph {
    fn edits(&self, view: &View, out: &mut Edits) {
        let (text, raw, layout) = (view.text(), view.lines(), view.layout());
        // By their ends, the first of all lines that are alike.
        let mut seen: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut last: Option<(usize, Option<usize>)> = None;
        let mut runs = Runs::default();
        for index in (0..raw.len()).filter(|&index| !layout.lines[index].is_blank()) {
            let line = &layout.lines[index];
            let mut first = None;
            if let Some(ends) = self.ends(text, line) {
                let alike = seen.entry(ends).or_default();
                let same = |other: &&usize| letters(&text[line.at.clone()]).eq(letters(&text[layout.lines[**other].at.clone()]));
                first = alike.iter().find(same).copied();
                if first.is_some() && last.is_some_and(|(_, before)| before == first) {
                    out.remove(copy(view, last.map_or(index, |(last, _)| last), index));
                    continue;
                }
                runs.add(first, line);
                if first.is_none() && alike.len() < ALIKE {
                    alike.push(index);
                }
                first = first.or(Some(index));
            }
            last = Some((index, first));
        }
        runs.report(text, out);
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::FRONT_MATTER.with(ShieldSet::CODE_BLOCK)
    }
}

/// Paragraphs that stand further up as well, those that follow one another in one.
#[derive(Default)]
struct Runs {
    /// Where each begins, and how many paragraphs it has.
    runs: Vec<(usize, u32)>,
    /// The paragraphs they repeat: each is reported once.
    known: HashSet<usize>,
    open: bool,
}

impl Runs {
    /// Adds a long paragraph and the one that it repeats.
    fn add(&mut self, first: Option<usize>, line: &Line) {
        let Some(first) = first else {
            self.open = false;
            return;
        };
        if !self.known.insert(first) {
            return;
        }
        match self.runs.last_mut() {
            Some((_, count)) if self.open => *count += 1,
            _ => self.runs.push((line.at.start, 1)),
        }
        self.open = true;
    }

    /// Notes each at its first words.
    fn report(&self, text: &str, out: &mut Edits) {
        const WORDS: usize = 24;
        for &(at, count) in &self.runs {
            let line = text[at..].lines().next().unwrap_or_default();
            let end = line.char_indices().nth(WORDS).map_or(line.len(), |(end, _)| end);
            let why = "stands further up as well";
            match count {
                1 => out.note(at..at + end, why),
                _ => out.note(at..at + end, format!("{why}, like {} of the paragraphs after it", count - 1)),
            }
        }
    }
}

/// The range of a copy together with its line end, and with the blank lines after it where blank
/// lines stand before it as well.
fn copy(view: &View, last: usize, index: usize) -> std::ops::Range<usize> {
    let (text, raw) = (view.text(), view.lines());
    let next = view.layout().next_full(index).unwrap_or(raw.len());
    let blank = index > last + 1 && next > index + 1;
    let end = if blank { raw.get(next).map_or(text.len(), |next| next.start) } else { with_line_end(text, &raw[index]).end };
    raw[index].start..end
}
