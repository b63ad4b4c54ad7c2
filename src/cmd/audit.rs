//! Which rules of a chain are of no use or do too much.
//!
//! Invariant: what is told is counted over all documents of the run.

use std::collections::BTreeMap;
use std::sync::Arc;

use clap::Args;
use descrape::batch::Facts;
use descrape::chain::Chain;

use super::Console;

/// What to tell about rules at the end.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Rules")]
pub struct AuditArgs {
    /// Tell at the end which rules found nothing to do
    #[arg(long)]
    pub unused: bool,

    /// Tell at the end which rules changed more than this share of the documents, e.g. 50%
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub often: Option<f64>,
}

fn share(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches(['%', '％']).trim().parse::<f64>().ok();
    let share = number.filter(|number| (0.0..=100.0).contains(number)).map(|number| number / 100.0);
    share.ok_or_else(|| "it is no share; write a percentage such as 50%".to_owned())
}

/// How many fights are shown.
const SHOWN: usize = 5;

/// What was seen so far.
#[derive(Debug, Default)]
pub struct Audit {
    documents: u64,
    /// In how many documents each rule changed something.
    rules: BTreeMap<Arc<str>, u64>,
    fights: usize,
    shown: Vec<String>,
}

impl Audit {
    /// Looks at a document.
    pub fn see(&mut self, input: &str, facts: &Facts) {
        self.documents += 1;
        for rule in facts.rules.keys() {
            *self.rules.entry(rule.clone()).or_default() += 1;
        }
        self.fights += facts.fights.len();
        let room = SHOWN - self.shown.len();
        self.shown.extend(facts.fights.iter().take(room).map(|fight| {
            let (line, column) = (fight.place.line, fight.place.column);
            format!("{input}:{line}:{column}: {} and {} undo one another", fight.first, fight.second)
        }));
    }

    /// Tells what is asked for, and fights in any case: rules that undo one another are a mistake in the rules.
    pub fn tell(&self, console: &Console, chain: &Chain, args: &AuditArgs) {
        if args.unused {
            let idle = chain.rules().iter().map(|rule| &*rule.id).filter(|id| !self.rules.contains_key(*id));
            tell_unused(console, &idle.collect::<Vec<_>>());
        }
        for (rule, files) in &self.rules {
            let share = *files as f64 / self.documents.max(1) as f64;
            if args.often.is_some_and(|most| share > most) {
                console.note(format_args!("changed {:.0} % of the documents: {rule}", share * 100.0));
            }
        }
        for fight in &self.shown {
            console.warn(fight);
        }
        if self.fights > self.shown.len() {
            console.warn(format_args!("and at least {} more places", self.fights - self.shown.len()));
        }
    }
}

/// Tells which rules found nothing to do.
pub fn tell_unused(console: &Console, idle: &[&str]) {
    match idle {
        [] => console.note("every rule found something to do"),
        idle => console.note(format_args!("found nothing to do: {}", idle.join(", "))),
    }
}
