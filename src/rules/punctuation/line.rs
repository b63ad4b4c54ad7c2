//! One line of Chinese, as the rules of punctuation read it.
//!
//! Invariant: a `Line` is Chinese; the index of a character stays the same while marks around it
//! change, so that each decision sees those before it.

use std::borrow::Cow;
use std::ops::Range;

use crate::edit::Edits;
use crate::script::{Script, Writing, is_blank, is_cjk, is_closing, is_han, is_opening, is_stop};
use crate::view::View;

/// A line and what has been decided about it so far.
#[derive(Debug)]
pub struct Line<'t> {
    text: &'t str,
    /// Byte range of the line in the text, without its line end.
    pub range: Range<usize>,
    /// Each character with its byte offset in the text; a character that goes is `None`.
    chars: Vec<(usize, char)>,
    now: Vec<Option<char>>,
    /// Hanzi of the line.
    pub han: usize,
}

impl<'t> Line<'t> {
    /// The line at a byte range, if it is Chinese.
    pub fn of(view: &View<'t>, range: Range<usize>) -> Option<Self> {
        let text = view.text();
        let line = &text[range.clone()];
        if line.is_ascii() || !is_chinese(view, &range) || is_reference(line) {
            return None;
        }
        let chars: Vec<(usize, char)> = line.char_indices().map(|(at, c)| (range.start + at, c)).collect();
        let now = chars.iter().map(|(_, c)| Some(*c)).collect();
        let han = chars.iter().filter(|(_, c)| is_han(*c)).count();
        Some(Self { text, range, chars, now, han })
    }

    /// Characters of the line, those that go included.
    pub fn len(&self) -> usize {
        self.chars.len()
    }

    /// The character at an index, as decided so far; `\0` for one that goes, `\n` beyond the ends.
    pub fn at(&self, index: usize) -> char {
        self.now.get(index).map_or('\n', |c| c.unwrap_or('\0'))
    }

    /// The character `back` places before an index, those that go left out; `\n` before the line.
    pub fn before(&self, index: usize) -> char {
        self.now[..index].iter().rev().find_map(|c| *c).unwrap_or('\n')
    }

    /// The character after an index.
    pub fn after(&self, index: usize) -> char {
        self.now.get(index + 1..).and_then(|rest| rest.iter().find_map(|c| *c)).unwrap_or('\n')
    }

    /// The last character before an index that is no blank, and how many blanks are between.
    pub fn word_before(&self, index: usize) -> (char, usize) {
        let mut left = self.now[..index].iter().rev().filter_map(|c| *c).peekable();
        let mut blanks = 0;
        while left.next_if(|c| is_blank(*c)).is_some() {
            blanks += 1;
        }
        (left.next().unwrap_or('\n'), blanks)
    }

    /// The first character after an index that is no blank, and how many blanks are between.
    pub fn word_after(&self, index: usize) -> (char, usize) {
        let mut right = self.now.get(index + 1..).unwrap_or_default().iter().filter_map(|c| *c).peekable();
        let mut blanks = 0;
        while right.next_if(|c| is_blank(*c)).is_some() {
            blanks += 1;
        }
        (right.next().unwrap_or('\n'), blanks)
    }

    /// Puts another character at an index.
    pub fn set(&mut self, index: usize, c: char) {
        self.now[index] = Some(c);
    }

    /// Takes a character out.
    pub fn drop(&mut self, index: usize) {
        self.now[index] = None;
    }

    /// Takes the one or two blanks after an index out; more of them align something.
    pub fn drop_blanks_after(&mut self, index: usize) {
        let blanks = self.now[index + 1..].iter().take_while(|c| c.is_none_or(is_blank)).count();
        if blanks <= 2 {
            self.now[index + 1..index + 1 + blanks].fill(None);
        }
    }

    /// Takes the one or two blanks before an index out.
    pub fn drop_blanks_before(&mut self, index: usize) {
        let blanks = self.now[..index].iter().rev().take_while(|c| c.is_none_or(is_blank)).count();
        if blanks <= 2 && blanks < index {
            self.now[index - blanks..index].fill(None);
        }
    }

    /// Byte offset of a character in the text.
    pub fn offset(&self, index: usize) -> usize {
        self.chars.get(index).map_or(self.range.end, |(at, _)| *at)
    }

    /// True where the line is more than a label: it has a full-width mark or eight Hanzi.
    pub fn is_prose(&self) -> bool {
        self.han >= 8 || self.has_stop()
    }

    /// True where the line has a full-width mark that ends a clause.
    pub fn has_stop(&self) -> bool {
        self.now.iter().flatten().any(|c| is_stop(*c))
    }

    /// Pushes what has been decided.
    pub fn push(&self, out: &mut Edits) {
        let mut index = 0;
        while index < self.len() {
            let from = index;
            let mut with = String::new();
            while index < self.len() && self.now[index] != Some(self.chars[index].1) {
                with.extend(self.now[index]);
                index += 1;
            }
            if index > from {
                out.replace(self.offset(from)..self.offset(index), with);
            }
            index += 1;
        }
    }

