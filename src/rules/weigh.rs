//! `weigh`: deletes what enough words of several classes speak of.
//!
//! Invariant: what goes is a line, what stands between a pair of brackets, or a run of known words; it has the
//! points and the shares that its bar asks for, and no class of words counts twice.

mod piece;
mod prose;
mod scale;
mod sweep;
mod ties;

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use super::named::Named;
use super::remove::spans::Spans;
use super::remove::{fits, remove_lines};
use super::{Defines, Example, Fault, Kind, Needs, Shape, Source};
use crate::edit::Edits;
use crate::script::is_blank;
use crate::shield::ShieldSet;
use crate::view::View;
use piece::{begins_sentence, boundary, brackets, enclosing, enumerates, is_enumeration, is_structure, with_stop};
use scale::{Class, Found, Scale, Weight};
use sweep::Sweep;
use ties::Ties;

/// Delete lines, brackets and runs of words in which enough words of several classes come together.
///
/// Each class of `words` has points, which count once, or with those for a second word, however many there are. Where the points
/// of a line reach those of `line`, the line goes; otherwise `brackets`, `sentence` and `run` are asked for
/// the pieces of it. Classes are looked for in their order, and a word that lies in one of an earlier class counts for
/// none.
/// A class with points below zero speaks for the text; one without points is known and says nothing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weigh {
    /// The classes of words.
    words: Vec<Words>,
    /// What a line must have to go as a whole: any of these, so that more points may stand for a smaller share.
    #[serde(default)]
    line: Vec<Bar>,
    /// What must stand between a pair of brackets, tags or ornaments, equal or mirrored, for both to go.
    #[serde(default)]
    brackets: Vec<Bar>,
    /// The same for marks that quote; what a line must have where nothing is said. `[]` leaves all quotes alone.
    #[serde(default)]
    quotes: Option<Vec<Bar>>,
    /// What a run of words must have to be cut out where it begins as a sentence does, at the start of a line
    /// or behind a stop. No letter but one that is known lies between two words of a run, and no mark that
    /// ends a sentence.
    #[serde(default)]
    sentence: Vec<Bar>,
    /// The same for a run anywhere in a sentence.
    #[serde(default)]
    run: Vec<Bar>,
    /// A run stays behind a letter that matches this, which needs what follows, such as `[的把从]`.
    #[serde(default)]
    unless_behind: Option<Source>,
    /// A run stays before letters that match this, which need what stands before them, such as `[的了]`.
    #[serde(default)]
    unless_before: Option<Source>,
    /// A run stays before a letter where it ends with words that match this, which need an object, such as `(?:登录|访问)$`.
    #[serde(default)]
    unless_ending: Option<Source>,
    /// Brackets stay behind words that match this and name what stands in them, such as `(?:点击|选择)$`. The 8 characters
    /// before the brackets are looked at, blanks between aside.
    #[serde(default)]
    brackets_unless_behind: Option<Source>,
    /// The same for the 8 characters behind them, such as `^(?:按钮|菜单)`.
    #[serde(default)]
    brackets_unless_before: Option<Source>,
    /// Leaves alone what is longer than this, in characters; 120 where nothing is said.
    #[serde(default = "most")]
    max_chars: usize,
}

fn most() -> usize {
    120
}

/// A class of words.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Words {
    /// What they are, in a word; `descrape trace` names it.
    is: String,
    /// What they count together, below zero where they speak for the text.
    #[serde(default)]
    points: i16,
    /// Such a word has to be there: without one from a class like this no points are enough. Where no class
    /// is one, any will do.
    #[serde(default)]
    anchor: bool,
    /// The words.
    r#match: Source,
    /// What they count more where there are two of them.
    #[serde(default)]
    again: i16,
    /// The most Hanzi before such a word that belong to it, as in the name of a site. They reach back to a
    /// mark or to another word; where they do not, two belong to it.
    #[serde(default)]
    reach: usize,
}

/// What a piece of text must have to be deleted.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Bar {
    /// The points of the classes of which it holds words.
    points: i16,
    /// The share of its letters, digits and Hanzi that lie in words of any class, such as `70%`.
    #[serde(deserialize_with = "crate::config::percent")]
    #[schemars(with = "String")]
    known: f64,
    /// The share of them that lie in words of a class with points.
    #[serde(deserialize_with = "crate::config::percent")]
    #[schemars(with = "String")]
    telling: f64,
}

impl Bar {
    fn is_reached(&self, weight: &Weight) -> bool {
        let share = |part: usize| part as f64 / weight.letters.max(1) as f64;
        weight.anchored && weight.points >= i32::from(self.points) && share(weight.known) >= self.known && share(weight.telling) >= self.telling
    }
}

