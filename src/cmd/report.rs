//! How the results of tests are written.
//!
//! Invariant: JSON and JUnit XML hold every test, whether it passed or not; for people only what did not pass is told.

use std::fmt::Write;
use std::io;

use clap::ValueEnum;
use descrape::golden::{Status, Verdict};
use serde::Serialize;

use super::{Console, Exit, summary};

/// How to write results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// What did not pass, with a diff.
    Human,
    /// One object a line.
    Json,
    /// XML as build servers read it.
    Junit,
}

/// The results so far.
#[derive(Debug)]
pub struct Report {
    format: Format,
    passed: usize,
    failed: usize,
    todo: usize,
    accepted: usize,
    /// For JUnit, whose first line counts what follows.
    cases: String,
}

/// One line of JSON.
#[derive(Debug, Serialize)]
struct Line<'v> {
    what: &'v str,
    name: &'v str,
    status: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    diff: &'v str,
    accepted: bool,
}

impl Report {
    /// Nothing yet.
    pub fn new(format: Format) -> Self {
        Self { format, passed: 0, failed: 0, todo: 0, accepted: 0, cases: String::new() }
    }

    /// True where no test was run.
    pub fn is_empty(&self) -> bool {
        self.passed + self.failed + self.todo + self.accepted == 0
    }

    /// A test whose result became the expectation.
    pub fn accepted(&mut self, console: &mut Console, what: &str, verdict: &Verdict) -> io::Result<()> {
        self.accepted += 1;
        self.tell(console, what, verdict, true)
    }

    /// A test.
    pub fn add(&mut self, console: &mut Console, what: &str, verdict: Verdict) -> io::Result<()> {
        match (&verdict.status, verdict.todo) {
            (Status::Passed, _) => self.passed += 1,
            (_, true) => self.todo += 1,
            _ => self.failed += 1,
        }
        self.tell(console, what, &verdict, false)
    }

    fn tell(&mut self, console: &mut Console, what: &str, verdict: &Verdict, accepted: bool) -> io::Result<()> {
        let Verdict { name, diff, .. } = verdict;
        let status = match (&verdict.status, verdict.todo) {
            (status, true) if *status != Status::Passed => "todo".to_owned(),
            (status, _) => status.to_string(),
        };
        match self.format {
            Format::Human if accepted => {
                console.line(format_args!("accepted  {what} {name}"))?;
                summary::hunks(console, diff)
            }
            Format::Human if verdict.failed() => {
                console.line(format_args!("{status}  {what} {name}"))?;
                summary::hunks(console, diff)?;
                console.line("")
            }
            Format::Human if verdict.todo && verdict.status == Status::Passed => {
                console.line(format_args!("passed  {what} {name} is marked `todo` and passes; take the mark away"))
            }
            Format::Human => Ok(()),
            Format::Json => {
                let line = Line { what, name, status, diff, accepted };
                console.line(serde_json::to_string(&line)?)
            }
            Format::Junit => {
                let _ = write!(self.cases, "  <testcase classname=\"{what}\" name=\"{}\">", xml(name));
                let _ = match (verdict.failed() && !accepted, status.as_str()) {
                    (true, _) => write!(self.cases, "<failure type=\"{}\">{}</failure>", xml(&status), xml(diff)),
                    (false, "todo") => write!(self.cases, "<skipped message=\"todo\"/>"),
                    _ => Ok(()),
                };
                self.cases.push_str("</testcase>\n");
                Ok(())
            }
        }
    }

    /// The sum of it all.
    pub fn finish(self, console: &mut Console) -> anyhow::Result<Exit> {
        let Self { passed, failed, todo, accepted, .. } = self;
        match self.format {
            Format::Human => {
                let more = |count, what| if count > 0 { format!(", {count} {what}") } else { String::new() };
                let (todo, accepted) = (more(todo, "todo"), more(accepted, "accepted"));
                console.line(format_args!("{passed} passed, {failed} failed{todo}{accepted}"))?;
            }
            Format::Json => {}
            Format::Junit => {
                let tests = passed + failed + todo + accepted;
                console.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
                console.line(format_args!(
                    "<testsuite name=\"descrape\" tests=\"{tests}\" failures=\"{failed}\" skipped=\"{todo}\">"
                ))?;
                console.line(format_args!("{}</testsuite>", self.cases))?;
            }
        }
        Ok(if failed > 0 { Exit::Found } else { Exit::Done })
    }
}

/// A text inside XML 1.0, which has no way to write most control characters.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}
