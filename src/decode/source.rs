//! What a text was before it was decoded, complete enough to write the very bytes again.
//!
//! Invariant: `source.encode(&decoded.text)` equals the bytes that were decoded. On any other text or a damaged
//! record it gives an error, never a panic.

use serde::{Deserialize, Serialize};

use super::codec;
use super::encoding::Encoding;
use super::line_ends::LineEnds;

/// How the encoding of a file became known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownBy {
    /// It starts with a byte order mark.
    Bom,
    /// It is valid UTF-8 (or ASCII), or nearly so.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// The NUL bytes stand where those of UTF-16 or UTF-32 do.
    Nul,
    /// Escape sequences of a seven-bit encoding.
    Escapes,
    /// The most likely text among several readings.
    Detector,
    /// The user named it.
    User,
}

impl KnownBy {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
    fn is_utf_8(&self) -> bool {
        *self == Self::Utf8
    }

    /// The word that stands for it in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bom => "bom",
            Self::Utf8 => "utf-8",
            Self::Nul => "nul",
            Self::Escapes => "escapes",
            Self::Detector => "detector",
            Self::User => "user",
        }
    }
}

/// Everything about a file that its decoded text does not hold; part of the change log's file record.
///
/// All offsets count bytes of the decoded text as it was before its line ends became `\n`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The encoding; of a file in several, that of most of its bytes.
    pub encoding: Encoding,
    /// How it became known; not written where the bytes are UTF-8.
    #[serde(default, skip_serializing_if = "KnownBy::is_utf_8")]
    pub known_by: KnownBy,
    /// Whether the encoding may be relied on without a look at the text.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub sure: bool,
    /// By how many nats the text is likelier than the runner-up's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<u32>,
    /// The next likely encoding that gives another text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<Encoding>,
    /// Whether a byte order mark stood before the text.
    #[serde(default, skip_serializing_if = "is_false")]
    pub bom: bool,
    #[serde(default, skip_serializing_if = "LineEnds::is_lf")]
    /// How its lines ended.
    pub line_ends: LineEnds,
    /// Where each encoding starts, for a file in several; empty for all others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<Run>,
    /// How many bytes were not valid in the encoding.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub bad: usize,
    /// The pieces of the text that do not encode to the bytes they came from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub raw: Vec<Raw>,
}

/// From `at` on, a file in several encodings is in this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Byte offset of the text before the line-end step.
    pub at: usize,
    /// The encoding from there on.
    pub encoding: Encoding,
}

/// `len` bytes of the text at `at` stood for these bytes of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raw {
    /// Byte offset of the text before the line-end step.
    pub at: usize,
    /// Length in bytes of that text.
    pub len: usize,
    #[serde(with = "crate::hex")]
    /// What stood in the file.
    pub bytes: Vec<u8>,
}

/// Why a text cannot be turned back into the bytes it came from.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EncodeError {
    /// The record is of another text.
    #[error("the record counts {want} line ends, the text has {have}; they do not belong together")]
    LineEnds {
        /// How many the record counts.
        want: usize,
        /// How many the text has.
        have: usize,
    },
    /// The record is of another text.
    #[error("the record names a piece at byte {at}, which the text does not have; they do not belong together")]
    Piece {
        /// Byte offset.
        at: usize,
    },
    /// The text holds what the encoding cannot say.
    #[error("{encoding} has no bytes for '{char}' (U+{:04X}); the record and the text do not belong together", *.char as u32)]
    Char {
        /// The character.
        char: char,
        /// The encoding.
        encoding: Encoding,
    },
}

impl Source {
    /// The bytes that this text was decoded from.
    pub fn encode(&self, text: &str) -> Result<Vec<u8>, EncodeError> {
        let text = self.line_ends.restore(text)?;
        let mut bytes = Vec::with_capacity(text.len());
        if self.bom {
            encode_into("\u{feff}", self.encoding, &mut bytes)?;
        }
        let whole = [Run { at: 0, encoding: self.encoding }];
        let runs = if self.runs.is_empty() { &whole[..] } else { &self.runs[..] };
        let mut raw = self.raw.iter().peekable();
        let mut at = 0;
        for (n, run) in runs.iter().enumerate() {
            let end = runs.get(n + 1).map_or(text.len(), |next| next.at);
            if run.at != at {
                return Err(EncodeError::Piece { at: run.at });
            }
            let is_last = n + 1 == runs.len();
            // Where two runs meet, a piece with text is the next one's; one without (an escape) fits either.
            let belongs = |piece: &&Raw| piece.at < end || piece.at == end && (is_last || piece.len == 0);
            while let Some(piece) = raw.next_if(belongs) {
                encode_into(slice(&text, at, piece.at)?, run.encoding, &mut bytes)?;
                bytes.extend_from_slice(&piece.bytes);
                at = piece.at.saturating_add(piece.len);
            }
            encode_into(slice(&text, at, end)?, run.encoding, &mut bytes)?;
            at = end;
        }
        match raw.next() {
            Some(piece) => Err(EncodeError::Piece { at: piece.at }),
            None => Ok(bytes),
        }
    }

    /// How many bytes of the file were not valid in its encoding.
    pub fn bad_bytes(&self) -> usize {
        self.bad
    }
}

fn slice(text: &str, from: usize, to: usize) -> Result<&str, EncodeError> {
    text.get(from..to).ok_or(EncodeError::Piece { at: from.max(to) })
}

fn encode_into(text: &str, encoding: Encoding, bytes: &mut Vec<u8>) -> Result<(), EncodeError> {
    codec::encode(text, encoding, bytes).map_err(|char| EncodeError::Char { char, encoding })
}

fn yes() -> bool {
    true
}

fn is_true(flag: &bool) -> bool {
    *flag
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}
