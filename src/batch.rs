//! A whole clean: every entry of a plan through the cleaner, on many threads.
//!
//! Invariant: what comes out, and the log, does not depend on the number of threads. The records of a file are in the
//! log before its result is put in its place; in place, they are on the disk before the original is replaced.

mod one;
mod portions;
mod rows;
mod wrap;

use std::io;
use std::path::{Path, PathBuf};

use one::Made;
pub use one::{Came, Done, Facts};
use rows::Ways;

use crate::decode::Encoding;
use crate::earlier::Earlier;
use crate::log::{self, Record, Tally};
use crate::ordered::ordered;
use crate::target::{Target, absolute};
use crate::walk::{Entry, Plan};
use crate::write::{self, Staged};
use crate::{Cleaner, read};

/// Results that may wait for a slow file before them, per thread.
const WAITING: usize = 32;

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
    /// What the log of an earlier clean says of the files in the output folder; any others stay.
    pub earlier: Earlier,
    /// The most bytes that a document may have.
    pub limit: u64,
    /// The fields of JSON Lines that hold texts; without any, such files are left alone.
    pub fields: Vec<String>,
    /// Whether results come with a unified diff.
    pub diff: bool,
    /// How many files are cleaned at the same time.
    pub threads: usize,
}

/// The log of a batch.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: write::Log,
    /// For each given path, where its results are: absolute, or seen from the folder of the log.
    outs: Vec<PathBuf>,
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
    #[error("{}: cannot be written: {}", .0.display(), read::cause(.1))]
    Log(PathBuf, io::Error),
    /// The observer gave up.
    #[error("what came of a file cannot be told")]
    Observer(#[from] io::Error),
}

impl Log {
    /// Starts a log with its first record.
    pub fn create(path: PathBuf, run: log::Run, plan: &Plan, target: &Target) -> Result<Self, BatchError> {
        let mut lines = Vec::new();
        Record::Run(run).write(&mut lines);
        let started = write::Log::create(&path).and_then(|mut file| file.add(&lines).map(|()| file));
        let file = started.map_err(|error| BatchError::Log(path.clone(), error))?;
        let home = absolute(&path).parent().map(ToOwned::to_owned).unwrap_or_default();
        let base = |place: PathBuf| place.strip_prefix(&home).map(ToOwned::to_owned).unwrap_or(place);
        let outs = plan.roots.iter().map(|root| match target {
            Target::Folder(folder) => base(absolute(folder)).join(&root.name),
            Target::InPlace => base(absolute(&root.path)),
            Target::Stdout | Target::Nowhere => PathBuf::from("-"),
        });
        Ok(Self { outs: outs.collect(), path, file })
    }

    fn add(&mut self, lines: &[u8], sync: bool) -> Result<(), BatchError> {
        let added = self.file.add(lines).and_then(|()| if sync { self.file.sync() } else { Ok(()) });
        added.map_err(|error| BatchError::Log(self.path.clone(), error))
    }
}

/// Where the log says that the result of an entry is.
fn out(outs: &[PathBuf], entry: &Entry) -> log::Out {
    let base = &outs[entry.root];
    match entry.path.as_os_str().is_empty() {
        true => log::Out::new(base),
        false => log::Out::new(&base.join(&entry.path)),
    }
}

impl Batch<'_> {
    /// Cleans all files and tells `observe` what came of each, in the order of the plan.
    pub fn run(
        &self,
        mut log: Option<Log>,
        mut observe: impl FnMut(Told) -> io::Result<()>,
    ) -> Result<Tally, BatchError> {
        let mut tally = Tally::default();
        let outs = log.as_ref().map(|log| log.outs.clone());
        let in_place = *self.target == Target::InPlace;
        let out = |entry: &Entry| outs.as_deref().map(|outs| out(outs, entry));
        let work = |entry| (entry, self.make(entry, out(entry)));
        ordered(self.plan.entries.iter(), self.threads, self.threads * WAITING, work, |made| {
            let mut ready = Vec::with_capacity(made.len());
            for (entry, mut made) in made {
                if made.later {
                    self.put(std::mem::take(&mut ready), &mut log, &mut tally, &mut observe)?;
                    let input = made.done.input.clone();
                    let ways = Ways {
                        log: &mut |lines| log.as_mut().map_or(Ok(()), |log| log.add(lines, false)),
                        emit: &mut |part| Ok(observe(Told::Part(&input, part))?),
                    };
                    self.make_rows(entry, &mut made, out(entry), ways)?;
                }
                ready.push(made);
            }
            self.put(ready, &mut log, &mut tally, &mut observe)
        })?;
        if let Some(log) = &mut log {
            let mut lines = Vec::new();
            Record::End(tally.clone()).write(&mut lines);
            log.add(&lines, in_place)?;
        }
        Ok(tally)
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
            log.add(&lines, *self.target == Target::InPlace && made.iter().any(|made| made.staged.is_some()))?;
        }
        for mut made in made {
            if let Some(Err(error)) = made.staged.take().map(Staged::commit) {
                made.fail("cannot be written", read::cause(&error));
                if let Some(log) = log {
                    log.add(&made.lines, false)?;
                }
            }
            made.done.count(tally);
            observe(Told::Done(made.done))?;
        }
        Ok(())
    }
}
