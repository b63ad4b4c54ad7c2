//! Strict decoding and encoding: a valid byte sequence to its text, a text to the bytes the encoding prefers.
//!
//! Invariant: no replacement ever happens here; what is not valid or not encodable is an answer, not a guess.

use std::borrow::Cow;

use encoding_rs::EncoderResult;

use super::encoding::Encoding;
use super::{seven_bit, wide};

/// The text of `bytes`, or `None` where any of them is not valid. A byte order mark stays in the text.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Option<Cow<'_, str>> {
    match (encoding, encoding.standard()) {
        (_, Some(standard)) => standard.decode_without_bom_handling_and_without_replacement(bytes),
        (Encoding::Utf32Le | Encoding::Utf32Be, _) => wide::decode_32(bytes, encoding).map(Cow::Owned),
        _ => seven_bit::decode(bytes, encoding).map(Cow::Owned),
    }
}

/// Appends the bytes of `text`, or gives the first character that the encoding cannot write.
pub(super) fn encode(text: &str, encoding: Encoding, bytes: &mut Vec<u8>) -> Result<(), char> {
    match encoding {
        Encoding::Utf8 => bytes.extend_from_slice(text.as_bytes()),
        Encoding::Utf16Le => bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
        Encoding::Utf16Be => bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
        Encoding::Utf32Le => bytes.extend(text.chars().flat_map(|char| u32::from(char).to_le_bytes())),
        Encoding::Utf32Be => bytes.extend(text.chars().flat_map(|char| u32::from(char).to_be_bytes())),
        _ => match encoding.standard() {
            None => seven_bit::encode(text, encoding, bytes)?,
            Some(standard) => encode_by_pieces(text, standard, |piece| {
                bytes.extend_from_slice(piece);
                true
            })
            .map(|_| ())?,
        },
    }
    Ok(())
}

/// Whether `text`, which is what the valid `bytes` decode to, encodes to exactly them.
pub(super) fn encodes_to(text: &str, encoding: Encoding, bytes: &[u8]) -> bool {
    // In those of two bytes some characters are there twice, and some can only be read.
    if !has_escapes(encoding) && !encoding.is_double_byte() {
        return true;
    }
    let Some(standard) = encoding.standard() else {
        let mut again = Vec::with_capacity(bytes.len());
        return encode(text, encoding, &mut again).is_ok() && again == bytes;
    };
    let mut rest = bytes;
    let equal = encode_by_pieces(text, standard, |piece| match rest.strip_prefix(piece) {
        Some(after) => {
            rest = after;
            true
        }
        None => false,
    });
    equal == Ok(true) && rest.is_empty()
}

/// Encodings with a state, in which the same text can be written with more or fewer escapes.
pub(super) fn has_escapes(encoding: Encoding) -> bool {
    matches!(encoding, Encoding::Iso2022Jp | Encoding::Hz | Encoding::Iso2022Kr)
}

/// Bytes encoded at a time; on the stack, and small enough to stay in the first-level cache.
const BUFFER: usize = 4096;

/// Encodes piece by piece and hands each over, until there is no more or `take` says no.
fn encode_by_pieces(
    text: &str,
    standard: &'static encoding_rs::Encoding,
    mut take: impl FnMut(&[u8]) -> bool,
) -> Result<bool, char> {
    let mut buffer = [0; BUFFER];
    let mut encoder = standard.new_encoder();
    let mut rest = text;
    loop {
        let (result, read, written) = encoder.encode_from_utf8_without_replacement(rest, &mut buffer, true);
        if !take(&buffer[..written]) {
            return Ok(false);
        }
        rest = &rest[read..];
        match result {
            EncoderResult::InputEmpty => return Ok(true),
            EncoderResult::OutputFull => {}
            EncoderResult::Unmappable(char) => return Err(char),
        }
    }
}
