//! Guards of several lines: front matter, code blocks, tables, comments, displayed formulas.
//!
//! Invariant: a fence or a comment that is never closed guards nothing but itself, since scraped
//! texts use the same characters as ornaments.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use super::code::is_code;
use super::{Found, ShieldSet};
use crate::inventory::Inventory;

type Lines<'l> = &'l [Range<usize>];

/// True where the lines below may make a line the first of a block, or make it an item whose text goes on below.
pub fn may_begin(line: &str) -> bool {
    line.starts_with([' ', '\t'])
        || line.contains('|')
        || [',', '\t'].iter().any(|mark| line.contains(*mark) && is_row(line, *mark))
        || is_item(line)
        || fence(line).is_some()
}

/// Adds the guarded blocks of a text. `begins` are the numbers of the lines at which one may begin.
pub fn find(text: &str, lines: Lines, begins: &[usize], has: &Inventory, found: &mut Found) {
    let body = front_matter(text, lines).unwrap_or(0);
    if body > 0 {
        found.add(0..lines[body - 1].end, ShieldSet::FRONT_MATTER);
    }
    if has.has('<') {
        comments(text, found);
    }
    for (open, close) in [("$$", "$$"), ("\\[", "\\]")] {
        if open.chars().all(|c| has.has(c)) {
            formulas(text, open, close, found);
        }
    }
    // The line after the block found last, and after the run found last to be no table.
    let (mut free, mut prose) = (body, 0);
    // From how many backticks and tildes on no fence is closed any more.
    let mut lost = [usize::MAX; 2];
    // The line that continues an item of a list, if it is indented.
    let mut item = usize::MAX;
    for at in begins.iter().copied() {
        if at < free {
            continue;
        }
        let line = &text[lines[at].clone()];
        let listed = item == at;
        let block = fenced(text, lines, at, &mut lost)
            .or_else(|| (!listed && blank_before(text, lines, at)).then(|| indented(text, lines, at)).flatten())
            .map(|end| (end, ShieldSet::CODE_BLOCK))
            .or_else(|| table(text, lines, at, &mut prose).map(|end| (end, ShieldSet::TABLE)));
        if let Some((end, what)) = block {
            found.add(lines[at].start..lines[end - 1].end, what);
            free = end;
        } else if is_item(line) || listed && line.starts_with([' ', '\t']) {
            let next = lines[at + 1..].iter().position(|line| !line.is_empty());
            item = next.map_or(usize::MAX, |next| at + 1 + next);
        }
    }
}

/// The number of lines that the front matter at the start takes.
fn front_matter(text: &str, lines: Lines) -> Option<usize> {
    let line = |at: usize| text[lines[at].clone()].trim_end();
    let (close, key): (&[&str], fn(&str) -> bool) = match line(lines.first().map(|_| 0)?) {
        "---" => (&["---", "..."], |line| line.split_once(':').is_some_and(|(key, _)| is_key(key))),
        "+++" => (&["+++"], |line| line.split_once('=').is_some_and(|(key, _)| is_key(key))),
        "{" => (&["}"], |line| line.trim_start().starts_with('"') && line.contains("\":")),
        _ => return None,
    };
    // Longer metadata than a screen or two is not seen.
    let end = (1..lines.len().min(100)).find(|at| close.contains(&line(*at)))?;
    (1..end).any(|at| key(line(at))).then_some(end + 1)
}

/// A key as front matter has them, in any writing, without spaces.
fn is_key(key: &str) -> bool {
    let key = key.trim_end();
    !key.is_empty() && key.len() <= 40 && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"'))
}

