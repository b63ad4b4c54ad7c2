//! Text in more than one byte a character whose first sentences show plainly what it is in, so that most files of
//! Chinese, Japanese and Korean never come to the contest of all readings.
//!
//! Invariant: an answer is the one that the contest would give; wherever there is doubt, there is none.

use super::contest::{self, FAR, MULTI};
use super::encoding::Encoding;
use super::model::NAT;
use super::prose::{self, ASCII, Languages};
use super::sample;

/// So many bytes tell.
const ENOUGH: usize = 192;
/// How much of a file is searched for them.
const HEAD: usize = 1 << 10;
/// Fewer characters outside ASCII could look like prose by chance.
const CHARS: u32 = 64;
/// What a character outside ASCII costs at most, on average, where a text reads as prose does. No text in one byte a
/// character comes near: taken in pairs, its letters are rare Hanzi, of 10 nats and more.
const AT_HOME: u32 = 15 * NAT / 2;
/// What stands for bytes that mean nothing.
const BAD: char = '\u{fffd}';

/// The encoding of more than one byte a character in which the head of these bytes is prose, if it is far from that in
/// all others.
pub(super) fn encoding(bytes: &[u8]) -> Option<Encoding> {
    let head = sample::take(&bytes[..bytes.len().min(HEAD)], ENOUGH).bytes;
    // More would come out the same, and take longer.
    let head = head.get(..ENOUGH)?;
    let mut limit = u32::MAX;
    let mut costs = MULTI.map(|(encoding, _)| {
        let cost = prose::cost_within(&contest::lossy(head, encoding), Languages::of(encoding), limit);
        limit = limit.min(cost.saturating_add(FAR));
        (cost, encoding)
    });
    costs.sort_by_key(|(cost, _)| *cost);
    let [(cost, encoding), (next, _), ..] = costs;
    (cost + FAR <= next && is_prose(head, encoding, cost)).then_some(encoding)
}

fn is_prose(head: &[u8], encoding: Encoding, cost: u32) -> bool {
    let text = contest::lossy(head, encoding);
    // The head may end within a character.
    if encoding == Encoding::Utf8 || text.trim_end_matches(BAD).contains(BAD) {
        return false;
    }
    let ascii = text.bytes().filter(u8::is_ascii).count() as u32;
    let chars = text.chars().count() as u32 - ascii;
    chars >= CHARS && cost.saturating_sub(ascii * ASCII) <= chars * AT_HOME
}
