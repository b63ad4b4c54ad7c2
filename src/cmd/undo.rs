//! `descrape undo`.
//!
//! Invariant: nothing but the very bytes of an original is written, and never over a file that is not the cleaned text
//! the log speaks of.

mod rows;
mod tally;
mod work;

use std::io::BufRead;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args;
use descrape::earlier;
use descrape::log::{self, Mode, Record};
use descrape::undo::Part;
use descrape::walk::{LOG, PACKED_LOG};
use descrape::write;
use descrape::{batch, read};

use super::stop::Stop;
use super::{Console, Exit, Run};
use tally::Tally;
use work::Work;

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
    /// The change log of the clean, or the folder with the results that holds it
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
    fn run(mut self, console: &mut Console) -> anyhow::Result<Exit> {
        if self.log.is_dir() {
            let logs = [LOG, PACKED_LOG].map(|name| self.log.join(name));
            let help = "a change log is what `descrape clean` writes as changes.jsonl";
            let none = || anyhow!("{}: no change log in this folder\n  help: {help}", self.log.display());
            self.log = logs.into_iter().find(|log| log.exists()).ok_or_else(none)?;
        }
        // The newest first: what it says of a file holds.
        let mut logs: Vec<PathBuf> = earlier::logs(&self.log).into_iter().rev().collect();
        if logs.is_empty() {
            logs.push(self.log.clone());
        }
        let run = self.check(&logs[0], &mut read::lines(&logs[0]).map_err(cause).with_context(|| unreadable(&logs[0]))?)?;
        let _guard = write::Log::guard(&logs[0]).map_err(cause).with_context(|| logs[0].display().to_string())?;
        let work = Work { undo: &self, run: &run, tag: batch::tag(&self.log) };
        work.sweep();
        let stop = if run.mode == Mode::Stdout { Stop::default() } else { Stop::on_signals()? };
        let mut tally = Tally::new(logs.len() > 1);
        for (number, log) in logs.iter().enumerate() {
            let mut lines = read::lines(log).map_err(cause).with_context(|| unreadable(log))?;
            let theirs = self.check(log, &mut lines)?;
            if (theirs.mode, &theirs.from) != (run.mode, &run.from) {
                continue;
            }
            // An older log is there for the files that the newer ones do not have; what is in its place already stays.
            let back = tally.take_back();
            work.all(console, log, lines, &mut tally, &stop, |part| match part {
                Ok(Part::Cut { .. } | Part::End(_)) => number == 0,
                Ok(Part::File(file, _)) => !back.contains(&*file.name),
                Ok(Part::Rows(rows)) => !back.contains(&*rows.name),
                Ok(Part::Row(row)) => !back.contains(&row.name),
                _ => true,
            })?;
            tally.give_back(back);
            if stop.is_asked() {
                break;
            }
        }
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
        if let Some(other) = log::other_format(&first) {
            bail!("{shown}: {other}");
        }
        let Ok(Record::Run(run)) = Record::read(&first) else {
            bail!("{shown}: is no change log\n  help: a change log is what `descrape clean` writes as changes.jsonl");
        };
        if run.mode == Mode::Copy && self.output.is_none() {
            bail!(
                "{shown}: is the log of a clean into another folder; the originals were not touched\n  \
                 help: to rebuild them from the clean texts, name a folder with -o DIR"
            );
        }
        Ok(run)
    }
}

fn unreadable(log: &Path) -> String {
    format!("{}: cannot be read", log.display())
}

fn cause(error: std::io::Error) -> anyhow::Error {
    anyhow!(read::cause(&error))
}
