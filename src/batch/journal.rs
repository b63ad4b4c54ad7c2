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
}

impl Log {
    /// Starts a log with its first record. What killed runs left unfinished in the places of the results is deleted.
    pub fn create(path: PathBuf, run: log::Run, plan: &Plan, target: &Target) -> Result<Self, BatchError> {
        let mut first = Vec::new();
        Record::Run(run).write(&mut first);
        let tag = tag(&path);
        let file = write::Log::create(&path, &first, &tag).map_err(|error| BatchError::Log(path.clone(), error))?;
        if !write::Log::old(&path).is_empty() {
            match target {
                Target::Folder(folder) => _ = tag.sweep(folder),
                Target::InPlace => plan.roots.iter().for_each(|root| _ = tag.sweep(&root.path)),
                Target::Stdout | Target::Nowhere => {}
            }
        }
        let home = home(&path);
        let base = |place: PathBuf| place.strip_prefix(&home).map(ToOwned::to_owned).unwrap_or(place);
        let outs = plan.roots.iter().map(|root| match target {
            Target::Folder(folder) => base(absolute(folder)).join(&root.name),
            Target::InPlace => base(absolute(&root.path)),
            Target::Stdout | Target::Nowhere => PathBuf::from("-"),
        });
        let ins = plan.roots.iter().map(|root| seen_from(&path, &root.path));
        let places = Places { outs: outs.collect(), ins: ins.collect() };
        Ok(Self { path, file, places })
    }

    pub(super) fn places(&self) -> Places {
        self.places.clone()
    }

    pub(super) fn add(&mut self, lines: &[u8], sync: bool) -> Result<(), BatchError> {
        let added = self.file.add(lines).and_then(|()| if sync { self.file.sync() } else { Ok(()) });
        added.map_err(|error| self.failed(error))
    }

    /// Adds the last record. The older logs go where they speak of no file but those of `plan`.
    pub(super) fn end(mut self, tally: &Tally, plan: &Plan, sync: bool) -> Result<(), BatchError> {
        let mut lines = Vec::new();
        Record::End(tally.clone()).write(&mut lines);
        self.add(&lines, sync)?;
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
    /// Where the result of an entry is.
    pub fn out(&self, entry: &Entry) -> Out {
        below(&self.outs, entry)
    }

    /// Where an entry is itself.
    pub fn input(&self, entry: &Entry) -> Out {
        below(&self.ins, entry)
    }
}

fn below(bases: &[PathBuf], entry: &Entry) -> Out {
    let base = &bases[entry.root];
    match entry.path.as_os_str().is_empty() {
        true => Out::new(base),
        false => Out::new(&base.join(&entry.path)),
    }
}

fn home(log: &Path) -> PathBuf {
    absolute(log).parent().map(ToOwned::to_owned).unwrap_or_default()
}

/// The tag of files that are written by runs with this log.
pub fn tag(log: &Path) -> Tag {
    Tag::of(&absolute(log))
}
