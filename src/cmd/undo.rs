//! `descrape undo`.
//!
//! Invariant: nothing but the very bytes of an original is written, and never over a file that is not the cleaned text
//! the log speaks of.

mod tally;

use std::io::{self, BufRead, Write};
use std::num::NonZeroUsize;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, anyhow, bail};
use clap::Args;
use descrape::earlier;
use descrape::log::{self, FORMAT, Mode, Name, Record};
use descrape::ordered::ordered;
use descrape::target::absolute;
use descrape::undo::{self, Original, Part, Parts};
use descrape::write::{self, Tag};
use descrape::{batch, read};

use super::files::threads;
use super::stop::Stop;
use super::{Console, Exit, Run};
use tally::{Came, Ended, Tally};

/// Turn clean texts back into the files they came from
///
/// Works from the clean texts and the change log alone. Every file is checked: one whose clean text was changed since,
/// or whose records are damaged, is refused, and the others go on. The document of a packed file always comes back byte
/// for byte; the packed file too where its record says how it was packed, or else a line says that it was packed anew.
/// Exit code 2 if any was refused. The log of a clean that was interrupted will do: what it had not reached is as it was.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  descrape undo docs-clean/changes.jsonl -o originals    rebuild the originals in a folder
  descrape undo docs.changes.jsonl                       put a clean with --in-place back
  descrape undo a.jsonl < clean.txt > a.txt              one text that went to standard output")]
pub struct Undo {
    /// The change log of the clean
    log: PathBuf,

    /// Write the originals into this folder
    ///
    /// Without it, a clean with --in-place is put back in its place. A file that stands in DIR already is never
    /// replaced by other bytes.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Look for the clean texts below this folder instead of where the log says they are
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,

    /// Work on this many files at the same time [default: one per core]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

/// Files under way at the same time, per thread. Their changes are in memory.
const WINDOW: usize = 4;

impl Run for Undo {
    fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
        // The newest first: what it says of a file holds.
        let mut logs: Vec<PathBuf> = earlier::logs(&self.log).into_iter().rev().collect();
        if logs.is_empty() {
            logs.push(self.log.clone());
        }
        let run = self.check(&logs[0], &mut read::lines(&logs[0]).map_err(cause).with_context(|| unreadable(&logs[0]))?)?;
        let _guard = write::Log::guard(&logs[0]).map_err(cause).with_context(|| logs[0].display().to_string())?;
        let work = Work { undo: &self, run: &run, tag: batch::tag(&self.log), out: Mutex::default() };
        work.sweep();
        let stop = if run.mode == Mode::Stdout { Stop::default() } else { Stop::on_signals()? };
        let mut tally = Tally::new(logs.len() > 1);
        for (number, log) in logs.iter().enumerate() {
            let mut lines = read::lines(log).map_err(cause).with_context(|| unreadable(log))?;
            let theirs = self.check(log, &mut lines)?;
            if (theirs.mode, &theirs.from) != (run.mode, &run.from) {
                continue;
            }
            // An older log ends early, or there would be none, and what is in its place already stays.
            let back = tally.take_back();
            work.all(console, log, lines, &mut tally, &stop, |part| match part {
                Ok(Part::Cut { .. } | Part::End(_)) => number == 0,
                Ok(Part::File(file, _)) => !back.contains(&*file.name),
                _ => true,
            })?;
            tally.give_back(back);
            if tally.is_whole() || stop.is_asked() {
                break;
            }
        }
        console.out().write_all(&work.out.lock().unwrap_or_else(PoisonError::into_inner))?;
        console.flush()?;
        let shown = self.log.display();
        if stop.is_asked() {
            console.warn("stopped before the end; the same command goes on from here");
        } else if !tally.has_end() {
            let why = "has no end: the clean was interrupted; files it had not reached are as they were";
            console.warn(format_args!("{shown}: {why}"));
        }
        let refused = tally.tell(console);
        Ok(match () {
            () if stop.is_asked() => Exit::Stopped,
            () if refused > 0 => Exit::Failed,
            () => Exit::Done,
        })
    }
}

impl Undo {
    /// How the clean was done, from the first line of a log.
    fn check(&self, log: &Path, lines: &mut impl BufRead) -> anyhow::Result<log::Run> {
        let shown = log.display();
        let mut first = Vec::new();
        lines.read_until(b'\n', &mut first).map_err(cause).with_context(|| unreadable(log))?;
        let Ok(Record::Run(run)) = Record::read(&first) else {
            bail!("{shown}: is no change log\n  help: a change log is what `descrape clean` writes as changes.jsonl");
        };
        if run.format != FORMAT {
            bail!("{shown}: has format {}, this program reads format {FORMAT}", run.format);
        }
        if run.mode == Mode::Copy && self.output.is_none() {
            bail!(
                "{shown}: is the log of a clean into another folder; the originals were not touched\n  \
                 help: to rebuild them from the clean texts, name a folder with -o DIR"
            );
        }
        Ok(run)
    }
}

/// What all files of an undo share.
struct Work<'a> {
    undo: &'a Undo,
    run: &'a log::Run,
    tag: Tag,
    /// What goes to standard output.
    out: Mutex<Vec<u8>>,
}

impl Work<'_> {
    /// Deletes what an undo or a clean that was killed left unfinished.
    fn sweep(&self) {
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
    fn all(
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

fn unreadable(log: &Path) -> String {
    format!("{}: cannot be read", log.display())
}

fn cause(error: std::io::Error) -> anyhow::Error {
    anyhow!(read::cause(&error))
}
