//! The change log: JSON, one record a line.
//!
//! Invariant: the log begins with a [`Run`]; all records of a file stand together and its [`File`] comes last, so that
//! a log that breaks off never promises more than it holds. It names no time and no number of threads: the same input
//! and rules give the same bytes.

mod name;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::chain::Outcome;
use crate::decode::Source;
use crate::pack::{Format, Recipe};
use crate::place::Place;
use crate::read;
pub use name::{Name, Out};

/// The version of the format, in the first record of every log.
pub const FORMAT: u32 = 1;

/// How every log begins.
pub const BEGINNING: &[u8] = br#"{"type":"run","format":"#;

/// One line of a log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Record<'a> {
    /// What was asked for; the first record.
    Run(Run),
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
    /// What came of it; the last record of a run that was not interrupted.
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
    /// Where the cleaned texts went.
    pub mode: Mode,
    /// The paths as they were given.
    pub paths: Vec<String>,
    /// The rules file; `built-in` for the rules of the program.
    pub rules: String,
    /// Hash of that file.
    pub rules_hash: Hash,
    /// The ids of the rules that ran, in order.
    pub chain: Vec<Arc<str>>,
    /// The encoding named by the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
}

/// One edit. Sorted as they were made: by step, then by place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
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
}

impl Record<'_> {
    /// Appends the record as one line.
    pub fn write(&self, out: &mut Vec<u8>) {
        serde_json::to_writer(&mut *out, self).expect("records have string keys and a Vec takes everything");
        out.push(b'\n');
    }
}

/// Appends all records of a cleaned file.
pub fn write_file(outcome: &Outcome, file: File, out: &mut Vec<u8>) {
    let file_name = file.name.clone();
    let name = || Cow::Borrowed(&*file_name);
    for change in &outcome.changes {
        let Place { line, column } = change.place;
        let (before, after) = (change.before.as_str().into(), change.after.as_str().into());
        let (rule, step, at) = ((*change.rule).into(), change.step, change.at);
        Record::Change(Change { name: name(), rule, step, at, line, column, before, after }).write(out);
    }
    for report in &outcome.reports {
        let Place { line, column } = report.place;
        let (text, why) = (report.text.as_str().into(), report.why.as_str().into());
        Record::Report(Report { name: name(), rule: (*report.rule).into(), line, column, text, why }).write(out);
    }
    for skip in &outcome.skips {
        let (share, limit) = (skip.share, skip.limit);
        Record::Held(Held { name: name(), rule: (*skip.rule).into(), share, limit }).write(out);
    }
    Record::File(Box::new(file)).write(out);
}

impl Record<'static> {
    /// Reads one line.
    pub fn read(line: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(line)
    }
}

/// The first record of a log; `None` where the file is no log.
pub fn beginning(path: &Path) -> io::Result<Option<Record<'static>>> {
    let mut line = Vec::new();
    // No header is as long as that; a file without line ends need not be read as a whole to know it.
    read::lines(path)?.take(1 << 20).read_until(b'\n', &mut line)?;
    Ok(Record::read(&line).ok())
}

/// The hash of a file: XXH3, 64 bits. In the log, `xxh3:` and 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Hash(u64);

impl Hash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(xxhash_rust::xxh3::xxh3_64(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "xxh3:{:016x}", self.0)
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for Hash {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let plain = |digits: &&str| digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let digits = text.strip_prefix("xxh3:").filter(plain);
        let number = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
        number.map(Self).ok_or_else(|| format!("{text:?} is no hash; one is written xxh3: and 16 hexadecimal digits"))
    }
}
