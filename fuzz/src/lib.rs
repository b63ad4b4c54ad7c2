//! What several targets need: a cleaned document, the log of it, and the way back.
//!
//! Invariant: nothing here panics because of what is in a document; the targets say what must hold.

use std::path::Path;
use std::sync::LazyLock;

use descrape::chain::{Chain, Outcome};
use descrape::config::{Document, RuleSet};
use descrape::decode::{Encoding, Source};
use descrape::log::{File, Name, Sides, write_file};
use descrape::undo::{Original, Part, Parts, UndoError, undo};

/// The built-in rules.
pub static CHAIN: LazyLock<Chain> = LazyLock::new(|| RuleSet::builtin().chain());

/// A text cleaned as that of a UTF-8 file.
pub fn clean(text: &str) -> Outcome {
    let document = Document { path: None, encoding: Some(Encoding::Utf8), snippet: false };
    CHAIN.clean_document(text.to_owned(), document).expect("no input of a fuzzer is that long")
}

/// The records of a cleaned document, as they stand in a log.
pub fn records(document: &[u8], outcome: &Outcome, source: &Source) -> Vec<u8> {
    let name = Name::new(Path::new("a.txt"));
    let sides = Sides::of(document, outcome.text.current().as_bytes());
    let file = File::new(&name, sides, outcome, source.clone());
    let mut log = Vec::new();
    write_file(outcome, file, &mut log);
    log
}

/// What undoing each file in a log on this cleaned text gives.
pub fn undone(log: &[u8], cleaned: &str) -> Vec<Result<Original, UndoError>> {
    let files = Parts::new(log).filter_map(|part| match part.expect("memory can be read") {
        Part::File(file, changes) => Some(undo(cleaned.as_bytes(), &file, &changes)),
        _ => None,
    });
    files.collect()
}
