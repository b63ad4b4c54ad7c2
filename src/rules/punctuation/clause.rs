//! Commas, semicolons, colons, exclamation and question marks, and stops at line ends.
//!
//! Invariant: deciding a second time decides nothing new, since each line is read until nothing
//! changes.

use super::Mark;
use super::line::{Line, begins_clause, ends_clause};
use crate::edit::Edits;
use crate::script::{is_blank, is_cjk, is_closing, is_han, is_opening, is_stop};
use crate::view::View;

/// Which marks to look at.
#[derive(Debug)]
pub struct Wanted {
    marks: Vec<char>,
}

impl Wanted {
    /// The ASCII marks that a list of the kind stands for.
    pub fn of(list: &[Mark]) -> Self {
        let ascii = |mark: &Mark| match mark {
            Mark::Commas => ",",
            Mark::Semicolons => ";",
            Mark::Colons => ":",
            Mark::Exclamations => "!?",
            Mark::Stops => ".",
            _ => "",
        };
        Self { marks: list.iter().flat_map(|mark| ascii(mark).chars()).collect() }
    }
}

/// Pushes full-width marks for ASCII ones.
pub fn edits(view: &View, wanted: &Wanted, out: &mut Edits) {
    if wanted.marks.is_empty() {
        return;
    }
    // The inventory may name a mark that is gone.
    let asked = view.inventory().has('？') && view.text().contains('？');
    let lines = view.lines_to_see().filter(|line| holds(&view.text().as_bytes()[(*line).clone()], wanted));
    for mut line in lines.filter_map(|line| Line::of(view, line.clone())) {
        let fixed = fixed(&line);
        let mut changed = true;
        while changed {
            changed = false;
            let prose = line.is_prose();
            for (index, fixed) in fixed.iter().enumerate() {
                let mark = line.at(index);
                if !mark.is_ascii_punctuation() || !wanted.marks.contains(&mark) || *fixed {
                    continue;
                }
                let wide = match mark {
                    ',' => comma(&line, index, prose).then_some('，'),
                    ';' => semicolon(&line, index, prose).then_some('；'),
                    ':' => colon(&line, index, prose).then_some('：'),
                    '!' => exclamation(&line, index, prose).then_some('！'),
                    '?' => (exclamation(&line, index, prose) && asks(&line, index, asked)).then_some('？'),
                    _ => stop(&line, index).then_some('。'),
                };
                if let Some(wide) = wide {
                    line.set(index, wide);
                    line.drop_blanks_before(index);
                    let (right, _) = line.word_after(index);
                    if begins_clause(right) || right.is_ascii_alphanumeric() || is_straight(right) {
                        line.drop_blanks_after(index);
                    }
                    changed = true;
                }
            }
        }
        line.push(out);
    }
}

/// True where one of the marks stands beside something that is no ASCII, blanks aside.
fn holds(line: &[u8], wanted: &Wanted) -> bool {
    let wide = |byte: Option<&u8>| byte.is_some_and(|byte| !byte.is_ascii());
    let solid = |byte: &&u8| !matches!(**byte, b' ' | b'!' | b'?');
    let beside = |at: usize| wide(line[..at].iter().rev().find(solid)) || wide(line[at + 1..].iter().find(solid));
    memchr::memchr3_iter(b',', b';', b':', line)
        .chain(memchr::memchr3_iter(b'!', b'?', b'.', line))
        .any(|at| wanted.marks.contains(&char::from(line[at])) && (line[..at].ends_with(b"%") || beside(at)))
}

/// Characters inside `[ ]` and `{ }`, and inside the brackets of a call whose arguments are mostly
/// no Hanzi: lists and code.
fn fixed(line: &Line) -> Vec<bool> {
    let mut fixed = vec![false; line.len()];
    let mut open: Vec<(usize, char)> = Vec::new();
    for index in 0..line.len() {
        let c = line.at(index);
        let mate = match c {
            '[' | '{' | '(' => {
                open.push((index, c));
                continue;
            }
            ']' => '[',
            '}' => '{',
            ')' => '(',
            _ => continue,
        };
        let Some(place) = open.iter().rposition(|(_, c)| *c == mate) else { continue };
        let (from, _) = open[place];
        open.truncate(place);
        let inner = from + 1..index;
        let han = inner.clone().filter(|at| is_cjk(line.at(*at))).count();
        let call = line.before(from).is_ascii_alphanumeric() || line.before(from) == '_';
        let link = c == ']' && line.after(index) == '(';
        if c != ')' && han < 20 && !link || call && (han * 2 < inner.len() || inner.len() <= 8) {
            fixed[inner].fill(true);
        }
    }
    fixed
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
}

