//! Addresses written for people who read them and not for programs: `ᴅᴜᴡᴜ.ᴄᴏᴍ`, `duwu点com`, `d u w u . c o m`.
//!
//! Invariant: what is found ends in a top-level domain behind a dot or a sign that stands for one, and shows a
//! disguise; full-width letters by themselves are none.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::spans::Spans;
use crate::edit::Edits;
use crate::fold::fold;
use crate::rules::Kind;
use crate::script::{decode, is_blank, is_han};
use crate::shield::ShieldSet;
use crate::view::View;

/// Top-level domains under which sites of copied books are registered.
const TOP_LEVEL: [&str; 14] =
    ["com", "net", "org", "cc", "info", "la", "xyz", "top", "vip", "me", "cn", "tv", "biz", "co"];

/// The fewest letters of a name before the top-level domain.
const SHORTEST_NAME: usize = 3;

/// A line with fewer letters is not looked at: an address has four and more, of which some may be kana that look like one.
const SHORTEST: u32 = 2;

/// The most letters of an address.
const LONGEST: usize = 64;

/// The most signs between two letters.
const WIDEST_SIGN: usize = 3;

/// Letters that look like Latin ones and that neither [`fold`] nor a compatibility decomposition turns into them: small
/// capitals, phonetic letters, Greek, Cyrillic (Unicode, Phonetic Extensions and confusables.txt).
const LOOKALIKES: [(&str, char); 26] = [
    ("ᴀɑα", 'a'),
    ("ʙβь", 'b'),
    ("ᴄㄈ", 'c'),
    ("ᴅɖԁ", 'd'),
    ("ᴇɛε", 'e'),
    ("ꜰƒ", 'f'),
    ("ɡɢց", 'g'),
    ("ʜһн", 'h'),
    ("ɪıι¡і", 'i'),
    ("ᴊј", 'j'),
    ("ᴋκк", 'k'),
    ("ʟしŀ", 'l'),
    ("ᴍ㎡", 'm'),
    ("ɴηп", 'n'),
    ("ᴏσοø", 'o'),
    ("ᴘρр", 'p'),
    ("ǫԛ", 'q'),
    ("ʀг", 'r'),
    ("ꜱѕ", 's'),
    ("ᴛτ", 't'),
    ("ᴜυμ", 'u'),
    ("ᴠν", 'v'),
    ("ᴡɯԝ", 'w'),
    ("χ", 'x'),
    ("ʏγу", 'y'),
    ("ᴢ", 'z'),
];

#[derive(Debug)]
pub(super) struct Hidden;

impl Kind for Hidden {
    fn edits(&self, view: &View, out: &mut Edits) {
        let text = view.text();
        let mut spans = Spans::new(text);
        for line in view.lines_that_spell(SHORTEST) {
            for at in addresses(&text[line.clone()]) {
                spans.push_wide(line.start + at.start..line.start + at.end);
            }
        }
        spans.finish(out);
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }
}

/// A letter or digit of an address, and what parts it from the one before.
#[derive(Debug)]
struct Letter<'l> {
    at: Range<usize>,
    plain: char,
    /// ASCII, full width, or something that only looks like a letter.
    width: Width,
    /// The signs between the letter before and this one.
    behind: &'l str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    Ascii,
    Full,
    Strange,
}

/// The disguised addresses of a line, as byte ranges, in order.
fn addresses(line: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let (mut letters, mut from) = (Vec::new(), 0);
    while stretch(line, from, &mut letters) {
        from = letters.last().map_or(line.len(), |letter| letter.at.end);
        if may_hide(&letters) {
            found.extend(address(&letters));
        }
    }
    found
}

/// True where a part of a stretch can be hidden: it is not all of ASCII with the signs of any sentence and address, or
/// some letters stand alone.
fn may_hide(letters: &[Letter]) -> bool {
    let strange = |letter: &Letter| letter.width != Width::Ascii || letter.behind.contains(|c| !is_blank(c) && !is_usual(c));
    let alone = |three: &[Letter]| three.iter().all(|letter| !letter.behind.is_empty());
    let zero = |three: &[Letter]| three.iter().map(|letter| letter.plain).eq("c0m".chars());
    letters.iter().any(strange) || letters.windows(3).any(|three| alone(three) || zero(three))
}

