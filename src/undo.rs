//! Undo: from a cleaned text and its log records back to the bytes of the file.
//!
//! Invariant: what comes out is the original, byte for byte, or an error; every step is checked against what the log
//! says stood there.

mod parts;
#[cfg(test)]
mod tests;

use crate::decode::EncodeError;
use crate::log::{Change, File, Hash};
pub use parts::{Part, Parts};

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
    /// The counts of the record cannot be.
    #[error("the log is damaged: it counts more changes than there can be")]
    Counts,
    /// A change does not fit the text.
    #[error("the log is damaged: {rule:?} of step {step} cannot have left {after:?} at byte {at}")]
    Misfit {
        /// Id of the rule.
        rule: String,
        /// The number of the pass over the text.
        step: u32,
        /// Byte offset in the text that the rule saw.
        at: usize,
        /// What the change left there.
        after: String,
    },
    /// The decoded text does not go with what the log says about its encoding.
    #[error("the log is damaged: {0}")]
    Encode(#[from] EncodeError),
    /// All went through and still other bytes came out.
    #[error("the log is damaged: the rebuilt file is not the original")]
    Different,
}

/// Rebuilds the bytes of a file from its cleaned bytes and its records.
pub fn undo(cleaned: &[u8], file: &File, changes: &[Change]) -> Result<Vec<u8>, UndoError> {
    let want = file.rules.values().try_fold(0u64, |sum, count| sum.checked_add(*count)).ok_or(UndoError::Counts)?;
    let have = changes.len() as u64;
    if want != have {
        return Err(UndoError::Missing { want, have });
    }
    if Hash::of(cleaned) != file.out_hash {
        return Err(UndoError::Touched);
    }
    let cleaned = std::str::from_utf8(cleaned).map_err(|_| UndoError::Touched)?;
    let bytes = file.source.encode(&replay(cleaned, changes)?)?;
    match Hash::of(&bytes) == file.in_hash {
        true => Ok(bytes),
        false => Err(UndoError::Different),
    }
}

/// Takes the changes back, last step first. They stand in the order in which they were made.
pub fn replay(cleaned: &str, changes: &[Change]) -> Result<String, UndoError> {
    let mut text = cleaned.to_owned();
    for step in changes.chunk_by(|a, b| a.step == b.step).rev() {
        text = before(&text, step)?;
    }
    Ok(text)
}

/// The text before one step.
fn before(text: &str, step: &[Change]) -> Result<String, UndoError> {
    let gone: usize = step.iter().map(|change| change.before.len()).sum();
    let mut out = String::with_capacity(text.len() + gone);
    let mut rest = text;
    for change in step {
        let misfit = || UndoError::Misfit {
            rule: change.rule.to_string(),
            step: change.step,
            at: change.at,
            after: change.after.to_string(),
        };
        // Up to here the text before and after the step is rebuilt in `out`, so that `at` counts in it.
        let kept = change.at.checked_sub(out.len()).and_then(|len| rest.split_at_checked(len));
        let (kept, behind) = kept.ok_or_else(misfit)?;
        out.push_str(kept);
        out.push_str(&change.before);
        rest = behind.strip_prefix(&*change.after).ok_or_else(misfit)?;
    }
    out.push_str(rest);
    Ok(out)
}
