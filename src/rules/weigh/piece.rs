//! The pieces of a line that can go: what lies between brackets, and runs with what belongs to them.
//!
//! Invariant: every range lies on character boundaries of the line.

use std::ops::Range;

use crate::fold::is_strange;
use crate::script::is_blank;

/// The last place where a character begins, at or before a byte offset.
pub(super) fn boundary(line: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| line.is_char_boundary(*at)).unwrap_or_default()
}

/// True for a heading, a row of a table or an item of a list: a site does not write its own lines so.
pub(super) fn is_structure(line: &str) -> bool {
    ["#", "|", "- ", "* ", ">", "    "].iter().any(|mark| line.starts_with(mark))
}

/// Pairs of brackets that quote nothing.
pub(super) const BRACKETS: &str = "（）()[]【】〔〕〖〗［］｛｝{}";

/// What closes a bracket, a quotation mark or a tag.
fn closing(open: char) -> Option<char> {
    Some(match open {
        '（' => '）',
        '(' => ')',
        '[' => ']',
        '【' => '】',
        '〔' => '〕',
        '〖' => '〗',
        '［' => '］',
        '｛' => '｝',
        '{' => '}',
        '>' => '<',
        '「' => '」',
        '『' => '』',
        '《' => '》',
        _ => return None,
    })
}

/// The sign at the other end of what this one points at.
fn mirrored(open: char) -> char {
    match open {
        '→' => '←',
        '▶' => '◀',
        '►' => '◄',
        '☞' => '☜',
        '👉' => '👈',
        '»' => '«',
        '>' => '<',
        _ => open,
    }
}

/// True for a sign that stands before an advert and points at it.
fn is_pointer(c: char) -> bool {
    mirrored(c) != c && c != '>' || matches!(c, '➤' | '➜' | '⇒' | '▷' | '👇' | '🔔' | '📢')
}

/// True for most of what a sentence is made of, which begins nothing that could be a pair.
fn is_usual(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '，' | '。' | '、' | '：' | '；' | '！' | '？' | '“' | '”' | ' ')
        || c.is_ascii_alphanumeric()
}

/// What lies between the brackets of each pair that holds no other of its kind, between tags, and between equal or mirrored
/// ornaments, one or several in a row, these included; and whether the brackets quote. Between tags one sentence at most.
pub(super) fn brackets<'l>(line: &'l str, within: &Range<usize>) -> impl Iterator<Item = (Range<usize>, bool)> + 'l {
    let from = within.start;
    let line = &line[..within.end];
    let signs = line[from..].char_indices().filter(|(_, c)| !is_usual(*c));
    signs.filter_map(move |(at, open)| {
        let at = from + at;
        let inside = at + open.len_utf8();
        let run = line[at..].len() - line[at..].trim_start_matches(open).len();
        let doubled = matches!(open, '=' | '-' | '>') && run >= 2 * open.len_utf8();
        if is_strange(open) || mirrored(open) != open && open != '>' || doubled {
            if line[..at].ends_with(open) {
                return None;
            }
            let inside = at + run;
            let end = inside + line[inside..].find([open, mirrored(open)])?;
            let close = line[end..].chars().next()?;
            let end = line.len() - line[end..].trim_start_matches(close).len();
            return Some((at..end, false));
        }
        let close = closing(open)?;
        let end = inside + line[inside..].find([open, close])?;
        let stops = |c: char| "。！？".contains(c);
        let sentences = open == '>' && line[inside..end].trim_end_matches(stops).contains(stops);
        (line[end..].starts_with(close) && !sentences).then_some((inside..end, "「『《".contains(open)))
    })
}

/// True where a sentence begins at this place of a line.
pub(super) fn begins_sentence(line: &str, at: usize) -> bool {
    let before = line[..at].trim_end_matches(is_blank).chars().next_back();
    before.is_none_or(|c| "。！？!?…”」』".contains(c) || is_pointer(c))
}

/// Draws into a run the bracket that it opens and nothing closes, a dash before it, and the stop of one that is a sentence
/// of its own.
pub(super) fn with_stop(line: &str, run: Range<usize>) -> Range<usize> {
    let before = line[..run.start].trim_end_matches(is_blank);
    let open = before.chars().next_back().filter(|c| BRACKETS.contains(*c));
    let close = open.and_then(closing);
    let lead = line[..run.start].trim_end_matches(|c| matches!(c, '—' | '@') || is_pointer(c));
    let mut at = lead.len()..run.end;
    if let (Some(open), Some(close)) = (open, close)
        && !line[at.end..].contains(close)
    {
        at.start = before.len() - open.len_utf8();
    }
    if begins_sentence(line, at.start)
        && let Some(stop) = line[at.end..].chars().next().filter(|c| "。！!，,；~～".contains(*c)) {
        at.end += stop.len_utf8();
    }
    at
}
