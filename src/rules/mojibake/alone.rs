//! Letters and signs that were UTF-8 and were read as windows-1252, each by itself in a Latin text: `HÃ´tel`, `âœ”`.
//!
//! Invariant: one is only read anew where what stands there is no word of any language: a sign between two letters, a
//! capital with a sign after a small letter, or a sign behind a letter that ends no word. The model is not asked, since
//! one character is too little for it.

use std::ops::Range;

use crate::decode::Encoding;
use crate::decode::misread::{self, Wrong};

/// The places in a stretch of Latin text, and what to read there.
pub fn find(part: &str) -> Vec<(Range<usize>, String)> {
    let (mut found, mut graves) = (Vec::new(), Vec::new());
    let mut from = 0;
    while let Some(at) = part[from..].find(|c: char| !c.is_ascii()).map(|at| from + at) {
        let run = at..part[at..].find(|c: char| c.is_ascii()).map_or(part.len(), |len| at + len);
        let sign = at..at + part[run.clone()].chars().take(3).map(char::len_utf8).sum::<usize>();
        let reread = |at: &Range<usize>| misread::reread(&part[at.clone()], Wrong::Latin, Encoding::Utf8);
        from = run.end;
        if starts_sign(&part[run.clone()])
            && let Some((read, _)) = reread(&sign).filter(|(read, _)| read.chars().all(is_symbol))
        {
            from = sign.end;
            found.push((sign, read));
            continue;
        }
        // `à`, which parts words as it is; only its like beside it tell.
        if part[run.clone()] == *"Ã\u{a0}" {
            graves.push((run, "à".to_owned()));
            continue;
        }
        let (before, after) = (part[..run.start].chars().next_back(), part[run.end..].chars().next());
        if is_no_word(&part[run.clone()], before, after)
            && let Some((read, _)) = reread(&run).filter(|(read, _)| is_letters(read, before, after))
        {
            found.push((run, read));
        }
    }
    if !found.is_empty() {
        found.append(&mut graves);
    }
    found
}

/// Letters of Latin-1, Latin Extended or Greek, of the case of those around them.
fn is_letters(read: &str, before: Option<char>, after: Option<char>) -> bool {
    let small = [before, after].iter().flatten().any(char::is_ascii_lowercase);
    read.chars().all(|c| {
        c.is_alphabetic() && matches!(c, '\u{c0}'..='\u{24f}' | '\u{386}'..='\u{3ce}') && c.is_lowercase() == small
    })
}

/// Whether the letters and signs of a run between two characters make no word.
fn is_no_word(run: &str, before: Option<char>, after: Option<char>) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let small = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase());
    // In pairs of a letter and the sign behind it, as all letters that are meant here are two bytes.
    let chars: Vec<char> = run.chars().collect();
    let in_pairs = |is_sign: &dyn Fn(char) -> bool| {
        chars.len().is_multiple_of(2) && chars.chunks(2).all(|pair| pair[0].is_uppercase() && is_sign(pair[1]))
    };
    if chars[0] == 'Ã' && in_pairs(&is_strange) {
        return true;
    }
    let apart = |c| is_sign(c) && !is_quote(c);
    match (letter(before), letter(after)) {
        (true, true) if small(before) => in_pairs(&is_sign),
        (true, true) => in_pairs(&|c| apart(c) && (small(after) || !is_mark(c))),
        (true, false) => small(before) && chars[0] == 'Ã' && in_pairs(&is_sign),
        (false, true) => small(after) && chars[0] == 'Ã' && in_pairs(&apart),
        (false, false) => false,
    }
}

/// The first byte of U+2000 to U+2FFF, a letter that ends no word, and a second that ends none either.
fn starts_sign(run: &str) -> bool {
    let mut bytes = run.chars().map(|c| (misread::latin_byte(c), matches!(c, '\u{80}'..='\u{9f}')));
    let (first, second) = (bytes.next(), bytes.next());
    first == Some((Some(0xe2), false))
        && matches!(second, Some((Some(0x80 | 0x84 | 0x86 | 0x88 | 0x8c | 0x98..=0x9a | 0x9c | 0x9e), _) | (Some(_), true)))
}

fn is_symbol(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control()
}

/// The second byte of a letter: no letter itself, but for those that no language writes after a capital that has an
/// accent.
fn is_sign(c: char) -> bool {
    (!c.is_alphabetic() || matches!(c, 'Œ' | 'œ' | 'Š' | 'š' | 'Ž' | 'ž' | 'Ÿ' | 'ƒ' | 'ª' | 'º' | 'µ')) && c != '\u{a0}'
}

/// What no language writes behind `Ã`.
fn is_strange(c: char) -> bool {
    matches!(c, '€' | 'ƒ' | '†' | '‡' | 'ˆ' | '‰' | 'Š' | 'Œ' | 'Ž' | '˜' | '™' | 'š' | 'œ' | 'ž' | 'Ÿ')
}

/// What stands between words or at their ends: quotes and dashes.
fn is_quote(c: char) -> bool {
    matches!(c, '’' | '“' | '„' | '‚' | '«' | '»' | '‹' | '›' | '–' | '—' | '…' | '·' | '•')
}

/// What may be set close to a name in capitals.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{ad}' | '´' | '©' | '®')
}
