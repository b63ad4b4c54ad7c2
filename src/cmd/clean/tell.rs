//! What a clean tells while it goes on: a line, a diff or the text of each file.
//!
//! Invariant: a file is told of in its turn, and what was cleaned before was told before.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use descrape::batch::{Done, Facts};

use super::Clean;
use crate::cli::Format;
use crate::cmd::summary::{self, by_rule};
use crate::cmd::Console;

impl Clean {
    /// Shows lines of a large file, or hunks of its diff.
    pub(super) fn show_part(&self, console: &mut Console, input: &Path, part: &[u8], begun: &mut Option<PathBuf>) -> io::Result<()> {
        if self.diff {
            let first = begun.as_deref() != Some(input) && !part.is_empty();
            if first {
                *begun = Some(input.to_owned());
            }
            return summary::part_of_diff(console, &input.display().to_string(), &String::from_utf8_lossy(part), first);
        }
        console.out().write_all(part)?;
        // Whoever reads this as it comes is not to wait for more.
        console.flush()
    }

    pub(super) fn show(&self, console: &mut Console, done: &Done, facts: &Facts, place: Option<PathBuf>) -> io::Result<()> {
        let input = done.input.display();
        // What was cleaned before was told before.
        if facts.bad > 0 && !facts.kept {
            let (bad, encoding) = (summary::count(facts.bad as u64, "byte"), facts.encoding);
            console.warn(format_args!("{input}: {bad} not valid in {encoding} became \u{fffd}"));
        }
        for (row, why) in &facts.alone {
            console.note(format_args!("{input}:{row}: left alone: {why}"));
        }
        let more = facts.rows.filter(|_| !facts.kept).and_then(|rows| rows.kept.checked_sub(facts.alone.len() as u64 + 1));
        if let Some(more) = more {
            console.note(format_args!("{input}: and {} left alone", summary::count(more + 1, "more line")));
        }
        if let Some(text) = &facts.text {
            console.out().write_all(text.as_bytes())?;
        }
        if self.format == Format::Json {
            return Ok(());
        }
        if self.check && facts.changed {
            console.line(input)?;
        } else if let Some(diff) = facts.diff.as_deref().filter(|_| facts.changed) {
            summary::diff(console, &input.to_string(), facts, diff)?;
        } else if self.dry_run {
            let place = place.map_or("standard output".to_owned(), |place| place.display().to_string());
            let changes = match facts.rules.is_empty() {
                true if facts.changed => format!("the text stays; {} would go", summary::other_bytes(facts)),
                true => "unchanged".to_owned(),
                false => by_rule(&facts.rules),
            };
            console.line(format_args!("{input} -> {place}: {changes}"))?;
        }
        Ok(())
    }
}
