//! Packed files: unpacked, cleaned, packed again under their name, and back.

#![allow(clippy::disallowed_methods, reason = "the tests make the files that the program is to find")]

mod common;

use std::fs;
use std::io::{Read, Write};

use common::Home;
use flate2::{Compression, GzBuilder};

/// A text with a footer on every page, and the same without.
fn text(pages: usize) -> (String, String) {
    let page = |n: usize| format!("船在{}点离岸，带走了{}个人。\n", n * 7 % 24, n * n % 91);
    let dirty = (0..pages).map(|n| page(n) + &format!("第 {n} 页\n")).collect();
    (dirty, (0..pages).map(page).collect())
}

fn gzip(document: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzBuilder::new().filename("a.txt").mtime(7).write(Vec::new(), Compression::new(level));
    encoder.write_all(document).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(packed: &[u8]) -> Vec<u8> {
    let mut document = Vec::new();
    flate2::read::MultiGzDecoder::new(packed).read_to_end(&mut document).unwrap();
    document
}

/// A folder with packed files of every kind: name, bytes, and what is in it once it is clean.
fn files() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let (dirty, clean) = text(400);
    let (dirty, clean) = (dirty.into_bytes(), clean.into_bytes());
    let (gbk, ..) = encoding_rs::GBK.encode(std::str::from_utf8(&dirty).unwrap());
    vec![
        ("docs/best.txt.gz", gzip(&dirty, 9), clean.clone()),
        ("docs/fast.txt.gz", gzip(&dirty, 1), clean.clone()),
        ("docs/two.txt.gz", [gzip(&dirty, 6), gzip(&dirty, 9)].concat(), [&clean[..], &clean].concat()),
        ("docs/padded.txt.gz", [gzip(&dirty, 6), vec![0; 100]].concat(), clean.clone()),
        ("docs/sub/gbk.txt.gz", gzip(&gbk, 6), clean.clone()),
        ("docs/sub/no-name-for-it", gzip(&dirty, 6), clean.clone()),
        ("docs/a.txt.zst", zstd::encode_all(&dirty[..], 3).unwrap(), clean.clone()),
        ("docs/b.txt.zst", zstd::encode_all(&dirty[..], 19).unwrap(), clean.clone()),
        ("docs/clean.txt.gz", gzip(&clean, 5), clean.clone()),
        ("docs/clean.txt.zst", zstd::encode_all(&clean[..], 7).unwrap(), clean.clone()),
        ("docs/plain.txt.gz", dirty, clean),
    ]
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    match bytes {
        [0x1f, 0x8b, ..] => gunzip(bytes),
        [0x28, 0xb5, ..] => zstd::decode_all(bytes).unwrap(),
        _ => bytes.to_owned(),
    }
}

#[test]
fn packed_files_keep_their_names_and_come_back_byte_for_byte() {
    let home = Home::new();
    let files = files();
    files.iter().for_each(|(name, bytes, _)| home.put(name, bytes));
    let (exit, _, messages) = home.piped("clean docs -r rules.yaml", b"");
    assert_eq!(exit, 0, "{messages}");
    for (name, bytes, clean) in &files {
        let result = home.bytes(name.replacen("docs", "docs-clean", 1));
        assert_eq!(bytes.starts_with(&[0x1f, 0x8b]), result.starts_with(&[0x1f, 0x8b]), "{name}");
        assert!(unpacked(&result) == *clean, "{name}");
        assert!(!name.contains("clean") || result == *bytes, "{name}");
    }
    let (exit, _, messages) = home.piped("undo docs-clean/changes.jsonl -o back", b"");
    let made_by_a_level_not_tried = "b.txt.zst: the document is as it was, byte for byte; its file was packed anew";
    assert!(exit == 0 && messages.contains(made_by_a_level_not_tried), "{messages}");
    for (name, bytes, _) in files.iter().filter(|(name, ..)| *name != "docs/b.txt.zst") {
        assert!(home.bytes(name.replacen("docs", "back", 1)) == *bytes, "{name}");
    }
    // What went through it once is clean.
    assert_eq!(home.piped("clean docs-clean -r rules.yaml --check", b"").0, 0);
}

#[test]
fn in_place_they_come_back_byte_for_byte() {
    let home = Home::new();
    let files = files();
    files.iter().for_each(|(name, bytes, _)| home.put(name, bytes));
    let (exit, _, messages) = home.piped("clean docs -r rules.yaml --in-place", b"");
    assert_eq!(exit, 0, "{messages}");
    files.iter().for_each(|(name, _, clean)| assert!(unpacked(&home.bytes(name)) == *clean, "{name}"));
    for restored in ["restored 9, 2 already there\n", "restored 0, 11 already there\n"] {
        let (exit, _, messages) = home.piped("undo docs.changes.jsonl", b"");
        assert_eq!((exit, messages.as_str()), (0, restored));
        files.iter().for_each(|(name, bytes, _)| assert!(home.bytes(name) == *bytes, "{name}"));
    }
}

#[test]
fn a_file_that_no_recipe_gives_back_is_told_of() {
    let home = Home::new();
    let (dirty, _) = text(400);
    let level = zstd::encode_all(dirty.as_bytes(), 14).unwrap();
    home.put("docs/a.txt.zst", &level);
    let (exit, _, messages) = home.piped("clean docs -r rules.yaml --in-place", b"");
    assert!(exit == 0 && messages.contains("1 packed file: undo gives the documents back byte for byte"), "{messages}");
    for _ in 0..2 {
        let (exit, _, messages) = home.piped("undo docs.changes.jsonl", b"");
        assert_eq!(exit, 0, "{messages}");
        assert!(unpacked(&home.bytes("docs/a.txt.zst")) == dirty.as_bytes());
    }
}

