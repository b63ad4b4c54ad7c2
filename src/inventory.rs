//! Which characters a text may hold, so that a rule that looks for others need not look at all.
//!
//! Invariant: a character that the text holds is never denied. Told exactly are the characters
//! of the Basic Multilingual Plane outside U+4000 to U+9FFF, where most Hanzi are; those beyond
//! the plane are told as one.

use std::fmt;
use std::ops::RangeInclusive;

use crate::script::decode;

/// The characters of one text.
#[derive(Clone)]
pub struct Inventory {
    /// One bit for each code point below U+10000.
    plane: Box<[u64; 1024]>,
    beyond: bool,
}

impl Default for Inventory {
    fn default() -> Self {
        Self { plane: Box::new([0; 1024]), beyond: false }
    }
}

impl Inventory {
    /// Adds what `text` holds. Characters from U+4000 to U+9FFF, most of a Chinese text, are told by their first byte and
    /// not looked at.
    pub fn add(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(first) = bytes.get(at) {
            at += match first {
                0xe4..=0xe9 => 3,
                0..0x80 => {
                    self.plane[usize::from(first >> 6)] |= 1 << (first & 63);
                    1
                }
                _ => {
                    let c = decode(&bytes[at..]);
                    self.add_char(c);
                    c.len_utf8()
                }
            };
        }
    }

    /// Adds a character.
    pub fn add_char(&mut self, c: char) {
        let code = u32::from(c);
        match self.plane.get_mut((code >> 6) as usize) {
            Some(word) => *word |= 1 << (code & 63),
            None => self.beyond = true,
        }
    }

    /// Adds ASCII characters, one bit for each.
    pub fn add_ascii(&mut self, bits: [u64; 2]) {
        self.plane[0] |= bits[0];
        self.plane[1] |= bits[1];
    }

    /// True where the text may hold `c`.
    pub fn has(&self, c: char) -> bool {
        let code = u32::from(c);
        (0x4000..0xa000).contains(&code)
            || self.plane.get((code >> 6) as usize).map_or(self.beyond, |word| word >> (code & 63) & 1 == 1)
    }

    /// True where the text may hold one of `chars`.
    pub fn has_any(&self, chars: &[char]) -> bool {
        chars.iter().any(|c| self.has(*c))
    }

    /// True where the text may hold a character of the range, which lies below U+4000 or between
    /// U+A000 and U+FFFF.
    pub fn has_in(&self, range: RangeInclusive<char>) -> bool {
        let (from, to) = (u32::from(*range.start()), u32::from(*range.end()));
        (from >> 6..=to >> 6).any(|at| {
            let low = if at == from >> 6 { u64::MAX << (from & 63) } else { u64::MAX };
            let high = if at == to >> 6 { u64::MAX >> (63 - (to & 63)) } else { u64::MAX };
            self.plane[at as usize] & low & high != 0
        })
    }

    /// True where the text holds a character beyond U+FFFF.
    pub fn has_beyond(&self) -> bool {
        self.beyond
    }

    /// The characters below U+10000 that are told exactly and lie outside the Hangul syllables and
    /// the Yi and Hanzi blocks before them, in the order of their code points.
    pub fn marks(&self) -> impl Iterator<Item = char> + '_ {
        let blocks = (0u32..0x4000 >> 6).chain(0xd7c0 >> 6..0x400);
        blocks.map(|at| (at, self.plane[at as usize])).filter(|(_, word)| *word != 0).flat_map(|(at, word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).filter_map(move |bit| char::from_u32(at << 6 | bit))
        })
    }
}

impl fmt::Debug for Inventory {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Inventory").field("beyond", &self.beyond).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Inventory {
        let mut all = Inventory::default();
        all.add(text);
        all
    }

    #[test]
    fn what_is_there_is_told() {
        let all = of("a中\u{200b}é😀한");
        assert_eq!(all.marks().collect::<String>(), "aé\u{200b}");
        assert!(all.has('中') && all.has('한') && !all.has('글') && all.has_beyond());
        assert!(all.has_in('\u{200b}'..='\u{200f}') && !all.has_in('0'..='9') && all.has_in('a'..='\u{3000}'));
        assert!(!of("").has_any(&['\0', 'a', '😀']));
    }

    #[test]
    fn what_is_added_is_told() {
        let mut all = of("中");
        all.add("ａ😀");
        assert!(all.has('ａ') && all.has_beyond());
    }
}
