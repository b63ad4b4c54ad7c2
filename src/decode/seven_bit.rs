//! HZ, ISO-2022-KR and what is not standard of ISO-2022-JP: encodings folded into seven bits, with marks where the
//! folding starts and ends.
//!
//! Invariant: decoding is strict unless it says otherwise; encoding writes one canonical form (marks once a line),
//! which need not be the form that was read.

use encoding_rs::{DecoderResult, EUC_KR, GB18030};
use memchr::{memchr, memmem};

use super::encoding::Encoding;

/// Switches to Korean in ISO-2022-KR.
const SHIFT_OUT: u8 = 0x0e;
/// Switches back to ASCII in ISO-2022-KR.
const SHIFT_IN: u8 = 0x0f;
/// Announces ISO-2022-KR, once, at the start of a line (RFC 1557).
const KR_HEADER: &[u8] = b"\x1b$)C";

/// The text of `bytes`, or `None` where they are not valid.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Option<String> {
    let (unfolded, bad) = unfold(bytes, encoding);
    if bad > 0 {
        return None;
    }
    eight_bit(encoding).decode_without_bom_handling_and_without_replacement(&unfolded).map(Into::into)
}

/// The text of `bytes`, U+FFFD where they are not valid, and how many are not. Takes ISO-2022-JP too.
pub(super) fn decode_lossy(bytes: &[u8], encoding: Encoding) -> (String, usize) {
    let Some(standard) = encoding.standard() else {
        let (unfolded, bad) = unfold(bytes, encoding);
        let (text, _) = eight_bit(encoding).decode_without_bom_handling(&unfolded);
        return (text.into_owned(), bad);
    };
    let mut decoder = standard.new_decoder_without_bom_handling();
    let mut text = String::new();
    let (mut at, mut bad) = (0, 0);
    loop {
        text.reserve(4096);
        let (result, read) = decoder.decode_to_string_without_replacement(&bytes[at..], &mut text, true);
        at += read;
        match result {
            DecoderResult::InputEmpty => return (text, bad),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(len, _) => {
                text.push(char::REPLACEMENT_CHARACTER);
                bad += usize::from(len);
            }
        }
    }
}

/// The length of the first lines after which `bytes` are back in ASCII. Takes ISO-2022-JP too.
pub(super) fn back_in_ascii(bytes: &[u8], encoding: Encoding) -> usize {
    let mut ascii = true;
    for at in 0..bytes.len() {
        match (encoding, &bytes[at..]) {
            (_, [b'\n', ..]) if ascii => return at + 1,
            (Encoding::Iso2022Jp, [0x1b, b'(', b'B', ..]) => ascii = true,
            (Encoding::Iso2022Jp, [0x1b, b'(', b'J' | b'I', ..] | [0x1b, b'$', b'@' | b'B', ..]) => ascii = false,
            (Encoding::Hz, [b'~', b'{', ..]) | (Encoding::Iso2022Kr, [SHIFT_OUT, ..]) => ascii = false,
            (Encoding::Hz, [b'~', b'}', ..]) | (Encoding::Iso2022Kr, [SHIFT_IN, ..]) => ascii = true,
            // A line that was never folded back: real files cut there, and so do the mail programs of the time.
            (Encoding::Hz | Encoding::Iso2022Kr, [b'\n', ..]) => return at + 1,
            _ => {}
        }
    }
    bytes.len()
}

fn eight_bit(encoding: Encoding) -> &'static encoding_rs::Encoding {
    if encoding == Encoding::Hz { GB18030 } else { EUC_KR }
}

/// A byte that is no character in either eight-bit encoding.
const BAD: u8 = 0xff;

