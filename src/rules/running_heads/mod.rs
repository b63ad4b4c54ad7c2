//! `running_heads`: removes page numbers and running titles that recur from page to page.
//!
//! Invariant: a line goes only where its number counts on from page to page, or its words stand on
//! several pages, and most of these lines cut a sentence in two; headings and lists never do.

mod pages;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Shape};
use crate::edit::Edits;
use crate::layout::{Class, End, Layout, Line, Start, glue};
use crate::shield::ShieldSet;
use crate::view::View;

/// Delete page numbers and running titles that stand between the pages of a document.
///
/// They are found by their recurrence: numbers that count on, titles that stand beside them or
/// come back by themselves, again and again in mid-sentence. Where the line before is prose that
/// stops in mid-sentence, the paragraph is rejoined. Where it is as long as the width the text was
/// wrapped at, a bare line end stays, so that `join_lines` can mend the paragraph; elsewhere one
/// blank line stays where there were any.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunningHeads {
    /// The fewest pages that make a series; 3 where nothing is said. A number that says what it
    /// counts, such as `Page 3 of 10`, needs one less.
    #[serde(default = "three")]
    pages: u32,
    /// The widest head, in columns; 72 where nothing is said.
    #[serde(default = "width")]
    width: u32,
}

fn three() -> u32 {
    3
}

fn width() -> u32 {
    72
}

impl Shape for RunningHeads {
    fn compile(self, _: &Defines) -> Result<Box<dyn Kind>, Fault> {
        if self.pages < 2 {
            return Err(Fault::fields("one page makes no series", "write `pages: 2` or more"));
        }
        Ok(Box::new(Finder { pages: self.pages as usize, width: self.width }))
    }

    fn examples() -> &'static [Example] {
        EXAMPLES
    }
}

/// Finds running heads.
#[derive(Debug)]
struct Finder {
    /// The fewest pages that make a series.
    pages: usize,
    /// The widest head, in columns.
    width: u32,
}

impl Kind for Finder {
    fn edits(&self, view: &View, out: &mut Edits) {
        let (text, layout) = (view.text(), view.layout());
        let mut heads = self.numbers(text, layout);
        self.near(text, layout, &mut heads);
        self.beside(text, layout, &mut heads);
        self.alone(text, layout, &mut heads);
        let mut last = None;
        for &head in &heads {
            if last.is_some_and(|last| head <= last) {
                continue;
            }
            let (before, after) = around(layout, &heads, head);
            last = after.map(|after| after - 1).or(Some(usize::MAX));
            if let Some((at, with)) = closed(view, &heads, before, after) {
                out.replace(at, with);
            }
        }
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::FRONT_MATTER.with(ShieldSet::CODE_BLOCK)
    }
}

/// The lines before and after a block of heads that are neither heads nor blank.
fn around(layout: &Layout, heads: &BTreeSet<usize>, head: usize) -> (Option<usize>, Option<usize>) {
    let stays = |line: &usize| !layout.lines[*line].is_blank() && !heads.contains(line);
    ((0..head).rev().find(stays), (head + 1..layout.lines.len()).find(stays))
}

/// What closes the gap that a block of heads leaves: its byte range and what stands there then.
fn closed(
    view: &View,
    heads: &BTreeSet<usize>,
    before: Option<usize>,
    after: Option<usize>,
) -> Option<(Range<usize>, &'static str)> {
    let (text, raw, layout) = (view.text(), view.lines(), view.layout());
    let (Some(before), Some(after)) = (before, after) else {
        // At the head or the end of the text the whole block goes.
        let from = before.map_or(0, |before| raw[before].end);
        let to = after.map_or(text.len(), |after| raw[after].start);
        return Some((from..to, if before.is_some() { "\n" } else { "" }));
    };
    let (line, next) = (&layout.lines[before], &layout.lines[after]);
    let goes_on = line.is_text() && next.is_text();
    let at = raw[before].end..raw[after].start;
    let blank = (before + 1..after).any(|line| !heads.contains(&line));
    if goes_on && layout.fits(text, line, next) {
        Some((at, "\n"))
    } else if goes_on && breaks_off(layout, line, next) {
        let at = line.at.end..next.at.start;
        Some((at.clone(), glue(view, at)))
    } else {
        Some((at, if blank { "\n\n" } else { "\n" }))
    }
}

/// True where a line of prose stops in mid-sentence and the next goes on; verse after a comma
/// begins with a capital.
fn breaks_off(layout: &Layout, line: &Line, next: &Line) -> bool {
    let cut = layout.script.is_unspaced() || next.start == Start::Lower || line.end == End::Bare;
    cut && !line.end.is_final() && line.is_long() && line.stops + line.commas > 0 && next.indent == 0
}

impl Finder {
    /// Titles that stand right beside a page number: those of at least two pages, and those that
    /// stand elsewhere in the document as well, or are the beginning of a heading.
    fn beside(&self, text: &str, layout: &Layout, heads: &mut BTreeSet<usize>) {
        let first = layout.lines.iter().find(|line| !line.is_blank()).map(|line| name(&text[line.at.clone()]));
        let fits = |line: usize| {
            let at = layout.lines.get(line)?;
            let short = !at.is_blank() && at.columns <= self.width && !matches!(at.class, Class::Code | Class::Table);
            let title = short && !is_end_tag(text, at);
            title.then(|| name(&text[at.at.clone()])).filter(|name| !name.is_empty())
        };
        if heads.is_empty() {
            return;
        }
        let near: Vec<usize> = heads.iter().flat_map(|&head| [head.wrapping_sub(1), head + 1]).collect();
        let mut lines: HashMap<&str, usize> = HashMap::new();
        for name in (0..layout.lines.len()).filter_map(fits) {
            *lines.entry(name).or_default() += 1;
        }
        let mut times: HashMap<&str, usize> = HashMap::new();
        for name in near.iter().filter(|line| !heads.contains(line)).filter_map(|&line| fits(line)) {
            *times.entry(name).or_default() += 1;
        }
        for line in near {
            let Some(name) = fits(line) else { continue };
            let cut = first.is_some_and(|first| name.len() >= 24 && first.starts_with(name));
            // A sentence may well stand twice in a text, once above a page number.
            let at = &layout.lines[line];
            let sentence = at.end.is_final() && at.stops + at.commas > 0;
            let titled = cut || !sentence && lines.get(name).is_some_and(|&lines| lines > 1);
            if !heads.contains(&line) && (times.get(name).is_some_and(|&times| times > 1) || titled) {
                heads.insert(line);
            }
        }
    }