/// Quotes of one kind for both ends: what stands on the other side decides.
fn is_straight(c: char) -> bool {
    matches!(c, '"' | '\'')
}

/// What stands before a mark and how many blanks are between; a link counts as a full-width bracket.
fn left_of(line: &Line, index: usize) -> (char, usize) {
    let (left, blanks) = line.word_before(index);
    if left == ')' && blanks == 0 && closes_link(line, index - 1) { ('）', 0) } else { (left, blanks) }
}

/// True for the bracket that ends `[text](target)`.
fn closes_link(line: &Line, index: usize) -> bool {
    /// A target is no longer than this, or each bracket of a long line would be read to its start.
    const LONGEST: usize = 2000;
    let mut depth = 0;
    for at in (0..index).rev().take(LONGEST) {
        match line.at(at) {
            ')' => depth += 1,
            '(' if depth == 0 => return at > 0 && line.at(at - 1) == ']',
            '(' => depth -= 1,
            _ => {}
        }
    }
    false
}

fn comma(line: &Line, index: usize, prose: bool) -> bool {
    let ((left, blanks), (right, _)) = (left_of(line, index), line.word_after(index));
    if blanks > 0 && !ends_clause(left) {
        return false;
    }
    let any_left = ends_clause(left) || left.is_ascii_alphanumeric() || matches!(left, '%' | '`' | '$');
    if is_latin_list(line, index, left) || is_series(line, index, left) {
        return false;
    }
    let quoted = prose && (is_straight(left) || left == ')') && line.has_stop();
    match right {
        '\n' => ends_clause(left) && prose,
        _ if begins_clause(right) => any_left || quoted,
        _ if right.is_ascii_digit() => ends_clause(left) || left == '%' && prose,
        _ if is_latin(right) => (ends_clause(left) || left == '%') && (prose || between_han(line, index)),
        _ if is_straight(right) => ends_clause(left) && prose,
        _ => false,
    }
}

/// True where there are Hanzi on both sides of a mark, as far as the next full-width one.
fn between_han(line: &Line, index: usize) -> bool {
    let (left, right) = ((0..index).rev(), index + 1..line.len());
    let han = |clause: &mut dyn Iterator<Item = usize>| {
        clause.map(|at| line.at(at)).take_while(|c| !is_stop(*c)).any(is_han)
    };
    han(&mut left.into_iter()) && han(&mut right.into_iter())
}

/// True where the comma is not the first after Latin words of one clause: a list in English style,
/// which keeps all of its commas.
fn is_latin_list(line: &Line, index: usize, left: char) -> bool {
    let clause = (0..index).rev().map(|at| line.at(at)).take_while(|c| !is_stop(*c) && !is_han(*c));
    left.is_ascii() && !left.is_ascii_digit() && clause.filter(|c| *c == ',').count() > 0
}

/// True behind the dots of `1,2,…,n`.
fn is_series(line: &Line, index: usize, left: char) -> bool {
    left == '…' && (0..index).rev().map(|at| line.at(at)).find(|c| *c != '…') == Some(',')
}

/// What asks in a clause; without one of them a question mark between two Hanzi may stand for a
/// character that an encoding has lost.
const QUESTION: &str = "吗嗎么麼呢吧啊呀嘛何谁誰哪怎几幾否什甚岂豈孰乎哉耶欤歟是不没沒";

/// True where a question mark ends a question: by where it stands, by the words before it, or,
/// where a document has no other (`asked`), always.
fn asks(line: &Line, index: usize, asked: bool) -> bool {
    let clause = (0..index).rev().map(|at| line.at(at)).take_while(|c| !is_stop(*c)).take(40);
    !asked || !is_han(line.after(index)) || clause.into_iter().any(|c| QUESTION.contains(c))
}

