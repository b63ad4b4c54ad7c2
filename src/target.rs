//! Where results go, and what forbids it.
//!
//! Invariant: no output is ever an input, an older file that descrape did not write, or the change log; the only way
//! onto an input is [`Target::InPlace`], and never without a log.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::log::{self, Mode, Record, Run};
use crate::walk::{self, Canonical, Entry, Plan, Root, RootKind};
use crate::{earlier, read};

/// Where results go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Nowhere; it is only looked at what would be done.
    Nowhere,
    /// To standard output.
    Stdout,
    /// Into a folder, which mirrors the tree of what was given.
    Folder(PathBuf),
    /// Into the place of the originals.
    InPlace,
}

/// Why a clean is not begun.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Several paths without a place for the results.
    #[error(
        "several paths need a place for the results\n  help: name a folder with -o DIR, or change the files with --in-place"
    )]
    NoPlace,
    /// A folder without a name to derive `NAME-clean` from.
    #[error("{}: has no name to derive that of the output folder from\n  help: name one with -o DIR", .0.display())]
    NoName(PathBuf),
    /// Standard input with anything that needs a file.
    #[error("-: standard input {0}")]
    Stdin(&'static str),
    /// Two paths whose results would have one name.
    #[error("{}: its results would have the same name as those of {}\n  help: clean them one after the other, each with its own -o DIR", .1.display(), .0.display())]
    SameName(PathBuf, PathBuf),
    /// A path inside another one.
    #[error("{}: lies inside {}, which is given too\n  help: give only one of the two", .1.display(), .0.display())]
    Inside(PathBuf, PathBuf),
    /// The output folder is something else.
    #[error("{}: is no folder\n  help: name another one with -o DIR", .0.display())]
    NotAFolder(PathBuf),
    /// The output folder is the input.
    #[error("{}: the output would replace the input\n  help: name another folder with -o DIR, or say --in-place", .0.display())]
    OntoInput(PathBuf),
    /// The input lies in the output folder.
    #[error("{}: lies inside its output folder {}\n  help: name a folder with -o DIR that does not hold the input", .0.display(), .1.display())]
    InputInOutput(PathBuf, PathBuf),
    /// The output folder lies in the input and holds documents.
    #[error("{}: lies inside the input and holds files that descrape did not write\n  help: name an empty or new folder with -o DIR", .0.display())]
    OutputInUse(PathBuf),
    /// An output folder is, through a link, one of the input folders.
    #[error("{}: is a link to {}, a folder of the input\n  help: name another folder with -o DIR", .0.display(), .1.display())]
    LinkedBack(PathBuf, PathBuf),
    /// A folder in the output folder is a link out of it.
    #[error("{}: leads out of the output folder, to {}\n  help: name another folder with -o DIR, or take this link away", .0.display(), .1.display())]
    LeadsOut(PathBuf, PathBuf),
    /// Not a file that can be replaced.
    #[error("{}: not a regular file, so it cannot be cleaned in place\n  help: leave --in-place out; the text goes to standard output", .0.display())]
    NotRegular(PathBuf),
    /// Several paths in place need a log with a name.
    #[error(
        "several paths in place need a name for the change log, or nothing could be undone\n  help: name one with --log FILE"
    )]
    NoLogName,
    /// The log would replace a file that is no log.
    #[error("{}: is there already and is no change log\n  help: name another file with --log FILE", .0.display())]
    NotALog(PathBuf),
    /// The log would replace one that cannot be read.
    #[error("{}: {}", .0.display(), .1)]
    OtherFormat(PathBuf, log::OtherFormat),
    /// The log would replace the only record of an earlier clean in place.
    #[error("{}: is the log of an earlier clean in place; without it that cannot be undone\n  help: go on with that clean with --resume, name another file with --log FILE, or move this one", .0.display())]
    LogInPlace(PathBuf),
    /// The log would replace that of other files.
    #[error("{}: is the log of an earlier clean of {}\n  help: name another file with --log FILE or another folder with -o DIR, or delete this one", .0.display(), .1)]
    OtherLog(PathBuf, String),
    /// The log is that of a clean which put its results elsewhere.
    #[error("{}: is the log of a clean with results in another place\n  help: name another file with --log FILE", .0.display())]
    OtherMode(PathBuf),
    /// A clean in place would go on in another way.
    #[error("{}: was begun with {}; what is clean already would stay as it is\n  help: go on as it was begun, or undo it first with `descrape undo`", .0.display(), .1)]
    OtherRun(PathBuf, &'static str),
    /// The log would replace an input.
    #[error("{}: is a file that is to be cleaned\n  help: name another file with --log FILE", .0.display())]
    LogIsInput(PathBuf),
    /// The log would be an output.
    #[error("{}: the cleaned text of {} would be the change log\n  help: name another file with --log FILE", .0.display(), .1.display())]
    LogIsOutput(PathBuf, PathBuf),
    /// Something cannot be looked at.
    #[error("{}: {}", .0.display(), read::cause(.1))]
    Io(PathBuf, io::Error),
}

