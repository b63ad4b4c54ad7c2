//! `blank_lines`: evens out blank lines and the end of the text.
//!
//! Invariant: only line ends and blanks are edited, and never between two lines of code.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Shape};
use crate::edit::Edits;
use crate::layout::Class;
use crate::shield::ShieldSet;
use crate::view::View;

/// Delete superfluous blank lines: at the head, at the end, and more than one in a row.
///
/// A line of blanks alone counts as blank. A text that does not end in a line end gets one; a text
/// of nothing but blank lines stays as it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlankLines {
    /// How many blank lines may stand in a row; 1 where nothing is said.
    #[serde(default = "one")]
    keep: u32,
}

fn one() -> u32 {
    1
}

impl Shape for BlankLines {
    fn compile(self, _: &Defines) -> Result<Box<dyn Kind>, Fault> {
        Ok(Box::new(Evened { keep: self.keep as usize }))
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "Several blank lines become one, none is left at the head, the last line gets its end",
                rule: "blank_lines: {}",
                input: "\n\n标题\n\n\n 　\n正文。\n  缩进的一行。",
                output: "标题\n\n正文。\n  缩进的一行。\n",
            },
            Example {
                title: "Stanzas and paragraphs stay apart",
                rule: "blank_lines: {}",
                input: "床前明月光，\n疑是地上霜。\n\n举头望明月，\n低头思故乡。\n",
                output: "床前明月光，\n疑是地上霜。\n\n举头望明月，\n低头思故乡。\n",
            },
            Example {
                title: "Blank lines in code stay",
                rule: "blank_lines: {}",
                input: "```\nfn a() {}\n\n\nfn b() {}\n```\n",
                output: "```\nfn a() {}\n\n\nfn b() {}\n```\n",
            },
            Example {
                title: "Two pieces of code are not one",
                rule: "blank_lines: {}",
                input: "```\nfn a() {}\n```\n\n\n\n```\nfn b() {}\n```\n",
                output: "```\nfn a() {}\n```\n\n```\nfn b() {}\n```\n",
            },
        ]
    }
}

#[derive(Debug)]
struct Evened {
    keep: usize,
}

impl Kind for Evened {
    fn edits(&self, view: &View, out: &mut Edits) {
        let (text, raw, lines) = (view.text(), view.lines(), &view.layout().lines);
        let mut full = (0..lines.len()).filter(|&line| !lines[line].is_blank());
        let Some(first) = full.next() else { return };
        out.remove(0..raw[first].start);
        let mut last = first;
        for line in full {
            // Inside a fence the shield holds; two fences are two pieces of code.
            let fence = |line: usize| text[lines[line].at.clone()].starts_with("```");
            let code = lines[last].class == Class::Code && lines[line].class == Class::Code && !(fence(last) && fence(line));
            if line - last > self.keep + 1 && !code {
                out.replace(raw[last].end..raw[line].start, "\n".repeat(self.keep + 1));
            }
            last = line;
        }
        out.replace(raw[last].end..text.len(), "\n");
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }
}
