//! Line ends: every text inside the program ends its lines with `\n`; what the file had is kept beside it.
//!
//! Invariant: `restore(split(text)) == text` for every text.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};
use serde::{Deserialize, Serialize};

use super::source::EncodeError;

/// How one line ends in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineEnd {
    /// `\n`.
    Lf,
    /// `\r\n`.
    Crlf,
    /// `\r`.
    Cr,
    /// `\r\r\n`, left behind by programs that translate line ends twice.
    Crcrlf,
}

impl LineEnd {
    fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::Crlf => "\r\n",
            Self::Cr => "\r",
            Self::Crcrlf => "\r\r\n",
        }
    }

    /// The line end at the start of `text`, which starts with `\r`.
    fn at_cr(text: &[u8]) -> Self {
        match text {
            [_, b'\n', ..] => Self::Crlf,
            [_, b'\r', b'\n', ..] => Self::Crcrlf,
            _ => Self::Cr,
        }
    }
}

/// The line ends of a file: one kind throughout, or runs of `[how many lines, which end]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LineEnds {
    /// All lines end so.
    All(LineEnd),
    /// So many lines after another end so.
    Mixed(Vec<(usize, LineEnd)>),
}

impl Default for LineEnds {
    fn default() -> Self {
        Self::All(LineEnd::Lf)
    }
}

impl LineEnds {
    /// Whether every line already ends with `\n`.
    pub fn is_lf(&self) -> bool {
        *self == Self::default()
    }

    /// Takes the line ends off a text: the text with `\n` only, and what it had.
    pub(super) fn split(text: String) -> (String, Self) {
        if memchr(b'\r', text.as_bytes()).is_none() {
            return (text, Self::default());
        }
        let bytes = text.as_bytes();
        let mut plain = String::with_capacity(text.len());
        let mut runs: Vec<(usize, LineEnd)> = Vec::new();
        let mut note = |count: usize, end: LineEnd| match runs.last_mut() {
            _ if count == 0 => {}
            Some((lines, last)) if *last == end => *lines += count,
            _ => runs.push((count, end)),
        };
        let mut from = 0;
        while let Some(at) = memchr(b'\r', &bytes[from..]).map(|at| from + at) {
            note(memchr_iter(b'\n', &bytes[from..at]).count(), LineEnd::Lf);
            let end = LineEnd::at_cr(&bytes[at..]);
            note(1, end);
            plain.push_str(&text[from..at]);
            plain.push('\n');
            from = at + end.as_str().len();
        }
        note(memchr_iter(b'\n', &bytes[from..]).count(), LineEnd::Lf);
        plain.push_str(&text[from..]);
        let ends = match runs[..] {
            [(_, end)] => Self::All(end),
            _ => Self::Mixed(runs),
        };
        (plain, ends)
    }

    /// Puts the line ends back.
    pub(super) fn restore<'a>(&self, text: &'a str) -> Result<Cow<'a, str>, EncodeError> {
        let runs = match self {
            Self::All(LineEnd::Lf) => return Ok(Cow::Borrowed(text)),
            Self::All(end) => return Ok(Cow::Owned(text.replace('\n', end.as_str()))),
            Self::Mixed(runs) => runs,
        };
        // Checked before the runs are unrolled: a damaged record may claim any number of lines.
        let have = memchr_iter(b'\n', text.as_bytes()).count();
        let want = runs.iter().fold(0usize, |sum, (lines, _)| sum.saturating_add(*lines));
        if want != have {
            return Err(EncodeError::LineEnds { want, have });
        }
        let mut ends = runs.iter().flat_map(|&(lines, end)| std::iter::repeat_n(end, lines));
        let mut restored = String::with_capacity(text.len() + have * 2);
        for piece in text.split_inclusive('\n') {
            match piece.strip_suffix('\n') {
                Some(line) => {
                    restored.push_str(line);
                    restored.push_str(ends.next().unwrap_or(LineEnd::Lf).as_str());
                }
                None => restored.push_str(piece),
            }
        }
        Ok(Cow::Owned(restored))
    }
}
