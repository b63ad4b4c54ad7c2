//! `descrape undo`.
//!
//! Invariant: nothing but the very bytes of an original is written, and never over a file that is not the cleaned text
//! the log speaks of.

mod rows;

use std::io::{self, BufRead, Write};
use std::num::NonZeroUsize;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args;
use descrape::log::{self, FORMAT, Mode, Name, Record};
use descrape::ordered::ordered;
use descrape::target::absolute;
use descrape::undo::{self, Original, Part, Parts, RowPart};
use descrape::{read, write};

use rows::Begun;

use super::files::threads;
use super::{Console, Exit, Run};

/// Turn clean texts back into the files they came from
///
/// Works from the clean texts and the change log alone. Every file is checked: one whose clean text was changed since,
/// or whose records are damaged, is refused, and the others go on. The document of a packed file always comes back byte
/// for byte; the packed file too where its record says how it was packed, or else a line says that it was packed anew. Exit code 2 if any was refused, or if the log has no end.
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

/// What came of a part of the log.
enum Came {
    Restored,
    /// The document is, in a file that had to be packed anew.
    Repacked(String),
    /// It is there already, byte for byte.
    There,
    /// It is to go to standard output.
    Original(String, Original),
    /// A file of JSON Lines begins.
    Rows(Box<log::Rows<'static>>),
    /// A text of it is to be put back.
    Row(Box<RowPart>),
    /// All its texts are.
    RowsEnd(Box<log::File<'static>>),
    /// It was refused; why.
    Refused(String),
    /// The log breaks off; where.
    Cut(String),
    /// The log ends as it should.
    End,
}

/// Counts of a run.
#[derive(Default)]
struct Tally {
    restored: u64,
    there: u64,
    refused: u64,
    ended: bool,
}

/// Files under way at the same time, per thread. Their changes are in memory.
const WINDOW: usize = 4;

impl Run for Undo {
    fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
        let shown = self.log.display();
        let unreadable = || format!("{shown}: cannot be read");
        let mut lines = read::lines(&self.log).map_err(cause).with_context(unreadable)?;
        let mut first = Vec::new();
        lines.read_until(b'\n', &mut first).map_err(cause).with_context(unreadable)?;
        let run = self.check(&first)?;
        let mut tally = Tally::default();
        let threads = threads(self.jobs);
        let mut begun = None;
        let work = |part: io::Result<Part>| part.map(|part| self.undo(&run, part));
        ordered(Parts::new(lines), threads, threads * WINDOW, work, |all| {
            all.into_iter().try_for_each(|came| {
                let came = came.map_err(cause).with_context(unreadable)?;
                let came = self.rows(&run, came, &mut begun, console);
                came.map_or(Ok(()), |came| Ok::<_, anyhow::Error>(tally.add(console, came)?))
            })
        })?;
        console.flush()?;
        if !tally.ended {
            let why = "has no end: the clean was interrupted; files it had not reached are as they were";
            console.warn(format_args!("{shown}: {why}"));
        }
        let Tally { restored, there, refused, .. } = tally;
        let there = if there > 0 { format!(", {there} already there") } else { String::new() };
        let trouble = if refused > 0 { format!(", {refused} refused") } else { String::new() };
        console.note(format_args!("restored {restored}{there}{trouble}"));
        Ok(if refused > 0 || !tally.ended { Exit::Failed } else { Exit::Done })
    }
}

impl Tally {
    fn add(&mut self, console: &mut Console, came: Came) -> io::Result<()> {
        match came {
            Came::Restored => self.restored += 1,
            Came::There => self.there += 1,
            Came::Repacked(name) => {
                self.restored += 1;
                console.warn(format_args!("{name}: the document is as it was, byte for byte; its file was packed anew"));
            }
            Came::Original(name, Original { bytes, exact }) => {
                console.out().write_all(&bytes)?;
                self.add(console, if exact { Came::Restored } else { Came::Repacked(name) })?;
            }
            Came::Refused(why) => {
                self.refused += 1;
                console.error(why);
            }
            Came::Cut(why) => console.warn(why),
            Came::End => self.ended = true,
            Came::Rows(_) | Came::Row(_) | Came::RowsEnd(_) => {}
        }
        Ok(())
    }
}

impl Undo {
    /// How the clean was done, from the first line of its log.
    fn check(&self, first: &[u8]) -> anyhow::Result<log::Run> {
        let shown = self.log.display();
        let Ok(Record::Run(run)) = Record::read(first) else {
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

    fn undo(&self, run: &log::Run, part: Part) -> Came {
        let log = self.log.display();
        match part {
            Part::Rows(rows) => Came::Rows(rows),
            Part::Row(row) => Came::Row(row),
            Part::File(file, _) if file.rows.is_some() => Came::RowsEnd(file),
            Part::File(file, changes) => self
                .restore(run, &file, &changes)
                .unwrap_or_else(|error| Came::Refused(format!("{}: not restored: {error:#}", file.name))),
            Part::Damage { line, what } => Came::Refused(format!("{log}:{line}: {what}")),
            Part::Cut { line, file } => {
                let file = file.map(|file| format!(", before the record of {file}")).unwrap_or_default();
                Came::Cut(format!("{log}:{line}: the log breaks off here{file}"))
            }
            Part::End(_) => Came::End,
        }
    }

    /// Puts a file of JSON Lines back, part by part. Gives what is to be told, once it is known.
    fn rows(
        &self,
        run: &log::Run,
        came: Came,
        begun: &mut Option<anyhow::Result<Begun>>,
        console: &mut Console,
    ) -> Option<Came> {
        match came {
            Came::Rows(rows) => *begun = Some(self.begin(run, &rows)),
            Came::Row(part) => {
                if let Some(Err(error)) = begun.as_mut().and_then(|begun| Some(begun.as_mut().ok()?.row(&part))) {
                    *begun = Some(Err(error));
                }
            }
            Came::RowsEnd(file) => {
                let begun = begun.take().unwrap_or_else(|| Err(anyhow!("the log is damaged: its beginning is missing")));
                let came = begun.and_then(|begun| begun.finish(&file, console.out()));
                return Some(came.unwrap_or_else(|error| match self.is_back(run, &file) {
                    true => Came::There,
                    false => Came::Refused(format!("{}: not restored: {error:#}", file.name)),
                }));
            }
            other => return Some(other),
        }
        None
    }

    fn begin(&self, run: &log::Run, rows: &log::Rows) -> anyhow::Result<Begun> {
        let cleaned = match run.mode == Mode::Stdout && self.from.is_none() {
            true => None,
            false => Some(self.cleaned(run, &rows.name, &rows.out)?),
        };
        Begun::new(cleaned, self.place(&rows.name)?, rows.style)
    }

    /// Whether a file that was cleaned in place is what it was already.
    fn is_back(&self, run: &log::Run, file: &log::File) -> bool {
        run.mode == Mode::InPlace
            && self.output.is_none()
            && self.cleaned(run, &file.name, &file.out).is_ok_and(|path| {
                rows::is_back(&path, file).unwrap_or(false)
            })
    }

    fn restore(&self, run: &log::Run, file: &log::File, changes: &[log::Change]) -> anyhow::Result<Came> {
        if run.mode == Mode::Stdout && self.from.is_none() {
            let original = undo::undo(&read::stdin()?, file, changes)?;
            return match self.place(&file.name)? {
                Some(place) => put(&place, file, &original),
                None => Ok(Came::Original(file.name.to_string(), original)),
            };
        }
        let cleaned = self.cleaned(run, &file.name, &file.out)?;
        let (bytes, metadata) =
            read::file(&cleaned).map_err(|error| anyhow!("{}: {}", cleaned.display(), read::cause(&error)))?;
        if let Some(place) = self.place(&file.name)? {
            return put(&place, file, &undo::undo(&bytes, file, changes)?);
        }
        if undo::is_original(&bytes, file) {
            return Ok(Came::There);
        }
        let original = undo::undo(&bytes, file, changes)?;
        write::stage_over(&cleaned, &original.bytes, &metadata).and_then(write::Staged::commit).map_err(cause)?;
        Ok(restored(file, &original))
    }

    /// Where the clean text of a file is.
    fn cleaned(&self, run: &log::Run, name: &Name, out: &log::Out) -> anyhow::Result<PathBuf> {
        match &self.from {
            Some(folder) => Ok(folder.join(inside(name)?)),
            None => {
                let out = out.path().filter(|out| !out.as_os_str().is_empty());
                let out = out.context("the log is damaged: it names no place for the clean text")?;
                let place = self.log.parent().unwrap_or(Path::new("")).join(&out);
                if self.output.is_none() && !is_plain(&out) && !is_below(&place, &run.paths) {
                    bail!(
                        "{}: lies outside the cleaned paths\n  help: run this in the folder in which the clean was run",
                        out.display()
                    );
                }
                Ok(place)
            }
        }
    }

    /// Where its original is to go; `None` for the place of the clean text.
    fn place(&self, name: &Name) -> anyhow::Result<Option<PathBuf>> {
        self.output.as_ref().map(|folder| Ok(folder.join(inside(name)?))).transpose()
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

/// True where a path lies below one of the paths that were given to the clean.
fn is_below(path: &Path, given: &[String]) -> bool {
    let path = absolute(path);
    given.iter().any(|given| path.starts_with(absolute(Path::new(given))))
}

/// Writes an original, but not over anything else.
fn put(place: &Path, file: &log::File, original: &Original) -> anyhow::Result<Came> {
    if place.symlink_metadata().is_ok() {
        return match read::file(place) {
            Ok((bytes, _)) if bytes == original.bytes => Ok(Came::There),
            _ => bail!("{}: is there already and is another file", place.display()),
        };
    }
    let put = write::stage(place, &original.bytes).and_then(write::Staged::commit);
    put.map_err(|error| anyhow!("{}: {}", place.display(), read::cause(&error)))?;
    Ok(restored(file, original))
}

fn restored(file: &log::File, original: &Original) -> Came {
    if original.exact { Came::Restored } else { Came::Repacked(file.name.to_string()) }
}

fn cause(error: std::io::Error) -> anyhow::Error {
    anyhow!(read::cause(&error))
}
