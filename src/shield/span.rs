//! Guards inside a line that are written with marks: code spans, tags, link targets, formulas.
//!
//! Invariant: a guard begins and ends on the line; a mark without its mate guards nothing.

use std::ops::Range;

use super::{Found, ShieldSet};
use crate::script::is_cjk;

/// Adds what is guarded in one line.
pub fn find(text: &str, line: &Range<usize>, found: &mut Found) {
    let bytes = text.as_bytes();
    let mut at = next(bytes, line.start..line.end);
    while at < line.end {
        let rest = &text[at..line.end];
        let guard = match bytes[at] {
            b'`' => code(rest).map(|len| (len, ShieldSet::CODE_SPAN)),
            b'<' => tag(rest).map(|len| (len, ShieldSet::MARKUP)),
            b'$' => formula(rest, at.checked_sub(1).map(|before| bytes[before])).map(|len| (len, ShieldSet::MATH)),
            b']' => target(rest).map(|len| (len, ShieldSet::LINK)),
            b'[' if rest.starts_with("[^") => note(rest).map(|len| (len, ShieldSet::LINK)),
            _ => None,
        };
        match guard {
            Some((len, what)) => {
                found.add(at..at + len, what);
                at += len;
            }
            // A row of backticks or dollars without its mate is passed as a whole.
            None if matches!(bytes[at], b'`' | b'$') => at += rest.bytes().take_while(|b| *b == bytes[at]).count(),
            None => at += 1,
        }
        at = next(bytes, at..line.end);
    }
}

/// The next byte of the range that a guard may begin with, or its end.
fn next(bytes: &[u8], range: Range<usize>) -> usize {
    let rest = &bytes[range.clone()];
    let near = memchr::memchr3(b'`', b'<', b'$', rest).unwrap_or(rest.len());
    range.start + memchr::memchr2(b'[', b']', &rest[..near]).unwrap_or(near)
}

/// The length of a code span: as many backticks at its end as at its start.
fn code(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let run = |from: usize| bytes[from..].iter().take_while(|b| **b == b'`').count();
    let open = run(0);
    let mut at = open;
    while at < bytes.len() {
        at += memchr::memchr(b'`', &bytes[at..])?;
        let close = run(at);
        at += close;
        if close == open {
            return Some(at);
        }
    }
    None
}

/// The length of an HTML tag.
fn tag(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let name = 1 + usize::from(bytes.get(1) == Some(&b'/'));
    bytes.get(name).filter(|b| b.is_ascii_alphabetic() || **b == b'!' || **b == b'?')?;
    let mut quote = None;
    for (at, b) in bytes.iter().enumerate().skip(name) {
        match (quote, b) {
            (None, b'>') => return Some(at + 1),
            (None, b'<') => return None,
            (None, b'"' | b'\'') if bytes[at - 1] == b'=' => quote = Some(*b),
            (Some(open), b) if open == *b => quote = None,
            _ => {}
        }
    }
    None
}

/// The length of a formula between single dollar signs. Pandoc's rule: no blank after the first,
/// none before the last, no digit after it. Prose in between has to look like a formula.
fn formula(rest: &str, before: Option<u8>) -> Option<usize> {
    let bytes = rest.as_bytes();
    bytes.get(1).filter(|b| !b.is_ascii_whitespace() && **b != b'$')?;
    if before == Some(b'\\') {
        return None;
    }
    let close = 1 + memchr::memchr(b'$', &bytes[1..])?;
    let inner = &rest[1..close];
    let math = inner.contains(['\\', '^', '_', '=', '<', '>', '+', '{']) || inner.len() <= 20;
    let prose = inner.chars().filter(|c| is_cjk(*c)).count() * 2 > inner.chars().count();
    let ends = !bytes[close - 1].is_ascii_whitespace() && !bytes.get(close + 1).is_some_and(u8::is_ascii_digit);
    (math && !prose && ends).then_some(close + 1)
}

/// The longest target of a link that is seen, in characters, as the next bracket looks again.
const LONGEST_TARGET: usize = 2000;

/// The length of `](target)`, `](target "title")` or `]: target`.
fn target(rest: &str) -> Option<usize> {
    if let Some(url) = rest.strip_prefix("]: ") {
        let url = url.trim_start();
        let is_url = url.starts_with("http") || url.starts_with(['<', '/', '#', '.']);
        return is_url.then_some(rest.len());
    }
    let inner = rest.strip_prefix("](")?;
    let mut depth = 1;
    for (at, c) in inner.char_indices().take(LONGEST_TARGET) {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(2 + at + 1);
        }
    }
    None
}

/// The length of a footnote mark and the colon of its text.
fn note(rest: &str) -> Option<usize> {
    let close = rest.bytes().take(40).position(|b| b == b']').filter(|close| *close >= 3)?;
    Some(close + 1 + usize::from(rest[close + 1..].starts_with(':')))
}
