//! Finds many short literals in one pass.
//!
//! Invariant: in every place of a literal, ASCII letters in either case, some byte of it is told; a place without one may
//! be told, since the one who asks looks again.
//!
//! An automaton takes a step for each byte, and its table does not fit the cache. Here a character takes a look at one
//! bit, in a word told by its first three bytes and at a place told by the next three, and only where it is set at the
//! literals that begin so.

use std::ops::Range;

/// More of a literal is not looked at, in bytes: the part of it that the fewest others share.
pub const LONGEST: usize = 8;

/// Bytes by which parts are told apart: two Hanzi.
const TELLING: usize = 6;

/// A literal as it stands at the lower end of eight bytes of text, each bit folded.
#[derive(Debug, Clone, Copy)]
struct Literal {
    bits: u64,
    mask: u64,
    owner: u32,
}

/// Literals that begin alike: with the same six bytes, or shorter ones with the same three.
#[derive(Debug, Clone, Default)]
struct Head {
    bits: u64,
    literals: Vec<Literal>,
}

/// Literals, each with an owner.
#[derive(Debug, Clone)]
pub struct Literals {
    /// By the hash of their first three bytes, a bit for each hash of the next three with which a literal goes on.
    next: Vec<u64>,
    /// Literals of three bytes and more, those that begin alike in one place.
    long: Vec<Head>,
    /// The place in `long` by the hash of these bytes, or of the next that is free.
    slots: Vec<u32>,
    /// Literals of one or two bytes, by the first.
    short: Vec<Vec<Literal>>,
    has_short: [bool; 256],
}

