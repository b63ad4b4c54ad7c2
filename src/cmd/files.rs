//! From the file options to a plan.
//!
//! Invariant: what commands share about files is here, so that a path means the same to each of them.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use descrape::batch::Came;
use descrape::decode::{Encoding, NotText};
use descrape::walk::{self, Entry, Globs, Plan, Root, RootKind, Walk, What};
use descrape::{pack, read};

use crate::cli::FileArgs;
use crate::cmd::Console;

/// What was given.
pub struct Given {
    /// The paths.
    pub roots: Vec<Root>,
    names: Option<Vec<PathBuf>>,
}

impl Given {
    /// All files that are meant.
    pub fn plan(self, walk: &Walk) -> Plan {
        match (self.names, self.roots) {
            (Some(names), mut roots) => Plan::listed(roots.remove(0), &names, walk),
            (None, roots) => Plan::new(roots, walk),
        }
    }
}

impl FileArgs {
    /// How many files at the same time.
    pub fn threads(&self) -> usize {
        threads(self.jobs)
    }

    /// The paths that were given, and the names on the list, where there is one.
    pub fn roots(&self) -> anyhow::Result<Given> {
        let Some(list) = &self.files_from else { return Ok(Given { roots: walk::roots(&self.paths), names: None }) };
        let folder = match self.paths.as_slice() {
            [] => PathBuf::from("."),
            [folder] => folder.clone(),
            _ => bail!("--files-from takes one PATH: the folder that the names start from"),
        };
        let roots = walk::roots(&[folder]);
        if roots[0].kind != RootKind::Folder {
            bail!(
                "{}: is no folder\n  help: with --files-from, PATH is the folder that the names start from",
                roots[0].path.display()
            );
        }
        let bytes = match list.as_os_str() == "-" {
            true => read::stdin(),
            false => read::file(list).map(|(bytes, _)| bytes),
        };
        let bytes = bytes.map_err(|error| anyhow!("{}: cannot be read: {}", list.display(), read::cause(&error)))?;
        Ok(Given { roots, names: Some(walk::names(&bytes, self.null)) })
    }

    /// The globs, compiled.
    pub fn globs(&self) -> anyhow::Result<Globs> {
        Ok(Globs::new(self.globs.iter().map(String::as_str))?)
    }
}

/// How many threads: as many as were asked for, or one per core.
pub fn threads(jobs: Option<NonZeroUsize>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    jobs.map_or_else(cores, NonZeroUsize::get)
}

/// Reads the name of an encoding.
pub fn encoding(label: &str) -> Result<Encoding, String> {
    Encoding::for_label(label)
        .ok_or_else(|| "no encoding has this name; some that have: utf-8, gb18030, big5, shift_jis, euc-kr".to_owned())
}

/// The document of an entry, unpacked; of at most `limit` bytes.
pub fn document(plan: &Plan, entry: &Entry, limit: u64) -> Result<Vec<u8>, Came> {
    match &entry.what {
        What::Skip(why) => return Err(Came::Skipped(why.clone())),
        What::Fail(why) => return Err(Came::Failed { what: "cannot be read", why: why.clone() }),
        What::File => {}
    }
    let stdin = plan.roots[entry.root].kind == RootKind::Stdin;
    bytes(&plan.input(entry), stdin, limit).map_err(|(what, why)| Came::Failed { what, why })
}

/// The document in a file, or in standard input, unpacked; of at most `limit` bytes. What could not be done, and why.
pub fn bytes(path: &Path, stdin: bool, limit: u64) -> Result<Vec<u8>, (&'static str, String)> {
    let bytes = match stdin {
        true => read::stdin_within(limit),
        false => read::file_within(path, limit).map(|(bytes, _)| bytes),
    };
    let bytes = bytes.map_err(|error| ("cannot be read", read::cause(&error)))?;
    pack::open(bytes, limit).map_err(|error| ("cannot be unpacked", error.to_string()))
}

/// What comes of bytes that are no text.
pub fn not_text(NotText::Binary { why }: NotText) -> Came {
    Came::Skipped(format!("binary ({why})"))
}

/// Tells of a file that came to nothing.
pub fn tell(console: &Console, input: &Path, came: &Came) {
    let input = input.display();
    match came {
        Came::Cleaned(_) => {}
        Came::Skipped(why) => console.note(format_args!("{input}: skipped: {why}")),
        Came::Failed { what, why } => console.error(format_args!("{input}: {what}: {why}")),
    }
}
