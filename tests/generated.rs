//! What is made from the source and kept in the repository is what the source says now. `UPDATE=1` writes it anew.

#![allow(clippy::disallowed_methods, reason = "the files of the project itself")]

use std::path::Path;
use std::process::Command;

fn check(path: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "{} is out of date; run UPDATE=1 cargo test --test generated", path.display());
}

fn generate(what: &str) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_descrape")).args(["generate", what]).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn the_reference_of_rules_files() {
    check("docs/rules.md", &descrape::reference::markdown());
}

#[test]
fn the_schema_of_rules_files() {
    check("docs/rules.schema.json", &generate("schema"));
}

#[test]
fn the_reference_of_commands() {
    check("docs/commands.md", &generate("commands"));
}

#[test]
fn what_is_known_of_the_patterns_of_the_presets() {
    check("src/rules/pattern/known.txt", &descrape::config::RuleSet::known_patterns());
}

#[test]
fn the_first_rule_is_the_file_that_is_run() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let page = std::fs::read_to_string(docs.join("first-rule.md")).unwrap();
    let file = std::fs::read_to_string(docs.join("first-rule.in/my.yaml")).unwrap();
    assert!(
        page.contains(&format!("```yaml\n{file}```")),
        "docs/first-rule.md shows another file than docs/first-rule.in/my.yaml"
    );
}
