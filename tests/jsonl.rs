//! Files of JSON Lines: small and large, packed and plain, and back.

#![allow(clippy::disallowed_methods, reason = "the tests make the files that the program is to find")]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use common::Home;

/// Lines that several programs could have written, some of them no use; and how many of them are.
fn lines(count: usize) -> String {
    (0..count)
        .map(|n| match n % 8 {
            0 => format!(
                "{{\"id\": {n}, \"text\": \"船在{n}点离岸。\\n第 {n} 页\\n风很大。\", \"tags\": [\"第 {n} 页\"]}}\n"
            ),
            1 => format!("{{\"text\":\"\\u8239\\u5728\\n\\u7b2c {n} \\u9875\\n\",\"id\":{n}}}\r\n"),
            2 => format!("  {{\"a\\/b\":1 ,\"text\":\"a\\/b\\r\\n第 {n} 页\\r\\n\"}}\n"),
            3 => format!("{{\"text\":\"干净的第{n}行。\",\"more\":{{\"body\":\"第 1 页\\n\"}}}}\n"),
            4 => "\n".to_owned(),
            5 => format!("{{\"id\":{n}}}\n"),
            6 => format!("{{\"text\":{n}}}\n"),
            _ => format!("{{\"text\":\"{n}\n"),
        })
        .collect()
}

fn clean(lines: &str) -> String {
    let pages =
        regex::Regex::new(r#"(?m)^(.*"text": ?"[^"]*?)(?:第|\\u7b2c) [0-9]+ (?:页|\\u9875)(?:\\r)?\\n"#).unwrap();
    pages.replace_all(lines, "$1").replace("a\\/b\\r\\n", "a\\/b\\n")
}

#[test]
fn lines_small_and_many_packed_and_plain_are_cleaned_in_place_and_come_back() {
    let home = Home::new();
    let (few, many) = (lines(40), lines(20_000));
    assert!(clean(&few).contains("\"id\": 0, \"text\": \"船在0点离岸。\\n风很大。\", \"tags\": [\"第 0 页\"]"));
    let no_end = "\u{feff}".to_owned() + lines(9).trim_end();
    let gzip = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(9));
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let files = [
        ("docs/few.jsonl", few.clone().into_bytes(), &few),
        ("docs/many.ndjson", many.clone().into_bytes(), &many),
        ("docs/no-end.jsonl", no_end.clone().into_bytes(), &no_end),
        ("docs/few.jsonl.gz", gzip(&few), &few),
        ("docs/many.json.gz", gzip(&many), &many),
        ("docs/few.jsonl.zst", zstd::encode_all(few.as_bytes(), 3).unwrap(), &few),
        ("docs/many.jsonl.zst", zstd::encode_all(many.as_bytes(), 3).unwrap(), &many),
    ];
    files.iter().for_each(|(name, bytes, _)| home.put(name, bytes));
    home.put("docs/a.txt", "正文。\n第 3 页\n".as_bytes());
    let mut logs = Vec::new();
    for threads in [1, 3] {
        let out = format!("out{threads}");
        let (exit, messages) = home.run(&format!("clean docs -r rules.yaml -f text -o {out} -j {threads}"));
        assert_eq!(exit, 0, "{messages}");
        assert!(messages.contains("docs/many.ndjson:6: left alone: it has no field \"text\"\n"), "{messages}");
        assert!(messages.contains("docs/many.ndjson:7: left alone: the field \"text\" holds no text\n"), "{messages}");
        assert!(messages.contains("docs/many.ndjson:8: left alone: no JSON object: "), "{messages}");
        assert!(messages.contains("docs/many.ndjson: and 7495 more lines left alone\n"), "{messages}");
        for (name, bytes, text) in &files {
            let result = home.bytes(name.replacen("docs", &out, 1));
            let result = match &result[..2] {
                [0x1f, 0x8b] => {
                    std::io::read_to_string(flate2::read::GzDecoder::new(&result[..])).unwrap().into_bytes()
                }
                [0x28, 0xb5] => zstd::decode_all(&result[..]).unwrap(),
                _ => result,
            };
            assert!(String::from_utf8(result).unwrap() == clean(text), "{name} of {}", bytes.len());
        }
        let (exit, messages) = home.run(&format!("undo {out}/changes.jsonl -o back{threads}"));
        assert_eq!(exit, 0, "{messages}");
        for (name, bytes, _) in files.iter().filter(|(name, ..)| !name.ends_with("zst")) {
            assert!(home.bytes(name.replacen("docs", &format!("back{threads}"), 1)) == *bytes, "{name}");
        }
        logs.push(home.bytes(format!("{out}/changes.jsonl")));
        // What went through it is clean, and stays as it is.
        assert_eq!(home.run(&format!("clean {out} -r rules.yaml -f text --check")).0, 0);
    }
    assert!(logs[0] == logs[1]);
    assert_eq!(home.run("clean docs -r rules.yaml -f text --in-place").0, 0);
    assert!(home.bytes("docs/many.ndjson") == clean(&many).into_bytes());
    for restored in ["restored 8", "restored 0, 8 already there"] {
        let (exit, messages) = home.run("undo docs.changes.jsonl");
        assert!(exit == 0 && messages.contains(restored), "{messages}");
        for (name, bytes, text) in &files {
            let back = home.bytes(name);
            assert!(
                back == *bytes || name.ends_with("zst") && zstd::decode_all(&back[..]).unwrap() == text.as_bytes(),
                "{name}"
            );
        }
    }
}

