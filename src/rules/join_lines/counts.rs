//! Counts over the whole text that tell which letters stand side by side in it.
//!
//! Invariant: one pass over the text, however many places are asked about.

use std::collections::HashMap;

use crate::script::is_cjk;

/// How often each pair of letters asked about stands side by side, and each letter of them at all.
#[derive(Default)]
pub(super) struct Pairs {
    pairs: HashMap<(char, char), u32>,
    first: HashMap<char, u32>,
    second: HashMap<char, u32>,
    letters: u32,
    asked: Asked,
}

/// One bit for each letter asked about, so that all others cost no look into a map.
struct Asked(Box<[u64; 1024]>);

impl Default for Asked {
    fn default() -> Self {
        Self(Box::new([0; 1024]))
    }
}

impl Asked {
    fn add(&mut self, c: char) {
        if let Some(word) = self.0.get_mut((u32::from(c) >> 6) as usize) {
            *word |= 1 << (u32::from(c) & 63);
        }
    }

    /// True for a letter asked about, and for every letter beyond U+FFFF.
    fn has(&self, c: char) -> bool {
        self.0.get((u32::from(c) >> 6) as usize).is_none_or(|word| word >> (u32::from(c) & 63) & 1 == 1)
    }
}

impl Pairs {
    /// Counts the pairs asked about. The cuts themselves do not count: a line end stands there.
    pub fn count(text: &str, asked: impl Iterator<Item = (char, char)>) -> Self {
        let mut counts = Self::default();
        for (a, b) in asked {
            counts.pairs.insert((a, b), 0);
            counts.first.insert(a, 0);
            counts.second.insert(b, 0);
            counts.asked.add(a);
            counts.asked.add(b);
        }
        if counts.pairs.is_empty() {
            return counts;
        }
        let mut last = '\n';
        for c in text.chars() {
            if is_cjk(c) {
                counts.letters += 1;
                if !counts.asked.has(c) {
                    last = c;
                    continue;
                }
                if let Some(count) = counts.second.get_mut(&c) {
                    *count += 1;
                    if let Some(pair) = counts.pairs.get_mut(&(last, c)) {
                        *pair += 1;
                    }
                }
                if let Some(count) = counts.first.get_mut(&c) {
                    *count += 1;
                }
            }
            last = c;
        }
        counts
    }

    /// True where the two stand side by side more often than chance would have it: at least once,
    /// and at least five times as often as their own counts would make them.
    pub fn belong(&self, a: char, b: char) -> bool {
        let (Some(&both), Some(&first), Some(&second)) =
            (self.pairs.get(&(a, b)), self.first.get(&a), self.second.get(&b))
        else {
            return false;
        };
        let chance = f64::from(first) * f64::from(second) / f64::from(self.letters.max(1));
        both > 0 && f64::from(both) >= chance * 5.0
    }
}
