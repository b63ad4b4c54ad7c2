//! Damaged double-byte text, divided into characters the likeliest way.
//!
//! Invariant: the parts cover the word in order; those that are not bad decode strictly.
//!
//! Where a byte is lost, a plain decoder pairs the wrong halves up to the next ASCII character, and every one of those
//! pairs may be valid. The cheapest division by the character model falls back into step after the one bad byte.

use super::codec;
use super::encoding::Encoding;
use super::prose::{self, Languages};

/// A part of a word: one character, or bytes that are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) len: usize,
    pub(super) bad: bool,
}

/// Longer words are left to the plain decoder; text with no ASCII mark or line end in it is no prose.
pub(super) const LONGEST_WORD: usize = 2048;
/// The longest character: four bytes, in GB18030.
const LONGEST: usize = 4;

/// Where the word ends that starts `bytes`: before a byte that can be no part of a longer character.
pub(super) fn word_end(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| *byte < 0x30).unwrap_or(bytes.len())
}

/// The cheapest division of a word, and what it costs.
pub(super) fn divide(word: &[u8], encoding: Encoding, languages: Languages) -> (Vec<Part>, u32) {
    // By dynamic programming from the left: the cheapest way to each place, and its last part and character.
    let mut ways: Vec<Option<(u32, Part, char)>> = vec![None; word.len() + 1];
    for at in 0..word.len() {
        let (so_far, before) = match (at, ways[at]) {
            (0, _) => (0, '\n'),
            (_, Some((cost, _, char))) => (cost, char),
            (_, None) => continue,
        };
        let mut offer = |part: Part, cost: u32, char: char| {
            let way = &mut ways[at + part.len];
            if way.is_none_or(|(cheapest, ..)| so_far + cost < cheapest) {
                *way = Some((so_far + cost, part, char));
            }
        };
        let rest = &word[at..];
        let longest = rest.len().min(LONGEST);
        let mut pair_is_valid = false;
        for len in 1..=longest {
            if let Some(text) = codec::decode(&rest[..len], encoding) {
                let char = text.chars().next_back().unwrap_or('\n');
                offer(Part { len, bad: false }, prose::char_cost(before, char, languages), char);
                pair_is_valid = len <= 2;
                break;
            }
        }
        offer(Part { len: 1, bad: true }, prose::BAD, '\u{fffd}');
        if !pair_is_valid && longest >= 2 && rest[0] > 0x80 && rest[1] >= 0x80 {
            // The halves of one character, the second of them damaged.
            offer(Part { len: 2, bad: true }, prose::BAD, '\u{fffd}');
        }
    }
    let mut parts = Vec::new();
    let mut at = word.len();
    while let Some((_, part, _)) = ways[at] {
        parts.push(part);
        at -= part.len;
    }
    parts.reverse();
    (parts, ways[word.len()].map_or(0, |(cost, ..)| cost))
}