impl Literals {
    /// Takes literals, none of them empty.
    pub fn new<'l>(literals: impl IntoIterator<Item = (u32, &'l [u8])>) -> Self {
        // Each literal with what it begins with. Sorted, since there are as many as would take a map longer.
        let mut long: Vec<(u64, Literal)> = Vec::new();
        let (mut short, mut has_short) = (vec![Vec::new(); 256], [false; 256]);
        let literals: Vec<(u32, &[u8])> = literals.into_iter().collect();
        let telling = |part: &[u8]| eight(&part[..TELLING], 0);
        let mut all: Vec<u64> = literals.iter().flat_map(|(_, literal)| parts(literal)).map(telling).collect();
        all.sort_unstable();
        let shared: Vec<(u64, usize)> =
            all.chunk_by(|one, other| one == other).map(|same| (same[0], same.len())).collect();
        let count = |part: u64| shared.binary_search_by_key(&part, |(other, _)| *other).map_or(0, |at| shared[at].1);
        for (owner, literal) in literals {
            let rarest = parts(literal).min_by_key(|part| count(telling(part)));
            let literal = rarest.unwrap_or(literal);
            let mask = u64::MAX >> (64 - 8 * literal.len());
            let bits = fold(eight(literal, 0)) & mask;
            let literal = Literal { bits, mask, owner };
            if mask < 0xff_ffff {
                let first = (bits & 0xff) as usize;
                has_short[first] = true;
                short[first].push(literal);
            } else {
                long.push((bits & if mask >= SIX { SIX } else { THREE }, literal));
            }
        }
        long.sort_by_key(|(bits, _)| *bits);
        let alike = long.chunk_by(|one, other| one.0 == other.0);
        let head =
            |alike: &[(u64, Literal)]| Head { bits: alike[0].0, literals: alike.iter().map(|(_, l)| *l).collect() };
        let long: Vec<Head> = alike.map(head).collect();
        let count = long.iter().map(|head| head.literals.len()).sum::<usize>();
        let mut next = vec![0; (count / 8).next_power_of_two().max(WORDS)];
        let shift = word_shift(&next);
        for literal in long.iter().flat_map(|head| &head.literals) {
            next[word(literal.bits, shift)] |= if literal.mask >= SIX { bit(literal.bits) } else { u64::MAX };
        }
        let mut slots = vec![u32::MAX; (long.len() * 4).next_power_of_two()];
        for (number, head) in (0..).zip(&long) {
            let mut slot = slot(head.bits) & (slots.len() - 1);
            while slots[slot] != u32::MAX {
                slot = (slot + 1) & (slots.len() - 1);
            }
            slots[slot] = number;
        }
        Self { next, long, slots, short, has_short }
    }

    /// The literals that begin with these bytes.
    fn head(&self, bits: u64) -> Option<&Head> {
        let mut slot = slot(bits) & (self.slots.len() - 1);
        loop {
            let head = self.long.get(self.slots[slot] as usize)?;
            if head.bits == bits {
                return Some(head);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    fn is_empty(&self) -> bool {
        self.long.is_empty() && !self.has_short.contains(&true)
    }

    /// Tells the owner and the byte offset in `text` of each literal whose rarest part begins in the window, in the order
    /// of places.
    pub fn find(&self, text: &[u8], window: Range<usize>, mut found: impl FnMut(u32, usize)) {
        if self.is_empty() {
            return;
        }
        let (mut at, shift) = (window.start, word_shift(&self.next));
        while at < window.end {
            let raw = eight(text, at);
            let first = raw as u8;
            // Most characters take three bytes, none of them a capital.
            let (bits, length) = match first {
                0xe0.. => (raw, 3 + usize::from(first >= 0xf0)),
                _ => {
                    let bits = fold(raw);
                    if self.has_short[usize::from(bits as u8)] {
                        let short = &self.short[usize::from(bits as u8)];
                        short.iter().filter(|l| bits & l.mask == l.bits).for_each(|l| found(l.owner, at));
                    }
                    (bits, 1 + usize::from(first >= 0xc0))
                }
            };
            if self.next[word(bits, shift)] & bit(bits) != 0 {
                self.compare(fold(raw), |owner| found(owner, at));
            }
            at += length;
        }
    }

    /// Tells the owners of the literals of three bytes and more that stand at the lower end of eight folded bytes.
    fn compare(&self, bits: u64, mut found: impl FnMut(u32)) {
        let heads = [bits & THREE, bits & SIX].into_iter().filter_map(|bits| self.head(bits));
        let literals = heads.flat_map(|head| &head.literals);
        literals.filter(|l| bits & l.mask == l.bits).for_each(|l| found(l.owner));
    }
}

/// The first three of eight bytes.
const THREE: u64 = 0xff_ffff;

/// What makes capitals small letters in each of three bytes, and more alike.
const SMALL: u64 = 0x20_2020;

/// The first six of eight bytes.
const SIX: u64 = 0xffff_ffff_ffff;

/// The fewest words of the table of what follows: 32 kB, which the cache holds. The built-in rules set one bit in 15 of it;
/// for more literals it grows, so that one in 8 at most is set.
const WORDS: usize = 1 << 12;

/// How far to shift the hash of the first three of eight bytes to where the word for them is.
fn word_shift(next: &[u64]) -> u32 {
    u64::BITS - next.len().ilog2()
}

fn word(bits: u64, shift: u32) -> usize {
    (hash(bits & THREE) >> shift) as usize
}

/// The bit for the next three of eight bytes, the same for capitals.
fn bit(bits: u64) -> u64 {
    1 << (hash((bits >> 24 | SMALL) & THREE) >> 58)
}

/// Where to look first for what begins with these bytes, in a table of up to 2^32 places.
fn slot(bits: u64) -> usize {
    (hash(bits) >> 32) as usize
}

/// Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): the highest bits say most.
fn hash(bits: u64) -> u64 {
    bits.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The parts of a literal that is longer than what is looked at, each from the start of a character on.
fn parts(literal: &[u8]) -> impl Iterator<Item = &[u8]> {
    let last = if literal.len() > LONGEST { literal.len() - TELLING + 1 } else { 0 };
    let starts = (0..last).filter(|at| literal[*at] & 0xc0 != 0x80);
    starts.map(|at| &literal[at..literal.len().min(at + LONGEST)])
}

/// The eight bytes from `at` on, the first lowest; nothing stands behind the end.
fn eight(text: &[u8], at: usize) -> u64 {
    match text[at..].first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => text[at..].iter().rev().fold(0, |bits, byte| bits << 8 | u64::from(*byte)),
    }
}

/// Small letters for capitals in all eight bytes, and more of ASCII made alike.
fn fold(bits: u64) -> u64 {
    bits | (!bits & 0x8080_8080_8080_8080) >> 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find(literals: &[&str], text: &str) -> Vec<(u32, usize)> {
        let literals = Literals::new((0..).zip(literals).map(|(owner, literal)| (owner, literal.as_bytes())));
        let mut all = Vec::new();
        literals.find(text.as_bytes(), 0..text.len(), |owner, at| all.push((owner, at)));
        all
    }

    #[test]
    fn literals_are_found_in_either_case() {
        assert_eq!(find(&["www.", "编辑", "<"], "见WwW.a，责任编辑<b"), [(0, 3), (1, 17), (2, 23)]);
        assert_eq!(find(&["ab", "abc"], "xabc"), [(0, 1), (1, 1)]);
        assert!(find(&["编辑"], "编").is_empty());
        assert_eq!(find(&["本书由春来网", "本书由秋去网"], "本书由秋去网提供"), [(1, 6)]);
    }

    proptest! {
        #[test]
        fn no_place_is_missed(text in "[abAB中文字，<.\n]{0,60}", literals in prop::collection::vec("[ab中文字，<.]{1,7}", 1..8)) {
            let literals: Vec<&str> = literals.iter().map(String::as_str).collect();
            let found = find(&literals, &text);
            let lower = text.to_ascii_lowercase();
            for (owner, literal) in (0..).zip(&literals) {
                for (at, _) in lower.match_indices(literal) {
                    let within = |(o, place): &(u32, usize)| *o == owner && (at..at + literal.len()).contains(place);
                    prop_assert!(found.iter().any(within), "{literal} at {at}");
                }
            }
            prop_assert!(found.is_sorted_by_key(|(_, at)| *at));
        }
    }
}
