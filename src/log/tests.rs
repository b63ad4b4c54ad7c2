use std::borrow::Cow;

use super::*;
use crate::Cleaner;
use crate::config::RuleSet;

const RULES: &str = "version: 1
rules:
  - id: page-number-line
    remove: { line: '第 [0-9]+ 页' }
  - id: double-stop
    safety: report
    remove: { match: '。。' }
  - id: doubtful-word
    limit: { share: 5% }
    remove: { match: '无用' }
";

const DOCUMENT: &str = "\u{feff}说“好”。。\r\n第 3 页\r\n第 4 页\r\n第 3 页\r\n无用，。。\n";

/// The records of a file, as they stand in the log.
fn records(bytes: &[u8]) -> String {
    let cleaned = Cleaner::new(RuleSet::parse("rules", RULES).unwrap().chain()).clean(bytes, None).unwrap();
    let name = Name::new(Path::new("sub/文.txt"));
    let sides = Sides::of(bytes, cleaned.outcome.text.current().as_bytes());
    let file = File::new(&name, sides, &cleaned.outcome, cleaned.source);
    let mut lines = Vec::new();
    write_file(&cleaned.outcome, file, &mut lines);
    String::from_utf8(lines).unwrap()
}

#[test]
fn the_records_of_a_file_are_as_documented() {
    let lines = records(DOCUMENT.as_bytes());
    let want = [
        r#"{"type":"change","file":"sub/文.txt","rule":"page-number-line","edits":[["第 3 页\n","",[2,4],[19,20]],["第 4 页\n","",[3],[29]]]}"#,
        r#"{"type":"report","file":"sub/文.txt","rule":"double-stop","why":"would be removed","found":[["。。",[1,5],[5,4]]]}"#,
        r#"{"type":"held","file":"sub/文.txt","rule":"doubtful-word","share":0.17142857142857143,"limit":0.05}"#,
        r#"{"type":"file","file":"sub/文.txt","changes":3,"in_bytes":72,"out_bytes":35,"in_hash":"xxh3:f3e7a53bc233e756","out_hash":"xxh3:707177fee678df0b","encoding":"utf-8","known_by":"bom","bom":true,"line_ends":[[4,"crlf"],[1,"lf"]]}"#,
    ];
    assert_eq!(lines.lines().collect::<Vec<_>>(), want);
}

