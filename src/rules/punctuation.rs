//! `punctuation`: the marks of Chinese text, where something else stands in their place.
//!
//! Invariant: a mark changes only in a line of Chinese and only by what stands on both sides of
//! it; marks inside numbers, times, English, code and addresses stay.

mod bracket;
mod clause;
mod dash;
mod dots;
mod latin;
mod line;
mod quote;

use memchr::memmem;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Needs, Shape};
use crate::edit::Edits;
use crate::view::View;
use line::Line;
pub(super) use line::is_chinese;

/// Give Chinese sentences the marks that GB/T 15834 has for them: a list of what to look at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Punctuation(Vec<Mark>);

/// What the kind `punctuation` looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// `,` becomes `，`.
    Commas,
    /// `;` becomes `；`.
    Semicolons,
    /// `:` becomes `：`.
    Colons,
    /// `!` and `?` become `！` and `？`.
    Exclamations,
    /// `.` at the end of a line of prose becomes `。`.
    Stops,
    /// `.` between Hanzi inside a line becomes `。`, too. Off by default: it may part a name.
    InnerStops,
    /// `一.` at the start of a line becomes `一、`. Off by default.
    Ordinals,
    /// `( )` round Hanzi become `（ ）`, and so does one of a pair whose other one is full-width.
    Brackets,
    /// `( )` without Hanzi between them become `（ ）` after a Hanzi. Off by default.
    LatinBrackets,
    /// `...`, `。。。`, `······`, a single `…` and three of them become `……`. A text that writes
    /// `。。。` throughout is left so, with a note.
    Ellipses,
    /// `--`, `－－`, `──` and `――` become `——`. A text that writes one of the last three throughout
    /// is left so, with a note.
    Dashes,
    /// `•`, `‧` and `・` between Hanzi become `·`.
    Interpuncts,
    /// `.` between the parts of a name become `·`. Off by default: it may be a stop.
    NameDots,
    /// `，，` and `、、` lose one of the two.
    Doubled,
    /// `。。` loses one of the two. Off by default: it may be a short ellipsis.
    DoubledStops,
    /// `，。；：！？` in a line without Hanzi, kana or hangul become ASCII. Off by default: a line
    /// of Latin names in a Chinese text has them rightly.
    LatinStops,
    /// Straight double quotes round Hanzi become `“ ”`, in pairs. Off by default.
    Straight,
    /// `”…”` becomes `“…”` on a line that has no other quotes. Off by default.
    Turned,
    /// Quotes without their mate are pointed at and stay.
    Unpaired,
}

impl Shape for Punctuation {
    fn compile(self, _: &Defines) -> Result<Box<dyn Kind>, Fault> {
        match self.0.is_empty() {
            true => {
                Err(Fault::fields("punctuation has nothing to look at", "write a list such as [commas, semicolons]"))
            }
            false => Ok(Box::new(self)),
        }
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "ASCII marks in a Chinese sentence",
                rule: "punctuation: [commas, semicolons, colons, exclamations, stops]",
                input: "去年,24个县达标;今年目标: 全部达标,左右, 分别完成!好不好?请记住这一点.\n",
                output: "去年，24个县达标；今年目标：全部达标，左右，分别完成！好不好？请记住这一点。\n",
            },
            Example {
                title: "Numbers, times, English and code stay",
                rule: "punctuation: [commas, semicolons, colons, exclamations, stops]",
                input: "总投资1,000万元，10:30召开，100：130；书名《Hackers: Big Ideas, etc.》，数组 [1,2] 和 f(a,b)\n",
                output: "总投资1,000万元，10:30召开，100：130；书名《Hackers: Big Ideas, etc.》，数组 [1,2] 和 f(a,b)\n",
            },
            Example {
                title: "Brackets round Hanzi",
                rule: "punctuation: [brackets]",
                input: "24个县(市、区)的专(兼)职人员，（一)基本情况，函数 f(x) 和 main(参数)\n",
                output: "24个县（市、区）的专（兼）职人员，（一）基本情况，函数 f(x) 和 main(参数)\n",
            },
            Example {
                title: "Ellipses, dashes and interpuncts",
                rule: "punctuation: [ellipses, dashes, interpuncts, doubled]",
                input: "他犹豫了…这就是目标--小康，，卡尔•马克思说。。。\n",
                output: "他犹豫了……这就是目标——小康，卡尔·马克思说……\n",
            },
        ]
    }
}

