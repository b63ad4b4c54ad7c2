//! `width`: letters and marks that are wider or narrower than they should be.
//!
//! Invariant: a character only ever becomes the same character in another width; which width is
//! right follows from the writing around it, never from the character alone.

mod katakana;
mod letters;
mod small;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Shape};
use crate::edit::Edits;
use crate::shield::ShieldSet;
use crate::view::View;

/// Give characters the width they should have: a list of what to look at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Width(Vec<Form>);

/// What the kind `width` looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Full-width letters and digits become ASCII, and with them the marks that stand between two
    /// of them: `．：－＠，％／`. Japanese texts that have more full-width letters and digits than
    /// others keep them.
    Letters,
    /// `％` after an ASCII digit becomes `%`.
    Percent,
    /// Half-width katakana and `｡｢｣､･` become full-width.
    Katakana,
    /// Small forms such as `﹐` and `﹕`, and `︰`, become full-width marks beside Hanzi.
    SmallForms,
    /// Presentation forms of vertical text such as `︵` become the usual marks. Off by default.
    VerticalForms,
    /// `＋－×÷＝＜＞` in the full-width block become ASCII between digits. Off by default.
    Operators,
    /// `：` between the digits of a time of day becomes `:`. Off by default.
    Times,
}

impl Shape for Width {
    fn compile(self, _: &Defines) -> Result<Box<dyn Kind>, Fault> {
        match self.0.is_empty() {
            true => Err(Fault::fields("width has nothing to look at", "write a list such as [letters, percent]")),
            false => Ok(Box::new(self)),
        }
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "Full-width letters, digits and what stands between them",
                rule: "width: [letters]",
                input: "ＸＸＸ同志２０１０－２０１５年完成９５．４８％，见ｗｗｗ．ａ．ｃｎ\n",
                output: "XXX同志2010-2015年完成95.48%，见www.a.cn\n",
            },
            Example {
                title: "A full stop of mathematical texts stays",
                rule: "width: [letters]",
                input: "本文研究了DFS．结果表明，方法有效．\n",
                output: "本文研究了DFS．结果表明，方法有效．\n",
            },
            Example {
                title: "Half-width katakana",
                rule: "width: [katakana]",
                input: "｢ﾊﾟﾋﾟﾌﾟ｣､ｶﾞｷﾞ｡\n",
                output: "「パピプ」、ガギ。\n",
            },
            Example {
                title: "Small forms beside Hanzi",
                rule: "width: [small_forms]",
                input: "主席︰各位好﹐请坐﹗\n",
                output: "主席：各位好，请坐！\n",
            },
        ]
    }
}

impl Kind for Width {
    fn edits(&self, view: &View, out: &mut Edits) {
        for form in &self.0 {
            match form {
                Form::Letters => letters::letters(view, out),
                Form::Percent => letters::percent(view, out),
                Form::Operators => letters::operators(view, out),
                Form::Times => letters::times(view, out),
                Form::Katakana => katakana::edits(view, out),
                Form::SmallForms => small::small(view, out),
                Form::VerticalForms => small::vertical(view, out),
            }
        }
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::ALL.without(ShieldSet::TABLE)
    }
}
