//! UTF-16 and UTF-32, whose damage (lone surrogates, a missing last byte) comes in units of two or four bytes.
//!
//! Invariant: every unit of the input is either part of a character or reported as bad, in order.

use super::encoding::Encoding;

/// The text of UTF-32 bytes, or `None` where any unit is no character.
pub(super) fn decode_32(bytes: &[u8], encoding: Encoding) -> Option<String> {
    if !bytes.len().is_multiple_of(4) {
        return None;
    }
    bytes.chunks_exact(4).map(|unit| char_32(unit, encoding)).collect()
}

fn char_32(unit: &[u8], encoding: Encoding) -> Option<char> {
    let unit: [u8; 4] = unit.try_into().ok()?;
    char::from_u32(if encoding == Encoding::Utf32Le { u32::from_le_bytes(unit) } else { u32::from_be_bytes(unit) })
}

fn unit_16(bytes: &[u8], encoding: Encoding) -> Option<u16> {
    let unit: [u8; 2] = bytes.get(..2)?.try_into().ok()?;
    Some(if encoding == Encoding::Utf16Le { u16::from_le_bytes(unit) } else { u16::from_be_bytes(unit) })
}

/// The character at the start of `bytes` and its length; `None` and a length for what is none.
pub(super) fn next_char(bytes: &[u8], encoding: Encoding) -> (Option<char>, usize) {
    if matches!(encoding, Encoding::Utf32Le | Encoding::Utf32Be) {
        let unit = &bytes[..bytes.len().min(4)];
        return (char_32(unit, encoding), unit.len());
    }
    let Some(first) = unit_16(bytes, encoding) else { return (None, bytes.len()) };
    let second = unit_16(&bytes[2..], encoding);
    match char::decode_utf16([Some(first), second].into_iter().flatten()).next() {
        Some(Ok(char)) => (Some(char), char.len_utf16() * 2),
        _ => (None, 2),
    }
}
