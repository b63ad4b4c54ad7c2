//! Odd things in a file system: links, pipes, names that are no text, files that cannot be read or replaced.

#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "the tests make the files that the program is to find")]

mod common;

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use common::{CLEAN, DIRTY, Home};

#[test]
fn links_are_followed_once_and_loops_are_told_of() {
    let home = Home::new();
    home.put("elsewhere/b.txt", DIRTY);
    home.put("docs/a.txt", DIRTY);
    symlink("../elsewhere", home.path("docs/folder")).unwrap();
    symlink("../elsewhere/b.txt", home.path("docs/file.txt")).unwrap();
    home.put("docs/sub/c.txt", DIRTY);
    for (name, target) in [("again", "sub"), ("loop", ".."), ("self", ".")] {
        symlink(target, home.path("docs").join(name)).unwrap();
    }
    symlink("nothing", home.path("docs/dangling")).unwrap();
    let (exit, messages) = home.run("clean -r rules.yaml docs");
    assert_eq!(exit, 0, "{messages}");
    assert!(messages.contains("docs/dangling: skipped: a symbolic link to nothing\n"), "{messages}");
    for name in ["again", "loop", "self"] {
        let line = format!("docs/{name}: skipped: a symbolic link back into the input\n");
        assert!(messages.contains(&line), "{messages}");
    }
    for file in ["a.txt", "file.txt", "folder/b.txt", "sub/c.txt"] {
        assert_eq!(home.read(Path::new("docs-clean").join(file)), CLEAN);
    }
    assert_eq!(home.read("elsewhere/b.txt"), DIRTY);
}

#[test]
fn in_place_links_are_left_alone_unless_they_are_given() {
    let home = Home::new();
    home.put("b.txt", DIRTY);
    home.put("docs/a.txt", DIRTY);
    symlink("../b.txt", home.path("docs/link.txt")).unwrap();
    let (exit, messages) = home.run("clean -r rules.yaml docs --in-place");
    assert_eq!(exit, 0);
    assert!(messages.contains("docs/link.txt: skipped: a symbolic link; "), "{messages}");
    assert_eq!(home.read("b.txt"), DIRTY);
    let (exit, messages) = home.run("clean -r rules.yaml docs/link.txt --in-place --log log.jsonl");
    assert_eq!((exit, home.read("b.txt").as_str()), (0, CLEAN), "{messages}");
    assert!(home.path("docs/link.txt").is_symlink());
    assert_eq!(home.run("undo log.jsonl").0, 0);
    assert_eq!(home.read("b.txt"), DIRTY);
}

#[test]
fn an_output_folder_that_leads_back_into_the_input_is_refused() {
    let home = Home::new();
    home.put("docs/sub/a.txt", DIRTY);
    fs::create_dir(home.path("out")).unwrap();
    symlink("../docs/sub", home.path("out/sub")).unwrap();
    let (exit, messages) = home.run("clean -r rules.yaml docs -o out");
    assert_eq!(exit, 2);
    assert!(messages.contains("out/sub: is a link to ") && messages.contains("a folder of the input"), "{messages}");
    assert_eq!(home.read("docs/sub/a.txt"), DIRTY);
    symlink("docs", home.path("same")).unwrap();
    assert!(home.run("clean -r rules.yaml docs -o same").1.contains("docs: the output would replace the input"));
}

#[test]
fn names_that_are_no_text_come_back_exactly() {
    let home = Home::new();
    let (gbk, latin) = (OsStr::from_bytes(b"\xce\xc4\xb5\xb5.txt"), OsStr::from_bytes(b"caf\xe9"));
    let newline = OsStr::new("two\nlines\t\"quoted\" \\.txt");
    for name in [gbk, latin, newline] {
        home.put(Path::new("docs").join(latin).join(name), DIRTY);
    }
    assert_eq!(home.run("clean -r rules.yaml docs").0, 0);
    let (exit, messages) = home.run("undo docs-clean/changes.jsonl -o back");
    assert_eq!((exit, messages.as_str()), (0, "restored 3\n"));
    assert_eq!(home.run("clean -r rules.yaml docs --in-place -q").0, 0);
    assert_eq!(home.run("undo docs.changes.jsonl").0, 0);
    for name in [gbk, latin, newline] {
        assert_eq!(home.read(Path::new("docs-clean").join(latin).join(name)), CLEAN);
        assert_eq!(home.read(Path::new("back").join(latin).join(name)), DIRTY);
        assert_eq!(home.read(Path::new("docs").join(latin).join(name)), DIRTY);
    }
    let root = Path::new("docs").join(latin);
    let (exit, _) = home.run_with([OsStr::new("clean"), root.as_os_str(), OsStr::new("-rrules.yaml")]);
    assert_eq!(exit, 0);
    assert_eq!(
        home.run_with([OsStr::new("clean"), root.as_os_str(), OsStr::new("-rrules.yaml")]).0,
        0,
        "a second time"
    );
}

