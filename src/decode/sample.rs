//! The bytes of a file that tell its encoding: those outside ASCII, with a little of what stands around them.
//!
//! Invariant: a sample is no longer than asked (and a word), and holds only bytes of the file and line ends.

use encoding_rs::Encoding;

/// ASCII kept around other bytes: trail bytes of Chinese and Japanese encodings, and the letters of a word.
const AROUND: usize = 8;

/// A stretch of the file that the detector looks at.
pub(super) struct Sample {
    pub(super) bytes: Vec<u8>,
    /// Whether it starts where the file does, perhaps within a character.
    pub(super) from_start: bool,
}

/// Takes up to `limit` bytes, from four places of a large file.
pub(super) fn take(bytes: &[u8], limit: usize) -> Sample {
    let mut sample = Vec::with_capacity(bytes.len().min(limit) + 64);
    let places = if bytes.len() > limit * 4 { 4 } else { 1 };
    let mut from_start = false;
    let mut end = 0;
    for place in 0..places {
        let start = end.max(word_start(bytes, bytes.len() / places * place));
        let full = limit / places * (place + 1);
        let mut at = start;
        while sample.len() < full {
            let Some(first) = next_high(bytes, at) else { return Sample { bytes: sample, from_start } };
            let from = first.saturating_sub(AROUND).max(at);
            from_start |= sample.is_empty() && from == 0;
            if !sample.is_empty() {
                sample.push(b'\n');
            }
            at = run_end(bytes, first, full - sample.len().min(full));
            sample.extend_from_slice(&bytes[from..at]);
        }
        end = at;
    }
    Sample { bytes: sample, from_start }
}

/// How many bytes are outside ASCII; counted no further than a little beyond `enough`.
pub(super) fn count_high(bytes: &[u8], enough: usize) -> usize {
    let mut count = 0;
    // A sum of bytes is one instruction for many of them; it cannot overflow in so few.
    for chunk in bytes.chunks(255) {
        count += usize::from(chunk.iter().map(|byte| byte >> 7).sum::<u8>());
        if count >= enough {
            break;
        }
    }
    count
}

/// Where the next byte outside ASCII is.
pub(super) fn next_high(bytes: &[u8], from: usize) -> Option<usize> {
    let at = from + Encoding::ascii_valid_up_to(&bytes[from..]);
    (at < bytes.len()).then_some(at)
}

/// Where a stretch of text with bytes outside ASCII ends, or, once it is long enough, where a word of it does.
fn run_end(bytes: &[u8], first: usize, enough: usize) -> usize {
    let mut last = first;
    for (at, byte) in bytes.iter().enumerate().skip(first) {
        let is_break = *byte < 0x30;
        if !byte.is_ascii() {
            last = at;
        } else if at - last > 2 * AROUND || at - first >= enough && is_break {
            return at.min(last + 1 + AROUND);
        }
        if at - first >= enough + 256 {
            return at;
        }
    }
    bytes.len().min(last + 1 + AROUND)
}

/// The first place from `at` on where a character starts in every encoding: after a byte that never ends one.
fn word_start(bytes: &[u8], at: usize) -> usize {
    if at == 0 {
        return 0;
    }
    let ahead = &bytes[at..bytes.len().min(at + 4096)];
    at + ahead.iter().position(|byte| *byte < 0x30).map_or(0, |found| found + 1)
}
