//! The change log: JSON, one record a line.
//!
//! Invariant: the log begins with a [`Run`]; all records of a file stand together and its [`File`] comes last, so that
//! a log that breaks off never promises more than it holds. It names no time and no number of threads: the same input
//! and rules give the same bytes.

mod hash;
mod name;
mod record;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::path::Path;

use serde::Deserialize;

use crate::chain::Outcome;
use crate::place::Place;
use crate::read;
pub use hash::{Hash, Hasher};
pub use name::{Name, Out};
pub use record::*;

/// The version of the format, in the first record of every log.
pub const FORMAT: u32 = 2;

/// How every log begins.
pub const BEGINNING: &[u8] = br#"{"type":"run","format":"#;

impl Tally {
    /// Files that something came of.
    pub fn all(&self) -> u64 {
        self.files + self.skipped + self.failed
    }
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
    write_changes(outcome, &file.name, None, out);
    Record::File(Box::new(file)).write(out);
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
    let name = || Cow::Borrowed(name);
    let row = spot.map(|spot| spot.row);
    let field = || spot.map(|spot| Cow::Borrowed(spot.field));
    for change in &outcome.changes {
        let Place { line, column } = change.place;
        let (before, after) = (change.before.as_str().into(), change.after.as_str().into());
        let (rule, step, at) = ((*change.rule).into(), change.step, change.at);
        Record::Change(Change { name: name(), row, field: field(), rule, step, at, line, column, before, after })
            .write(out);
    }
    for report in &outcome.reports {
        let Place { line, column } = report.place;
        let (text, why) = (report.text.as_str().into(), report.why.as_str().into());
        Record::Report(Report {
            name: name(),
            row,
            field: field(),
            rule: (*report.rule).into(),
            line,
            column,
            text,
            why,
        })
        .write(out);
    }
    for skip in &outcome.skips {
        let (share, limit) = (skip.share, skip.limit);
        Record::Held(Held { name: name(), row, field: field(), rule: (*skip.rule).into(), share, limit }).write(out);
    }
}

impl Record<'static> {
    /// Reads one line.
    pub fn read(line: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(line)
    }
}

/// A log of a format that is not known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("has format {0}, this descrape reads up to {FORMAT}\n  help: it was written by a newer descrape; use that one")]
pub struct Newer(pub u32);

/// Whether the first line of a log says that it is of such a format.
pub fn newer(first: &[u8]) -> Option<Newer> {
    #[derive(Deserialize)]
    #[serde(tag = "type", rename_all = "kebab-case")]
    enum First {
        Run { format: u32 },
    }
    let Ok(First::Run { format }) = serde_json::from_slice(first) else { return None };
    (format > FORMAT).then_some(Newer(format))
}

/// The first line of a log, or of another file.
pub fn first_line(path: &Path) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    // No header is as long as that; a file without line ends need not be read as a whole to know it.
    read::lines(path)?.take(1 << 20).read_until(b'\n', &mut line)?;
    Ok(line)
}

impl Run {
    /// Why a file may come out otherwise in this run than in an earlier one; `None` where it cannot.
    pub fn differs(&self, earlier: &Self) -> Option<&'static str> {
        let rules = |run: &Self| (run.rules.clone(), run.rules_hash, run.chain.clone());
        match () {
            () if (&self.version, &self.build) != (&earlier.version, &earlier.build) => {
                Some("another version of descrape")
            }
            () if rules(self) != rules(earlier) => Some("other rules"),
            () if self.encoding != earlier.encoding => Some("another --encoding"),
            () if self.fields != earlier.fields => Some("another --field"),
            // Rules may ask for the path.
            () if self.paths != earlier.paths => Some("other names of the paths"),
            () if (self.format, self.mode, &self.from) != (earlier.format, earlier.mode, &earlier.from) => {
                Some("other paths")
            }
            () => None,
        }
    }
}
