//! `remove`: deletes what a pattern matches.
//!
//! Invariant: a line is removed as a whole, with its line end, or not at all.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Needs, Pattern, Shape, Source};
use crate::edit::Edits;
use crate::script::is_blank;
use crate::shield::ShieldSet;
use crate::view::{View, with_line_end};

/// Delete what a pattern matches: a piece of a line, or whole lines with their line ends.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Remove {
    /// Deletes every match, wherever it stands.
    #[serde(default)]
    r#match: Option<Source>,
    /// Deletes every line that matches from its first to its last character, blanks at both ends
    /// aside.
    #[serde(default)]
    line: Option<Source>,
}

impl Shape for Remove {
    fn compile(self, defines: &Defines) -> Result<Box<dyn Kind>, Fault> {
        match (self.r#match, self.line) {
            (Some(source), None) => Ok(Box::new(Span(source.compile(defines)?))),
            (None, Some(source)) => Ok(Box::new(Line(source.compile_whole(defines)?))),
            _ => Err(Fault::fields("remove needs one pattern", "write either `match:` or `line:`")),
        }
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "An advert inside a sentence",
                rule: "remove: { match: '本资料权属\\p{Han}{2,8}网放上鼠标按照提示查看\\p{Han}{2,8}网' }",
                input: "更加注重本资料权属文秘资源网放上鼠标按照提示查看文秘资源网对城乡结合部的考核。\n",
                output: "更加注重对城乡结合部的考核。\n",
            },
            Example {
                title: "A line that is nothing but a page number",
                rule: "remove: { line: '第 ?[0-9]+ ?页' }",
                input: "正文到此为止。\n  第 3 页\n下一段开始。\n",
                output: "正文到此为止。\n下一段开始。\n",
            },
            Example {
                title: "The same words in a sentence stay",
                rule: "remove: { line: '第 ?[0-9]+ ?页' }",
                input: "请翻到第 3 页继续阅读。\n",
                output: "请翻到第 3 页继续阅读。\n",
            },
        ]
    }
}

#[derive(Debug)]
struct Span(Pattern);

impl Kind for Span {
    fn edits(&self, view: &View, out: &mut Edits) {
        for found in self.0.find_iter(view) {
            out.remove(found.range());
        }
    }

    fn needs(&self) -> Needs {
        self.0.needs()
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }
}

#[derive(Debug)]
struct Line(Pattern);

impl Kind for Line {
    fn edits(&self, view: &View, out: &mut Edits) {
        for line in view.lines_in_region() {
            if self.0.is_match(view.text()[line.clone()].trim_matches(is_blank)) {
                out.remove(with_line_end(view.text(), line));
            }
        }
    }

    fn needs(&self) -> Needs {
        self.0.needs()
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }
}