#[test]
fn standard_output_is_text_and_the_log_gives_the_packed_file_back() {
    let home = Home::new();
    let (dirty, clean) = text(40);
    let packed = gzip(dirty.as_bytes(), 9);
    let (exit, out, messages) = home.piped("clean - -r rules.yaml --log log.jsonl", &packed);
    assert!(exit == 0 && out == clean.as_bytes(), "{messages}");
    let (exit, back, messages) = home.piped("undo log.jsonl", &out);
    assert!(exit == 0 && back == packed, "{messages}");
    let (_, found, _) = home.piped("detect -", &gzip(&encoding_rs::GBK.encode(&dirty).0, 6));
    assert!(String::from_utf8_lossy(&found).contains("gb18030"));
}

#[test]
fn bombs_and_damaged_files_are_left_alone() {
    let home = Home::new();
    let (dirty, _) = text(4000);
    let packed = gzip(dirty.as_bytes(), 6);
    let archive = [&[b'a'; 257][..], b"ustar", &[0; 250], &b"text".repeat(1000)].concat();
    home.put("docs/bomb.gz", gzip(&vec![b'a'; 30_000_000], 9));
    home.put("docs/bomb.zst", zstd::encode_all(&vec![b'a'; 30_000_000][..], 19).unwrap());
    home.put("docs/picture.gz", gzip(&[b"\x89PNG\r\n\x1a\n".as_slice(), &vec![0; 30_000_000]].concat(), 9));
    home.put("docs/cut.gz", &packed[..packed.len() / 2]);
    home.put("docs/more.gz", [&packed[..], b"more"].concat());
    home.put("docs/archive.tar.gz", gzip(&archive, 6));
    home.put("docs/large.txt", vec![b'a'; 20_000_001]);
    home.put("docs/right.txt.gz", &packed);
    let (exit, _, messages) = home.piped("clean docs -r rules.yaml --max-size 20MB", b"");
    assert_eq!(exit, 2);
    for line in [
        "error: docs/bomb.gz: cannot be unpacked: it unpacks to more than 20 MB; --max-size raises that limit\n",
        "error: docs/bomb.zst: cannot be unpacked: it unpacks to more than 20 MB; --max-size raises that limit\n",
        "error: docs/cut.gz: cannot be unpacked: the gzip data breaks off\n",
        "error: docs/more.gz: cannot be unpacked: the gzip data is damaged: something else follows it\n",
        "error: docs/large.txt: cannot be cleaned: it is larger than 20 MB; --max-size raises that limit\n",
        "docs/picture.gz: skipped: binary (a PNG picture)\n",
        "docs/archive.tar.gz: skipped: binary (a tar archive)\n",
    ] {
        assert!(messages.contains(line), "{line}{messages}");
    }
    assert!(home.path("docs-clean/right.txt.gz").exists());
    assert_eq!(fs::read_dir(home.path("docs-clean")).unwrap().count(), 2);
    assert!(
        home.piped("clean docs -r rules.yaml --max-size many", b"").2.contains("write a number of bytes such as 500MB")
    );
}

#[test]
fn a_packed_log_is_a_log() {
    let home = Home::new();
    let (dirty, _) = text(400);
    (0..20).for_each(|n| home.put(format!("docs/{n}.txt"), dirty.as_bytes()));
    for args in [
        "clean docs -r rules.yaml -o out --log out/changes.jsonl.zst",
        "clean docs -r rules.yaml -o out --log plain.jsonl",
    ] {
        let (exit, _, messages) = home.piped(args, b"");
        assert_eq!(exit, 0, "{messages}");
        // An earlier output of the same paths is replaced.
        assert_eq!(home.piped(args, b"").0, 0);
        fs::rename(home.path("out/changes.jsonl.zst"), home.path("log.zst")).ok();
        fs::remove_dir_all(home.path("out")).unwrap();
    }
    let (packed, plain) = (home.bytes("log.zst"), home.bytes("plain.jsonl"));
    let unpacked = String::from_utf8(zstd::decode_all(&packed[..]).unwrap()).unwrap();
    // Both name places as they are seen from the log.
    let plain = String::from_utf8(plain).unwrap();
    assert!(unpacked == plain.replace("\"from\":[\"docs\"],\"out\":\"out\"", "\"from\":[\"../docs\"]"));
    assert!(packed.len() * 8 < unpacked.len());
    assert_eq!(home.piped("clean docs -r rules.yaml --in-place --log log2.zst", b"").0, 0);
    let whole = home.bytes("log2.zst");
    // It breaks off: what it holds is put back.
    home.put("log2.zst", &whole[..whole.len() - 200]);
    let (exit, _, messages) = home.piped("undo log2.zst", b"");
    assert!(exit == 0 && messages.contains("has no end"), "{messages}");
    home.put("log2.zst", &whole);
    let (exit, _, messages) = home.piped("undo log2.zst", b"");
    assert_eq!(exit, 0, "{messages}");
    (0..20).for_each(|n| assert!(home.bytes(format!("docs/{n}.txt")) == dirty.as_bytes()));
    // It is no document, and no folder with one is.
    home.put("docs/out/changes.jsonl.zst", &whole);
    let (_, _, messages) = home.piped("clean . -r rules.yaml -n -g *.zst -g log*", b"");
    assert!(messages.contains("./log2.zst: skipped: a change log of descrape"), "{messages}");
    assert!(messages.contains("./docs/out: skipped: the output of an earlier clean"), "{messages}");
}
