//! Tells the program a hash of its own source, so that a log says which program wrote it.
//!
//! Invariant: the same source gives the same hash on every machine.

#![allow(clippy::disallowed_macros, clippy::disallowed_methods, reason = "cargo reads what a build script prints")]

use std::fs;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

/// All that decides what a clean gives.
const SOURCES: [&str; 4] = ["src", "rules.yaml", "presets", "Cargo.lock"];

fn main() {
    let mut hash = Xxh3::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        add(Path::new(source), &mut hash);
    }
    println!("cargo::rustc-env=DESCRAPE_BUILD=xxh3:{:016x}", hash.digest());
}

fn add(path: &Path, hash: &mut Xxh3) {
    if let Ok(entries) = fs::read_dir(path) {
        let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        return entries.iter().for_each(|entry| add(entry, hash));
    }
    // A crate that is built as a part of another has no lock file of its own.
    let bytes = fs::read(path).unwrap_or_default();
    let name = path.to_string_lossy().replace('\\', "/");
    for part in [name.as_bytes(), &bytes] {
        hash.update(&part.len().to_le_bytes());
        hash.update(part);
    }
}
