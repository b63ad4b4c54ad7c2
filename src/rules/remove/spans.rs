//! Pieces of lines that are deleted cleanly: without double blanks, empty lines or loose ornaments.
//!
//! Invariant: what is taken beyond a piece is white space, ornaments, brackets that enclose nothing
//! else, and names spelt out with ornaments.

use std::ops::Range;

use crate::edit::Edits;
use crate::fold::{fold, is_strange};
use crate::script::{is_blank, is_cjk};
use crate::view::with_line_end;

/// Draws the ornaments and the pair of brackets round a range into it.
fn with_ornaments(piece: &str, at: Range<usize>) -> Range<usize> {
    const PAIRS: &str = "--~~||@@（）()[]【】〖〗〔〕［］｛｝《》<>「」『』{}";
    let mut wide = at;
    let close_sign = piece[wide.end..].chars().next().filter(|c| is_strange(*c));
    loop {
        let before = piece[..wide.start].trim_end_matches(is_blank);
        let after = piece[wide.end..].trim_start_matches(is_blank);
        let (open, close) = (before.chars().next_back(), after.chars().next());
        let pair = open.zip(close).is_some_and(|(open, close)| {
            PAIRS.chars().zip(PAIRS.chars().skip(1)).step_by(2).any(|pair| pair == (open, close))
        });
        let dotted = |rest: &str| rest.trim_start_matches('.').starts_with(is_strange);
        let hides = piece[wide.clone()].contains(['*', '^']);
        let ornament = |c: &char, rest: &str| {
            is_strange(*c) || (*c == '.' && dotted(rest)) || (*c == '!' && hides)
        };
        if pair {
            wide = before.len() - open.map_or(0, char::len_utf8)
                ..piece.len() - after.len() + close.map_or(0, char::len_utf8);
        } else if let Some(open) = piece[..wide.start].chars().next_back().filter(|c| is_strange(*c)) {
            wide.start -= open.len_utf8();
        } else if let Some(close) = piece[wide.end..].chars().next().filter(|c| ornament(c, &piece[wide.end..])) {
            wide.end += close.len_utf8();
        } else if let Some(len) = spelt_out(&piece[..wide.start], close_sign) {
            wide.start -= len;
        } else if let Some(whole) = with_name(piece, &wide) {
            wide = whole;
        } else {
            return wide;
        }
    }
}

/// The most characters of a name that stands beside an address in its brackets.
const LONGEST_NAME: usize = 6;

/// The pair of angle brackets, which hold nothing of a text, that holds a range and beside it no more than a name: `<墨坛-` before it and `>` behind it.
fn with_name(piece: &str, at: &Range<usize>) -> Option<Range<usize>> {
    let part = |c: char| is_cjk(c) && c.is_alphanumeric() || matches!(c, '-' | '—' | ':' | '：' | ' ');
    let before = piece[..at.start].trim_end_matches(part);
    let after = piece[at.end..].trim_start_matches(part);
    let (open, close) = (before.chars().next_back()?, after.chars().next()?);
    let wide = before.len() - open.len_utf8()..piece.len() - after.len() + close.len_utf8();
    let beside = piece[wide.clone()].chars().count() - 2 - piece[at.clone()].chars().count();
    ((open, close) == ('<', '>') && beside <= LONGEST_NAME).then_some(wide)
}

/// The length of a name at the end of a text that has a sign between all its Hanzi: `笔・趣・阁`.
/// Where the same sign closes the whole, as in `|优|优|`, it opens it as well, and the Hanzi
/// before the first sign is no part of the name.
fn spelt_out(text: &str, close_sign: Option<char>) -> Option<usize> {
    let mut chars = text.chars().rev().peekable();
    let mut last = chars.next().filter(|c| is_cjk(*c))?;
    let (mut len, mut opened) = (0, false);
    while let Some(sign) = chars.next_if(|c| is_strange(*c)) {
        opened = close_sign == Some(sign);
        match chars.next_if(|c| is_cjk(*c)) {
            Some(han) => {
                len += last.len_utf8() + sign.len_utf8();
                last = han;
            }
            None if opened => return Some(len + last.len_utf8() + sign.len_utf8()),
            None => break,
        }
    }
    let rest = if opened { 0 } else { last.len_utf8() };
    (len > 0).then_some(len + rest)
}

