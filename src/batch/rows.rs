//! A file of JSON Lines: its lines in portions through the cleaner, on many threads, and out again in order.
//!
//! Invariant: memory holds a few portions for each thread, however long the file is; what is not a text in one of the
//! fields is written as it was read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::Metadata;
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use super::journal::Places;
use super::one::{message, unreadable};
use super::portions::{Portion, Portions, lock};
use super::{Batch, BatchError, Came, Facts, Made};
use crate::decode::{self, Encoding, Guess};
use crate::fight::{Fight, fights};
use crate::jsonl::{self, Styles};
use crate::log::{self, Counts, Hasher, Name, Out, Packed, Record, Rows, Spot};
use crate::ordered::ordered;
use crate::pack;
use crate::target::Target;
use crate::walk::{Entry, RootKind};
use crate::write::{Staged, Staging};
use crate::{log as records, read};

/// Portions under way, per thread.
const WAITING: usize = 4;

/// Files that unpack to no more than about this are cleaned as a whole by one thread, beside others.
const SMALL: u64 = 1 << 20;

/// The most lines that are told of one by one.
const TOLD: usize = 5;

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

/// What became of a portion.
struct Cut {
    portion: Portion,
    /// The new lines, where they are others.
    new: Option<Vec<u8>>,
    /// Records.
    lines: Vec<u8>,
    hunks: String,
    counts: Counts,
    rules: BTreeMap<Arc<str>, u64>,
    held: BTreeSet<Arc<str>>,
    fights: Vec<Fight>,
    alone: Vec<(u64, String)>,
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
            return Ok(Self::facts_of_rows(kept));
        }
        let out = places.map(|places| places.out(entry));
        let (file, was): (Box<dyn Read + Send>, _) = match stdin {
            true => (Box::new(io::stdin()), None),
            false => {
                read::open(&made.done.input).map(|(file, was)| (Box::new(file) as _, Some(was))).map_err(unreadable)?
            }
        };
        let record = out.is_some().then_some(*self.target == Target::InPlace);
        let mut portions = Portions::new(file, self.limit, record, &self.fields).map_err(unreadable)?;
        portions.eager = stdin;
        let (wrap, seen) = (portions.wrap.clone(), portions.seen.clone());
        let path = made.done.input.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        let mut sheet = self.sheet(made, wrap.as_ref().map(|(_, manner)| manner)).map_err(unwritable)?;
        let mut file = Gathered::default();
        let (name, logged) = (made.name.clone(), out.is_some());
        let mut take = |cut: Result<Cut, Came>| {
            let cut = cut?;
            if file.before.sum().0 == 0
                && let Some(out) = &out
            {
                let mut lines = Vec::new();
                let rows = Rows { name: Cow::Borrowed(&name), out: out.clone(), style: cut.portion.usual };
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
            if logged {
                (ways.log)(&cut.lines).map_err(Stop::Batch)?;
            }
            file.before.update(&cut.portion.bytes);
            file.after.update(bytes);
            file.add(cut);
            Ok::<_, Stop>(())
        };
        let work = |portion: Result<Portion, Came>| portion.map(|portion| self.cut(portion, &name, &path, logged));
        if threads == 1 {
            portions.map(work).try_for_each(&mut take)?;
        } else {
            ordered(portions, threads, threads * WAITING, work, |cuts| cuts.into_iter().try_for_each(&mut take))?;
        }
        file.found(&self.fields)?;
        let before = file.before.sum();
        let after = file.after.sum();
        let seen = std::mem::take(&mut *lock(&seen));
        let in_sum = seen.sum.sum();
        let changed = before != after;
        let out_sum = match sheet {
            Some(sheet) => {
                let out = out.clone().unwrap_or_default();
                self.settle(made, &out, sheet, in_sum, changed, was).map_err(unwritable)?
            }
            None if *self.target == Target::Stdout => after,
            None => in_sum,
        };
        let recipe = seen.recorder.filter(|_| out_sum != in_sum).and_then(|recorder| recorder.finish());
        let repacked = wrap.is_some() && changed && recipe.is_none();
        if let Some(places) = places {
            let out = if self.stays(changed) { places.input(entry) } else { places.out(entry) };
            let packed = wrap.map(|(format, _)| Packed {
                format,
                in_bytes: before.0,
                out_bytes: after.0,
                in_hash: before.1,
                out_hash: after.1,
                recipe,
            });
            let record = records::File {
                name: Cow::Borrowed(&name),
                out,
                in_bytes: in_sum.0,
                out_bytes: out_sum.0,
                in_hash: in_sum.1,
                out_hash: out_sum.1,
                rules: file.rules.clone(),
                rows: Some(file.counts),
                packed,
                source: jsonl::plain(),
            };
            Record::File(Box::new(record)).write(&mut made.lines);
        }
        Ok(file.facts(in_sum.0, out_sum.0, changed, repacked))
    }

    /// Where the lines are written, if anywhere.
    fn sheet(&self, made: &Made, manner: Option<&pack::Manner>) -> io::Result<Option<Sheet>> {
        let Some(place) =
            made.done.place.as_deref().filter(|_| matches!(self.target, Target::Folder(_) | Target::InPlace))
        else {
            return Ok(None);
        };
        let file = Hashed { file: Staging::new(place, &self.tag)?, sum: Hasher::default() };
        Ok(Some(match manner {
            Some(manner) => Sheet::Packed(Box::new(manner.writer(file, None)?)),
            None => Sheet::Plain(Box::new(file)),
        }))
    }

    /// Stages what was written, or what is to stand in its place; gives its sum.
    fn settle(
        &self,
        made: &mut Made,
        out: &Out,
        sheet: Sheet,
        in_sum: (u64, log::Hash),
        changed: bool,
        was: Option<Metadata>,
    ) -> io::Result<(u64, log::Hash)> {
        let Hashed { file, sum } = sheet.finish()?;
        // A file whose lines are clean stays as it is, whatever packing it anew would give.
        let sum = if changed { sum.sum() } else { in_sum };
        made.staged = match (self.target, was) {
            (Target::InPlace, Some(was)) if changed => Some(file.finish_over(&was)?),
            (Target::Folder(_), Some(was)) => {
                let write = || if changed { Ok(file.finish()) } else { self.copy_of(made, in_sum) };
                self.stage_in_folder(made, out, sum, &was, changed, write)?
            }
            _ => None,
        };
        Ok(sum)
    }

    /// A copy of a file that has this sum.
    fn copy_of(&self, made: &Made, sum: (u64, log::Hash)) -> io::Result<Staged> {
        let place = made.done.place.as_deref().unwrap_or(Path::new(""));
        let mut copy = Hashed { file: Staging::new(place, &self.tag)?, sum: Hasher::default() };
        io::copy(&mut read::open(&made.done.input)?.0, &mut copy)?;
        match copy.sum.sum() == sum {
            true => Ok(copy.file.finish()),
            false => Err(io::Error::other("it changed meanwhile")),
        }
    }

    /// Cleans the lines of a portion.
    fn cut(&self, portion: Portion, name: &Name, path: &str, logged: bool) -> Cut {
        let mut cut = Cut {
            portion: Portion { row: portion.row, bytes: Vec::new(), usual: portion.usual },
            new: None,
            lines: Vec::new(),
            hunks: String::new(),
            counts: Counts::default(),
            rules: BTreeMap::new(),
            held: BTreeSet::new(),
            fights: Vec::new(),
            alone: Vec::new(),
        };
        // Up to here the old lines are in `new`, if there is one.
        let mut done = 0;
        let mut at = 0;
        for (row, whole) in (portion.row..).zip(portion.bytes.split_inclusive(|byte| *byte == b'\n')) {
            let start = at;
            at += whole.len();
            let mark = if row == 1 && whole.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            let line = &whole[mark..];
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            if line.trim_ascii().is_empty() {
                continue;
            }
            let mended =
                catch_unwind(AssertUnwindSafe(|| self.mend(line, row, name, path, portion.usual, logged, &mut cut)));
            let mended = mended.unwrap_or_else(|panic| Err(format!("a mistake in descrape: {}", message(&*panic))));
            match mended {
                Ok(None) => {}
                Ok(Some(new)) => {
                    if self.diff {
                        let old = String::from_utf8_lossy(line);
                        let _ = write!(cut.hunks, "@@ -{row} +{row} @@\n-{old}\n+{new}\n"); // a String takes everything
                    }
                    let out = cut.new.get_or_insert_with(|| Vec::with_capacity(portion.bytes.len()));
                    out.extend_from_slice(&portion.bytes[done..start + mark]);
                    out.extend_from_slice(new.as_bytes());
                    done = start + mark + line.len();
                }
                Err(why) => {
                    cut.counts.kept += 1;
                    if logged {
                        let kept = log::Kept { name: Cow::Borrowed(name), row, why: why.as_str().into() };
                        Record::Kept(kept).write(&mut cut.lines);
                    }
                    if cut.alone.len() < TOLD {
                        cut.alone.push((row, why));
                    }
                }
            }
        }
        if let Some(new) = &mut cut.new {
            new.extend_from_slice(&portion.bytes[done..]);
        }
        cut.portion = portion;
        cut
    }

    /// Cleans the documents of a line; the line as it is then, where it is another, or why it stays.
    #[allow(clippy::too_many_arguments, reason = "a line and where it stands")]
    fn mend(
        &self,
        line: &[u8],
        row: u64,
        name: &Name,
        path: &str,
        usual: Styles,
        logged: bool,
        cut: &mut Cut,
    ) -> Result<Option<String>, String> {
        let line = std::str::from_utf8(line).map_err(|_| not_utf_8(line))?;
        let mut new: Option<String> = None;
        let mut found = false;
        for field in &self.fields {
            let seen = new.as_deref().unwrap_or(line);
            let mended = jsonl::clean(seen, field, self.cleaner, path, usual).map_err(|error| error.to_string())?;
            let Some((mended, other)) = mended else { continue };
            found = true;
            cut.counts.texts += 1;
            for change in &mended.outcome.changes {
                *cut.rules.entry(change.rule.clone()).or_default() += 1;
            }
            cut.held.extend(mended.outcome.skips.iter().map(|skip| skip.rule.clone()));
            cut.fights.extend(fights(&mended.outcome.changes));
            if logged {
                log::write_changes(&mended.outcome, name, Some(Spot { row, field }), &mut cut.lines);
                if other.is_some() && mended.rest != log::Written::default() {
                    let (name, field) = (Cow::Borrowed(name), field.as_str().into());
                    Record::Row(log::Row { name, row, field, written: mended.rest }).write(&mut cut.lines);
                }
            }
            new = other.or(new);
        }
        match found {
            true => Ok(new),
            false => Err(format!("it has no field {:?}", self.fields.join(", "))),
        }
    }
}