#[test]
fn pipes_in_folders_are_skipped_and_read_where_they_are_given() {
    let home = Home::new();
    home.put("docs/a.txt", DIRTY);
    let pipe = home.path("docs/pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (exit, messages) = home.run("clean -r rules.yaml docs");
    assert_eq!(exit, 0);
    assert!(messages.contains("docs/pipe: skipped: not a regular file\n"), "{messages}");
    let writer = std::thread::spawn(move || fs::OpenOptions::new().write(true).open(pipe)?.write_all(DIRTY.as_bytes()));
    assert_eq!(home.run("clean -r rules.yaml docs/pipe -o out").0, 0);
    writer.join().unwrap().unwrap();
    assert_eq!(home.read("out/pipe"), CLEAN);
    let (exit, messages) = home.run("clean -r rules.yaml docs/pipe --in-place");
    assert_eq!(exit, 2);
    assert!(messages.contains("docs/pipe: not a regular file"), "{messages}");
}

#[test]
fn what_cannot_be_read_or_written_does_not_keep_the_others_back() {
    let home = Home::new();
    home.put("docs/a.txt", DIRTY);
    home.put("docs/b.txt", DIRTY);
    home.put("docs/shut/c.txt", DIRTY);
    fs::create_dir_all(home.path("docs-clean/b.txt")).unwrap();
    home.put("docs-clean/changes.jsonl", "");
    fs::set_permissions(home.path("docs/shut"), fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser may read everything.
    let shut = fs::read_dir(home.path("docs/shut")).is_err();
    let (exit, messages) = home.run("clean -r rules.yaml docs");
    fs::set_permissions(home.path("docs/shut"), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(exit, 2);
    assert!(messages.contains("error: docs/b.txt: cannot be written: "), "{messages}");
    assert_eq!(messages.contains("error: docs/shut: cannot be read: permission denied\n"), shut, "{messages}");
    assert_eq!(home.read("docs-clean/a.txt"), CLEAN);
    assert_eq!(left_behind(&home.path("docs-clean")), 0);
}

fn left_behind(folder: &Path) -> usize {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.as_bytes().starts_with(b".descrape-")).count()
}

#[test]
fn permissions_stay_in_place_and_are_usual_elsewhere() {
    let home = Home::new();
    home.put("docs/a.txt", DIRTY);
    fs::set_permissions(home.path("docs/a.txt"), fs::Permissions::from_mode(0o640)).unwrap();
    home.put("usual", "");
    let mode = |name: &str| home.path(name).metadata().unwrap().mode();
    assert_eq!(home.run("clean -r rules.yaml docs").0, 0);
    assert_eq!(mode("docs-clean/a.txt"), mode("usual"));
    assert_eq!(home.run("clean -r rules.yaml docs --in-place").0, 0);
    assert_eq!(mode("docs/a.txt") & 0o777, 0o640);
    assert_eq!(home.run("undo docs.changes.jsonl").0, 0);
    assert_eq!((mode("docs/a.txt") & 0o777, home.read("docs/a.txt").as_str()), (0o640, DIRTY));
}

#[test]
fn a_clean_file_is_not_touched_in_place() {
    let home = Home::new();
    home.put("docs/a.txt", CLEAN);
    let inode = |home: &Home| home.path("docs/a.txt").metadata().unwrap().ino();
    let before = inode(&home);
    assert_eq!(home.run("clean -r rules.yaml docs --in-place").0, 0);
    assert_eq!(inode(&home), before);
}

#[test]
fn an_output_folder_may_be_moved_with_its_log() {
    let home = Home::new();
    home.put("docs/a.txt", DIRTY);
    assert_eq!(home.run("clean -r rules.yaml docs").0, 0);
    fs::create_dir(home.path("far")).unwrap();
    fs::rename(home.path("docs-clean"), home.path("far/away")).unwrap();
    fs::remove_dir_all(home.path("docs")).unwrap();
    assert_eq!(home.run("undo far/away/changes.jsonl -o back").0, 0);
    assert_eq!(home.read("back/a.txt"), DIRTY);
}

#[test]
fn a_reader_who_leaves_is_no_error() {
    let home = Home::new();
    for number in 0..2000 {
        home.put(format!("docs/a-long-name-to-fill-the-pipe-{number}.txt"), DIRTY);
    }
    let mut run = home.command("clean docs --check -r rules.yaml");
    let mut child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn every_file_in_place_has_its_record_when_the_process_is_killed() {
    let home = Home::new();
    for number in 0..3000 {
        home.put(format!("docs/{number}.txt"), DIRTY);
    }
    let mut child = home.command("clean docs --in-place -q -r rules.yaml").spawn().unwrap();
    while !(0..3000).any(|number| home.read(format!("docs/{number}.txt")) == CLEAN) {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let (exit, messages) = home.run("undo docs.changes.jsonl");
    assert_eq!(exit, 0, "{messages}");
    assert!((0..3000).all(|number| home.read(format!("docs/{number}.txt")) == DIRTY));
}

#[test]
fn only_what_an_earlier_clean_left_is_replaced() {
    let home = Home::new();
    for name in ["a", "b", "c"] {
        home.put(format!("docs/{name}.txt"), DIRTY);
    }
    home.put("out/a.txt", "mine");
    for _ in 0..2 {
        let (exit, messages) = home.run("clean -r rules.yaml docs -o out");
        assert!(exit == 2 && messages.contains("out/a.txt: it is there already and not as"), "{messages}");
        assert_eq!((home.read("out/a.txt").as_str(), home.read("out/b.txt").as_str()), ("mine", CLEAN));
    }
    home.put("out/b.txt", "by hand");
    home.put("docs/b.txt", "其他。\n");
    home.put("docs/c.txt", "其他。\n");
    assert_eq!(home.run("clean -r rules.yaml docs -o out").0, 2);
    assert_eq!((home.read("out/b.txt").as_str(), home.read("out/c.txt").as_str()), ("by hand", "其他。\n"));
}

#[test]
fn a_folder_of_the_same_name_is_another_one() {
    let home = Home::new();
    home.put("docs/a.txt", DIRTY);
    home.put("b/docs/a.txt", "其他。\n");
    assert_eq!(home.run("clean -r rules.yaml docs -o out").0, 0);
    let (exit, messages) = home.run("clean -r rules.yaml b/docs -o out");
    assert!(exit == 2 && messages.contains("is the log of an earlier clean of docs"), "{messages}");
    assert_eq!(home.read("out/a.txt"), CLEAN);
    assert_eq!(home.run("clean -r rules.yaml ./docs/ -o out").0, 0);
}

#[test]
fn an_empty_input_does_not_become_the_log() {
    let home = Home::new();
    home.put("docs/a.txt", DIRTY);
    home.put("docs/empty.txt", "");
    for args in
        ["docs --log docs/empty.txt", "docs --in-place --log docs/empty.txt", "docs/empty.txt --log docs/empty.txt"]
    {
        let (exit, messages) = home.run(&format!("clean -r rules.yaml {args}"));
        assert!(exit == 2 && messages.contains("docs/empty.txt: is a file that is to be cleaned"), "{messages}");
        assert_eq!((home.read("docs/empty.txt").as_str(), home.read("docs/a.txt").as_str()), ("", DIRTY));
    }
}

#[test]
fn undo_stays_with_the_files_of_the_clean() {
    let home = Home::new();
    home.put("docs/a.txt", DIRTY);
    home.put("other.txt", CLEAN);
    assert_eq!(home.run("clean -r rules.yaml docs --in-place").0, 0);
    let log = home.read("docs.changes.jsonl");
    let absolute = format!("\"out\":\"{}\"", home.path("other.txt").display());
    let file = "{\"type\":\"file\",\"file\":\"a.txt\",";
    for out in ["\"out\":\"docs/../other.txt\"", &absolute] {
        home.put("docs.changes.jsonl", log.replace(file, &format!("{file}{out},")));
        let (exit, messages) = home.run("undo docs.changes.jsonl");
        assert!(exit == 2 && messages.contains("other.txt: lies outside the cleaned paths"), "{messages}");
        assert_eq!(home.read("other.txt"), CLEAN);
    }
    let nameless = log.replace("\"file\":\"a.txt\"", "\"file\":\"\"").replace("\"out\":\"docs\",", "");
    home.put("docs.changes.jsonl", &nameless);
    let says = "not restored: the log is damaged: it names no place";
    assert!(home.run("undo docs.changes.jsonl").1.contains(says));
    home.put("docs.changes.jsonl", log.replace("\"changes\":1,", "\"changes\":18446744073709551615,"));
    let (exit, messages) = home.run("undo docs.changes.jsonl");
    assert!(exit == 2 && messages.contains("the log has 1 of its 18446744073709551615 changes"), "{messages}");
    home.put("docs.changes.jsonl", &log[..log.find("{\"type\":\"end\"").unwrap()]);
    let (exit, messages) = home.run("undo docs.changes.jsonl");
    assert!(exit == 0 && messages.contains("has no end") && messages.contains("restored 1"), "{messages}");
    assert_eq!(home.read("docs/a.txt"), DIRTY);
}