/// Collects pieces of lines to delete and takes them out cleanly.
pub(in crate::rules) struct Spans<'t> {
    text: &'t str,
    spans: Vec<Range<usize>>,
}

impl<'t> Spans<'t> {
    pub(in crate::rules) fn new(text: &'t str) -> Self {
        Self { text, spans: Vec::new() }
    }

    pub(in crate::rules) fn push(&mut self, span: Range<usize>) {
        match self.spans.last_mut() {
            Some(last) if last.end >= span.start => last.end = last.end.max(span.end),
            _ => self.spans.push(span),
        }
    }

    /// Takes in a span with the ornaments and brackets round it; not one that is the domain of a mailbox.
    pub(in crate::rules) fn push_wide(&mut self, span: Range<usize>) {
        let mailbox = self.text[..span.start].strip_suffix(['@', '＠']);
        if mailbox.is_some_and(|name| name.ends_with(|c| fold(c).is_some_and(|c| c.is_ascii()))) {
            return;
        }
        let line = self.line(&span);
        let wide = with_ornaments(&self.text[line.clone()], span.start - line.start..span.end - line.start);
        self.push(line.start + wide.start..line.start + wide.end);
    }

    pub(in crate::rules) fn finish(self, out: &mut Edits) {
        let mut spans = &self.spans[..];
        while let Some(first) = spans.first() {
            let line = self.line(first);
            let (here, rest) = spans.split_at(spans.partition_point(|span| span.start < line.end).max(1));
            spans = rest;
            let wordy = |span: &Range<usize>| self.text[span.clone()].contains(char::is_alphanumeric);
            if here.iter().any(wordy) && self.empties(&line, here) {
                out.remove(with_line_end(self.text, &line));
                continue;
            }
            for span in here.iter().filter(|span| !self.is_quoted(span)) {
                out.remove(if wordy(span) { self.tidy(span.clone(), &line) } else { span.clone() });
            }
        }
    }

    /// True for all that stands between a pair of quotes: somebody says what it is.
    fn is_quoted(&self, span: &Range<usize>) -> bool {
        let (before, after) = (&self.text[..span.start], &self.text[span.end..]);
        [('“', '”'), ('‘', '’')].iter().any(|(open, close)| before.ends_with(*open) && after.starts_with(*close))
    }

    /// The lines that a span begins and ends in.
    fn line(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[span.end..].find('\n').map_or(self.text.len(), |at| span.end + at);
        start..end
    }

    fn empties(&self, line: &Range<usize>, spans: &[Range<usize>]) -> bool {
        let mut from = line.start;
        let mut blank = |to: usize, next: usize| {
            let piece = &self.text[from..to];
            from = next;
            piece.chars().all(char::is_whitespace)
        };
        spans.iter().all(|span| blank(span.start, span.end)) && blank(line.end, line.end)
    }

    /// Widens a span by the blanks that would stand twice, at an end of the line, or between
    /// letters that want none.
    fn tidy(&self, span: Range<usize>, line: &Range<usize>) -> Range<usize> {
        let (before, after) = (&self.text[line.start..span.start], &self.text[span.end..line.end.max(span.end)]);
        let (left, right) = (before.trim_end_matches(is_blank), after.trim_start_matches(is_blank));
        let (lead, trail) = (before.len() - left.len(), after.len() - right.len());
        if right.is_empty() {
            return line.start + left.len()..line.end;
        }
        if left.is_empty() {
            return span.start..span.end + trail;
        }
        let joins = |c: Option<char>| c.is_some_and(is_cjk);
        let tight = joins(left.chars().next_back()) && joins(right.chars().next());
        match (lead, trail) {
            (0, _) | (_, 0) if lead < 2 => span,
            _ if tight => span.start - lead..span.end + trail,
            // Two blanks part sentences in this text; the one before came with what goes.
            (1, 2) if left.ends_with(['.', '!', '?', '"', '”']) => span.start - lead..span.end,
            (1, _) => span.start..span.end + trail,
            _ => {
                let first = before[left.len()..].chars().next().map_or(0, char::len_utf8);
                span.start - (lead - first)..span.end + trail
            }
        }
    }
}
