//! From the file options to a plan.
//!
//! Invariant: what commands share about files is here, so that a path means the same to each of them.

use std::num::NonZeroUsize;
use std::path::Path;

use descrape::batch::Came;
use descrape::decode::Encoding;
use descrape::walk::Globs;

use crate::cli::FileArgs;
use crate::cmd::Console;

impl FileArgs {
    /// How many files at the same time.
    pub fn threads(&self) -> usize {
        threads(self.jobs)
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

/// Tells of a file that came to nothing.
pub fn tell(console: &Console, input: &Path, came: &Came) {
    let input = input.display();
    match came {
        Came::Cleaned(_) => {}
        Came::Skipped(why) => console.note(format_args!("{input}: skipped: {why}")),
        Came::Failed { what, why } => console.error(format_args!("{input}: {what}: {why}")),
    }
}