    /// Titles within a few lines of most page numbers and hardly anywhere else.
    fn near(&self, text: &str, layout: &Layout, heads: &mut BTreeSet<usize>) {
        let full: Vec<usize> = (0..layout.lines.len()).filter(|&line| !layout.lines[line].is_blank()).collect();
        let mut numbers = heads.iter().map(|&head| full.partition_point(|&line| line < head) as isize).peekable();
        let mut last = None;
        // Every short line with its distance from the nearest page number, counted in full lines.
        let mut places: HashMap<&str, Vec<(usize, Option<isize>)>> = HashMap::new();
        for (index, &line) in full.iter().enumerate() {
            let index = index as isize;
            while let Some(number) = numbers.next_if(|&number| number <= index) {
                last = Some(number);
            }
            let at = &layout.lines[line];
            // What stands above the first page number may be the title itself.
            let short = at.class != Class::Code && (4..=self.width).contains(&at.columns);
            if last.is_none() || heads.contains(&line) || !short || is_end_tag(text, at) {
                continue;
            }
            let nearest = [last, numbers.peek().copied()].into_iter().flatten().map(|number| index - number);
            let nearest = nearest.min_by_key(|distance| distance.abs()).filter(|distance| distance.abs() <= NEAR);
            places.entry(&text[at.at.clone()]).or_default().push((line, nearest));
        }
        let enough = self.pages.max(heads.len() / 2);
        for lines in places.into_values() {
            let near: Vec<(usize, isize)> = lines.iter().filter_map(|&(line, near)| Some((line, near?))).collect();
            if near.len() < enough || lines.len() > near.len() + 1 {
                continue;
            }
            // A line at a distance of its own is where the title comes from.
            let mut times: HashMap<isize, usize> = HashMap::new();
            near.iter().for_each(|&(_, distance)| *times.entry(distance).or_default() += 1);
            let copies = near.iter().filter(|(_, distance)| times[distance] > near.len() / 8 + 1);
            heads.extend(copies.map(|&(line, _)| line));
        }
    }

    /// Titles without a number that come back in mid-sentence between blank lines.
    fn alone(&self, text: &str, layout: &Layout, heads: &mut BTreeSet<usize>) {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for index in 1..layout.lines.len().saturating_sub(1) {
            let line = &layout.lines[index];
            let apart = layout.lines[index - 1].is_blank() && layout.lines[index + 1].is_blank();
            let title = line.is_text() && !line.end.is_final() && line.stops + line.commas == 0;
            let short = title && (4..=self.width).contains(&line.columns);
            if apart && short && !heads.contains(&index) && !is_end_tag(text, line) {
                places.entry(&text[line.at.clone()]).or_default().push(index);
            }
        }
        for lines in places.into_values().filter(|lines| lines.len() > self.pages) {
            let cuts = lines.iter().filter(|&&line| pages::cuts(layout, line)).count();
            let far = lines.windows(2).filter(|two| two[1] - two[0] >= pages::PAGE).count();
            if cuts * 10 >= lines.len() * 6 && far * 4 >= (lines.len() - 1) * 3 {
                heads.extend(lines);
            }
        }
    }
}

/// How many lines a title may stand from a page number.
const NEAR: isize = 4;

/// A title without the marks of a heading and the blanks around it.
fn name(line: &str) -> &str {
    line.trim_matches(|c: char| c == '#' || c.is_whitespace())
}

const EXAMPLES: &[Example] = &[
    Example {
        title: "Page numbers and a running title in mid-sentence",
        rule: "running_heads: { pages: 2 }",
        input: "山村纪事\n\n老人把船靠在岸边，先把缆绳系在柳树上，又回头看\n\n- 1 -\n山村纪事\n\n了看水面。他提着两尾鱼慢慢地往村里走去，天边的\n\n- 2 -\n山村纪事\n\n云被落日染得通红，田埂上的孩子们还在追逐。\n",
        output: "山村纪事\n\n老人把船靠在岸边，先把缆绳系在柳树上，又回头看了看水面。他提着两尾鱼慢慢地往村里走去，天边的云被落日染得通红，田埂上的孩子们还在追逐。\n",
    },
    Example {
        title: "Numbered chapters cut no sentence",
        rule: "running_heads: {}",
        input: "1\n\n他走进屋里。\n\n2\n\n她抬起头来。\n\n3\n\n两个人都没有说话。\n",
        output: "1\n\n他走进屋里。\n\n2\n\n她抬起头来。\n\n3\n\n两个人都没有说话。\n",
    },
];

/// An end tag may come again and again, and is no title.
fn is_end_tag(text: &str, line: &Line) -> bool {
    text[line.at.clone()].starts_with("</")
}

#[cfg(test)]
mod tests;
