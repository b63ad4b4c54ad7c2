//! What a log says of files of JSON Lines, beside the changes of their texts.
//!
//! Invariant: a record names the line it speaks of, so that each can be read by itself.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Name, Out};
use crate::decode::LineEnds;
use crate::jsonl::Styles;

/// A file of JSON Lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// Where its cleaned lines are, if not where the first record says.
    #[serde(flatten)]
    pub out: Out,
    /// What its strings escape, where a record of a line says nothing else.
    #[serde(default, skip_serializing_if = "Styles::is_plain")]
    pub style: Styles,
}

/// A text of a line that was changed, or a line end or byte order mark in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// Line of the file, from 1.
    pub row: u64,
    /// The field.
    pub field: Cow<'a, str>,
    /// How its string was written.
    #[serde(flatten)]
    pub written: Written,
}

/// How a JSON string was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// What it escapes, where that is not the usual of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<Styles>,
    /// Characters written otherwise: byte offset in the text as it was, and how they were written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<(usize, String)>,
    /// Whether a byte order mark stood before the text.
    #[serde(default, skip_serializing_if = "is_false")]
    pub bom: bool,
    /// How the lines of the text ended.
    #[serde(default, skip_serializing_if = "LineEnds::is_lf")]
    pub line_ends: LineEnds,
}

/// A line that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept<'a> {
    /// The file.
    #[serde(flatten)]
    pub name: Cow<'a, Name>,
    /// Line of the file, from 1.
    pub row: u64,
    /// One sentence.
    pub why: Cow<'a, str>,
}

/// What was in the lines of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Texts that were cleaned, changed or not.
    pub texts: u64,
    /// Lines that were kept as they are because they cannot be read.
    pub kept: u64,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}
