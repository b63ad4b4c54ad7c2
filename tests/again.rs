//! Cleans that meet what earlier ones left, share a folder, or are stopped.

#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "the tests make the files that the program is to find")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use common::{CLEAN, DIRTY, Home, RULES};
use descrape::batch::{Batch, Came, Told, Unchanged};
use descrape::config::RuleSet;
use descrape::earlier::Earlier;
use descrape::target::Target;
use descrape::walk::{self, Plan, Walk};
use descrape::write::Tag;
use descrape::{Cleaner, read};

/// A folder with twelve dirty documents and a clean one.
fn home() -> Home {
    let home = Home::new();
    for number in 0..12 {
        home.put(format!("docs/{}/{number}.txt", number % 3), DIRTY);
    }
    home.put("docs/clean.txt", CLEAN);
    home
}

/// Inode and text of everything below a folder.
fn tree(home: &Home, folder: &str) -> BTreeMap<PathBuf, (u64, String)> {
    let files = home.files(folder).into_iter().map(|name| home.path(folder).join(name));
    files.map(|path| (path.clone(), (path.metadata().unwrap().ino(), fs::read_to_string(path).unwrap()))).collect()
}

#[test]
fn what_did_not_change_is_not_cleaned_again() {
    let home = home();
    let clean = "clean docs -r rules.yaml";
    home.well(clean);
    let log = home.read("docs-clean/changes.jsonl");
    let before = tree(&home, "docs-clean");
    assert!(home.well(clean).contains("13 files as before"));
    let after = tree(&home, "docs-clean");
    let untouched = |path: &&PathBuf| before[*path] == after[*path];
    assert_eq!(before.keys().filter(untouched).count(), 13, "all but the log");
    assert_eq!(home.read("docs-clean/changes.jsonl"), log);
    assert!(!home.path("docs-clean/changes.jsonl.1").exists());

    // The time says nothing: the same bytes written again, and others of the same length.
    home.put("docs/0/0.txt", DIRTY);
    home.put("docs/0/3.txt", DIRTY.replace("此", "彼"));
    assert!(home.well(clean).contains("12 files as before"));
    assert_eq!(home.read("docs-clean/0/3.txt"), CLEAN.replace("此", "彼"));
    // A clean text that is gone comes again.
    fs::remove_file(home.path("docs-clean/1/1.txt")).unwrap();
    assert!(home.well(clean).contains("12 files as before"));
    assert_eq!(home.read("docs-clean/1/1.txt"), CLEAN);
    // The result is that of a fresh clean, log included.
    let log = home.read("docs-clean/changes.jsonl");
    fs::remove_dir_all(home.path("docs-clean")).unwrap();
    home.well(clean);
    assert_eq!(home.read("docs-clean/changes.jsonl"), log);
}

#[test]
fn other_rules_mean_another_clean() {
    let home = home();
    home.well("clean docs -r rules.yaml");
    home.put("rules.yaml", RULES.replace("第", "正"));
    let messages = home.well("clean docs -r rules.yaml");
    assert!(messages.contains("all files are cleaned again: the earlier clean was with other rules"), "{messages}");
    assert!(!messages.contains("as before"), "{messages}");
    assert_eq!(home.read("docs-clean/0/0.txt"), DIRTY);
    let messages = home.well("clean docs -r rules.yaml --encoding utf-8");
    assert!(messages.contains("the earlier clean was with another --encoding"), "{messages}");
}

#[test]
fn records_that_do_not_lead_back_are_not_taken_over() {
    let home = home();
    home.well("clean docs -r rules.yaml");
    let log = home.read("docs-clean/changes.jsonl");
    let change = r#""file":"0/0.txt","rule":"page-number-line","edits":[["第 3 页\n","",[2],[22]]"#;
    assert!(log.contains(change), "{log}");
    home.put("docs-clean/changes.jsonl", log.replace(change, &change.replace("22", "19")));
    assert!(home.well("clean docs -r rules.yaml").contains("12 files as before"));
    assert_eq!(home.read("docs-clean/changes.jsonl"), log);
}

