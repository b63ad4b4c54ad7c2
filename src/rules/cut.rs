//! `cut`: deletes everything from a marker line to the end, or from the start to a marker line.
//!
//! Invariant: a cut begins and ends with whole lines, holds no line that matches `unless`, and
//! never leaves a text without a word in it.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Needs, Pattern, Shape, Source};
use crate::edit::Edits;
use crate::script::is_blank;
use crate::shield::ShieldSet;
use crate::view::{View, with_line_end};

/// Delete everything from a marker line to the end of a document, or from its start to a marker line.
///
/// The marker has to be the whole line, blanks at both ends aside. `where` says where markers are
/// looked for: `{ part: tail, lines: 12 }` looks at the last twelve. Where nothing but blanks
/// would be left of the document, nothing is cut and the log says so.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// The line at which the cut begins; it runs to the end of the document.
    #[serde(default)]
    from: Option<Source>,
    /// The line at which the cut ends; it begins at the start of the document.
    #[serde(default)]
    up_to: Option<Source>,
    /// What a line that must stay looks like, from its first to its last character. A marker
    /// counts only where no such line, unless it is a marker itself, would be cut with it.
    #[serde(default)]
    unless: Option<Source>,
}

impl Shape for Cut {
    fn compile(self, defines: &Defines) -> Result<Box<dyn Kind>, Fault> {
        let (side, marker) = match (self.from, self.up_to) {
            (Some(marker), None) => (Side::Tail, marker),
            (None, Some(marker)) => (Side::Head, marker),
            _ => return Err(Fault::fields("cut needs one marker", "write either `from:` or `up_to:`")),
        };
        let unless = self.unless.map(|unless| unless.compile_whole(defines)).transpose()?;
        Ok(Box::new(Block { side, marker: marker.compile_whole(defines)?, unless }))
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "Related links behind the text",
                rule: "where: { part: tail, lines: 8 }\ncut: { from: '相关(?:新闻|阅读)', unless: '.*。' }",
                input: "会议到此结束。\n相关新闻\n春耕忙\n秋收乐\n",
                output: "会议到此结束。\n",
            },
            Example {
                title: "The licence in front of a book",
                rule: "cut: { up_to: '\\*\\*\\* START OF .+ \\*\\*\\*' }",
                input: "The Project Gutenberg eBook\n\n*** START OF THE BOOK ***\nCHAPTER I\n",
                output: "CHAPTER I\n",
            },
            Example {
                title: "A marker with prose behind it is no marker",
                rule: "cut: { from: '相关(?:新闻|阅读)', unless: '.*。' }",
                input: "相关新闻\n以下是当天的报道。\n",
                output: "相关新闻\n以下是当天的报道。\n",
            },
            Example {
                title: "A document that is nothing but a footer is not emptied",
                rule: "cut: { from: '相关新闻' }",
                input: "相关新闻\n春耕忙\n",
                output: "相关新闻\n春耕忙\n",
            },
        ]
    }
}

#[derive(Debug, Clone, Copy)]
enum Side {
    Head,
    Tail,
}

#[derive(Debug)]
struct Block {
    side: Side,
    marker: Pattern,
    unless: Option<Pattern>,
}

impl Block {
    /// The lines to cut: from the marker farthest from the edge that has no line to keep between
    /// itself and the edge.
    fn find(&self, view: &View) -> Option<Range<usize>> {
        let text = view.text();
        let bare = |line: &Range<usize>| text[line.clone()].trim_matches(is_blank);
        let marks = |line: &&Range<usize>| self.marker.is_match(bare(line));
        let stays = |line: &&Range<usize>| {
            self.unless.as_ref().is_some_and(|unless| unless.is_match(bare(line))) && !marks(line)
        };
        let lines = view.lines_in_region();
        if !view.lines_to_see().any(|line| marks(&line)) {
            return None;
        }
        match self.side {
            Side::Head => {
                let last = lines.iter().take_while(|line| !stays(line)).filter(marks).last()?;
                Some(0..with_line_end(text, last).end)
            }
            Side::Tail => {
                let first = lines.iter().rev().take_while(|line| !stays(line)).filter(marks).last()?;
                Some(first.start..text.len())
            }
        }
    }
}

impl Kind for Block {
    fn edits(&self, view: &View, out: &mut Edits) {
        let text = view.text();
        let edge = match self.side {
            Side::Head => view.region().start == 0,
            Side::Tail => view.region().end == text.len(),
        };
        let Some(cut) = self.find(view).filter(|_| edge) else { return };
        let left = text[..cut.start].trim().len() + text[cut.end..].trim().len();
        if left == 0 {
            out.note(cut, "nothing would be left of the document");
        } else {
            out.remove(cut);
        }
    }

    fn needs(&self) -> Needs {
        self.marker.needs()
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }
}
