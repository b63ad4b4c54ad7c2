//! What earlier cleans of the same files left: clean texts, and the records that say how they came about.
//!
//! Invariant: a file may only be replaced while it is, byte for byte, what a log says was written there; what someone
//! else put there or corrected by hand stays. Records are only taken over where they lead from the clean text that
//! stands there back to the very bytes of the file: sizes and times are not asked.

mod rows;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::log::{Change, File, Hash, Name, Record, Run, Side};
use crate::read::{self, Pieces};
use crate::undo::{Part, Parts, is_original, undo};
use crate::walk::{Plan, Root};
use crate::write;
pub use rows::KeptRows;

/// How every record of a file, of a change, and every first one begins.
const FILE: &[u8] = br#"{"type":"file","#;
const CHANGE: &[u8] = br#"{"type":"change","#;
const HELD: &[u8] = br#"{"type":"held","#;

/// The clean texts that logs speak of. In memory is where the records of each stand.
#[derive(Debug, Default)]
pub struct Earlier {
    logs: Vec<Pieces>,
    texts: HashMap<Name, Vec<Text>>,
}

/// A clean text.
#[derive(Debug)]
struct Text {
    /// Seen from the folder of the log.
    out: PathBuf,
    /// It is in the lines of a file.
    rows: bool,
    /// Hash of the original document, where the file that it was packed in is not to be had again.
    document: Option<Hash>,
    before: Hash,
    after: Hash,
    /// Its records, where this run would write the same.
    records: Option<Records>,
}

/// A piece of a log.
#[derive(Debug)]
struct Records {
    log: usize,
    at: u64,
    len: usize,
}

/// The records of a file that need not be cleaned again.
#[derive(Debug)]
pub struct Kept {
    /// All of them, as they stood in the log.
    pub lines: Vec<u8>,
    /// The last of them.
    pub file: File<'static>,
    /// What the others say.
    pub said: Said,
}

/// What the records of a file say that the rules did.
#[derive(Debug, Default)]
pub struct Said {
    /// How many changes each rule made.
    pub rules: BTreeMap<Arc<str>, u64>,
    /// The rules that held back.
    pub held: BTreeSet<Arc<str>>,
}

impl Said {
    fn add(&mut self, changes: &[Change]) {
        for change in changes {
            *self.rules.entry(Arc::from(&*change.rule)).or_default() += change.len();
        }
    }

    /// Adds the rules that held back.
    fn find_held(&mut self, mut lines: impl BufRead) -> io::Result<()> {
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            if line.starts_with(HELD)
                && let Ok(Record::Held(record)) = Record::read(&line)
            {
                self.held.insert(Arc::from(&*record.rule));
            }
            line.clear();
        }
        Ok(())
    }
}

/// What stands where a clean text is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Nothing,
    /// The very text.
    Same,
    /// What an earlier clean put there.
    Ours,
    /// Anything else.
    Foreign,
}

/// The logs of the clean that writes this one: those of runs that were put by, and the one in its place. The newest is
/// the last.
pub fn logs(log: &Path) -> Vec<PathBuf> {
    let newest = log.metadata().is_ok_and(|log| log.is_file() && log.len() > 0).then(|| log.to_owned());
    write::Log::old(log).into_iter().chain(newest).collect()
}

/// True for a log in which there is no file but those with these names.
pub(crate) fn speaks_only_of(log: &Path, names: &HashSet<Name>) -> io::Result<bool> {
    let mut lines = read::lines(log)?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(true);
        }
        if line.starts_with(FILE)
            && let Ok(Record::File(file)) = Record::read(&line)
            && !names.contains(&*file.name)
        {
            return Ok(false);
        }
    }
}

impl Earlier {
    /// Reads logs, the oldest first; those of other paths, and lines that are damaged, count for nothing.
    pub fn read(logs: &[PathBuf], run: &Run) -> io::Result<Self> {
        let mut earlier = Self::default();
        logs.iter().try_for_each(|log| earlier.add(log, run)).map(|()| earlier)
    }

    fn add(&mut self, log: &Path, run: &Run) -> io::Result<()> {
        let mut pieces = Pieces::open(log)?;
        let mut lines = pieces.lines();
        let mut line = Vec::new();
        let mut at = lines.read_until(b'\n', &mut line)? as u64;
        let Ok(Record::Run(theirs)) = Record::read(&line) else { return Ok(()) };
        if theirs.from != run.from {
            return Ok(());
        }
        let alike = run.differs(&theirs).is_none();
        // The records of a file begin behind the last one of the file before.
        let mut start = at;
        loop {
            line.clear();
            at += match lines.read_until(b'\n', &mut line)? as u64 {
                0 => break,
                len => len,
            };
            if line.starts_with(FILE)
                && let Ok(Record::File(file)) = Record::read(&line)
            {
                let records = Records { log: self.logs.len(), at: start, len: (at - start) as usize };
                let Some(out) = theirs.place(&file.name, &file.out) else { continue };
                let (before, after) = (file.sides.before.hash, file.sides.after.hash);
                let document = file.packed.filter(|packed| packed.recipe.is_none());
                let document = document.map(|packed| packed.sides.before.hash);
                let (rows, records) = (file.rows.is_some(), alike.then_some(records));
                let text = Text { out, rows, document, before, after, records };
                self.texts.entry(file.name.into_owned()).or_default().push(text);
                start = at;
            } else if !line.starts_with(CHANGE) && !is_of_a_file(&line) {
                start = at;
            }
        }
        drop(lines);
        self.logs.push(pieces);
        Ok(())
    }

