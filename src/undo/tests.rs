use super::*;
use crate::log::{Hash, Record};

/// A pass that made these edits: byte offset, what stood there, what stands there now.
fn pass(edits: &[(usize, &str, &str)]) -> Change<'static> {
    let edits: Vec<_> = edits.iter().map(|(at, before, after)| serde_json::json!([before, after, [1], [at]])).collect();
    let line = serde_json::json!({ "type": "change", "file": "a", "rule": "some-rule", "edits": edits });
    match Record::read(line.to_string().as_bytes()) {
        Ok(Record::Change(change)) => change,
        other => panic!("{other:?}"),
    }
}

fn file(original: &str, cleaned: &str, changes: u64) -> File<'static> {
    let line = serde_json::json!({
        "type": "file", "file": "a", "changes": changes, "in_bytes": original.len(), "out_bytes": cleaned.len(),
        "in_hash": Hash::of(original.as_bytes()), "out_hash": Hash::of(cleaned.as_bytes()), "encoding": "utf-8",
        "line_ends": "lf",
    });
    match Record::read(line.to_string().as_bytes()) {
        Ok(Record::File(file)) => *file,
        other => panic!("{other:?}"),
    }
}

#[test]
fn changes_are_taken_back_last_step_first() {
    for (original, cleaned, passes) in [
        ("", "", &[][..]),
        ("一二三", "一三", &[&[(3, "二", "")][..]]),
        ("一二三", "一二三四", &[&[(9, "", "四")]]),
        // Two edits of one pass: each place counts in the text before the pass.
        ("a,b,c", "a，b，c", &[&[(1, ",", "，"), (3, ",", "，")]]),
        // Those that are alike stand together.
        ("a,b;c,", "a，b；c，", &[&[(5, ",", "，"), (1, ",", "，"), (3, ";", "；")]]),
        // A piece is replaced and something put in before it.
        ("ab", "xyb", &[&[(0, "a", "y"), (0, "", "x")]]),
        // An edit of what an earlier pass put there.
        ("abc", "a二c", &[&[(1, "b", "一")], &[(1, "一", "二")]]),
        ("abc", "", &[&[(0, "a", "")], &[(0, "bc", "")]]),
    ] {
        let changes: Vec<_> = passes.iter().map(|edits| pass(edits)).collect();
        let file = file(original, cleaned, changes.iter().map(Change::len).sum());
        assert_eq!(undo(cleaned.as_bytes(), &file, &changes).unwrap().bytes, original.as_bytes());
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let (original, cleaned) = ("a,b", "a，b");
    let right = || vec![pass(&[(1, ",", "，")])];
    let told = |cleaned: &str, file: &File, changes: &[Change]| undo(cleaned.as_bytes(), file, changes).unwrap_err();
    let file_1 = file(original, cleaned, 1);
    assert_eq!(told("a，c", &file_1, &right()), UndoError::Touched);
    assert_eq!(told(cleaned, &file_1, &[]), UndoError::Missing { want: 1, have: 0 });
    assert_eq!(told(cleaned, &file("a.b", cleaned, 1), &right()), UndoError::Different);
    // Past the end, inside a character, before the one before it, or simply not there.
    for wrong in [(9, ",", "，"), (2, ",", "，"), (1, ",", ";")] {
        assert!(matches!(told(cleaned, &file_1, &[pass(&[wrong])]), UndoError::Misfit { .. }));
    }
    let overlapping = [pass(&[(0, "a,", "a，"), (1, ",", "，")])];
    assert!(matches!(told(cleaned, &file(original, cleaned, 2), &overlapping), UndoError::Misfit { .. }));
    let mut utf_16 = file(original, cleaned, 1);
    utf_16.source.raw = serde_json::from_str(r#"[{"at":99,"len":1,"bytes":"ff"}]"#).unwrap();
    assert!(matches!(told(cleaned, &utf_16, &right()), UndoError::Encode(_)));
}

#[test]
fn a_log_is_read_file_by_file() {
    let line = |record: Record| {
        let mut line = Vec::new();
        record.write(&mut line);
        String::from_utf8(line).unwrap()
    };
    let first = line(Record::Change(pass(&[(0, "a", "b")]))) + &line(Record::File(Box::new(file("a", "b", 1))));
    let other = first.replace(r#""file":"a""#, r#""file":"other""#);
    let (other_change, other_file) = other.split_at(other.find('\n').unwrap() + 1);
    let end = line(Record::End(crate::log::Tally::default()));
    let shape = |log: &str| {
        let parts = Parts::new(log.as_bytes()).map(|part| match part.unwrap() {
            Part::File(file, changes) => format!("{} {}", file.name, changes.len()),
            Part::Damage { line, .. } => format!("damage {line}"),
            Part::Cut { line, file } => format!("cut {line} {}", file.map(|file| file.file).unwrap_or_default()),
            Part::Rows(rows) => format!("rows {}", rows.name),
            Part::Row(row) => format!("row {} {} {}", row.row, row.field, row.changes.len()),
            Part::End(_) => "end".to_owned(),
        });
        parts.collect::<Vec<_>>().join(", ")
    };
    for (log, want) in [
        (String::new(), ""),
        (format!("{first}{other}{end}"), "a 1, other 1, end"),
        (format!("{first}{other_change}"), "a 1, cut 4 other"),
        (format!("{first}{}", &other[..20]), "a 1, cut 4 "),
        (format!("{first}{other_change}{}", &other_file[..20]), "a 1, cut 5 other"),
        (format!("{{}}\n{first}{end}"), "damage 2, a 1, end"),
        // The record of a file is lost: its changes must not be taken for those of the next.
        (format!("{other_change}{first}{end}"), "damage 3, a 1, end"),
        (format!("{other_change}{other_file}{end}"), "other 1, end"),
        // A change is lost: the count tells.
        (format!("{other_file}{end}"), "other 0, end"),
    ] {
        assert_eq!(shape(&log), want, "{log}");
    }
}
