//! `split_headings`: parts a numbered heading from the paragraph that was glued to it.
//!
//! Invariant: a blank becomes a line end; no other character is touched.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Shape};
use crate::edit::Edits;
use crate::layout::{Class, End, Layout, is_stop};
use crate::script::{is_blank, is_cjk};
use crate::shield::ShieldSet;
use crate::view::View;

/// Split a numbered heading from the paragraph that stands after it on the same line.
///
/// The blank between the two becomes a line end. Three things have to come together: the line
/// begins with a number such as `一、` or `（二）`; what follows the blank is a paragraph, with a
/// comma in it and a stop at its end; and most other lines that are numbered in the same way stand
/// alone, as headings do.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitHeadings {
    /// The longest heading, in characters; 40 where nothing is said.
    #[serde(default = "forty")]
    longest: u32,
    /// The shortest paragraph, in characters; 20 where nothing is said.
    #[serde(default = "twenty")]
    shortest: u32,
}

fn forty() -> u32 {
    40
}

fn twenty() -> u32 {
    20
}

impl Shape for SplitHeadings {
    fn compile(self, _: &Defines) -> Result<Box<dyn Kind>, Fault> {
        Ok(Box::new(Splitter { longest: self.longest as usize, shortest: self.shortest as usize }))
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "The other headings stand alone, so this one should",
                rule: "split_headings: {}",
                input: "一、认识要提高 在肯定成绩的同时，也要看到我们的工作还有许多不足。\n二、措施要落实\n要抓好每一件小事。\n",
                output: "一、认识要提高\n在肯定成绩的同时，也要看到我们的工作还有许多不足。\n二、措施要落实\n要抓好每一件小事。\n",
            },
            Example {
                title: "A name, and a blank in a numbered paragraph",
                rule: "split_headings: {}",
                input: "县委书记 郑斌\n一、要把责任落到 每一个人，不能推来推去，更不能一推了之。\n二、要把时间算清楚，今天的事今天办完。\n",
                output: "县委书记 郑斌\n一、要把责任落到 每一个人，不能推来推去，更不能一推了之。\n二、要把时间算清楚，今天的事今天办完。\n",
            },
        ]
    }
}

#[derive(Debug)]
struct Splitter {
    longest: usize,
    shortest: usize,
}

/// How a heading is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `一、`
    Plain,
    /// `（一）`
    Bracketed,
}

/// The style of the number a line begins with, and the bytes it takes.
fn style(line: &str) -> Option<(Style, usize)> {
    let bracket = line.starts_with(['（', '(']);
    let number = if bracket { line.trim_start_matches(['（', '(']) } else { line };
    let rest = number.trim_start_matches(|c| "一二三四五六七八九十百".contains(c));
    if rest.len() == number.len() {
        return None;
    }
    let mark = rest.chars().next()?;
    let style = match (bracket, mark) {
        (true, '）' | ')') => Style::Bracketed,
        (false, '、') => Style::Plain,
        _ => return None,
    };
    Some((style, line.len() - rest.len() + mark.len_utf8()))
}

impl Splitter {
    /// Byte range of the blanks of `line` that part a heading from a paragraph.
    fn gap(&self, line: &str, number: usize) -> Option<std::ops::Range<usize>> {
        let title = &line[number..];
        let (at, _) = title.char_indices().take(self.longest + 1).find(|(_, c)| is_blank(*c))?;
        let at = number + at;
        let heading = &line[number..at];
        let paragraph = line[at..].trim_start_matches(is_blank);
        let chars = heading.chars().count();
        let fits = (4..=self.longest).contains(&chars)
            && !heading.contains(|c| is_stop(c) || matches!(c, '；' | '：' | ';' | ':'))
            && heading.chars().next_back().is_some_and(is_cjk)
            && paragraph.starts_with(|c| is_cjk(c) || c == '“' || c == '《')
            && paragraph.contains(['，', ',', '。'])
            && matches!(End::of(paragraph), End::Stop | End::Colon)
            && paragraph.chars().nth(self.shortest).is_some();
        fits.then(|| at..line.len() - paragraph.len())
    }
}

impl Kind for Splitter {
    fn edits(&self, view: &View, out: &mut Edits) {
        let (text, layout) = (view.text(), view.layout());
        let mut glued = Vec::new();
        let mut numbered: [Numbered; 2] = Default::default();
        for (index, line) in layout.lines.iter().enumerate() {
            if !matches!(line.class, Class::Numbered | Class::Heading) {
                continue;
            }
            let bare = &text[line.at.clone()];
            let Some((style, number)) = style(bare) else { continue };
            if let Some(gap) = self.gap(bare, number) {
                glued.push((index, style, line.at.start + gap.start..line.at.start + gap.end));
            } else {
                numbered[style as usize].add(layout, index);
            }
        }
        for (index, style, gap) in glued {
            if let Some(end) = numbered[style as usize].end_near(index) {
                out.replace(gap, end);
            }
        }
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }
}

/// How many lines on either side are looked at for headings of the same style.
const REACH: usize = 400;

/// Lines that are numbered in one style: how many there are up to each of them.
#[derive(Debug, Default)]
struct Numbered {
    /// Line index; headings that stand alone, those of them with a blank line after them, and lines
    /// that are paragraphs, this line included.
    sums: Vec<(usize, [u32; 3])>,
}

impl Numbered {
    fn add(&mut self, layout: &Layout, index: usize) {
        let line = &layout.lines[index];
        let alone = line.class == Class::Heading && !line.end.is_final();
        let blank = layout.lines.get(index + 1).is_some_and(|next| next.is_blank());
        let [heads, spaced, running] = self.sums.last().map_or([0; 3], |(_, sums)| *sums);
        let sums = [heads + u32::from(alone), spaced + u32::from(alone && blank), running + u32::from(!alone)];
        self.sums.push((index, sums));
    }

    /// What stands after most headings near a line, where most numbered lines are headings that
    /// stand alone.
    fn end_near(&self, index: usize) -> Option<&'static str> {
        let up_to = |line: usize| match self.sums.partition_point(|(at, _)| *at < line) {
            0 => [0; 3],
            count => self.sums[count - 1].1,
        };
        let (from, to) = (up_to(index.saturating_sub(REACH)), up_to(index + REACH));
        let [heads, spaced, running] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
        (heads > running).then_some(if spaced * 2 > heads { "\n\n" } else { "\n" })
    }
}
