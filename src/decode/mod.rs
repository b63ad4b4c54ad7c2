//! Bytes to text: finds the encoding, decodes, and remembers what it takes to get the very bytes back.
//!
//! Invariant: whatever `decode` accepts, `source.encode(&text)` gives the input, byte for byte.

mod binary;
mod codec;
mod contest;
mod declared;
mod detect;
mod encoding;
mod exact;
mod line_ends;
mod model;
mod prose;
mod sample;
mod seven_bit;
mod single;
mod source;
mod wide;

use std::borrow::Cow;

pub use detect::{Guess, NotText, detect};
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
    let bytes = bytes.into();
    let guess = match encoding {
        Some(encoding) => named(&bytes, encoding)?,
        None => detect(&bytes)?,
    };
    let Exact { mut text, mut raw, bad } = match guess.encoding {
        Encoding::Utf8 => match into_string(bytes) {
            Ok(text) => Exact { text, ..Exact::default() },
            Err(bytes) => exact::decode(&bytes, guess.encoding),
        },
        _ => exact::decode(&bytes, guess.encoding),
    };
    if guess.bom && text.starts_with(MARK) {
        text.drain(..MARK.len_utf8());
        raw.iter_mut().for_each(|piece| piece.at -= MARK.len_utf8());
    }
    let (text, line_ends) = LineEnds::split(text);
    let Guess { encoding, known_by, sure, margin, runner_up, bom } = guess;
    let source = Source { encoding, known_by, sure, margin, runner_up, bom, line_ends, runs: Vec::new(), bad, raw };
    Ok(Decoded { text, source })
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

fn into_string(bytes: Cow<'_, [u8]>) -> Result<String, Cow<'_, [u8]>> {
    match bytes {
        Cow::Owned(bytes) => String::from_utf8(bytes).map_err(|error| Cow::Owned(error.into_bytes())),
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Into::into).map_err(|_| Cow::Borrowed(bytes)),
    }
}