/// The eight-bit form, and how many bytes had none; `BAD` stands for each of those.
fn unfold(bytes: &[u8], encoding: Encoding) -> (Vec<u8>, usize) {
    let mut unfolded = Vec::with_capacity(bytes.len());
    let (mut folded, mut bad) = (false, 0);
    let mut rest = bytes;
    while let [byte, after @ ..] = rest {
        let (byte, next) = (*byte, after.first().copied());
        let mut taken = 1;
        match (encoding, byte) {
            (Encoding::Hz, b'~') if !folded && matches!(next, Some(b'~' | b'{' | b'\n')) => {
                taken = 2;
                match next {
                    Some(b'~') => unfolded.push(b'~'),
                    Some(b'{') => folded = true,
                    _ => {} // a broken line goes on
                }
            }
            (Encoding::Hz, b'~') if folded && next == Some(b'}') => (taken, folded) = (2, false),
            (Encoding::Iso2022Kr, SHIFT_OUT) if !folded => folded = true,
            (Encoding::Iso2022Kr, SHIFT_IN) if folded => folded = false,
            (Encoding::Iso2022Kr, 0x1b) if rest.starts_with(KR_HEADER) => taken = KR_HEADER.len(),
            (_, b'\n') if folded => {
                (folded, bad) = (false, bad + 1);
                unfolded.push(byte);
            }
            (_, 0x21..=0x7e) if folded && matches!(next, Some(0x21..=0x7e)) => {
                taken = 2;
                unfolded.extend([byte | 0x80, after[0] | 0x80]);
            }
            (Encoding::Hz, b'~') | (Encoding::Iso2022Kr, SHIFT_OUT | SHIFT_IN | 0x1b) | (_, 0x80..) => {
                bad += 1;
                unfolded.push(BAD);
            }
            _ if folded => {
                bad += 1;
                unfolded.push(BAD);
            }
            _ => unfolded.push(byte),
        }
        rest = &rest[taken..];
    }
    (unfolded, bad + usize::from(folded))
}

/// Appends the bytes of `text`, or gives the first character that cannot be written.
pub(super) fn encode(text: &str, encoding: Encoding, bytes: &mut Vec<u8>) -> Result<(), char> {
    let (on, off): (&[u8], &[u8]) = if encoding == Encoding::Hz { (b"~{", b"~}") } else { (&[SHIFT_OUT], &[SHIFT_IN]) };
    let mut folded = false;
    let mut buffer = [0; 4];
    for char in text.chars() {
        let (encoded, _, lost) = eight_bit(encoding).encode(char.encode_utf8(&mut buffer));
        match *encoded {
            [byte] => {
                if std::mem::take(&mut folded) {
                    bytes.extend_from_slice(off);
                }
                bytes.push(byte);
                if encoding == Encoding::Hz && byte == b'~' {
                    bytes.push(b'~');
                }
            }
            [lead @ 0xa1..=0xfe, trail @ 0xa1..=0xfe] if !lost => {
                if !std::mem::replace(&mut folded, true) {
                    bytes.extend_from_slice(on);
                }
                bytes.extend([lead & 0x7f, trail & 0x7f]);
            }
            _ => return Err(char),
        }
    }
    if folded {
        bytes.extend_from_slice(off);
    }
    Ok(())
}

/// The encoding whose escape sequences stand in an (almost) seven-bit file; `high` of its bytes are outside ASCII.
pub(super) fn escapes(bytes: &[u8], high: usize) -> Option<Encoding> {
    if memchr(0x1b, bytes).is_some() {
        if high == 0 && memmem::find(bytes, KR_HEADER).is_some() {
            return Some(Encoding::Iso2022Kr);
        }
        let starts: [&[u8]; 5] = [b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b(I", b"\x1b(B"];
        let count: usize = starts.iter().map(|start| memmem::find_iter(bytes, start).count()).sum();
        return (count > 0 && high <= count).then_some(Encoding::Iso2022Jp);
    }
    let opened = if high == 0 { memmem::find(bytes, b"~{")? } else { return None };
    let text = memmem::find(&bytes[opened..], b"~}").map(|len| &bytes[opened..opened + len + 2])?;
    // A program may hold both marks; what stands between them in HZ is whole characters of GB2312.
    let is_hz = text.len() > 4 && decode(text, Encoding::Hz).is_some_and(|text| text.chars().all(is_hanzi));
    is_hz.then_some(Encoding::Hz)
}

fn is_hanzi(char: char) -> bool {
    matches!(char, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}' | '\u{2014}'..='\u{2026}' | '·' | '\u{a0}'..='\u{ff}')
}