/// A sign that stands in addresses and between words.
fn is_usual(c: char) -> bool {
    matches!(
        c,
        '.' | '．' | '/' | ':' | '-' | '_' | ',' | '@' | '#' | '%' | '+' | '~' | '|' | '\'' | '’' | '—' | '–' | '…'
    )
}

/// Finds the letters from the first one behind `from` on, as far as only a few signs lie between them. False where there
/// are none.
fn stretch<'l>(line: &'l str, from: usize, letters: &mut Vec<Letter<'l>>) -> bool {
    letters.clear();
    let Some(first) = first_letter(&line[from..]) else { return false };
    let from = from + first;
    // Where the signs behind the last letter begin, and how many they are.
    let (mut signs, mut count) = (from, 0);
    let mut chars = line[from..].char_indices().map(|(at, c)| (from + at, c));
    while let Some((at, c)) = chars.next() {
        let (at, letter) = (at..at + c.len_utf8(), letters.len());
        let ring = is_ring(c) && signs == at.start && stands_in_com(letters, &line[at.end..]);
        let mut add = |plain, width| {
            letters.push(Letter { at: at.clone(), plain, width, behind: &line[signs.min(at.start)..at.start] });
            (signs, count) = (at.end, 0);
        };
        if c.is_ascii_alphanumeric() {
            add(c.to_ascii_lowercase(), Width::Ascii);
        } else if ring {
            add('o', Width::Strange);
        } else {
            letters_of(c).for_each(|(plain, width)| add(plain, width));
        }
        if letters.len() > letter {
            continue;
        }
        if letters.is_empty() {
            signs = at.end;
            continue;
        }
        count += 1;
        if let Some(dot) = bracketed_dot(&line[at.start..]) {
            chars.nth(dot - 2);
            continue;
        }
        let parts = matches!(c, '点' | '點' | '丶') || !(c.is_alphanumeric() || "“”‘’「」『』（）()【】[]<>《》；！\"=&;".contains(c));
        if !parts || count > WIDEST_SIGN {
            break;
        }
    }
    !letters.is_empty()
}

/// Where the first character of a piece of a line is that can be a letter. Nearly all of most lines is Hanzi and their
/// punctuation.
fn first_letter(piece: &str) -> Option<usize> {
    let bytes = piece.as_bytes();
    let mut at = 0;
    while let Some(first) = bytes.get(at) {
        match first {
            // U+4000 to U+9FFF.
            0xe4..=0xe9 => at += 3,
            _ if first.is_ascii_alphanumeric() => return Some(at),
            0..0x80 => at += 1,
            _ => {
                let c = decode(&bytes[at..]);
                if !is_han(c) && !is_wide_sign(c) {
                    return Some(at);
                }
                at += c.len_utf8();
            }
        }
    }
    None
}

/// The length in characters of `(dot)`, `[点]` or `【.】` at the start of a text.
fn bracketed_dot(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let close = match chars.next()? {
        '(' => ')',
        '（' => '）',
        '[' => ']',
        '【' => '】',
        '{' => '}',
        _ => return None,
    };
    let inside: String = chars.take_while(|c| *c != close).take(4).collect();
    let dot = matches!(inside.trim(), "." | "．" | "。" | "点" | "點" | "丶" | "dot" | "DOT" | "Dot");
    dot.then(|| inside.chars().count() + 2)
}

/// True behind the first letter of `c○m`.
fn stands_in_com(before: &[Letter], after: &str) -> bool {
    let next = after.chars().next().and_then(|c| letters_of(c).next());
    before.last().is_some_and(|letter| letter.plain == 'c') && next.is_some_and(|(plain, _)| plain == 'm')
}

/// A sign as round as the letter that it may stand for.
fn is_ring(c: char) -> bool {
    matches!(c, '○' | '〇' | '◯' | '⊙' | '●' | '◎')
}

/// A mark as wide as a Hanzi, or a curly one.
fn is_wide_sign(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{3040}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{2010}'..='\u{2027}')
}

