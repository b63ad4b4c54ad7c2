//! `descrape test`.
//!
//! Invariant: nothing is written without `--update` or a yes to `--review`, and what is written is only what a rule of
//! the set produced.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use descrape::config::RuleSet;
use descrape::decode;
use descrape::golden::{Case, Status, Verdict, accept, check_rules, fixtures};
use descrape::{read, write};

use super::audit::tell_unused;
use super::report::{Format, Report};
use super::{Console, Exit, Run, summary};
use crate::cli::RuleArgs;

/// Run the tests beside the rules and the fixture folders
#[derive(Debug, Args)]
#[command(after_long_help = "\
A test of a rule stands beside it in the rules file and runs that rule alone:
    tests:
      - in: \"正文。\\n第 3 页\\n\"
        out: \"正文。\\n\"
      - keep: 请翻到第 3 页。
      - keep: 见第 3 页
        todo: true                  # not passed yet, and no failure

A fixture is a folder with a document called in.<something>, the text it should become in out.txt, and in
changes.txt what is done to get there. It is cleaned by all rules, or by a rules.yaml of its own.

How a test comes out:
  passed     as expected, and a second run changes nothing more
  missed     nothing was changed where something should have been
  harmed     something was changed where nothing should have been
  wrong      something was changed, and not as expected
  unstable   a second run of the rules changed something more; the rule that did is named
  todo       it does not pass, and need not yet")]
pub struct Test {
    /// Run only tests whose name holds this: a rule id, a fixture, a part of either
    filter: Option<String>,

    /// Use this rules file instead of the built-in rules
    #[arg(short, long, value_name = "FILE")]
    rules: Option<PathBuf>,

    /// The folder of fixtures [default: fixtures, where there is one]
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,

    /// Make what came out the expectation of every test that failed; read the changes before you keep them
    ///
    /// Writes to fixtures and, of the rules, to the file given with --rules; comments and layout stay.
    #[arg(short, long)]
    update: bool,

    /// Ask for every test that failed whether to make what came out the expectation
    #[arg(long, conflicts_with = "update")]
    review: bool,

    /// Tell at the end which rules no test or fixture shows at work
    #[arg(long)]
    unused: bool,

    /// How to write the results: for people, one JSON object a line, or JUnit XML
    #[arg(long, value_name = "FORMAT", default_value = "human", conflicts_with = "review")]
    format: Format,
}

impl Run for Test {
    fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
        if self.review && !io::stdin().is_terminal() {
            bail!("--review asks questions and there is no terminal to answer on\n  help: --update accepts all");
        }
        let rules = RuleArgs { rules: self.rules.clone(), ..RuleArgs::default() }.read()?.set;
        let mut report = Report::new(self.format);
        let mut accepted: BTreeMap<PathBuf, Vec<Case>> = BTreeMap::new();
        let mut asking = self.review;
        let mut at_work: BTreeSet<Arc<str>> = BTreeSet::new();
        for verdict in check_rules(&rules, |name| self.wants(name)) {
            at_work.extend(verdict.case.iter().filter(|case| case.got != case.before).map(|case| case.rule.clone()));
            match self.place(&verdict) {
                Some((place, case)) if self.accepts(console, &verdict, &mut asking)? => {
                    accepted.entry(place).or_default().push(case.clone());
                    report.accepted(console, "rule", &verdict)?;
                }
                _ => report.add(console, "rule", verdict)?,
            }
        }
        for (place, cases) in accepted {
            rewrite(&place, &cases)?;
        }
        self.run_fixtures(console, &rules, &mut report, &mut asking, &mut at_work)?;
        if self.unused {
            let idle = rules.rules().map(|rule| &*rule.id).filter(|id| !at_work.contains(*id));
            tell_unused(console, &idle.collect::<Vec<_>>());
        }
        if report.is_empty() {
            bail!("no test {}", self.filter.map_or("is there".to_owned(), |filter| format!("has {filter:?} in its name")));
        }
        report.finish(console)
    }
}

impl Test {
    fn wants(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| name.contains(filter))
    }

    /// The file that the test of a rule can be rewritten in: one that was read, and that holds the test itself.
    fn place<'v>(&self, verdict: &'v Verdict) -> Option<(PathBuf, &'v Case)> {
        let case = verdict.case.as_ref().filter(|case| !case.elsewhere)?;
        let place = PathBuf::from(&*case.origin);
        (self.rules.is_some() && place.is_file() && verdict.acceptable()).then_some((place, case))
    }

    /// Whether what came out is to be the expectation.
    fn accepts(&self, console: &mut Console, verdict: &Verdict, asking: &mut bool) -> anyhow::Result<bool> {
        if !verdict.acceptable() || !*asking {
            return Ok(self.update && verdict.acceptable());
        }
        console.line(format_args!("{}  {}", verdict.status, verdict.name))?;
        summary::hunks(console, &verdict.diff)?;
        loop {
            console.line("make this the expectation? [y]es, [n]o, [q]uit asking")?;
            console.flush()?;
            let mut answer = String::new();
            if io::stdin().lock().read_line(&mut answer)? == 0 {
                answer = "q".to_owned();
            }
            match answer.trim().to_lowercase().as_str() {
                "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                "q" | "quit" => {
                    *asking = false;
                    return Ok(false);
                }
                _ => {}
            }
        }
    }

    fn run_fixtures(
        &self,
        console: &mut Console,
        rules: &RuleSet,
        report: &mut Report,
        asking: &mut bool,
        at_work: &mut BTreeSet<Arc<str>>,
    ) -> anyhow::Result<()> {
        let root = match &self.fixtures {
            Some(root) => root.clone(),
            None if Path::new("fixtures").is_dir() => "fixtures".into(),
            None => return Ok(()),
        };
        for fixture in fixtures(&root)? {
            if !self.wants(&fixture.name) {
                continue;
            }
            let cleaned = fixture.clean(rules)?;
            at_work.extend(cleaned.outcome.changes.iter().map(|change| change.rule.clone()));
            let verdict = fixture.check(&cleaned, rules);
            if verdict.status != Status::Passed && self.accepts(console, &verdict, asking)? {
                fixture.accept(&cleaned)?;
                report.accepted(console, "fixture", &verdict)?;
            } else {
                report.add(console, "fixture", verdict)?;
            }
        }
        Ok(())
    }
}

/// Writes a rules file with other expectations, in the encoding and with the line ends that it has.
fn rewrite(place: &Path, cases: &[Case]) -> anyhow::Result<()> {
    let name = place.display();
    let (bytes, metadata) = read::file(place).map_err(|error| anyhow!("{name}: {}", read::cause(&error)))?;
    let utf8 = std::str::from_utf8(&bytes).is_ok().then_some(decode::Encoding::Utf8);
    let decoded = decode::decode(bytes, utf8).with_context(|| name.to_string())?;
    let text = accept(&decoded.text, &cases.iter().collect::<Vec<_>>()).map_err(|why| anyhow!("{name}: {why}"))?;
    let bytes = decoded.source.encode(&text).with_context(|| name.to_string())?;
    let written = write::stage_over(place, &bytes, &metadata, &write::Tag::default()).and_then(write::Staged::commit);
    written.map_err(|error| anyhow!("{name}: {}", read::cause(&error)))
}