/// JSON is UTF-8 (RFC 8259); a line in another encoding is told of by the name of that.
fn not_utf_8(line: &[u8]) -> String {
    let other = decode::detect(line).ok().filter(|guess| guess.sure && guess.encoding != Encoding::Utf8);
    match other {
        Some(Guess { encoding, .. }) => format!("it is not UTF-8 but {encoding}"),
        None => "it is not UTF-8".to_owned(),
    }
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

/// All that came of the portions so far.
#[derive(Default)]
struct Gathered {
    before: Hasher,
    after: Hasher,
    counts: Counts,
    rules: BTreeMap<Arc<str>, u64>,
    held: BTreeSet<Arc<str>>,
    fights: Vec<Fight>,
    alone: Vec<(u64, String)>,
}

impl Gathered {
    fn add(&mut self, cut: Cut) {
        self.counts.texts += cut.counts.texts;
        self.counts.kept += cut.counts.kept;
        for (rule, count) in cut.rules {
            *self.rules.entry(rule).or_default() += count;
        }
        self.held.extend(cut.held);
        self.fights.extend(cut.fights.into_iter().take(TOLD.saturating_sub(self.fights.len())));
        self.alone.extend(cut.alone.into_iter().take(TOLD.saturating_sub(self.alone.len())));
    }

    /// A file in which no line has any of the fields is not what the user thinks it is.
    fn found(&self, fields: &[String]) -> Result<(), Came> {
        if self.counts.texts > 0 || self.counts.kept == 0 {
            return Ok(());
        }
        let why = self.alone.first().map(|(row, why)| format!("; line {row}: {why}")).unwrap_or_default();
        let why = format!("no line has a text in the field {:?}{why}", fields.join(", "));
        Err(Came::Failed { what: "cannot be cleaned", why })
    }

    fn facts(self, in_bytes: u64, out_bytes: u64, changed: bool, repacked: bool) -> Facts {
        Facts {
            encoding: Encoding::Utf8,
            sure: true,
            runner_up: None,
            bom: false,
            line_ends: false,
            bad: 0,
            in_bytes,
            out_bytes,
            changed,
            kept: false,
            repacked,
            rows: Some(self.counts),
            alone: self.alone,
            rules: self.rules,
            held: self.held.into_iter().collect(),
            fights: self.fights,
            diff: None,
            text: None,
        }
    }
}

/// A file that lines are written to.
enum Sheet {
    Plain(Box<Hashed>),
    Packed(Box<pack::Writer<Hashed>>),
}

impl Sheet {
    fn finish(self) -> io::Result<Hashed> {
        match self {
            Self::Plain(file) => Ok(*file),
            Self::Packed(writer) => writer.finish(),
        }
    }
}

impl Write for Sheet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Packed(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file whose bytes are counted and hashed.
struct Hashed {
    file: Staging,
    sum: Hasher,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let len = self.file.write(bytes)?;
        self.sum.update(&bytes[..len]);
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
