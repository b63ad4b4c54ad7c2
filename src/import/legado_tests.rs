use super::*;
use crate::config::Selection;

const RULES: &str = r#"[
  {"name": "网址", "group": "净化,广告", "pattern": "(?m)^请记住本站.*$", "replacement": "", "order": 3},
  {"name": "拼音", "pattern": "chun(?=[天风])", "replacement": "春", "order": 1},
  {"name": "一半", "pattern": "([0-9]+)元", "replacement": "$1圆", "order": 2},
  {"name": "文字", "pattern": "(完) $1", "replacement": "$", "isRegex": false, "order": 4},
  {"name": "脚本", "pattern": "０", "replacement": "@js:'0'", "order": 5},
  {"name": "标题", "pattern": "第", "scopeTitle": true, "scopeContent": false, "order": 6},
  {"name": "竖线", "pattern": "广告|", "order": 7},
  {"name": "空的", "pattern": "", "order": 8},
  {"name": "关了", "pattern": "关", "isEnabled": false, "order": 9},
  {"name": "书", "pattern": "书评", "scope": "某书;https://example.com", "order": 10},
  {"replaceSummary": "老的", "regex": "老(?<!新)式", "replacement": "新", "enable": true, "serialNumber": 0, "useTo": ""}
]"#;

#[test]
fn rules_are_translated_in_their_order() {
    let imported = import("rules.json", RULES).unwrap();
    assert_eq!((imported.imported, imported.total), (7, 11), "{}", imported.yaml);
    let set = RuleSet::parse("rules.yaml", &imported.yaml).unwrap_or_else(|error| panic!("{error}"));
    let about: Vec<&str> = set.all().map(|(rule, _)| rule.about.as_str()).collect();
    assert_eq!(about, ["老的", "拼音", "一半", "网址", "文字", "关了", "书"]);
    assert_eq!(set.rules().count(), 6);
    let risky = Selection { risky: true, ..Selection::default() };
    let text = "chun天，5元，老式。\n请记住本站：某某\n(完) $1\n关\n";
    assert_eq!(set.chain().clean_text(text.to_owned()).unwrap().text.current(), text);
    let outcome = set.select(&risky).unwrap().clean_text(text.to_owned()).unwrap();
    assert_eq!(outcome.text.current(), "春天，5圆，新。\n\n$\n关\n");
}

#[test]
fn what_is_left_out_has_a_reason() {
    let imported = import("rules.json", RULES).unwrap();
    let left_out: Vec<(&str, &str)> = imported.left_out.iter().map(|(name, why)| (&name[..], &why[..])).collect();
    assert_eq!(
        left_out,
        [
            ("脚本", "its replacement is a script"),
            ("标题", "it is for chapter titles only"),
            ("竖线", "its pattern ends in |, which Legado refuses as well"),
            ("空的", "it has no pattern"),
        ]
    );
    for (name, why) in left_out {
        assert!(imported.yaml.contains(&format!("{name}: left out: {why}")), "{name}");
    }
    assert_eq!(imported.changed.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["书"]);
}

#[test]
fn what_is_no_list_of_rules_is_refused() {
    assert!(matches!(import("a", "{"), Err(LegadoError::Json(_))));
    assert!(matches!(import("a", "3"), Err(LegadoError::Shape)));
    assert!(matches!(import("a", r#"[{"bookSourceName": "x"}]"#), Err(LegadoError::Shape)));
}
