//! Fixture folders: `in.<ext>`, `out.txt`, `changes.txt` and, where a case has its own, `rules.yaml`.
//!
//! Invariant: nothing is written unless the caller accepts what came out.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Status, Verdict, diff, judge, ledger, second};
use crate::config::{ConfigError, RuleSet};
use crate::write::{self, Staged, Tag};
use crate::{Cleaned, Cleaner, read};

/// A fixture folder as it was read.
#[derive(Debug)]
pub struct Fixture {
    /// The name of the folder.
    pub name: String,
    folder: PathBuf,
    input: Vec<u8>,
    wanted: Option<String>,
    wanted_changes: Option<String>,
    rules: Option<RuleSet>,
}

/// A fixture folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no input.
    #[error("{}: no file called in.<something>\n  help: put the document to clean there, for instance as in.txt", .0.display())]
    NoInput(PathBuf),
    /// Its rules are at fault.
    #[error(transparent)]
    Rules(#[from] ConfigError),
    /// Its input cannot be cleaned.
    #[error("{}: {why}", path.display())]
    Input {
        /// The input file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

/// Reads all fixture folders below `root`, sorted by name.
pub fn fixtures(root: &Path) -> Result<Vec<Fixture>, FixtureError> {
    let mut folders = list(root)?;
    folders.retain(|path| path.is_dir());
    folders.iter().map(|folder| Fixture::read(folder)).collect()
}

impl Fixture {
    fn read(folder: &Path) -> Result<Self, FixtureError> {
        let input = list(folder)?.into_iter().find(|path| path.file_stem().is_some_and(|stem| stem == "in"));
        let input = input.ok_or_else(|| FixtureError::NoInput(folder.to_owned()))?;
        let own = folder.join("rules.yaml");
        let rules = match own.exists() {
            true => Some(RuleSet::load(&own, &|path| Ok(read::file(path)?.0))?),
            false => None,
        };
        Ok(Self {
            name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            input: read::file(&input).map_err(|source| FixtureError::File { path: input.clone(), source })?.0,
            wanted: text(&folder.join("out.txt"))?,
            wanted_changes: text(&folder.join("changes.txt"))?,
            folder: folder.to_owned(),
            rules,
        })
    }

    /// Cleans the input with the rules of the folder, or else with `rules`.
    pub fn clean(&self, rules: &RuleSet) -> Result<Cleaned, FixtureError> {
        let cleaner = Cleaner::new(self.rules.as_ref().unwrap_or(rules).chain());
        cleaner
            .clean(self.input.clone(), None)
            .map_err(|error| FixtureError::Input { path: self.folder.clone(), why: error.to_string() })
    }

    /// Holds what came out against what is expected. The record of changes is looked at only
    /// where the text is right.
    pub fn check(&self, cleaned: &Cleaned, rules: &RuleSet) -> Verdict {
        let chain = self.rules.as_ref().unwrap_or(rules).chain();
        let text = &cleaned.outcome.text;
        let (before, got) = (text.original(), text.current());
        let wanted = self.wanted.as_deref().unwrap_or_default();
        let mut verdict = judge(self.name.clone(), before, wanted, got, || second(&chain, got));
        let changes = ledger(cleaned);
        let wanted = self.wanted_changes.as_deref().unwrap_or_default();
        if verdict.status == Status::Passed && changes != wanted {
            verdict = Verdict { status: Status::Wrong, diff: diff(wanted, &changes), ..verdict };
        }
        if verdict.status == Status::Passed && cleaned.source.encode(before).ok().as_ref() != Some(&self.input) {
            verdict.status = Status::Wrong;
            verdict.diff = "the original bytes do not come back from the text and its source\n".to_owned();
        }
        verdict
    }

    /// Makes what came out the expectation.
    pub fn accept(&self, cleaned: &Cleaned) -> Result<(), FixtureError> {
        for (name, text) in [("out.txt", cleaned.outcome.text.current()), ("changes.txt", &ledger(cleaned))] {
            let path = self.folder.join(name);
            write::stage(&path, text.as_bytes(), &Tag::default())
                .and_then(Staged::commit)
                .map_err(|source| FixtureError::File { path, source })?;
        }
        Ok(())
    }
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, FixtureError> {
    let failed = |source| FixtureError::File { path: folder.to_owned(), source };
    let entries = fs::read_dir(folder).map_err(failed)?;
    let mut paths =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    paths.sort();
    Ok(paths)
}

fn text(path: &Path) -> Result<Option<String>, FixtureError> {
    match read::text(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(FixtureError::File { path: path.to_owned(), source }),
    }
}
