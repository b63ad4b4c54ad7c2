//! Definitions of pattern pieces, and the patterns that rules are made of.
//!
//! Invariant: a pattern is remembered by what it says once its definitions are filled in, so that a definition that changes
//! gives another one.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::pattern::known;
use super::{Pattern, Source};

/// Named pattern pieces: the `define` blocks of rules files, and the patterns made of them so far. Rules that hold the same
/// pattern share it: it is read once, and compiled once when a text first needs it.
#[derive(Debug, Default)]
pub struct Defines {
    pieces: BTreeMap<String, String>,
    /// By their source, definitions filled in.
    patterns: Mutex<HashMap<String, Pattern>>,
}

impl Defines {
    /// No definitions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds definitions; those of a name that is known take its place.
    pub fn add(&mut self, pieces: BTreeMap<String, String>) {
        self.pieces.extend(pieces);
    }

    /// Adds the definitions and the patterns of another file.
    pub fn join(&mut self, other: Self) {
        self.add(other.pieces);
        let others = other.patterns.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.known().extend(others);
    }

    /// A thread that panicked while it held them left them whole.
    fn known(&self) -> MutexGuard<'_, HashMap<String, Pattern>> {
        self.patterns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The piece of a name.
    pub(super) fn piece(&self, name: &str) -> Option<&str> {
        self.pieces.get(name).map(String::as_str)
    }

    /// All names.
    pub(super) fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.pieces.keys().map(String::as_str)
    }

    /// What is to be known of all pieces and patterns before they are read, a line for each.
    pub(crate) fn known_lines(&self) -> Vec<String> {
        let pieces = self.pieces.values().map(|piece| known::piece_line(piece));
        let patterns = self.known();
        pieces.chain(patterns.keys().filter_map(|source| Source::known_line(source))).collect()
    }

    /// The pattern with this source, or the one that `make` makes of it.
    pub(super) fn pattern<E>(
        &self,
        source: String,
        make: impl FnOnce(String) -> Result<Pattern, E>,
    ) -> Result<Pattern, E> {
        if let Some(known) = self.known().get(&source) {
            return Ok(known.clone());
        }
        let pattern = make(source.clone())?;
        Ok(self.known().entry(source).or_insert(pattern).clone())
    }
}