/// The letters and digits of an address that a character stands for, nearly always one or none.
fn letters_of(c: char) -> impl Iterator<Item = (char, Width)> {
    let width = match c {
        _ if c.is_ascii() => Width::Ascii,
        '\u{ff01}'..='\u{ff5e}' => Width::Full,
        _ => Width::Strange,
    };
    let may_look = matches!(c, '\u{a1}'..='\u{582}' | '\u{1d00}'..='\u{1d7f}' | '\u{a730}'..='\u{a731}' | 'し' | 'ㄈ' | '㎡');
    let known = || LOOKALIKES.iter().find(|(like, _)| may_look && like.contains(c)).map(|(_, plain)| *plain);
    let one = match c {
        _ if is_han(c) => None,
        _ => fold(c).filter(char::is_ascii).or_else(known),
    };
    let strange = one.is_none() && !c.is_ascii() && !is_han(c) && c > '\u{bf}' && !matches!(c, '\u{2000}'..='\u{206f}' | '\u{3000}'..'\u{3300}');
    let more = strange.then(|| c.nfkd().filter(char::is_ascii_alphanumeric)).into_iter().flatten();
    one.into_iter().chain(more.map(|c| c.to_ascii_lowercase())).map(move |plain| (plain, width))
}

/// The address in a stretch of letters, where it holds one and hides it.
fn address(letters: &[Letter]) -> Option<Range<usize>> {
    let spelt = |at: usize| at == 0 || letters.get(at).is_none_or(|letter| !letter.behind.is_empty());
    let is_alone = |at: usize| spelt(at) && spelt(at + 1);
    for end in (1..=letters.len()).rev().filter(|end| spelt(*end)) {
        let Some(dot) = TOP_LEVEL.iter().find_map(|top| top_level(&letters[..end], top)) else { continue };
        // The name goes back to a blank, unless all its letters stand alone.
        let mut start = dot;
        while start > 0 && end - start < LONGEST {
            let behind = letters[start].behind;
            let blank = behind.contains(is_blank) && start < dot && !(is_alone(start) && is_alone(start - 1));
            if blank {
                break;
            }
            start -= 1;
        }
        let name = &letters[start..end];
        if dot - start >= SHORTEST_NAME && is_hidden(name, dot - start) {
            return Some(name[0].at.start..name[name.len() - 1].at.end);
        }
    }
    None
}

/// Where the top-level domain begins that letters end in, a sign before it.
fn top_level(letters: &[Letter], top: &str) -> Option<usize> {
    let at = letters.len().checked_sub(top.len()).filter(|at| *at > 0)?;
    let same = letters[at..].iter().zip(top.chars()).all(|(letter, c)| letter.plain == c || (c == 'o' && letter.plain == '0'));
    let whole = letters[at + 1..].iter().all(|letter| letter.behind.is_empty());
    let alone = letters[at + 1..].iter().all(|letter| !letter.behind.is_empty());
    (same && (whole || alone) && !letters[at].behind.is_empty()).then_some(at)
}

/// True where a name shows that somebody took pains to hide it. `dot` is the letter its top-level domain begins with.
fn is_hidden(name: &[Letter], dot: usize) -> bool {
    let strange = name.iter().any(|letter| letter.width == Width::Strange);
    let of = |width| name.iter().any(|letter| letter.width == width && letter.plain.is_ascii_alphabetic());
    let mixed = of(Width::Full) && of(Width::Ascii);
    let signs: String = name[1..].iter().map(|letter| letter.behind).collect();
    let web = name.iter().take(3).map(|letter| letter.plain).eq("www".chars());
    let odd = |c: char| match c {
        '。' | '、' | '，' | '·' | '・' | '∶' | '：' => web,
        '?' | '？' => signs.matches(c).count() > 1,
        _ if is_usual(c) => false,
        _ => !is_blank(c),
    };
    let alone = name.len() > 8 && name[1..].iter().all(|letter| !letter.behind.is_empty());
    let zero = name[dot..].iter().any(|letter| letter.plain == '0');
    let spelt = web && name[1..3].iter().all(|letter| !letter.behind.is_empty());
    let words = name[..dot].iter().filter(|letter| letter.plain.is_ascii_alphabetic()).count() >= SHORTEST_NAME;
    let mailbox = name[1..dot].iter().any(|letter| matches!(letter.behind, "@" | "＠"))
        && matches!(name[dot].behind, "." | "．");
    words && !mailbox && (alone || spelt || (!signs.contains(is_blank) && (strange || mixed || zero || signs.contains(odd))))
}
