//! How common each character is, and each pair of neighbours, by language: what tells a text from a wrong reading.
//!
//! Invariant: every figure comes from `model/model.bin`, which `tools/build_model.py` counts from the texts listed in
//! `model/SOURCES.md`. Costs are negative logarithms of probabilities in sixteenths of a nat.

use std::sync::LazyLock;

static DATA: &[u8] = include_bytes!("model/model.bin");

/// The model, unpacked when first needed.
pub(super) static MODEL: LazyLock<Model> = LazyLock::new(|| Model::unpack(DATA));

/// The costs of characters alone, which take no time to unpack.
static CHARACTERS: LazyLock<[&[u8]; EAST_ASIAN]> = LazyLock::new(|| {
    let mut data = Unpack { rest: DATA };
    data.alphabets();
    data.characters()
});

/// One nat in the unit of all costs.
pub(crate) const NAT: u32 = 16;

pub(super) struct Model {
    pub(super) alphabets: Vec<Alphabet>,
    /// The cost of each character of `BLOCKS`, in Simplified Chinese, Traditional Chinese, Japanese and Korean.
    characters: [&'static [u8]; EAST_ASIAN],
    /// The cost of a kana after another.
    kana: &'static [u8],
    pairs: Pairs,
    /// A bit for each character that comes second in a pair: most do not, and need not be looked up.
    second: Vec<u64>,
}

/// A language written with letters.
pub(super) struct Alphabet {
    pub(super) language: &'static str,
    letters: Vec<char>,
    /// The cost of one letter after another, a square table of `letters` and the two before them.
    pub(super) after: &'static [u8],
}

/// Simplified Chinese, Traditional Chinese, Japanese, Korean.
pub(super) const EAST_ASIAN: usize = 4;

/// The characters that the East Asian tables hold; `tools/build_model.py` has the same list.
const BLOCKS: [(u32, u32); 6] =
    [(0xa0, 0xff), (0x2000, 0x206f), (0x3000, 0x30ff), (0x4e00, 0x9fff), (0xac00, 0xd7a3), (0xff00, 0xffef)];

/// Rows and columns of the kana table.
const KANA: usize = 96;

impl Alphabet {
    /// Not a letter: the start or the end of a word.
    pub(super) const BREAK: u8 = 0;
    /// A letter that the language does not use.
    pub(super) const FOREIGN: u8 = 1;

    /// The row of a lower-case letter, where the language has it.
    pub(super) fn row(&self, letter: char) -> Option<u8> {
        self.letters.binary_search(&letter).ok().map(|at| at as u8 + 2)
    }

    pub(super) fn width(&self) -> usize {
        self.letters.len() + 2
    }
}

impl Model {
    fn unpack(data: &'static [u8]) -> Self {
        let mut data = Unpack { rest: data };
        let alphabets = data.alphabets();
        let characters = data.characters();
        let kana = data.take(KANA * KANA);
        let mut pairs = Pairs::with_room();
        let mut second = vec![0; characters[0].len().div_ceil(64)];
        for language in 0..EAST_ASIAN {
            let count = usize::from(u16::from_le_bytes([data.take(1)[0], data.take(1)[0]]));
            let (keys, costs) = (data.take(count * 4), data.take(count));
            for (key, cost) in keys.chunks_exact(4).zip(costs) {
                let key = u32::from_le_bytes([key[0], key[1], key[2], key[3]]);
                pairs.insert(key, language, *cost);
                second[(key & 0xffff) as usize / 64] |= 1 << (key % 64);
            }
        }
        Self { alphabets, characters, kana, pairs, second }
    }

    pub(super) fn alphabet(&self, language: &str) -> Option<&Alphabet> {
        self.alphabets.iter().find(|alphabet| alphabet.language == language)
    }

    /// The cost of the character at `index` in one East Asian language, whatever is before it.
    pub(super) fn alone(&self, index: u16, language: usize) -> u8 {
        self.characters[language][usize::from(index)]
    }

    /// The costs of the character at `index` in each East Asian language, after the one at `before`.
    pub(super) fn costs(&self, index: u16, before: Option<u16>) -> [u32; EAST_ASIAN] {
        let is_second = self.second[usize::from(index) / 64] >> (index % 64) & 1 == 1;
        let pair =
            before.filter(|_| is_second).and_then(|before| self.pairs.get(u32::from(before) << 16 | u32::from(index)));
        std::array::from_fn(|language| {
            let alone = u32::from(self.characters[language][usize::from(index)]);
            pair.map_or(alone, |pair| alone.min(u32::from(pair[language])))
        })
    }