#[test]
fn the_other_records_are_as_documented() {
    let name = || Cow::Owned(Name::new(Path::new("a")));
    let run = Run {
        format: FORMAT,
        version: "1.2.3".into(),
        build: "xxh3:0".into(),
        mode: Mode::InPlace,
        paths: vec!["docs".into()],
        from: vec!["../docs".into()],
        out: Out::new(Path::new("docs")),
        shard: Some("2/4".into()),
        rules: "built-in".into(),
        rules_hash: Hash::of(b""),
        chain: vec!["a-rule".into()],
        encoding: None,
        fields: Vec::new(),
    };
    for (record, want) in [
        (
            Record::Run(run),
            r#"{"type":"run","format":3,"version":"1.2.3","build":"xxh3:0","mode":"in-place","paths":["docs"],"from":["../docs"],"out":"docs","shard":"2/4","rules":"built-in","rules_hash":"xxh3:2d06800538d394c2","chain":["a-rule"]}"#,
        ),
        (Record::Skip(Skip { name: name(), why: "why".into() }), r#"{"type":"skip","file":"a","why":"why"}"#),
        (
            Record::Error(Error { name: name(), what: "what".into(), why: "why".into() }),
            r#"{"type":"error","file":"a","what":"what","why":"why"}"#,
        ),
        (
            Record::End(Tally::default()),
            r#"{"type":"end","files":0,"changed":0,"skipped":0,"failed":0,"in_bytes":0,"out_bytes":0,"rules":{},"held":{},"encodings":{}}"#,
        ),
    ] {
        let mut line = Vec::new();
        record.write(&mut line);
        assert_eq!(String::from_utf8(line.clone()).unwrap(), format!("{want}\n"));
        assert_eq!(Record::read(&line).unwrap(), record);
    }
}

#[test]
fn every_record_reads_back() {
    for line in records(DOCUMENT.as_bytes()).split_inclusive('\n') {
        let mut again = Vec::new();
        Record::read(line.as_bytes()).unwrap().write(&mut again);
        assert_eq!(line.as_bytes(), again);
    }
}

#[test]
fn a_log_begins_as_it_is_known_by() {
    let run = Run {
        format: FORMAT,
        version: String::new(),
        build: String::new(),
        mode: Mode::Copy,
        paths: vec![],
        from: vec![],
        out: Out::default(),
        shard: None,
        rules: String::new(),
        rules_hash: Hash::of(b""),
        chain: vec![],
        encoding: Some("gb18030".into()),
        fields: Vec::new(),
    };
    let mut line = Vec::new();
    Record::Run(run).write(&mut line);
    assert!(line.starts_with(BEGINNING));
}

#[test]
fn a_hash_that_is_none_is_refused() {
    for text in ["", "xxh3:", "xxh3:12", "md5:0123456789abcdef", "xxh3:0123456789abcdeg", "xxh3:+123456789abcdef"] {
        assert!(Hash::try_from(text.to_owned()).is_err(), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn names_of_any_bytes_come_back() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    for bytes in [&b"a/b.txt"[..], "文档/一.txt".as_bytes(), b"\xce\xc4/\xff\xfe", b"a\nb\"\\"] {
        let path = Path::new(OsStr::from_bytes(bytes));
        let json = serde_json::to_string(&Name::new(path)).unwrap();
        assert_eq!(serde_json::from_str::<Name>(&json).unwrap().path().unwrap(), path, "{json}");
    }
    let damaged = Name { file: String::new(), file_hex: Some("f".into()) };
    assert_eq!(damaged.path(), None);
}

#[test]
fn places_that_cannot_be_are_refused() {
    for edit in [
        r#"["","",[1],[]]"#,
        r#"["","",[],[1]]"#,
        r#"["","",[[1,9]],[1,1]]"#,
        r#"["","",[1,1],[1,18446744073709551615]]"#,
        r#"["","",[1],[-1]]"#,
        r#"["",""]"#,
        "[]",
    ] {
        let line = format!(r#"{{"type":"change","file":"a","rule":"r","edits":[{edit}]}}"#);
        assert!(Record::read(line.as_bytes()).is_err(), "{line}");
    }
}

#[test]
fn edits_that_are_alike_come_back_in_the_order_of_the_text() {
    let edits = r#"[["甲","",[[1,3],9],[0,6,6,60]],["","乙",[1,1],[0,9]]]"#;
    let line = format!(r#"{{"type":"change","file":"a","rule":"r","edits":{edits}}}"#);
    let Record::Change(change) = Record::read(line.as_bytes()).unwrap() else { panic!("{line}") };
    let order: Vec<_> = change.in_order().iter().map(|edit| (edit.at, edit.before, edit.after)).collect();
    let want = [(0, "", "乙"), (0, "甲", ""), (6, "甲", ""), (9, "", "乙"), (12, "甲", ""), (72, "甲", "")];
    assert_eq!(order, want);
    assert_eq!(change.len(), 6);
}

#[test]
fn a_log_of_another_format_is_told() {
    for (format, told) in [(2, Some("an older")), (3, None), (4, Some("a newer"))] {
        let line = format!(r#"{{"type":"run","format":{format},"version":"0"}}"#);
        let other = other_format(line.as_bytes()).map(|other| other.to_string());
        assert_eq!(other.is_some(), told.is_some(), "{format}");
        assert!(told.is_none_or(|told| other.unwrap().contains(told)));
    }
}