#[test]
fn a_filter_hands_on_lines_as_they_come() {
    let home = Home::new();
    let mut run = home.command("clean - -f text -q -r rules.yaml --log log.jsonl");
    let mut child = run.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut to, mut from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let (mut sent, mut out) = (String::new(), String::new());
    for n in 0..5 {
        let line = format!("{{\"text\":\"船在{n}点。\\n第 {n} 页\\n\"}}\n");
        to.write_all(line.as_bytes()).unwrap();
        sent += &line;
        // The answer comes before the next line is sent.
        from.read_line(&mut out).unwrap();
        assert!(out.ends_with(&format!("{{\"text\":\"船在{n}点。\\n\"}}\n")));
    }
    drop(to);
    assert_eq!((child.wait().unwrap().code(), from.read_line(&mut out).unwrap()), (Some(0), 0));
    let mut undo = home.command("undo log.jsonl -q").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    undo.stdin.take().unwrap().write_all(out.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(undo.wait_with_output().unwrap().stdout).unwrap(), sent);
}

#[test]
fn undo_refuses_lines_that_were_changed_since() {
    let home = Home::new();
    let text = lines(16);
    home.put("docs/a.jsonl", text.as_bytes());
    home.put("docs/b.jsonl", text.as_bytes());
    assert_eq!(home.run("clean docs -r rules.yaml -f text -o out").0, 0);
    let cleaned = String::from_utf8(home.bytes("out/a.jsonl")).unwrap();
    for touched in [cleaned.replace("干净", "改过"), cleaned.replace("风很大", "风"), cleaned + "{}\n", String::new()]
    {
        home.put("out/a.jsonl", touched.as_bytes());
        let (exit, messages) = home.run("undo out/changes.jsonl -o back");
        assert!(exit == 2 && messages.contains("error: a.jsonl: not restored: "), "{messages}");
        assert!(!home.path("back/a.jsonl").exists());
        assert!(home.bytes("back/b.jsonl") == text.as_bytes());
    }
    home.put("back/b.jsonl", b"other");
    let (exit, messages) = home.run("undo out/changes.jsonl -o back");
    assert!(exit == 2 && messages.contains("back/b.jsonl: is there already and is another file"), "{messages}");
}

#[test]
fn lines_and_files_that_are_too_large_are_left_alone() {
    let home = Home::new();
    let line = format!("{{\"text\":\"{}\"}}\n", "长".repeat(400_000));
    home.put("docs/long.jsonl", (lines(100) + &line).as_bytes());
    home.put("docs/bomb.jsonl.zst", zstd::encode_all("{\"text\":\"\"}\n".repeat(1_000_000).as_bytes(), 3).unwrap());
    home.put("docs/right.jsonl", lines(8).as_bytes());
    let (exit, messages) = home.run("clean docs -r rules.yaml -f text --max-size 1MB");
    assert_eq!(exit, 2);
    for line in [
        "error: docs/long.jsonl: cannot be cleaned: line 101 is longer than 1 MB; --max-size raises that limit\n",
        "error: docs/bomb.jsonl.zst: cannot be cleaned: it is larger than 1 MB; --max-size raises that limit\n",
    ] {
        assert!(messages.contains(line), "{messages}");
    }
    assert_eq!(fs::read_dir(home.path("docs-clean")).unwrap().count(), 2);
    let (exit, messages) = home.run("undo docs-clean/changes.jsonl -o back");
    assert_eq!((exit, messages.as_str()), (0, "restored 1\n"));
}

#[test]
fn a_line_that_is_not_utf_8_is_told_of_by_its_encoding() {
    let home = Home::new();
    let line = "{\"text\":\"昨天下午，工人们把新的水泵抬上了山坡，村里的人都来看。\"}\n";
    let gbk = encoding_rs::GBK.encode(line).0.into_owned();
    home.put("all.jsonl", &gbk);
    let (code, said) = home.run("clean all.jsonl --field text -r rules.yaml -o out");
    assert!(code == 2 && said.contains("line 1: it is not UTF-8 but gb18030"), "{code} {said}");
    home.put("one.jsonl", [line.as_bytes(), &gbk, line.as_bytes()].concat());
    let (code, said) = home.run("clean one.jsonl --field text -r rules.yaml -o other");
    assert!(code == 0 && said.contains("one.jsonl:2: left alone: it is not UTF-8 but gb18030"), "{code} {said}");
    assert!(home.bytes("other/one.jsonl") == home.bytes("one.jsonl"));
}
