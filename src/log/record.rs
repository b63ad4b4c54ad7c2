//! The records of a change log, as JSON has them.
//!
//! Invariant: a field that says nothing is not written, and one that a log leaves out is read as saying nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Change, Counts, Hash, Held, Kept, Name, Out, Report, Row, Rows, Sides};
use crate::decode::Source;
use crate::fight::Fight;
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
    /// What one pass of a rule over a text did.
    Change(Change<'a>),
    /// What a rule pointed at and left alone.
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
    /// The folder in which clean texts are called as their files are: absolute, or seen from the folder of the log.
    #[serde(flatten)]
    pub out: Out,
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

/// A file that was cleaned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct File<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// Where its cleaned text is, if not where the first record says.
    #[serde(flatten)]
    pub out: Out,
    /// How many edits its records have.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub changes: u64,
    /// The file and its cleaned text.
    #[serde(flatten)]
    pub sides: Sides,
    /// What was in its lines, for a file of JSON Lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Counts>,
    /// Where rules undid one another; the first of them, for a file of JSON Lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fights: Vec<Fight>,
    /// The document in a packed file; bytes and hashes above are those of the files as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed: Option<Packed>,
    /// What decoding took away.
    #[serde(flatten)]
    pub source: Source,
}

/// The document in a packed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// What it is packed with.
    pub format: Format,
    /// The document and its cleaned text.
    #[serde(flatten)]
    pub sides: Sides,
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

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}
