//! What rules must not touch: code, addresses, tables, front matter.
//!
//! Invariant: the guarded ranges are sorted and do not overlap; an edit that touches a guarded
//! range is dropped by the chain, so a rule need not know what is guarded.

mod address;
mod block;
mod code;
mod span;

use std::ops::Range;

use crate::inventory::Inventory;
use crate::lines::Lines;

/// A set of the things that are guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShieldSet(u16);

impl ShieldSet {
    /// Nothing is guarded.
    pub const NONE: Self = Self(0);
    /// YAML, TOML or JSON metadata at the start of a text, its fences included.
    pub const FRONT_MATTER: Self = Self(1);
    /// Code blocks between fences of backticks or tildes, fences included, and indented blocks
    /// every line of which is code.
    pub const CODE_BLOCK: Self = Self(1 << 1);
    /// Code between backticks inside a line, backticks included.
    pub const CODE_SPAN: Self = Self(1 << 2);
    /// HTML tags and comments; the text between tags is free.
    pub const MARKUP: Self = Self(1 << 3);
    /// Targets of Markdown links and images, and footnote marks; the link text is free.
    pub const LINK: Self = Self(1 << 4);
    /// LaTeX between dollar signs.
    pub const MATH: Self = Self(1 << 5);
    /// URLs, IRIs included, and e-mail addresses.
    pub const ADDRESS: Self = Self(1 << 6);
    /// Windows and Unix paths, and file names with an extension.
    pub const PATH: Self = Self(1 << 7);
    /// HTML entities.
    pub const ENTITY: Self = Self(1 << 8);
    /// Rows of Markdown tables, and runs of lines that are CSV or TSV.
    pub const TABLE: Self = Self(1 << 9);
    /// Single lines that are code, JSON, a stylesheet, a shell command or a key with its value.
    pub const CODE_LINE: Self = Self(1 << 10);
    /// What is code beyond doubt, and front matter: even a rule that removes whole lines keeps it.
    pub const CODE: Self = Self(Self::FRONT_MATTER.0 | Self::CODE_BLOCK.0 | Self::CODE_SPAN.0);
    /// Everything is guarded.
    pub const ALL: Self = Self(u16::MAX);

    /// The names that rules files have for them.
    pub const NAMED: &[(&str, Self)] = &[
        ("front_matter", Self::FRONT_MATTER),
        ("code", Self(Self::CODE_BLOCK.0 | Self::CODE_SPAN.0 | Self::CODE_LINE.0)),
        ("code_block", Self::CODE_BLOCK),
        ("code_span", Self::CODE_SPAN),
        ("code_line", Self::CODE_LINE),
        ("markup", Self::MARKUP),
        ("link", Self::LINK),
        ("math", Self::MATH),
        ("address", Self::ADDRESS),
        ("path", Self::PATH),
        ("entity", Self::ENTITY),
        ("table", Self::TABLE),
        ("all", Self::ALL),
    ];

    /// The names of what is in the set, without those that stand for several things.
    pub fn names(self) -> Vec<&'static str> {
        let single = |set: &Self| set.0.count_ones() == 1;
        Self::NAMED.iter().filter(|(_, set)| single(set) && set.meets(self)).map(|(name, _)| *name).collect()
    }

    /// The things of either set.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The things of this set that are not in the other.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// True where the sets share something.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The guarded ranges of one text.
#[derive(Debug, Default)]
pub struct Shields {
    ranges: Vec<(Range<usize>, ShieldSet)>,
}

impl Shields {
    /// Finds all guarded ranges. `lines` are the byte ranges of all lines, `has` tells which
    /// characters the text may hold.
    pub fn find(text: &str, lines: &Lines, has: &Inventory) -> Self {
        if !MARKERS.iter().chain("~,-\t+".as_bytes()).any(|mark| has.has(char::from(*mark))) {
            return Self::default();
        }
        let begins = |(at, (_, guards)): (usize, (_, &Guards))| guards.begins_block.then_some(at);
        let begins: Vec<usize> = lines.guards(text).enumerate().filter_map(begins).collect();
        let mut found = Found::default();
        block::find(text, lines.ranges(), &begins, has, &mut found);
        let blocks = flatten(std::mem::take(&mut found.0));
        let mut next = blocks.iter().peekable();
        for (line, guards) in lines.guards(text).filter(|(_, guards)| !guards.found.is_empty()) {
            while next.next_if(|(guarded, _)| guarded.end <= line.start).is_some() {}
            let code = next.peek().is_some_and(|(guarded, what)| {
                guarded.start <= line.start && what.meets(ShieldSet::FRONT_MATTER.with(ShieldSet::CODE_BLOCK))
            });
            if !code {
                let whole = guards.found.iter().map(|(at, what)| (line.start + at.start..line.start + at.end, *what));
                found.0.extend(whole);
            }
        }
        if blocks.is_empty() {
            return Self { ranges: found.0 };
        }
        found.0.extend(blocks);
        Self { ranges: flatten(found.0) }
    }

