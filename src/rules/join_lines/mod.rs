//! `join_lines`: rejoins paragraphs that were cut by line ends or blank lines.
//!
//! Invariant: an edit replaces the blanks and line ends between two lines by one blank or by
//! nothing; where the evidence is short of what the rule asks for, the place is pointed at and
//! the text stays.

mod hyphen;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Pattern, Shape, Source};
use crate::cuts::{Cuts, Joint};
use crate::edit::Edits;
use crate::layout::glue;
use crate::shield::ShieldSet;
use crate::view::View;

/// Rejoin paragraphs that were cut.
///
/// A line end is judged by the whole document: how long its lines are and whether they were
/// wrapped at one width, how its paragraphs end, whether blank lines or indents part them, and
/// which letters stand side by side elsewhere. Hanzi and kana are joined without a blank, other
/// writing with one. Headings, lists, tables, verse, dialogue, markup and code stay as they are.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinLines {
    /// Which cuts are mended.
    cut: Cut,
    /// How sure a join must be, in percent; 90 where nothing is said. A join that is at least half
    /// as sure is pointed at.
    #[serde(default)]
    confidence: Option<u8>,
    /// The fewest characters that the line before the cut must have; 8 where nothing is said.
    #[serde(default)]
    shortest: Option<u32>,
    /// A line that matches here is never joined with the next one.
    #[serde(default)]
    unless_before: Option<Source>,
    /// A line that matches here is never joined with the one before.
    #[serde(default)]
    unless_after: Option<Source>,
}

/// What cut a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// Line ends at one width all over the document.
    Wrap,
    /// A line end in a document whose other lines are whole paragraphs.
    LineEnd,
    /// Blank lines in mid-sentence.
    BlankLines,
    /// A hyphen at the end of a line.
    Hyphen,
}

impl Shape for JoinLines {
    fn compile(self, defines: &Defines) -> Result<Box<dyn Kind>, Fault> {
        let percent = self.confidence.unwrap_or(90);
        if !(50..=100).contains(&percent) {
            return Err(Fault::fields(
                format!("a confidence of {percent} percent makes no sense"),
                "write a number from 50 to 100",
            ));
        }
        let pattern = |source: Option<Source>| source.map(|source| source.compile(defines)).transpose();
        Ok(Box::new(Joiner {
            cut: self.cut,
            confidence: f64::from(percent) / 100.0,
            shortest: self.shortest.unwrap_or(8),
            before: pattern(self.unless_before)?,
            after: pattern(self.unless_after)?,
        }))
    }

    fn examples() -> &'static [Example] {
        EXAMPLES
    }
}

#[derive(Debug)]
struct Joiner {
    cut: Cut,
    confidence: f64,
    shortest: u32,
    before: Option<Pattern>,
    after: Option<Pattern>,
}

impl Joiner {
    /// True where the rule may look at the cut at all.
    fn may_join(&self, view: &View, joint: &Joint) -> bool {
        let hits = |pattern: &Option<Pattern>, line: usize| {
            let at = view.layout().lines[line].at.clone();
            pattern.as_ref().is_some_and(|pattern| pattern.is_match(&view.text()[at]))
        };
        let line = &view.layout().lines[joint.before];
        line.chars >= self.shortest && !hits(&self.before, joint.before) && !hits(&self.after, joint.after)
    }
}

impl Kind for Joiner {
    fn edits(&self, view: &View, out: &mut Edits) {
        let layout = view.layout();
        let wraps;
        let Cuts { joints, sure } = match self.cut {
            Cut::Hyphen => return hyphen::mend(view, |joint| self.may_join(view, joint), out),
            Cut::Wrap => {
                wraps = Cuts::of_wraps(view);
                &wraps
            }
            Cut::LineEnd | Cut::BlankLines => view.cuts(),
        };
        let wanted = |joint: &Joint| self.cut == Cut::Wrap || joint.is_apart() == (self.cut == Cut::BlankLines);
        for (joint, &sure) in joints.iter().zip(sure) {
            if sure < 0.5 || !wanted(joint) || !self.may_join(view, joint) {
                continue;
            }
            let at = layout.lines[joint.before].at.end..layout.lines[joint.after].at.start;
            if sure >= self.confidence {
                out.replace(at.clone(), glue(view, at));
            } else {
                out.note(at, format!("may be cut here ({:.0} % sure)", sure * 100.0));
            }
        }
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }
}

const EXAMPLES: &[Example] = &[
    Example {
        title: "Lines wrapped at one width",
        rule: "join_lines: { cut: wrap }",
        input: "老人把船靠在岸边，先把缆绳系在柳树上，又回头看了\n看水面，这才提着两尾鱼慢慢地往村里走去。天边的云\n被落日染得通红，田埂上的孩子们还在追逐，谁也不肯\n先回家吃饭。他走得很慢，像是要把这条路上的每一块\n石头都再认一遍。\n\n村口的大槐树下坐着几个人，见他来了都站起来打招呼\n，问他今天的收成怎么样。\n",
        output: "老人把船靠在岸边，先把缆绳系在柳树上，又回头看了看水面，这才提着两尾鱼慢慢地往村里走去。天边的云被落日染得通红，田埂上的孩子们还在追逐，谁也不肯先回家吃饭。他走得很慢，像是要把这条路上的每一块石头都再认一遍。\n\n村口的大槐树下坐着几个人，见他来了都站起来打招呼，问他今天的收成怎么样。\n",
    },
    Example {
        title: "A paragraph that was cut by a page",
        rule: "join_lines: { cut: blank_lines }",
        input: "会议听取了三个村的汇报。大家认为，今年的工作抓得早、抓得实，各项任务都有了着落，但是也要看到，\n\n有的同志还有松劲的思想。\n",
        output: "会议听取了三个村的汇报。大家认为，今年的工作抓得早、抓得实，各项任务都有了着落，但是也要看到，有的同志还有松劲的思想。\n",
    },
    Example {
        title: "A word whose whole form stands elsewhere in the text",
        rule: "join_lines: { cut: hyphen }",
        input: "All the information we have came from the ship, and there was little informa-\ntion in it.\n",
        output: "All the information we have came from the ship, and there was little information in it.\n",
    },
    Example {
        title: "Verse stays",
        rule: "join_lines: { cut: wrap }",
        input: "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。\n",
        output: "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。\n",
    },
    Example {
        title: "Titles and names stay",
        rule: "join_lines: { cut: line_end }",
        input: "在全省电视电话会议\n分会场上的讲话\n县委书记 郑斌\n同志们：\n今天的会议很重要，大家要认真领会，抓好落实。\n",
        output: "在全省电视电话会议\n分会场上的讲话\n县委书记 郑斌\n同志们：\n今天的会议很重要，大家要认真领会，抓好落实。\n",
    },
];

#[cfg(test)]
mod tests;
