//! A whole clean: every entry of a plan through the cleaner, on many threads.
//!
//! Invariant: what comes out, and the log, does not depend on the number of threads. The records of a file are in the
//! log before its result is put in its place; in place, they are on the disk before the original is replaced. Wherever a
//! run ends, another one goes on from there and comes to the same results and log.

mod came;
mod journal;
mod kept;
mod one;
mod portions;
mod rows;
mod wrap;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use came::Made;
pub use came::{Came, Done, Facts};
pub use journal::{Log, tag};
use rows::Ways;

use crate::decode::Encoding;
use crate::earlier::Earlier;
use crate::log::Tally;
use crate::ordered::ordered;
use crate::target::Target;
use crate::walk::Plan;
use crate::write::{Staged, Tag};
use crate::{Cleaner, read};

/// Results that may wait for a slow file before them, per thread.
const WAITING: usize = 32;

/// Results are put in their place together, which saves writes to the log and syncs of the disk: once they are so many,
/// or have so many bytes of records or of documents. Nothing else ends a group, so that a packed log has the same bytes
/// whatever the threads do; only where texts go to standard output does nobody wait.
const GROUP: usize = 32;
const GROUP_LINES: usize = 1 << 15;
const GROUP_BYTES: u64 = 1 << 22;

/// What is to be done.
#[derive(Debug)]
pub struct Batch<'a> {
    /// The files.
    pub plan: &'a Plan,
    /// The rules.
    pub cleaner: &'a Cleaner,
    /// The encoding of all files, where it is known.
    pub encoding: Option<Encoding>,
    /// Where results go.
    pub target: &'a Target,
    /// What the logs of earlier cleans say of the files in the output folder; any others stay. Files that are as they
    /// were then are not cleaned again.
    pub earlier: Earlier,
    /// What becomes of files that are clean already, in an output folder.
    pub unchanged: Unchanged,
    /// Whose files are that are being written.
    pub tag: Tag,
    /// The most bytes that a document may have.
    pub limit: u64,
    /// The fields of JSON Lines that hold texts; without any, such files are left alone.
    pub fields: Vec<String>,
    /// Whether results come with a unified diff.
    pub diff: bool,
    /// How many files are cleaned at the same time.
    pub threads: usize,
    /// Once true, no further file is begun.
    pub stop: &'a AtomicBool,
}

/// What becomes of files that are clean already, in an output folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unchanged {
    /// They are copied.
    #[default]
    Copy,
    /// They get a second name; copied where that cannot be.
    Link,
    /// They are left out; the log says where they are.
    Skip,
}

/// What the observer of a batch is told.
#[derive(Debug)]
pub enum Told<'t> {
    /// Some lines of a large file of JSON Lines, or hunks of its diff; more may follow.
    Part(&'t Path, &'t [u8]),
    /// What came of an entry.
    Done(Done),
}

/// Why a batch ended early.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The log cannot be written.
    #[error(
        "{}: cannot be written: {}\n  help: once that is mended, the same command goes on from here; in place, with --resume",
        .0.display(), read::cause(.1)
    )]
    Log(PathBuf, io::Error),
    /// The observer gave up.
    #[error("what came of a file cannot be told")]
    Observer(#[from] io::Error),
}

/// Whether results are enough to be put in their place.
fn is_group(ready: &[Made]) -> bool {
    let bytes = |made: &Made| match &made.done.came {
        Came::Cleaned(facts) => facts.in_bytes,
        _ => 0,
    };
    ready.len() >= GROUP
        || ready.iter().map(|made| made.lines.len()).sum::<usize>() >= GROUP_LINES
        || ready.iter().map(bytes).sum::<u64>() >= GROUP_BYTES
}

impl Batch<'_> {
    /// Cleans all files and tells `observe` what came of each, in the order of the plan.
    pub fn run(&self, mut log: Option<Log>, observe: impl FnMut(Told) -> io::Result<()>) -> Result<Tally, BatchError> {
        let mut tally = Tally::default();
        let gone_through = self.go_through(&mut log, &mut tally, observe);
        tally.interrupted = tally.all() < self.plan.entries.len() as u64;
        match (&gone_through, log) {
            // A log that cannot be written has no end.
            (Err(BatchError::Log(..)), _) | (_, None) => {}
            (_, Some(log)) => log.end(&tally, self.plan, self.in_place())?,
        }
        gone_through.map(|()| tally)
    }

    fn go_through(
        &self,
        log: &mut Option<Log>,
        tally: &mut Tally,
        mut observe: impl FnMut(Told) -> io::Result<()>,
    ) -> Result<(), BatchError> {
        let places = log.as_ref().map(Log::places);
        let work = |entry| (entry, self.make(entry, places.as_ref()));
        let entries = self.plan.entries.iter().take_while(|_| !self.stop.load(Ordering::Relaxed));
        let mut ready = Vec::with_capacity(GROUP);
        ordered(entries, self.threads, self.threads * WAITING, work, |made| {
            for (entry, mut made) in made {
                if made.later {
                    self.put(std::mem::take(&mut ready), log, tally, &mut observe)?;
                    let input = made.done.input.clone();
                    let ways = Ways {
                        log: &mut |lines| log.as_mut().map_or(Ok(()), |log| log.add(lines)),
                        emit: &mut |part| Ok(observe(Told::Part(&input, part))?),
                    };
                    self.make_rows(entry, &mut made, places.as_ref(), ways)?;
                }
                ready.push(made);
                if is_group(&ready) {
                    self.put(std::mem::take(&mut ready), log, tally, &mut observe)?;
                }
            }
            if log.is_none() || *self.target == Target::Stdout {
                self.put(std::mem::take(&mut ready), log, tally, &mut observe)
            } else {
                Ok(())
            }
        })?;
        self.put(ready, log, tally, &mut observe)
    }

    fn in_place(&self) -> bool {
        *self.target == Target::InPlace
    }

    /// Puts results in their place, once their records are in the log.
    fn put(
        &self,
        made: Vec<Made>,
        log: &mut Option<Log>,
        tally: &mut Tally,
        observe: &mut impl FnMut(Told) -> io::Result<()>,
    ) -> Result<(), BatchError> {
        if let Some(log) = log {
            let lines = made.iter().map(|made| made.lines.as_slice()).collect::<Vec<_>>().concat();
            log.add(&lines)?;
            log.settle(self.in_place() && made.iter().any(|made| made.staged.is_some()))?;
        }
        for mut made in made {
            if let Some(Err(error)) = made.staged.take().map(Staged::commit) {
                made.fail("cannot be written", read::cause(&error));
                if let Some(log) = log {
                    log.add(&made.lines)?;
                }
            }
            made.done.count(tally);
            observe(Told::Done(made.done))?;
        }
        Ok(())
    }
}
