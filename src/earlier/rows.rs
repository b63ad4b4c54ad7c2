//! Files of JSON Lines that earlier cleans left.
//!
//! Invariant: memory holds the records of one text, however long the file is.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use super::{Earlier, Records, Text};
use crate::chain::Change;
use crate::fight::{Fight, fights};
use crate::log::{File, Hash, Hasher, Name, Out, Record};
use crate::place::Place;
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
    /// The rules that held back.
    pub held: BTreeSet<Arc<str>>,
    /// Where rules undid one another.
    pub fights: Vec<Fight>,
}

/// How many fights are told of.
const TOLD: usize = 5;

impl Earlier {
    /// Whether an earlier clean had a file of JSON Lines of this name and would write the same of it now.
    pub fn has_rows(&self, name: &Name) -> bool {
        self.rows(name).next().is_some()
    }

    /// The records of a file with this hash whose clean lines still stand at `place`.
    pub fn kept_rows(&self, name: &Name, out: &Out, place: &Path, hash: Hash) -> Option<KeptRows<'_>> {
        let mut texts = self.rows(name).filter(|text| text.in_hash == hash && text.out == *out).peekable();
        texts.peek()?;
        let (_, there) = read::sum(place).ok()?;
        texts.filter(|text| text.out_hash == there).find_map(|text| self.proven_rows(text, place))
    }

    /// The records of a file that was cleaned in place and now has this hash; `None` where it is to be cleaned.
    pub fn done_rows(&self, name: &Name, place: &Path, hash: Hash) -> Result<Option<KeptRows<'_>>, &'static str> {
        let (mut any, mut is_text, mut was_original) = (false, false, false);
        for text in self.rows(name) {
            any = true;
            if text.out_hash == hash
                && let Some(kept) = self.proven_rows(text, place)
            {
                return Ok(Some(kept));
            }
            is_text |= text.out_hash == hash;
            let document = || Hasher::read(&mut read::document(place).ok()?).ok().map(|sum| sum.sum().1);
            was_original |= text.in_hash == hash || text.document.is_some() && text.document == document();
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
        let (mut restoring, mut found) = (None, Vec::new());
        for part in Parts::new(lines()) {
            match part.ok()? {
                Part::Rows(rows) => {
                    restoring = Some(Restoring::new(read::document(cleaned).ok()?, io::sink(), rows.style));
                }
                Part::Row(row) => {
                    restoring.as_mut()?.row(&row).ok()?;
                    if found.len() < TOLD {
                        found.extend(fights(&row.changes.iter().map(change).collect::<Vec<_>>()));
                    }
                }
                Part::File(file, _) => {
                    match restoring.take() {
                        Some(restoring) => _ = restoring.finish(&file).ok()?,
                        // Of an empty file there is no more than this.
                        None if file.in_hash == file.out_hash => {}
                        None => return None,
                    }
                    let held = held(lines()).ok()?;
                    return Some(KeptRows { log, at, len, file: *file, held, fights: found });
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

fn held(mut lines: impl BufRead) -> io::Result<BTreeSet<Arc<str>>> {
    let (mut held, mut line) = (BTreeSet::new(), Vec::new());
    while lines.read_until(b'\n', &mut line)? > 0 {
        if line.starts_with(br#"{"type":"held","#)
            && let Ok(Record::Held(record)) = Record::read(&line)
        {
            held.insert(Arc::from(&*record.rule));
        }
        line.clear();
    }
    Ok(held)
}

/// A change as the chain made it.
pub(crate) fn change(change: &crate::log::Change) -> Change {
    let place = Place { line: change.line, column: change.column };
    let (before, after) = (change.before.to_string(), change.after.to_string());
    Change { rule: Arc::from(&*change.rule), step: change.step, at: change.at, place, before, after }
}
