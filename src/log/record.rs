//! The records of a change log, as JSON has them.
//!
//! Invariant: a field that says nothing is not written, and one that a log leaves out is read as saying nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Hash, Name, Out};
use crate::decode::{LineEnds, Source};
use crate::jsonl::Styles;
use crate::pack::{Format, Recipe};

/// One line of a log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Record<'a> {
    /// What was asked for; the first record.
    Run(Run),
    /// A file of JSON Lines; the first record of that file.
    Rows(Rows<'a>),
    /// What else it takes to write a changed text of a line as it was; behind its changes.
    Row(Row<'a>),
    /// A line that stays as it is because it cannot be read.
    Kept(Kept<'a>),
    /// One edit.
    Change(Change<'a>),
    /// Something a rule pointed at and left alone.
    Report(Report<'a>),
    /// A rule that did nothing in this file because it would have gone over its limit.
    Held(Held<'a>),
    /// A file that was cleaned; the last record of that file.
    File(Box<File<'a>>),
    /// A file that is not for cleaning.
    Skip(Skip<'a>),
    /// A file that could not be cleaned.
    Error(Error<'a>),
    /// What came of it; the last record of a run that was not killed.
    End(Tally),
}

/// Where the cleaned texts went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Into another folder.
    Copy,
    /// Into the place of the originals.
    InPlace,
    /// To standard output.
    Stdout,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// [`FORMAT`].
    pub format: u32,
    /// The version of the program.
    pub version: String,
    /// Hash of the source of the program.
    pub build: String,
    /// Where the cleaned texts went.
    pub mode: Mode,
    /// The paths as they were given.
    pub paths: Vec<String>,
    /// The same seen from the folder of the log, so that paths given in different folders are told apart.
    pub from: Vec<String>,
    /// Which part of the files: `2/4`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<String>,
    /// The rules file; `built-in` for the rules of the program.
    pub rules: String,
    /// Hash of that file.
    pub rules_hash: Hash,
    /// The ids of the rules that ran, in order.
    pub chain: Vec<Arc<str>>,
    /// The encoding named by the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The fields of JSON Lines that hold texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// One edit. Sorted as they were made: by step, then by place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// Line of the file, from 1, where every line is a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The field of that line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Cow<'a, str>>,
    /// Id of the rule.
    pub rule: Cow<'a, str>,
    /// The number of the pass over the text that made it, from 1; the edits of one pass stand together.
    pub step: u32,
    /// Byte offset in the text that the rule saw.
    pub at: usize,
    /// Line of the decoded original, from 1.
    pub line: u32,
    /// Column there in characters, from 1.
    pub column: u32,
    /// What stood there.
    pub before: Cow<'a, str>,
    /// What stands there now.
    pub after: Cow<'a, str>,
}

/// Something a rule pointed at and left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// Line of the file, from 1, where every line is a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The field of that line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Cow<'a, str>>,
    /// Id of the rule.
    pub rule: Cow<'a, str>,
    /// Line of the decoded original, from 1.
    pub line: u32,
    /// Column there in characters, from 1.
    pub column: u32,
    /// The text pointed at.
    pub text: Cow<'a, str>,
    /// One sentence.
    pub why: Cow<'a, str>,
}

/// A rule that would have gone over its limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// Line of the file, from 1, where every line is a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The field of that line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Cow<'a, str>>,
    /// Id of the rule.
    pub rule: Cow<'a, str>,
    /// The share of the text it would have taken away, 0 to 1.
    pub share: f64,
    /// The share it may take away.
    pub limit: f64,
}

/// A file that was cleaned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct File<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// Where its cleaned text is.
    #[serde(flatten)]
    pub out: Out,
    /// Bytes of the file.
    pub in_bytes: u64,
    /// Bytes of its cleaned text.
    pub out_bytes: u64,
    /// Hash of the file.
    pub in_hash: Hash,
    /// Hash of its cleaned text.
    pub out_hash: Hash,
    /// How many changes each rule made.
    pub rules: BTreeMap<Arc<str>, u64>,
    /// What was in its lines, for a file of JSON Lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Counts>,
    /// The document in a packed file; bytes and hashes above are those of the files as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed: Option<Packed>,
    /// What decoding took away.
    #[serde(flatten)]
    pub source: Source,
}

/// A file of JSON Lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// Where its cleaned lines are.
    #[serde(flatten)]
    pub out: Out,
    /// What its strings escape, where a record of a line says nothing else.
    #[serde(default, skip_serializing_if = "Styles::is_plain")]
    pub style: Styles,
}

/// A text of a line that was changed, or a line end or byte order mark in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// Line of the file, from 1.
    pub row: u64,
    /// The field.
    pub field: Cow<'a, str>,
    /// How its string was written.
    #[serde(flatten)]
    pub written: Written,
}

/// How a JSON string was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// What it escapes, where that is not the usual of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<Styles>,
    /// Characters written otherwise: byte offset in the text as it was, and how they were written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<(usize, String)>,
    /// Whether a byte order mark stood before the text.
    #[serde(default, skip_serializing_if = "is_false")]
    pub bom: bool,
    /// How the lines of the text ended.
    #[serde(default, skip_serializing_if = "LineEnds::is_lf")]
    pub line_ends: LineEnds,
}

/// A line that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// Line of the file, from 1.
    pub row: u64,
    /// One sentence.
    pub why: Cow<'a, str>,
}

/// What was in the lines of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Texts that were cleaned, changed or not.
    pub texts: u64,
    /// Lines that were kept as they are because they cannot be read.
    pub kept: u64,
}

/// The document in a packed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// What it is packed with.
    pub format: Format,
    /// Bytes of the document.
    pub in_bytes: u64,
    /// Bytes of its cleaned text.
    pub out_bytes: u64,
    /// Hash of the document.
    pub in_hash: Hash,
    /// Hash of its cleaned text.
    pub out_hash: Hash,
    /// How to pack the document so that the very file comes out again, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Recipe>,
}

/// A file that is not for cleaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// One sentence.
    pub why: Cow<'a, str>,
}

/// A file that could not be cleaned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// What could not be done.
    pub what: Cow<'a, str>,
    /// Why not.
    pub why: Cow<'a, str>,
}

/// Counts of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Whether the run was stopped before it had reached all files.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// Files that were cleaned, changed or not.
    pub files: u64,
    /// Files whose bytes are others now.
    pub changed: u64,
    /// Files that are not for cleaning.
    pub skipped: u64,
    /// Files that could not be cleaned.
    pub failed: u64,
    /// Bytes of the files.
    pub in_bytes: u64,
    /// Bytes of the cleaned texts.
    pub out_bytes: u64,
    /// How many changes each rule made.
    pub rules: BTreeMap<Arc<str>, u64>,
    /// In how many files each rule held back.
    pub held: BTreeMap<Arc<str>, u64>,
    /// How many files were in each encoding.
    pub encodings: BTreeMap<String, u64>,
    /// What was in the lines of all files of JSON Lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Counts>,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}
