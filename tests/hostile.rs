//! Input that nobody writes by hand: lines of one mark, lines without end, characters that are none, rules files that
//! are bombs, deep and wide folders. What is left to `--ignored` takes gigabytes or minutes.

#![allow(clippy::disallowed_methods, reason = "the tests make the files that the program is to find")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use descrape::config::RuleSet;
use descrape::decode::Encoding;
use descrape::{CleanError, Cleaned, Cleaner};

/// What this thread has worked so far, in nanoseconds: what others do meanwhile does not count. From Linux.
fn worked() -> Option<u64> {
    fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

#[test]
fn long_lines_of_one_mark_take_one_pass() {
    let cleaner = Cleaner::new(RuleSet::builtin().chain());
    // A text of so many marks, and how many they are at first.
    type Line = fn(usize) -> String;
    let lines: [(Line, usize); 12] = [
        (|n| format!("字{}字\n", ".".repeat(n)), 5_000),
        (|n| format!("他走了以后{}字\n", "a.".repeat(n)), 5_000),
        (|n| format!("字{}字\n", "*/".repeat(n)), 5_000),
        (|n| format!("字{}字\n", "字/a".repeat(n)), 2_500),
        (|n| format!("http://a/{}字\n", ",字".repeat(n)), 2_500),
        (|n| format!("字{}字\n", "](".repeat(n)), 5_000),
        (|n| format!("字{}字\n", "[^".repeat(n)), 5_000),
        (|n| format!("字{}字\n", "\n```a".repeat(n)), 2_500),
        (|n| format!("字{}字\n", "<!--".repeat(n)), 2_500),
        (|n| format!("字{}字\n", "<script>".repeat(n)), 2_500),
        (|n| format!("字x{}字\n", "<br>".repeat(n)), 2_500),
        (|n| format!("{}{}字\n", "a".repeat(n), "\u{8}".repeat(n)), 12_000),
    ];
    for (line, marks) in lines {
        let work = |marks: usize| {
            let text = line(marks);
            let began = worked()?;
            cleaner.clean(text.as_bytes(), None).unwrap();
            Some(worked()? - began)
        };
        // A pattern is compiled when a text first needs it.
        work(marks);
        let (Some(once), Some(more)) = (work(marks), work(marks * 8)) else { continue };
        // A pass for each mark would be 64 times the work.
        let ratio = more as f64 / once as f64;
        assert!(ratio < 24.0, "eight times the marks are {ratio:.1} times the work: {:.20}", line(9));
    }
}

/// Cleans bytes and asks for the very bytes back.
fn there_and_back(bytes: &[u8], encoding: Option<Encoding>) -> Result<Cleaned, CleanError> {
    static CLEANER: LazyLock<Cleaner> = LazyLock::new(|| Cleaner::new(RuleSet::builtin().chain()));
    let cleaned = CLEANER.clean(bytes, encoding)?;
    let back = cleaned.source.encode(cleaned.outcome.text.original()).unwrap();
    assert!(back == bytes, "{:?} does not come back", cleaned.source.encoding);
    Ok(cleaned)
}

/// One line of so many bytes of prose, with a mark to set right in the middle of each sentence.
fn one_line(bytes: usize) -> String {
    let sentence = "他走到河边,看见水面上漂着一片叶子，想起小时候的事情来，心里很不是滋味。";
    sentence.repeat(bytes / sentence.len())
}

fn a_line_is_cleaned(bytes: usize) {
    let line = one_line(bytes);
    let cleaned = there_and_back(line.as_bytes(), None).unwrap();
    assert_eq!(cleaned.outcome.text.current().trim_end(), line.replace(',', "，"));
}

#[test]
fn a_long_line_is_cleaned_as_a_short_one() {
    a_line_is_cleaned(1 << 18);
}

#[test]
#[ignore = "takes gigabytes"]
fn a_line_of_500_megabytes_is_cleaned_as_a_short_one() {
    a_line_is_cleaned(500_000_000);
}

fn marks_are_kept(count: usize) {
    for marks in ["\u{301}", "\u{301}\u{316}"] {
        let text = format!("字e{}尾\n", marks.repeat(count / marks.chars().count()));
        let cleaned = there_and_back(text.as_bytes(), None).unwrap();
        let kept = cleaned.outcome.text.current().chars().count();
        assert!(kept + 2 >= text.chars().count(), "{} of {count} marks are left", kept);
    }
}

#[test]
fn marks_on_one_letter_are_kept() {
    marks_are_kept(5_000);
}

#[test]
#[ignore = "takes long without optimisation"]
fn a_million_marks_on_one_letter_are_kept() {
    marks_are_kept(1_000_000);
}

#[test]
fn characters_that_are_none_come_back() {
    let wide = |units: &[u16]| units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>();
    let prose: Vec<u16> = "他走到河边，想起小时候的事情来。\n".repeat(8).encode_utf16().collect();
    for (name, bytes, encoding) in [
        ("a lone high surrogate", [&wide(&[0xfeff])[..], &wide(&prose), &wide(&[0xd800, 0x4e00])].concat(), None),
        ("a lone low surrogate", [&wide(&[0xfeff])[..], &wide(&prose), &wide(&[0xdc00, 0x4e00])].concat(), None),
        ("surrogates the wrong way round", wide(&[0xfeff, 0x4e00, 0xdc00, 0xd800, 0x4e00]), None),
        ("a surrogate at the end", wide(&[0xfeff, 0x4e00, 0xd83d]), None),
        ("half a unit at the end", [&wide(&[0xfeff, 0x4e00])[..], &[0x4e]].concat(), None),
        ("no mark and a lone surrogate", wide(&[0x4e00, 0xd800, 0x4e8c]), Some(Encoding::Utf16Le)),
        ("a surrogate in UTF-8", "前".bytes().chain(*b"\xed\xa0\x80").chain("后".bytes()).collect(), None),
        ("a pair of surrogates in UTF-8", "前".bytes().chain(*b"\xed\xa0\xbd\xed\xb8\x80").collect(), None),
        ("a character too long", "前".bytes().chain(*b"\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf").collect(), None),
        ("a character past the last", "前".bytes().chain(*b"\xf4\x90\x80\x80\xf8\x88\x80\x80\x80").collect(), None),
        ("a NUL in prose", "他走到河边，\0想起小时候的事情来。\n".repeat(20).into_bytes(), Some(Encoding::Utf8)),
        ("every code point that is no character", "前\u{fffe}\u{ffff}\u{10ffff}\u{fdd0}后".into(), None),
    ] {
        let cleaned = there_and_back(&bytes, encoding).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!cleaned.outcome.text.current().is_empty(), "{name}");
    }
    let hollow = |nuls: usize| [&b"He walked down to the river.\n"[..], &vec![0; nuls]].concat();
    assert!(matches!(there_and_back(&[0; 100_000], None), Err(CleanError::NotText(_))));
    assert!(matches!(there_and_back(&hollow(2 << 20), None), Err(CleanError::NotText(_))));
    let cleaned = there_and_back(&hollow(100_000), None).expect("a block of NULs");
    assert_eq!(cleaned.outcome.changes.len(), 1);
}

