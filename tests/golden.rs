//! Every inline test of the default chain and every folder in `fixtures/`, as a test of its own.

use std::path::Path;
use std::sync::Arc;

use descrape::config::RuleSet;
use descrape::golden::{Status, Verdict, check_rules, fixtures};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let rules = Arc::new(RuleSet::builtin());
    let mut trials: Vec<Trial> = check_rules(&rules, |_| true)
        .into_iter()
        .map(|verdict| Trial::test(format!("rule {}", verdict.name), move || outcome(&verdict)))
        .collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for fixture in fixtures(&root).expect("the fixtures are readable") {
        let rules = rules.clone();
        trials.push(Trial::test(format!("fixture {}", fixture.name), move || {
            let cleaned = fixture.clean(&rules).map_err(|error| error.to_string())?;
            outcome(&fixture.check(&cleaned, &rules))
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn outcome(verdict: &Verdict) -> Result<(), Failed> {
    match verdict.status {
        Status::Passed => Ok(()),
        _ => Err(format!("{}\n{}", verdict.status, verdict.diff).into()),
    }
}
