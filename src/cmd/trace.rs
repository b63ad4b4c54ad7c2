//! `descrape trace`.
//!
//! Invariant: what is shown is replayed from the changes themselves, so it is what `descrape clean` does.

use std::io::{self, BufRead, Read};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use descrape::chain::{Chain, Change};
use descrape::config::{Document, Rule, Subject};
use descrape::decode::Encoding;
use descrape::view::{Facts, View};
use descrape::{Cleaned, Cleaner, jsonl, read};

use super::{Console, Exit, Run, files, summary};
use crate::cli::{RuleArgs, size};

/// Show what each rule does to a document, step by step
#[derive(Debug, Args)]
#[command(after_long_help = "\
Each step shows the lines that a rule changed, as it found them and as it left them. Numbers are lines of the
document as it was before the first rule.

Examples:
  descrape trace page.txt              every step
  descrape trace page.txt --line 120   what became of line 120, and why
  descrape trace page.txt --shields    what rules must not touch: addresses, code, tables
  descrape trace pages.jsonl --field text --row 7    the document in line 7 of a file of JSON Lines")]
pub struct Trace {
    /// The document; `-` for standard input
    file: PathBuf,

    /// FILE is JSON Lines, and the document is in this field
    #[arg(short, long, value_name = "NAME", requires = "row")]
    field: Option<String>,

    /// The line of FILE with the document
    #[arg(long, value_name = "N", requires = "field")]
    row: Option<NonZeroUsize>,

    /// Show only what happens to this line of the document
    #[arg(long, value_name = "N")]
    line: Option<u32>,

    /// Show as well what rules must not touch
    #[arg(long)]
    shields: bool,

    #[command(flatten)]
    rules: RuleArgs,

    /// Read the document in this encoding instead of finding it out
    #[arg(long, value_name = "LABEL", value_parser = files::encoding)]
    encoding: Option<Encoding>,

    /// Leave a document larger than this alone, e.g. 500MB or 4GB
    #[arg(long, value_name = "SIZE", default_value = "1GB", value_parser = size)]
    max_size: u64,
}

impl Run for Trace {
    fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
        let choice = self.rules.read()?;
        let chain = self.rules.select(&choice)?;
        let name = self.file.display().to_string();
        let document = self.document().with_context(|| name.clone())?;
        let encoding = self.encoding.or(self.field.is_some().then_some(Encoding::Utf8));
        let cleaned = Cleaner::new(chain.clone()).clean_file(Some(&name), document, encoding);
        let cleaned = cleaned.with_context(|| name.clone())?;
        let original = cleaned.outcome.text.original();
        let line = match self.line {
            Some(line) => {
                let text = original.lines().nth(line.saturating_sub(1) as usize);
                Some(text.map(|text| (line, text)).with_context(|| format!("{name}: there is no line {line}"))?)
            }
            None => None,
        };
        console.line(format_args!("{name}: {}, {} lines", cleaned.source.encoding, original.lines().count()))?;
        if let Some((line, text)) = line {
            console.line(format_args!("{line:>5} | {text}"))?;
        }
        if self.shields {
            self.show_shields(console, original)?;
        }
        self.steps(console, &chain, &cleaned)?;
        for report in cleaned.outcome.reports.iter().filter(|report| self.covers(report.place.line, &report.text)) {
            let (line, rule, why) = (report.place.line, &report.rule, &report.why);
            console.line(format_args!("\n{rule} noted in line {line}: {why}: {:?}", report.text))?;
        }
        for skip in &cleaned.outcome.skips {
            let (share, limit) = (skip.share * 100.0, skip.limit * 100.0);
            let rule = &skip.rule;
            console.line(format_args!("\n{rule} held back: it would take {share:.1} % of the document, its limit is {limit} %"))?;
        }
        let document = Document { path: Some(&name), encoding: Some(cleaned.source.encoding), snippet: false };
        let facts = Facts::default();
        let subject = Subject::new(document, View::new(original, &facts));
        let idle = |rule: &&std::sync::Arc<Rule>| !rule.when.holds(&subject);
        let idle: Vec<&str> = chain.rules().iter().filter(idle).map(|rule| &*rule.id).collect();
        if !idle.is_empty() {
            console.line(format_args!("\nnot for this document: {}", idle.join(", ")))?;
        }
        Ok(Exit::Done)
    }
}

