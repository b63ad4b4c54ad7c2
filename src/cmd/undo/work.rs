//! One file of an undo: its clean text, its original, its place.
//!
//! Invariant: nothing but the bytes of an original is written, and only over the clean text that the log speaks of.

use std::io::{self, BufRead};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, anyhow, bail};
use descrape::log::{self, Mode, Name};
use descrape::ordered::ordered;
use descrape::read;
use descrape::target::absolute;
use descrape::undo::{self, Original, Part, Parts};
use descrape::write::{self, Tag};

use super::tally::{Came, Ended, Tally};
use super::{Undo, WINDOW, cause, unreadable};
use crate::cmd::Console;
use crate::cmd::files::threads;
use crate::cmd::stop::Stop;

/// What all files of an undo share.
pub struct Work<'a> {
    pub undo: &'a Undo,
    pub run: &'a log::Run,
    pub tag: Tag,
    /// What goes to standard output.
    pub out: Mutex<Vec<u8>>,
}

impl Work<'_> {
    /// Deletes what an undo or a clean that was killed left unfinished.
    pub fn sweep(&self) {
        match (&self.undo.output, self.run.mode) {
            (Some(folder), _) if folder.is_dir() => _ = self.tag.sweep(folder),
            (None, Mode::InPlace) => self.roots().iter().for_each(|root| _ = self.tag.sweep(root)),
            _ => {}
        }
    }

    /// The paths that were given to the clean, as they are seen from the log and from here.
    fn roots(&self) -> Vec<PathBuf> {
        let home = self.home();
        let (from, paths) = (self.run.from.iter().map(|from| home.join(from)), self.run.paths.iter().map(PathBuf::from));
        from.chain(paths).map(|path| absolute(&path)).collect()
    }

    fn home(&self) -> &Path {
        self.undo.log.parent().unwrap_or(Path::new(""))
    }

    /// Puts back all files that one log speaks of and `wants` asks for.
    pub fn all(
        &self,
        console: &mut Console,
        log: &Path,
        lines: impl BufRead + Send,
        tally: &mut Tally,
        stop: &Stop,
        mut wants: impl FnMut(&io::Result<Part>) -> bool + Send,
    ) -> anyhow::Result<()> {
        let threads = threads(self.undo.jobs);
        let work = |part: io::Result<Part>| part.map(|part| self.part(log, part));
        let parts = Parts::new(lines).take_while(|_| !stop.is_asked()).filter(|part| wants(part));
        ordered(parts, threads, threads * WINDOW, work, |all| {
            all.into_iter().try_for_each(|came| {
                let came = came.map_err(cause).with_context(|| unreadable(log))?;
                Ok::<_, anyhow::Error>(tally.add(console, came)?)
            })
        })
    }

    fn part(&self, log: &Path, part: Part) -> Came {
        let log = log.display();
        match part {
            Part::File(file, changes) => match self.restore(&file, &changes) {
                Ok(came) => came(file.name.into_owned()),
                Err(error) => {
                    let never_was = self.run.mode == Mode::Copy && self.is_missing(&file);
                    let why = format!("{}: not restored: {error:#}", file.name);
                    Came::Refused { name: Some(file.name.into_owned()), why, never_was }
                }
            },
            Part::Damage { line, what } => {
                Came::Refused { name: None, why: format!("{log}:{line}: {what}"), never_was: false }
            }
            Part::Cut { line, file } => {
                let file = file.map(|file| format!(", before the record of {file}")).unwrap_or_default();
                Came::Cut(format!("{log}:{line}: the log breaks off here{file}"))
            }
            Part::End(log::Tally { interrupted: false, failed: 0, .. }) => Came::End(Ended::Whole),
            Part::End(_) => Came::End(Ended::Early),
        }
    }

    fn restore(&self, file: &log::File, changes: &[log::Change]) -> anyhow::Result<fn(Name) -> Came> {
        if self.run.mode == Mode::Stdout && self.undo.from.is_none() {
            let original = undo::undo(&read::stdin()?, file, changes)?;
            return match self.place(file)? {
                Some(place) => self.put(&place, &original),
                None => {
                    self.out.lock().unwrap_or_else(PoisonError::into_inner).extend(&original.bytes);
                    Ok(restored(&original))
                }
            };
        }
        let cleaned = self.cleaned(file)?;
        let (bytes, metadata) =
            read::file(&cleaned).map_err(|error| anyhow!("{}: {}", cleaned.display(), read::cause(&error)))?;
        if let Some(place) = self.place(file)? {
            return self.put(&place, &undo::undo(&bytes, file, changes)?);
        }
        if undo::is_original(&bytes, file) {
            return Ok(Came::There);
        }
        let original = undo::undo(&bytes, file, changes)?;
        write::stage_over(&cleaned, &original.bytes, &metadata, &self.tag)
            .and_then(write::Staged::commit)
            .map_err(cause)?;
        Ok(restored(&original))
    }

    /// Where the clean text of a file is.
    fn cleaned(&self, file: &log::File) -> anyhow::Result<PathBuf> {
        match &self.undo.from {
            Some(folder) => Ok(folder.join(inside(file)?)),
            None => {
                let out = file.out.path().filter(|out| !out.as_os_str().is_empty());
                let out = out.context("the log is damaged: it names no place for the clean text")?;
                let place = self.home().join(&out);
                if self.undo.output.is_none() && !is_plain(&out) && !self.is_below(&place) {
                    bail!(
                        "{}: lies outside the cleaned paths\n  help: put the log where it was written, or run this in the folder in which the clean was run",
                        out.display()
                    );
                }
                Ok(place)
            }
        }
    }

    /// Where its original is to go; `None` for the place of the clean text.
    fn place(&self, file: &log::File) -> anyhow::Result<Option<PathBuf>> {
        self.undo.output.as_ref().map(|folder| Ok(folder.join(inside(file)?))).transpose()
    }

    /// True where no clean text is in its place.
    fn is_missing(&self, file: &log::File) -> bool {
        let gone = |error: io::Error| error.kind() == io::ErrorKind::NotFound;
        self.cleaned(file).is_ok_and(|place| place.symlink_metadata().is_err_and(gone))
    }

    /// True where a path lies below one of the paths that were given to the clean.
    fn is_below(&self, path: &Path) -> bool {
        let path = absolute(path);
        self.roots().iter().any(|root| path.starts_with(root))
    }

    /// Writes an original, but not over anything else.
    fn put(&self, place: &Path, original: &Original) -> anyhow::Result<fn(Name) -> Came> {
        if place.symlink_metadata().is_ok() {
            return match read::file(place) {
                Ok((bytes, _)) if bytes == original.bytes => Ok(Came::There),
                _ => bail!("{}: is there already and is another file", place.display()),
            };
        }
        let put = write::stage(place, &original.bytes, &self.tag).and_then(write::Staged::commit);
        put.map_err(|error| anyhow!("{}: {}", place.display(), read::cause(&error)))?;
        Ok(restored(original))
    }
}

/// The name of a file, which must not lead out of a folder it is joined to.
fn inside(file: &log::File) -> anyhow::Result<PathBuf> {
    let path = file.name.path().unwrap_or_default();
    if path.as_os_str().is_empty() || !is_plain(&path) {
        bail!("the log is damaged: this is no name of a file below a folder");
    }
    Ok(path)
}

/// True for a path that cannot lead out of the folder it is joined to.
fn is_plain(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_)))
}

fn restored(original: &Original) -> fn(Name) -> Came {
    if original.exact { Came::Restored } else { Came::Repacked }
}

