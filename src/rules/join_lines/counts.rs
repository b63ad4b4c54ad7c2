//! Counts over the whole text that tell which letters stand side by side in it.
//!
//! Invariant: one pass over the text, however many places are asked about.

use std::collections::HashMap;

use crate::script::is_cjk;

/// How often each pair of letters asked about stands side by side, and each letter of them at all.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pairs: HashMap<(char, char), u32>,
    first: HashMap<char, u32>,
    second: HashMap<char, u32>,
    letters: u32,
}

impl Pairs {
    /// Counts the pairs asked about. The cuts themselves do not count: a line end stands there.
    pub fn count(text: &str, asked: impl Iterator<Item = (char, char)>) -> Self {
        let mut counts = Self::default();
        for (a, b) in asked {
            counts.pairs.insert((a, b), 0);
            counts.first.insert(a, 0);
            counts.second.insert(b, 0);
        }
        let mut last = '\n';
        for c in text.chars() {
            if is_cjk(c) {
                counts.letters += 1;
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
