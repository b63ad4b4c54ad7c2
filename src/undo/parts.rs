//! A log file by file.
//!
//! Invariant: memory holds the changes of one document at a time; a damaged line costs the file it belongs to, never the
//! ones after it.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use crate::log::{Change, Document, File, Name, Record, Row, Rows, Tally, Written};

/// A piece of a log.
#[derive(Debug)]
pub enum Part {
    /// A cleaned file and its changes, in the order in which they were made.
    File(Box<File<'static>>, Vec<Change<'static>>),
    /// The beginning of a file of JSON Lines. Its changed texts follow, then the file without any changes.
    Rows(Box<Rows<'static>>),
    /// A changed text of the file of JSON Lines that was begun.
    Row(Box<RowPart>),
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

/// A changed text in a line of a file.
#[derive(Debug)]
pub struct RowPart {
    /// The file.
    pub name: Name,
    /// The line, from 1.
    pub row: u64,
    /// The field.
    pub field: String,
    /// In the order in which they were made.
    pub changes: Vec<Change<'static>>,
    /// How its string was written.
    pub written: Written,
}

/// Reads a log, from its second line on.
#[derive(Debug)]
pub struct Parts<R> {
    lines: R,
    line: u64,
    /// Of one document.
    changes: Vec<Change<'static>>,
    /// What was found behind the part that was given last.
    found: VecDeque<Part>,
}

impl<R: BufRead> Parts<R> {
    /// All parts behind the first line of a log, which was read already.
    pub fn new(lines: R) -> Self {
        Self { lines, line: 1, changes: Vec::new(), found: VecDeque::new() }
    }

    fn next_part(&mut self) -> io::Result<Option<Part>> {
        let mut line = Vec::new();
        loop {
            if let Some(part) = self.found.pop_front() {
                return Ok(Some(part));
            }
            line.clear();
            if self.lines.read_until(b'\n', &mut line)? == 0 {
                let file = self.unfinished();
                return Ok(file.is_some().then_some(Part::Cut { line: self.line, file }));
            }
            self.line += 1;
            match Record::read(&line) {
                Ok(record) => self.take(record),
                Err(_) if !line.ends_with(b"\n") => {
                    let file = self.unfinished();
                    self.found.push_back(Part::Cut { line: self.line, file });
                }
                Err(_) => self.damage("this line is damaged".to_owned()),
            }
        }
    }

    fn take(&mut self, record: Record<'static>) {
        match record {
            Record::Change(change) => {
                if let Some(first) = self.changes.first() {
                    if first.document.name != change.document.name {
                        let what = format!("the record of {} should stand before this", first.document.name);
                        self.changes.clear();
                        self.damage(what);
                    } else if first.document != change.document {
                        self.row(Written::default());
                    }
                }
                self.changes.push(change);
            }
            Record::Row(Row { name, row, field, written }) => {
                let document = Document { name, row: Some(row), field: Some(field) };
                if !self.changes.first().is_some_and(|first| first.document == document) {
                    self.row(Written::default());
                    self.push_row(document, Vec::new(), written);
                } else {
                    self.row(written);
                }
            }
            Record::Rows(rows) => {
                self.changes.clear();
                self.found.push_back(Part::Rows(Box::new(rows)));
            }
            Record::File(file) => {
                if file.rows.is_some() {
                    self.row(Written::default());
                }
                let mut changes = std::mem::take(&mut self.changes);
                changes.retain(|change| change.document.name == file.name);
                self.found.push_back(Part::File(file, changes));
            }
            Record::End(tally) => self.found.push_back(Part::End(tally)),
            Record::Run(_) => self.damage("a second beginning".to_owned()),
            // The changes of a file that then failed are not followed by its record.
            Record::Error(_) | Record::Skip(_) => self.changes.clear(),
            Record::Report(_) | Record::Held(_) | Record::Kept(_) => {}
        }
    }

    /// Hands over the changes of a text in a line.
    fn row(&mut self, written: Written) {
        let changes = std::mem::take(&mut self.changes);
        if let Some(first) = changes.first() {
            self.push_row(first.document.clone(), changes, written);
        }
    }

    fn push_row(&mut self, document: Document<'static>, changes: Vec<Change<'static>>, written: Written) {
        let Document { name, row: Some(row), field: Some(field) } = document else { return };
        let (name, field) = (name.into_owned(), field.into_owned());
        self.found.push_back(Part::Row(Box::new(RowPart { name, row, field, changes, written })));
    }

    /// The file that there are changes of but no record.
    fn unfinished(&mut self) -> Option<Name> {
        let first = std::mem::take(&mut self.changes).into_iter().next()?;
        Some(first.document.name.into_owned())
    }

    fn damage(&mut self, what: String) {
        self.found.push_back(Part::Damage { line: self.line, what });
    }
}

impl<R: BufRead> Iterator for Parts<R> {
    type Item = io::Result<Part>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_part().transpose()
    }
}
