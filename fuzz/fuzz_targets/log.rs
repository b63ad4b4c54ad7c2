//! Any bytes as a log: files and damage come out of it, never a panic, and no record names more than the text holds.

#![no_main]

use descrape::log::Record;
use descrape::undo::{Part, Parts, replay, undo};
use libfuzzer_sys::fuzz_target;

/// The cleaned text that every record is tried on.
const CLEANED: &str = "第一章\n正文在此，到此为止。\n";

fuzz_target!(|log: &[u8]| {
    let first = log.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if let Ok(record) = Record::read(first) {
        let mut line = Vec::new();
        record.write(&mut line);
        assert!(Record::read(&line).is_ok_and(|again| again == record), "a record is read otherwise than written");
    }
    for part in Parts::new(log) {
        let Part::File(file, changes) = part.expect("memory can be read") else { continue };
        (file.name.path(), file.out.path());
        // A damaged recipe may make its tool panic, which undo catches and a fuzzer does not.
        if file.packed.is_none() {
            let _ = undo(CLEANED.as_bytes(), &file, &changes);
        }
        // The same behind the hashes, which no fuzzer gets past.
        let text = replay(CLEANED, &changes).unwrap_or_else(|_| CLEANED.to_owned());
        let _ = file.source.encode(&text);
    }
});
