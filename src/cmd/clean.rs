//! `descrape clean`.
//!
//! Invariant: everything that could forbid the run is checked before anything is written.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use descrape::Cleaner;
use descrape::chain::Chain;
use descrape::batch::{Batch, Came, Done, Facts, Log, Told};
use descrape::decode::Encoding;
use descrape::earlier::Earlier;
use descrape::log::{self, FORMAT};
use descrape::target::{self, Target, absolute};
use descrape::walk::{Plan, Walk, What};

use super::audit::{Audit, AuditArgs};
use super::choice::Choice;
use super::summary::{self, by_rule};
use super::{Console, Exit, Run, files};
use crate::cli::{FileArgs, RuleArgs};

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
  descrape undo docs.changes.jsonl          and back")]
pub struct Clean {
    #[command(flatten)]
    files: FileArgs,

    /// Write into this folder
    ///
    /// A single folder is mirrored into DIR itself, a single file becomes DIR/NAME, several paths become DIR/NAME each.
    /// The results of an earlier clean of the same paths are replaced; any other file that stands in DIR, and any that was changed since, never is.
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

    #[command(flatten)]
    rules: RuleArgs,

    #[command(flatten)]
    audit: AuditArgs,

    /// Read files of JSON Lines (.jsonl, .ndjson, .json, also packed): the documents are in this field
    ///
    /// Each line is a JSON object and the text in its field is cleaned; everything else in the line stays as it is, byte for
    /// byte. May be given several times or with commas; `doc.text` is the field `text` of the object in `doc`. Standard input and
    /// files given as PATH are JSON Lines then, whatever their names. A line without the field, or that is no JSON, stays
    /// as it is, with a line that says so.
    #[arg(short, long = "field", value_name = "NAME", value_delimiter = ',', help_heading = "Files")]
    fields: Vec<String>,

    /// Read all files in this encoding instead of finding it out, e.g. gb18030, big5, utf-16le
    #[arg(long, value_name = "LABEL", value_parser = files::encoding, help_heading = "Files")]
    encoding: Option<Encoding>,
}

impl Run for Clean {
    fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
        let began = Instant::now();
        let rules = self.rules.read()?;
        let chain = self.rules.select(&rules)?;
        let (plan, target, log) = self.plan()?;
        let writes = !(self.check || self.diff || self.dry_run);
        let again = log.as_deref().map_or(Ok(false), |log| target::check_log(log, &plan.roots))?;
        if plan.entries.is_empty() {
            console.warn("there is no file to clean");
        }
        let any = plan.entries.iter().any(|entry| entry.what == What::File);
        let earlier = match &log {
            Some(log) if again && writes => Earlier::read(log).with_context(|| format!("{}: cannot be read", log.display()))?,
            _ => Earlier::default(),
        };
        let nowhere = Target::Nowhere;
        let cleaner = Cleaner::new(chain.clone());
        let batch = Batch {
            plan: &plan,
            cleaner: &cleaner,
            encoding: self.encoding,
            target: if writes { &target } else { &nowhere },
            earlier,
            fields: self.fields.clone(),
            limit: self.files.max_size,
            diff: self.diff,
            threads: self.files.threads(),
        };
        let log = log.filter(|_| writes && any).map(|log| Log::create(log, self.header(&rules, &chain, &target, &plan), &plan, &target));
        console.progress(plan.entries.len(), !writes || target == Target::Stdout);
        let mut number = 0;
        let mut audit = Audit::default();
        let mut repacked = 0;
        let mut begun = None;
        let tally = batch.run(log.transpose()?, |told| {
            let done = match told {
                Told::Part(input, part) => return self.show_part(console, input, part, &mut begun),
                Told::Done(done) => done,
            };
            files::tell(console, &done.input, &done.came);
            let place = target.place(&plan, &plan.entries[number]);
            number += 1;
            if let Came::Cleaned(facts) = &done.came {
                repacked += u64::from(facts.repacked && target == Target::InPlace);
                audit.see(&done.input.display().to_string(), facts);
                self.show(console, &done, facts, place)?;
            }
            console.step();
            Ok(())
        })?;
        console.finish();
        console.flush()?;
        let on_screen = writes && target == Target::Stdout && io::stdout().is_terminal();
        if any && !on_screen {
            console.note(summary::of(&tally, began.elapsed(), !writes));
        }
        if repacked > 0 {
            let files = summary::count(repacked, "packed file");
            console.note(format_args!("{files}: undo gives the documents back byte for byte, in files packed anew"));
        }
        audit.tell(console, &chain, &self.audit);
        Ok(match tally {
            log::Tally { failed: 1.., .. } => Exit::Failed,
            // Whoever asked for this one text did not get it.
            log::Tally { skipped: 1.., .. } if writes && target == Target::Stdout => Exit::Failed,
            log::Tally { changed: 1.., .. } if self.check || self.diff => Exit::Found,
            _ => Exit::Done,
        })
    }
}

impl Clean {
    /// Which files, where they go, and where the log goes.
    fn plan(&self) -> anyhow::Result<(Plan, Target, Option<PathBuf>)> {
        let given = self.files.roots()?;
        let roots = &given.roots;
        let looks = self.check || self.diff;
        let target = match &self.output {
            Some(folder) => Target::Folder(folder.clone()),
            None if self.in_place => Target::InPlace,
            None if looks => Target::Nowhere,
            None => Target::usual(roots)?,
        };
        target.check(roots)?;
        let log = match &self.log {
            Some(log) => Some(log.clone()),
            None if looks || self.dry_run => None,
            None => target.usual_log(roots)?,
        };
        let avoid = match &target {
            Target::Folder(folder) => Some(absolute(folder)),
            _ => None,
        };
        let walk = Walk { globs: self.files.globs()?, follow: target != Target::InPlace, avoid };
        let plan = given.plan(&walk);
        target.check_plan(&plan, log.as_deref())?;
        Ok((plan, target, log))
    }

    /// The first record of the log.
    fn header(&self, rules: &Choice, chain: &Chain, target: &Target, plan: &Plan) -> log::Run {
        log::Run {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            mode: target.mode(),
            paths: plan.roots.iter().map(|root| root.path.display().to_string()).collect(),
            rules: rules.name.clone(),
            rules_hash: rules.hash,
            chain: chain.rules().iter().map(|rule| rule.id.clone()).collect(),
            encoding: self.encoding.map(|encoding| encoding.to_string()),
        }
    }

    /// Shows lines of a large file, or hunks of its diff.
    fn show_part(&self, console: &mut Console, input: &Path, part: &[u8], begun: &mut Option<PathBuf>) -> io::Result<()> {
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

    fn show(&self, console: &mut Console, done: &Done, facts: &Facts, place: Option<PathBuf>) -> io::Result<()> {
        let input = done.input.display();
        if facts.bad > 0 {
            let (bad, encoding) = (summary::count(facts.bad as u64, "byte"), facts.encoding);
            console.warn(format_args!("{input}: {bad} not valid in {encoding} became \u{fffd}"));
        }
        for (row, why) in &facts.kept {
            console.note(format_args!("{input}:{row}: left alone: {why}"));
        }
        if let Some(more) = facts.rows.and_then(|rows| rows.kept.checked_sub(facts.kept.len() as u64 + 1)) {
            console.note(format_args!("{input}: and {} left alone", summary::count(more + 1, "more line")));
        }
        if let Some(text) = &facts.text {
            console.out().write_all(text.as_bytes())?;
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
