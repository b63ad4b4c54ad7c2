//! How a line is covered by pieces that overlap.
//!
//! Invariant: the pieces chosen do not overlap; no other choice covers more letters, and none that covers as many is
//! worth more.

use std::cmp::Reverse;
use std::ops::Range;

/// A piece of a line.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Byte range in the line.
    pub at: Range<usize>,
    /// What it is worth.
    pub worth: u32,
}

/// The best cover of a line.
#[derive(Debug, PartialEq, Eq)]
pub struct Cover<'l> {
    /// The pieces chosen, in order, with what each counts: the same words count once.
    pub pieces: Vec<(&'l str, u32)>,
    /// What they are worth together.
    pub worth: u32,
    /// How many letters, digits and marks of sentences lie outside the pieces.
    pub rest: u32,
    /// How many the line has.
    pub all: u32,
}

impl<'l> Cover<'l> {
    /// Chooses among pieces, none of which is empty.
    pub fn of(line: &'l str, mut pieces: Vec<Piece>) -> Self {
        let letters = tally(line);
        let count = |at: &Range<usize>| letters[at.end] - letters[at.start];
        pieces.sort_by_key(|piece| (piece.at.end, Reverse(piece.at.start)));
        // By piece: the best of all choices that end with it or before it, and whether it is part of that.
        let mut best: Vec<(u32, u32, bool)> = Vec::with_capacity(pieces.len());
        let before = |best: &[(u32, u32, bool)], pieces: &[Piece], start: usize| {
            let fits = pieces[..best.len()].partition_point(|piece| piece.at.end <= start);
            (fits, fits.checked_sub(1).map_or((0, 0), |last| (best[last].0, best[last].1)))
        };
        for piece in &pieces {
            let (covered, worth) = before(&best, &pieces, piece.at.start).1;
            let with = (covered + count(&piece.at), worth + piece.worth);
            let without = best.last().map_or((0, 0), |last| (last.0, last.1));
            best.push(if with > without { (with.0, with.1, true) } else { (without.0, without.1, false) });
        }
        let mut chosen = Vec::new();
        let mut left = pieces.len();
        while let Some(last) = left.checked_sub(1) {
            left = match best[last].2 {
                true => {
                    chosen.push(last);
                    before(&best[..last], &pieces, pieces[last].at.start).0
                }
                false => last,
            };
        }
        let all = letters[line.len()];
        let mut cover = Self { pieces: vec![], worth: 0, rest: all, all };
        for piece in chosen.into_iter().rev().map(|chosen| &pieces[chosen]) {
            let words = &line[piece.at.clone()];
            let counts = if cover.pieces.iter().any(|(other, _)| *other == words) { 0 } else { piece.worth };
            cover.rest -= count(&piece.at);
            cover.worth += counts;
            cover.pieces.push((words, counts));
        }
        cover
    }
}

/// By byte offset: how many letters, digits and marks of sentences stand before it.
fn tally(line: &str) -> Vec<u32> {
    let mut counts = Vec::with_capacity(line.len() + 1);
    let mut count = 0;
    for c in line.chars() {
        counts.resize(counts.len() + c.len_utf8(), count);
        count += u32::from(c.is_alphanumeric() || "，。、；：！？“”‘’「」『』《》〈〉,;:!?\"".contains(c));
    }
    counts.push(count);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_is_covered_and_the_same_words_count_once() {
        let piece = |at: Range<usize>, worth| Piece { at, worth };
        for (line, pieces, found, worth, rest) in [
            ("abcdef", vec![piece(0..2, 1), piece(1..6, 1)], vec![("bcdef", 1)], 1, 1),
            ("abcdef", vec![piece(0..2, 1), piece(1..5, 9), piece(2..6, 1)], vec![("ab", 1), ("cdef", 1)], 2, 0),
            ("ab, ab", vec![piece(0..2, 3), piece(4..6, 3)], vec![("ab", 3), ("ab", 0)], 3, 1),
            ("ab", vec![piece(0..2, 1), piece(0..2, 3)], vec![("ab", 3)], 3, 0),
            ("a | b", vec![], vec![], 0, 2),
        ] {
            let cover = Cover::of(line, pieces);
            assert_eq!((cover.pieces, cover.worth, cover.rest), (found, worth, rest), "{line}");
        }
    }
}
