use std::collections::BTreeMap;

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

/// The records of a file, as they stand in the log.
fn records(bytes: &[u8]) -> String {
    let cleaned = Cleaner::new(RuleSet::parse("rules", RULES).unwrap().chain()).clean(bytes, None).unwrap();
    let text = cleaned.outcome.text.current();
    let mut rules = BTreeMap::new();
    for change in &cleaned.outcome.changes {
        *rules.entry(change.rule.clone()).or_default() += 1;
    }
    let file = File {
        name: Cow::Owned(Name::new(Path::new("sub/文.txt"))),
        out: Out::new(Path::new("out/sub/文.txt")),
        in_bytes: bytes.len() as u64,
        out_bytes: text.len() as u64,
        in_hash: Hash::of(bytes),
        out_hash: Hash::of(text.as_bytes()),
        rules,
        packed: None,
        rows: None,
        source: cleaned.source,
    };
    let mut lines = Vec::new();
    write_file(&cleaned.outcome, file, &mut lines);
    String::from_utf8(lines).unwrap()
}

#[test]
fn the_records_of_a_file_are_as_documented() {
    let lines = records("\u{feff}说“好”。。\r\n第 3 页\r\n无用\n".as_bytes());
    let want = [
        r#"{"type":"change","file":"sub/文.txt","rule":"page-number-line","step":1,"at":19,"line":2,"column":1,"before":"第 3 页\n","after":""}"#,
        r#"{"type":"report","file":"sub/文.txt","rule":"double-stop","line":1,"column":5,"text":"。。","why":"would be removed"}"#,
        r#"{"type":"held","file":"sub/文.txt","rule":"doubtful-word","share":0.2692307692307692,"limit":0.05}"#,
        r#"{"type":"file","file":"sub/文.txt","out":"out/sub/文.txt","in_bytes":41,"out_bytes":26,"in_hash":"xxh3:dd1de96e2aa7b212","out_hash":"xxh3:5d7a7aa9e093a7e0","rules":{"page-number-line":1},"encoding":"utf-8","known_by":"bom","bom":true,"line_ends":[[2,"crlf"],[1,"lf"]]}"#,
    ];
    for (line, want) in lines.lines().zip(want) {
        assert_eq!(line, want);
    }
    assert_eq!(lines.lines().count(), want.len());
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
            r#"{"type":"run","format":2,"version":"1.2.3","build":"xxh3:0","mode":"in-place","paths":["docs"],"from":["../docs"],"shard":"2/4","rules":"built-in","rules_hash":"xxh3:2d06800538d394c2","chain":["a-rule"]}"#,
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
    for line in records("\u{feff}说“好”。。\r\n第 3 页\r\n无用\n".as_bytes()).split_inclusive('\n') {
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
