//! Files of JSON Lines that earlier cleans left.
//!
//! Invariant: memory holds the records of one text, however long the file is.

use std::io::{self, BufReader, Read};
use std::path::Path;

use super::{Earlier, Records, Said, Text};
use crate::log::{File, Hash, Hasher, Name};
use crate::read::{self, Pieces};
use crate::undo::{Part, Parts, Restoring};

/// A file of JSON Lines that need not be cleaned again. Its records stay in their log, as there may be many.
#[derive(Debug)]
pub struct KeptRows<'e> {
    log: &'e Pieces,
    at: u64,
    len: usize,
    /// The last of the records.
    pub file: File<'static>,
    /// What the others say.
    pub said: Said,
}

impl Earlier {
    /// Whether an earlier clean had a file of JSON Lines of this name and would write the same of it now.
    pub fn has_rows(&self, name: &Name) -> bool {
        self.rows(name).next().is_some()
    }

    /// The records of a file with this hash whose clean lines still stand at `place`.
    pub fn kept_rows(&self, name: &Name, out: &Path, place: &Path, hash: Hash) -> Option<KeptRows<'_>> {
        let mut texts = self.rows(name).filter(|text| text.before == hash && text.out == *out).peekable();
        texts.peek()?;
        let there = read::sum(place).ok()?.hash;
        texts.filter(|text| text.after == there).find_map(|text| self.proven_rows(text, place))
    }

    /// The records of a file that was cleaned in place and now has this hash; `None` where it is to be cleaned.
    pub fn done_rows(&self, name: &Name, place: &Path, hash: Hash) -> Result<Option<KeptRows<'_>>, &'static str> {
        let (mut any, mut is_text, mut was_original) = (false, false, false);
        for text in self.rows(name) {
            any = true;
            if text.after == hash
                && let Some(kept) = self.proven_rows(text, place)
            {
                return Ok(Some(kept));
            }
            is_text |= text.after == hash;
            let document = || Hasher::read(&mut read::document(place).ok()?).ok().map(|sum| sum.sum().hash);
            was_original |= text.before == hash || text.document.is_some() && text.document == document();
        }
        match (was_original || !any, is_text) {
            (true, _) => Ok(None),
            (false, true) => Err("it was cleaned before, and its records in the log are damaged"),
            (false, false) => Err("it was cleaned before and changed since"),
        }
    }

    fn rows(&self, name: &Name) -> impl Iterator<Item = &Text> {
        self.texts(name).filter(|text| text.rows && text.records.is_some())
    }

    /// The records of a file, where they lead from the lines at `cleaned` back to the original.
    fn proven_rows(&self, text: &Text, cleaned: &Path) -> Option<KeptRows<'_>> {
        let Records { log, at, len } = *text.records.as_ref()?;
        let log = &self.logs[log];
        let lines = || BufReader::with_capacity(1 << 16, log.piece(at, len));
        let (mut restoring, mut said) = (None, Said::default());
        for part in Parts::new(lines()) {
            match part.ok()? {
                Part::Rows(rows) => {
                    restoring = Some(Restoring::new(read::document(cleaned).ok()?, io::sink(), rows.style));
                }
                Part::Row(row) => {
                    restoring.as_mut()?.row(&row).ok()?;
                    said.add(&row.changes);
                }
                Part::File(file, _) => {
                    match restoring.take() {
                        Some(restoring) => _ = restoring.finish(&file).ok()?,
                        // Of an empty file there is no more than this.
                        None if !file.sides.differ() => {}
                        None => return None,
                    }
                    said.find_held(lines()).ok()?;
                    return Some(KeptRows { log, at, len, file: *file, said });
                }
                _ => return None,
            }
        }
        None
    }
}

impl KeptRows<'_> {
    /// The records as they stand in the log.
    pub fn records(&self) -> impl Read {
        self.log.piece(self.at, self.len)
    }
}
