//! Which encoding a file is in, from its bytes alone.
//!
//! Invariant: the steps go from certain to likely, and each says how it knew: byte order mark, NUL bytes, signature,
//! UTF-8, escape sequences, statistics.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use memchr::memchr;

use super::binary;
use super::codec;
use super::encoding::Encoding;
use super::source::KnownBy;

/// The encoding of a file and how it became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guess {
    pub encoding: Encoding,
    pub known_by: KnownBy,
    /// Whether it may be relied on without a look at the text.
    pub sure: bool,
    /// By how many nats the text is likelier than the runner-up's.
    pub margin: Option<u32>,
    /// The next likely encoding that gives another text.
    pub runner_up: Option<Encoding>,
    /// Whether a byte order mark stands at the start.
    pub bom: bool,
}

impl Guess {
    pub(super) fn certain(encoding: Encoding, known_by: KnownBy) -> Self {
        Self { encoding, known_by, sure: true, margin: None, runner_up: None, bom: false }
    }
}

/// Why a file is not read as text.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotText {
    #[error("not a text: {why}; left as it is")]
    Binary { why: &'static str },
}

/// Which encoding these bytes are in, for `descrape detect`.
pub fn detect(bytes: &[u8]) -> Result<Guess, NotText> {
    if let Some(encoding) = byte_order_mark(bytes) {
        return Ok(Guess { bom: true, ..Guess::certain(encoding, KnownBy::Bom) });
    }
    if let Some(why) = binary::signature(bytes) {
        return Err(NotText::Binary { why });
    }
    let is_utf_8 = std::str::from_utf8(bytes).is_ok();
    let is_binary = binary::is_binary(bytes);
    if (is_binary || memchr(0, bytes).is_some() && !is_utf_8)
        && let Some(encoding) = wide(bytes)
    {
        return Ok(Guess::certain(encoding, KnownBy::Nul));
    }
    if is_binary {
        return Err(NotText::Binary { why: "full of control characters" });
    }
    if is_utf_8 {
        let escaped =
            memchr(0x1b, bytes).is_some() && bytes.is_ascii() && codec::decode(bytes, Encoding::Iso2022Jp).is_some();
        let japanese = escaped && memchr::memmem::find(bytes, b"\x1b$").is_some();
        return Ok(match japanese {
            true => Guess::certain(Encoding::Iso2022Jp, KnownBy::Escapes),
            false => Guess::certain(Encoding::Utf8, KnownBy::Utf8),
        });
    }
    if is_damaged_utf_8(bytes) {
        return Ok(Guess::certain(Encoding::Utf8, KnownBy::Utf8));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = Encoding::from_standard(detector.guess(None, Utf8Detection::Deny)).unwrap_or(Encoding::Utf8);
    Ok(Guess { sure: false, ..Guess::certain(encoding, KnownBy::Detector) })
}

/// The encoding whose byte order mark these bytes start with.
pub(super) fn byte_order_mark(bytes: &[u8]) -> Option<Encoding> {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => Some(Encoding::Utf8),
        // The same two bytes start UTF-16, in which a text would then begin with a NUL.
        [0xff, 0xfe, 0, 0, ..] if codec::decode(bytes, Encoding::Utf32Le).is_some() => Some(Encoding::Utf32Le),
        [0, 0, 0xfe, 0xff, ..] => Some(Encoding::Utf32Be),
        [0xff, 0xfe, ..] => Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => Some(Encoding::Utf16Be),
        [0x84, 0x31, 0x95, 0x33, ..] => Some(Encoding::Gb18030),
        _ => None,
    }
}

/// UTF-32 or UTF-16 without a mark, where that makes nearly all of it letters and the other order does not.
fn wide(bytes: &[u8]) -> Option<Encoding> {
    for encoding in [Encoding::Utf32Le, Encoding::Utf32Be] {
        if codec::decode(bytes, encoding).is_some() {
            return Some(encoding);
        }
    }
    let likely = |encoding: Encoding| -> Option<f32> {
        let (text, _) = encoding.standard()?.decode_without_bom_handling(bytes);
        let (mut likely, mut all) = (0, 0);
        for char in text.chars() {
            all += 1;
            likely += usize::from(is_likely(char));
        }
        Some(likely as f32 / all as f32)
    };
    let (le, be) = (likely(Encoding::Utf16Le)?, likely(Encoding::Utf16Be)?);
    let (encoding, best, other) = if le > be { (Encoding::Utf16Le, le, be) } else { (Encoding::Utf16Be, be, le) };
    (best > LIKELY && best > other).then_some(encoding)
}

/// The share of letters that makes a text of bytes that hold NULs.
const LIKELY: f32 = 0.9;

/// The letters and marks of living scripts; by chance, two bytes are one of these about half the time.
fn is_likely(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..='\u{24f}' | '\u{370}'..='\u{6ff}' | '\u{900}'..='\u{e7f}'
        | '\u{1e00}'..='\u{1eff}' | '\u{2010}'..='\u{206f}' | '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{ff00}'..='\u{ffef}')
}

/// UTF-8 with a few invalid bytes, or cut in mid-character: long sequences are rarely valid by chance.
fn is_damaged_utf_8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|char| char.len_utf8() > 1).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid > 0 && valid >= invalid * 4
}
