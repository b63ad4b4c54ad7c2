//! Bytes to text: finds the encoding, decodes, and remembers what it takes to get the very bytes back.
//!
//! Invariant: whatever `decode` accepts, `source.encode(&text)` gives the input, byte for byte.

mod binary;
mod bound;
mod codec;
mod contest;
mod declared;
mod detect;
mod encoding;
mod exact;
mod line_ends;
pub(crate) mod misread;
mod mixed;
pub(crate) mod model;
mod pairs;
mod plain;
mod prose;
mod sample;
mod segment;
mod seven_bit;
mod single;
mod source;
mod wide;

use std::borrow::Cow;

pub use detect::{Guess, NotText};
pub use encoding::Encoding;
pub use line_ends::{LineEnd, LineEnds};
pub use source::{EncodeError, KnownBy, Raw, Run, Source};

use exact::Exact;

/// The byte order mark, as a character.
const MARK: char = '\u{feff}';

/// A decoded file.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Without byte order mark; every line ends with `\n`.
    pub text: String,
    /// What the text does not hold.
    pub source: Source,
}

/// Decodes a file, in the given encoding or the one it seems to be in.
///
/// Takes a `Vec<u8>` or a `&[u8]`; valid UTF-8 with `\n` line ends is not copied out of a `Vec`.
pub fn decode<'a>(bytes: impl Into<Cow<'a, [u8]>>, encoding: Option<Encoding>) -> Result<Decoded, NotText> {
    let bytes = into_string(bytes.into());
    let mut guess = match encoding {
        Some(encoding) => named(bytes.as_bytes(), encoding)?,
        None => detect::guess(bytes.as_bytes(), bytes.is_utf_8())?,
    };
    let (exact, runs) = match bytes {
        Bytes::Utf8(text) if guess.encoding == Encoding::Utf8 => (Exact { text, ..Exact::default() }, Vec::new()),
        bytes => read(bytes.as_bytes(), &mut guess),
    };
    let Exact { mut text, mut raw, bad } = exact;
    let mut runs = runs;
    let bom = guess.bom && text.starts_with(MARK);
    if bom {
        text.drain(..MARK.len_utf8());
        raw.iter_mut().for_each(|piece| piece.at -= MARK.len_utf8());
        runs.iter_mut().for_each(|run| run.at = run.at.saturating_sub(MARK.len_utf8()));
    }
    let (text, line_ends) = LineEnds::split(text);
    let Guess { encoding, known_by, sure, margin, runner_up, .. } = guess;
    let source = Source { encoding, known_by, sure, margin, runner_up, bom, line_ends, runs, bad, raw };
    Ok(Decoded { text, source })
}

/// Which encoding these bytes are in, for `descrape detect`.
pub fn detect(bytes: &[u8]) -> Result<Guess, NotText> {
    let is_utf_8 = codec::decode(bytes, Encoding::Utf8).is_some();
    let mut guess = detect::guess(bytes, is_utf_8)?;
    let valid = guess.encoding == Encoding::Utf8 && is_utf_8 || codec::decode(bytes, guess.encoding).is_some();
    guess.take(&mixed::runs(bytes, &guess, valid), bytes.len());
    Ok(guess)
}

/// Decodes bytes that are not plainly UTF-8, in several encodings if need be.
fn read(bytes: &[u8], guess: &mut Guess) -> (Exact, Vec<Run>) {
    let whole = exact::decode(bytes, guess.encoding);
    let runs = mixed::runs(bytes, guess, whole.bad == 0);
    if runs.is_empty() {
        return (whole, Vec::new());
    }
    guess.take(&runs, bytes.len());
    exact::decode_runs(bytes, &runs)
}

/// The encoding a user named. A byte order mark of the same family decides which end comes first; a signature still
/// means that the file is no text.
fn named(bytes: &[u8], encoding: Encoding) -> Result<Guess, NotText> {
    let marked = detect::byte_order_mark(bytes)
        .filter(|marked| *marked == encoding || marked.unit() > 1 && marked.unit() == encoding.unit());
    if let Some(encoding) = marked {
        return Ok(Guess { bom: true, ..Guess::certain(encoding, KnownBy::User) });
    }
    match binary::signature(bytes) {
        Some(why) => Err(NotText::Binary { why }),
        None => Ok(Guess::certain(encoding, KnownBy::User)),
    }
}

/// The bytes of a file. Whether they are UTF-8 is looked up once: it takes longer than all the rest of detection.
enum Bytes<'a> {
    Utf8(String),
    Other(Cow<'a, [u8]>),
}

impl Bytes<'_> {
    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Utf8(text) => text.as_bytes(),
            Self::Other(bytes) => bytes,
        }
    }

    fn is_utf_8(&self) -> bool {
        matches!(self, Self::Utf8(_))
    }
}

fn into_string(bytes: Cow<'_, [u8]>) -> Bytes<'_> {
    match bytes {
        Cow::Owned(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Bytes::Utf8(text),
            Err(error) => Bytes::Other(error.into_bytes().into()),
        },
        // Reads three times as fast as the standard library, and the copy is still quicker than that.
        Cow::Borrowed(bytes) => match codec::decode(bytes, Encoding::Utf8) {
            Some(text) => Bytes::Utf8(text.into_owned()),
            None => Bytes::Other(bytes.into()),
        },
    }
}
