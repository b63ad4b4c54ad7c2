//! Finds many short literals in one pass.
//!
//! Invariant: in every place of a literal, ASCII letters in either case, some byte of it is told; a place without one may
//! be told, since the one who asks looks again.
//!
//! An automaton takes a step for each byte, and its table does not fit the cache. Here a character takes a look at two
//! bits, one told by its first three bytes and one by six, and only where one of them is set at the literals that begin
//! so.

use std::collections::HashMap;
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

/// Literals that begin with the same three bytes.
#[derive(Debug, Clone, Default)]
struct Head {
    three: u32,
    /// By the hash of the next three bytes, whether there is one.
    next: u64,
    literals: Vec<Literal>,
}

/// Literals, each with an owner.
#[derive(Debug, Clone)]
pub struct Literals {
    /// By the hash of their first three bytes, whether there are literals of three to five bytes.
    one: Bits,
    /// By the hash of their first six bytes, whether there are literals of six bytes and more.
    two: Bits,
    /// Literals of three bytes and more, those that begin alike in one place.
    long: Vec<Head>,
    /// The place in `long` by the hash of the first three bytes, or of the next that is free.
    slots: Vec<u32>,
    /// Literals of one or two bytes, by the first.
    short: Vec<Vec<Literal>>,
    has_short: [bool; 256],
}

impl Literals {
    /// Takes literals, none of them empty.
    pub fn new<'l>(literals: impl IntoIterator<Item = (u32, &'l [u8])>) -> Self {
        let mut long: HashMap<u32, Vec<Literal>> = HashMap::new();
        let (mut short, mut has_short) = (vec![Vec::new(); 256], [false; 256]);
        let literals: Vec<(u32, &[u8])> = literals.into_iter().collect();
        let mut shared: HashMap<&[u8], u32> = HashMap::new();
        for part in literals.iter().flat_map(|(_, literal)| parts(literal)) {
            *shared.entry(&part[..TELLING]).or_default() += 1;
        }
        for (owner, literal) in literals {
            let rarest = parts(literal).min_by_key(|part| shared[&part[..TELLING]]);
            let literal = rarest.unwrap_or(literal);
            let mask = u64::MAX >> (64 - 8 * literal.len());
            let bits = fold(eight(literal, 0)) & mask;
            let literal = Literal { bits, mask, owner };
            if mask < 0xff_ffff {
                let first = (bits & 0xff) as usize;
                has_short[first] = true;
                short[first].push(literal);
            } else {
                long.entry(three(bits)).or_default().push(literal);
            }
        }
        let heads = long.into_iter().map(|(three, literals)| {
            let next = literals.iter().fold(0, |next, literal| match literal.mask >> 40 {
                0 => u64::MAX,
                _ => next | bit(self::three(literal.bits >> 24)),
            });
            Head { three, next, literals }
        });
        let long: Vec<Head> = heads.collect();
        let (longer, shorter): (Vec<&Literal>, Vec<&Literal>) =
            long.iter().flat_map(|head| &head.literals).partition(|literal| literal.mask >= SIX);
        let one = Bits::of(shorter.iter().map(|literal| literal.bits & THREE));
        let two = Bits::of(longer.iter().map(|literal| literal.bits & SIX));
        let mut slots = vec![u32::MAX; (long.len() * 4).next_power_of_two()];

        for (number, head) in (0..).zip(&long) {
            let mut slot = hash(head.three) as usize & (slots.len() - 1);
            while slots[slot] != u32::MAX {
                slot = (slot + 1) & (slots.len() - 1);
            }
            slots[slot] = number;
        }
        Self { one, two, long, slots, short, has_short }
    }

    /// The literals that begin with these three bytes.
    fn head(&self, three: u32) -> Option<&Head> {
        let mut slot = hash(three) as usize & (self.slots.len() - 1);
        loop {
            let head = self.long.get(self.slots[slot] as usize)?;
            if head.three == three {
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
        let mut at = window.start;
        while at < window.end {
            let bits = fold(eight(text, at));
            let first = (bits & 0xff) as usize;
            if self.has_short[first] {
                self.short[first].iter().filter(|l| bits & l.mask == l.bits).for_each(|l| found(l.owner, at));
            }
            if self.one.has(bits & THREE) | self.two.has(bits & SIX) {
                let head = self.head(three(bits)).filter(|head| head.next & bit(three(bits >> 24)) != 0);
                let literals = head.map_or(&[][..], |head| &head.literals);
                literals.iter().filter(|l| bits & l.mask == l.bits).for_each(|l| found(l.owner, at));
            }
            at += length(text[at]);
        }
    }
}

/// The first three of eight bytes.
const THREE: u64 = 0xff_ffff;

/// The first six of eight bytes.
const SIX: u64 = 0xffff_ffff_ffff;

/// A set of numbers that may take one for another and never misses one.
#[derive(Debug, Clone)]
struct Bits {
    words: Vec<u64>,
    shift: u32,
}

impl Bits {
    /// Takes numbers; at most one bit in 32 is set, so that few look further for nothing.
    fn of(numbers: impl ExactSizeIterator<Item = u64>) -> Self {
        let words = (numbers.len() / 2).next_power_of_two().max(16);
        let mut bits = Self { words: vec![0; words], shift: 64 - words.ilog2() };
        for number in numbers {
            let (word, bit) = bits.place(number);
            bits.words[word] |= bit;
        }
        bits
    }

    fn has(&self, number: u64) -> bool {
        let (word, bit) = self.place(number);
        self.words[word] & bit != 0
    }

    /// Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): the highest bits say most.
    fn place(&self, number: u64) -> (usize, u64) {
        let hash = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((hash >> self.shift) as usize, 1 << (hash >> (self.shift - 6) & 63))
    }
}

/// The length of the character that begins with this byte; 1 inside of one.
fn length(first: u8) -> usize {
    (0x4322_1111_1111_1111_u64 >> (first >> 4 << 2) & 0xf) as usize
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

fn three(bits: u64) -> u32 {
    (bits & 0xff_ffff) as u32
}

/// Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4); the lowest bits of what is left say most.
fn hash(three: u32) -> u32 {
    three.wrapping_mul(0x9e37_79b1) >> 7
}

/// One of 64 bits.
fn bit(three: u32) -> u64 {
    1 << (three.wrapping_mul(0x9e37_79b1) >> 26)
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
