//! `spaces`: blanks that stand where no reader needs one.
//!
//! Invariant: a line is never joined with another, and two words of a writing that parts words by
//! spaces never run together.

mod edge;
mod gap;
mod inner;
mod latin;
mod word;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Shape};
use crate::edit::Edits;
use crate::shield::ShieldSet;
use crate::view::View;

/// Remove blanks, or make them the right ones: a list of where to look.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Spaces(Vec<Spot>);

/// Where the kind `spaces` looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Spot {
    /// Blanks of any width at line ends; a line of blanks alone becomes an empty one. The two
    /// spaces that break a line in Markdown stay.
    Trailing,
    /// Blanks at the start of a line of prose in a document that does not indent its prose.
    Indent,
    /// No-break spaces become spaces in Chinese, Japanese and Korean documents.
    NoBreak,
    /// Spaces on the Hanzi side of full-width marks and just inside quotes and brackets.
    Marks,
    /// A space inside a Chinese or Japanese phrase: the letters beside it belong together in the text
    /// elsewhere or in the language, and where it stands and which others there are speak for it.
    Words,
    /// Four or more single Hanzi with single spaces between them run together.
    Spread,
    /// Ideographic spaces that pad names of two Hanzi in a list go. Off by default.
    Names,
    /// A space comes between Hanzi and a Latin word or a number. Off by default.
    HanLatinAdd,
    /// The space between Hanzi and a Latin word or a number goes. Off by default.
    HanLatinRemove,
}

impl Shape for Spaces {
    fn compile(self, _: &Defines) -> Result<Box<dyn Kind>, Fault> {
        match self.0.is_empty() {
            true => Err(Fault::fields("spaces has nowhere to look", "write a list such as [trailing, marks]")),
            false => Ok(Box::new(self)),
        }
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "Blanks at line ends",
                rule: "spaces: [trailing]",
                input: "第一段。 \u{3000}\n\u{3000}\n第二段。\t\n",
                output: "第一段。\n\n第二段。\n",
            },
            Example {
                title: "Spaces at marks and inside quotes",
                rule: "spaces: [marks]",
                input: "全面总结“ 十五”的工作 ， 研究： 一是目标。\n",
                output: "全面总结“十五”的工作，研究：一是目标。\n",
            },
            Example {
                title: "Spaces that part words stay",
                rule: "spaces: [trailing, marks, spread]",
                input: "县委书记 郑斌、张三 李四，用 Rust 写成\n",
                output: "县委书记 郑斌、张三 李四，用 Rust 写成\n",
            },
            Example {
                title: "A space inside a word that the text has elsewhere",
                rule: "spaces: [words]",
                input: "做好群众工作，群众工作是基础，群众工 作要细；他 们来了，书记 郑斌也来了。\n",
                output: "做好群众工作，群众工作是基础，群众工作要细；他们来了，书记 郑斌也来了。\n",
            },
            Example {
                title: "A heading that was spread out",
                rule: "spaces: [spread]",
                input: "工 作 总 结\n",
                output: "工作总结\n",
            },
        ]
    }
}

impl Kind for Spaces {
    fn edits(&self, view: &View, out: &mut Edits) {
        for spot in &self.0 {
            match spot {
                Spot::Trailing => edge::trailing(view, out),
                Spot::Indent => edge::indent(view, out),
                Spot::NoBreak => inner::no_break(view, out),
                Spot::Marks => inner::marks(view, out),
                Spot::Words => word::edits(view, out),
                Spot::Spread => inner::spread(view, out),
                Spot::Names => inner::names(view, out),
                Spot::HanLatinAdd => latin::add(view, out),
                Spot::HanLatinRemove => latin::remove(view, out),
            }
        }
    }

    fn shields(&self) -> ShieldSet {
        match self.0.iter().all(|spot| matches!(spot, Spot::Trailing | Spot::NoBreak)) {
            true => ShieldSet::CODE,
            false => ShieldSet::ALL,
        }
    }
}
