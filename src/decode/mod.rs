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
pub(crate) mod misread;
mod mixed;
pub(crate) mod model;
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
    let bytes = bytes.into();
    let mut guess = match encoding {
        Some(encoding) => named(&bytes, encoding)?,
        None => detect::guess(&bytes)?,
    };
    let (exact, runs) = match guess.encoding {
        Encoding::Utf8 => match into_string(bytes) {
            Ok(text) => (Exact { text, ..Exact::default() }, Vec::new()),
            Err(bytes) => read(&bytes, &mut guess),
        },
        _ => read(&bytes, &mut guess),
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
    let mut guess = detect::guess(bytes)?;
    let valid = codec::decode(bytes, guess.encoding).is_some();
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

fn into_string(bytes: Cow<'_, [u8]>) -> Result<String, Cow<'_, [u8]>> {
    match bytes {
        Cow::Owned(bytes) => String::from_utf8(bytes).map_err(|error| Cow::Owned(error.into_bytes())),
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Into::into).map_err(|_| Cow::Borrowed(bytes)),
    }
}