/// The line after a fenced block that begins at line `at`. `lost` are the lengths from which on a row
/// of backticks or tildes is known to have no mate behind this line.
fn fenced(text: &str, lines: Lines, at: usize, lost: &mut [usize; 2]) -> Option<usize> {
    let (mark, len, info) = fence(&text[lines[at].clone()])?;
    // A row of tildes is an ornament of chat and forum pages unless it says what it fences.
    if info.contains(mark) || mark == '~' && len > 4 && info.is_empty() {
        return None;
    }
    let lost = &mut lost[usize::from(mark == '~')];
    if len >= *lost {
        return None;
    }
    let closes = |line: &Range<usize>| {
        fence(&text[line.clone()])
            .is_some_and(|(other, longer, info)| other == mark && longer >= len && info.is_empty())
    };
    let close = lines[at + 1..].iter().position(closes);
    if close.is_none() {
        *lost = len;
    }
    close.map(|inside| at + inside + 2)
}

/// The mark of a fence, how many there are and what follows them.
fn fence(line: &str) -> Option<(char, usize, &str)> {
    let bare = line.trim_start_matches([' ', '\t', '>', '\u{3000}']);
    let mark = bare.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = bare.trim_start_matches(mark);
    let len = bare.len() - info.len();
    (len >= 3).then_some((mark, len, info.trim()))
}

fn blank_before(text: &str, lines: Lines, at: usize) -> bool {
    at == 0 || text[lines[at - 1].clone()].trim().is_empty()
}

fn is_item(line: &str) -> bool {
    let bare = line.trim_start();
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    ["- ", "* ", "+ "].iter().any(|mark| bare.starts_with(mark))
        || digits > 0 && [". ", ") "].iter().any(|mark| bare[digits..].starts_with(mark))
}

/// The line after an indented block that begins at line `at`, where all of its lines are code.
fn indented(text: &str, lines: Lines, at: usize) -> Option<usize> {
    let deep = |line: &Range<usize>| {
        let line = &text[line.clone()];
        line.starts_with("    ") || line.starts_with('\t')
    };
    let blank = |line: &Range<usize>| text[line.clone()].trim().is_empty();
    // A block begins with code; from a blank line every other blank line would be looked at again.
    if !deep(&lines[at]) || blank(&lines[at]) {
        return None;
    }
    let mut end = None;
    for (next, line) in lines.iter().enumerate().skip(at) {
        match (blank(line), deep(line)) {
            (true, _) => {}
            (false, true) if is_code(&text[line.clone()]) => end = Some(next + 1),
            (false, true) => return None,
            (false, false) => break,
        }
    }
    end.filter(|end| *end > at + 1 || !is_loose_tag(text, lines, at))
}

/// How many lines on either side are looked at for the partner of a tag.
const REACH: usize = 400;

/// True for a line of one tag whose name begins or ends an element elsewhere without an indent: markup of the text that
/// was moved to the right, and no code.
fn is_loose_tag(text: &str, lines: Lines, at: usize) -> bool {
    let line = text[lines[at].clone()].trim();
    let Some(tag) = line.strip_prefix('<').and_then(|line| line.strip_suffix('>')) else { return false };
    let name = tag.trim_start_matches('/');
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    let begins = |line: &str| {
        let rest = line.strip_prefix('<').and_then(|line| line.trim_start_matches('/').strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(['>', ' ', '/']))
    };
    let near = &lines[at.saturating_sub(REACH)..lines.len().min(at + REACH)];
    !name.is_empty() && !tag.contains(['<', '>']) && near.iter().any(|line| begins(&text[line.clone()]))
}

