//! Mistakes in rules files: what, where, what to do.
//!
//! Invariant: lines and columns count from 1, columns in characters.

use std::fmt;

use crate::place::{Cursor, Place};

/// A rules file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    file: String,
    place: Option<Place>,
    what: String,
    help: Option<String>,
}

impl ConfigError {
    pub(crate) fn new(file: &str, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), place: None, what: what.into(), help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into()).filter(|help| !help.is_empty());
        self
    }

    /// Sets the place to where `word` first stands in the file as a word of its own.
    pub(crate) fn near(mut self, yaml: &str, word: &str) -> Self {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '-');
        let whole = |at: &usize| edge(yaml[..*at].chars().next_back()) && edge(yaml[at + word.len()..].chars().next());
        let at = yaml.match_indices(word).map(|(at, _)| at).find(whole);
        self.place = at.map(|at| Cursor::new(yaml).place(at));
        self
    }

    pub(crate) fn yaml(file: &str, error: &serde_yaml::Error) -> Self {
        let text = error.to_string();
        let place = error.location().map(|at| Place { line: at.line() as u32, column: at.column() as u32 });
        let what = text.split(" at line ").next().unwrap_or(&text).to_owned();
        Self { place, ..Self::new(file, what) }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(place) = self.place {
            write!(f, ":{}:{}", place.line, place.column)?;
        }
        write!(f, ": {}", self.what)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}
