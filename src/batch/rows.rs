//! A file of JSON Lines: its lines in portions through the cleaner, on many threads, and out again in order.
//!
//! Invariant: memory holds a few portions for each thread, however long the file is; what is not a text in one of the
//! fields is written as it was read.

mod cut;
mod sheet;

use std::borrow::Cow;
use std::fs::Metadata;
use std::io::{self, Read, Write};

use super::came::{Came, Facts, Made};
use super::journal::Places;
use super::kept::facts;
use super::one::unreadable;
use super::portions::{Portion, Portions, lock};
use super::{Batch, BatchError};
use crate::jsonl;
use crate::log::{self, Hasher, Packed, Record, Rows, Sides};
use crate::ordered::ordered;
use crate::read;
use crate::target::Target;
use crate::walk::{Entry, RootKind};
use cut::{Cut, Seen, Whence};

/// Portions under way, per thread.
const WAITING: usize = 4;

/// Files that unpack to no more than about this are cleaned as a whole by one thread, beside others.
const SMALL: u64 = 1 << 20;

/// Why a file was not finished.
pub(super) enum Stop {
    /// It is because of this file.
    Came(Came),
    /// The whole batch ends.
    Batch(BatchError),
}

impl From<Came> for Stop {
    fn from(came: Came) -> Self {
        Self::Came(came)
    }
}

/// Where things go while the file is under way.
pub(super) struct Ways<'w> {
    /// Records.
    pub log: &'w mut dyn FnMut(&[u8]) -> Result<(), BatchError>,
    /// Cleaned lines for standard output, or hunks of a diff.
    pub emit: &'w mut dyn FnMut(&[u8]) -> Result<(), BatchError>,
}

