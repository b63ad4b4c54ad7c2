//! Lists of files: what they name is cleaned, and nothing outside.

#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "the tests make the files that the program is to find")]

mod common;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use common::{CLEAN, DIRTY, Home};

#[test]
fn the_tree_below_the_folder_is_mirrored() {
    let home = Home::new();
    for name in ["docs/a.txt", "docs/sub/b.txt", "docs/sub/c.txt", "docs/deep/er/d.txt", "other.txt"] {
        home.put(name, DIRTY);
    }
    home.put("list", "sub/b.txt\r\n./a.txt\n\nsub/../a.txt\ndeep\n");
    let (exit, _, messages) = home.piped("clean docs --files-from list -o out -r rules.yaml", b"");
    assert_eq!(exit, 0, "{messages}");
    let want = ["a.txt", "changes.jsonl", "deep/er/d.txt", "sub/b.txt"].map(PathBuf::from);
    assert_eq!(home.files("out"), want);
    assert_eq!(home.read("out/deep/er/d.txt"), CLEAN);
    assert_eq!(home.piped("undo out/changes.jsonl -o back", b"").0, 0);
    assert_eq!(home.read("back/sub/b.txt"), DIRTY);
    // Names from a pipe, from the current folder, absolute ones.
    let absolute = home.path("docs/sub/c.txt");
    let names = [b"docs/a.txt\0".as_slice(), absolute.as_os_str().as_bytes(), b"\0other.txt"].concat();
    let (exit, _, messages) = home.piped("clean --files-from - -0 -o out2 -r rules.yaml", &names);
    assert_eq!(exit, 0, "{messages}");
    let want = ["changes.jsonl", "docs/a.txt", "docs/sub/c.txt", "other.txt"].map(PathBuf::from);
    assert_eq!(home.files("out2"), want);
    let (_, out, _) = home.piped("detect --files-from list docs", b"");
    assert!(String::from_utf8(out).unwrap().contains("docs/sub/b.txt"));
    assert_eq!(home.piped("clean --files-from - -0 --in-place --log log.jsonl -r rules.yaml", &names).0, 0);
    assert_eq!((home.read("docs/a.txt").as_str(), home.read("docs/deep/er/d.txt").as_str()), (CLEAN, DIRTY));
    assert_eq!(home.piped("undo log.jsonl", b"").0, 0);
    assert_eq!(home.read("docs/a.txt"), DIRTY);
}

#[test]
fn names_that_lead_out_are_errors_and_write_nothing() {
    let home = Home::new();
    for name in ["docs/a.txt", "secret.txt", "elsewhere/b.txt"] {
        home.put(name, DIRTY);
    }
    symlink("../elsewhere", home.path("docs/link")).unwrap();
    let absolute = home.path("secret.txt").display().to_string();
    home.put("list", format!("../secret.txt\n{absolute}\na/../../secret.txt\nmissing.txt\nlink/b.txt\na.txt\n"));
    let (exit, _, messages) = home.piped("clean docs --files-from list -o out -r rules.yaml", b"");
    assert_eq!(exit, 2);
    assert_eq!(messages.matches("it lies outside docs\n").count(), 3, "{messages}");
    assert!(messages.contains("error: docs/missing.txt: cannot be read: no such file"), "{messages}");
    assert_eq!(home.files("out"), ["a.txt", "changes.jsonl", "link/b.txt"].map(PathBuf::from));
    assert_eq!(home.piped("undo out/changes.jsonl -o back", b"").0, 0);
    // In place, a file behind a link is not meant.
    let (exit, _, messages) = home.piped("clean docs --files-from list --in-place -r rules.yaml", b"");
    assert_eq!(exit, 2);
    assert!(messages.contains("docs/link/b.txt: skipped: a symbolic link; "), "{messages}");
    let unchanged = (home.read("secret.txt"), home.read("elsewhere/b.txt"));
    assert_eq!((unchanged.0.as_str(), unchanged.1.as_str(), home.read("docs/a.txt").as_str()), (DIRTY, DIRTY, CLEAN));
    // Nor does a link in the output folder lead out of it.
    home.put("docs/sub/c.txt", DIRTY);
    fs::create_dir(home.path("out3")).unwrap();
    fs::create_dir(home.path("far")).unwrap();
    symlink("../far", home.path("out3/sub")).unwrap();
    for args in ["clean docs -o out3 -r rules.yaml", "clean docs --files-from list -o out3 -r rules.yaml"] {
        home.put("list", "sub/c.txt\n");
        let (exit, _, messages) = home.piped(args, b"");
        assert!(exit == 2 && messages.contains("out3/sub: leads out of the output folder"), "{messages}");
        assert!(!home.path("far/c.txt").exists());
    }
}

#[test]
fn names_in_gbk_are_names() {
    let home = Home::new();
    let name = OsStr::from_bytes(b"docs/\xce\xc4\xb5\xb5/\xd2\xbb.txt");
    home.put(name, DIRTY);
    let list = [name.as_bytes(), b"\n"].concat();
    let (exit, _, messages) = home.piped("clean --files-from - -o out -r rules.yaml", &list);
    assert_eq!(exit, 0, "{messages}");
    assert_eq!(home.read(Path::new("out").join(name)), CLEAN);
    assert_eq!(home.piped("undo out/changes.jsonl -o back", b"").0, 0);
    assert_eq!(home.read(Path::new("back").join(name)), DIRTY);
}

#[test]
fn what_does_not_go_with_a_list_is_refused() {
    let home = Home::new();
    home.put("docs/a.txt", DIRTY);
    home.put("list", "a.txt\n");
    for (args, says) in [
        (
            "clean docs/a.txt --files-from list",
            "docs/a.txt: is no folder\n  help: with --files-from, PATH is the folder",
        ),
        ("clean docs . --files-from list", "--files-from takes one PATH"),
        ("clean docs --files-from none", "none: cannot be read: no such file"),
        ("clean docs -0", "--files-from"),
    ] {
        let (exit, _, messages) = home.piped(args, b"");
        assert!(exit == 2 && messages.contains(says), "{messages}");
    }
}
