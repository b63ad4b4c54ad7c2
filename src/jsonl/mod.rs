//! JSON Lines: a document in a field of every line.
//!
//! Invariant: of a line only the value of the named field changes; every other byte stays, and so does the value where
//! its text does.

mod escape;
mod row;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

pub use escape::{Style, Styles};
pub(crate) use row::plain;
pub use row::{Mended, RowError, clean, restore, text};

/// Whether a file of this name holds JSON Lines, packed or not. Where a field is named, `.json` counts as well: many
/// data sets have JSON Lines in such files.
pub fn is_named(path: &Path, field: bool) -> bool {
    let is = |path: &Path, names: &[&str]| {
        path.extension().is_some_and(|end| names.iter().any(|name| end.eq_ignore_ascii_case(name)))
    };
    let inner = if is(path, &["gz", "zst"]) { path.with_extension("") } else { path.to_owned() };
    is(&inner, &["jsonl", "ndjson"]) || field && is(&inner, &["json"])
}

/// The byte range of a field's value in a JSON object; of a key that stands there twice, that of the last. A dot leads
/// into an object inside: `doc.text`. `None` where there is no such field.
pub fn find(line: &str, field: &str) -> Result<Option<Range<usize>>, serde_json::Error> {
    let members: Members = serde_json::from_str(line)?;
    let value = seek(&members, field)?;
    // The value is a part of the line.
    Ok(value.map(|value| {
        let start = value.as_ptr() as usize - line.as_ptr() as usize;
        start..start + value.len()
    }))
}

fn seek<'a>(members: &Members<'a>, field: &str) -> Result<Option<&'a str>, serde_json::Error> {
    if let Some((_, value)) = members.0.iter().rev().find(|(key, _)| key == field) {
        return Ok(Some(value.get()));
    }
    for (at, _) in field.match_indices('.') {
        let inner = members.0.iter().rev().find(|(key, value)| *key == field[..at] && value.get().starts_with('{'));
        if let Some((_, value)) = inner {
            let found = seek(&serde_json::from_str(value.get())?, &field[at + 1..])?;
            if found.is_some() {
                return Ok(found);
            }
        }
    }
    Ok(None)
}

/// The members of an object, in order, their values as they are written.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry::<Cow<str>, &RawValue>()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}
