//! `descrape explain`.
//!
//! Invariant: what is said of a rule is what its file says; what is said of an action is its reference.

use std::fmt::Write;

use anyhow::bail;
use clap::Args;
use descrape::config::{PRESETS, Rule};
use descrape::reference;
use descrape::rules::KINDS;

use super::{Console, Exit, Run};
use crate::cli::RuleArgs;

/// Tell what a rule, an action or a preset does
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  descrape explain page-number-line      a rule: what it does, with its tests
  descrape explain remove                an action: its fields, with examples
  descrape explain web-novel             a preset: its rules
  descrape explain -r my.yaml share-bar  a rule of your own")]
pub struct Explain {
    /// The id of a rule, an action such as `remove`, or a preset such as `default`
    name: String,

    /// Use this rules file instead of the built-in rules
    #[arg(short, long, value_name = "FILE")]
    rules: Option<std::path::PathBuf>,
}

impl Run for Explain {
    fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
        let set = RuleArgs { rules: self.rules.clone(), ..RuleArgs::default() }.read()?.set;
        let name = self.name.as_str();
        let rule = set.all().find(|(rule, _)| *rule.id == *name);
        let rule = rule.map(|(rule, disabled)| of_rule(rule, disabled));
        let Some(text) = rule.or_else(|| reference::kind(name)).or_else(|| reference::preset(name)) else {
            let ids = set.all().map(|(rule, _)| &*rule.id);
            let others = KINDS.iter().map(|kind| kind.name).chain(PRESETS.iter().map(|preset| preset.name));
            let help = match descrape::config::closest(name, ids.chain(others)) {
                Some(best) => format!("did you mean `{best}`?"),
                None => "`descrape rules` lists the rules".to_owned(),
            };
            bail!("no rule, action or preset is called `{name}`\n  help: {help}");
        };
        console.line(text.trim_end())?;
        Ok(Exit::Done)
    }
}

fn of_rule(rule: &Rule, disabled: Option<&str>) -> String {
    let mut out = format!("{}\n", rule.id);
    if !rule.about.is_empty() {
        let _ = writeln!(out, "{}", rule.about);
    }
    let state = match (disabled, rule.safety.word()) {
        (Some(why), _) => format!("off: {why}"),
        (None, "risky") => "risky: runs only with --risky".to_owned(),
        (None, "report") => "report: changes nothing, only logs".to_owned(),
        (None, _) => "on".to_owned(),
    };
    let _ = writeln!(out, "\naction  {} (descrape explain {})\nstate   {state}", rule.kind, rule.kind);
    if !rule.tags.is_empty() {
        let _ = writeln!(out, "tags    {}", rule.tags.join(", "));
    }
    let _ = write!(out, "from    {}", rule.origin);
    if let Some(other) = &rule.changed_by {
        let _ = write!(out, ", changed by {other}");
    }
    let _ = writeln!(out, "\n\n  - {}", rule.yaml);
    out
}
