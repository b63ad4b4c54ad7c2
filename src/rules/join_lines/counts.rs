//! Counts over the whole text that tell which letters stand side by side in it.
//!
//! Invariant: one pass over the text, however many places are asked about.

use std::collections::HashMap;

use crate::script::{is_cjk, is_hangul};
use crate::view::View;

/// How often each pair of letters asked about stands side by side, and each letter of them at all.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pairs: HashMap<(char, char), u32>,
    first: HashMap<char, u32>,
    second: HashMap<char, u32>,
    letters: u32,
}

impl Pairs {
    /// Counts the pairs asked about. The cuts themselves do not count: a line end stands there.
    pub fn count(text: &str, asked: impl Iterator<Item = (char, char)>) -> Self {
        let mut counts = Self::default();
        for (a, b) in asked {
            counts.pairs.insert((a, b), 0);
            counts.first.insert(a, 0);
            counts.second.insert(b, 0);
        }
        let mut last = '\n';
        for c in text.chars() {
            if is_cjk(c) {
                counts.letters += 1;
                if let Some(count) = counts.second.get_mut(&c) {
                    *count += 1;
                    if let Some(pair) = counts.pairs.get_mut(&(last, c)) {
                        *pair += 1;
                    }
                }
                if let Some(count) = counts.first.get_mut(&c) {
                    *count += 1;
                }
            }
            last = c;
        }
        counts
    }

    /// True where the two stand side by side more often than chance would have it: at least once,
    /// and at least five times as often as their own counts would make them.
    pub fn belong(&self, a: char, b: char) -> bool {
        let (Some(&both), Some(&first), Some(&second)) =
            (self.pairs.get(&(a, b)), self.first.get(&a), self.second.get(&b))
        else {
            return false;
        };
        let chance = f64::from(first) * f64::from(second) / f64::from(self.letters.max(1));
        both > 0 && f64::from(both) >= chance * 5.0
    }
}

/// True where a blank parts the two characters: always between words of writings with spaces,
/// never between Hanzi, and between a Hanzi and a letter where the rest of the text has it so.
pub(super) fn parts_words(view: &View, before: char, after: char) -> bool {
    let wide = |c: char| is_cjk(c) || ('\u{3000}'..='\u{303f}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c);
    let mark = |c: char| crate::layout::width(c, view.script()) == 2 && !c.is_alphanumeric();
    match (before, after) {
        (a, b) if wide(a) && wide(b) || mark(a) && !is_hangul(b) || mark(b) && !is_hangul(a) => false,
        (a, b) if (is_cjk(a) || is_cjk(b)) && a.is_alphanumeric() && b.is_alphanumeric() => spaces_scripts(view),
        (a, b) if is_cjk(a) || is_cjk(b) => false,
        (_, b) => !matches!(b, ',' | '.' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '%'),
    }
}

/// True where the text puts a blank between Hanzi and Latin letters more often than not.
fn spaces_scripts(view: &View) -> bool {
    let (mut with, mut without) = (0u32, 0u32);
    let (mut before, mut last) = ('\n', '\n');
    for c in view.text().chars() {
        let mixed = |a: char, b: char| is_cjk(a) && b.is_ascii_alphanumeric() || a.is_ascii_alphanumeric() && is_cjk(b);
        without += u32::from(mixed(last, c));
        with += u32::from(last == ' ' && mixed(before, c));
        (before, last) = (last, c);
    }
    with > without
}
