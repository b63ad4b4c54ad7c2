//! A process that dies, or a disk that fails, at any of the calls that change the file system.
//!
//! Invariant: whatever happens, no file is torn, nothing is lost, and going on from there gives, byte for byte, what a
//! run without a fault gives.
//!
//! `cargo test --features faults --test kill` tries a part of the calls; with `-- --ignored` all of them, and 200 real
//! kills at random times.

#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "the tests make the files that the program is to find")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

type Tree = BTreeMap<PathBuf, Vec<u8>>;

const RULES: &str = "version: 1
rules:
  - id: page-number-line
    remove: { line: '第 [0-9]+ 页' }
  - id: ascii-comma
    replace: { match: ',', with: '，' }
";

/// Files of all kinds, so that every way through the program is gone: dirty, clean, in another encoding, binary,
/// JSON Lines.
fn documents(edition: usize) -> Tree {
    let mut files = Tree::new();
    for number in 0..36 {
        let text = format!("第{number}章 第{edition}版\n正文,到此为止。\n第 {number} 页\n").repeat(1 + number % 5);
        let bytes = match number % 6 {
            3 => format!("第{number}章，这里已经干净。\n").into_bytes(),
            4 => encoding_rs::GB18030.encode(&text).0.into_owned(),
            5 if number > 30 => [0, 1, 2, 255, 0, 0, 7].repeat(20),
            // Some stay as they are from one edition to the next.
            2 => format!("不变,第{number}章。\n第 1 页\n").into_bytes(),
            _ => text.into_bytes(),
        };
        files.insert(format!("part-{}/{number}.txt", number % 4).into(), bytes);
    }
    for (name, edition) in [("new", edition), ("same", 0)] {
        let line = |row| format!("{{\"id\":{row},\"text\":\"第{row}行,第{edition}版\\n第 {row} 页\"}}\n");
        files.insert(format!("part-2/{name}.jsonl").into(), (0..9).map(line).collect::<String>().into_bytes());
    }
    files
}

/// A folder with documents.
struct Home(TempDir);