/// Each level nine times the one below: as many bytes, were it unrolled, as no machine has.
fn levels(begin: &str, level: impl Fn(u32) -> String) -> String {
    (1..12).fold(begin.to_owned(), |text, number| text + &level(number))
}

#[test]
fn rules_files_that_are_bombs_are_refused() {
    let aliases = levels("version: 1\na0: &a0 [x]\n", |n| {
        format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "))
    });
    let defines = levels("version: 1\ndefine:\n  a0: xxxxxxxxx\n", |n| {
        format!("  a{n}: '{}'\n", format!("{{{{a{}}}}}", n - 1).repeat(9))
    });
    let rule = "rules:\n  - id: bomb\n    remove: { match: 'PATTERN' }\n";
    let circle = (0..40).fold("version: 1\ndefine:\n".to_owned(), |text, n| {
        text + &format!("  a{n}: '{}'\n", format!("{{{{a{}}}}}", (n + 1) % 40).repeat(2))
    });
    let plain = |pattern: &str| format!("version: 1\n{}", rule.replace("PATTERN", pattern));
    let keys = (0..5_000).fold("version: 1\ndefine:\n".to_owned(), |text, n| text + &format!("  a{n}: x\n"));
    for (yaml, what) in [
        (&aliases, "aliases are not part of the language"),
        (&(defines + &rule.replace("PATTERN", "{{a11}}")), "once its definitions are filled in"),
        (&circle, "once its definitions are filled in"),
        (&plain("((((a{99}){99}){99}){99}){99}"), "too large once its repetitions are written out"),
        (&plain(&"(".repeat(100_000)), "does not compile"),
        (&format!("version: 1\nrules: {}", "[".repeat(100_000)), "recursion limit"),
        (&format!("version: 1\nrules: {}", "{a: ".repeat(100_000)), ""),
        (&format!("version: 1\nrules:\n {}x\n", "- ".repeat(100_000)), "too deep"),
        (&(keys + "rules: 1\n"), "expected a list"),
        (&format!("version: 1\nrules: [{}]\n", "x, ".repeat(2_000)), "rule 1:"),
    ] {
        let error = RuleSet::parse("bomb.yaml", yaml).unwrap_err();
        let told = error.mistakes().iter().any(|mistake| mistake.what().contains(what));
        assert!(told, "{:?}", error.mistakes().first().map(|mistake| mistake.what()));
        let shown = error.render(false).len();
        assert!((1..5_000_000).contains(&shown), "{shown} bytes are shown: {what}");
    }
}

