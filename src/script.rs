//! Which writing a stretch of text is in, and the character classes that rules decide by.
//!
//! Invariant: every class is a fixed set of code points; nothing here depends on the text around.

use std::ops::AddAssign;

use crate::traits::Table;

/// The writing that a stretch of text is mostly in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Script {
    /// Hanzi without kana or hangul: Chinese, simplified or traditional.
    Han,
    /// Japanese: kana, mostly among Hanzi.
    Kana,
    /// Korean.
    Hangul,
    /// Latin, Cyrillic and every other writing with spaces between words.
    Other,
}

impl Script {
    /// The writing of `text`, by counting its letters.
    pub fn of(text: &str) -> Self {
        Tally::of(text).script()
    }

    /// True for a writing that puts no spaces between words.
    pub fn is_unspaced(self) -> bool {
        matches!(self, Script::Han | Script::Kana)
    }
}

/// What a character is a letter of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// It is no letter.
    None,
    /// Hanzi.
    Han,
    /// Hiragana and katakana.
    Kana,
    /// Hangul.
    Hangul,
    /// All writings with spaces between words.
    Other,
}

impl Writing {
    /// All there are, in order.
    pub const ALL: [Self; 5] = [Self::None, Self::Han, Self::Kana, Self::Hangul, Self::Other];

    /// The writing of a character.
    pub fn of(c: char) -> Self {
        match c {
            '\0'..='\u{7f}' if c.is_ascii_alphabetic() => Self::Other,
            '\0'..='\u{7f}' => Self::None,
            '\u{3001}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{ff01}'..='\u{ff20}' | '\u{2010}'..='\u{206f}' => {
                Self::None
            }
            _ if is_han(c) => Self::Han,
            _ if is_kana(c) => Self::Kana,
            _ if is_hangul(c) => Self::Hangul,
            _ if c.is_alphabetic() => Self::Other,
            _ => Self::None,
        }
    }
}

/// How many letters of each writing a text has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally([u32; Writing::ALL.len()]);

impl Tally {
    /// Counts the letters of `text`. Most of a Chinese text is told by its first byte and not looked at.
    pub fn of(text: &str) -> Self {
        let (mut tally, table) = (Self::default(), Table::get());
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(first) = bytes.get(at) {
            match first {
                0xe4..=0xe9 => {
                    tally.add(Writing::Han, 1);
                    at += 3;
                }
                0..0x80 => {
                    tally.add(Writing::Other, u32::from(first.is_ascii_alphabetic()));
                    at += 1;
                }
                _ => {
                    let c = decode(&bytes[at..]);
                    tally.add(table.of(c).writing(), 1);
                    at += c.len_utf8();
                }
            }
        }
        tally
    }

    /// Counts so many letters of a writing.
    pub fn add(&mut self, writing: Writing, letters: u32) {
        self.0[writing as usize] += letters;
    }

    /// How many letters of a writing there are.
    pub fn of_writing(&self, writing: Writing) -> u32 {
        self.0[writing as usize]
    }

    /// The writing that the letters are mostly of.
    ///
    /// Japanese prose holds 30 to 60 % kana and Chinese prose none, so a tenth is a safe border; a
    /// Hanzi says as much as two to four Latin letters, so one against three counts as Chinese.
    pub fn script(&self) -> Script {
        let [_, han, kana, hangul, other] = self.0.map(u64::from);
        if hangul > han && hangul * 4 > other {
            Script::Hangul
        } else if kana * 10 > han + kana && (kana + han) * 3 > other && kana > 0 {
            Script::Kana
        } else if han * 3 > other && han > 0 {
            Script::Han
        } else {
            Script::Other
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Self) {
        self.0.iter_mut().zip(more.0).for_each(|(count, more)| *count += more);
    }
}

/// The first character of valid UTF-8 that does not begin with ASCII.
#[inline]
pub(crate) fn decode(bytes: &[u8]) -> char {
    if let Some([first @ 0xe0..0xf0, second, third]) = bytes.first_chunk().copied() {
        let code = u32::from(first & 0xf) << 12 | u32::from(second & 0x3f) << 6 | u32::from(third & 0x3f);
        return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    let bits = |at: usize| u32::from(bytes.get(at).map_or(0, |byte| byte & 0x3f));
    let first = u32::from(bytes[0]);
    let code = match first {
        0..0xe0 => (first & 0x1f) << 6 | bits(1),
        _ => (first & 7) << 18 | bits(1) << 12 | bits(2) << 6 | bits(3),
    };
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The ASCII form of a full-width character, U+FF01 to U+FF5E (Unicode, Halfwidth and Fullwidth Forms).
pub fn ascii_form(c: char) -> Option<char> {
    ('\u{ff01}'..='\u{ff5e}').contains(&c).then(|| char::from_u32(u32::from(c) - 0xfee0)).flatten()
}

/// A Hanzi: the CJK Unified and Compatibility Ideograph blocks of Unicode, and 〇 and 々.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{3005}' | '\u{3007}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Hiragana and katakana, half-width ones included.
pub fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}') && c != '\u{30fb}'
}

/// Hangul syllables and jamo.
pub fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}')
}

/// A letter of a writing that puts no spaces between words.
pub fn is_cjk(c: char) -> bool {
    is_han(c) || is_kana(c)
}

/// A mark that closes what another has opened, as wide as a Hanzi or a curly quote.
pub fn is_closing(c: char) -> bool {
    matches!(c, '”' | '’' | '）' | '》' | '〉' | '」' | '』' | '】' | '〕' | '〗' | '］' | '｝')
}

/// A mark that opens what another closes, as wide as a Hanzi or a curly quote.
pub fn is_opening(c: char) -> bool {
    matches!(c, '“' | '‘' | '（' | '《' | '〈' | '「' | '『' | '【' | '〔' | '〖' | '［' | '｛')
}

/// A mark as wide as a Hanzi that ends a sentence, a clause or an item.
pub fn is_stop(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '：' | '！' | '？' | '、')
}

/// A letter of a writing that runs from right to left.
pub fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
        && c.is_alphabetic()
}

/// White space inside a line: blanks of any width, tabs, no-break spaces.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}')
}

/// The byte offset of the first blank. Most of a Chinese text is told by its first byte and not looked at.
pub fn find_blank(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(first) = bytes.get(at) {
        at += match first {
            0xe4..=0xe9 => 3,
            b'!'..=b'~' => 1,
            _ => {
                let c = if first.is_ascii() { char::from(*first) } else { decode(&bytes[at..]) };
                if is_blank(c) {
                    return Some(at);
                }
                c.len_utf8()
            }
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_told_apart() {
        for (text, script) in [
            ("他说你好", Script::Han),
            ("這是繁體中文。", Script::Han),
            ("他用 Rust 写了一个 regex 引擎。", Script::Han),
            ("これは日本語の文章です。", Script::Kana),
            ("한국어 문장입니다.", Script::Hangul),
            ("An English sentence.", Script::Other),
            ("Он сказал да.", Script::Other),
            ("", Script::Other),
            ("123", Script::Other),
        ] {
            assert_eq!(Script::of(text), script, "{text}");
        }
    }
}
