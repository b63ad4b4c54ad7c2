//! One line of a JSON Lines file: its documents cleaned, and put back.
//!
//! Invariant: `restore` of what `clean` gave is the line, byte for byte.

use std::ops::Range;

use super::{Styles, escape, find};
use crate::chain::Outcome;
use crate::decode::{EncodeError, Encoding, KnownBy, LineEnds, Source};
use crate::{CleanError, Cleaned, Cleaner, log};

/// A document of a line that was looked at.
#[derive(Debug)]
pub struct Mended {
    /// What the rules did to it.
    pub outcome: Outcome,
    /// What is needed beside it to write its string again.
    pub rest: log::Written,
}

/// Why a document of a line stays as it is.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// No JSON, or no object.
    #[error("no JSON object: {0}")]
    Json(String),
    /// The field is there and holds something else.
    #[error("the field {0:?} holds no text")]
    NoText(String),
    /// It cannot be cleaned.
    #[error("the field {0:?}: {1}")]
    Clean(String, CleanError),
    /// Its records are of another line.
    #[error("there is no field {0:?}")]
    NoField(String),
    /// Its records are of another text.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

impl From<serde_json::Error> for RowError {
    fn from(error: serde_json::Error) -> Self {
        // Its line is always the first.
        Self::Json(error.to_string().replace(" at line 1 column ", " at column "))
    }
}

/// Cleans the document in a field of a line, without its line end. `None` where the line has no such field; the line
/// as it is then, where its text is others.
pub fn clean(
    line: &str,
    field: &str,
    cleaner: &Cleaner,
    path: &str,
    usual: Styles,
) -> Result<Option<(Mended, Option<String>)>, RowError> {
    let Some(at) = find(line, field)? else { return Ok(None) };
    let string = string(line, &at, field)?;
    let text = escape::text(string);
    let cleaned = cleaner.clean_file(Some(path), text.into_bytes(), Some(Encoding::Utf8));
    let Cleaned { outcome, source } = cleaned.map_err(|error| RowError::Clean(field.to_owned(), error))?;
    let plain = !source.bom && source.line_ends.is_lf();
    if plain && outcome.text.current() == outcome.text.original() {
        return Ok(Some((Mended { outcome, rest: log::Written::default() }, None)));
    }
    let styles = Styles::of(string, usual);
    let (_, kept) = escape::read(string, styles);
    let style = (styles != usual).then_some(styles);
    let rest = log::Written { style, kept, bom: source.bom, line_ends: source.line_ends };
    let mut new = String::with_capacity(line.len());
    new.push_str(&line[..at.start]);
    styles.write(outcome.text.current(), &[], &mut new);
    new.push_str(&line[at.end..]);
    Ok(Some((Mended { outcome, rest }, Some(new))))
}

/// The document in a field of a line; `None` where the line has no such field.
pub fn text(line: &str, field: &str) -> Result<Option<String>, RowError> {
    let Some(at) = find(line, field)? else { return Ok(None) };
    Ok(Some(escape::text(string(line, &at, field)?)))
}

/// Puts a document back: `original` makes the text as it was of the clean one.
pub fn restore<E: From<RowError>>(
    line: &str,
    field: &str,
    rest: &log::Written,
    usual: Styles,
    original: impl FnOnce(&str) -> Result<String, E>,
) -> Result<String, E> {
    let at = find(line, field).map_err(RowError::from)?.ok_or_else(|| RowError::NoField(field.to_owned()))?;
    let text = original(&escape::text(string(line, &at, field)?))?;
    let source = Source { bom: rest.bom, line_ends: rest.line_ends.clone(), ..plain() };
    let text = source.encode(&text).map_err(RowError::from)?;
    let mut old = String::with_capacity(line.len());
    old.push_str(&line[..at.start]);
    // It was encoded as UTF-8.
    rest.style.unwrap_or(usual).write(&String::from_utf8_lossy(&text), &rest.kept, &mut old);
    old.push_str(&line[at.end..]);
    Ok(old)
}

fn string<'l>(line: &'l str, at: &Range<usize>, field: &str) -> Result<&'l str, RowError> {
    Some(&line[at.clone()]).filter(|value| value.starts_with('"')).ok_or_else(|| RowError::NoText(field.to_owned()))
}

/// JSON is UTF-8.
pub(crate) fn plain() -> Source {
    Source {
        encoding: Encoding::Utf8,
        known_by: KnownBy::Utf8,
        sure: true,
        margin: None,
        runner_up: None,
        bom: false,
        line_ends: LineEnds::default(),
        runs: vec![],
        bad: 0,
        raw: vec![],
    }
}
