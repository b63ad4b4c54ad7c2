//! The change log: JSON, one record a line.
//!
//! Invariant: the log begins with a [`Run`]; all records of a file stand together and its [`File`] comes last, so that
//! a log that breaks off never promises more than it holds. It names no time and no number of threads: the same input
//! and rules give the same bytes.

mod change;
mod hash;
mod name;
mod record;
mod rows;
mod runs;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::chain::Outcome;
use crate::decode::Source;
use crate::read;
pub use change::*;
pub use hash::{Hash, Hasher, Side, Sides};
pub use name::{Name, Out};
pub use record::*;
pub use rows::*;

/// The version of the format, in the first record of every log.
pub const FORMAT: u32 = 3;

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

impl<'a> File<'a> {
    /// The record of a document that was cleaned as a file of its own, without what may be missing.
    pub fn new(name: &'a Name, sides: Sides, outcome: &Outcome, source: Source) -> Self {
        let (name, changes) = (Cow::Borrowed(name), outcome.changes.len() as u64);
        let (out, fights) = Default::default();
        Self { name, out, changes, sides, rows: None, fights, packed: None, source }
    }
}

/// Appends all records of a cleaned file.
pub fn write_file(outcome: &Outcome, file: File, out: &mut Vec<u8>) {
    write_changes(outcome, &file.name, None, out);
    Record::File(Box::new(file)).write(out);
}

impl Record<'static> {
    /// Reads one line.
    pub fn read(line: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(line)
    }
}

/// A log of another format than this program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "has format {format}, this descrape reads format {FORMAT}\n  help: it was written by {} descrape; use that one",
    if *.format > FORMAT { "a newer" } else { "an older" }
)]
pub struct OtherFormat {
    /// Its format.
    pub format: u32,
}

/// Whether the first line of a log says that it is of such a format.
pub fn other_format(first: &[u8]) -> Option<OtherFormat> {
    #[derive(Deserialize)]
    #[serde(tag = "type", rename_all = "kebab-case")]
    enum First {
        Run { format: u32 },
    }
    let Ok(First::Run { format }) = serde_json::from_slice(first) else { return None };
    (format != FORMAT).then_some(OtherFormat { format })
}

/// The first line of a log, or of another file.
pub fn first_line(path: &Path) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    // No header is as long as that; a file without line ends need not be read as a whole to know it.
    read::lines(path)?.take(1 << 20).read_until(b'\n', &mut line)?;
    Ok(line)
}

impl Run {
    /// Where the clean text of a file is, seen from the folder of the log; `None` where that is damaged.
    pub fn place(&self, name: &Name, out: &Out) -> Option<PathBuf> {
        match out.is_empty() {
            true => Some(self.out.path()?.join(name.path()?)),
            false => out.path(),
        }
    }

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
