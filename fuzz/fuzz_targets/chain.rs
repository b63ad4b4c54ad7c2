//! The default chain on any text: its changes lead back, and what it leaves is clean.

#![no_main]

use descrape::decode::decode;
use descrape::fight::fights;
use descrape_fuzz::{clean, records, undone};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let outcome = clean(text);
    let source = decode(&b""[..], None).expect("an empty file is text").source;
    let log = records(text.as_bytes(), &outcome, &source);
    let [Ok(original)] = &undone(&log, outcome.text.current())[..] else { panic!("the log does not lead back") };
    assert_eq!(original.bytes, text.as_bytes());
    let mut at = (0, 0);
    for segment in outcome.text.segments() {
        assert_eq!((segment.original.start, segment.current.start), at);
        at = (segment.original.end, segment.current.end);
        let same = outcome.text.original()[segment.original] == outcome.text.current()[segment.current];
        assert!(same || !segment.kept);
    }
    assert_eq!(at, (text.len(), outcome.text.current().len()));
    if fights(&outcome.changes).is_empty() {
        let again = clean(outcome.text.current());
        assert!(again.changes.is_empty(), "{:?}", again.changes);
    }
});
