//! The log of a batch: its file, and how paths are called in it.
//!
//! Invariant: an older log of the same files is only deleted once this one has the records of them all.

use std::cell::LazyCell;
use std::io;
use std::path::{Path, PathBuf};

use super::BatchError;
use crate::earlier;
use crate::log::{self, Name, Out, Record, Tally};
use crate::target::{Target, absolute, seen_from};
use crate::walk::{Entry, Plan};
use crate::write::{self, Tag};

/// The log of a batch.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: write::Log,
    places: Places,
}

/// Where the log says that files are.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// For each given path, where its results are: absolute, or seen from the folder of the log.
    outs: Vec<PathBuf>,
    /// For each given path, where it is itself, seen from the folder of the log.
    ins: Vec<PathBuf>,
    /// The folder in which results are called as their files are.
    base: PathBuf,
}

impl Log {
    /// Starts a log with its first record. What killed runs left unfinished in the places of the results is deleted.
    pub fn create(path: PathBuf, run: log::Run, plan: &Plan, target: &Target) -> Result<Self, BatchError> {
        let places = Places::new(&path, plan, target);
        let mut first = Vec::new();
        Record::Run(log::Run { out: Out::new(&places.base), ..run }).write(&mut first);
        let tag = tag(&path);
        let file = write::Log::create(&path, &first, &tag).map_err(|error| BatchError::Log(path.clone(), error))?;
        if !write::Log::old(&path).is_empty() {
            match target {
                Target::Folder(folder) => _ = tag.sweep(folder),
                Target::InPlace => plan.roots.iter().for_each(|root| _ = tag.sweep(&root.path)),
                Target::Stdout | Target::Nowhere => {}
            }
        }
        Ok(Self { path, file, places })
    }

    pub(super) fn places(&self) -> Places {
        self.places.clone()
    }

    pub(super) fn add(&mut self, lines: &[u8]) -> Result<(), BatchError> {
        self.file.add(lines).map_err(|error| self.failed(error))
    }

    /// What was added is there whatever becomes of this process, and with `sync` of the machine.
    pub(super) fn settle(&mut self, sync: bool) -> Result<(), BatchError> {
        let settled = self.file.settle().and_then(|()| if sync { self.file.sync() } else { Ok(()) });
        settled.map_err(|error| self.failed(error))
    }

    /// Adds the last record. The older logs go where they speak of no file but those of `plan`.
    pub(super) fn end(mut self, tally: &Tally, plan: &Plan, sync: bool) -> Result<(), BatchError> {
        let mut lines = Vec::new();
        Record::End(tally.clone()).write(&mut lines);
        self.add(&lines)?;
        self.settle(sync)?;
        match tally.interrupted || tally.failed > 0 {
            true => Ok(()),
            false => {
                let names = LazyCell::new(|| plan.entries.iter().map(|entry| Name::new(&plan.name(entry))).collect());
                let told = |old: &Path| earlier::speaks_only_of(old, &names);
                self.file.replace(&self.path, told).map_err(|error| self.failed(error))
            }
        }
    }

    fn failed(&self, error: io::Error) -> BatchError {
        BatchError::Log(self.path.clone(), error)
    }
}

impl Places {
    fn new(log: &Path, plan: &Plan, target: &Target) -> Self {
        let home = home(log);
        let seen = |place: PathBuf| place.strip_prefix(&home).map(ToOwned::to_owned).unwrap_or(place);
        let outs = plan.roots.iter().map(|root| match target {
            Target::Folder(folder) if root.name.as_os_str().is_empty() => seen(absolute(folder)),
            Target::Folder(folder) => seen(absolute(folder)).join(&root.name),
            Target::InPlace => seen(absolute(&root.path)),
            Target::Stdout | Target::Nowhere => PathBuf::from("-"),
        });
        let outs: Vec<PathBuf> = outs.collect();
        let ins = plan.roots.iter().map(|root| seen_from(log, &root.path)).collect();
        let first = outs.first().zip(plan.roots.first());
        let base = first.and_then(|(out, root)| {
            let named = root.name.as_os_str().is_empty() || out.ends_with(&root.name);
            named.then(|| out.ancestors().nth(root.name.components().count()))?
        });
        let base = base.map(ToOwned::to_owned).unwrap_or_default();
        Self { outs, ins, base }
    }

    /// Where the result of an entry is.
    pub fn out(&self, entry: &Entry) -> PathBuf {
        below(&self.outs, entry)
    }

    /// Where an entry is itself.
    pub fn input(&self, entry: &Entry) -> PathBuf {
        below(&self.ins, entry)
    }

    /// How the log says where the result of a file of this name is.
    pub fn record(&self, name: &Name, out: &Path) -> Out {
        match name.path().is_some_and(|name| self.base.join(name) == out) {
            true => Out::default(),
            false => Out::new(out),
        }
    }
}

fn below(bases: &[PathBuf], entry: &Entry) -> PathBuf {
    let base = &bases[entry.root];
    if entry.path.as_os_str().is_empty() { base.clone() } else { base.join(&entry.path) }
}

fn home(log: &Path) -> PathBuf {
    absolute(log).parent().map(ToOwned::to_owned).unwrap_or_default()
}

/// The tag of files that are written by runs with this log.
pub fn tag(log: &Path) -> Tag {
    Tag::of(&absolute(log))
}
