//! What is known of the patterns that come with the program without reading them.
//!
//! Invariant: what is said here of a pattern is what reading it says; `tests/generated.rs` reads them all.
//!
//! To read the patterns of the default chain and to find what a text must hold for each of them was three quarters of what a
//! clean of one small file took. A pattern is told by a hash of what it says once its definitions are filled in, so that one
//! that changed is read as any other.

use std::collections::HashMap;
use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::Checked;
use crate::rules::Needs;

/// A line for each: the hash of a pattern, what else is known of it and the literals that it needs; or that of a piece of
/// patterns, whose syntax is right as far as can be told without the definitions.
static LINES: &str = include_str!("known.txt");

static KNOWN: LazyLock<HashMap<u128, &str>> = LazyLock::new(|| {
    let line = |line: &'static str| {
        let (hash, rest) = line.split_once(' ').unwrap_or((line, ""));
        Some((u128::from_str_radix(hash, 16).ok()?, rest))
    };
    LINES.lines().filter_map(line).collect()
});

/// Seeds of the hashes: a pattern and a piece of one may say the same.
const PATTERN: u64 = 0;
const PIECE: u64 = 1;

/// True for a piece of a pattern that need not be read again.
pub(in crate::rules) fn is_piece(source: &str) -> bool {
    KNOWN.contains_key(&hash(PIECE, source))
}

/// What is known of a pattern with this source.
pub(super) fn pattern(source: &str) -> Option<Checked> {
    let (marks, literals) = KNOWN.get(&hash(PATTERN, source))?.split_once(' ')?;
    let needs = match literals {
        "" => Needs::Anything,
        _ => Needs::OneOf(literals.split(' ').map(unescape).collect()),
    };
    Some(Checked::new(source.to_owned(), needs, marks.contains('w'), marks.contains('l')))
}

/// The line of a piece.
pub(in crate::rules) fn piece_line(source: &str) -> String {
    format!("{:032x}\n", hash(PIECE, source))
}

/// The line of a pattern; `None` where it needs what is no text.
pub(super) fn pattern_line(checked: &Checked) -> Option<String> {
    let literals = match &checked.needs {
        Needs::Anything => String::new(),
        Needs::OneOf(literals) => literals.iter().map(|literal| escape(literal)).collect::<Option<Vec<_>>>()?.join(" "),
    };
    let marks = [(checked.worded, "w"), (checked.in_line, "l"), (true, ".")];
    let marks: String = marks.iter().filter(|(holds, _)| *holds).map(|(_, mark)| *mark).collect();
    Some(format!("{:032x} {marks} {literals}\n", hash(PATTERN, &checked.source)))
}

fn hash(what: u64, source: &str) -> u128 {
    xxh3_128_with_seed(source.as_bytes(), what)
}

/// A literal without a blank or line end.
fn escape(literal: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(literal).ok()?;
    Some(text.replace('\\', "\\\\").replace(' ', "\\s").replace('\n', "\\n"))
}

fn unescape(literal: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(literal.len());
    let mut bytes = literal.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'\\' => match bytes.next() {
                Some(b's') => b' ',
                Some(b'n') => b'\n',
                _ => b'\\',
            },
            byte => byte,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_comes_back_as_it_was() {
        for literal in ["编辑：", "a b", "\\s\\", "\\\n "] {
            assert_eq!(unescape(&escape(literal.as_bytes()).unwrap()), literal.as_bytes());
        }
    }
}