fn semicolon(line: &Line, index: usize, prose: bool) -> bool {
    let ((left, blanks), (right, _)) = (left_of(line, index), line.word_after(index));
    if blanks > 0 && !ends_clause(left) {
        return false;
    }
    let figure = left == '%' && between_han(line, index) || prose && (left.is_ascii_digit() || left == '%');
    match right {
        '\n' => ends_clause(left),
        _ if begins_clause(right) => ends_clause(left) || figure || left == '`' || prose && is_latin(left),
        _ if right.is_ascii_digit() || is_latin(right) || is_straight(right) => ends_clause(left) && prose,
        _ => false,
    }
}

fn colon(line: &Line, index: usize, prose: bool) -> bool {
    let ((left, blanks), (right, _)) = (left_of(line, index), line.word_after(index));
    if left == '`' && blanks == 0 {
        return begins_clause(right);
    }
    if !(is_han(left) || is_closing(left)) || blanks > 1 {
        return false;
    }
    match right {
        '\n' => true,
        // `:smile:` and `::`
        _ if is_latin(right) => {
            !line.text().contains("::") && !is_emoji(line, index) && !is_command(line, index)
        }
        _ if right.is_ascii_digit() || is_straight(right) => true,
        '*' | '￥' => true,
        '`' | '[' | '¥' | '$' | '&' => prose,
        _ => begins_clause(right),
    }
}

/// A short code such as `:smile:` that begins at the colon.
fn is_emoji(line: &Line, index: usize) -> bool {
    let name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '+' | '-');
    let len = (index + 1..line.len()).take_while(|at| name(line.at(*at))).count();
    len > 1 && line.at(index + 1 + len) == ':' && line.at(index + 2 + len) != '/'
}

/// A command such as `:wq` that begins at the colon, after a word for typing: `输入:wq`.
fn is_command(line: &Line, index: usize) -> bool {
    const TYPING: [&str; 11] =
        ["输入", "輸入", "键入", "鍵入", "敲入", "执行", "執行", "运行", "運行", "使用", "用"];
    let (before, behind) = line.around(index);
    let word = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_lowercase()).len();
    let ends = !behind[word..].starts_with(|c: char| c.is_ascii_alphanumeric() || "_-.:/\\@".contains(c));
    (1..=12).contains(&word) && ends && TYPING.iter().any(|verb| before.ends_with(verb))
}

fn exclamation(line: &Line, index: usize, prose: bool) -> bool {
    let is_mark = |c: char| matches!(c, '!' | '?' | '！' | '？');
    let left = line.before(index);
    let head = (0..index).rev().find(|at| line.at(*at) != '\0' && !is_mark(line.at(*at)));
    let ends = head.is_some_and(|at| ends_clause(line.at(at)) || line.at(at) == ')' && closes_link(line, at));
    if !ends || is_blank(left) {
        return false;
    }
    let tail = (index + 1..line.len()).find(|at| !is_mark(line.at(*at)) && line.at(*at) != '\0');
    let right = tail.map_or('\n', |at| if is_blank(line.at(at)) { line.word_after(at).0 } else { line.at(at) });
    match right {
        '\n' | '）' | ')' | '*' | '@' | '#' => true,
        _ if is_straight(right) || right.is_ascii_digit() || is_latin(right) => prose,
        _ => begins_clause(right) || is_closing(right) || is_stop(right) || matches!(right, '…' | '—'),
    }
}

/// A stop at the end of the line, or before the quotes and brackets that end it, after five Hanzi
/// and more; a shorter line without another mark may be an ordinal or an abbreviation.
fn stop(line: &Line, index: usize) -> bool {
    let left = match left_of(line, index) {
        (left, 0) => left,
        _ => return false,
    };
    let sentence = line.han >= 5 || line.han >= 3 && line.has_stop();
    if !sentence || !(is_han(left) || is_closing(left) || matches!(left, '%' | '‰' | '℃')) || is_opening(left) {
        return false;
    }
    // Few marks may follow: a long line is not read to its end for each of its stops.
    let mut behind = (index + 1..line.len()).map(|at| line.at(at)).filter(|c| *c != '\0');
    let ends = |c: char| is_closing(c) || is_blank(c) || matches!(c, '"' | '\'' | ')');
    behind.by_ref().take(2).all(ends) && behind.next().is_none()
}
