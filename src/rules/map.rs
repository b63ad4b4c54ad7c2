//! `map`: puts one text in the place of another, by a table.
//!
//! Invariant: of two keys that begin at one place the longer wins; a replacement is not looked at
//! again.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Shape};
use crate::edit::Edits;
use crate::script::{is_cjk, is_han};
use crate::view::View;

/// Put one character or word in the place of another, by a table.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// What to look for, and what to put there.
    table: BTreeMap<String, String>,
    /// What has to stand beside a match for it to count.
    #[serde(default)]
    near: Near,
}

/// What stands beside a match.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Near {
    /// Anything.
    #[default]
    Any,
    /// A Hanzi before it or after it.
    Han,
    /// Hanzi or kana before it and after it.
    Between,
}

impl Shape for Map {
    fn compile(self, _: &Defines) -> Result<Box<dyn Kind>, Fault> {
        if self.table.is_empty() || self.table.keys().any(String::is_empty) {
            return Err(Fault::fields("map has an empty table or an empty key", "write pairs such as { '﹐': '，' }"));
        }
        let find = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(self.table.keys());
        let find = find.map_err(|error| Fault::fields(error.to_string(), "make the table smaller"))?;
        Ok(Box::new(Table { find, with: self.table.into_values().collect(), near: self.near }))
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "Characters that an old font shows as others",
                rule: "map: { table: { '囗': '口', '巳经': '已经' } }",
                input: "人囗巳经下降。\n",
                output: "人口已经下降。\n",
            },
            Example {
                title: "Only beside Hanzi",
                rule: "map: { table: { '•': '·' }, near: between }",
                input: "卡尔•马克思\n",
                output: "卡尔·马克思\n",
            },
            Example {
                title: "An item of a list stays",
                rule: "map: { table: { '•': '·' }, near: between }",
                input: "• 第一项\n",
                output: "• 第一项\n",
            },
        ]
    }
}

#[derive(Debug)]
struct Table {
    find: AhoCorasick,
    /// In the order of the keys.
    with: Vec<String>,
    near: Near,
}

impl Kind for Table {
    fn settles(&self) -> bool {
        false
    }

    fn edits(&self, view: &View, out: &mut Edits) {
        let (text, region) = (view.text(), view.region());
        for found in self.find.find_iter(&text[region.clone()]) {
            let at = region.start + found.start()..region.start + found.end();
            let beside = [text[..at.start].chars().next_back(), text[at.end..].chars().next()];
            let counts = match self.near {
                Near::Any => true,
                Near::Han => beside.iter().flatten().any(|c| is_han(*c)),
                Near::Between => beside.iter().all(|c| c.is_some_and(is_cjk)),
            };
            if counts {
                out.replace(at, self.with[found.pattern().as_usize()].clone());
            }
        }
    }
}
