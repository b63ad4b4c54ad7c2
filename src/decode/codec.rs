//! Strict decoding and encoding: a valid byte sequence to its text, a text to the bytes the encoding prefers.
//!
//! Invariant: no replacement ever happens here; what is not valid or not encodable is an answer, not a guess.

use std::borrow::Cow;

use encoding_rs::EncoderResult;
use memchr::{memchr, memmem, memrchr};

use super::encoding::Encoding;
use super::{seven_bit, wide};

/// The text of `bytes`, or `None` where any of them is not valid. A byte order mark stays in the text.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Option<Cow<'_, str>> {
    match (encoding, encoding.standard()) {
        (Encoding::Utf8, _) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
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
    if is_inverse(encoding) || encoding == Encoding::Gb18030 && has_no_double(text, bytes) {
        return true;
    }
    let Some(standard) = encoding.standard() else {
        let mut again = Vec::with_capacity(bytes.len());
        return encode(text, encoding, &mut again).is_ok() && again == bytes;
    };
    encodes_piecewise(text, standard, bytes)
}

fn encodes_piecewise(text: &str, standard: &'static encoding_rs::Encoding, bytes: &[u8]) -> bool {
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

/// Encodings in which every valid text encodes to its bytes, checked over all their sequences by the tests. The others
/// have doubles (Big5, Shift_JIS, GB18030), sequences that can only be read (EUC-JP) or free choices (escapes).
fn is_inverse(encoding: Encoding) -> bool {
    matches!(encoding, Encoding::Utf8 | Encoding::EucKr | Encoding::Single(_)) || encoding.unit() > 1
}

/// Whether valid GB18030 has none of its 20 sequences that encode to another: 80 (the euro sign), A3A0 (the ideographic
/// space) and 18 of four bytes, all of which start with 8235 or 8431 (characters that GB 18030-2022 moved).
///
/// Saves encoding the whole text: only lines in which one of these may stand are.
fn has_no_double(text: &str, bytes: &[u8]) -> bool {
    let is_exact = |at: usize| {
        let from = memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
        let to = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end);
        let line = &bytes[from..to];
        decode(line, Encoding::Gb18030).is_some_and(|text| encodes_piecewise(&text, encoding_rs::GB18030, line))
    };
    let pairs = [b"\xa3\xa0", b"\x82\x35", b"\x84\x31"];
    !text.contains('€') && pairs.iter().all(|pair| memmem::find_iter(bytes, pair).all(is_exact))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gb18030_without_doubles_is_an_inverse() {
        let seconds = (0x30..=0x39u8).chain(0x40..=0xfe);
        for (first, second) in (0x81..=0xfe).flat_map(|first| seconds.clone().map(move |second| (first, second))) {
            let thirds = if second < 0x40 { 0x81..=0xfe } else { 0..=0 };
            for third in thirds {
                let block: Vec<u8> = match third {
                    0 => vec![first, second],
                    _ => (0x30..=0x39).flat_map(|fourth| [first, second, third, fourth]).collect(),
                };
                let Some(text) = decode(&block, Encoding::Gb18030) else { continue };
                if has_no_double(&text, &block) {
                    let mut again = Vec::new();
                    encode(&text, Encoding::Gb18030, &mut again).unwrap();
                    assert_eq!(again, block);
                }
            }
        }
    }
}