impl Target {
    /// Where the results of a clean go when nothing is said: one folder to `PATH-clean`, one file to standard output.
    pub fn usual(roots: &[Root]) -> Result<Self, Refusal> {
        let [root] = roots else { return Err(Refusal::NoPlace) };
        if root.kind != RootKind::Folder {
            return Ok(Self::Stdout);
        }
        Ok(Self::Folder(beside(&root.path, "-clean").ok_or_else(|| Refusal::NoName(root.path.clone()))?))
    }

    /// Where the log goes when nothing is said.
    pub fn usual_log(&self, roots: &[Root]) -> Result<Option<PathBuf>, Refusal> {
        match (self, roots) {
            (Self::Nowhere | Self::Stdout, _) => Ok(None),
            (Self::Folder(folder), _) => Ok(Some(folder.join(walk::LOG))),
            (Self::InPlace, [root]) => {
                let name = beside(&root.path, &format!(".{}", walk::LOG));
                name.map(Some).ok_or_else(|| Refusal::NoName(root.path.clone()))
            }
            (Self::InPlace, _) => Err(Refusal::NoLogName),
        }
    }

    /// What the log calls it.
    pub fn mode(&self) -> Mode {
        match self {
            Self::Folder(_) => Mode::Copy,
            Self::InPlace => Mode::InPlace,
            Self::Stdout | Self::Nowhere => Mode::Stdout,
        }
    }

    /// The file that the result of an entry goes to.
    pub fn place(&self, plan: &Plan, entry: &Entry) -> Option<PathBuf> {
        match self {
            Self::Nowhere | Self::Stdout => None,
            Self::Folder(folder) => Some(folder.join(plan.name(entry))),
            // A given path may be a link: the file behind it is meant.
            Self::InPlace if entry.path.as_os_str().is_empty() => plan.input(entry).canonicalize().ok(),
            Self::InPlace => Some(plan.input(entry)),
        }
    }

    /// Checks that no path is the place of another's results. To be asked before the paths are walked.
    pub fn check(&self, roots: &[Root]) -> Result<(), Refusal> {
        if roots.len() > 1 && roots.iter().any(|root| root.kind == RootKind::Stdin) {
            return Err(Refusal::Stdin("cannot be read together with other paths\n  help: give `-` alone"));
        }
        let stdin = roots.iter().any(|root| root.kind == RootKind::Stdin);
        match self {
            Self::Nowhere | Self::Stdout => Ok(()),
            Self::Folder(_) if stdin => Err(Refusal::Stdin("has no name for a file in a folder\n  help: leave -o out")),
            Self::InPlace if stdin => Err(Refusal::Stdin("cannot be changed in place\n  help: leave --in-place out")),
            Self::Folder(folder) if folder.exists() && !folder.is_dir() => Err(Refusal::NotAFolder(folder.clone())),
            Self::Folder(folder) => {
                unlike_names(roots)?;
                roots.iter().try_for_each(|root| apart(root, folder))
            }
            Self::InPlace => {
                unlike_names(roots)?;
                disjoint(roots)?;
                let odd = |root: &&Root| root.kind == RootKind::File && !root.path.is_file();
                roots.iter().find(odd).map_or(Ok(()), |root| Err(Refusal::NotRegular(root.path.clone())))
            }
        }
    }

    /// Checks what can only be known once the paths are walked.
    pub fn check_plan(&self, plan: &Plan, log: Option<&Path>) -> Result<(), Refusal> {
        let shown = log.unwrap_or(Path::new(""));
        let there = log.is_some_and(Path::exists);
        let log = log.map(absolute);
        // A file that is not there yet is no input.
        if there && !read::begins_with(shown, log::BEGINNING) {
            let files = plan.entries.iter().filter(|entry| entry.what == walk::What::File);
            if files.map(|entry| absolute(&plan.input(entry))).any(|input| Some(input) == log) {
                return Err(Refusal::LogIsInput(shown.to_owned()));
            }
        }
        let Self::Folder(folder) = self else { return Ok(()) };
        let folder = absolute(folder);
        let mut places = Canonical::new(&folder);
        let mut last = PathBuf::new();
        for entry in plan.entries.iter().filter(|entry| entry.what == walk::What::File) {
            let place = folder.join(plan.name(entry));
            if log.as_ref() == Some(&place) && !read::begins_with(&plan.input(entry), log::BEGINNING) {
                return Err(Refusal::LogIsOutput(shown.to_owned(), plan.input(entry)));
            }
            let Some(parent) = place.parent().filter(|parent| *parent != last) else { continue };
            if let Some(canonical) = places.of(parent)
                && canonical != parent
                && plan.folders.contains(canonical)
            {
                return Err(Refusal::LinkedBack(parent.to_owned(), canonical.to_owned()));
            }
            if let Some(there) = places.nearest().filter(|there| !there.starts_with(&folder)) {
                return Err(Refusal::LeadsOut(parent.to_owned(), there.to_owned()));
            }
            last = parent.to_owned();
        }
        Ok(())
    }
}

