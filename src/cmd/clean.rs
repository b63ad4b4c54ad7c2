//! `descrape clean`.
//!
//! Invariant: everything that could forbid the run is checked before anything is written.

mod plan;
mod tell;

use std::io::{self, IsTerminal};
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;
use clap::{Args, ValueEnum};
use descrape::Cleaner;
use descrape::batch::{self, Batch, Came, Log, Told, Unchanged};
use descrape::decode::Encoding;
use descrape::earlier::Earlier;
use descrape::log;
use descrape::shard::Shard;
use descrape::target::{self, Target};
use descrape::walk::What;

use super::audit::{Audit, AuditArgs};
use super::doubts::Doubts;
use super::stop::Stop;
use super::summary;
use super::{Console, Exit, Run, files, lines};
use crate::cli::{FileArgs, Format, RuleArgs};

/// Clean documents
///
/// A folder goes to PATH-clean, which mirrors its tree and holds the change log changes.jsonl; one file or `-` goes to
/// standard output. Whatever encoding a document is in, its clean text is UTF-8 without byte order mark, with \n line
/// ends. What is packed with gzip or Zstandard is packed again, under the same name; on standard output it is text.
/// `descrape undo` turns clean texts and log back into the very files they came from.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  descrape clean docs                       clean a folder into docs-clean
  descrape clean docs --diff | less -R      look at what would be changed
  descrape clean docs --check               in a pipeline: exit 1 if anything is unclean
  descrape clean docs -n                    which files go where, and which rules would change them
  descrape clean docs -o out -g '*.txt' -g '!drafts'
  descrape clean a.txt > b.txt              one file to standard output
  curl -s https://example.org/page.txt | descrape clean - > page.txt
  descrape clean docs --in-place            change the files; the log goes to docs.changes.jsonl
  descrape clean docs --in-place --resume   go on with it after it was stopped
  descrape clean docs -o out --shard 1/4    a quarter of the files; other machines take 2/4, 3/4 and 4/4
  descrape undo docs.changes.jsonl          and back")]
pub struct Clean {
    #[command(flatten)]
    files: FileArgs,

    /// Write into this folder
    ///
    /// A single folder is mirrored into DIR itself, a single file becomes DIR/NAME, several paths become DIR/NAME each.
    /// The results of an earlier clean of the same paths are replaced, and files that did not change since, cleaned by
    /// the same rules, are not cleaned again; any other file that stands in DIR, and any that was changed since, stays.
    #[arg(short, long, value_name = "DIR", conflicts_with = "in_place", help_heading = "Results")]
    output: Option<PathBuf>,

    /// Change the files themselves
    ///
    /// Each is replaced as a whole, once its changes are safe in the log.
    #[arg(long, help_heading = "Results")]
    in_place: bool,

    /// Write nothing; list the files that would change, and exit with 1 if there are any
    #[arg(long, conflicts_with_all = ["diff", "dry_run", "log"], help_heading = "Results")]
    check: bool,

    /// Write nothing; show what would change as a unified diff, and exit with 1 if there is anything
    #[arg(long, conflicts_with_all = ["dry_run", "log"], help_heading = "Results")]
    diff: bool,

    /// Write nothing; list what would be done: files, where they would go, changes by rule
    #[arg(short = 'n', long, conflicts_with = "log", help_heading = "Results")]
    dry_run: bool,

    /// Write the change log to this file
    ///
    /// By default it is changes.jsonl in the output folder; PATH.changes.jsonl for a single path with --in-place; and
    /// there is none where the text goes to standard output. A name that ends in .zst packs it with Zstandard, to about a tenth.
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    log: Option<PathBuf>,

    /// Go on with a clean that was interrupted
    ///
    /// To be given with the options of that clean; the results and the log are those of a clean that was never
    /// interrupted. Without --in-place a clean goes on anyway. With it, files that are clean already stay as they are,
    /// and all others, those that failed as well, are cleaned now. Where nothing was begun, it begins.
    #[arg(long, help_heading = "Results")]
    resume: bool,

    /// Clean only this part of the files, e.g. 2/4
    ///
    /// For several machines with one disk, or several runs at the same time: each file is in exactly one of the parts,
    /// which depends on nothing but its path. Each part has a log of its own, changes.2-of-4.jsonl.
    #[arg(long, value_name = "PART/OF", help_heading = "Files")]
    shard: Option<Shard>,

    /// What becomes of files that are clean already
    #[arg(long, value_enum, value_name = "HOW", default_value_t = Untouched::Copy, conflicts_with = "in_place", help_heading = "Results")]
    unchanged: Untouched,

    /// How it is told what came of the files: for people, or one JSON object a line on standard output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human, help_heading = "Results")]
    format: Format,

    #[command(flatten)]
    rules: RuleArgs,

    #[command(flatten)]
    audit: AuditArgs,

    /// Read files of JSON Lines (.jsonl, .ndjson, .json, also packed): the documents are in this field
    ///
    /// Each line is a JSON object and the text in its field is cleaned; everything else in the line stays as it is, byte for
    /// byte. May be given several times or with commas; `doc.text` is the field `text` of the object in `doc`. Standard input and
    /// files given as PATH are JSON Lines then, whatever their names. A line without the field, or that is no JSON, stays
    /// as it is, with a line that says so. So does one that is not UTF-8, as JSON has to be; --encoding does not concern it.
    #[arg(short, long = "field", value_name = "NAME", value_delimiter = ',', help_heading = "Files")]
    fields: Vec<String>,

    /// Read all files in this encoding instead of finding it out, e.g. gb18030, big5, utf-16le
    #[arg(long, value_name = "LABEL", value_parser = files::encoding, help_heading = "Files")]
    encoding: Option<Encoding>,
}