    /// The text of the line as it was, before the character at an index and behind it.
    pub fn around(&self, index: usize) -> (&'t str, &'t str) {
        (&self.text[self.range.start..self.offset(index)], &self.text[self.offset(index + 1)..self.range.end])
    }

    /// The text of the line as it was.
    pub fn text(&self) -> &'t str {
        &self.text[self.range.clone()]
    }
}

/// True for a line of Chinese, addresses and code left out. A line without kana or hangul in a
/// Japanese or Korean document counts as that language unless it is longer than such lines are
/// there: thirty Hanzi.
pub fn is_chinese(view: &View, line: &Range<usize>) -> bool {
    let text = &view.text()[line.clone()];
    let letters = view.letters(line);
    let script = match letters.script() {
        Script::Other if text.contains(is_han) => Script::of(&outside(&unguarded(view, line))),
        script => script,
    };
    let foreign = matches!(view.script(), Script::Kana | Script::Hangul);
    let english = || letters.of_writing(Writing::Other) > 1 && is_english(text);
    script == Script::Han && !english() && (!foreign || text.chars().filter(|c| is_han(*c)).count() >= 30)
}

/// True for an entry of a bibliography as GB/T 7714-2015 sets it, with ASCII marks: it has a mark
/// for the kind of document (appendix B), such as `[M]` or `[EB/OL]`, and one of these behind it.
fn is_reference(line: &str) -> bool {
    const KINDS: [&str; 16] =
        ["M", "C", "G", "N", "J", "D", "R", "S", "P", "DB", "CP", "EB", "A", "CM", "DS", "Z"];
    const CARRIERS: [&str; 4] = ["OL", "CD", "DK", "MT"];
    line.match_indices('[').any(|(at, _)| {
        let Some((mark, after)) = line[at + 1..].split_once(']') else { return false };
        let (kind, carrier) = mark.split_once('/').map_or((mark, None), |(kind, carrier)| (kind, Some(carrier)));
        let known = KINDS.contains(&kind) && carrier.is_none_or(|carrier| CARRIERS.contains(&carrier));
        known && at > 0 && (after.starts_with(['.', ',', '[']) || after.starts_with("//"))
    })
}

/// Words that hold an English sentence together.
const GLUE: [&str; 16] = [
    " and ", " or ", " the ", " of ", " is ", " are ", " was ", " in ", " to ", " for ", " with ", " from ", " by ", " at ",
    " that ", " like ",
];

/// True for an English sentence with Chinese words in it: one of the words that hold English
/// together stands outside of all quotes and titles, among at least as many letters as Hanzi.
fn is_english(line: &str) -> bool {
    if !line.contains(' ') || !GLUE.iter().any(|word| line.contains(word)) {
        return false;
    }
    let outside = outside(&unquoted(line));
    let letters = outside.bytes().filter(u8::is_ascii_alphabetic).count();
    GLUE.iter().any(|word| outside.contains(word)) && letters >= outside.chars().filter(|c| is_han(*c)).count()
}

/// A line without what stands between straight quotes, where those come in pairs and Hanzi stand around them.
fn unquoted(line: &str) -> Cow<'_, str> {
    // Each second piece is between two quotes.
    let free = || line.split('"').step_by(2);
    if memchr::memchr_iter(b'"', line.as_bytes()).count().is_multiple_of(2) && free().any(|piece| piece.contains(is_han)) {
        return Cow::Owned(free().collect::<Vec<_>>().join("\""));
    }
    Cow::Borrowed(line)
}

/// A line without what stands between quotes, brackets and title marks.
fn outside(line: &str) -> String {
    let mut depth = 0usize;
    let free = |c: &char| {
        depth += usize::from(is_opening(*c));
        depth -= usize::from(is_closing(*c)).min(depth);
        depth == 0
    };
    line.chars().filter(free).collect()
}

/// The text of a line without its guarded pieces.
fn unguarded(view: &View, line: &Range<usize>) -> String {
    let mut free = String::new();
    let mut from = line.start;
    for guarded in view.shields().within(line) {
        free.push_str(&view.text()[from..guarded.start.max(from)]);
        from = guarded.end.min(line.end);
    }
    free.push_str(&view.text()[from..line.end]);
    free
}

/// A Hanzi, or a mark that closes what stands before it, or a sign of percent: what a clause ends
/// in.
pub fn ends_clause(c: char) -> bool {
    is_cjk(c) || is_closing(c) || matches!(c, '％' | '‰' | '℃' | '…' | '—')
}

/// A Hanzi or a mark that opens what stands after it: what a clause begins with.
pub fn begins_clause(c: char) -> bool {
    is_cjk(c) || is_opening(c)
}
