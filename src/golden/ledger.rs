//! The changes of a document as lines for people: the `changes.txt` of a fixture.
//!
//! Invariant: one line a change, in the order of the original document.

use std::fmt::Write;

use crate::Cleaned;
use crate::decode::{LineEnd, LineEnds, Source};

/// All that was done to a document and seen in it.
pub fn ledger(cleaned: &Cleaned) -> String {
    let mut lines: Vec<((u32, u32), String)> = Vec::new();
    for change in &cleaned.outcome.changes {
        let (before, after) = (&change.before, &change.after);
        let what = match (before.is_empty(), after.is_empty()) {
            (false, true) => format!("- {before:?}"),
            (true, false) => format!("+ {after:?}"),
            _ => format!("{before:?} -> {after:?}"),
        };
        lines.push(((change.place.line, change.place.column), format!("{}: {what}", change.rule)));
    }
    for report in &cleaned.outcome.reports {
        let what = format!("{}: note: {}: {:?}", report.rule, report.why, report.text);
        lines.push(((report.place.line, report.place.column), what));
    }
    lines.sort_by_key(|(place, _)| *place);

    let mut out = provenance(&cleaned.source);
    for ((line, column), what) in lines {
        let _ = writeln!(out, "{line}:{column} {what}");
    }
    for skip in &cleaned.outcome.skips {
        let (share, limit) = (skip.share * 100.0, skip.limit * 100.0);
        let _ = writeln!(out, "{}: held back: would take {share:.1}% of the text, its limit is {limit}%", skip.rule);
    }
    out
}

/// What the file was, in one line.
fn provenance(source: &Source) -> String {
    let mut out = format!("{} (known by: {})", source.encoding, source.known_by.as_str());
    if source.bom {
        out.push_str(", byte order mark");
    }
    match &source.line_ends {
        LineEnds::All(LineEnd::Lf) => {}
        LineEnds::All(LineEnd::Crlf) => out.push_str(", crlf"),
        LineEnds::All(LineEnd::Cr) => out.push_str(", cr"),
        _ => out.push_str(", mixed line ends"),
    }
    if source.bad > 0 {
        let _ = write!(out, ", {} bad bytes", source.bad);
    }
    out.push('\n');
    out
}
