//! A file of JSON Lines put back line by line.
//!
//! Invariant: memory holds one line; what was written is the original only once [`Restoring::finish`] says so.

use std::io::{self, BufRead, Write};

use super::{RowPart, UndoError, count, replay};
use crate::jsonl::{self, Styles};
use crate::log::{Change, File, Hasher};

/// Why a file of lines cannot be put back.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    /// It does not go with its records.
    #[error(transparent)]
    Undo(#[from] UndoError),
    /// A line does not go with its records.
    #[error("line {0}: {1}")]
    Row(u64, UndoError),
    /// It cannot be read or the original not be written.
    #[error("{}", crate::read::cause(.0))]
    Io(#[from] io::Error),
}

/// A file on its way back.
pub struct Restoring<R, W> {
    lines: R,
    out: W,
    usual: Styles,
    /// The line at hand, its number and how long it was.
    line: Vec<u8>,
    row: u64,
    changes: u64,
    before: Hasher,
    after: Hasher,
}

impl<R: BufRead, W: Write> Restoring<R, W> {
    /// Reads the cleaned lines from `lines` and writes those of the original to `out`. `usual` is what the record at
    /// the beginning of the file says.
    pub fn new(lines: R, out: W, usual: Styles) -> Self {
        let (before, after) = Default::default();
        Self { lines, out, usual, line: Vec::new(), row: 0, changes: 0, before, after }
    }

    /// Puts a text back. Parts come in the order of their lines.
    pub fn row(&mut self, part: &RowPart) -> Result<(), RowsError> {
        while self.row < part.row {
            if !self.next()? {
                return Err(UndoError::Touched.into());
            }
        }
        if self.row > part.row {
            return Err(UndoError::Order(part.row).into());
        }
        self.changes += part.changes.iter().map(Change::len).sum::<u64>();
        let wrong = |error| RowsError::Row(part.row, error);
        let mark = if part.row == 1 && self.line.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let end = self.line.len() - usize::from(self.line.ends_with(b"\n"));
        let line = std::str::from_utf8(&self.line[mark..end]).map_err(|_| UndoError::Touched)?;
        let back = jsonl::restore(line, &part.field, &part.written, self.usual, |text| replay(text, &part.changes));
        let back = back.map_err(wrong)?;
        self.line.splice(mark..end, back.into_bytes());
        Ok(())
    }

    /// Writes the line at hand and reads the next one; false at the end.
    fn next(&mut self) -> Result<bool, RowsError> {
        self.before.update(&self.line);
        self.out.write_all(&self.line)?;
        self.line.clear();
        let len = self.lines.read_until(b'\n', &mut self.line)?;
        self.after.update(&self.line);
        self.row += 1;
        Ok(len > 0)
    }

    /// Writes the rest and compares all with the record of the file.
    pub fn finish(mut self, file: &File) -> Result<W, RowsError> {
        while self.next()? {}
        count(file, self.changes)?;
        let sides = file.packed.as_ref().map_or(file.sides, |packed| packed.sides);
        if self.after.sum() != sides.after {
            return Err(UndoError::Touched.into());
        }
        if self.before.sum() != sides.before {
            return Err(UndoError::Different.into());
        }
        self.out.flush()?;
        Ok(self.out)
    }
}
