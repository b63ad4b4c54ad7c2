//! `descrape rules`.
//!
//! Invariant: the rules shown as on are those that `descrape clean` runs with the same options, in the same order.

use std::path::PathBuf;

use clap::Args;
use descrape::config::{Rule, Safety};
use serde::Serialize;

use super::{Console, Exit, Run, cost};
use crate::cli::{Format, RuleArgs};

/// List the rules, in the order in which they run
#[derive(Debug, Args)]
#[command(after_long_help = "\
STATE says whether a rule runs, and why not:
  on         it runs
  report     it runs and changes nothing; what it would do is in the log
  risky      it runs with --risky
  disabled   a rules file switches it off
  skipped    --skip names it, or --only does not

A star behind ORIGIN marks a rule that another file has changed under `override`; `descrape explain ID` says which.")]
pub struct Rules {
    #[command(flatten)]
    rules: RuleArgs,

    /// Run the rules over these folders or files, write nothing, and list what each costs, the dearest first
    ///
    /// Costs are microseconds of one processor for each megabyte of text. LITERALS counts the strings one of which must
    /// stand in a line before a rule looks at it; a rule with `none` looks at every text, so a pattern that is dear and
    /// has none should name something that always stands there. Names in brackets are work that rules share.
    #[arg(long, value_name = "PATH")]
    cost: Vec<PathBuf>,

    /// How to write the list: a table for people, or one JSON object a line
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

/// One line of JSON.
#[derive(Debug, Serialize)]
struct Line<'r> {
    /// The number of the rule in the chain; none where it does not run.
    step: Option<usize>,
    id: &'r str,
    kind: &'r str,
    state: &'r str,
    /// More about the state.
    why: Option<&'r str>,
    origin: &'r str,
    changed_by: Option<&'r str>,
    tags: &'r [String],
    about: &'r str,
}

impl Run for Rules {
    fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
        let choice = self.rules.read()?;
        let chain = self.rules.select(&choice)?;
        if !self.cost.is_empty() {
            return cost::show(console, &chain, &self.cost, self.format);
        }
        let selection = self.rules.selection();
        let mut steps = 0;
        let lines: Vec<Line> = choice
            .set
            .all()
            .map(|(rule, disabled)| {
                let state = state(rule, disabled, selection.off(rule));
                let runs = matches!(state, "on" | "report");
                steps += usize::from(runs);
                Line {
                    step: runs.then_some(steps),
                    id: &rule.id,
                    kind: rule.kind,
                    state,
                    why: disabled,
                    origin: &rule.origin,
                    changed_by: rule.changed_by.as_deref(),
                    tags: &rule.tags,
                    about: &rule.about,
                }
            })
            .collect();
        match self.format {
            Format::Human => table(console, &lines)?,
            Format::Json => {
                for line in &lines {
                    console.line(serde_json::to_string(line)?)?;
                }
            }
        }
        Ok(Exit::Done)
    }
}

fn state(rule: &Rule, disabled: Option<&str>, off: Option<&'static str>) -> &'static str {
    match off {
        _ if disabled.is_some() => "disabled",
        Some("risky") => "risky",
        Some(_) => "skipped",
        None if rule.safety == Safety::Report => "report",
        None => "on",
    }
}

fn table(console: &mut Console, lines: &[Line]) -> std::io::Result<()> {
    let origin = |line: &Line| format!("{}{}", line.origin, if line.changed_by.is_some() { "*" } else { "" });
    let width = |least: usize, of: &dyn Fn(&Line) -> usize| lines.iter().map(of).max().unwrap_or(0).max(least);
    let (ids, kinds) = (width(4, &|line| line.id.len()), width(6, &|line| line.kind.len()));
    let origins = width(6, &|line| origin(line).chars().count());
    console.line(format_args!("STEP  {:<ids$}  {:<kinds$}  STATE     {:<origins$}  ABOUT", "RULE", "ACTION", "ORIGIN"))?;
    for line in lines {
        let step = line.step.map_or("-".to_owned(), |step| step.to_string());
        let (id, kind, state, origin, about) = (line.id, line.kind, line.state, origin(line), line.about);
        console
            .line(format_args!("{step:>4}  {id:<ids$}  {kind:<kinds$}  {state:<8}  {origin:<origins$}  {about}"))?;
    }
    Ok(())
}
