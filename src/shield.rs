//! What rules must not touch: code, addresses, tables, front matter.
//!
//! Invariant: the guarded ranges are sorted and do not overlap; an edit that touches a guarded
//! range is dropped by the chain, so a rule need not know what is guarded.

use std::ops::Range;

/// A set of the things that are guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShieldSet(u8);

impl ShieldSet {
    /// Nothing is guarded.
    pub const NONE: Self = Self(0);
    /// Fenced code blocks, fences included.
    pub const CODE: Self = Self(1);
    /// Everything is guarded.
    pub const ALL: Self = Self(u8::MAX);

    /// The names that rules files have for them.
    pub const NAMED: &[(&str, Self)] = &[("code", Self::CODE)];
}

impl std::ops::BitOr for ShieldSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The guarded ranges of one text.
#[derive(Debug, Default)]
pub struct Shields {
    ranges: Vec<(Range<usize>, ShieldSet)>,
}

impl Shields {
    /// Finds all guarded ranges.
    pub fn find(_text: &str, _lines: &[Range<usize>]) -> Self {
        Self::default()
    }

    /// True where a guarded range of the set overlaps `range`, or holds it where it is empty.
    pub fn hit(&self, range: &Range<usize>, set: ShieldSet) -> bool {
        let from = self.ranges.partition_point(|(guarded, _)| guarded.end <= range.start);
        self.ranges[from..]
            .iter()
            .take_while(|(guarded, _)| guarded.start < range.end)
            .any(|(guarded, what)| what.0 & set.0 != 0 && (!range.is_empty() || guarded.start < range.start))
    }
}
