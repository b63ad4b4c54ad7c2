//! Every mistake in a rules file is told with its place: `bad-rules/*.yaml` against `*.stderr`.
//! `UPDATE=1` writes what is told.

#![allow(clippy::disallowed_methods, reason = "the files of the test itself")]

use std::fs;
use std::path::Path;

use descrape::config::RuleSet;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad-rules");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".yaml").map(str::to_owned))
        .collect();
    names.sort();
    let trials = names.into_iter().map(|name| Trial::test(name.clone(), move || check(&name))).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn check(name: &str) -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad-rules");
    let read = |path: &Path| fs::read(folder.join(path));
    let error = match RuleSet::load(Path::new(&format!("{name}.yaml")), &read) {
        Ok(_) => return Err("nothing is wrong with it".into()),
        Err(error) => format!("{error}\n"),
    };
    let expected = folder.join(format!("{name}.stderr"));
    if std::env::var_os("UPDATE").is_some() {
        return Ok(fs::write(expected, error)?);
    }
    match fs::read_to_string(&expected)? == error {
        true => Ok(()),
        false => Err(format!("expected what {} says, got:\n{error}", expected.display()).into()),
    }
}
