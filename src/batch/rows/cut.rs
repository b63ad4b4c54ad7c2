//! The lines of a portion through the cleaner.
//!
//! Invariant: a line that cannot be read, or that shows a mistake in a rule or in the program, stays as it is and keeps
//! no other from being cleaned.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::batch::Batch;
use crate::batch::came::{Findings, TOLD};
use crate::batch::one::message;
use crate::batch::portions::Portion;
use crate::decode::{self, Encoding};
use crate::jsonl;
use crate::log::{self, Counts, Name, Record, Spot};

/// The file that lines are from.
pub(super) struct Whence<'f> {
    pub name: &'f Name,
    /// As rules see it.
    pub path: &'f str,
    pub logged: bool,
}

/// What became of a portion.
pub(super) struct Cut {
    pub portion: Portion,
    /// The new lines, where they are others.
    pub new: Option<Vec<u8>>,
    /// Records.
    pub lines: Vec<u8>,
    pub hunks: String,
    pub seen: Seen,
}

/// What was seen in lines.
#[derive(Default)]
pub(super) struct Seen {
    pub counts: Counts,
    pub findings: Findings,
    /// The first lines that stay as they are, and why.
    pub alone: Vec<(u64, String)>,
}

impl Seen {
    pub fn add(&mut self, other: Self) {
        self.counts.texts += other.counts.texts;
        self.counts.kept += other.counts.kept;
        self.findings.add(other.findings);
        self.alone.extend(other.alone.into_iter().take(TOLD.saturating_sub(self.alone.len())));
    }

    fn leave(&mut self, row: u64, why: String) {
        self.counts.kept += 1;
        if self.alone.len() < TOLD {
            self.alone.push((row, why));
        }
    }
}

impl Batch<'_> {
    /// Cleans the lines of a portion.
    pub(super) fn cut(&self, portion: Portion, whence: &Whence) -> Cut {
        let empty = Portion { row: portion.row, bytes: Vec::new(), usual: portion.usual };
        let mut cut = Cut { portion: empty, new: None, lines: Vec::new(), hunks: String::new(), seen: Seen::default() };
        // Up to here the old lines are in `new`, if there is one.
        let mut done = 0;
        let mut at = 0;
        for (row, whole) in (portion.row..).zip(portion.bytes.split_inclusive(|byte| *byte == b'\n')) {
            let start = at;
            at += whole.len();
            let mark = if row == 1 && whole.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            let line = &whole[mark..];
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            if line.trim_ascii().is_empty() {
                continue;
            }
            let mended = catch_unwind(AssertUnwindSafe(|| self.mend(line, row, whence, &mut cut)));
            let mended = mended.unwrap_or_else(|panic| Err(format!("a mistake in descrape: {}", message(&*panic))));
            match mended {
                Ok(None) => {}
                Ok(Some(new)) => {
                    if self.diff {
                        let old = String::from_utf8_lossy(line);
                        let _ = write!(cut.hunks, "@@ -{row} +{row} @@\n-{old}\n+{new}\n"); // a String takes everything
                    }
                    let out = cut.new.get_or_insert_with(|| Vec::with_capacity(portion.bytes.len()));
                    out.extend_from_slice(&portion.bytes[done..start + mark]);
                    out.extend_from_slice(new.as_bytes());
                    done = start + mark + line.len();
                }
                Err(why) => {
                    if whence.logged {
                        let kept = log::Kept { name: Cow::Borrowed(whence.name), row, why: why.as_str().into() };
                        Record::Kept(kept).write(&mut cut.lines);
                    }
                    cut.seen.leave(row, why);
                }
            }
        }
        if let Some(new) = &mut cut.new {
            new.extend_from_slice(&portion.bytes[done..]);
        }
        cut.portion = portion;
        cut
    }

    /// Cleans the documents of a line; the line as it is then, where it is another, or why it stays.
    fn mend(&self, line: &[u8], row: u64, whence: &Whence, cut: &mut Cut) -> Result<Option<String>, String> {
        let Whence { name, path, logged } = *whence;
        let line = std::str::from_utf8(line).map_err(|_| not_utf_8(line))?;
        let mut new: Option<String> = None;
        let mut found = false;
        for field in &self.fields {
            let seen = new.as_deref().unwrap_or(line);
            let mended = jsonl::clean(seen, field, self.cleaner, path, cut.portion.usual);
            let Some((mended, other)) = mended.map_err(|error| error.to_string())? else { continue };
            found = true;
            cut.seen.counts.texts += 1;
            cut.seen.findings.see(&mended.outcome);
            if logged {
                log::write_changes(&mended.outcome, name, Some(Spot { row, field }), &mut cut.lines);
                if other.is_some() && mended.rest != log::Written::default() {
                    let (name, field) = (Cow::Borrowed(name), field.as_str().into());
                    Record::Row(log::Row { name, row, field, written: mended.rest }).write(&mut cut.lines);
                }
            }
            new = other.or(new);
        }
        match found {
            true => Ok(new),
            false => Err(format!("it has no field {:?}", self.fields.join(", "))),
        }
    }
}

/// JSON is UTF-8 (RFC 8259); a line in another encoding is told of by the name of that.
fn not_utf_8(line: &[u8]) -> String {
    match decode::detect(line) {
        Ok(guess) if guess.sure && guess.encoding != Encoding::Utf8 => {
            format!("it is not UTF-8 but {}", guess.encoding)
        }
        _ => "it is not UTF-8".to_owned(),
    }
}
