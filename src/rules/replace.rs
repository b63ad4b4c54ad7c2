//! `replace`: puts another text where a pattern matches.
//!
//! Invariant: what the replacement repeats of the match by its groups is the matched text itself.

use schemars::JsonSchema;
use serde::Deserialize;

use super::source::template;
use super::{Defines, Example, Fault, Kind, Needs, Pattern, Shape, Source};
use crate::edit::Edits;
use crate::shield::ShieldSet;
use crate::view::View;

/// Put another text where a pattern matches.
///
/// `with` may repeat groups of the pattern: `$1`, `${name}`; a dollar sign is `$$`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replace {
    /// What to look for.
    r#match: Source,
    /// What to put there.
    with: String,
}

impl Shape for Replace {
    fn compile(self, defines: &Defines) -> Result<Box<dyn Kind>, Fault> {
        let pattern = self.r#match.compile(defines)?;
        let with = match self.with.contains('$') {
            true => {
                let groups = pattern.groups();
                let names: Vec<&str> = groups.iter().flatten().map(|name| &**name).collect();
                With::Groups(template(&self.with, groups.len(), &names)?)
            }
            // A pattern is compiled when a text needs it; no group is asked for here.
            false => With::Text(self.with),
        };
        Ok(Box::new(Replacement { pattern, with }))
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "A heading that was glued to its paragraph",
                rule: "replace: { match: '^(一、\\p{Han}{4,16}) (\\p{Han})', with: \"$1\\n$2\" }",
                input: "一、认识要提高再提高 在肯定成绩的同时，也要看到不足。\n",
                output: "一、认识要提高再提高\n在肯定成绩的同时，也要看到不足。\n",
            },
            Example {
                title: "What is put there is not looked at again",
                rule: "replace: { match: '。', with: \"。\\n\" }",
                input: "天黑了。灯亮了。",
                output: "天黑了。\n灯亮了。\n",
            },
            Example {
                title: "What the pattern does not fit stays",
                rule: "replace: { match: '^(一、\\p{Han}{4,16}) (\\p{Han})', with: \"$1\\n$2\" }",
                input: "县委书记 郑斌\n",
                output: "县委书记 郑斌\n",
            },
        ]
    }
}

#[derive(Debug)]
struct Replacement {
    pattern: Pattern,
    with: With,
}

/// What is put where a pattern matches.
#[derive(Debug)]
enum With {
    Text(String),
    /// With places for groups.
    Groups(String),
}

impl Kind for Replacement {
    fn edits(&self, view: &View, out: &mut Edits) {
        match &self.with {
            With::Text(text) => self.pattern.find_iter(view).for_each(|at| out.replace(at, text.clone())),
            With::Groups(template) => {
                self.pattern.fill_iter(view, template).for_each(|(at, text)| out.replace(at, text));
            }
        }
    }

    fn settles(&self) -> bool {
        false
    }

    fn needs(&self) -> Needs {
        self.pattern.needs()
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }
}