    /// The clean texts below `folder` whose files are gone, sorted: those that `plan` does not have and that are not left
    /// out either.
    pub fn orphans(&self, plan: &Plan, folder: &Path) -> Vec<PathBuf> {
        if self.texts.is_empty() {
            return Vec::new();
        }
        let names: HashSet<PathBuf> = plan.entries.iter().map(|entry| plan.name(entry)).collect();
        let gone = self.texts.keys().filter_map(|name| {
            let name = name.path().filter(|name| !names.contains(name))?;
            let below = |root: &Root| Some(root.path.join(name.strip_prefix(&root.name).ok()?));
            let inputs: Vec<_> = plan.roots.iter().filter_map(below).collect();
            let is_there = |path: &Path| path.symlink_metadata().is_ok();
            let place = folder.join(&name);
            (!inputs.is_empty() && !inputs.iter().any(|input| is_there(input)) && is_there(&place)).then_some(place)
        });
        let mut gone: Vec<PathBuf> = gone.collect();
        gone.sort();
        gone
    }

    /// What stands where a text is to go.
    pub fn standing(&self, name: &Name, out: &Path, place: &Path, sum: Side) -> Standing {
        match place.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Standing::Nothing,
            Ok(metadata) if metadata.is_file() => {}
            _ => return Standing::Foreign,
        }
        let Ok(old) = read::sum(place) else { return Standing::Foreign };
        if old == sum {
            return Standing::Same;
        }
        let ours = self.texts(name).any(|text| text.out == *out && text.after == old.hash);
        if ours { Standing::Ours } else { Standing::Foreign }
    }

    /// The records of a file with these bytes whose clean text still stands at `place`.
    pub fn kept(&self, name: &Name, out: &Path, place: &Path, bytes: &[u8]) -> Option<Kept> {
        let hash = Hash::of(bytes);
        let alike = |text: &&Text| !text.rows && text.records.is_some() && text.before == hash && text.out == *out;
        let mut texts = self.texts(name).filter(alike).peekable();
        texts.peek()?;
        let (there, _) = read::file(place).ok()?;
        let there_hash = Hash::of(&there);
        texts.filter(|text| text.after == there_hash).find_map(|text| self.proven(text, &there, Some(bytes)))
    }

    /// The records of a file that was cleaned in place and is now these bytes; `None` where it is to be cleaned.
    pub fn done(&self, name: &Name, bytes: &[u8]) -> Result<Option<Kept>, &'static str> {
        let hash = Hash::of(bytes);
        let mut texts = self.texts(name).filter(|text| !text.rows && text.records.is_some()).peekable();
        if texts.peek().is_none() {
            return Ok(None);
        }
        let (mut is_text, mut was_original) = (false, false);
        for text in texts {
            if text.after == hash
                && let Some(kept) = self.proven(text, bytes, None)
            {
                return Ok(Some(kept));
            }
            is_text |= text.after == hash;
            let undone = || self.read_records(text).is_some_and(|(_, file, _)| is_original(bytes, &file));
            was_original |= text.before == hash || undone();
        }
        match (was_original, is_text) {
            (true, _) => Ok(None),
            (false, true) => Err("it was cleaned before, and its records in the log are damaged"),
            (false, false) => Err("it was cleaned before and changed since"),
        }
    }

    fn texts(&self, name: &Name) -> impl Iterator<Item = &Text> {
        // The newest is the likeliest.
        self.texts.get(name).into_iter().flatten().rev()
    }

    fn read_records(&self, text: &Text) -> Option<(Vec<u8>, Box<File<'static>>, Vec<Change<'static>>)> {
        let Records { log, at, len } = text.records.as_ref()?;
        let lines = self.logs[*log].read(*at, *len).ok()?;
        match Parts::new(&*lines).next() {
            Some(Ok(Part::File(file, changes))) => Some((lines, file, changes)),
            _ => None,
        }
    }

    /// The records of a text, where they lead back to the original.
    fn proven(&self, text: &Text, cleaned: &[u8], original: Option<&[u8]>) -> Option<Kept> {
        let (lines, file, changes) = self.read_records(text)?;
        let back = undo(cleaned, &file, &changes).ok()?;
        // A packed file may come back packed anew; then its document was compared.
        if back.exact && original.is_some_and(|original| original != back.bytes) {
            return None;
        }
        let mut said = Said::default();
        said.add(&changes);
        said.find_held(&*lines).ok()?;
        Some(Kept { lines, file: *file, said })
    }
}

/// Whether a line is one of those that stand before the record of a file.
fn is_of_a_file(line: &[u8]) -> bool {
    const TYPES: [&[u8]; 5] = [b"report", b"held", b"rows", b"row", b"kept"];
    let rest = line.strip_prefix(br#"{"type":""#).unwrap_or_default();
    TYPES.iter().any(|kind| rest.strip_prefix(*kind).is_some_and(|rest| rest.starts_with(b"\",")))
}