impl Home {
    fn new(documents: &Tree) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        fs::write(home.path().join("rules.yaml"), RULES).unwrap();
        home.put("docs", documents);
        home
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn put(&self, folder: &str, files: &Tree) {
        for (name, bytes) in files {
            let path = self.path().join(folder).join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }

    /// Puts everything back as it was; the path stays, as it tells which unfinished files are whose.
    fn reset(&self, files: &Tree) {
        for entry in fs::read_dir(self.path()).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => fs::remove_dir_all(entry.path()).unwrap(),
                false => fs::remove_file(entry.path()).unwrap(),
            }
        }
        self.put("", files);
    }

    fn copy(&self) -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        copy.put("", &self.tree(""));
        copy
    }

    /// All files below a folder.
    fn tree(&self, folder: &str) -> Tree {
        let start = self.path().join(folder);
        let mut files = Tree::new();
        let mut folders = vec![start.clone()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next).into_iter().flatten().map(Result::unwrap) {
                match entry.file_type().unwrap().is_dir() {
                    true => folders.push(entry.path()),
                    false => {
                        let name = entry.path().strip_prefix(&start).unwrap().to_owned();
                        files.insert(name, fs::read(entry.path()).unwrap());
                    }
                }
            }
        }
        files
    }

    fn command(&self, args: &str) -> Command {
        let mut run = Command::new(env!("CARGO_BIN_EXE_descrape"));
        run.args(args.split(' ')).current_dir(self.path()).stdin(Stdio::null());
        run
    }

    fn run(&self, args: &str) -> Output {
        self.command(args).output().unwrap()
    }

    fn well(&self, args: &str) -> Output {
        let output = self.run(args);
        assert!(output.status.success(), "{args}: {}", said(&output));
        output
    }

    fn faulty(&self, args: &str, fault: &str) -> Output {
        self.command(args).env("DESCRAPE_FAULT", fault).output().unwrap()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Something that may be interrupted.
struct Story {
    name: &'static str,
    /// How things stand before.
    home: Home,
    /// What is done; `-j` is added.
    run: &'static str,
    /// How it goes on afterwards.
    again: &'static str,
    /// The undo, and the folder that must then hold the documents; `None` where there are none to be had.
    undo: Option<(&'static str, &'static str)>,
    documents: Tree,
}

fn stories() -> Vec<Story> {
    let (old, new) = (documents(1), documents(2));
    let copy = "clean docs -r rules.yaml --field text -q";
    let in_place = "clean docs -r rules.yaml --field text -q --in-place --resume";
    let cleaned = Home::new(&old);
    cleaned.well(copy);
    cleaned.put("docs", &new);
    let done = Home::new(&old);
    done.well(in_place);
    let stopped = Home::new(&old);
    stopped.faulty(&format!("{in_place} -j 1"), "full 90");
    let undo_copy = Some(("undo docs-clean/changes.jsonl -o back -q", "back"));
    let undo_in_place = Some(("undo docs.changes.jsonl -q", "docs"));
    let story = |name, home, run, again, undo, documents: &Tree| Story {
        name,
        home,
        run,
        again,
        undo,
        documents: documents.clone(),
    };
    vec![
        story("a clean into a folder", Home::new(&old), copy, copy, undo_copy, &old),
        story("a clean over an earlier one", cleaned, copy, copy, undo_copy, &new),
        story("a clean in place", Home::new(&old), in_place, in_place, undo_in_place, &old),
        story("a clean in place that goes on", stopped, in_place, in_place, undo_in_place, &old),
        story(
            "an undo in place",
            done,
            "undo docs.changes.jsonl -q",
            "undo docs.changes.jsonl -q",
            undo_in_place,
            &old,
        ),
    ]
}

impl Story {
    /// How many calls there are.
    fn calls(&self) -> u64 {
        let told = said(&self.home.copy().faulty(&format!("{} -j 1", self.run), "count 0"));
        let last = told.lines().rev().find_map(|line| line.strip_prefix("call "));
        last.unwrap_or_else(|| panic!("{}: {told}", self.name)).parse().unwrap()
    }

    /// What a run without a fault leaves.
    fn end(&self) -> Tree {
        let home = self.home.copy();
        home.well(self.run);
        home.tree("")
    }

    /// Checks all that must hold after a fault.
    fn check(&self, home: &Home, end: &Tree, killed: bool, what: &str) {
        let what = format!("{}, {what}", self.name);
        let before = self.home.tree("");
        for (name, bytes) in home.tree("") {
            let unfinished = name.file_name().unwrap().to_str().unwrap().starts_with(".descrape-");
            let log = name.to_str().unwrap().contains("changes.jsonl");
            let whole = before.get(&name) == Some(&bytes) || end.get(&name) == Some(&bytes);
            // What stands under its name is as it was or as it is to be; only a kill leaves anything under another one.
            assert!(whole || log || (unfinished && killed), "{what}: {} is torn", name.display());
        }
        if self.name.starts_with("a clean over") || self.name.starts_with("a clean into") {
            assert!(self.documents.iter().all(|(name, bytes)| home.tree("docs").get(name) == Some(bytes)), "{what}");
        }
        let interrupted = home.tree("");
        if let Some((undo, folder)) = self.undo {
            let output = home.run(undo);
            let log = undo.split(' ').nth(1).unwrap();
            let any_log =
                [log.to_owned(), format!("{log}.1")].iter().any(|log| interrupted.contains_key(Path::new(log)));
            match any_log {
                // A file that failed may stand in the log without a clean text; that is told.
                true => assert!(output.status.success() || !killed, "{what}: {}", said(&output)),
                false => assert_eq!(output.status.code(), Some(2), "{what}: {}", said(&output)),
            }
            let earlier = documents(1);
            for (name, bytes) in home.tree(folder) {
                let original = self.documents.get(&name) == Some(&bytes);
                // Over an earlier clean, what was not reached comes back as it was then.
                let theirs = folder == "back" && earlier.get(&name) == Some(&bytes);
                assert!(original || theirs, "{what}: {} is not its original", name.display());
            }
            if folder == "docs" {
                assert_eq!(home.tree("docs").len(), self.documents.len(), "{what}");
            }
        }
        home.reset(&interrupted);
        let output = home.run(self.again);
        assert!(output.status.success(), "{what}: {}", said(&output));
        let tree = home.tree("");
        let other = tree.keys().chain(end.keys()).find(|name| tree.get(*name) != end.get(*name));
        assert_eq!(other, None, "{what}: going on gives another result");
    }

    /// Meets one fault at a call, and for every fourth call another one while it goes on from there.
    fn meet(&self, fault: &str, call: u64, end: &Tree) {
        let home = self.home.copy();
        let jobs = 1 + call % 2;
        let run = format!("{} -j {jobs}", self.run);
        let output = home.faulty(&run, &format!("{fault} {call}"));
        let killed = output.status.signal().is_some();
        assert_eq!(killed, fault == "kill" && !output.status.success(), "{}: {}", self.name, said(&output));
        let mut what = format!("{fault} at call {call} with {jobs} jobs");
        if call.is_multiple_of(4) && fault == "kill" {
            home.faulty(self.again, &format!("kill {}", 1 + call / 2));
            what += ", and once more";
        }
        self.check(&home, end, fault == "kill", &what);
    }
}

/// Every `step`-th call of every story meets every fault. How many did.
fn meet_all(step: usize) -> usize {
    let mut count = 0;
    for story in stories() {
        let (calls, end) = (story.calls(), story.end());
        assert!(calls > 30, "{}: {calls} calls", story.name);
        for fault in ["kill", "full", "fail"] {
            // Faults other than a kill take the same ways after every call of one kind.
            let step = if fault == "kill" { step } else { step * 3 };
            for call in (1..=calls).step_by(step) {
                story.meet(fault, call, &end);
                count += 1;
            }
        }
    }
    count
}

#[test]
fn a_fault_at_some_calls() {
    assert!(meet_all(29) > 30);
}

#[test]
#[ignore = "takes minutes"]
fn a_fault_at_every_call() {
    let count = meet_all(1);
    assert!(count >= 700, "{count}");
}

/// Real kills, from outside, at any time: 200 of them, spread over how long a run takes.
#[test]
#[ignore = "takes minutes"]
fn a_kill_at_any_time() {
    for story in stories() {
        let end = story.end();
        let home = story.home.copy();
        let began = Instant::now();
        home.well(story.run);
        let took = began.elapsed();
        for number in 0..40 {
            let home = story.home.copy();
            let mut child = home.command(story.run).spawn().unwrap();
            std::thread::sleep(took.mul_f64(f64::from(number) / 40.0).max(Duration::from_micros(100)));
            child.kill().unwrap();
            child.wait().unwrap();
            story.check(&home, &end, true, &format!("kill {number} of 40"));
        }
    }
}
