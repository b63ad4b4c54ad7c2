//! Text that came out of the wrong decoder: what its bytes were, and what they say in the right one.
//!
//! Invariant: a second reading is lossless in both steps, so that nothing the text holds is dropped.

use std::sync::LazyLock;

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
pub(crate) fn latin_byte(char: char) -> Option<u8> {
    match u8::try_from(u32::from(char)) {
        Ok(byte) => Some(byte),
        // The first and the last character that windows-1252 has beside them are Œ and ™.
        Err(_) if !('Œ'..='™').contains(&char) => None,
        Err(_) => WINDOWS.iter().position(|other| *other == char).map(|at| 0x80 + at as u8),
    }
}

/// The characters that windows-1252 has in the place of the C1 controls.
static WINDOWS: LazyLock<Vec<char>> = LazyLock::new(|| {
    let bytes: Vec<u8> = (0x80..=0x9f).collect();
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0.chars().collect()
});

/// Whether the GBK form of a character looks like the first two bytes of a sequence in UTF-8.
pub(crate) fn starts_as_utf_8(char: char) -> bool {
    let code = u32::from(char) as usize;
    STARTS.get(code >> 6).is_some_and(|word| word >> (code & 63) & 1 == 1)
}

/// A bit for each character of the Basic Multilingual Plane.
static STARTS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut starts = vec![0; 1 << 10];
    for (first, second) in (0xc2..=0xf4).flat_map(|first| (0x80..=0xbf).map(move |second| (first, second))) {
        let pair = [first, second];
        let char = codec::decode(&pair, Encoding::Gb18030).and_then(|text| text.chars().next());
        if let Some(char) = char.filter(|char| Wrong::Gbk.has(*char)) {
            let code = u32::from(char) as usize;
            starts[code >> 6] |= 1 << (code & 63);
        }
    }
    starts
});

/// Whether a character of Latin-1 seldom stands there by itself. The others do in Chinese text: dots in names, signs of
/// degrees, sections and copyright.
pub(crate) fn is_telling(char: char) -> bool {
    matches!(char, '\u{80}'..='\u{ff}') && !matches!(char, '\u{a0}' | '§' | '©' | '®' | '°' | '±' | '·')
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
