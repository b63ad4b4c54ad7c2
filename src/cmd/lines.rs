//! What came of a clean, for programs: one JSON object a line.
//!
//! Invariant: every file of the run has one line, in the order of the run, and the counts come last.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use descrape::batch::{Came, Done};
use descrape::log::{Counts, Name, Tally};
use serde::Serialize;

use super::{Console, memory};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Line<'a> {
    File(Box<File<'a>>),
    End {
        /// Files that were cleaned before and were not cleaned again.
        kept: u64,
        /// The most bytes of memory that the run took, where the system tells that.
        #[serde(skip_serializing_if = "Option::is_none")]
        peak_memory: Option<u64>,
        #[serde(flatten)]
        tally: &'a Tally,
    },
}

#[derive(Serialize)]
struct File<'a> {
    #[serde(flatten)]
    name: Name,
    came: &'static str,
    #[serde(flatten)]
    facts: Option<Facts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

#[derive(Serialize)]
struct Facts<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    changed: bool,
    in_bytes: u64,
    out_bytes: u64,
    encoding: String,
    bad_bytes: usize,
    rules: &'a BTreeMap<Arc<str>, u64>,
    held: &'a [Arc<str>],
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Counts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<&'a str>,
}

/// The line of a file.
pub fn file(console: &mut Console, done: &Done, place: Option<&Path>) -> io::Result<()> {
    let (came, facts, why) = match &done.came {
        Came::Skipped(why) => ("skipped", None, Some(why.clone())),
        Came::Failed { what, why } => ("failed", None, Some(format!("{what}: {why}"))),
        Came::Cleaned(facts) => {
            let came = if facts.kept { "kept" } else { "cleaned" };
            let facts = Facts {
                place: place.map(|place| place.display().to_string()),
                changed: facts.changed,
                in_bytes: facts.in_bytes,
                out_bytes: facts.out_bytes,
                encoding: facts.encoding.to_string(),
                bad_bytes: facts.bad,
                rules: &facts.rules,
                held: &facts.held,
                rows: facts.rows,
                diff: facts.diff.as_deref().filter(|_| facts.changed),
            };
            (came, Some(facts), None)
        }
    };
    line(console, &Line::File(Box::new(File { name: Name::new(&done.input), came, facts, why })))?;
    // Whoever follows the run sees each file when it is done.
    console.flush()
}

/// The last line.
pub fn tally(console: &mut Console, tally: &Tally, kept: u64) -> io::Result<()> {
    line(console, &Line::End { kept, peak_memory: memory::peak(), tally })
}

fn line(console: &mut Console, line: &Line) -> io::Result<()> {
    let out = console.out();
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
