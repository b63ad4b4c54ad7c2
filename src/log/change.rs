//! What was changed in a document, and what was pointed at, as a log has it.
//!
//! Invariant: what is alike is written once, with all places where it stands; the edits of a record are the pass of one
//! rule over the text, and the records of a document stand in the order of these passes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::runs::{self, Run};
use super::{Name, Record};
use crate::chain::Outcome;

/// Which document: a file, or a text in one of its lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// Line of the file, from 1, where every line is a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The field of that line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Cow<'a, str>>,
}

/// What one pass of a rule over a text did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<'a> {
    /// The document.
    #[serde(flatten)]
    pub document: Document<'a>,
    /// Id of the rule.
    pub rule: Cow<'a, str>,
    /// Its edits, those that are alike together.
    pub edits: Vec<Alike<'a>>,
}

/// Edits that put the same in the place of the same; in JSON `[before, after, lines, at]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike<'a> {
    /// What stood there.
    pub before: Cow<'a, str>,
    /// What stands there now.
    pub after: Cow<'a, str>,
    /// Where, in the order of the text.
    pub places: Vec<At>,
}

/// Where an edit was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// Line of the decoded original, from 1. In JSON, lines that follow one another are `[first, last]`.
    pub line: u32,
    /// Byte offset in the text that the rule saw. In JSON each but the first counts from the one before it.
    pub byte: usize,
}

/// One edit of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit<'a> {
    /// Byte offset in the text that the rule saw.
    pub at: usize,
    /// What stood there.
    pub before: &'a str,
    /// What stands there now.
    pub after: &'a str,
}

impl Change<'_> {
    /// How many edits there are.
    pub fn len(&self) -> u64 {
        self.edits.iter().map(|alike| alike.places.len() as u64).sum()
    }

    /// True where nothing was edited.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All edits in the order of the text.
    pub fn in_order(&self) -> Vec<Edit<'_>> {
        let alike = self.edits.iter().flat_map(|Alike { before, after, places }| {
            places.iter().map(move |place| Edit { at: place.byte, before, after })
        });
        let mut edits: Vec<Edit> = alike.collect();
        // What was put in before a piece stands at the same place as that piece.
        edits.sort_by_key(|edit| (edit.at, !edit.before.is_empty()));
        edits
    }
}

impl Serialize for Alike<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let lines = runs::fold(self.places.iter().map(|place| place.line));
        let mut last = 0;
        let at = self.places.iter().map(|place| place.byte - std::mem::replace(&mut last, place.byte));
        (&self.before, &self.after, lines, at.collect::<Vec<_>>()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Alike<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (before, after, lines, at): (String, String, Vec<Run>, Vec<usize>) =
            Deserialize::deserialize(deserializer)?;
        let lines = runs::unfold(&lines, at.len()).ok_or_else(|| de::Error::custom("not as many lines as places"))?;
        let mut last = 0usize;
        let places = lines.into_iter().zip(at).map(|(line, step)| {
            last = last.checked_add(step)?;
            Some(At { line, byte: last })
        });
        let places = places.collect::<Option<_>>().ok_or_else(|| de::Error::custom("a place beyond all texts"))?;
        Ok(Self { before: before.into(), after: after.into(), places })
    }
}

/// What a rule pointed at and left alone, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report<'a> {
    /// The document.
    #[serde(flatten)]
    pub document: Document<'a>,
    /// Id of the rule.
    pub rule: Cow<'a, str>,
    /// One sentence.
    pub why: Cow<'a, str>,
    /// What it pointed at.
    pub found: Vec<Found<'a>>,
}

/// The same text in several places; in JSON `[text, lines, columns]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'a> {
    /// The text pointed at.
    pub text: Cow<'a, str>,
    /// Line of the decoded original and column there in characters, both from 1. In JSON, lines that follow one another
    /// are `[first, last]`.
    pub places: Vec<(u32, u32)>,
}

impl Serialize for Found<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (lines, columns): (Vec<u32>, Vec<u32>) = self.places.iter().copied().unzip();
        (&self.text, runs::fold(lines), columns).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Found<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (text, lines, columns): (String, Vec<Run>, Vec<u32>) = Deserialize::deserialize(deserializer)?;
        let lines = runs::unfold(&lines, columns.len());
        let lines = lines.ok_or_else(|| de::Error::custom("not as many lines as columns"))?;
        Ok(Self { text: text.into(), places: lines.into_iter().zip(columns).collect() })
    }
}

/// A rule that would have gone over its limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held<'a> {
    /// The document.
    #[serde(flatten)]
    pub document: Document<'a>,
    /// Id of the rule.
    pub rule: Cow<'a, str>,
    /// The share of the text it would have taken away, 0 to 1.
    pub share: f64,
    /// The share it may take away.
    pub limit: f64,
}

/// A text in a line.
#[derive(Debug, Clone, Copy)]
pub struct Spot<'a> {
    /// Line of the file, from 1.
    pub row: u64,
    /// The field.
    pub field: &'a str,
}

/// Appends the changes, reports and limits of one document.
pub fn write_changes(outcome: &Outcome, name: &Name, spot: Option<Spot>, out: &mut Vec<u8>) {
    let (row, field) = spot.map(|spot| (spot.row, spot.field)).unzip();
    let document = || Document { name: Cow::Borrowed(name), row, field: field.map(Cow::Borrowed) };
    for pass in outcome.changes.chunk_by(|a, b| a.step == b.step) {
        let alike = together(pass, |change| (&*change.before, &*change.after));
        let edits = alike.into_iter().map(|((before, after), same)| {
            let places = same.iter().map(|change| At { line: change.place.line, byte: change.at });
            Alike { before: before.into(), after: after.into(), places: places.collect() }
        });
        let change = Change { document: document(), rule: (*pass[0].rule).into(), edits: edits.collect() };
        Record::Change(change).write(out);
    }
    for ((rule, why), reports) in together(&outcome.reports, |report| (&*report.rule, &*report.why)) {
        let found = together(reports, |report| &*report.text).into_iter().map(|(text, same)| {
            let places = same.iter().map(|report| (report.place.line, report.place.column));
            Found { text: text.into(), places: places.collect() }
        });
        let found = found.collect();
        Record::Report(Report { document: document(), rule: rule.into(), why: why.into(), found }).write(out);
    }
    for skip in &outcome.skips {
        let (share, limit) = (skip.share, skip.limit);
        Record::Held(Held { document: document(), rule: (*skip.rule).into(), share, limit }).write(out);
    }
}

/// Items that have the same key, in the order in which the keys come.
fn together<'a, T, K: Eq + Hash + Copy>(
    items: impl IntoIterator<Item = &'a T>,
    key: impl Fn(&'a T) -> K,
) -> Vec<(K, Vec<&'a T>)> {
    let mut at = HashMap::new();
    let mut all: Vec<(K, Vec<&T>)> = Vec::new();
    for item in items {
        let key = key(item);
        let at = *at.entry(key).or_insert_with(|| {
            all.push((key, Vec::new()));
            all.len() - 1
        });
        all[at].1.push(item);
    }
    all
}
