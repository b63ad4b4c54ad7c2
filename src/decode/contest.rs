//! The readings of a sample, the likeliest first.
//!
//! Invariant: all readings are judged on the same bytes, and a lower cost is a likelier text.
//!
//! The bytes come in laps, each several times as long as the one before. A reading far behind drops out after its
//! lap, and the contest ends as soon as one is far ahead, so that most files cost one short lap.

use std::borrow::Cow;

use super::codec;
use super::encoding::Encoding;
use super::model::NAT;
use super::prose::{self, Languages};
use super::sample::Sample;
use super::segment;
use super::single::READINGS;

/// The encodings of more than one byte a character, and by how many half nats they are rarer than the commonest.
pub(super) const MULTI: [(Encoding, u32); 6] = [
    (Encoding::Utf8, 0),
    (Encoding::Gb18030, 2),
    (Encoding::Big5, 3),
    (Encoding::ShiftJis, 3),
    (Encoding::EucJp, 4),
    (Encoding::EucKr, 4),
];
const WIDE: &[(Encoding, u32)] = &[(Encoding::Utf16Le, 4), (Encoding::Utf16Be, 6)];

/// A declared encoding is worth this much: enough to decide between like readings, not to outweigh the text.
const DECLARED: u32 = 4 * NAT;
/// Most files are UTF-8, and few bytes of other encodings happen to be valid in it: of the pairs of bytes in GBK
/// text, one in seven.
const VALID_UTF_8: u32 = 8 * NAT;
const VALID_SEQUENCE: u32 = 2 * NAT;
/// Where most sequences are valid, one that is not costs less by this: as much as a byte in the wrong place costs in a
/// one-byte encoding.
const STRAY: u32 = 3 * NAT;
/// So far behind, a reading does not come back; so far ahead, nothing catches up.
pub(super) const FAR: u32 = 60 * NAT;
/// A contest as close as this is worth a second look.
const CLOSE: u32 = 20 * NAT;
/// A second look is for texts of no more than these bytes.
const SHORT: usize = 512;
/// The first lap, and by how much each next one is longer.
const LAP: usize = 40;
const LONGER: usize = 4;
/// Nothing is decided by fewer bytes.
const DECISIVE: usize = 128;
/// How far beyond its length a lap goes for the end of a word.
const BEYOND: usize = 64;

/// A reading and what it costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) encoding: Encoding,
    pub(super) cost: u32,
}

#[derive(Clone, Copy)]
enum Entry {
    Multi(Encoding, u32),
    Single(usize),
}

/// Which readings take part in a contest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Among {
    /// All but those of two bytes a character throughout.
    Usual,
    /// These too, for a sample that is unabridged.
    Wide,
    /// Those of more than one byte a character that are not that wide.
    Multi,
}

/// The best readings of a sample, one an encoding, best first.
pub(super) fn standings(sample: &Sample, among: Among, declared: Option<Encoding>) -> Vec<Standing> {
    let multi = MULTI.iter().chain(if among == Among::Wide { WIDE } else { &[] });
    let mut entries: Vec<Entry> = multi.map(|(encoding, rarity)| Entry::Multi(*encoding, rarity * NAT / 2)).collect();
    if among != Among::Multi {
        entries.extend((0..READINGS.len()).map(Entry::Single));
    }
    let mut lap = LAP;
    loop {
        let len = if sample.bytes.len() < lap * 3 / 2 { sample.bytes.len() } else { lap_end(&sample.bytes, lap) };
        let mut scored: Vec<(Standing, Entry)> = Vec::with_capacity(entries.len());
        let mut limit = u32::MAX;
        for entry in entries {
            let mut standing = score(entry, &sample.bytes[..len], sample.from_start, limit);
            if standing.encoding == Encoding::Utf8 {
                let is_valid = std::str::from_utf8(&sample.bytes).is_ok();
                let worth = if is_valid { VALID_UTF_8 } else { 0 } + worth_of_sequences(&sample.bytes[..len]);
                standing.cost = standing.cost.saturating_sub(worth);
            }
            if declared == Some(standing.encoding) {
                standing.cost = standing.cost.saturating_sub(DECLARED);
            }
            limit = limit.min(standing.cost.saturating_add(FAR));
            scored.push((standing, entry));
        }
        // A text may start within a character; by so little, only the many one-byte readings are told from it.
        scored
            .retain(|(standing, entry)| standing.cost <= limit || len < DECISIVE && matches!(entry, Entry::Multi(..)));
        scored.sort_by_key(|(standing, _)| standing.cost);
        let best = scored[0].0;
        let is_decided = scored.iter().all(|(other, _)| other.encoding == best.encoding);
        if len == sample.bytes.len() || is_decided && len >= DECISIVE {
            let mut standings: Vec<Standing> = Vec::new();
            for (standing, _) in scored {
                if standings.iter().all(|better| better.encoding != standing.encoding) {
                    standings.push(standing);
                }
            }
            divide_closely(&mut standings, &sample.bytes[..len]);
            return standings;
        }
        entries = scored.into_iter().map(|(_, entry)| entry).collect();
        lap *= LONGER;
    }
}