/// What becomes of files that are clean already, in an output folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Untouched {
    /// They are copied
    Copy,
    /// They get a second name, a hard link: no room is taken, but who edits one of the two may edit both
    Link,
    /// They are left out; the log says which they are, and undo finds them where they are
    Skip,
}

impl From<Untouched> for Unchanged {
    fn from(untouched: Untouched) -> Self {
        match untouched {
            Untouched::Copy => Self::Copy,
            Untouched::Link => Self::Link,
            Untouched::Skip => Self::Skip,
        }
    }
}

impl Run for Clean {
    fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
        let began = Instant::now();
        // The process ends with the command: to free what rules are made of, piece by piece, would be a part of the time
        // that one small file takes.
        let rules = ManuallyDrop::new(self.rules.read()?);
        let chain = self.rules.select(&rules)?;
        let (plan, target, log) = self.plan()?;
        let writes = !(self.check || self.diff || self.dry_run);
        if self.format == Format::Json && writes && target == Target::Stdout {
            bail!("--format json: standard output has the clean text already\n  help: put that into a folder with -o DIR");
        }
        let run = log.as_deref().map(|log| self.header(log, &rules, &chain, &target, &plan));
        let old = match (&log, &run) {
            (Some(log), Some(run)) => target::check_log(log, run, self.resume)?,
            _ => None,
        };
        if plan.entries.is_empty() {
            console.warn("there is no file to clean");
        }
        let any = plan.entries.iter().any(|entry| entry.what == What::File);
        let nowhere = Target::Nowhere;
        let cleaner = ManuallyDrop::new(Cleaner::new(chain));
        let leaves_traces = writes && target != Target::Stdout;
        let stop = if leaves_traces { Stop::on_signals()? } else { Stop::default() };
        let mut batch = Batch {
            plan: &plan,
            cleaner: &cleaner,
            encoding: self.encoding,
            target: if writes { &target } else { &nowhere },
            earlier: Earlier::default(),
            unchanged: self.unchanged.into(),
            tag: log.as_deref().map(batch::tag).unwrap_or_default(),
            fields: self.fields.clone(),
            limit: self.files.max_size,
            diff: self.diff,
            threads: self.files.threads(),
            stop: stop.flag(),
        };
        let log = match log.zip(run).filter(|_| writes && any) {
            None => None,
            Some((log, run)) => {
                if leaves_traces {
                    batch.earlier = self.earlier(&log, &run, &target)?;
                }
                if let Some(other) = old.as_ref().and_then(|old| run.differs(old)) {
                    console.note(format_args!("all files are cleaned again: the earlier clean was with {other}"));
                }
                Some(Log::create(log, run, &plan, &target)?)
            }
        };
        let orphans = match &target {
            Target::Folder(folder) => batch.earlier.orphans(&plan, folder),
            _ => Vec::new(),
        };
        let json = self.format == Format::Json;
        console.progress(plan.entries.len(), !writes || target == Target::Stdout || json);
        let (mut number, mut kept) = (0, 0);
        let mut audit = Audit::default();
        let mut doubts = Doubts::default();
        let mut repacked = 0;
        let mut begun = None;
        let mut hunks = String::new();
        let tally = batch.run(log, |told| {
            let mut done = match told {
                Told::Part(_, part) if json => {
                    hunks += &String::from_utf8_lossy(part);
                    return Ok(());
                }
                Told::Part(input, part) => return self.show_part(console, input, part, &mut begun),
                Told::Done(done) => done,
            };
            if !hunks.is_empty()
                && let Came::Cleaned(facts) = &mut done.came
            {
                facts.diff = Some(std::mem::take(&mut hunks));
            }
            files::tell(console, &done.input, &done.came);
            let place = target.place(&plan, &plan.entries[number]);
            number += 1;
            if json {
                lines::file(console, &done, place.as_deref())?;
            }
            if let Came::Cleaned(facts) = &done.came {
                kept += u64::from(facts.kept);
                repacked += u64::from(facts.repacked && target == Target::InPlace);
                let input = done.input.display().to_string();
                audit.see(&input, facts);
                doubts.see(&input, facts);
                self.show(console, &done, facts, place)?;
            }
            console.step();
            Ok(())
        })?;
        if json {
            lines::tally(console, &tally, kept)?;
        }
        console.finish();
        console.flush()?;
        let on_screen = writes && target == Target::Stdout && io::stdout().is_terminal();
        if any && !on_screen {
            console.note(summary::of(&tally, kept, began.elapsed(), !writes));
        }
        if tally.interrupted {
            let how = if target == Target::InPlace { " and --resume" } else { "" };
            console.warn(format_args!("stopped before the end; the same command{how} goes on from here"));
        }
        if repacked > 0 {
            let files = summary::count(repacked, "packed file");
            console.note(format_args!("{files}: undo gives the documents back byte for byte, in files packed anew"));
        }
        if let Some(first) = orphans.first() {
            let (texts, first) = (summary::count(orphans.len() as u64, "clean text"), first.display());
            console.note(format_args!("{texts} left of files that are gone, such as {first}; delete what you do not need"));
        }
        doubts.tell(console);
        audit.tell(console, cleaner.chain(), &self.audit);
        Ok(match tally {
            log::Tally { interrupted: true, .. } => Exit::Stopped,
            log::Tally { failed: 1.., .. } => Exit::Failed,
            // Whoever asked for this one text did not get it.
            log::Tally { skipped: 1.., .. } if writes && target == Target::Stdout => Exit::Failed,
            log::Tally { changed: 1.., .. } if self.check || self.diff => Exit::Found,
            _ => Exit::Done,
        })
    }
}
