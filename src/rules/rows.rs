//! `rows`: deletes lines that are rows of short entries many of which are known: menus, tool bars, labels with values.
//!
//! Invariant: a line is removed as a whole, and only where it is nothing but short entries without a mark of a sentence,
//! and enough of them are known; removing lines never leaves a text without a word in it.

mod split;

use std::borrow::Cow;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use super::remove::{fits, remove_lines};
use super::{Defines, Example, Fault, Kind, Pattern, Shape, Source};
use crate::edit::Edits;
use crate::script::{ascii_form, is_blank};
use crate::shield::ShieldSet;
use crate::view::View;
use split::Row;

/// Delete rows of short entries, such as menus and tool bars, where enough of the entries are known.
///
/// A new site has words that no list knows, but it sets them as all sites do: between bars, brackets or blanks, beside
/// others that are known. Each pattern has to match an entry from its first to its last character, in small letters of
/// half width. Marks and counts round an entry do not matter, and neither does what stands behind a known label; a
/// pattern that ends in `:` finds labels alone. The same words twice count once, and three and more entries that stand
/// in brackets of their own are worth 1 more. `descrape trace` shows what was known of every line that goes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// What is known of the entries of such rows.
    entries: Vec<Entry>,
    /// How much the known entries of a row must be worth.
    enough: u16,
    /// Which share of the entries must be known, such as `50%`; those that are worth nothing are not counted.
    #[serde(deserialize_with = "crate::config::percent")]
    #[schemars(with = "String")]
    known: f64,
    /// How wide an entry may be that is not known, in Hanzi, each as wide as two letters.
    unknown: usize,
    /// What a line that must stay looks like, from its first to its last character.
    #[serde(default)]
    unless: Option<Source>,
    /// Leaves alone lines that are longer than this, in characters.
    max_chars: usize,
}

/// Entries of rows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What they look like: any of these patterns.
    any: Vec<Source>,
    /// What finding one is worth; nothing where nothing is said, as befits a date or a name. What is worth 1 counts only
    /// in rows that hold an entry that is worth more, or six that are known.
    #[serde(default)]
    worth: u16,
}

impl Shape for Rows {
    fn compile(self, defines: &Defines) -> Result<Box<dyn Kind>, Fault> {
        let entries = self.entries.into_iter().flat_map(|Entry { any, worth }| any.into_iter().map(move |any| (any, worth)));
        let mut entries = entries
            .map(|(any, worth)| Ok((any.compile_whole(defines)?, u32::from(worth))))
            .collect::<Result<Vec<(Pattern, u32)>, Fault>>()?;
        if !entries.iter().any(|(_, worth)| *worth > 1) {
            let help = "give some of the entries a `worth:` of 2 or more";
            return Err(Fault::fields("no row has an entry that is worth anything by itself", help));
        }
        entries.sort_by_key(|(_, worth)| std::cmp::Reverse(*worth));
        Ok(Box::new(Lines {
            entries,
            enough: u32::from(self.enough),
            known: self.known,
            longest: self.unknown,
            unless: self.unless.map(|unless| unless.compile_whole(defines)).transpose()?,
            most: self.max_chars,
        }))
    }

    fn examples() -> &'static [Example] {
        const RULE: &str = "rows: { entries: [{ any: [登录, 打印, 浏览, 编辑], worth: 2 }, { any: [新闻, 评论], worth: 1 }], enough: 4, known: 50%, unknown: 8, max_chars: 200 }";
        &[
            Example {
                title: "A menu with words that nobody listed",
                rule: RULE,
                input: "新闻 | 掌上某城 | 登录 | 评论(12)\n春天到了。\n【我来纠错】【打印】【登录】\n",
                output: "春天到了。\n",
            },
            Example {
                title: "What stands behind a known label does not matter",
                rule: RULE,
                input: "编辑：李梅　浏览：１２次　供图：某某馆\n春天到了。\n",
                output: "春天到了。\n",
            },
            Example {
                title: "A list with a known word or two is a list, and a sentence is a sentence",
                rule: RULE,
                input: "春分 | 编辑 | 夏至 | 秋分 | 冬至 | 大雪\n新闻 评论\n登录，然后打印。\n",
                output: "春分 | 编辑 | 夏至 | 秋分 | 冬至 | 大雪\n新闻 评论\n登录，然后打印。\n",
            },
        ]
    }
}

/// So many known entries need none that is worth more than 1, where nearly all are known.
const CROWD: usize = 6;

/// Nearly all: what has to be known of a row that could be a sentence, too.
const MOST: f64 = 0.8;

#[derive(Debug)]
struct Lines {
    /// Those that are worth most come first.
    entries: Vec<(Pattern, u32)>,
    enough: u32,
    known: f64,
    longest: usize,
    unless: Option<Pattern>,
    most: usize,
}

impl Lines {
    /// The entries of a line that goes.
    fn row<'l>(&self, line: &'l str) -> Option<Row<'l>> {
        if !fits(line, self.most) || !Row::may_be(line) {
            return None;
        }
        let row = Row::of(line, self.longest, |entry| {
            let entry = plain(entry);
            self.entries.iter().find(|(pattern, _)| pattern.is_match(&entry)).map(|(_, worth)| *worth)
        })?;
        let known = row.known().count();
        let share = known as f64 / row.count() as f64;
        let leads = row.known().any(|(_, worth)| worth > 1) || known >= CROWD && share >= MOST;
        let least = if row.is_spaced { MOST.max(self.known) } else { self.known };
        let goes = leads && row.worth() >= self.enough && share >= least;
        (goes && !self.unless.as_ref().is_some_and(|unless| unless.is_match(line))).then_some(row)
    }
}

/// The same words in small letters of half width.
fn plain(entry: &str) -> Cow<'_, str> {
    let plain = |c: char| ascii_form(c).unwrap_or(c).to_ascii_lowercase();
    match entry.contains(|c: char| plain(c) != c) {
        true => entry.chars().map(plain).collect(),
        false => entry.into(),
    }
}

impl Kind for Lines {
    fn edits(&self, view: &View, out: &mut Edits) {
        let text = view.text();
        let goes = |line: &&Range<usize>| self.row(text[(*line).clone()].trim_matches(is_blank)).is_some();
        remove_lines(view, view.lines_in_region().iter().filter(goes), out);
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }

    fn why(&self, removed: &str) -> Option<String> {
        let row = self.row(removed.trim_matches(|c| c == '\n' || is_blank(c)))?;
        let known: Vec<String> = row.known().map(|(entry, worth)| format!("{entry:?} {worth}")).collect();
        Some(format!("a row of {} entries: {} = {}", row.count(), known.join(" + "), row.worth()))
    }
}
