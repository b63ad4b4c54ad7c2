//! The readings of a sample, the likeliest first.
//!
//! Invariant: all readings are judged on the same bytes, and a lower cost is a likelier text.
//!
//! The bytes come in laps, each several times as long as the one before. A reading far behind drops out after its
//! lap, and the contest ends as soon as one is far ahead, so that most files cost one short lap.

use std::borrow::Cow;

use super::encoding::Encoding;
use super::model::NAT;
use super::prose::{self, Languages};
use super::sample::Sample;
use super::single::READINGS;

/// The encodings of more than one byte a character, their languages, and by how many half nats they are rarer than
/// the commonest.
const MULTI: &[(Encoding, Languages, u32)] = &[
    (Encoding::Utf8, Languages::ALL, 0),
    (Encoding::Gb18030, Languages::CHINESE, 2),
    (Encoding::Big5, Languages::CHINESE, 3),
    (Encoding::ShiftJis, Languages::JAPANESE, 3),
    (Encoding::EucJp, Languages::JAPANESE, 4),
    (Encoding::EucKr, Languages::KOREAN, 4),
];
const WIDE: &[(Encoding, Languages, u32)] =
    &[(Encoding::Utf16Le, Languages::ALL, 4), (Encoding::Utf16Be, Languages::ALL, 6)];

/// A declared encoding is worth this much: enough to decide between like readings, not to outweigh the text.
const DECLARED: u32 = 4 * NAT;
/// So far behind, a reading does not come back; so far ahead, nothing catches up.
const FAR: u32 = 60 * NAT;
/// The first lap, and by how much each next one is longer.
const LAP: usize = 512;
const LONGER: usize = 4;

/// A reading and what it costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) encoding: Encoding,
    pub(super) cost: u32,
    /// How many bytes at the start belong to a character that was cut off.
    pub(super) skip: usize,
}

#[derive(Clone, Copy)]
enum Entry {
    Multi(Encoding, Languages, u32),
    Single(usize),
}

/// The best readings of a sample, one an encoding, best first. `wide` adds UTF-16, whose sample must be unabridged.
pub(super) fn standings(sample: &Sample, wide: bool, declared: Option<Encoding>) -> Vec<Standing> {
    let multi = MULTI.iter().chain(wide.then_some(WIDE).into_iter().flatten());
    let mut entries: Vec<Entry> =
        multi.map(|(encoding, languages, rarity)| Entry::Multi(*encoding, *languages, rarity * NAT / 2)).collect();
    entries.extend((0..READINGS.len()).map(Entry::Single));
    let mut lap = LAP;
    loop {
        let len = if sample.bytes.len() < lap * 3 / 2 { sample.bytes.len() } else { lap_end(&sample.bytes, lap) };
        let mut scored: Vec<(Standing, Entry)> = Vec::with_capacity(entries.len());
        let mut limit = u32::MAX;
        for entry in entries {
            let mut standing = score(entry, &sample.bytes[..len], sample.from_start, limit);
            if declared == Some(standing.encoding) {
                standing.cost = standing.cost.saturating_sub(DECLARED);
            }
            limit = limit.min(standing.cost.saturating_add(FAR));
            scored.push((standing, entry));
        }
        scored.retain(|(standing, _)| standing.cost <= limit);
        scored.sort_by_key(|(standing, _)| standing.cost);
        let best = scored[0].0;
        let rival = scored.iter().find(|(other, _)| other.encoding != best.encoding);
        if len == sample.bytes.len() || rival.is_none() {
            let mut standings: Vec<Standing> = Vec::new();
            for (standing, _) in scored {
                if standings.iter().all(|better| better.encoding != standing.encoding) {
                    standings.push(standing);
                }
            }
            return standings;
        }
        entries = scored.into_iter().map(|(_, entry)| entry).collect();
        lap *= LONGER;
    }
}

/// The end of a word at about this many bytes.
fn lap_end(bytes: &[u8], lap: usize) -> usize {
    bytes[lap..].iter().position(|byte| *byte < 0x30).map_or(bytes.len(), |found| lap + found + 1)
}

fn score(entry: Entry, bytes: &[u8], from_start: bool, limit: u32) -> Standing {
    match entry {
        Entry::Single(at) => {
            let reading = &READINGS[at];
            let cost = reading.rarity + reading.cost(b'\n', bytes, limit);
            Standing { encoding: reading.encoding, cost, skip: 0 }
        }
        Entry::Multi(encoding, languages, rarity) => {
            let (cost, skip) = if from_start {
                cost_from_start(bytes, encoding, languages)
            } else {
                (cost(bytes, encoding, languages), 0)
            };
            Standing { encoding, cost: rarity + cost, skip }
        }
    }
}

/// The cost of bytes as text in a multi-byte encoding.
pub(super) fn cost(bytes: &[u8], encoding: Encoding, languages: Languages) -> u32 {
    prose::cost(&lossy(bytes, encoding), languages)
}

/// The same for bytes that may start within a character: then the first of them is left out, as a bad one.
fn cost_from_start(bytes: &[u8], encoding: Encoding, languages: Languages) -> (u32, usize) {
    let whole = cost(bytes, encoding, languages);
    let is_double =
        matches!(encoding, Encoding::Gb18030 | Encoding::Big5 | Encoding::ShiftJis | Encoding::EucJp | Encoding::EucKr);
    if !is_double || bytes.first().is_none_or(u8::is_ascii) {
        return (whole, 0);
    }
    let word = &bytes[..bytes.iter().position(|byte| *byte < 0x30).unwrap_or(bytes.len())];
    let in_step = cost(word, encoding, languages);
    let out_of_step = prose::BAD + cost(&word[1..], encoding, languages);
    if out_of_step < in_step { (whole - in_step.min(whole) + out_of_step, 1) } else { (whole, 0) }
}

fn lossy(bytes: &[u8], encoding: Encoding) -> Cow<'_, str> {
    match encoding.standard() {
        Some(standard) => standard.decode_without_bom_handling(bytes).0,
        None => String::from_utf8_lossy(bytes),
    }
}

/// The best reading and by how many nats it leads the next one that gives another text.
pub(super) fn verdict(sample: &[u8], standings: &[Standing]) -> (Standing, Option<(Encoding, u32)>) {
    let best = standings[0];
    let text = lossy(sample, best.encoding);
    let rival = standings[1..].iter().find(|other| lossy(sample, other.encoding) != text);
    (best, rival.map(|rival| (rival.encoding, (rival.cost - best.cost) / NAT)))
}
