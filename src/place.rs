//! Lines and columns, for people.
//!
//! Invariant: a [`Cursor`] only moves forward, so that placing all changes of one step costs one
//! walk over the text, however many changes there are and however long its lines.

use serde::{Deserialize, Serialize};

/// Where something stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
}

/// Walks over a text and tells lines and columns.
#[derive(Debug)]
pub struct Cursor<'t> {
    text: &'t str,
    at: usize,
    place: Place,
}

impl<'t> Cursor<'t> {
    /// A cursor at the start of `text`.
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0, place: Place { line: 1, column: 1 } }
    }

    /// The place of the byte at `at`, which lies on a character boundary and not before the byte
    /// asked for last; one that does is answered with the last place.
    pub fn place(&mut self, at: usize) -> Place {
        if at > self.at {
            let mut from = self.at;
            for newline in memchr::memchr_iter(b'\n', &self.text.as_bytes()[self.at..at]) {
                from = self.at + newline + 1;
                self.place = Place { line: self.place.line + 1, column: 1 };
            }
            self.place.column += self.text[from..at].chars().count() as u32;
            self.at = at;
        }
        self.place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "一二\n三a四";
        let mut cursor = Cursor::new(text);
        let places: Vec<_> = [0, 3, 6, 7, 10, 11, 14].map(|at| cursor.place(at)).map(|p| (p.line, p.column)).into();
        assert_eq!(places, [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (2, 4)]);
    }
}
