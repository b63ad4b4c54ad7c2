//! The rules file as a language: what it says about the chain that comes of it.

use std::io;
use std::path::Path;

use descrape::config::{Document, RuleSet};

/// The set that comes of `rules.yaml` among some files.
fn load(files: &[(&str, &str)]) -> RuleSet {
    let read = |path: &Path| {
        let name = path.display().to_string();
        let file = files.iter().find(|(known, _)| *known == name);
        file.map(|(_, text)| format!("version: 1\n{text}").into_bytes()).ok_or(io::ErrorKind::NotFound.into())
    };
    RuleSet::load(Path::new("rules.yaml"), &read).unwrap_or_else(|error| panic!("{error}"))
}

fn ids(set: &RuleSet) -> String {
    set.rules().map(|rule| &*rule.id).collect::<Vec<_>>().join(" ")
}

fn clean(set: &RuleSet, text: &str) -> String {
    set.chain().clean_text(text.to_owned()).unwrap().text.current().to_owned()
}

const ABC: &str = "rules:
  - { id: a, tags: [x], remove: { match: A } }
  - { id: b, tags: [x, y], remove: { match: B } }
  - { id: c, remove: { match: C } }
";

#[test]
fn rules_stand_in_the_order_of_the_file_behind_those_it_extends() {
    let rules =
        "extends: [team.yaml]\nrules:\n  - { id: d, remove: { match: D } }\n  - { id: e, remove: { match: E } }\n";
    assert_eq!(ids(&load(&[("rules.yaml", rules), ("team.yaml", ABC)])), "a b c d e");
}

#[test]
fn of_two_files_with_one_id_the_later_wins_in_the_place_of_the_earlier() {
    let rules = "extends: [team.yaml, ./deep/other.yaml]\n";
    let other = "extends: [../team.yaml]\noverride: { b: { remove: { match: X } } }\n";
    let set = load(&[("rules.yaml", rules), ("team.yaml", ABC), ("deep/other.yaml", other)]);
    assert_eq!((ids(&set).as_str(), clean(&set, "ABX").as_str()), ("a b c", "B"));
}

#[test]
fn rules_are_placed_before_and_after_others() {
    for (rules, order) in [
        ("- { id: d, after: a, remove: { match: D } }", "a d b c"),
        ("- { id: d, before: a, remove: { match: D } }", "d a b c"),
        ("- { id: d, after: a, remove: { match: D } }\n- { id: e, after: a, remove: { match: E } }", "a d e b c"),
        ("- { id: d, before: b, remove: { match: D } }\n- { id: e, before: b, remove: { match: E } }", "a d e b c"),
        ("- { id: d, after: e, remove: { match: D } }\n- { id: e, before: b, remove: { match: E } }", "a e d b c"),
        ("- { id: d, remove: { match: D } }\n- { id: e, before: d, remove: { match: E } }", "a b c e d"),
    ] {
        let rules = format!("extends: [team.yaml]\nrules:\n{rules}\n");
        assert_eq!(ids(&load(&[("rules.yaml", &rules), ("team.yaml", ABC)])), order, "{rules}");
    }
    let moved = "extends: [team.yaml]\noverride: { c: { before: a } }\n";
    assert_eq!(ids(&load(&[("rules.yaml", moved), ("team.yaml", ABC)])), "c a b");
}

#[test]
fn rules_are_disabled_by_id_and_by_tag() {
    for (disable, left) in [("[a]", "b c"), ("['tag:x']", "c"), ("['tag:y', c]", "a")] {
        let rules = format!("extends: [team.yaml]\ndisable: {disable}\n");
        let set = load(&[("rules.yaml", &rules), ("team.yaml", ABC)]);
        assert_eq!((ids(&set).as_str(), set.all().count()), (left, 3), "{disable}");
    }
}

#[test]
fn an_override_changes_the_given_fields_only() {
    let team = "rules:
  - id: a
    about: one
    tags: [x]
    remove: { match: A }
    tests: [{ keep: B }]
";
    let rules = "extends: [team.yaml]\noverride:\n  a: { where: { part: tail, lines: 1 }, safety: risky }\n";
    let set = load(&[("rules.yaml", rules), ("team.yaml", team)]);
    let rule = set.rules().next().unwrap();
    assert_eq!((rule.about.as_str(), rule.tests.len(), &*rule.origin), ("one", 1, "team.yaml"));
    assert_eq!(rule.changed_by.as_deref(), Some("rules.yaml"));
    assert_eq!(clean(&set, "A\nA\n"), "A\nA\n");
    let only = descrape::config::Selection { only: vec!["a".to_owned()], ..Default::default() };
    let outcome = set.select(&only).unwrap().clean_text("xA\nxA\n".to_owned()).unwrap();
    assert_eq!(outcome.text.current(), "xA\nx\n");
}

#[test]
fn definitions_are_inherited_and_do_not_reach_back() {
    let team = "define: { n: '[0-9]' }\nrules:\n  - { id: a, remove: { match: 'A{{n}}' } }\n";
    let rules = "extends: [team.yaml]
define: { n: '[xy]', two: '{{n}}{{n}}' }
rules:
  - { id: b, remove: { match: 'B{{two}}' } }
";
    let set = load(&[("rules.yaml", rules), ("team.yaml", team)]);
    assert_eq!(clean(&set, "A1,Ax,B1,Bxy"), ",Ax,B1,");
    let heir = "extends: [team.yaml]\nrules:\n  - { id: b, remove: { match: 'B{{n}}' } }\n";
    assert_eq!(clean(&load(&[("rules.yaml", heir), ("team.yaml", team)]), "A1,B1"), ",");
}

#[test]
fn a_rule_runs_for_the_documents_that_it_is_for() {
    let rules = "rules:\n  - { id: a, when: { path: ['novels/**'] }, remove: { match: A } }\n";
    let chain = load(&[("rules.yaml", rules)]).chain();
    for (path, left) in [(Some("novels/1.txt"), "b"), (Some("news/1.txt"), "Ab"), (None, "b")] {
        let document = Document { path, ..Document::default() };
        let outcome = chain.clean_document("Ab".to_owned(), document).unwrap();
        assert_eq!(outcome.text.current(), left, "{path:?}");
    }
}

#[test]
fn what_a_rules_file_may_look_like() {
    for text in [
        "rules: []\n",
        "rules:\n  - id: a\n    about: 注意：全角冒号在文字里没有问题\n    remove: { match: x }\n",
        "rules:\n  - id: a\n    remove: { match: x }\n    tests:\n      - keep: in：y\n      - keep: |\n          　　id：全角缩进\n          \tid:制表符\n",
        "rules:\n- id: a\n  remove:\n    match: >-\n      x\n",
        "rules:\n  - { id: a, replace: { match: x, with: 2 } }\n",
        "define:\n  # 说明\n  n: '[0-9]'\n# 完\n",
        "rules:\n  - { id: a, remove: { match: '“x”' } }\n",
    ] {
        load(&[("rules.yaml", text)]);
    }
}

#[test]
fn presets_can_be_mixed() {
    let names: Vec<&str> = descrape::config::PRESETS.iter().map(|preset| preset.name).collect();
    let count = |names: &[&str]| {
        let rules = format!("extends: [{}]\n", names.join(", "));
        load(&[("rules.yaml", &rules)]).all().count()
    };
    // No two of them have a rule of one name, of which only one would stay.
    assert_eq!(count(&names), names.iter().map(|name| count(&[*name])).sum::<usize>());
}
