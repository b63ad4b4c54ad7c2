//! How unlikely a decoded text is, whatever it is written in.
//!
//! Invariant: a cost depends on the text alone, never on the encoding it was read from, so that readings compare.

use super::encoding::Encoding;
use super::model::{self, EAST_ASIAN, MODEL, NAT};

/// The languages that a multi-byte encoding is used for, as a set.
#[derive(Clone, Copy)]
pub(super) struct Languages(u8);

impl Languages {
    const CHINESE: Self = Self(0b0011);
    const JAPANESE: Self = Self(0b0100);
    const KOREAN: Self = Self(0b1000);
    const ALL: Self = Self(0b1111);

    /// Those that an encoding is used for.
    pub(super) fn of(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Gb18030 | Encoding::Big5 | Encoding::Hz => Self::CHINESE,
            Encoding::ShiftJis | Encoding::EucJp | Encoding::Iso2022Jp => Self::JAPANESE,
            Encoding::EucKr | Encoding::Iso2022Kr => Self::KOREAN,
            _ => Self::ALL,
        }
    }

    /// The least of the costs that count.
    fn least(self, costs: [u32; EAST_ASIAN]) -> u32 {
        let own = (0..EAST_ASIAN).filter(|language| self.0 >> language & 1 == 1);
        own.map(|language| costs[language]).min().unwrap_or(0)
    }
}

/// ASCII costs the same in every reading.
pub(super) const ASCII: u32 = 3 * NAT;
/// A character that stands for bytes which mean nothing. A run of them is one accident, mostly.
pub(super) const BAD: u32 = 13 * NAT;
const BAD_AGAIN: u32 = 6 * NAT;
/// A control character, as good as never written.
pub(super) const CONTROL: u32 = 13 * NAT;
/// A character without meaning in any standard.
const PRIVATE: u32 = 16 * NAT;
/// A letter of some alphabet after one of the same, or elsewhere.
const LETTER: u32 = 9 * NAT / 2;
const FIRST_LETTER: u32 = 9 * NAT;
/// A sign such as an arrow, and the same sign once more (rulers are made so).
const SIGN: u32 = 17 * NAT / 2;
const SAME_SIGN: u32 = 2 * NAT;
/// A sign that texts of every language have.
const COMMON_SIGN: u32 = 6 * NAT;
/// A character that few texts hold, of a block that some do.
pub(super) const RARE: u32 = 14 * NAT;

/// The cost of a text in the likeliest of the languages.
pub(super) fn cost(text: &str, languages: Languages) -> u32 {
    cost_within(text, languages, u32::MAX)
}

/// The same; where it passes `limit`, it need not be exact.
pub(super) fn cost_within(text: &str, languages: Languages, limit: u32) -> u32 {
    /// Characters between two looks at the limit.
    const STRIDE: usize = 16;
    let mut sums = [0; EAST_ASIAN];
    let mut same = 0;
    let mut before = '\n';
    let mut before_index = None;
    let mut alone_in_word = false;
    for (nth, char) in text.chars().enumerate() {
        if nth % STRIDE == 0 && same + languages.least(sums) > limit {
            break;
        }
        if char.is_ascii() {
            same += if is_control(char) { CONTROL } else { ASCII };
            // One character within an English word is more likely the accented letter of another reading.
            if alone_in_word && is_word(char) {
                same += 5 * NAT;
            }
            alone_in_word = false;
            (before, before_index) = (char, None);
            continue;
        }
        let index = model::index(char);
        alone_in_word = index.is_some() && is_word(before);
        match index {
            Some(index) if char >= '\u{2000}' || !char.is_alphabetic() => {
                if is_word(before) {
                    same += 2 * NAT;
                }
                let costs = table_costs(before, before_index, char, index);
                for (sum, cost) in sums.iter_mut().zip(costs) {
                    *sum += cost;
                }
            }
            _ => same += other_cost(char, before),
        }
        (before, before_index) = (char, index);
    }
    same + languages.least(sums)
}

/// The cost of one character after another, in the likeliest of the languages.
pub(super) fn char_cost(before: char, char: char, languages: Languages) -> u32 {
    if char.is_ascii() {
        return if is_control(char) { CONTROL } else { ASCII };
    }
    match model::index(char) {
        Some(index) => languages.least(table_costs(before, model::index(before), char, index)),
        None => other_cost(char, before),
    }
}

/// The costs of a character that the East Asian tables hold.
fn table_costs(before: char, before_index: Option<u16>, char: char, index: u16) -> [u32; EAST_ASIAN] {
    let mut costs = MODEL.costs(index, before_index);
    if let Some(kana) = kana_cost(before, char) {
        costs[JAPANESE] = costs[JAPANESE].min(kana);
    }
    let most = match char {
        // Dashes and dots come in pairs.
        _ if char == before && !char.is_alphanumeric() => SAME_SIGN,
        '０'..='ｚ' if matches!(before, '０'..='ｚ') => LETTER,
        _ if is_common_sign(char) => COMMON_SIGN,
        _ => return costs,
    };
    costs.map(|cost| cost.min(most))
}