impl Mark {
    /// What stands in every line in which there is something to do, where that is rare enough to be looked for.
    fn pieces(self) -> Option<&'static [&'static str]> {
        match self {
            Mark::Ellipses => Some(dots::ELLIPSES),
            Mark::Dashes => Some(dash::DASHES),
            Mark::Interpuncts => Some(dash::INTERPUNCTS),
            Mark::Doubled => Some(&["，，", "、、"]),
            Mark::DoubledStops => Some(&["。。"]),
            Mark::Commas => Some(&[","]),
            Mark::Semicolons => Some(&[";"]),
            Mark::Colons => Some(&[":"]),
            Mark::Exclamations => Some(&["!", "?"]),
            Mark::Stops => Some(&["."]),
            Mark::Brackets | Mark::LatinBrackets => Some(&["(", ")"]),
            _ => None,
        }
    }
}

impl Kind for Punctuation {
    fn edits(&self, view: &View, out: &mut Edits) {
        let on = |mark: Mark| self.0.contains(&mark);
        if on(Mark::Brackets) || on(Mark::LatinBrackets) {
            bracket::edits(view, on(Mark::Brackets), on(Mark::LatinBrackets), out);
        }
        clause::edits(view, &clause::Wanted::of(&self.0), out);
        for mark in &self.0 {
            match mark {
                Mark::Ellipses => dots::ellipses(view, out),
                Mark::InnerStops => dots::inner_stops(view, out),
                Mark::Ordinals => dots::ordinals(view, out),
                Mark::NameDots => dots::names(view, out),
                Mark::Dashes => dash::dashes(view, out),
                Mark::Interpuncts => dash::interpuncts(view, out),
                Mark::Doubled | Mark::DoubledStops => dash::doubled(view, mark.pieces().unwrap_or_default(), out),
                Mark::LatinStops => latin::edits(view, out),
                Mark::Straight => quote::straight(view, out),
                Mark::Turned => quote::turned(view, out),
                Mark::Unpaired => quote::unpaired(view, out),
                _ => {}
            }
        }
    }

    fn needs(&self) -> Needs {
        let pieces: Option<Vec<_>> = self.0.iter().map(|mark| mark.pieces()).collect();
        pieces.map_or(Needs::Anything, |pieces| Needs::one_of(pieces.concat()))
    }
}

/// From so many on a stand-in is no slip but the way the whole text is set.
const OWN: usize = 4;

/// True where a text writes `piece` throughout and never the mark that it stands for: its own way,
/// which is told and not changed. Two novels among the clean documents that the default chain was
/// measured on are set so, with 67 `－－` and 14 `。。。`.
fn is_own_way(view: &View, piece: &str, mark: &str, out: &mut Edits) -> bool {
    let text = view.text();
    if !piece.chars().all(|c| view.inventory().has(c)) {
        return false;
    }
    let found = || memmem::find_iter(text.as_bytes(), piece.as_bytes());
    let own = found().nth(OWN - 1).is_some() && memmem::find(text.as_bytes(), mark.as_bytes()).is_none();
    if let Some(first) = found().next().filter(|_| own) {
        out.note(first..first + piece.len(), format!("the text writes {piece} for {mark} throughout; left as its own way"));
    }
    own
}

/// The lines of Chinese in the region that hold one of `pieces`. Each is looked for in the whole
/// text first, and only those found there in the lines.
fn chinese<'v>(view: &'v View, pieces: &[&'static str]) -> impl Iterator<Item = Line<'v>> + 'v {
    chinese_where(view, pieces, |_| true)
}

/// Those of them that fit.
fn chinese_where<'v>(
    view: &'v View,
    pieces: &[&'static str],
    fits: impl Fn(&str) -> bool + 'v,
) -> impl Iterator<Item = Line<'v>> + 'v {
    let (text, region) = (view.text(), view.region());
    let may = |piece: &&&str| piece.chars().all(|c| view.inventory().has(c));
    let find: Vec<_> = (pieces.iter().filter(may))
        .map(|piece| memmem::Finder::new(piece.as_bytes()))
        .filter(|piece| view.leads().is_some() || piece.find(&text.as_bytes()[region.clone()]).is_some())
        .collect();
    let lines = (!find.is_empty()).then(|| view.lines_to_see());
    let holds = move |line: &&std::ops::Range<usize>| {
        find.iter().any(|piece| piece.find(&text.as_bytes()[(*line).clone()]).is_some())
    };
    let fits = move |line: &&std::ops::Range<usize>| fits(&text[(*line).clone()]);
    lines.into_iter().flatten().filter(holds).filter(fits).filter_map(move |line| Line::of(view, line.clone()))
}
