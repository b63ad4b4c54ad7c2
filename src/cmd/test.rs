//! `descrape test`.
//!
//! Invariant: nothing is written without `--update`, and an update writes only what a rule of the set produced.

use std::io;
use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use descrape::config::RuleSet;
use descrape::golden::{Status, Verdict, check_rules, fixtures};

use super::{Console, Exit, Run};
use crate::cli::RuleArgs;

/// Run the tests beside the rules and the fixture folders
#[derive(Debug, Args)]
#[command(after_long_help = "\
A test of a rule stands beside it in the rules file and runs that rule alone:
    tests:
      - in: \"正文。\\n第 3 页\\n\"
        out: \"正文。\\n\"
      - keep: 请翻到第 3 页。

A fixture is a folder with a document called in.<something>, the text it should become in out.txt, and in
changes.txt what is done to get there. It is cleaned by all rules, or by a rules.yaml of its own.

How a test comes out:
  passed     as expected, and a second run changes nothing more
  missed     nothing was changed where something should have been
  harmed     something was changed where nothing should have been
  wrong      something was changed, and not as expected
  unstable   a second run of the rules changed something more; the rule that did is named")]
pub struct Test {
    /// Run only tests whose name holds this: a rule id, a fixture, a part of either
    filter: Option<String>,

    /// Use this rules file instead of the built-in rules
    #[arg(short, long, value_name = "FILE")]
    rules: Option<PathBuf>,

    /// The folder of fixtures [default: fixtures, where there is one]
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,

    /// Make what came out the expectation of every fixture that failed; read the changes before you keep them
    #[arg(short, long)]
    update: bool,
}

impl Run for Test {
    fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
        let rules = RuleArgs { rules: self.rules.clone(), ..RuleArgs::default() }.read()?.set;
        let mut tally = Tally::default();
        for verdict in check_rules(&rules, |name| self.wants(name)) {
            tally.add(console, "rule", &verdict)?;
        }
        self.run_fixtures(console, &rules, &mut tally)?;
        if tally.passed + tally.failed + tally.accepted == 0 {
            bail!("no test {}", self.filter.map_or("is there".to_owned(), |filter| format!("has {filter:?} in its name")));
        }
        tally.tell(console)?;
        Ok(if tally.failed > 0 { Exit::Found } else { Exit::Done })
    }
}

impl Test {
    fn wants(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| name.contains(filter))
    }

    fn run_fixtures(&self, console: &mut Console, rules: &RuleSet, tally: &mut Tally) -> anyhow::Result<()> {
        let root = match &self.fixtures {
            Some(root) => root.clone(),
            None if PathBuf::from("fixtures").is_dir() => "fixtures".into(),
            None => return Ok(()),
        };
        for fixture in fixtures(&root)? {
            if !self.wants(&fixture.name) {
                continue;
            }
            let cleaned = fixture.clean(rules)?;
            let verdict = fixture.check(&cleaned, rules);
            if self.update && matches!(verdict.status, Status::Missed | Status::Harmed | Status::Wrong) {
                fixture.accept(&cleaned)?;
                console.line(format_args!("accepted  fixture {}\n{}", fixture.name, verdict.diff))?;
                tally.accepted += 1;
            } else {
                tally.add(console, "fixture", &verdict)?;
            }
        }
        Ok(())
    }
}

/// How many tests came out how.
#[derive(Debug, Default)]
struct Tally {
    passed: usize,
    failed: usize,
    accepted: usize,
}

impl Tally {
    fn add(&mut self, console: &mut Console, what: &str, verdict: &Verdict) -> io::Result<()> {
        if verdict.status == Status::Passed {
            self.passed += 1;
            return Ok(());
        }
        self.failed += 1;
        console.line(format_args!("{}  {what} {}\n{}", verdict.status, verdict.name, verdict.diff))
    }

    fn tell(&self, console: &mut Console) -> io::Result<()> {
        let accepted = match self.accepted {
            0 => String::new(),
            accepted => format!(", {accepted} accepted"),
        };
        console.line(format_args!("{} passed, {} failed{accepted}", self.passed, self.failed))
    }
}
