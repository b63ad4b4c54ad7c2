//! From the file options to a plan.
//!
//! Invariant: what commands share about files is here, so that a path means the same to each of them.

use std::io;
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

/// The document of an entry, unpacked; of at most `limit` bytes where it was packed.
pub fn document(plan: &Plan, entry: &Entry, limit: u64) -> Result<Vec<u8>, Came> {
    let unreadable = |why| Came::Failed { what: "cannot be read", why };
    match &entry.what {
        What::Skip(why) => return Err(Came::Skipped(why.clone())),
        What::Fail(why) => return Err(unreadable(why.clone())),
        What::File => {}
    }
    let bytes = match plan.roots[entry.root].kind {
        RootKind::Stdin => read::stdin(),
        _ => read::file_within(&plan.input(entry), limit).map(|(bytes, _)| bytes),
    };
    let cause = |error: io::Error| match error.kind() {
        io::ErrorKind::FileTooLarge => format!("it is larger than {}; --max-size raises that limit", pack::size(limit)),
        _ => read::cause(&error),
    };
    pack::open(bytes.map_err(|error| unreadable(cause(error)))?, limit)
        .map_err(|error| Came::Failed { what: "cannot be unpacked", why: error.to_string() })
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
