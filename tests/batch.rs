//! What must hold for any files, rules and number of threads.

#![allow(clippy::disallowed_methods, reason = "the tests make the files that the program is to find")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use descrape::config::RuleSet;
use descrape::log::{File, Name, Sides, write_file};
use descrape::undo::{Part, Parts, undo};
use descrape::{Cleaned, Cleaner, diff};
use encoding_rs::Encoding;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Pieces of text that the rules below like, and line ends of every kind.
const PIECES: [&str; 16] = [
    "正文",
    "到此为止。",
    "第 3 页",
    "，",
    ",",
    " ",
    "\t",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "abc",
    "，，",
    "広告",
    "한국어",
    "𠮷",
];

/// Rules that meet in the same places, undo one another, grow and shrink the text and touch its ends. None finds its
/// own work again and grows it further, as a chain goes round several times.
const RULES: [&str; 10] = [
    "remove: { match: '第 ?[0-9] ?页' }",
    "remove: { line: '第 3 页' }",
    "remove: { match: '[a-z]' }",
    "remove: { match: '\\n{2,}' }",
    "remove: { match: '^正文' }",
    "replace: { match: '，', with: ',' }",
    "replace: { match: ',', with: '，' }",
    r#"replace: { match: 'abc', with: "ab\nc" }"#,
    "replace: { match: '[ \\t]+', with: '　' }",
    "replace: { match: '。', with: '．第 3 页正文' }",
];

fn rules() -> impl Strategy<Value = String> {
    vec(select(&RULES[..]), 0..6).prop_map(|rules| {
        let numbered = rules.iter().enumerate().map(|(number, rule)| format!("  - id: rule-{number}\n    {rule}\n"));
        let list: String = numbered.collect();
        if list.is_empty() { "version: 1\n".to_owned() } else { format!("version: 1\nrules:\n{list}") }
    })
}

fn text() -> impl Strategy<Value = String> {
    vec(select(&PIECES[..]), 0..40).prop_map(|pieces| pieces.concat())
}

/// Files of many kinds: texts in several encodings, marked or not, whole or damaged, and plain noise.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let encoded =
        (text(), select(&["utf-8", "gb18030", "big5", "shift_jis", "euc-kr"][..])).prop_map(|(text, label)| {
            Encoding::for_label(label.as_bytes())
                .map(|encoding| encoding.encode(&text).0.into_owned())
                .unwrap_or_default()
        });
    let marked = text().prop_map(|text| format!("\u{feff}{text}").into_bytes());
    let wide = text().prop_map(|text| format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect());
    let damaged = (text(), vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)).prop_map(|(text, hits)| {
        let mut bytes = text.into_bytes();
        for (at, byte) in hits.into_iter().filter(|_| !bytes.is_empty()).collect::<Vec<_>>() {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes
    });
    prop_oneof![4 => encoded, 1 => marked, 1 => wide, 2 => damaged, 1 => vec(any::<u8>(), 0..200)]
}

fn names() -> impl Strategy<Value = String> {
    let part = || select(&["a", "b c", "文档", ".hidden", "-x", "long-name.txt"][..]);
    (vec(part(), 0..3), part(), 0..100u8).prop_map(|(folders, file, number)| {
        folders.iter().map(|folder| format!("{folder}-d/")).collect::<String>() + file + &number.to_string()
    })
}

/// Puts a document together from its bytes, its log and nothing else.
fn there_and_back(cleaner: &Cleaner, bytes: &[u8]) -> Option<Vec<u8>> {
    let Cleaned { outcome, source } = cleaner.clean(bytes, None).ok()?;
    let text = outcome.text.current().as_bytes();
    let name = Name::new(Path::new("a"));
    let file = File::new(&name, Sides::of(bytes, text), &outcome, source);
    let mut lines = Vec::new();
    write_file(&outcome, file, &mut lines);
    match Parts::new(&*lines).next() {
        Some(Ok(Part::File(file, changes))) => Some(undo(text, &file, &changes).unwrap().bytes),
        other => panic!("{other:?}"),
    }
}