impl Shape for Weigh {
    fn compile(self, defines: &Defines) -> Result<Box<dyn Kind>, Fault> {
        let bars = [self.line, self.brackets, self.sentence, self.run];
        let Some(least) = bars.iter().flatten().map(|bar| i32::from(bar.points)).min() else {
            return Err(Fault::fields("weigh needs something to delete", "write `line:`, `brackets:`, `sentence:` or `run:`"));
        };
        if least < 1 {
            return Err(Fault::fields("a bar of no points is always reached", "write 1 or more for `points`"));
        }
        let class = |Words { is, points, anchor, r#match, again, reach }| {
            let (points, again) = (i32::from(points), i32::from(again));
            Ok(Class { is, points, again, anchor, pattern: r#match.compile(defines)?, reach })
        };
        let scale = Scale::new(self.words.into_iter().map(class).collect::<Result<_, Fault>>()?);
        let whole = |source: Option<Source>| source.map(|source| source.compile_whole(defines)).transpose();
        let part = |source: Option<Source>| source.map(|source| source.compile(defines)).transpose();
        let ties = Ties {
            behind: whole(self.unless_behind)?,
            before: whole(self.unless_before)?,
            ending: part(self.unless_ending)?,
            named: Named { behind: part(self.brackets_unless_behind)?, before: part(self.brackets_unless_before)? },
        };
        let [line, brackets, sentence, run] = bars;
        let quotes = self.quotes.unwrap_or_else(|| line.clone());
        let (needs, most) = (scale.needs(least), self.max_chars);
        Ok(Box::new(Judge { scale, least, needs, line, brackets, quotes, sentence, run, ties, most }))
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "An advert is made of three kinds of words, in whatever order",
                rule: "weigh:\n  words:\n    - { is: request, points: 1, match: '请到|登录|收藏' }\n    - { is: offer, points: 1, match: '最新章节|全文阅读' }\n    - { is: site, points: 2, match: '小说网|书屋', reach: 4 }\n  line: [{ points: 4, known: 70%, telling: 70% }]\n  run: [{ points: 4, known: 80%, telling: 80% }]",
                input: "天黑了。\n最新章节请到清风小说网\n灯亮了。登录清风书屋全文阅读他走了。\n",
                output: "天黑了。\n灯亮了。他走了。\n",
            },
            Example {
                title: "Fewer of them say nothing",
                rule: "weigh:\n  words:\n    - { is: site, points: 2, match: '小说网|书屋', reach: 4 }\n    - { is: request, points: 1, match: '请到|登录|收藏' }\n  line: [{ points: 3, known: 70%, telling: 70% }]",
                input: "他每天登录一个叫清风小说网的网站，看人家怎么写。\n清风书屋\n",
                output: "他每天登录一个叫清风小说网的网站，看人家怎么写。\n清风书屋\n",
            },
        ]
    }
}

#[derive(Debug)]
struct Judge {
    scale: Scale,
    /// The fewest points that any bar asks for.
    least: i32,
    needs: Needs,
    line: Vec<Bar>,
    brackets: Vec<Bar>,
    quotes: Vec<Bar>,
    sentence: Vec<Bar>,
    run: Vec<Bar>,
    ties: Ties,
    most: usize,
}

impl Kind for Judge {
    fn edits(&self, view: &View, out: &mut Edits) {
        let text = view.text();
        let mut spans = Spans::new(text);
        let mut lines = Vec::new();
        let own;
        let signs = match view.signs() {
            Some(signs) => signs,
            None => {
                own = self.scale.places(text);
                &own[..]
            }
        };
        let mut sweep = Sweep::over(signs);
        for line in view.lines_to_see() {
            let bare = text[line.clone()].trim_matches(is_blank);
            let from = line.end - text[line.clone()].trim_start_matches(is_blank).len();
            for window in self.windows(view, bare, from) {
                let near = from + window.start..from + window.end;
                sweep.to(&near);
                let here = sweep.here();
                let may_reach = |least| self.scale.may_reach(here, least, self.most);
                let may_go = may_reach(self.least) && (may_reach(self.unbracketed(bare)) || self.is_bracketed(bare, &window));
                if !may_go || !self.scale.holds_enough(&text[near], here, self.least) {
                    continue;
                }
                let without = |class: usize| here[class].is_some_and(<[u32]>::is_empty);
                let found = self.scale.find(bare, window, without);
                let pieces = self.pieces(bare, &found);
                if self.is_advert(bare, &found, &pieces) {
                    lines.push(line);
                } else {
                    pieces.into_iter().for_each(|at| spans.push_wide(from + at.start..from + at.end));
                }
            }
        }
        spans.finish(out);
        remove_lines(view, lines.into_iter(), out);
    }

