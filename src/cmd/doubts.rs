//! The files of a clean whose encoding is likely but not certain, listed at its end for someone to look at.
//!
//! Invariant: memory does not grow with the number of files; the change log says it of each of them.

use descrape::batch::Facts;

use super::{Console, summary};

/// So many files are named.
const NAMED: usize = 10;

/// The files so far.
#[derive(Debug, Default)]
pub struct Doubts {
    named: Vec<String>,
    files: u64,
}

impl Doubts {
    /// Takes note of a cleaned file.
    pub fn see(&mut self, input: &str, facts: &Facts) {
        if facts.sure {
            return;
        }
        self.files += 1;
        if self.named.len() < NAMED {
            let or = facts.runner_up.map(|other| format!(" (or {other})")).unwrap_or_default();
            self.named.push(format!("  {input}: {}{or}", facts.encoding));
        }
    }

    /// Lists them.
    pub fn tell(self, console: &Console) {
        if self.files == 0 {
            return;
        }
        let Self { mut named, files } = self;
        let more = files - named.len() as u64;
        if more > 0 {
            named.push(format!("  and {more} more"));
        }
        let list = named.join("\n");
        console.note(format_args!(
            "encoding likely, not certain, in {}; `--encoding` settles it:\n{list}",
            summary::count(files, "file")
        ));
    }
}
