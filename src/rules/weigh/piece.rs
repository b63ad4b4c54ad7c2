//! The pieces of a line that can go: what lies between brackets, and runs with what belongs to them.
//!
//! Invariant: every range lies on character boundaries of the line.

use std::ops::Range;

use crate::fold::is_strange;
use crate::rules::named::BRACKETS;
use crate::script::is_blank;

/// The last place where a character begins, at or before a byte offset.
pub(super) fn boundary(line: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| line.is_char_boundary(*at)).unwrap_or_default()
}

/// True for a heading, a row of a table or an item of a list: a site does not write its own lines so.
pub(super) fn is_structure(line: &str) -> bool {
    ["#", "|", "- ", "* ", ">", "    "].iter().any(|mark| line.starts_with(mark))
}

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

/// The longest item of an enumeration, in characters.
const LONGEST_ITEM: usize = 8;

/// True where brackets list what the word before them stands for: 「付费方式（订阅、打赏、月票）」. What begs, as in
/// 「（求收藏、求推荐）」, lists nothing.
pub(super) fn is_enumeration(line: &str, inside: &Range<usize>) -> bool {
    let word = line[..inside.start].trim_end_matches(|c| BRACKETS.contains(c) || is_blank(c));
    let follows = word.len() < inside.start && word.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '”' | '」' | '》'));
    let is_item = |item: &str| {
        let fits = (1..=LONGEST_ITEM).contains(&item.chars().count());
        fits && !item.starts_with(['求', '跪']) && item.chars().all(|c| c.is_alphabetic() && !c.is_ascii())
    };
    let inside = &line[inside.clone()];
    follows && inside.contains('、') && inside.split('、').all(is_item)
}

/// True for a sentence that goes on behind such a list.
pub(super) fn enumerates(line: &str) -> bool {
    let goes_on = |inside: &Range<usize>| line[inside.end..].contains(char::is_alphanumeric);
    line.contains('、') && brackets(line, &(0..line.len())).any(|(inside, _)| is_enumeration(line, &inside) && goes_on(&inside))
}

/// What stands between the brackets round a piece of a line.
pub(super) fn enclosing(line: &str, piece: &Range<usize>) -> Option<Range<usize>> {
    let is_bracket = |c: char| BRACKETS.contains(c);
    let (open, bracket) = line[..piece.start].char_indices().rfind(|(_, c)| is_bracket(*c))?;
    let end = piece.end + line[piece.end..].find(is_bracket)?;
    (line[end..].chars().next() == closing(bracket)).then_some(open + bracket.len_utf8()..end)
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