/// What valid sequences speak for UTF-8, if they are not fewer than the others.
fn worth_of_sequences(bytes: &[u8]) -> u32 {
    let (mut valid, mut stray) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count() as u32;
        stray += u32::from(!chunk.invalid().is_empty());
    }
    if valid < stray { 0 } else { valid * VALID_SEQUENCE + stray * STRAY }
}

/// The end of a word at about this many bytes.
fn lap_end(bytes: &[u8], lap: usize) -> usize {
    lap + segment::word_end(&bytes[lap..bytes.len().min(lap + BEYOND)])
}

fn score(entry: Entry, bytes: &[u8], from_start: bool, limit: u32) -> Standing {
    match entry {
        Entry::Single(at) => {
            let reading = &READINGS[at];
            let cost = reading.rarity + reading.cost(b'\n', bytes, limit);
            Standing { encoding: reading.encoding, cost }
        }
        Entry::Multi(encoding, rarity) => {
            let cost = if from_start { cost_from_start(bytes, encoding) } else { cost(bytes, encoding) };
            Standing { encoding, cost: rarity + cost }
        }
    }
}

/// Judges a close contest on a short text once more, with damaged words divided the likeliest way.
fn divide_closely(standings: &mut [Standing], bytes: &[u8]) {
    if bytes.len() > SHORT || standings.get(1).is_none_or(|second| second.cost - standings[0].cost > CLOSE) {
        return;
    }
    for standing in standings.iter_mut().filter(|standing| standing.encoding.is_double_byte()).take(4) {
        let (encoding, languages) = (standing.encoding, Languages::of(standing.encoding));
        for word in bytes.split(|byte| *byte < 0x30).filter(|word| codec::decode(word, encoding).is_none()) {
            let (_, least) = segment::divide(word, encoding, languages);
            standing.cost = standing.cost.saturating_sub(cost(word, encoding).saturating_sub(least));
        }
    }
    standings.sort_by_key(|standing| standing.cost);
}

/// The cost of a line in any encoding.
pub(super) fn line_cost(line: &[u8], encoding: Encoding) -> u32 {
    let single = READINGS.iter().filter(|reading| reading.encoding == encoding);
    let single = single.map(|reading| reading.cost(b'\n', line, u32::MAX)).min();
    single.unwrap_or_else(|| cost(line, encoding))
}

/// The cost of bytes as text in a multi-byte encoding.
pub(super) fn cost(bytes: &[u8], encoding: Encoding) -> u32 {
    prose::cost(&lossy(bytes, encoding), Languages::of(encoding))
}

/// The same for bytes that may start within a character: then the first of them is left out, as a bad one.
fn cost_from_start(bytes: &[u8], encoding: Encoding) -> u32 {
    let whole = cost(bytes, encoding);
    if !encoding.is_double_byte() || bytes.first().is_none_or(u8::is_ascii) {
        return whole;
    }
    let word = &bytes[..segment::word_end(bytes)];
    let in_step = cost(word, encoding);
    let out_of_step = prose::BAD + cost(&word[1..], encoding);
    whole.saturating_sub(in_step) + in_step.min(out_of_step)
}

/// What bytes say in a multi-byte encoding, U+FFFD where they are not valid.
pub(super) fn lossy(bytes: &[u8], encoding: Encoding) -> Cow<'_, str> {
    match encoding.standard() {
        Some(standard) => standard.decode_without_bom_handling(bytes).0,
        None => String::from_utf8_lossy(bytes),
    }
}

/// The best reading and by how many nats it leads the next one that gives another text.
pub(super) fn verdict(sample: &[u8], standings: &[Standing]) -> (Standing, Option<(Encoding, u32)>) {
    let best = standings[0];
    if standings.len() == 1 {
        return (best, None);
    }
    let text = lossy(sample, best.encoding);
    let rival = standings[1..].iter().find(|other| lossy(sample, other.encoding) != text);
    (best, rival.map(|rival| (rival.encoding, (rival.cost - best.cost) / NAT)))
}
