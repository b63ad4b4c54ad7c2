use super::*;
use crate::Cleaner;
use crate::chain::Outcome;
use crate::config::RuleSet;
use crate::log::{Change, Name, Record, Spot, write_changes};
use crate::undo::{UndoError, replay};

const RULES: &str = "version: 1
rules:
  - id: page-number-line
    remove: { line: '第 [0-9]+ 页' }
  - id: stop
    replace: { match: '甲', with: \"乙/<\\u0001\\\"\" }
";

fn cleaner() -> Cleaner {
    Cleaner::new(RuleSet::parse("rules", RULES).unwrap().chain())
}

/// The changes as they stand in a log.
fn changes(outcome: &Outcome) -> Vec<Change<'static>> {
    let mut lines = Vec::new();
    write_changes(outcome, &Name::default(), Some(Spot { row: 7, field: "text" }), &mut lines);
    let record = |line: &[u8]| match Record::read(line) {
        Ok(Record::Change(change)) => change,
        other => panic!("{other:?}"),
    };
    lines.split_inclusive(|byte| *byte == b'\n').map(record).collect()
}

#[test]
fn fields_are_found_where_they_stand() {
    for (line, field, value) in [
        (r#"{"text": "a", "id": 7}"#, "text", Some(r#""a""#)),
        (r#" { "id":7 ,"text" :  "\u4e00\"}" } "#, "text", Some(r#""\u4e00\"}""#)),
        (r#"{"te\u0078t":"a"}"#, "text", Some(r#""a""#)),
        (r#"{"text":"a","text":"b"}"#, "text", Some(r#""b""#)),
        (r#"{"doc":{"text":"a","more":[{}]}}"#, "doc.text", Some(r#""a""#)),
        (r#"{"a":{"b.c":{"d":1}}}"#, "a.b.c.d", Some("1")),
        (r#"{"doc.text":"flat","doc":{"text":"a"}}"#, "doc.text", Some(r#""flat""#)),
        (r#"{"doc":"text"}"#, "doc.text", None),
        (r#"{"inner":{"text":"a"}}"#, "text", None),
        ("{}", "text", None),
    ] {
        assert_eq!(find(line, field).unwrap().map(|at| &line[at]), value, "{line}");
    }
    for line in ["", "text", "[1]", "{\"text\":\"a\"", "{\"text\":\"a\"} {}", "{\"text\":\"\u{1}\"}", "{'text':'a'}"] {
        assert!(find(line, "text").is_err(), "{line}");
    }
}

#[test]
fn lines_are_mended_in_their_value_alone_and_come_back() {
    for (line, want) in [
        (
            r#"{"id":1,  "text":"一。\n第 3 页\n二。","tags":["第 3 页"]}"#,
            Some(r#"{"id":1,  "text":"一。\n二。","tags":["第 3 页"]}"#),
        ),
        // Python, with capitals, PHP, Go.
        (r#"{"text":"\u4e00\u3002\n\u7b2c 3 \u9875\n\ud83d\ude00"}"#, Some(r#"{"text":"\u4e00\u3002\n\ud83d\ude00"}"#)),
        (r#"{"text":"\u4E00\u7532"}"#, Some(r#"{"text":"\u4E00\u4E59/<\u0001\""}"#)),
        (r#"{"text":"a\/b甲"}"#, Some(r#"{"text":"a\/b乙\/<\u0001\""}"#)),
        (r#"{"text":"\u003ca\u003e甲"}"#, Some(r#"{"text":"\u003ca\u003e乙/\u003c\u0001\""}"#)),
        // Ways of writing that no program keeps to.
        (
            r#"{"text":"a\u0062\/c/d/\ud800甲\u00e9\u000A\u007f\b\f"}"#,
            Some(r#"{"text":"ab/c/d/\ufffd\u4e59/<\u0001\"\u00e9\n\u007f\b\f"}"#),
        ),
        // Line ends and a byte order mark inside a text.
        (r#"{"text":"\ufeff一\r\n二\r三\r\n"}"#, Some(r#"{"text":"一\n二\n三\n"}"#)),
        (r#"{"text":"只有正文。\/\u4e00"}"#, None),
        (r#"{"text":""}"#, None),
    ] {
        for usual in [Styles::default(), Styles::from(vec![Style::Ascii, Style::Slash])] {
            let (mended, new) = clean(line, "text", &cleaner(), "a.jsonl", usual).unwrap().unwrap();
            if usual.is_plain() {
                assert_eq!(new.as_deref(), want, "{line}");
            }
            let Some(new) = new else { continue };
            let written = serde_json::to_string(&mended.rest).unwrap();
            let rest = serde_json::from_str(&written).unwrap();
            let changes = changes(&mended.outcome);
            let back = restore(&new, "text", &rest, usual, |text| replay(text, &changes)).unwrap();
            assert_eq!(back, line, "{written}");
        }
    }
}

#[test]
fn a_line_without_the_text_is_left_alone() {
    let told = |line: &str| clean(line, "text", &cleaner(), "a.jsonl", Styles::default()).unwrap_err().to_string();
    assert_eq!(told(r#"{"text":7}"#), "the field \"text\" holds no text");
    assert!(told("text").starts_with("no JSON object: "));
    assert!(clean("{}", "text", &cleaner(), "a.jsonl", Styles::default()).unwrap().is_none());
    let lost = restore::<UndoError>("{}", "text", &Default::default(), Styles::default(), |text| Ok(text.into()));
    assert!(matches!(lost, Err(UndoError::Row(RowError::NoField(_)))), "{lost:?}");
}

#[test]
fn names_of_such_files() {
    for (name, field, is) in [
        ("a.jsonl", false, true),
        ("a.ndjson.gz", false, true),
        ("a.JSONL.zst", true, true),
        ("a.json", false, false),
        ("a.json.gz", true, true),
        ("a.txt", true, false),
        ("jsonl", true, false),
        ("a.jsonl.txt", true, false),
    ] {
        assert_eq!(is_named(Path::new(name), field), is, "{name}");
    }
}