/// Applies the hunks of a unified diff.
fn patch(old: &str, hunks: &str) -> String {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let (mut out, mut at, mut last) = (String::new(), 0, "");
    for line in hunks.split_inclusive('\n') {
        let (sign, rest) = line.split_at(1);
        match sign {
            "@" => {
                let mut span = rest.split(['-', ' ']).nth(2).unwrap().split(',').map(|number| number.parse().unwrap());
                let (start, len): (usize, usize) = (span.next().unwrap(), span.next().unwrap_or(1));
                // An empty side is named by the line before it.
                let start = if len == 0 { start } else { start - 1 };
                out.extend(old[at..start].iter().copied());
                at = start;
            }
            "\\" if last == "+" => assert_eq!(out.pop(), Some('\n')),
            "\\" => {}
            "+" => out.push_str(rest),
            _ => {
                assert_eq!(old[at].trim_end_matches('\n'), rest.trim_end_matches('\n'));
                out.push_str(if sign == " " { old[at] } else { "" });
                at += 1;
            }
        }
        last = sign;
    }
    out.extend(old[at..].iter().copied());
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_file_comes_back_byte_for_byte(rules in rules(), bytes in bytes()) {
        let cleaner = Cleaner::new(RuleSet::parse("rules", &rules).unwrap().chain());
        if let Some(back) = there_and_back(&cleaner, &bytes) {
            prop_assert_eq!(back, bytes);
        }
    }

    #[test]
    fn a_diff_leads_from_one_text_to_the_other(rules in rules(), text in text()) {
        let chain = RuleSet::parse("rules", &rules).unwrap().chain();
        // A carriage return inside a line would be one more line end to those who read the hunks here.
        let outcome = chain.clean_text(text.replace('\r', "")).unwrap();
        let hunks = diff::unified(&outcome.text);
        prop_assert_eq!(patch(outcome.text.original(), &hunks), outcome.text.current(), "{}", hunks);
        prop_assert_eq!(hunks.is_empty(), outcome.text.original() == outcome.text.current());
    }
}

fn descrape(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_descrape")).args(args).current_dir(folder).output().unwrap()
}

#[test]
fn files_whose_encoding_is_not_certain_are_listed_at_the_end() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    fs::create_dir(home.join("in")).unwrap();
    fs::write(home.join("in/letter.txt"), b"\xe4").unwrap();
    fs::write(home.join("in/plain.txt"), "清晨，山谷里有雾。\n").unwrap();
    let run = descrape(home, &["clean", "in", "-o", "out"]);
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(told.contains("not certain, in 1 file;") && told.contains("letter.txt: "), "{told}");
    assert!(!told.contains("plain.txt"), "{told}");
    let log = fs::read_to_string(home.join("out/changes.jsonl")).unwrap();
    assert_eq!(log.matches(r#""sure":false"#).count(), 1);
}

/// All files below a folder.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => {
                    let name = entry.path().strip_prefix(folder).unwrap().to_owned();
                    files.insert(name, fs::read(entry.path()).unwrap());
                }
            }
        }
    }
    files
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_folder_comes_back_and_threads_do_not_show(
        rules in rules(),
        files in prop::collection::btree_map(names(), bytes(), 1..24),
    ) {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        fs::write(home.join("rules.yaml"), rules).unwrap();
        for (name, bytes) in &files {
            let path = home.join("in").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let before = tree(&home.join("in"));
        for (jobs, out) in [("1", "one"), ("4", "four")] {
            let run = descrape(home, &["clean", "in", "-r", "rules.yaml", "-j", jobs, "-o", out]);
            prop_assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        }
        let cleaned = tree(&home.join("one"));
        prop_assert_eq!(&cleaned, &tree(&home.join("four")));
        let text = |name: &PathBuf| name != Path::new("changes.jsonl");

        let run = descrape(home, &["undo", "one/changes.jsonl", "-o", "back"]);
        prop_assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let back = tree(&home.join("back"));
        prop_assert!(back.keys().eq(cleaned.keys().filter(|name| text(name))));
        prop_assert!(back.iter().all(|(name, bytes)| before[name] == *bytes));

        let run = descrape(home, &["clean", "in", "-r", "rules.yaml", "-j", "4", "--in-place", "-q"]);
        prop_assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        for (name, bytes) in cleaned.iter().filter(|(name, _)| text(name)) {
            prop_assert_eq!(bytes, &fs::read(home.join("in").join(name)).unwrap());
        }
        let run = descrape(home, &["undo", "in.changes.jsonl"]);
        prop_assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        prop_assert_eq!(before, tree(&home.join("in")));
    }
}