    /// The guarded ranges, in order, and what each is.
    pub fn ranges(&self) -> &[(Range<usize>, ShieldSet)] {
        &self.ranges
    }

    /// The guarded ranges that overlap a byte range.
    pub fn within(&self, range: &Range<usize>) -> impl Iterator<Item = &Range<usize>> {
        let (from, end) = (self.ranges.partition_point(|(guarded, _)| guarded.end <= range.start), range.end);
        self.ranges[from..].iter().map(|(guarded, _)| guarded).take_while(move |guarded| guarded.start < end)
    }

    /// True where a guarded range of the set overlaps `range`, or holds it where it is empty.
    pub fn hit(&self, range: &Range<usize>, set: ShieldSet) -> bool {
        let from = self.ranges.partition_point(|(guarded, _)| guarded.end <= range.start);
        self.ranges[from..]
            .iter()
            .take_while(|(guarded, _)| guarded.start < range.end)
            .any(|(guarded, what)| what.meets(set) && (!range.is_empty() || guarded.start < range.start))
    }
}

/// What is guarded in one line, whatever stands around it.
#[derive(Debug, Clone)]
pub struct Guards {
    /// True where a block may begin at the line.
    begins_block: bool,
    /// Byte ranges in the line, sorted and disjoint.
    found: Vec<(Range<usize>, ShieldSet)>,
}

impl Guards {
    /// Looks at a line without its line end.
    pub fn of(line: &str) -> Self {
        let ascii = has_ascii(line.as_bytes());
        let mut found = Found::default();
        if ascii && line.bytes().any(|byte| IS_MARKER[byte as usize]) {
            let whole = 0..line.len();
            span::find(line, &whole, &mut found);
            address::find(line, &whole, &mut found);
            if found.0.is_empty() && code::is_code(line) {
                found.add(whole, ShieldSet::CODE_LINE);
            }
        }
        Self { begins_block: ascii && block::may_begin(line), found: flatten(found.0) }
    }
}

/// True where a line holds ASCII; few lines of Chinese prose do.
fn has_ascii(line: &[u8]) -> bool {
    let (words, rest) = line.as_chunks::<8>();
    words.iter().any(|word| u64::from_ne_bytes(*word) & 0x8080_8080_8080_8080 != 0x8080_8080_8080_8080)
        || rest.iter().any(u8::is_ascii)
}

/// Bytes one of which stands in every line that something single-lined is guarded in.
const MARKERS: &[u8] = b"`<[$:/\\@.&{}();=#*_|>";

const IS_MARKER: [bool; 256] = {
    let mut markers = [false; 256];
    let mut at = 0;
    while at < MARKERS.len() {
        markers[MARKERS[at] as usize] = true;
        at += 1;
    }
    markers
};

/// Guarded ranges as they are found: in any order, over one another.
#[derive(Debug, Default)]
struct Found(Vec<(Range<usize>, ShieldSet)>);

impl Found {
    fn add(&mut self, range: Range<usize>, what: ShieldSet) {
        self.0.push((range, what));
    }

    /// True where one of the ranges found last, those of the line being read, holds `at`.
    fn holds(&self, at: usize) -> bool {
        self.0.iter().rev().take(64).any(|(range, _)| range.contains(&at))
    }
}

/// Sorts ranges and cuts them where they overlap; a piece is all that its ranges are.
fn flatten(ranges: Vec<(Range<usize>, ShieldSet)>) -> Vec<(Range<usize>, ShieldSet)> {
    if ranges.len() <= 1 {
        return ranges.into_iter().filter(|(range, _)| !range.is_empty()).collect();
    }
    let mut edges: Vec<(usize, bool, ShieldSet)> = Vec::with_capacity(2 * ranges.len());
    for (range, what) in ranges.into_iter().filter(|(range, _)| !range.is_empty()) {
        edges.push((range.start, true, what));
        edges.push((range.end, false, what));
    }
    edges.sort_unstable_by_key(|(at, ..)| *at);
    let mut out: Vec<(Range<usize>, ShieldSet)> = Vec::with_capacity(edges.len() / 2);
    let mut open = [0u32; u16::BITS as usize];
    let (mut from, mut now) = (0, 0u16);
    for (at, opens, what) in edges {
        if from < at && now != 0 {
            match out.last_mut() {
                Some((last, set)) if last.end == from && set.0 == now => last.end = at,
                _ => out.push((from..at, ShieldSet(now))),
            }
        }
        from = at;
        let mut rest = what.0;
        while rest != 0 {
            let bit = rest.trailing_zeros();
            rest &= rest - 1;
            let count = &mut open[bit as usize];
            *count = if opens { *count + 1 } else { *count - 1 };
            now = if *count > 0 { now | 1 << bit } else { now & !(1 << bit) };
        }
    }
    out
}

#[cfg(test)]
mod tests;
