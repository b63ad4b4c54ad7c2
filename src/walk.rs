//! Which files: from the paths that were given to a list of entries.
//!
//! Invariant: the entries stand in one order, each folder sorted by name; everything that is left out for another
//! reason than a glob stands in the list with the reason.

mod canonical;
mod globs;
mod list;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::shard::Shard;
use crate::write::Tag;
use crate::{log, read, write};
pub use canonical::Canonical;
pub use globs::{GlobError, Globs};
pub use list::names;

/// A path that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// As it was given.
    pub path: PathBuf,
    /// What its results are called; empty for a folder that is given alone.
    pub name: PathBuf,
    /// What it is.
    pub kind: RootKind,
}

/// What a given path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootKind {
    /// All files below it are meant.
    Folder,
    /// A file, or anything else that can be read to its end.
    File,
    /// `-`.
    Stdin,
    /// It cannot be looked at.
    Missing,
}

/// A file, or something that is not for cleaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Index of the path it was found below.
    pub root: usize,
    /// Its path from there; empty for the given path itself.
    pub path: PathBuf,
    /// Whether it is to be read.
    pub what: What,
}

/// Whether an entry is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Yes.
    File,
    /// It is not for cleaning.
    Skip(String),
    /// It cannot be reached.
    Fail(String),
}

/// All that is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The paths that were given.
    pub roots: Vec<Root>,
    /// The files below them.
    pub entries: Vec<Entry>,
    /// All folders that were walked, in their canonical form.
    pub folders: BTreeSet<PathBuf>,
}

/// How folders are walked.
#[derive(Debug, Clone, Default)]
pub struct Walk {
    /// Which files; given paths are taken whatever it says.
    pub globs: Globs,
    /// Whether symbolic links inside folders are followed.
    pub follow: bool,
    /// A folder in its canonical form that is left out.
    pub avoid: Option<PathBuf>,
    /// Whose unfinished files are left out without a word, as they are about to be deleted.
    pub own: Tag,
}

/// Folders of version control systems: their texts are not documents.
const VERSION_CONTROL: [&str; 4] = [".git", ".hg", ".svn", ".jj"];

/// The name of the change log in an output folder.
pub const LOG: &str = "changes.jsonl";
/// Its name where it is packed.
pub const PACKED_LOG: &str = "changes.jsonl.zst";

/// Looks at the paths that were given.
pub fn roots(paths: &[PathBuf]) -> Vec<Root> {
    let alone = paths.len() == 1;
    let root = |path: &PathBuf| {
        let kind = match path.metadata() {
            _ if path.as_os_str() == "-" => RootKind::Stdin,
            Ok(metadata) if metadata.is_dir() => RootKind::Folder,
            Ok(_) => RootKind::File,
            Err(_) => RootKind::Missing,
        };
        let name = if alone && kind == RootKind::Folder { PathBuf::new() } else { name(path) };
        Root { path: path.clone(), name, kind }
    };
    paths.iter().map(root).collect()
}

/// The last part of a path; that of the folder it stands for where it ends in dots.
pub fn name(path: &Path) -> PathBuf {
    let last = |path: &Path| path.file_name().map(PathBuf::from);
    last(path).or_else(|| last(&path.canonicalize().ok()?)).unwrap_or_default()
}

impl Plan {
    /// Walks all roots.
    pub fn new(roots: Vec<Root>, walk: &Walk) -> Self {
        let mut plan = Self { roots, ..Self::default() };
        for root in 0..plan.roots.len() {
            match plan.roots[root].kind {
                RootKind::Folder => plan.walk(root, walk),
                RootKind::File | RootKind::Stdin => plan.push(root, PathBuf::new(), What::File),
                RootKind::Missing => {
                    let why = plan.roots[root].path.metadata().err();
                    let why = why.map_or("it was not there a moment ago".to_owned(), |error| read::cause(&error));
                    plan.push(root, PathBuf::new(), What::Fail(why));
                }
            }
        }
        plan
    }

    /// Leaves out all entries that are not in this part.
    pub fn keep(&mut self, shard: Shard) {
        let entries = std::mem::take(&mut self.entries);
        self.entries = entries.into_iter().filter(|entry| shard.has(&self.name(entry))).collect();
    }

    /// The path of an entry as the user would write it.
    pub fn input(&self, entry: &Entry) -> PathBuf {
        let root = &self.roots[entry.root];
        if entry.path.as_os_str().is_empty() { root.path.clone() } else { root.path.join(&entry.path) }
    }

