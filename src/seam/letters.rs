//! A set of letters that knows which of them comes first, second and so on.
//!
//! Invariant: numbers go from 0 to one below the count of the letters, so that they can stand for places in a list.

/// The letters asked about, numbered; those beyond U+FFFF are not counted.
#[derive(Debug)]
pub(super) struct Letters {
    bits: Box<[u64; 1024]>,
    /// How many have bits before each word.
    before: Box<[u16; 1024]>,
}

impl Default for Letters {
    fn default() -> Self {
        Self { bits: Box::new([0; 1024]), before: Box::new([0; 1024]) }
    }
}

impl Letters {
    /// Numbers letters in the order of their code points.
    pub(super) fn of(letters: impl Iterator<Item = char>) -> Self {
        let mut all = Self::default();
        for c in letters {
            if let Some(word) = all.bits.get_mut((u32::from(c) >> 6) as usize) {
                *word |= 1 << (u32::from(c) & 63);
            }
        }
        let mut count = 0;
        for (word, before) in all.bits.iter().zip(all.before.iter_mut()) {
            *before = count;
            count += word.count_ones() as u16;
        }
        all
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        usize::from(self.before[1023]) + self.bits[1023].count_ones() as usize
    }

    /// True for a letter that is asked about.
    pub(super) fn has(&self, c: char) -> bool {
        self.bits.get((u32::from(c) >> 6) as usize).is_some_and(|word| word >> (u32::from(c) & 63) & 1 == 1)
    }

    /// The number of a letter, if it is asked about.
    pub(super) fn number(&self, c: char) -> Option<usize> {
        let (at, bit) = ((u32::from(c) >> 6) as usize, u32::from(c) & 63);
        let word = self.bits.get(at)?;
        let lower = word & ((1 << bit) - 1);
        (word >> bit & 1 == 1).then(|| usize::from(self.before[at]) + lower.count_ones() as usize)
    }
}