/// The place of Japanese among the East Asian languages.
const JAPANESE: usize = 2;

/// The cost of a kana by the one before it: half-width kana are too rare to be counted as they are.
fn kana_cost(before: char, char: char) -> Option<u32> {
    /// Kana are followed by kana about this often (counted as the model was), so the pair costs a little more.
    const STAYS: u32 = NAT / 2;
    match char {
        // The voice marks of half-width kana stand after the consonants that have a voice.
        'ﾞ' | 'ﾟ' => Some(if matches!(before, 'ｶ'..='ﾄ' | 'ﾊ'..='ﾎ' | 'ｳ') { 2 * NAT } else { CONTROL }),
        _ => {
            let before = if matches!(before, 'ﾞ' | 'ﾟ') { 'ｶ' } else { before };
            let (first, second) = (model::kana(before), model::kana(char));
            // Half-width and full-width kana do not stand in one word.
            let mixed = first > 0 && (before < '\u{ff00}') != (char < '\u{ff00}');
            (second > 0 && !mixed).then(|| MODEL.kana_cost(first, second) + if first > 0 { STAYS } else { 2 * NAT })
        }
    }
}

fn is_common_sign(char: char) -> bool {
    matches!(
        char,
        '\u{a0}'
            | '£'
            | '§'
            | '©'
            | '«'
            | '®'
            | '°'
            | '±'
            | '²'
            | '·'
            | '»'
            | '½'
            | '–'
            | '—'
            | '‘'
            | '’'
            | '“'
            | '”'
            | '…'
    )
}

/// A letter of an English word.
fn is_word(char: char) -> bool {
    char.is_ascii_alphabetic()
}

pub(super) fn is_control(char: char) -> bool {
    matches!(char, '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1a}' | '\u{1c}'..='\u{1f}' | '\u{7f}')
}

/// The cost of a character that the East Asian tables do not hold, by its block.
fn other_cost(char: char, before: char) -> u32 {
    match char {
        '\u{fffd}' => {
            if before == char {
                BAD_AGAIN
            } else {
                BAD
            }
        }
        '\u{80}'..='\u{9f}' => CONTROL,
        '\u{2100}'..='\u{2bff}' | '\u{3200}'..='\u{33ff}' | '\u{fe30}'..='\u{fe6f}' | '\u{1f300}'..='\u{1faff}' => {
            if char == before {
                SAME_SIGN
            } else {
                SIGN
            }
        }
        '\u{3105}'..='\u{312f}' | '\u{3131}'..='\u{318e}' => {
            if before.is_ascii() {
                FIRST_LETTER
            } else {
                LETTER * 3 / 2
            }
        }
        '\u{fe00}'..='\u{fe0f}' => LETTER,
        '\u{feff}' => FIRST_LETTER,
        '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'.. => PRIVATE,
        '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => RARE,
        _ => match script(char) {
            Some(script) if Some(script) == self::script(before) => {
                if script >= UNCOUNTED {
                    LETTER * 3 / 2
                } else {
                    LETTER
                }
            }
            // A word of Latin letters may start with one that has an accent.
            Some(LATIN) if !before.is_alphabetic() => LETTER + 2 * NAT,
            Some(_) if !before.is_alphabetic() => LETTER + 2 * NAT,
            Some(_) => FIRST_LETTER + 2 * NAT,
            None => RARE,
        },
    }
}

const LATIN: u8 = 1;
/// Scripts from this number on are in no one-byte encoding, and rare enough to be read out of something else.
const UNCOUNTED: u8 = 7;

/// A number for the alphabet of a letter, where it has one.
fn script(char: char) -> Option<u8> {
    match char {
        'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{300}'..='\u{323}' | '\u{1e00}'..='\u{1eff}' => Some(LATIN),
        '\u{370}'..='\u{3ff}' => Some(2),
        '\u{400}'..='\u{52f}' => Some(3),
        '\u{590}'..='\u{5ff}' => Some(4),
        '\u{600}'..='\u{6ff}' => Some(5),
        '\u{e00}'..='\u{e7f}' => Some(6),
        '\u{900}'..='\u{dff}' => Some(UNCOUNTED),
        '\u{530}'..='\u{58f}' | '\u{10a0}'..='\u{10ff}' => Some(UNCOUNTED + 1),
        '\u{e80}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => Some(UNCOUNTED + 2),
        _ => None,
    }
}