/// A clean and its undo, from inside the folder.
fn run(folder: &Path, args: &str) -> String {
    let mut run = Command::new(env!("CARGO_BIN_EXE_descrape"));
    let output = run.args(args.split(' ')).current_dir(folder).stdin(Stdio::null()).output().unwrap();
    let messages = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{args}: {messages}");
    messages
}

#[test]
fn a_deep_tree_is_cleaned_to_its_bottom() {
    let home = tempfile::tempdir().unwrap();
    let bottom: PathBuf = std::iter::repeat_n("d", 200).collect();
    fs::create_dir_all(home.path().join("in").join(&bottom)).unwrap();
    fs::write(home.path().join("in").join(&bottom).join("a.txt"), "正文,在此。\n").unwrap();
    run(home.path(), "clean in -o out");
    assert_eq!(fs::read_to_string(home.path().join("out").join(&bottom).join("a.txt")).unwrap(), "正文，在此。\n");
    run(home.path(), "undo out/changes.jsonl -o again");
    assert_eq!(fs::read_to_string(home.path().join("again").join(&bottom).join("a.txt")).unwrap(), "正文,在此。\n");
}

fn a_folder_of(files: usize) {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("in")).unwrap();
    for number in 0..files {
        fs::write(home.path().join(format!("in/{number}.txt")), format!("正文,第{number}篇。\n")).unwrap();
    }
    run(home.path(), "clean in -o out");
    run(home.path(), "undo out/changes.jsonl -o again");
    for number in 0..files {
        let read = |folder: &str| fs::read_to_string(home.path().join(format!("{folder}/{number}.txt"))).unwrap();
        assert_eq!((read("out"), read("again")), (format!("正文，第{number}篇。\n"), read("in")));
    }
}

#[test]
fn a_folder_of_many_files_comes_back() {
    a_folder_of(200);
}

#[test]
#[ignore = "takes minutes without optimisation"]
fn a_folder_of_a_hundred_thousand_files_comes_back() {
    a_folder_of(100_000);
}

#[test]
fn a_file_larger_than_memory_is_told_of_and_not_read() {
    let home = tempfile::tempdir().unwrap();
    // A hole, which takes no room on the disk.
    fs::File::create(home.path().join("hole.txt")).unwrap().set_len(1 << 40).unwrap();
    for args in [&["detect", "hole.txt"][..], &["clean", "hole.txt", "-o", "out"]] {
        let mut run = Command::new(env!("CARGO_BIN_EXE_descrape"));
        let output = run.args(args).current_dir(home.path()).stdin(Stdio::null()).output().unwrap();
        let messages = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{messages}");
        assert!(messages.contains("it is larger than 1 GB; --max-size raises that limit"), "{messages}");
    }
}