impl Trace {
    fn document(&self) -> anyhow::Result<Vec<u8>> {
        let stdin = self.file.as_os_str() == "-";
        let Some((field, row)) = self.field.as_deref().zip(self.row) else {
            let bytes = files::bytes(&self.file, stdin, self.max_size);
            return bytes.map_err(|(what, why)| anyhow!("{what}: {why}"));
        };
        let cause = |error: io::Error| anyhow!("cannot be read: {}", read::cause(&error));
        let mut lines: Box<dyn BufRead> = match stdin {
            true => Box::new(io::stdin().lock()),
            false => Box::new(read::document(&self.file).map_err(cause)?),
        };
        let mut line = Vec::new();
        for _ in 0..row.get() {
            line.clear();
            let most = self.max_size.saturating_add(1);
            lines.by_ref().take(most).read_until(b'\n', &mut line).map_err(cause)?;
            if line.len() as u64 == most {
                bail!(read::Oversize(self.max_size));
            }
        }
        let line = std::str::from_utf8(&line).with_context(|| format!("line {row} is not UTF-8"))?;
        if line.is_empty() {
            bail!("there is no line {row}");
        }
        let text = jsonl::text(line, field).with_context(|| format!("line {row}"))?;
        let text = text.with_context(|| format!("line {row} has no field {field:?}"))?;
        Ok(text.into_bytes())
    }

    fn covers(&self, first: u32, text: &str) -> bool {
        let last = first + text.trim_end_matches('\n').matches('\n').count() as u32;
        self.line.is_none_or(|line| (first..=last).contains(&line))
    }

    fn steps(&self, console: &mut Console, chain: &Chain, cleaned: &Cleaned) -> anyhow::Result<()> {
        let mut text = cleaned.outcome.text.original().to_owned();
        let mut shown = 0;
        for step in cleaned.outcome.changes.chunk_by(|a, b| a.step == b.step) {
            let after = apply(&text, step);
            let wanted: Vec<&Change> =
                step.iter().filter(|change| self.covers(change.place.line, &change.before)).collect();
            if let Some(first) = wanted.first() {
                shown += wanted.len();
                let count = wanted.len();
                let changes = if count == 1 { "change" } else { "changes" };
                console.line("")?;
                summary::heading(console, &format!("{}: {count} {changes}", first.rule))?;
                let rule = chain.rules().iter().find(|rule| rule.id == first.rule);
                for change in wanted {
                    show(console, &text, step, change)?;
                    if let Some(why) = rule.and_then(|rule| rule.body.why(&change.before)) {
                        console.line(format_args!("      = {why}"))?;
                    }
                }
            }
            text = after;
        }
        if shown == 0 {
            console.line("no rule changes anything here")?;
        }
        Ok(())
    }

    fn show_shields(&self, console: &mut Console, text: &str) -> std::io::Result<()> {
        let facts = Facts::default();
        let mut cursor = descrape::place::Cursor::new(text);
        for (at, what) in View::new(text, &facts).shields().ranges() {
            let place = cursor.place(at.start);
            if self.covers(place.line, &text[at.clone()]) {
                let shielded = text[at.clone()].lines().next().unwrap_or_default();
                console.line(format_args!("{:>5} : left alone as {}: {shielded}", place.line, what.names().join(", ")))?;
            }
        }
        Ok(())
    }
}

/// The text after the changes of one step, which are in order.
fn apply(text: &str, step: &[Change]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for change in step {
        out.push_str(&text[from..change.at]);
        out.push_str(&change.after);
        from = change.at + change.before.len();
    }
    out.push_str(&text[from..]);
    out
}

/// The lines that a change touches, before and after all changes of its step in them.
fn show(console: &mut Console, text: &str, step: &[Change], change: &Change) -> std::io::Result<()> {
    let start = text[..change.at].rfind('\n').map_or(0, |at| at + 1);
    let end = change.at + change.before.len();
    let end = if change.before.ends_with('\n') { end } else { text[end..].find('\n').map_or(text.len(), |at| end + at + 1) };
    let inside: Vec<&Change> =
        step.iter().filter(|other| start <= other.at && other.at + other.before.len() <= end).collect();
    // The first change of a line shows the line with all of them.
    if inside.first().is_some_and(|first| first.at != change.at) {
        return Ok(());
    }
    let mut after = String::new();
    let mut from = start;
    for other in inside {
        after.push_str(&text[from..other.at]);
        after.push_str(&other.after);
        from = other.at + other.before.len();
    }
    after.push_str(&text[from..end]);
    let line = change.place.line;
    for (sign, text) in [('-', &text[start..end]), ('+', after.as_str())] {
        for piece in text.lines() {
            summary::changed(console, sign, &format!("{line:>5} {sign} {piece}"))?;
        }
    }
    Ok(())
}
