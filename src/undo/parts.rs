//! A log file by file.
//!
//! Invariant: memory holds the changes of one file at a time; a damaged line costs the file it belongs to, never the
//! ones after it.

use std::io::{self, BufRead};

use crate::log::{Change, File, Name, Record, Tally};

/// A piece of a log.
#[derive(Debug)]
pub enum Part {
    /// A cleaned file and its changes, in the order in which they were made.
    File(Box<File<'static>>, Vec<Change<'static>>),
    /// Something is wrong here; what follows may still be right.
    Damage {
        /// Line of the log, from 1.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// The log breaks off in the middle of a line or between the records of a file.
    Cut {
        /// Line of the log, from 1.
        line: u64,
        /// The file whose record is missing; a clean that was interrupted here did not put its text in place.
        file: Option<Name>,
    },
    /// The last record of a run that was not interrupted.
    End(Tally),
}

/// Reads a log, from its second line on.
#[derive(Debug)]
pub struct Parts<R> {
    lines: R,
    line: u64,
    changes: Vec<Change<'static>>,
}

impl<R: BufRead> Parts<R> {
    /// All parts behind the first line of a log, which was read already.
    pub fn new(lines: R) -> Self {
        Self { lines, line: 1, changes: Vec::new() }
    }

    fn next_part(&mut self) -> io::Result<Option<Part>> {
        let mut line = Vec::new();
        loop {
            line.clear();
            if self.lines.read_until(b'\n', &mut line)? == 0 {
                let file = self.unfinished();
                return Ok(file.is_some().then_some(Part::Cut { line: self.line, file }));
            }
            self.line += 1;
            let part = match Record::read(&line) {
                Ok(record) => self.take(record),
                Err(_) if !line.ends_with(b"\n") => Some(Part::Cut { line: self.line, file: self.unfinished() }),
                Err(_) => Some(self.damage("this line is damaged".to_owned())),
            };
            if part.is_some() {
                return Ok(part);
            }
        }
    }

    fn take(&mut self, record: Record<'static>) -> Option<Part> {
        match record {
            Record::Change(change) => {
                let strange = self.changes.first().filter(|first| first.name != change.name);
                let lost = strange.map(|first| format!("the record of {} should stand before this", first.name));
                if lost.is_some() {
                    self.changes.clear();
                }
                self.changes.push(change);
                lost.map(|what| self.damage(what))
            }
            Record::File(file) => {
                let mut changes = std::mem::take(&mut self.changes);
                changes.retain(|change| change.name == file.name);
                Some(Part::File(file, changes))
            }
            Record::End(tally) => Some(Part::End(tally)),
            Record::Run(_) => Some(self.damage("a second beginning".to_owned())),
            // The changes of a file that then failed are not followed by its record.
            Record::Error(_) | Record::Skip(_) => {
                self.changes.clear();
                None
            }
            Record::Report(_) | Record::Held(_) => None,
        }
    }

    /// The file that there are changes of but no record.
    fn unfinished(&mut self) -> Option<Name> {
        let first = std::mem::take(&mut self.changes).into_iter().next()?;
        Some(first.name.into_owned())
    }

    fn damage(&self, what: String) -> Part {
        Part::Damage { line: self.line, what }
    }
}

impl<R: BufRead> Iterator for Parts<R> {
    type Item = io::Result<Part>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_part().transpose()
    }
}
