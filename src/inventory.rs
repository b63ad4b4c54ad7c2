//! Which characters a text holds, so that a rule that looks for others need not look at all.
//!
//! Invariant: every character of the Basic Multilingual Plane is told exactly; those beyond it
//! are told as one.

use std::fmt;
use std::ops::RangeInclusive;

/// The set of characters of one text.
#[derive(Clone)]
pub struct Inventory {
    /// One bit for each code point below U+10000.
    plane: Box<[u64; 1024]>,
    beyond: bool,
}

impl Inventory {
    /// Takes stock of `text` in one pass.
    pub fn of(text: &str) -> Self {
        let mut all = Self { plane: Box::new([0; 1024]), beyond: false };
        for c in text.chars() {
            let code = u32::from(c);
            match all.plane.get_mut((code >> 6) as usize) {
                Some(word) => *word |= 1 << (code & 63),
                None => all.beyond = true,
            }
        }
        all
    }

    /// True where the text holds `c`; for a character beyond U+FFFF, where it holds any such.
    pub fn has(&self, c: char) -> bool {
        let code = u32::from(c);
        self.plane.get((code >> 6) as usize).map_or(self.beyond, |word| word >> (code & 63) & 1 == 1)
    }

    /// True where the text holds one of `chars`.
    pub fn has_any(&self, chars: &[char]) -> bool {
        chars.iter().any(|c| self.has(*c))
    }

    /// True where the text holds a character of the range.
    pub fn has_in(&self, mut range: RangeInclusive<char>) -> bool {
        range.any(|c| self.has(c))
    }

    /// True where the text holds a character beyond U+FFFF.
    pub fn has_beyond(&self) -> bool {
        self.beyond
    }

    /// The characters of the text below U+10000, in the order of their code points.
    pub fn chars(&self) -> impl Iterator<Item = char> + '_ {
        (0u32..).zip(self.plane.iter()).filter(|(_, word)| **word != 0).flat_map(|(at, word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).filter_map(move |bit| char::from_u32(at << 6 | bit))
        })
    }
}

impl fmt::Debug for Inventory {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Inventory").field("chars", &self.chars().count()).field("beyond", &self.beyond).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_told() {
        let all = Inventory::of("a中\u{200b}😀");
        assert_eq!(all.chars().collect::<String>(), "a\u{200b}中");
        assert!(all.has('中') && !all.has('国') && all.has_beyond());
        assert!(all.has_in('\u{200b}'..='\u{200f}') && !all.has_in('0'..='9'));
        assert!(!Inventory::of("").has_any(&['\0', 'a', '😀']));
    }
}
