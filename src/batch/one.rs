//! One file of a batch: read, clean, write beside its place, put its records together.
//!
//! Invariant: nothing is in its place yet when this is done, and no mistake in a rule or in the program that one file
//! shows keeps the others from being cleaned.

use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::journal::Places;
use super::rows::{Stop, Ways};
use super::wrap::{Side, Wrap, too_large};
use super::{Batch, BatchError, Unchanged};
use crate::decode::{Encoding, NotText};
use crate::earlier::Standing;
use crate::fight::{Fight, fights};
use crate::log::{self, Counts, Name, Out, Record, Tally};
use crate::target::Target;
use crate::walk::{Entry, RootKind, What};
use crate::write::{self, Staged};
use crate::{CleanError, Cleaned, diff, read};

/// What came of one entry.
#[derive(Debug)]
pub struct Done {
    /// The path as the user would write it.
    pub input: PathBuf,
    /// The file that the result went, or would go, to.
    pub place: Option<PathBuf>,
    /// What came of it.
    pub came: Came,
}

/// What came of an entry.
#[derive(Debug)]
pub enum Came {
    /// It was cleaned.
    Cleaned(Box<Facts>),
    /// It is not for cleaning; why.
    Skipped(String),
    /// It could not be cleaned.
    Failed {
        /// What could not be done.
        what: &'static str,
        /// Why not.
        why: String,
    },
}

/// What is said of a cleaned file.
#[derive(Debug)]
pub struct Facts {
    /// The encoding it was in.
    pub encoding: Encoding,
    /// Whether that may be relied on without a look at the text.
    pub sure: bool,
    /// The next likely encoding that gives another text.
    pub runner_up: Option<Encoding>,
    /// Whether a byte order mark stood before the text.
    pub bom: bool,
    /// Whether not all its lines ended with `\n`.
    pub line_ends: bool,
    /// Bytes that were not valid in that encoding.
    pub bad: usize,
    /// Bytes of the file.
    pub in_bytes: u64,
    /// Bytes of its cleaned text.
    pub out_bytes: u64,
    /// Whether these bytes are others.
    pub changed: bool,
    /// Whether this is known from an earlier clean, whose result stands in its place already.
    pub kept: bool,
    /// Whether undo can give back no more than the document of a packed file.
    pub repacked: bool,
    /// What was in its lines, for a file of JSON Lines.
    pub rows: Option<Counts>,
    /// The first of its lines that stay as they are because they cannot be read, and why.
    pub alone: Vec<(u64, String)>,
    /// How many changes each rule made.
    pub rules: BTreeMap<Arc<str>, u64>,
    /// The rules that held back.
    pub held: Vec<Arc<str>>,
    /// Where rules undid one another.
    pub fights: Vec<Fight>,
    /// The unified diff, where it was asked for.
    pub diff: Option<String>,
    /// The cleaned text, where it goes to standard output.
    pub text: Option<String>,
}

/// What a thread made of an entry.
pub(super) struct Made {
    pub done: Done,
    pub lines: Vec<u8>,
    pub staged: Option<Staged>,
    /// It is a file of JSON Lines, large enough to be cleaned on all threads when its turn comes.
    pub later: bool,
    pub name: Name,
}

impl Made {
    /// Takes back that it was cleaned.
    pub fn fail(&mut self, what: &'static str, why: String) {
        self.done.came = Came::Failed { what, why };
        self.lines.clear();
        self.record();
    }

    /// Notes what came of it.
    fn end(&mut self, came: Result<Facts, Came>, logged: bool) {
        match came {
            Ok(facts) => self.done.came = Came::Cleaned(Box::new(facts)),
            Err(came) => {
                self.done.came = came;
                self.staged = None;
                self.lines.clear();
            }
        }
        if logged {
            self.record();
        }
    }

    /// The record of what was not cleaned.
    fn record(&mut self) {
        let name = Cow::Borrowed(&self.name);
        let record = match &self.done.came {
            Came::Cleaned(_) => return,
            Came::Skipped(why) => Record::Skip(log::Skip { name, why: why.into() }),
            Came::Failed { what, why } => Record::Error(log::Error { name, what: (*what).into(), why: why.into() }),
        };
        record.write(&mut self.lines);
    }
}

impl Done {
    /// Adds this to the counts of a run.
    pub(super) fn count(&self, tally: &mut Tally) {
        let facts = match &self.came {
            Came::Cleaned(facts) => facts,
            Came::Skipped(_) => return tally.skipped += 1,
            Came::Failed { .. } => return tally.failed += 1,
        };
        tally.files += 1;
        if let Some(counts) = facts.rows {
            let all = tally.rows.get_or_insert_default();
            all.texts += counts.texts;
            all.kept += counts.kept;
        }
        tally.changed += u64::from(facts.changed);
        tally.in_bytes += facts.in_bytes;
        tally.out_bytes += facts.out_bytes;
        *tally.encodings.entry(facts.encoding.to_string()).or_default() += 1;
        for (rule, count) in &facts.rules {
            *tally.rules.entry(rule.clone()).or_default() += count;
        }
        for rule in &facts.held {
            *tally.held.entry(rule.clone()).or_default() += 1;
        }
    }
}

