//! A folded shadow of a text: what is left of it when disguises are taken off.
//!
//! Invariant: the shadow holds letters, digits and Hanzi, lower case and half width, and line ends,
//! one for each such character of the text and in the same order; every byte range of the shadow
//! leads back to the byte range of the text it was made of.

use std::ops::Range;

use crate::script::ascii_form;

/// A shadow and the way back to its text.
#[derive(Debug)]
pub struct Shadow {
    text: String,
    /// For every character of the shadow: where it begins in the shadow and in the text.
    map: Vec<(u32, u32)>,
}

impl Shadow {
    /// Folds a text.
    pub fn new(text: &str) -> Self {
        let mut shadow = Self { text: String::with_capacity(text.len()), map: Vec::with_capacity(text.len() / 2) };
        for (at, c) in text.char_indices() {
            if let Some(folded) = if c == '\n' { Some(c) } else { fold(c) } {
                shadow.map.push((shadow.text.len() as u32, at as u32));
                shadow.text.push(folded);
            }
        }
        shadow
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The byte range of `text`, which the shadow was made of, that a non-empty byte range of the
    /// shadow stands for: from its first character to its last, with all that lies between.
    pub fn to_text(&self, text: &str, range: Range<usize>) -> Range<usize> {
        let first = self.map.partition_point(|(shadow, _)| (*shadow as usize) < range.start);
        let last = self.map.partition_point(|(shadow, _)| (*shadow as usize) < range.end) - 1;
        let (start, end) = (self.map[first].1 as usize, self.map[last].1 as usize);
        start..end + text[end..].chars().next().map_or(0, char::len_utf8)
    }
}

/// The plain form of a letter, digit or Hanzi; nothing for every other character.
///
/// Full-width forms are told by their ASCII form, and the letters that advertisers put for Latin ones that they look like
/// by these.
pub fn fold(c: char) -> Option<char> {
    Some(match c {
        'a'..='z' | '0'..='9' => c,
        'A'..='Z' => c.to_ascii_lowercase(),
        '\0'..='\u{7f}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{2010}'..='\u{2069}' => return None,
        // Kana, Hanzi, hangul: nearly all of most texts, so asked for first.
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => c,
        '\u{ff01}'..='\u{ff5e}' => return fold(ascii_form(c)?),
        'ш' | 'Ш' | 'щ' | 'ω' => 'w',
        'а' | 'А' | 'α' => 'a',
        'е' | 'Е' | 'ё' => 'e',
        'о' | 'О' | 'ο' => 'o',
        'с' | 'С' => 'c',
        'х' | 'Х' | 'χ' => 'x',
        'т' | 'Т' | 'τ' => 't',
        'м' | 'М' => 'm',
        'ⅰ' | 'Ⅰ' => 'i',
        'ⅴ' | 'Ⅴ' => 'v',
        'ⅹ' | 'Ⅹ' => 'x',
        'ⅿ' | 'Ⅿ' => 'm',
        'ⅽ' | 'Ⅽ' => 'c',
        '①'..='⑨' => char::from_u32(c as u32 - '①' as u32 + '1' as u32)?,
        _ if c.is_alphanumeric() => c,
        _ => return None,
    })
}

/// True where `piece` shows that somebody took pains to hide what it says: full-width or
/// look-alike letters, signs or blanks between letters, a scrambled `wWw` or `cOm`.
pub fn is_disguised(piece: &str) -> bool {
    if !piece.is_ascii() {
        let mut before = None;
        let mut chars = piece.chars().peekable();
        while let Some(c) = chars.next() {
            let plain = |c: Option<char>| c.and_then(fold).is_some_and(|c| c.is_ascii());
            let parted = is_stop(c) && plain(before) && plain(chars.peek().copied());
            let strange = is_strange(c) || (c == '‘' && is_quoted_alone(chars.clone()));
            if parted || strange || (!c.is_ascii() && plain(Some(c))) {
                return true;
            }
            before = Some(c);
        }
    }
    let letters = |c: char| !c.is_ascii_alphabetic();
    piece.split(letters).any(is_scrambled) || is_spelt_out(piece) || piece.contains(['*', '^', '☆'])
}

/// True for a character that makes a piece disguised, or may.
pub(crate) fn is_suspect(c: char) -> bool {
    c == '‘' || is_strange(c) || !c.is_ascii() && fold(c).is_some_and(|c| c.is_ascii())
}

/// True where the character of `line` from `from` to `to` is the stop of a sentence and parts two ASCII letters or digits,
/// as the dot of an address does.
pub(crate) fn is_dot(line: &str, from: usize, to: usize) -> bool {
    let plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    plain(line.as_bytes()[..from].last()) && plain(line.as_bytes().get(to)) && line[from..to].starts_with(is_stop)
}

/// True where the ASCII letters from `from` to `to`, all there are in a row, make a piece of `line` disguised, or may: a
/// capital stands behind a small letter, or one letter alone is the middle of a word that is spelt out.
pub(crate) fn is_suspect_word(line: &[u8], from: usize, to: usize) -> bool {
    let scrambled = |two: &[u8]| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase();
    if to > from + 1 {
        return line[from..to].windows(2).any(scrambled);
    }
    let at = |at: Option<usize>| at.and_then(|at| line.get(at)).map(u8::to_ascii_lowercase);
    let spelt = [at(from.checked_sub(2)), at(Some(from)), at(Some(from + 2))];
    [*b"www", *b"com", *b"net"].into_iter().any(|word| spelt == word.map(Some))
}

/// True behind the opening mark of `‘网’`: nobody quotes single Hanzi in the middle of a name.
fn is_quoted_alone(mut rest: impl Iterator<Item = char>) -> bool {
    rest.next().is_some_and(|c| !c.is_ascii()) && rest.next() == Some('’')
}

/// True for `wWw`, `HtTp`, `coM`: a word of an address with a capital behind a small letter.
fn is_scrambled(word: &str) -> bool {
    const WORDS: [&str; 8] = ["http", "https", "www", "com", "net", "org", "info", "cc"];
    WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
        && word.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
}

/// True for `w w w` and `c-o-m`.
fn is_spelt_out(piece: &str) -> bool {
    let piece = piece.to_ascii_lowercase();
    ["w w w", "w-w-w", "w.w.w", "c o m", "c-o-m", "c.o.m", "n-e-t", "c/o/m", "w_w_w"]
        .iter()
        .any(|spelt| piece.contains(spelt))
}

/// A stop of a sentence that stands for the dot of an address.
fn is_stop(c: char) -> bool {
    matches!(c, '。' | '．' | '、' | '・' | '·' | '，')
}

/// Most signs that no sentence has, and all in blocks of such: from U+0080 to U+07FF and U+2000 to U+2FFF, but for
/// dashes and curly quotes; from U+F000 to U+FFFF, but for the full-width marks of a sentence.
pub(crate) fn may_part(c: char) -> bool {
    match c {
        '\u{80}'..='\u{7ff}' | '\u{2027}'..='\u{2fff}' => true,
        '！' | '（' | '）' | '，' | '：' | '；' | '？' => false,
        _ => matches!(c, '\u{f000}'..='\u{ffff}'),
    }
}

/// A sign that stands between letters in a disguise and hardly ever in a sentence.
pub fn is_strange(c: char) -> bool {
    matches!(
        c,
        '*' | '^'
            | '~'
            | '|'
            | '$'
            | '+'
            | '\\'
            | '＋'
            | '＊'
            | '☆'
            | '★'
            | '♂'
            | '♀'
            | '∷'
            | '°'
            | 'ˊ'
            | 'ˋ'
            | '※'
            | '◎'
            | '○'
            | '●'
            | '◇'
            | '◆'
            | '□'
            | '■'
            | '△'
            | '▲'
            | '▽'
            | '▼'
            | '→'
            | '←'
            | '↑'
            | '↓'
            | '♡'
            | '♥'
            | '♠'
            | '♣'
            | '♦'
            | '♪'
            | '§'
            | '〓'
            | '⊙'
            | '㊣'
            | '¤'
            | '′'
            | '″'
            | '｀'
            | '＾'
            | '｜'
            | '＄'
            | '＃'
            | '﹒'
            | '﹏'
            | '＿'
            | '＼'
            | '＠'
            | '・'
            | '－'
            | '÷'
            | '≠'
            | '＆'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_shadow_leads_back() {
        let text = "看ＷＷＷ．ｔｘ ｓ-h☆u.ＣＯＭ吧";
        let shadow = Shadow::new(text);
        assert_eq!(shadow.text(), "看wwwtxshucom吧");
        let at = shadow.text().find("wwwtxshucom").unwrap();
        assert_eq!(&text[shadow.to_text(text, at..at + 11)], "ＷＷＷ．ｔｘ ｓ-h☆u.ＣＯＭ");
    }

    proptest! {
        #[test]
        fn a_line_with_a_disguise_is_suspect(line in "[cewWomOn.,。，‘’网ｗ* -]{0,24}", from in 0usize..24, len in 1usize..24) {
            let piece: String = line.chars().skip(from).take(len).collect();
            let bytes = line.as_bytes();
            let word = |from: usize| {
                let run = bytes[from..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                run > 0 && !bytes[..from].last().is_some_and(u8::is_ascii_alphabetic) && is_suspect_word(bytes, from, from + run)
            };
            let dot = |(at, c): (usize, char)| is_dot(&line, at, at + c.len_utf8());
            let suspect = line.contains(is_suspect) || line.char_indices().any(dot) || (0..bytes.len()).any(word);
            prop_assert!(suspect || !is_disguised(&piece), "{piece}");
        }
    }

    #[test]
    fn disguises_are_told_from_plain_spellings() {
        for piece in
            ["ＷＷＷ.a.com", "wWw.abc.COM", "шшш.abc.com", "w*w*w.abc.com", "ａbc", "www。abc。com", "w w w.abc.c-o-m"]
        {
            assert!(is_disguised(piece), "{piece}");
        }
        for piece in ["www.abc.com", "WWW.ABC.COM", "Www.abc.com", "http://www.gnu.org/licenses/gpl.html", "小说网"]
        {
            assert!(!is_disguised(piece), "{piece}");
        }
    }
}
