//! Undo: from a cleaned text and its log records back to the bytes of the file.
//!
//! Invariant: what comes out is the original, byte for byte, or an error; every step is checked against what the log
//! says stood there. Of a packed file that holds for the document, and for the file where its record says how it was
//! packed.

mod parts;
mod rows;
#[cfg(test)]
mod tests;

use std::panic::catch_unwind;

use crate::decode::{EncodeError, Source};
use crate::jsonl::RowError;
use crate::log::{Change, Edit, File, Packed, Side, Sides};
use crate::pack::{self, Format, Manner};
pub use parts::{Part, Parts, RowPart};
pub use rows::{Restoring, RowsError};

/// Why an original cannot be rebuilt.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UndoError {
    /// The cleaned text is not the one that the log speaks of.
    #[error("changed since it was cleaned")]
    Touched,
    /// Records are missing from the log.
    #[error("the log has {have} of its {want} changes")]
    Missing {
        /// Changes that the file record counts.
        want: u64,
        /// Changes that are there.
        have: u64,
    },
    /// A change does not fit the text.
    #[error("the log is damaged: {rule:?} of step {step} cannot have left {after:?} at byte {at}")]
    Misfit {
        /// Id of the rule.
        rule: String,
        /// The number of the pass over the text, from 1.
        step: usize,
        /// Byte offset in the text that the rule saw.
        at: usize,
        /// What the change left there.
        after: String,
    },
    /// The decoded text does not go with what the log says about its encoding.
    #[error("the log is damaged: {0}")]
    Encode(#[from] EncodeError),
    /// The records are in no order.
    #[error("the log is damaged: the records of line {0} stand behind those of later lines")]
    Order(u64),
    /// A line does not go with its records.
    #[error("the log is damaged: {0}")]
    Row(#[from] RowError),
    /// The document is there and cannot be packed.
    #[error("cannot be packed: {0}")]
    Pack(String),
    /// All went through and still other bytes came out.
    #[error("the log is damaged: the rebuilt file is not the original")]
    Different,
}

/// A file as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// False for a packed file of which only the document is as it was: it had to be packed anew.
    pub exact: bool,
}

/// Rebuilds a file from its cleaned bytes and its records. The document of a packed file may have been unpacked since.
pub fn undo(cleaned: &[u8], file: &File, changes: &[Change]) -> Result<Original, UndoError> {
    count(file, changes.iter().map(Change::len).sum())?;
    let Some(packed) = &file.packed else {
        let bytes = document(cleaned, file.sides, &file.source, changes)?;
        return Ok(Original { bytes, exact: true });
    };
    if !file.sides.differ() && Side::of(cleaned) == file.sides.before {
        return Ok(Original { bytes: cleaned.to_owned(), exact: true });
    }
    let text = match Format::of(cleaned) {
        Some(format) => {
            &pack::unpack(cleaned, format, packed.sides.after.bytes, |_| true).map_err(|_| UndoError::Touched)?
        }
        None => cleaned,
    };
    let document = document(text, packed.sides, &file.source, changes)?;
    Ok(match follow(packed, &document).filter(|bytes| Side::of(bytes) == file.sides.before) {
        Some(bytes) => Original { bytes, exact: true },
        None => {
            let manner = Manner::of(cleaned, packed.format);
            let bytes = manner.pack(&document).map_err(|error| UndoError::Pack(error.to_string()))?;
            Original { bytes, exact: false }
        }
    })
}

/// Whether these are the bytes of a file as it was, or a packed file with its document.
pub fn is_original(bytes: &[u8], file: &File) -> bool {
    let same = |packed: &Packed| {
        let before = packed.sides.before;
        let document = Format::of(bytes).map(|format| pack::unpack(bytes, format, before.bytes, |_| true));
        packed.recipe.is_none() && matches!(document, Some(Ok(document)) if Side::of(&document) == before)
    };
    Side::of(bytes) == file.sides.before || file.packed.as_ref().is_some_and(same)
}

/// Compares the number of edits with what the record of the file says.
fn count(file: &File, have: u64) -> Result<(), UndoError> {
    let want = file.changes;
    if want == have { Ok(()) } else { Err(UndoError::Missing { want, have }) }
}

/// The packed file that a recipe gives. A damaged recipe may make its tool give up.
fn follow(packed: &Packed, document: &[u8]) -> Option<Vec<u8>> {
    let recipe = packed.recipe.as_ref()?;
    let bytes = catch_unwind(|| {
        let mut bytes = Vec::new();
        recipe.follow(&mut &*document, &mut bytes).map(|()| bytes)
    });
    bytes.ok()?.ok()
}

/// The document as it was.
fn document(cleaned: &[u8], sides: Sides, source: &Source, changes: &[Change]) -> Result<Vec<u8>, UndoError> {
    if Side::of(cleaned) != sides.after {
        return Err(UndoError::Touched);
    }
    let cleaned = std::str::from_utf8(cleaned).map_err(|_| UndoError::Touched)?;
    let bytes = source.encode(&replay(cleaned, changes)?)?;
    match Side::of(&bytes) == sides.before {
        true => Ok(bytes),
        false => Err(UndoError::Different),
    }
}

/// Takes the changes back, the last pass first. They stand in the order in which they were made.
pub fn replay(cleaned: &str, changes: &[Change]) -> Result<String, UndoError> {
    let mut text = cleaned.to_owned();
    for (step, pass) in changes.iter().enumerate().rev() {
        text = before(&text, step + 1, pass)?;
    }
    Ok(text)
}

/// The text before one pass.
fn before(text: &str, step: usize, pass: &Change) -> Result<String, UndoError> {
    let edits = pass.in_order();
    let gone: usize = edits.iter().map(|edit| edit.before.len()).sum();
    let mut out = String::with_capacity(text.len() + gone);
    let mut rest = text;
    for Edit { at, before, after } in edits {
        let misfit = || UndoError::Misfit { rule: pass.rule.to_string(), step, at, after: after.to_owned() };
        // Up to here the text before and after the pass is rebuilt in `out`, so that `at` counts in it.
        let kept = at.checked_sub(out.len()).and_then(|len| rest.split_at_checked(len));
        let (kept, behind) = kept.ok_or_else(misfit)?;
        out.push_str(kept);
        out.push_str(before);
        rest = behind.strip_prefix(after).ok_or_else(misfit)?;
    }
    out.push_str(rest);
    Ok(out)
}
