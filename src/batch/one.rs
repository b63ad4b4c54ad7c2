//! One file of a batch: read, clean, write beside its place, put its records together.
//!
//! Invariant: nothing is in its place yet when this is done, and no mistake in a rule or in the program that one file
//! shows keeps the others from being cleaned.

use std::any::Any;
use std::borrow::Cow;
use std::fs::Metadata;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::came::{Came, Done, Facts, Findings, Made};
use super::journal::Places;
use super::rows::{Stop, Ways};
use super::wrap::Wrap;
use super::{Batch, BatchError, Unchanged};
use crate::decode::NotText;
use crate::earlier::Standing;
use crate::log::{self, Name, Side, Sides};
use crate::target::Target;
use crate::walk::{Entry, RootKind, What};
use crate::write::{self, Staged};
use crate::{CleanError, Cleaned, diff, read};

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
            RootKind::Stdin => (read::stdin_within(self.limit).map_err(unreadable)?, None),
            _ => read::file_within(&made.done.input, self.limit)
                .map(|(bytes, metadata)| (bytes, Some(metadata)))
                .map_err(unreadable)?,
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
        let document = Sides { before, after: Side::of(text.as_bytes()) };
        let result = match wrap.as_ref().filter(|_| *self.target != Target::Stdout) {
            Some(wrap) => wrap.close(text, document.differ())?,
            None => Cow::Borrowed(text.as_bytes()),
        };
        let sides = Sides { before: file, after: if wrap.is_some() { Side::of(&result) } else { document.after } };
        // A file that stays as it is needs no recipe.
        let recipe = wrap
            .as_ref()
            .filter(|_| places.is_some() && sides.differ())
            .and_then(|wrap| wrap.recipe(&source, outcome.text.original(), *self.target == Target::InPlace));
        let mut findings = Findings::default();
        findings.see(&outcome);
        let fights = findings.fights.clone();
        let mut facts = Facts {
            changed: document.differ(),
            repacked: wrap.is_some() && document.differ() && recipe.is_none(),
            diff: self.diff.then(|| diff::unified(&outcome.text)),
            ..Facts::new(&source, sides, findings)
        };
        made.staged = self.stage(entry, made, places, &result, sides.after, metadata, facts.changed)?;
        if let Some(places) = places {
            let out = places.record(&made.name, &self.result(entry, places, facts.changed));
            let packed = wrap.as_ref().map(|wrap| wrap.record(document, recipe));
            let file = log::File::new(&made.name, sides, &outcome, source);
            let file = log::File { out, fights, packed, ..file };
            log::write_file(&outcome, file, &mut made.lines);
        }
        if *self.target == Target::Stdout {
            facts.text = Some(outcome.text.into_current());
        }
        Ok(facts)
    }

    #[allow(clippy::too_many_arguments, reason = "a file and what became of it")]
    fn stage(
        &self,
        entry: &Entry,
        made: &Made,
        places: Option<&Places>,
        bytes: &[u8],
        side: Side,
        was: Option<Metadata>,
        changed: bool,
    ) -> Result<Option<Staged>, Came> {
        let place = made.done.place.as_deref();
        let staged = match (self.target, place, was) {
            (Target::Folder(_), Some(place), Some(was)) => {
                let write = || write::stage(place, bytes, &self.tag);
                self.stage_in_folder(entry, made, places, side, &was, changed, write)
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
    #[allow(clippy::too_many_arguments, reason = "a file and what became of it")]
    pub(super) fn stage_in_folder(
        &self,
        entry: &Entry,
        made: &Made,
        places: Option<&Places>,
        sum: Side,
        was: &Metadata,
        changed: bool,
        write: impl FnOnce() -> io::Result<Staged>,
    ) -> io::Result<Option<Staged>> {
        let Some(place) = &made.done.place else { return Ok(None) };
        let unchanged = if changed { Unchanged::Copy } else { self.unchanged };
        let out = places.map(|places| places.out(entry)).unwrap_or_default();
        let standing = self.earlier.standing(&made.name, &out, place, sum);
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

    /// Where the clean text of an entry is: in its own place, where it is clean already and is to have no copy.
    pub(super) fn result(&self, entry: &Entry, places: &Places, changed: bool) -> PathBuf {
        let stays = !changed && self.unchanged == Unchanged::Skip && matches!(self.target, Target::Folder(_));
        if stays { places.input(entry) } else { places.out(entry) }
    }
}

pub(super) fn unreadable(error: io::Error) -> Came {
    let what = if error.kind() == io::ErrorKind::FileTooLarge { "cannot be cleaned" } else { "cannot be read" };
    Came::Failed { what, why: read::cause(&error) }
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