    fn needs(&self) -> Needs {
        self.needs.clone()
    }

    fn signs(&self) -> Vec<Needs> {
        self.scale.signs()
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }

    fn why(&self, piece: &str) -> Option<String> {
        Some(self.scale.find(piece, 0..piece.len(), |_| false).told(piece))
    }
}

/// As many letters are no sentence: what is left of a line from which an advert was cut.
const CRUMBS: usize = 2;

impl Judge {
    /// Where in a line, which begins at `from` in the text, something can go. What goes holds a lead and is no longer than
    /// `most` characters, so of a paragraph only what lies so near to one is looked at.
    fn windows(&self, view: &View, line: &str, from: usize) -> Vec<Range<usize>> {
        let whole = 0..line.len();
        let Some(leads) = view.leads().filter(|_| !fits(line, self.most)) else { return Vec::from([whole]) };
        let first = leads.partition_point(|lead| (*lead as usize) < from);
        let leads = leads[first..].iter().map(|lead| *lead as usize - from).take_while(|lead| *lead < line.len());
        let mut windows: Vec<Range<usize>> = Vec::new();
        for lead in leads {
            let near = self.most * char::MAX.len_utf8();
            let start = boundary(line, lead.saturating_sub(near));
            let end = boundary(line, (lead + near).min(line.len()));
            match windows.last_mut() {
                Some(last) if last.end >= start => last.end = end,
                _ => windows.push(start..end),
            }
        }
        windows
    }

    /// The fewest points with which anything can go of a line that holds no brackets. A long line does not go as a whole.
    fn unbracketed(&self, line: &str) -> i32 {
        let whole = if fits(line, self.most) { &self.line[..] } else { &[] };
        let bars = [whole, &self.sentence, &self.run];
        bars.into_iter().flatten().map(|bar| i32::from(bar.points)).min().unwrap_or(i32::MAX)
    }

    /// True where something in this part of a line stands between brackets, or quotes, that can go.
    fn is_bracketed(&self, line: &str, window: &Range<usize>) -> bool {
        let bars = |quotes| if quotes { &self.quotes } else { &self.brackets };
        !self.brackets.is_empty() && brackets(line, window).any(|(_, quotes)| !bars(quotes).is_empty())
    }

    /// True where a line goes as a whole. One of which pieces go and prose is left does not; one of which next to
    /// nothing is left does.
    fn is_advert(&self, line: &str, found: &Found, pieces: &[Range<usize>]) -> bool {
        if !fits(line, self.most) || is_structure(line) || enumerates(line) {
            return false;
        }
        let whole = found.weight(line, &(0..line.len()));
        if prose::is_left(line, found, pieces) || prose::runs_through(line, found) {
            return false;
        }
        let left = whole.letters - pieces.iter().map(|at| found.weight(line, at).letters).sum::<usize>();
        !pieces.is_empty() && left <= CRUMBS || self.line.iter().any(|bar| bar.is_reached(&whole))
    }

    /// The pieces of a line that go, in order and disjoint.
    fn pieces(&self, line: &str, found: &Found) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let reaches = |bars: &[Bar], at: &Range<usize>| {
            let weight = || found.weight(line, at);
            !bars.is_empty() && fits(&line[at.clone()], self.most) && bars.iter().any(|bar| bar.is_reached(&weight()))
        };
        if !self.brackets.is_empty() {
            let bars = |quotes| if quotes { &self.quotes } else { &self.brackets };
            let speaks = |at: &Range<usize>| self.ties.named.holds(line, at) || is_enumeration(line, at);
            let goes = |at: &Range<usize>, quotes| reaches(bars(quotes), at) && !speaks(at);
            pieces.extend(brackets(line, &found.within).filter(|(at, quotes)| goes(at, *quotes)).map(|(at, _)| at));
        }
        if !self.sentence.is_empty() || !self.run.is_empty() {
            let begins = |at: &Range<usize>| begins_sentence(line, at.start) && reaches(&self.sentence, at);
            let listed = |at: &Range<usize>| enclosing(line, at).is_some_and(|inside| is_enumeration(line, &inside));
            let held = |at: &Range<usize>| self.ties.holds(line, at) || listed(at);
            let goes = |at: &Range<usize>| (begins(at) || reaches(&self.run, at)) && !held(at);
            pieces.extend(found.runs(line).filter(goes).map(|at| with_stop(line, at)));
        }
        pieces.sort_by_key(|at| (at.start, std::cmp::Reverse(at.end)));
        // A run inside a pair of brackets that goes is gone with it.
        let mut taken = 0;
        pieces.retain(|at| {
            let free = at.start >= taken;
            taken = taken.max(at.end);
            free
        });
        pieces
    }
}
