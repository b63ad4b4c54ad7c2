//! `descrape init` makes a start that works, and never overwrites anything.

#![allow(clippy::disallowed_methods, reason = "the test looks at the files that the program makes")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn descrape(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_descrape")).args(args).current_dir(folder).output().unwrap()
}

#[test]
fn the_start_passes_its_tests_and_cleans() {
    let folder = tempfile::tempdir().unwrap();
    assert!(descrape(folder.path(), &["init"]).status.success());
    let test = descrape(folder.path(), &["test", "-r", "rules.yaml", "example"]);
    assert!(test.status.success(), "{}", String::from_utf8_lossy(&test.stdout));
    assert_eq!(String::from_utf8_lossy(&test.stdout), "5 passed, 0 failed\n");
    let clean = descrape(folder.path(), &["clean", "-r", "rules.yaml", "fixtures/example/in.txt"]);
    let expected = "第一章 出门\n\n他推开门走了出去。\n门外下着小雨，街上一个人也没有。\n";
    assert_eq!(String::from_utf8_lossy(&clean.stdout), expected);
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rules.yaml"), "mine").unwrap();
    let init = descrape(folder.path(), &["init"]);
    assert_eq!(init.status.code(), Some(2));
    assert_eq!(fs::read_to_string(folder.path().join("rules.yaml")).unwrap(), "mine");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