/// The line after a run of table rows that begins at line `at`.
fn table(text: &str, lines: Lines, at: usize, prose: &mut usize) -> Option<usize> {
    let line = |at: usize| text.get(lines.get(at)?.clone());
    let first = line(at)?;
    if first.contains('|') {
        let bare = first.trim();
        if bare.len() > 1 && bare.starts_with('|') && bare.ends_with('|') {
            return Some(at + 1);
        }
        let rule = |line: &str| line.contains('|') && line.contains('-') && line.chars().all(|c| "|-:+ \t".contains(c));
        if line(at + 1).is_some_and(rule) {
            return Some(
                at + (at..lines.len()).take_while(|at| line(*at).is_some_and(|line| line.contains('|'))).count(),
            );
        }
    }
    if at < *prose {
        return None;
    }
    // Three rows with equally many cells are no accident, and two where the cells are figures; without any, four of a
    // word or two in each, unless they are verse.
    for mark in [',', '\t'] {
        let cells = |line: &str| line.matches(mark).count();
        let first = bare(first);
        let count = if first.contains(mark) { cells(&first) } else { 0 };
        if count == 0 || !is_row(&first, mark) {
            continue;
        }
        let row = |at: usize| line(at).map(bare);
        let rows = (at..lines.len())
            .take_while(|at| row(*at).is_some_and(|line| cells(&line) == count && is_row(&line, mark)))
            .count();
        let figures = (at..at + rows).filter(|at| row(*at).is_some_and(|line| line.split(mark).any(is_figure))).count();
        let sure = match mark {
            '\t' => rows >= 3,
            _ => {
                rows >= 3 && (count >= 2 && figures > 0 || figures * 2 > rows)
                    || rows >= 2 && figures >= 1 && count >= 1 && rows - figures <= 1
                    || rows >= 4
                        && count >= 2
                        && (at..at + rows).filter_map(row).all(|row| is_terse(&row))
                        && !(at..at + rows).filter_map(row).all(|row| is_even(&row))
            }
        };
        if sure {
            return Some(at + rows);
        }
        *prose = at + rows;
    }
    None
}

/// A row without what its cells hold between straight quotes: marks that part no cells (RFC 4180).
fn bare(line: &str) -> Cow<'_, str> {
    if !line.contains('"') || !line.matches('"').count().is_multiple_of(2) {
        return Cow::Borrowed(line);
    }
    Cow::Owned(line.split('"').enumerate().map(|(nth, piece)| if nth % 2 == 0 { piece } else { "x" }).collect())
}

/// A line that may be a row of cells and is no sentence.
fn is_row(line: &str, mark: char) -> bool {
    !line.contains(['。', '；', '！', '？', '，'])
        && !line.trim_end().ends_with(['.', ';', '!', '?', ':', '：', '、', '…', mark])
        && line.split(mark).all(|cell| cell.chars().count() <= 40)
        && (mark == '\t' || !line.contains(", "))
}

/// A row of cells of a word or two each.
fn is_terse(row: &str) -> bool {
    row.split(',').all(|cell| (1..=8).contains(&cell.trim().chars().count()))
}

/// A row of cells that are all as long, as the halves of a verse are.
fn is_even(row: &str) -> bool {
    let mut lengths = row.split(',').map(|cell| cell.trim().chars().count());
    let first = lengths.next();
    lengths.all(|length| Some(length) == first)
}

/// A cell that holds nothing but a number.
fn is_figure(cell: &str) -> bool {
    let cell = cell.trim_matches([' ', '"', '%', '￥', '¥', '$']);
    !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'/' | b':'))
}

/// HTML comments; those of one line only are found here too.
fn comments(text: &str, found: &mut Found) {
    let mut from = 0;
    while let Some(open) = memmem::find(&text.as_bytes()[from..], b"<!--").map(|at| from + at) {
        let Some(close) = memmem::find(&text.as_bytes()[open + 4..], b"-->") else { break };
        from = open + 4 + close + 3;
        found.add(open..from, ShieldSet::MARKUP);
    }
}

/// Formulas between `open` and `close`, no longer than a screen.
fn formulas(text: &str, open: &str, close: &str, found: &mut Found) {
    let mut from = 0;
    while let Some(at) = memmem::find(&text.as_bytes()[from..], open.as_bytes()).map(|at| from + at) {
        let inner = at + open.len();
        let near = &text.as_bytes()[inner..text.len().min(inner + 2000)];
        let len = memmem::find(near, close.as_bytes());
        let Some(len) = len.filter(|len| memmem::find(&near[..*len], b"\n\n").is_none()) else {
            from = inner;
            continue;
        };
        from = inner + len + close.len();
        if len > 0 {
            found.add(at..from, ShieldSet::MATH);
        }
    }
}