#[test]
fn the_same_name_seen_from_elsewhere_is_another_folder() {
    let home = home();
    home.put("a/docs/one.txt", DIRTY);
    home.put("b/docs/one.txt", "其他。\n");
    let out = home.path("out").display().to_string();
    let clean = |folder: &str| {
        let mut run = home.command("clean docs -r ../rules.yaml -o");
        let output = run.arg(&out).current_dir(home.path(folder)).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(clean("a").0, 0);
    let (exit, messages) = clean("b");
    assert!(exit == 2 && messages.contains("is the log of an earlier clean of docs"), "{messages}");
    assert_eq!(home.read("out/one.txt"), CLEAN);
    assert_eq!(clean("a").0, 0);
    // Named in another way it is the same one.
    home.well(&format!("clean a/docs -r rules.yaml -o {out}"));
}

#[test]
fn parts_share_a_folder() {
    let home = home();
    home.well("clean docs -r rules.yaml -o whole");
    home.well("clean docs -r rules.yaml");
    // Over what one clean left, several at the same time, with other rules.
    home.put("rules.yaml", RULES.replace("页'", "页\\n?'"));
    let parts: Vec<_> = (1..=3)
        .map(|part| home.command(&format!("clean docs -r rules.yaml -q --shard {part}/3")).spawn().unwrap())
        .collect();
    for mut part in parts {
        assert!(part.wait().unwrap().success());
    }
    let texts = |folder: &str| -> BTreeMap<PathBuf, String> {
        let start = home.path(folder);
        let all = tree(&home, folder).into_iter().filter(|(path, _)| path.extension().unwrap() == "txt");
        all.map(|(path, (_, text))| (path.strip_prefix(&start).unwrap().to_owned(), text)).collect()
    };
    assert_eq!(texts("docs-clean"), texts("whole"));
    for part in 1..=3 {
        home.well(&format!("undo docs-clean/changes.{part}-of-3.jsonl -o back"));
    }
    assert_eq!(texts("back"), texts("docs"));
    // In other parts, and whole again, nothing is left to do.
    assert!(home.well("clean docs -r rules.yaml --shard 1/1").contains("13 files as before"));
    assert!(home.well("clean docs -r rules.yaml").contains("13 files as before"));
    // Nobody takes the folder for documents.
    fs::remove_file(home.path("docs-clean/changes.jsonl")).unwrap();
    assert!(home.well("clean . -n -r rules.yaml").contains("docs-clean: skipped: the output of an earlier clean"));
    let (exit, messages) = home.run("clean docs --shard 4/3");
    assert!(exit == 2 && messages.contains("the parts are 1/3 to 3/3"), "{messages}");
}

#[test]
fn in_place_goes_on_only_when_asked() {
    let home = home();
    home.well("clean docs -r rules.yaml --in-place");
    home.put("docs/new.txt", DIRTY);
    let (exit, messages) = home.run("clean docs -r rules.yaml --in-place");
    assert!(exit == 2 && messages.contains("--resume"), "{messages}");
    assert!(home.well("clean docs -r rules.yaml --in-place --resume").contains("13 files as before"));
    assert_eq!(home.read("docs/new.txt"), CLEAN);
    // By other rules only half of the files would be cleaned.
    home.put("other.yaml", RULES.replace("第", "正"));
    let (exit, messages) = home.run("clean docs -r other.yaml --in-place --resume");
    assert!(exit == 2 && messages.contains("was begun with other rules"), "{messages}");
    // What was changed by hand since is nobody's to change.
    home.put("docs/0/0.txt", "手改。\n第 9 页\n");
    let (exit, messages) = home.run("clean docs -r rules.yaml --in-place --resume");
    assert!(
        exit == 2 && messages.contains("docs/0/0.txt: left as it is: it was cleaned before and changed"),
        "{messages}"
    );
    home.put("docs/0/0.txt", CLEAN);
    assert_eq!(home.run("undo docs.changes.jsonl"), (0, "restored 13, 1 already there\n".to_owned()));
    assert_eq!(home.read("docs/0/0.txt"), DIRTY);
}

#[test]
fn the_way_back_of_files_that_a_later_clean_leaves_out_stays() {
    let home = home();
    let before = tree(&home, "docs");
    home.well("clean docs -r rules.yaml --in-place");
    home.put("docs/new.txt", DIRTY);
    home.well("clean docs -r rules.yaml --in-place --resume -g new.txt");
    assert!(home.path("docs.changes.jsonl.1").exists());
    home.well("undo docs.changes.jsonl");
    assert_eq!(home.read("docs/new.txt"), DIRTY);
    std::fs::remove_file(home.path("docs/new.txt")).unwrap();
    let contents = |tree: BTreeMap<PathBuf, (u64, String)>| {
        tree.into_iter().map(|(path, (_, text))| (path, text)).collect::<Vec<_>>()
    };
    assert_eq!(contents(tree(&home, "docs")), contents(before));
}

#[test]
fn clean_files_are_copied_linked_or_left_out() {
    let home = home();
    let inode = |name: &str| home.path(name).metadata().map(|metadata| metadata.ino()).ok();
    for (how, linked, there) in [("copy", false, true), ("link", true, true), ("skip", false, false)] {
        home.well(&format!("clean docs -r rules.yaml -o {how} --unchanged {how}"));
        assert_eq!(inode(&format!("{how}/clean.txt")).is_some(), there, "{how}");
        assert_eq!(inode(&format!("{how}/clean.txt")) == inode("docs/clean.txt"), linked, "{how}");
        assert!(
            home.well(&format!("clean docs -r rules.yaml -o {how} --unchanged {how}")).contains("13 files as before")
        );
        home.well(&format!("undo {how}/changes.jsonl -o {how}-back"));
        assert_eq!(home.read(format!("{how}-back/clean.txt")), CLEAN);
    }
    // From one to the other.
    home.well("clean docs -r rules.yaml -o copy --unchanged skip");
    assert_eq!(inode("copy/clean.txt"), None);
    assert_eq!(home.read("copy/changes.jsonl"), home.read("skip/changes.jsonl"));
    home.well("clean docs -r rules.yaml -o skip --unchanged copy");
    assert_eq!(home.read("skip/clean.txt"), CLEAN);
}

#[test]
fn programs_are_told_line_by_line() {
    let home = home();
    home.put("docs/binary", "\0\u{1}\u{2}\0\0\u{3}");
    let told = |args: &str| -> Vec<serde_json::Value> {
        let output = home.command(args).output().unwrap();
        let lines = String::from_utf8(output.stdout).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let lines = told("clean docs -r rules.yaml --format json");
    assert_eq!(lines.len(), 15);
    assert_eq!((&lines[0]["file"], &lines[0]["came"]), (&"docs/0/0.txt".into(), &"cleaned".into()));
    assert_eq!(lines[0]["rules"]["page-number-line"], 1);
    assert_eq!((&lines[12]["came"], lines[12]["why"].is_string()), (&"skipped".into(), true));
    assert_eq!((&lines[14]["type"], &lines[14]["files"], &lines[14]["kept"]), (&"end".into(), &13.into(), &0.into()));
    let lines = told("clean docs -r rules.yaml --format json");
    #[cfg(target_os = "linux")]
    assert!(lines[14]["peak_memory"].as_u64().is_some_and(|bytes| (1_000_000..200_000_000).contains(&bytes)));
    assert_eq!((&lines[0]["came"], &lines[14]["kept"]), (&"kept".into(), &13.into()));
    assert!(told("clean docs -r rules.yaml --diff --format json")[0]["diff"].is_string());
    assert!(home.run("clean docs/clean.txt --format json").1.contains("has the clean text already"));
}

#[test]
fn a_reader_who_leaves_stops_a_clean_that_can_go_on() {
    let home = home();
    for number in 0..3000 {
        home.put(format!("docs/many/{number}.txt"), DIRTY);
    }
    let mut child = home.command("clean docs -r rules.yaml -q --format json").stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let log = home.read("docs-clean/changes.jsonl");
    assert!(log.lines().last().unwrap().starts_with(r#"{"type":"end","interrupted":true,"#));
    home.well("clean docs -r rules.yaml -q");
    assert_eq!(home.read("docs-clean/many/2999.txt"), CLEAN);
}

#[test]
fn the_first_signal_asks_and_the_second_one_ends() {
    for (signal, in_place) in [("INT", false), ("TERM", true)] {
        let home = home();
        for number in 0..6000 {
            home.put(format!("docs/many/{number}.txt"), DIRTY);
        }
        let (place, done) = if in_place { (" --in-place", "docs") } else { ("", "docs-clean") };
        let clean = format!("clean docs -r rules.yaml{place}");
        let child = home.command(&format!("{clean} -q")).stderr(Stdio::piped()).spawn().unwrap();
        while fs::read_to_string(home.path(done).join("0/0.txt")).ok().as_deref() != Some(CLEAN) {
            std::thread::sleep(Duration::from_micros(200));
        }
        Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
        let log = if in_place { "docs.changes.jsonl" } else { "docs-clean/changes.jsonl" };
        assert!(home.read(log).lines().last().unwrap().starts_with(r#"{"type":"end","interrupted":true,"#));
        let left = tree(&home, done).into_keys().any(|path| path.to_str().unwrap().contains(".descrape-"));
        assert!(!left, "unfinished files are left");
        // Back, or on.
        let (exit, messages) = home.run(&format!("undo {log}{}", if in_place { "" } else { " -o back" }));
        assert_eq!(exit, 0, "{messages}");
        if in_place {
            assert!(tree(&home, "docs").into_values().all(|(_, text)| text == DIRTY || text == CLEAN));
            assert_eq!(home.read("docs/0/0.txt"), DIRTY);
        }
        home.well(&format!("{clean} --resume"));
        assert_eq!(fs::read_to_string(home.path(done).join("many/5999.txt")).unwrap(), CLEAN);
        assert!(!home.read(log).contains("interrupted"));
    }
}

#[test]
fn two_runs_do_not_write_one_log() {
    let home = home();
    home.well("clean docs -r rules.yaml");
    let log = fs::File::open(home.path("docs-clean/changes.jsonl")).unwrap();
    log.lock().unwrap();
    let (exit, messages) = home.run("clean docs -r rules.yaml");
    assert!(exit == 2 && messages.contains("another run of descrape is writing it"), "{messages}");
    assert_eq!(home.run("undo docs-clean/changes.jsonl -o back").0, 2);
    drop(log);
    home.well("clean docs -r rules.yaml");
}

#[test]
fn a_file_that_vanishes_is_told_of_and_the_others_go_on() {
    let home = home();
    let plan = Plan::new(walk::roots(&[home.path("docs")]), &Walk::default());
    fs::remove_file(home.path("docs/1/1.txt")).unwrap();
    let cleaner = Cleaner::new(RuleSet::parse("rules", RULES).unwrap().chain());
    let stop = AtomicBool::new(false);
    let batch = Batch {
        plan: &plan,
        cleaner: &cleaner,
        encoding: None,
        target: &Target::Folder(home.path("out")),
        earlier: Earlier::default(),
        unchanged: Unchanged::Copy,
        tag: Tag::default(),
        limit: u64::MAX,
        fields: Vec::new(),
        diff: false,
        threads: 2,
        stop: &stop,
    };
    let mut failed = Vec::new();
    let tally = batch.run(None, |told| {
        if let Told::Done(done) = told
            && let Came::Failed { what, why } = &done.came
        {
            failed.push(format!("{}: {what}: {why}", done.input.strip_prefix(home.path("docs")).unwrap().display()));
        }
        Ok(())
    });
    assert_eq!(failed, ["1/1.txt: cannot be read: no such file or directory"]);
    assert_eq!(tally.unwrap().files, 12);
    assert_eq!(home.read("out/2/2.txt"), CLEAN);
}

#[test]
fn a_file_that_is_being_written_is_left_alone() {
    let home = home();
    let path = home.path("docs/growing.txt");
    fs::write(&path, DIRTY.repeat(400_000)).unwrap();
    let mut growing = fs::File::options().append(true).open(&path).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                growing.write_all(DIRTY.as_bytes()).unwrap();
            }
        });
        // Whoever reads while another writes sees it at once, or the size of the file was already another.
        let seen =
            (0..200).any(|_| read::file(&path).is_err_and(|error| error.to_string().contains("while it was read")));
        stop.store(true, Ordering::Relaxed);
        assert!(seen);
    });
}

/// Lines with documents, dirty and clean and none; more than a megabyte of them.
fn many_lines() -> String {
    let page = "船靠了岸，天黑了。".repeat(30);
    let line = |n: usize| match n % 4 {
        0 => format!("{{\"id\":{n},\"text\":\"{page}第{n}封信\"}}\n"),
        1 => format!("{{\"text\":\"{page}\\n第 {n} 页\\n\",\"id\":{n}}}\n"),
        2 => format!("{{\"id\":{n}}}\n"),
        _ => format!("{{\"text\":\"第 {n} 页\\n\\u4e00{page}\"}}\n"),
    };
    (0..2_000).map(line).collect()
}

#[test]
fn lines_that_did_not_change_are_not_cleaned_again() {
    for place in ["", " --in-place --log docs.changes.jsonl --resume"] {
        let home = home();
        home.put("docs/large.jsonl", many_lines());
        home.put("docs/small.jsonl", "{\"text\":\"船靠了岸。\\n第 3 页\"}\n");
        let clean = format!("clean docs -r rules.yaml -f text{place}");
        let (out, log) =
            if place.is_empty() { ("docs-clean", "docs-clean/changes.jsonl") } else { ("docs", "docs.changes.jsonl") };
        home.well(&clean);
        let (lines, records) = (home.bytes(format!("{out}/large.jsonl")), home.bytes(log));
        let told = home.well(&clean);
        assert!(told.contains("15 files as before") && told.contains("500 lines left alone"), "{told}");
        assert!(home.bytes(log) == records && home.bytes(format!("{out}/large.jsonl")) == lines);
        // One line is another: its file is cleaned again, and no other.
        if place.is_empty() {
            home.put("docs/large.jsonl", many_lines().replace("第5封信", "第五封信").replace("第 5 页", "第 50 页"));
            assert!(home.well(&clean).contains("14 files as before"));
            assert_eq!(home.bytes("docs-clean/large.jsonl"), lines);
            // Records that do not lead back are not taken over.
            let damaged = String::from_utf8(home.bytes(log)).unwrap().replacen("第 9 页", "第 8 页", 1);
            home.put(log, damaged);
            assert!(home.well(&clean).contains("14 files as before"));
        }
        home.well(&format!("undo {log}{}", if place.is_empty() { " -o back" } else { "" }));
    }
}

#[test]
fn a_packed_log_is_the_same_however_a_clean_came_to_its_end() {
    let home = home();
    for number in 0..150 {
        home.put(format!("docs/more/{number}.txt"), DIRTY.repeat(number));
    }
    home.put("docs/large.jsonl", many_lines());
    let log = "docs-clean/changes.jsonl.zst";
    let clean = format!("clean docs -r rules.yaml -f text --log {log}");
    home.well(&format!("{clean} -j 1"));
    let (whole, files) = (home.bytes(log), home.files("docs-clean"));
    // Nothing to do, on more threads.
    assert!(home.well(&format!("{clean} -j 3")).contains("164 files as before"));
    assert!(home.bytes(log) == whole);
    // The process was killed: the log breaks off, and so do the files.
    for part in [1, 2, 3] {
        home.put(log, &whole[..whole.len() * part / 4]);
        for file in files.iter().filter(|file| file.starts_with("more")).skip(40 * part) {
            fs::remove_file(home.path("docs-clean").join(file)).unwrap();
        }
        home.well(&format!("{clean} -j 2"));
        assert!(home.bytes(log) == whole, "{part}");
        assert_eq!(home.files("docs-clean"), files);
    }
    home.well(&format!("undo {log} -o back"));
    assert_eq!(home.bytes("back/large.jsonl"), many_lines().into_bytes());
}

#[test]
fn clean_texts_of_files_that_are_gone_are_told_of_and_stay() {
    let home = home();
    home.well("clean docs -r rules.yaml");
    fs::remove_file(home.path("docs/0/3.txt")).unwrap();
    fs::remove_dir_all(home.path("docs/2")).unwrap();
    let told = home.well("clean docs -r rules.yaml");
    assert!(told.contains("5 clean texts left of files that are gone, such as docs-clean/0/3.txt; "), "{told}");
    // What is only left out is not gone.
    let told = home.well("clean docs -r rules.yaml -g !1");
    assert!(told.contains("5 clean texts left of files that are gone"), "{told}");
    assert_eq!(home.read("docs-clean/2/2.txt"), CLEAN);
    fs::remove_dir_all(home.path("docs-clean/2")).unwrap();
    fs::remove_file(home.path("docs-clean/0/3.txt")).unwrap();
    assert!(!home.well("clean docs -r rules.yaml").contains("gone"));
}
