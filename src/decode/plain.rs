//! Text in two bytes a character whose first sentences show plainly what it is in, so that most files of Chinese,
//! Japanese and Korean never come to the contest of all readings.
//!
//! Invariant: an answer is the one that the contest would give; wherever there is doubt, there is none.

use super::bound;
use super::encoding::Encoding;
use super::model::NAT;
use super::sample;

/// So many bytes tell.
const ENOUGH: usize = 160;
/// How much of a file is searched for them.
const HEAD: usize = 1 << 10;
/// Fewer bytes outside ASCII could look like prose by chance.
const HIGH: usize = 80;
/// What a character outside ASCII costs at most, on average, where a text reads as prose does. In prose that is 6 to 8
/// nats, in other readings more than 9, and those in one byte a character, taken in pairs, come to 18 and more.
const AT_HOME: u32 = 17 * NAT / 2;
/// So far below that no other reading need be looked at.
const SURELY: u32 = 15 * NAT / 2;
/// By how much more any other reading has to cost elsewhere.
const FAR: u32 = 2 * NAT;

/// The encoding of two bytes a character in which the head of these bytes is prose, if it is far from that in all others.
pub(super) fn encoding(bytes: &[u8]) -> Option<Encoding> {
    let head = sample::take(&bytes[..bytes.len().min(HEAD)], ENOUGH).bytes;
    let head = head.get(..ENOUGH).filter(|head| sample::count_high(head, HIGH) >= HIGH)?;
    let mut averages = Vec::new();
    for encoding in Encoding::DOUBLE_BYTE {
        // The head may end within a character.
        let average = bound::average(head, encoding).or_else(|| bound::average(&head[..ENOUGH - 1], encoding));
        match average {
            Some(average) if average <= SURELY => return Some(encoding),
            Some(average) => averages.push((average, encoding)),
            None => {}
        }
    }
    averages.sort_by_key(|(average, _)| *average);
    let (least, encoding) = *averages.first().filter(|(average, _)| *average <= AT_HOME)?;
    averages.get(1).is_none_or(|(next, _)| next - least >= FAR).then_some(encoding)
}