    /// The cost of one kana after another.
    pub(super) fn kana_cost(&self, before: usize, kana: usize) -> u32 {
        self.kana[before * KANA + kana].into()
    }
}

/// How much likelier `after` is for standing behind `before`, in sixteenths of a nat, in whichever of Chinese and
/// Japanese writes the two together most; 0 for a pair that no table has.
pub(crate) fn bond(before: char, after: char) -> u32 {
    const KOREAN: usize = EAST_ASIAN - 1;
    let (Some(before), Some(after)) = (index(before), index(after)) else { return 0 };
    let costs = MODEL.costs(after, Some(before));
    (MODEL.characters[..KOREAN].iter().zip(costs))
        .map(|(alone, cost)| u32::from(alone[usize::from(after)]) - cost)
        .max()
        .unwrap_or(0)
}

/// The cost of a character in Chinese, simplified or traditional, whichever has it more often; `None` for one that the
/// tables do not hold.
pub(crate) fn chinese_cost(char: char) -> Option<u32> {
    let at = usize::from(index(char)?);
    CHARACTERS[..2].iter().map(|costs| costs[at].into()).min()
}

/// Where the East Asian tables have a character.
pub(super) fn index(char: char) -> Option<u16> {
    let code = u32::from(char);
    let mut start = 0;
    for (first, last) in BLOCKS {
        if code < first {
            return None;
        }
        if code <= last {
            return Some((start + code - first) as u16);
        }
        start += last - first + 1;
    }
    None
}

/// The row of a kana, hiragana, katakana and half-width alike; 0 for everything else.
pub(super) fn kana(char: char) -> usize {
    /// U+FF66 to U+FF9D as hiragana.
    const HALF_WIDTH: &[u8; 56] =
        b"\x52\x01\x03\x05\x07\x09\x43\x45\x47\x23\x58\x02\x04\x06\x08\x0a\x0b\x0d\x0f\x11\x13\x15\x17\x19\x1b\x1d\x1f\x21\x24\x26\x28\x2a\x2b\x2c\x2d\x2e\x2f\x32\x35\x38\x3b\x3e\x3f\x40\x41\x42\x44\x46\x48\x49\x4a\x4b\x4c\x4d\x4f\x53";
    match u32::from(char) {
        code @ 0x3041..=0x3098 => (code - 0x3040) as usize,
        code @ 0x30a1..=0x30f6 => (code - 0x30a0) as usize,
        0x30fc => 0x58,
        code @ 0xff66..=0xff9d => HALF_WIDTH[(code - 0xff66) as usize].into(),
        _ => 0,
    }
}

/// A table from pairs of characters to their costs, open to the next free place.
struct Pairs {
    places: Vec<(u32, [u8; EAST_ASIAN])>,
}

impl Pairs {
    /// Twice as many places as there are pairs, or nearly so.
    const PLACES: usize = 1 << 17;
    const FREE: u32 = u32::MAX;

    fn with_room() -> Self {
        Self { places: vec![(Self::FREE, [u8::MAX; EAST_ASIAN]); Self::PLACES] }
    }

    fn place(&self, key: u32) -> usize {
        // Fibonacci hashing: the golden ratio spreads neighbouring keys.
        let mut at = (key.wrapping_mul(0x9e37_79b1) >> 15) as usize;
        while self.places[at].0 != key && self.places[at].0 != Self::FREE {
            at = (at + 1) % Self::PLACES;
        }
        at
    }

    fn insert(&mut self, key: u32, language: usize, cost: u8) {
        let at = self.place(key);
        self.places[at].0 = key;
        self.places[at].1[language] = cost;
    }

    fn get(&self, key: u32) -> Option<&[u8; EAST_ASIAN]> {
        let (found, costs) = &self.places[self.place(key)];
        (*found == key).then_some(costs)
    }
}

/// Takes the packed model apart; its length is known to be right, as it is part of the program.
struct Unpack {
    rest: &'static [u8],
}

impl Unpack {
    fn take(&mut self, len: usize) -> &'static [u8] {
        let (taken, rest) = self.rest.split_at(len);
        self.rest = rest;
        taken
    }

    fn u8(&mut self) -> usize {
        self.take(1)[0].into()
    }

    /// What the model begins with.
    fn alphabets(&mut self) -> Vec<Alphabet> {
        assert_eq!(self.take(4), b"DSM1", "the model is damaged");
        let letter = |unit: &[u8]| char::from_u32(u16::from_le_bytes([unit[0], unit[1]]).into());
        let alphabets = (0..self.u8()).map(|_| {
            let len = self.u8();
            let language = std::str::from_utf8(self.take(len)).expect("a language tag is ASCII");
            let count = self.u8();
            let letters = self.take(count * 2).chunks_exact(2).filter_map(letter).collect();
            Alphabet { language, letters, after: self.take((count + 2) * (count + 2)) }
        });
        alphabets.collect()
    }

    /// What follows the alphabets.
    fn characters(&mut self) -> [&'static [u8]; EAST_ASIAN] {
        let size: u32 = BLOCKS.iter().map(|(first, last)| last - first + 1).sum();
        std::array::from_fn(|_| self.take(size as usize))
    }
}
