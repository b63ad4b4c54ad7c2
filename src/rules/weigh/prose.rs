//! Tells a sentence with an advert in it from an advert.
//!
//! Invariant: a line that holds prose may lose pieces and never goes as a whole.

use crate::rules::named::BRACKETS;
use std::ops::Range;

use super::scale::{Found, Weight};

/// As many unknown letters may be a sentence of their own.
const CLAUSE: usize = 6;

/// What parts the clauses of an advert as it does those of a sentence.
const COMMAS: [char; 6] = ['，', ',', '！', '!', '~', '～'];

/// True where a line without the pieces that go from it is prose. Half of a sentence can be small words. What a comma parts
/// from an advert at the start of the line belongs to that.
pub(super) fn is_left(line: &str, found: &Found, pieces: &[Range<usize>]) -> bool {
    let Some(first) = pieces.first() else { return false };
    if first.start == 0 && (line[..first.end].ends_with(COMMAS) || line[first.end..].starts_with(COMMAS)) {
        return false;
    }
    let whole = found.weight(line, &(0..line.len()));
    let left = |count: fn(&Weight) -> usize| {
        count(&whole) - pieces.iter().map(|at| count(&found.weight(line, at))).sum::<usize>()
    };
    let (letters, unknown) = (left(|weight| weight.letters), left(Weight::unknown));
    letters >= CLAUSE && unknown * 2 > letters || unknown >= CLAUSE && left(|weight| weight.telling) * 2 < unknown
}

/// True where a sentence runs into the first word that tells, or out of the last one: no mark parts them, and it has clauses
/// of its own.
pub(super) fn runs_through(line: &str, found: &Found) -> bool {
    let Some(telling) = found.telling() else { return false };
    let has_clauses = |at: Range<usize>| {
        let piece = line[at.clone()].trim_matches(|c: char| !c.is_alphanumeric());
        piece.contains(['，', '。', '；', '！', '？']) && found.weight(line, &at).unknown() >= CLAUSE
    };
    let is_bracket = |c: char| BRACKETS.contains(c);
    let before = line[..telling.start].trim_end_matches(is_bracket);
    let behind = line[telling.end..].trim_start_matches(is_bracket);
    before.ends_with(char::is_alphanumeric) && has_clauses(0..telling.start)
        || behind.starts_with(char::is_alphanumeric) && has_clauses(telling.end..line.len())
}
