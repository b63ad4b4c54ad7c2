//! Any bytes as JSON Lines: the cleaned lines and their records give the very bytes again.

#![no_main]

use std::borrow::Cow;
use std::sync::LazyLock;

use descrape::config::RuleSet;
use descrape::decode::decode;
use descrape::jsonl::{self, Styles};
use descrape::log::{Counts, File, Name, Out, Record, Row, Rows, Side, Sides, Spot, Written, write_changes};
use descrape::undo::{Part, Parts, Restoring};
use descrape::Cleaner;
use libfuzzer_sys::fuzz_target;

static CLEANER: LazyLock<Cleaner> = LazyLock::new(|| Cleaner::new(RuleSet::builtin().chain()));

/// A field at the top and one further in.
const FIELDS: [&str; 2] = ["text", "doc.text"];

fuzz_target!(|file: &[u8]| {
    let name = Name::default();
    let first = file.split(|byte| *byte == b'\n').next().and_then(|line| std::str::from_utf8(line).ok());
    let value = first.and_then(|line| Some(&line[jsonl::find(line, FIELDS[0]).ok()??]));
    let usual = Styles::of(value.unwrap_or_default(), Styles::default());
    let mut log = Vec::new();
    Record::Rows(Rows { name: Cow::Borrowed(&name), out: Out::default(), style: usual }).write(&mut log);
    let (mut cleaned, mut changes) = (Vec::new(), 0);
    for (row, whole) in (1..).zip(file.split_inclusive(|byte| *byte == b'\n')) {
        let line = whole.strip_suffix(b"\n").unwrap_or(whole);
        let end = &whole[line.len()..];
        let Ok(line) = std::str::from_utf8(line) else {
            cleaned.extend_from_slice(whole);
            continue;
        };
        let mut line = Cow::Borrowed(line);
        for field in FIELDS {
            let Ok(Some((mended, new))) = jsonl::clean(&line, field, &CLEANER, "a.jsonl", usual) else { continue };
            changes += mended.outcome.changes.len() as u64;
            write_changes(&mended.outcome, &name, Some(Spot { row, field }), &mut log);
            let Some(new) = new else { continue };
            if mended.rest != Written::default() {
                let (name, field) = (Cow::Borrowed(&name), field.into());
                Record::Row(Row { name, row, field, written: mended.rest }).write(&mut log);
            }
            line = Cow::Owned(new);
        }
        cleaned.extend_from_slice(line.as_bytes());
        cleaned.extend_from_slice(end);
    }
    let (sides, rows) = (Sides { before: Side::of(file), after: Side::of(&cleaned) }, Some(Counts::default()));
    let source = decode(&b""[..], None).expect("an empty file is text").source;
    let (out, fights) = Default::default();
    let name = Cow::Borrowed(&name);
    let record = File { name, out, changes, sides, rows, fights, packed: None, source };
    Record::File(Box::new(record)).write(&mut log);

    let mut restoring = Some(Restoring::new(&*cleaned, Vec::new(), usual));
    for part in Parts::new(&*log) {
        match part.expect("memory can be read") {
            Part::Rows(_) => {}
            Part::Row(row) => restoring.as_mut().expect("rows come first").row(&row).expect("it is the record of the line"),
            Part::File(record, _) => {
                let back = restoring.take().expect("one file").finish(&record).expect("it is the record of the file");
                assert_eq!(back, file);
            }
            other => panic!("{other:?}"),
        }
    }
});