    /// The path of an entry below any output folder.
    pub fn name(&self, entry: &Entry) -> PathBuf {
        let root = &self.roots[entry.root];
        if entry.path.as_os_str().is_empty() { root.name.clone() } else { root.name.join(&entry.path) }
    }

    fn push(&mut self, root: usize, path: PathBuf, what: What) {
        self.entries.push(Entry { root, path, what });
    }

    fn walk(&mut self, root: usize, walk: &Walk) {
        let start = self.roots[root].path.clone();
        let home = start.canonicalize().unwrap_or_else(|_| start.clone());
        let mut canonical = Canonical::new(&start);
        let below = |path: &Path| path.strip_prefix(&start).unwrap_or(path).to_owned();
        let mut entries = WalkDir::new(&start).follow_links(walk.follow).sort_by_file_name().into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = below(error.path().unwrap_or(&start));
                    self.push(root, path, unreachable(&error));
                    continue;
                }
            };
            let path = below(entry.path());
            let left_out = match entry.file_type().is_dir() {
                true if entry.depth() > 0 && walk.globs.without(&path) => {
                    entries.skip_current_dir();
                    continue;
                }
                true => self.enter(&entry, &home, &mut canonical, walk),
                false if walk.own.owns(entry.file_name()) || !walk.globs.wants(&path) => continue,
                false => leave_out_file(&entry),
            };
            match left_out {
                None if entry.file_type().is_dir() => {}
                None => self.push(root, path, What::File),
                Some(why) => {
                    self.push(root, path, What::Skip(why.to_owned()));
                    if entry.file_type().is_dir() {
                        entries.skip_current_dir();
                    }
                }
            }
        }
    }

    /// Notes a folder below `home`, or says why it is left out.
    fn enter(&mut self, entry: &DirEntry, home: &Path, canonical: &mut Canonical, walk: &Walk) -> Option<&'static str> {
        let canonical = canonical.of(entry.path()).map(ToOwned::to_owned);
        if entry.depth() > 0 {
            if canonical.is_some() && canonical == walk.avoid {
                return Some("the output folder");
            }
            let back = |folder: &PathBuf| folder.starts_with(home) || home.starts_with(folder);
            if entry.path_is_symlink() && canonical.as_ref().is_some_and(back) {
                return Some("a symbolic link back into the input");
            }
            if VERSION_CONTROL.iter().any(|name| entry.file_name() == *name) {
                return Some("a folder of version control; give it as a path of its own to clean it");
            }
            if has_log(entry.path()) {
                return Some("the output of an earlier clean; give it as a path of its own to clean it");
            }
        }
        self.folders.extend(canonical);
        None
    }
}

/// Whether the log of a clean, or of a part of one, stands in a folder, packed or not.
pub fn has_log(folder: &Path) -> bool {
    let is_log = |path: &Path| read::begins_with(path, log::BEGINNING);
    let whole = folder.join(LOG);
    is_log(&whole) || is_log(&folder.join(PACKED_LOG)) || logs_of_shards(&whole).iter().any(|log| is_log(log))
}

/// The logs beside a log that are those of parts of the same clean.
pub fn logs_of_shards(whole: &Path) -> Vec<PathBuf> {
    let folder = whole.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.file_name());
    Shard::logs(whole, names)
}

fn leave_out_file(entry: &DirEntry) -> Option<&'static str> {
    let kind = entry.file_type();
    let name = entry.file_name().as_encoded_bytes();
    if kind.is_symlink() {
        Some("a symbolic link; give it as a path of its own to clean the file behind it")
    } else if !kind.is_file() {
        Some("not a regular file")
    } else if name.starts_with(write::PREFIX.as_bytes()) && name.ends_with(write::SUFFIX.as_bytes()) {
        Some("left behind by an interrupted run; it can be deleted")
    } else {
        None
    }
}

fn unreachable(error: &walkdir::Error) -> What {
    if error.loop_ancestor().is_some() {
        return What::Skip("a symbolic link back into the input".to_owned());
    }
    match error.io_error() {
        Some(cause) if cause.kind() == io::ErrorKind::NotFound => {
            let link = error.path().is_some_and(Path::is_symlink);
            if link { What::Skip("a symbolic link to nothing".to_owned()) } else { What::Fail(read::cause(cause)) }
        }
        Some(cause) => What::Fail(read::cause(cause)),
        None => What::Fail(error.to_string()),
    }
}
