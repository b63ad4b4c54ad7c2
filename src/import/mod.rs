//! Rules of other programs, written as rules files.
//!
//! Invariant: what cannot be translated is told with its reason, never dropped silently; every imported rule is risky,
//! since nobody has looked at what it does here.

mod java;
pub mod legado;

/// A rules file made from the rules of another program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The rules file, what was left out included, as comments.
    pub yaml: String,
    /// How many rules there were.
    pub total: usize,
    /// How many are in the rules file.
    pub imported: usize,
    /// The name of every rule that is not, and why.
    pub left_out: Vec<(String, String)>,
    /// The name of every rule that is, but holds for more or less than it did there, and why.
    pub changed: Vec<(String, String)>,
}
