//! Text that came out of the wrong decoder: what its bytes were, and what they say in the right one.
//!
//! Invariant: a second reading is lossless in both steps, so that nothing the text holds is dropped.

use super::codec;
use super::encoding::Encoding;
use super::model::NAT;
use super::prose::{self, Languages};

/// The encoding that a text was wrongly read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// ISO 8859-1 or windows-1252, or a mixture of both, as browsers and databases make it.
    Latin,
    Gbk,
    Big5,
}

impl Wrong {
    /// The byte, or the two, that a character was; `None` for one that this encoding does not have.
    pub(crate) fn has(self, char: char) -> bool {
        match self {
            Self::Latin => latin_byte(char).is_some(),
            Self::Gbk | Self::Big5 => char.is_ascii() || self.bytes(char.encode_utf8(&mut [0; 4])).is_some(),
        }
    }

    /// The bytes that a text was.
    pub(crate) fn bytes(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Latin => text.chars().map(latin_byte).collect(),
            // Not GB18030: the byte 80 is the euro sign in GBK, and four-byte forms were never read.
            Self::Gbk => strict(encoding_rs::GBK, text),
            Self::Big5 => strict(encoding_rs::BIG5, text),
        }
    }
}

fn strict(encoding: &'static encoding_rs::Encoding, text: &str) -> Option<Vec<u8>> {
    let (bytes, _, has_lost) = encoding.encode(text);
    (!has_lost).then(|| bytes.into_owned())
}

/// The byte of a character in windows-1252, or in ISO 8859-1 where that has a control character.
fn latin_byte(char: char) -> Option<u8> {
    match u8::try_from(u32::from(char)) {
        Ok(byte) => Some(byte),
        // The last character of windows-1252 is ™.
        Err(_) if char > '™' => None,
        Err(_) => match *encoding_rs::WINDOWS_1252.encode(char.encode_utf8(&mut [0; 4])).0 {
            [byte] => Some(byte),
            _ => None,
        },
    }
}

/// What a text says when its bytes are read in another encoding, and by how many nats that is likelier; `None` where
/// either step loses something.
pub(crate) fn reread(text: &str, wrong: Wrong, right: Encoding) -> Option<(String, i64)> {
    let bytes = wrong.bytes(text)?;
    let read = codec::decode(&bytes, right)?;
    // Bytes that were replaced before, or that mean nothing, do not become text by another reading.
    if read.chars().any(|char| char == '\u{fffd}' || prose::is_control(char)) {
        return None;
    }
    let gain = i64::from(prose::cost(text, Languages::of(Encoding::Utf8)))
        - i64::from(prose::cost(&read, Languages::of(right)));
    Some((read.into_owned(), gain / i64::from(NAT)))
}

/// What a character outside ASCII costs on average, in nats. Text has 5 to 8, a wrong reading 10 to 13.
pub(crate) fn strangeness(text: &str) -> u32 {
    let ascii = text.chars().filter(char::is_ascii).count() as u32;
    let others = text.chars().count() as u32 - ascii;
    prose::cost(text, Languages::of(Encoding::Utf8)).saturating_sub(ascii * prose::ASCII) / others.max(1) / NAT
}