impl Batch<'_> {
    /// Does all for an entry but the last step. `places` are those that the log names; `None` without a log.
    pub(super) fn make(&self, entry: &Entry, places: Option<&Places>) -> Made {
        let done = Done {
            input: self.plan.input(entry),
            place: self.target.place(self.plan, entry),
            came: Came::Skipped(String::new()),
        };
        let logged = places.is_some();
        let mut made =
            Made { done, lines: Vec::new(), staged: None, later: false, name: Name::new(&self.plan.name(entry)) };
        let came = match &entry.what {
            What::Skip(why) => Err(Came::Skipped(why.clone())),
            What::Fail(why) => Err(Came::Failed { what: "cannot be read", why: why.clone() }),
            What::File if self.is_rows(entry) && !self.fields.is_empty() && !self.is_small(entry) => {
                made.later = true;
                return made;
            }
            What::File => catch_unwind(AssertUnwindSafe(|| self.clean(entry, &mut made, places)))
                .unwrap_or_else(|panic| Err(Came::Failed { what: "a mistake in descrape", why: message(&*panic) })),
        };
        made.end(came, logged);
        made
    }

    /// Cleans a large file of JSON Lines, on all threads.
    pub(super) fn make_rows(
        &self,
        entry: &Entry,
        made: &mut Made,
        places: Option<&Places>,
        ways: Ways,
    ) -> Result<(), BatchError> {
        let logged = places.is_some();
        let rows = catch_unwind(AssertUnwindSafe(|| self.rows(entry, made, places, self.threads, ways)));
        let came = match rows {
            Ok(Ok(facts)) => Ok(facts),
            Ok(Err(Stop::Came(came))) => Err(came),
            Ok(Err(Stop::Batch(error))) => return Err(error),
            Err(panic) => Err(Came::Failed { what: "a mistake in descrape", why: message(&*panic) }),
        };
        made.end(came, logged);
        Ok(())
    }

    /// The same for a small one, on this thread.
    fn clean_rows(&self, entry: &Entry, made: &mut Made, places: Option<&Places>) -> Result<Facts, Came> {
        let (mut lines, mut hunks) = (Vec::new(), Vec::new());
        let ways = Ways {
            log: &mut |bytes| {
                lines.extend_from_slice(bytes);
                Ok(())
            },
            emit: &mut |bytes| {
                hunks.extend_from_slice(bytes);
                Ok(())
            },
        };
        let rows = self.rows(entry, made, places, 1, ways);
        lines.append(&mut made.lines);
        made.lines = lines;
        match rows {
            Ok(facts) => Ok(Facts { diff: self.diff.then(|| String::from_utf8_lossy(&hunks).into_owned()), ..facts }),
            Err(Stop::Came(came)) => Err(came),
            Err(Stop::Batch(error)) => Err(Came::Failed { what: "cannot be written", why: error.to_string() }),
        }
    }

    fn clean(&self, entry: &Entry, made: &mut Made, places: Option<&Places>) -> Result<Facts, Came> {
        if self.is_rows(entry) {
            return self.clean_rows(entry, made, places);
        }
        let (bytes, metadata) = match self.plan.roots[entry.root].kind {
            RootKind::Stdin => (read::stdin().map_err(unreadable)?, None),
            _ => match read::file_within(&made.done.input, self.limit) {
                Ok((bytes, metadata)) => (bytes, Some(metadata)),
                Err(error) if error.kind() == io::ErrorKind::FileTooLarge => return Err(too_large(self.limit)),
                Err(error) => return Err(unreadable(error)),
            },
        };
        if let Some(facts) = self.keep(entry, made, places, &bytes)? {
            return Ok(facts);
        }
        let file = Side::of(&bytes);
        let (document, wrap) = Wrap::open(bytes, self.limit)?;
        if document.starts_with(log::BEGINNING) {
            return Err(Came::Skipped("a change log of descrape".to_owned()));
        }
        let before = if wrap.is_some() { Side::of(&document) } else { file };
        let path = made.done.input.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        let cleaned = self.cleaner.clean_file(Some(&path), document, self.encoding);
        let Cleaned { outcome, source } = cleaned.map_err(not_cleaned)?;
        let text = outcome.text.current();
        let after = Side::of(text.as_bytes());
        let changed = before != after;
        let (result, out_side) = match wrap.as_ref().filter(|_| *self.target != Target::Stdout) {
            Some(wrap) => {
                let result = wrap.close(text, changed)?;
                let side = Side::of(&result);
                (result, side)
            }
            None => (Cow::Borrowed(text.as_bytes()), after),
        };
        // A file that stays as it is needs no recipe.
        let recipe = wrap
            .as_ref()
            .filter(|_| places.is_some() && out_side != file)
            .and_then(|wrap| wrap.recipe(&source, outcome.text.original(), *self.target == Target::InPlace));
        let mut rules = BTreeMap::new();
        for change in &outcome.changes {
            *rules.entry(change.rule.clone()).or_default() += 1;
        }
        let mut facts = Facts {
            encoding: source.encoding,
            sure: source.sure,
            runner_up: source.runner_up,
            bom: source.bom,
            line_ends: !source.line_ends.is_lf(),
            bad: source.bad_bytes(),
            in_bytes: file.bytes,
            out_bytes: out_side.bytes,
            changed,
            rows: None,
            alone: Vec::new(),
            kept: false,
            repacked: wrap.is_some() && changed && recipe.is_none(),
            rules,
            fights: fights(&outcome.changes),
            held: outcome.skips.iter().map(|skip| skip.rule.clone()).collect(),
            diff: self.diff.then(|| diff::unified(&outcome.text)),
            text: None,
        };
        let out = places.map(|places| places.out(entry)).unwrap_or_default();
        made.staged = self.stage(made, &out, &result, out_side, metadata, facts.changed)?;
        if let Some(places) = places {
            let out = if self.stays(facts.changed) { places.input(entry) } else { out };
            let (name, rules) = (Cow::Borrowed(&made.name), facts.rules.clone());
            let packed = wrap.as_ref().map(|wrap| wrap.record(before, after, recipe));
            let (in_bytes, out_bytes) = (facts.in_bytes, facts.out_bytes);
            let (in_hash, out_hash) = (file.hash, out_side.hash);
            let file =
                log::File { name, out, in_bytes, out_bytes, in_hash, out_hash, rules, rows: None, packed, source };
            log::write_file(&outcome, file, &mut made.lines);
        }
        if *self.target == Target::Stdout {
            facts.text = Some(outcome.text.into_current());
        }
        Ok(facts)
    }

    fn stage(
        &self,
        made: &Made,
        out: &Out,
        bytes: &[u8],
        side: Side,
        was: Option<Metadata>,
        changed: bool,
    ) -> Result<Option<Staged>, Came> {
        let place = made.done.place.as_deref();
        let staged = match (self.target, place, was) {
            (Target::Folder(_), Some(place), Some(was)) => {
                let write = || write::stage(place, bytes, &self.tag);
                self.stage_in_folder(made, out, (side.bytes, side.hash), &was, changed, write)
            }
            (Target::InPlace, Some(place), Some(was)) if changed => {
                write::stage_over(place, bytes, &was, &self.tag).map(Some)
            }
            (Target::InPlace, None, _) => Err(io::ErrorKind::NotFound.into()),
            _ => return Ok(None),
        };
        let place = place.unwrap_or(Path::new("")).display();
        let why = |error| format!("{place}: {}", read::cause(&error));
        staged.map_err(|error| Came::Failed { what: "cannot be written", why: why(error) })
    }

    /// Stages a result of this sum, which `write` writes where it has to be written.
    pub(super) fn stage_in_folder(
        &self,
        made: &Made,
        out: &Out,
        sum: (u64, log::Hash),
        was: &Metadata,
        changed: bool,
        write: impl FnOnce() -> io::Result<Staged>,
    ) -> io::Result<Option<Staged>> {
        let Some(place) = &made.done.place else { return Ok(None) };
        let unchanged = if changed { Unchanged::Copy } else { self.unchanged };
        let standing = self.earlier.standing(&made.name, out, place, sum);
        match (standing, unchanged) {
            (Standing::Foreign, _) => Err(io::Error::other("it is there already and not as an earlier clean left it")),
            (Standing::Nothing, Unchanged::Skip) => Ok(None),
            (_, Unchanged::Skip) => Ok(Some(write::stage_removal(place))),
            (Standing::Same, _) => Ok(None),
            (_, Unchanged::Link) if was.is_file() => {
                let link = write::stage_link(place, &made.done.input, was, &self.tag);
                // Not every file system has links, and none leads from one to another.
                link.or_else(|_| write()).map(Some)
            }
            _ => write().map(Some),
        }
    }

    /// Whether a file stays where it is and has no copy in the output folder.
    pub(super) fn stays(&self, changed: bool) -> bool {
        !changed && self.unchanged == Unchanged::Skip && matches!(self.target, Target::Folder(_))
    }
}

pub(super) fn unreadable(error: io::Error) -> Came {
    Came::Failed { what: "cannot be read", why: read::cause(&error) }
}

fn not_cleaned(error: CleanError) -> Came {
    match error {
        CleanError::NotText(NotText::Binary { why }) => Came::Skipped(format!("binary ({why})")),
        CleanError::TooLong(error) => Came::Failed { what: "cannot be cleaned", why: error.to_string() },
    }
}

/// What a panic said.
pub(super) fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it gave up".to_owned())
}