impl Batch<'_> {
    /// Whether an entry is a file of JSON Lines. Standard input and a file that is given are, where a field is named.
    pub(super) fn is_rows(&self, entry: &Entry) -> bool {
        let given = entry.path.as_os_str().is_empty() && !self.fields.is_empty();
        given || jsonl::is_named(&self.plan.input(entry), !self.fields.is_empty())
    }

    /// Whether a file of JSON Lines is small enough to be cleaned beside others.
    pub(super) fn is_small(&self, entry: &Entry) -> bool {
        let packed = |metadata: &Metadata| {
            let name = self.plan.input(entry);
            let packed = name.extension().is_some_and(|end| end == "gz" || end == "zst");
            metadata.len() * if packed { 8 } else { 1 }
        };
        let stdin = self.plan.roots[entry.root].kind == RootKind::Stdin;
        !stdin
            && *self.target != Target::Stdout
            && self.plan.input(entry).metadata().is_ok_and(|metadata| metadata.is_file() && packed(&metadata) <= SMALL)
    }

    /// Cleans a file of JSON Lines on so many threads. The last record is left in `made`.
    pub(super) fn rows(
        &self,
        entry: &Entry,
        made: &mut Made,
        places: Option<&Places>,
        threads: usize,
        ways: Ways,
    ) -> Result<Facts, Stop> {
        let stdin = self.plan.roots[entry.root].kind == RootKind::Stdin;
        let skip = match !stdin && read::begins_with(&made.done.input, log::BEGINNING) {
            true => Some("a change log of descrape"),
            false if self.fields.is_empty() => {
                Some("JSON Lines; name the field that holds the text, e.g. --field text")
            }
            false => None,
        };
        if let Some(why) = skip {
            return Err(Came::Skipped(why.to_owned()).into());
        }
        if !stdin && let Some(kept) = self.keep_rows(entry, made, places)? {
            copy(&mut kept.records(), ways.log)?;
            return Ok(facts(&kept.file, kept.said));
        }
        let (file, was): (Box<dyn Read + Send>, _) = match stdin {
            true => (Box::new(io::stdin()), None),
            false => {
                read::open(&made.done.input).map(|(file, was)| (Box::new(file) as _, Some(was))).map_err(unreadable)?
            }
        };
        let record = places.is_some().then_some(*self.target == Target::InPlace);
        let mut portions = Portions::new(file, self.limit, record, &self.fields).map_err(unreadable)?;
        portions.eager = stdin;
        let (wrap, tap) = (portions.wrap.clone(), portions.seen.clone());
        let path = made.done.input.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        let mut sheet = self.sheet(made, wrap.as_ref().map(|(_, manner)| manner)).map_err(unwritable)?;
        let mut gone = Gone::default();
        let name = made.name.clone();
        let whence = Whence { name: &name, path: &path, logged: places.is_some() };
        let mut take = |cut: Result<Cut, Came>| {
            let cut = cut?;
            if let Some(places) = places.filter(|_| gone.before.sum().bytes == 0) {
                let mut lines = Vec::new();
                let out = places.record(&name, &places.out(entry));
                let rows = Rows { name: Cow::Borrowed(&name), out, style: cut.portion.usual };
                Record::Rows(rows).write(&mut lines);
                (ways.log)(&lines).map_err(Stop::Batch)?;
            }
            let bytes = cut.new.as_deref().unwrap_or(&cut.portion.bytes);
            if let Some(sheet) = &mut sheet {
                sheet.write_all(bytes).map_err(unwritable)?;
            }
            let emitted = if self.diff { cut.hunks.as_bytes() } else { bytes };
            if self.diff || *self.target == Target::Stdout {
                (ways.emit)(emitted).map_err(Stop::Batch)?;
            }
            if whence.logged {
                (ways.log)(&cut.lines).map_err(Stop::Batch)?;
            }
            gone.before.update(&cut.portion.bytes);
            gone.after.update(bytes);
            gone.seen.add(cut.seen);
            Ok::<_, Stop>(())
        };
        let work = |portion: Result<Portion, Came>| portion.map(|portion| self.cut(portion, &whence));
        if threads == 1 {
            portions.map(work).try_for_each(&mut take)?;
        } else {
            ordered(portions, threads, threads * WAITING, work, |cuts| cuts.into_iter().try_for_each(&mut take))?;
        }
        let Gone { before, after, seen } = gone;
        self.found(&seen)?;
        let document = Sides { before: before.sum(), after: after.sum() };
        let changed = document.differ();
        let tap = std::mem::take(&mut *lock(&tap));
        let before = tap.sum.sum();
        let after = match sheet {
            Some(sheet) => self.settle(entry, made, places, sheet, before, changed, was).map_err(unwritable)?,
            None if *self.target == Target::Stdout => document.after,
            None => before,
        };
        let sides = Sides { before, after };
        let recipe = tap.recorder.filter(|_| sides.differ()).and_then(|recorder| recorder.finish());
        let repacked = wrap.is_some() && changed && recipe.is_none();
        let Seen { counts, findings, alone } = seen;
        if let Some(places) = places {
            let out = places.record(&name, &self.result(entry, places, changed));
            let packed = wrap.map(|(format, _)| Packed { format, sides: document, recipe });
            let (name, changes, fights) = (Cow::Borrowed(&name), findings.changes(), findings.fights.clone());
            let (rows, source) = (Some(counts), jsonl::plain());
            let record = log::File { name, out, changes, sides, rows, fights, packed, source };
            Record::File(Box::new(record)).write(&mut made.lines);
        }
        let facts = Facts::new(&jsonl::plain(), sides, findings);
        Ok(Facts { changed, repacked, rows: Some(counts), alone, ..facts })
    }

    /// A file in which no line has any of the fields is not what the user thinks it is.
    fn found(&self, seen: &Seen) -> Result<(), Came> {
        if seen.counts.texts > 0 || seen.counts.kept == 0 {
            return Ok(());
        }
        let why = seen.alone.first().map(|(row, why)| format!("; line {row}: {why}")).unwrap_or_default();
        let why = format!("no line has a text in the field {:?}{why}", self.fields.join(", "));
        Err(Came::Failed { what: "cannot be cleaned", why })
    }
}

/// What went by so far.
#[derive(Default)]
struct Gone {
    before: Hasher,
    after: Hasher,
    seen: Seen,
}

/// Takes records over from an earlier log.
fn copy(records: &mut impl Read, log: &mut dyn FnMut(&[u8]) -> Result<(), BatchError>) -> Result<(), Stop> {
    let mut bytes = vec![0; 1 << 16];
    loop {
        match records.read(&mut bytes).map_err(unreadable)? {
            0 => return Ok(()),
            len => log(&bytes[..len]).map_err(Stop::Batch)?,
        }
    }
}

fn unwritable(error: io::Error) -> Stop {
    Stop::Came(Came::Failed { what: "cannot be written", why: read::cause(&error) })
}
