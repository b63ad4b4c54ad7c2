//! What is said at the end of a clean, and how a diff looks.
//!
//! Invariant: the summary goes to standard error, so that it never mixes with results.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use descrape::batch::Facts;
use descrape::decode::Encoding;
use descrape::log::{Counts, Tally};

use super::{Console, memory};

/// The summary of a run. `kept` files were not cleaned again. `looked` where nothing was written.
pub fn of(tally: &Tally, kept: u64, took: Duration, looked: bool) -> String {
    let mut out = String::new();
    write(&mut out, tally, kept, took, looked).expect("a String takes everything");
    out.truncate(out.trim_end().len());
    out
}

fn write(out: &mut String, tally: &Tally, kept: u64, took: Duration, looked: bool) -> fmt::Result {
    let seconds = took.as_secs_f64();
    let verb = if looked { "looked at" } else { "cleaned" };
    let (files, size, speed) =
        (count(tally.files, "file"), size(tally.in_bytes), tally.in_bytes as f64 / 1e6 / seconds);
    let memory = memory::peak().map(|bytes| format!(", {:.0} MB of memory", bytes as f64 / 1e6)).unwrap_or_default();
    writeln!(out, "{verb} {files}, {size} in {seconds:.2} s ({speed:.1} MB/s{memory})")?;
    if kept > 0 {
        writeln!(out, "{} as before: clean already, by the same rules", count(kept, "file"))?;
    }
    if let Some(Counts { texts, kept }) = tally.rows {
        let kept = if kept > 0 { format!(", {} left alone", count(kept, "line")) } else { String::new() };
        writeln!(out, "in JSON Lines: {}{kept}", count(texts, "text"))?;
    }
    let would = if looked { "would change" } else { "changed" };
    let changes: u64 = tally.rules.values().sum();
    writeln!(out, "{would} {}, {} by rules", count(tally.changed, "file"), count(changes, "change"))?;
    for (rule, count) in ranked(&tally.rules) {
        writeln!(out, "  {count:>8}  {rule}")?;
    }
    for (rule, files) in ranked(&tally.held) {
        writeln!(out, "held back in {}: {rule} (over its limit)", count(files, "file"))?;
    }
    if tally.encodings.keys().any(|encoding| encoding != "utf-8") {
        let all: Vec<_> = ranked(&tally.encodings).map(|(encoding, files)| format!("{encoding} {files}")).collect();
        writeln!(out, "encodings: {}", all.join(", "))?;
    }
    if tally.skipped > 0 {
        writeln!(out, "skipped {}", count(tally.skipped, "file"))?;
    }
    if tally.failed > 0 {
        writeln!(out, "failed: {}", count(tally.failed, "file"))?;
    }
    Ok(())
}

/// The largest count first.
fn ranked<K: Ord>(counts: &BTreeMap<K, u64>) -> impl Iterator<Item = (&K, u64)> {
    let mut all: Vec<_> = counts.iter().map(|(key, count)| (key, *count)).collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all.into_iter()
}

/// A number of bytes, in decimal units.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => count(bytes, "byte"),
        1_000..1_000_000 => format!("{:.1} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// A number and its noun.
pub fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Changes by rule in one line.
pub fn by_rule(rules: &BTreeMap<Arc<str>, u64>) -> String {
    let all: Vec<_> = ranked(rules).map(|(rule, count)| format!("{rule} {count}")).collect();
    format!("{} ({})", count(rules.values().sum(), "change"), all.join(", "))
}

const HEAD: Style = Style::new().bold();
const PLACE: Style = AnsiColor::Cyan.on_default();
const GONE: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();

/// Shows the diff of one file.
pub fn diff(console: &mut Console, input: &str, facts: &Facts, hunks: &str) -> io::Result<()> {
    if hunks.is_empty() {
        return console.line(format_args!("{input}: the text stays; {} would go", other_bytes(facts)));
    }
    part_of_diff(console, input, hunks, true)
}

/// Shows hunks of a diff, behind its head where they are the first.
pub fn part_of_diff(console: &mut Console, input: &str, hunks: &str, first: bool) -> io::Result<()> {
    let colour = console.colour();
    let out = console.out();
    // As with git, a tab ends a name with blanks in it.
    let end = if input.contains(char::is_whitespace) { "\t" } else { "" };
    let head = [format!("--- {input}{end}\n"), format!("+++ {input}{end}\n")];
    let head = if first { &head[..] } else { &[] };
    let lines = head.iter().map(String::as_str).map(|line| (HEAD, line));
    for (style, line) in lines.chain(hunks.split_inclusive('\n').map(|line| (style(line), line))) {
        match colour {
            true => writeln!(out, "{style}{}{style:#}", line.trim_end_matches('\n'))?,
            false => out.write_all(line.as_bytes())?,
        }
    }
    Ok(())
}

/// The lines of a unified diff.
pub fn hunks(console: &mut Console, diff: &str) -> io::Result<()> {
    diff.lines().try_for_each(|line| coloured(console, style(line), line))
}

/// A heading.
pub fn heading(console: &mut Console, text: &str) -> io::Result<()> {
    coloured(console, HEAD, text)
}

/// A line that is gone (`-`) or new (`+`).
pub fn changed(console: &mut Console, sign: char, text: &str) -> io::Result<()> {
    coloured(console, if sign == '-' { GONE } else { NEW }, text)
}

fn coloured(console: &mut Console, style: Style, text: &str) -> io::Result<()> {
    match console.colour() {
        true => console.line(format_args!("{style}{text}{style:#}")),
        false => console.line(text),
    }
}

fn style(line: &str) -> Style {
    match line.as_bytes().first() {
        Some(b'@') => PLACE,
        Some(b'-') => GONE,
        Some(b'+') => NEW,
        _ => Style::new(),
    }
}

/// What a file has that its clean text cannot have.
pub fn other_bytes(facts: &Facts) -> String {
    let encoding = (facts.encoding != Encoding::Utf8).then(|| facts.encoding.to_string());
    let mark = facts.bom.then(|| "the byte order mark".to_owned());
    let ends = facts.line_ends.then(|| "other line ends".to_owned());
    let bad = (facts.bad > 0).then(|| "invalid bytes".to_owned());
    encoding.into_iter().chain(mark).chain(ends).chain(bad).collect::<Vec<_>>().join(", ")
}
