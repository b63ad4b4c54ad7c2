//! One file of an undo: its clean text, its original, its place.
//!
//! Invariant: nothing but the bytes of an original is written, and only over the clean text that the log speaks of.

use std::io::{self, BufRead, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use descrape::jsonl::Styles;
use descrape::log::{self, Mode, Name};
use descrape::ordered::ordered;
use descrape::read;
use descrape::target::absolute;
use descrape::undo::{self, Original, Part, Parts, RowPart};
use descrape::write::{self, Tag};

use super::rows::{self, Begun};
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
}

/// A part of a log, done as far as that can be done beside others.
enum Step {
    /// What came of it.
    Came(Came),
    /// The original, which is to go to standard output.
    Original(Name, Original),
    /// A file of JSON Lines begins.
    Rows(Box<log::Rows<'static>>),
    /// A text of it is to be put back.
    Row(Box<RowPart>),
    /// All its texts are.
    RowsEnd(Box<log::File<'static>>),
}

/// A file of JSON Lines under way.
type UnderWay = Option<anyhow::Result<Begun>>;

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
        let mut under_way = None;
        ordered(parts, threads, threads * WINDOW, work, |all| {
            all.into_iter().try_for_each(|step| {
                let step = step.map_err(cause).with_context(|| unreadable(log))?;
                match self.rows(step, &mut under_way, console)? {
                    Some(came) => Ok::<_, anyhow::Error>(tally.add(console, came)?),
                    None => Ok(()),
                }
            })
        })
    }

    fn part(&self, log: &Path, part: Part) -> Step {
        let log = log.display();
        Step::Came(match part {
            Part::Rows(rows) => return Step::Rows(rows),
            Part::Row(row) => return Step::Row(row),
            Part::File(file, _) if file.rows.is_some() => return Step::RowsEnd(file),
            Part::File(file, changes) => match self.restore(&file, &changes) {
                Ok(step) => return step,
                Err(error) => self.refused(*file, &error),
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
        })
    }

    fn refused(&self, file: log::File, error: &anyhow::Error) -> Came {
        let never_was = self.run.mode == Mode::Copy && self.is_missing(&file);
        let why = format!("{}: not restored: {error:#}", file.name);
        Came::Refused { name: Some(file.name.into_owned()), why, never_was }
    }

    /// Does what has to be done in order: files of JSON Lines part by part. What came of it, once that is known.
    fn rows(&self, step: Step, under_way: &mut UnderWay, console: &mut Console) -> io::Result<Option<Came>> {
        match step {
            Step::Came(came) => return Ok(Some(came)),
            Step::Original(name, original) => {
                console.out().write_all(&original.bytes)?;
                return Ok(Some(restored(&original)(name)));
            }
            Step::Rows(rows) => *under_way = Some(self.begin(&rows.name, &rows.out, rows.style)),
            Step::Row(part) => {
                if let Some(Err(error)) = under_way.as_mut().and_then(|begun| Some(begun.as_mut().ok()?.row(&part))) {
                    *under_way = Some(Err(error));
                }
            }
            Step::RowsEnd(file) => {
                let begun = match under_way.take() {
                    Some(Ok(begun)) => Ok(begun),
                    // An empty file has no beginning, and one that is clean already may have no copy.
                    _ if !file.sides.differ() => self.begin(&file.name, &file.out, Default::default()),
                    Some(error) => error,
                    None => Err(anyhow!("the log is damaged: its beginning is missing")),
                };
                let came = begun.and_then(|begun| begun.finish(&file, console.out()));
                return Ok(Some(match came {
                    Ok(came) => came(file.name.into_owned()),
                    Err(_) if self.is_back(&file) => Came::There(file.name.into_owned()),
                    Err(error) => self.refused(*file, &error),
                }));
            }
        }
        Ok(None)
    }

    fn begin(&self, name: &Name, out: &log::Out, usual: Styles) -> anyhow::Result<Begun> {
        let cleaned = match self.run.mode == Mode::Stdout && self.undo.from.is_none() {
            true => None,
            false => Some(self.cleaned(name, out)?),
        };
        Begun::new(cleaned, self.place(name)?, usual, &self.tag)
    }

    /// Whether a file that was cleaned in place is what it was already.
    fn is_back(&self, file: &log::File) -> bool {
        self.run.mode == Mode::InPlace
            && self.undo.output.is_none()
            && self.cleaned(&file.name, &file.out).is_ok_and(|path| rows::is_back(&path, file).unwrap_or(false))
    }

    fn restore(&self, file: &log::File, changes: &[log::Change]) -> anyhow::Result<Step> {
        let name = || file.name.clone().into_owned();
        if self.run.mode == Mode::Stdout && self.undo.from.is_none() {
            let original = undo::undo(&read::stdin()?, file, changes)?;
            return Ok(match self.place(&file.name)? {
                Some(place) => Step::Came(self.put(&place, &original)?(name())),
                None => Step::Original(name(), original),
            });
        }
        let cleaned = self.cleaned(&file.name, &file.out)?;
        let (bytes, metadata) =
            read::file(&cleaned).map_err(|error| anyhow!("{}: {}", cleaned.display(), read::cause(&error)))?;
        if let Some(place) = self.place(&file.name)? {
            return Ok(Step::Came(self.put(&place, &undo::undo(&bytes, file, changes)?)?(name())));
        }
        if undo::is_original(&bytes, file) {
            return Ok(Step::Came(Came::There(name())));
        }
        let original = undo::undo(&bytes, file, changes)?;
        write::stage_over(&cleaned, &original.bytes, &metadata, &self.tag)
            .and_then(write::Staged::commit)
            .map_err(cause)?;
        Ok(Step::Came(restored(&original)(name())))
    }

    /// Where the clean text of a file is.
    fn cleaned(&self, name: &Name, out: &log::Out) -> anyhow::Result<PathBuf> {
        match &self.undo.from {
            Some(folder) => Ok(folder.join(inside(name)?)),
            None => {
                let out = self.run.place(name, out).filter(|out| !out.as_os_str().is_empty());
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
    fn place(&self, name: &Name) -> anyhow::Result<Option<PathBuf>> {
        self.undo.output.as_ref().map(|folder| Ok(folder.join(inside(name)?))).transpose()
    }

    /// True where no clean text is in its place.
    fn is_missing(&self, file: &log::File) -> bool {
        let gone = |error: io::Error| error.kind() == io::ErrorKind::NotFound;
        self.cleaned(&file.name, &file.out).is_ok_and(|place| place.symlink_metadata().is_err_and(gone))
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
fn inside(name: &Name) -> anyhow::Result<PathBuf> {
    let path = name.path().unwrap_or_default();
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