/// Checks that a log may be written to a path: that what stands there is nothing or the log of an earlier run with the
/// same paths. That one, if there is any. In place it must be resumed, with the same rules.
pub fn check_log(path: &Path, run: &Run, resume: bool) -> Result<Option<Run>, Refusal> {
    let old = match path.metadata() {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Refusal::Io(path.to_owned(), error)),
        Ok(metadata) if !metadata.is_file() => return Err(Refusal::NotALog(path.to_owned())),
        _ => earlier::logs(path).pop(),
    };
    let Some(old) = old else { return Ok(None) };
    let first = log::first_line(&old).map_err(|error| Refusal::Io(old, error))?;
    if let Some(other) = log::other_format(&first) {
        return Err(Refusal::OtherFormat(path.to_owned(), other));
    }
    let Ok(Record::Run(old)) = Record::read(&first) else { return Err(Refusal::NotALog(path.to_owned())) };
    let path = path.to_owned();
    match run.differs(&old) {
        _ if old.mode == Mode::InPlace && !resume => Err(Refusal::LogInPlace(path)),
        _ if (&old.from, &old.shard) != (&run.from, &run.shard) => Err(Refusal::OtherLog(path, old.paths.join(" "))),
        _ if old.mode != run.mode => Err(Refusal::OtherMode(path)),
        Some(other) if old.mode == Mode::InPlace => Err(Refusal::OtherRun(path, other)),
        _ => Ok(Some(old)),
    }
}

/// A sibling of a path: its name with something added.
fn beside(path: &Path, addition: &str) -> Option<PathBuf> {
    let mut name = path.file_name().map(ToOwned::to_owned);
    let mut folder = path.parent().map(ToOwned::to_owned).unwrap_or_default();
    if name.is_none() {
        let path = path.canonicalize().ok()?;
        name = path.file_name().map(ToOwned::to_owned);
        folder = path.parent()?.to_owned();
    }
    let mut name = name?;
    name.push(addition);
    Some(folder.join(name))
}

fn unlike_names(roots: &[Root]) -> Result<(), Refusal> {
    let mut seen: HashMap<&Path, &Path> = HashMap::new();
    for root in roots {
        if let Some(other) = seen.insert(&root.name, &root.path) {
            return Err(Refusal::SameName(other.to_owned(), root.path.clone()));
        }
    }
    Ok(())
}

fn disjoint(roots: &[Root]) -> Result<(), Refusal> {
    let canonical: Vec<_> = roots.iter().map(|root| absolute(&root.path)).collect();
    for (outer, root) in canonical.iter().zip(roots) {
        for (inner, other) in canonical.iter().zip(roots) {
            if !std::ptr::eq(root, other) && inner.starts_with(outer) {
                return Err(Refusal::Inside(root.path.clone(), other.path.clone()));
            }
        }
    }
    Ok(())
}

/// Checks a path against the place of its own results.
fn apart(root: &Root, folder: &Path) -> Result<(), Refusal> {
    let place = if root.name.as_os_str().is_empty() { folder.to_owned() } else { folder.join(&root.name) };
    let (input, output) = (absolute(&root.path), absolute(&place));
    if input == output {
        return Err(Refusal::OntoInput(root.path.clone()));
    }
    if root.kind == RootKind::Folder && input.starts_with(&output) {
        return Err(Refusal::InputInOutput(root.path.clone(), place));
    }
    if root.kind == RootKind::Folder && output.starts_with(&input) && is_in_use(folder) {
        return Err(Refusal::OutputInUse(folder.to_owned()));
    }
    Ok(())
}

/// Whether a folder holds anything that is not from an earlier clean.
pub fn is_in_use(folder: &Path) -> bool {
    !walk::has_log(folder) && folder.read_dir().is_ok_and(|mut entries| entries.next().is_some())
}

/// A path as it is seen from the folder of the log.
pub fn seen_from(log: &Path, path: &Path) -> PathBuf {
    if path.as_os_str() == "-" {
        return path.to_owned();
    }
    let (log, path) = (absolute(log), absolute(path));
    // There is no way from one drive to another.
    log.parent().and_then(|home| pathdiff::diff_paths(&path, home)).unwrap_or(path)
}

/// A path from the root of the file system, links resolved as far as it exists.
pub fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut missing = PathBuf::new();
    for there in path.ancestors() {
        if let Ok(canonical) = there.canonicalize() {
            return if missing.as_os_str().is_empty() { canonical } else { canonical.join(missing) };
        }
        let name = there.file_name().map(PathBuf::from).unwrap_or_default();
        missing = if missing.as_os_str().is_empty() { name } else { name.join(missing) };
    }
    path
}
