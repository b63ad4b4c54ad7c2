//! Full-width letters and digits, and the marks that go with them.
//!
//! Invariant: a full-width mark changes only with the letters or digits on both sides of it.

use crate::edit::Edits;
use crate::script::{Script, ascii_form, is_cjk, is_closing, is_han, is_opening, is_stop};
use crate::view::View;

/// What stands before a time of day.
const TOLD: &str = "午晨晚夜间間日于於在至到";

/// Pushes the edits of full-width letters and digits.
pub fn letters(view: &View, out: &mut Edits) {
    let all = view.inventory();
    let present = all.has_in('０'..='９') || all.has_in('Ａ'..='Ｚ') || all.has_in('ａ'..='ｚ');
    if !present {
        return;
    }
    let habits = if view.script() == Script::Kana { habits(view.text()) } else { [false; 2] };
    let (text, region) = (view.text(), view.region());
    let (mut from, mut done) = (region.start, region.start);
    // All full-width forms share their first byte.
    while let Some(at) = memchr::memchr(0xef, &text.as_bytes()[from..region.end]).map(|at| from + at) {
        // Full-width marks, of which there are many, end here.
        let second_third = (text.as_bytes()[at + 1], text.as_bytes()[at + 2]);
        if !matches!(second_third, (0xbc, 0x90..=0x99 | 0xa1..=0xba) | (0xbd, 0x81..=0x9a)) {
            from = at + 3;
            continue;
        }
        let at = at - mark_before(text, done..at);
        let run = run(text, at);
        let habit = text[at..run].chars().any(|c| is_wide(c) && habits[usize::from(is_wide_digit(c))]);
        // 锟斤拷 is what GBK shows for bytes that UTF-8 has lost; what stands beside it is no letter.
        let lost = |c: Option<char>| c.is_some_and(|c| matches!(c, '锟' | '斤' | '拷'));
        let lost = lost(text[..at].chars().next_back()) || lost(text[run..].chars().next());
        let kept = habit || lost && text.contains("锟斤拷") || is_note(&text[..at]);
        if run > at && !kept {
            convert(text, at..run, out);
        }
        from = run.max(from + 3);
        done = from;
    }
}

/// True inside a note of Aozora Bunko, such as ［＃ここから２字下げ］, which is markup.
fn is_note(before: &str) -> bool {
    let line = &before[before.rfind('\n').unwrap_or(0)..];
    line.rfind("［＃").is_some_and(|open| !line[open..].contains('］'))
}

/// Whether a Japanese text writes letters, and digits, full-width on purpose: more than twice as
/// many runs among its kana and Hanzi as in ASCII.
fn habits(text: &str) -> [bool; 2] {
    let mut wide = [0usize; 2];
    let mut narrow = [0usize; 2];
    let borders = |c: char| {
        is_cjk(c) || is_stop(c) || is_closing(c) || is_opening(c) || matches!(c, '\n' | '\u{3000}')
    };
    let mut left = '\n';
    let mut run = None;
    for c in text.chars().chain(['\n']) {
        if !is_wide(c) && !c.is_ascii_alphanumeric() {
            if let Some(first) = run.take().filter(|_| borders(c)) {
                let count = if is_wide(first) { &mut wide } else { &mut narrow };
                count[usize::from(is_digit(first))] += 1;
            }
            left = c;
        } else if run.is_none() && borders(left) {
            run = Some(c);
            left = c;
        }
    }
    [0, 1].map(|kind| wide[kind] > 2 * narrow[kind])
}

/// Where the run of full-width letters, digits and marks between them ends that begins at `at`.
fn run(text: &str, at: usize) -> usize {
    let mut end = at;
    let mut rest = text[at..].char_indices().peekable();
    while let Some((step, c)) = rest.next() {
        let next = rest.peek().map(|(_, c)| *c);
        let goes = match c {
            _ if is_wide(c) => true,
            '％' => end > at && is_wide_digit(before(text, at + step)),
            // The mark that `mark_before` found.
            _ if step == 0 => true,
            '．' if end > at => next.is_some_and(is_either) || is_initial(text, at, at + step, next),
            '，' if end > at => is_thousand(text, at + step),
            '：' | '－' | '＠' | '／' if end > at => {
                let left = before(text, at + step);
                let address = text[at + step..].starts_with("：／／") || text[..at + step].ends_with("：／");
                let address = address || text[at + step..].starts_with("／") && left == '：';
                let joins = |next| match c {
                    '：' => is_wide(next) && is_digit(next) == is_digit(left) || is_time(text, at + step),
                    _ => is_either(next),
                };
                address || next.is_some_and(joins)
            }
            '\u{3000}' if end > at => next.is_some_and(is_wide) && is_word(text, at, at + step),
            _ => false,
        };
        if !goes {
            break;
        }
        end = at + step + c.len_utf8();
    }
    end
}

/// The length of the mark that joins what ends in ASCII to the full-width letter or digit at the end of a range:
/// `12：３０`, `a．ｃｎ`.
fn mark_before(text: &str, range: std::ops::Range<usize>) -> usize {
    let mut back = text[range.clone()].chars().rev();
    match (back.next(), back.next()) {
        (Some('．' | '＠' | '／' | '－'), Some(c)) if c.is_ascii_alphanumeric() => 3,
        (Some('：'), Some(c)) if c.is_ascii_digit() && is_time(text, range.end - 3) => 3,
        _ => 0,
    }
}

/// True where the full-width colon at `colon` stands between the digits of a time of day, of either width. A word for one,
/// a date or a range has to stand before it: `图1：20世纪` is none.
fn is_time(text: &str, colon: usize) -> bool {
    let after = text[colon + '：'.len_utf8()..].chars().take_while(|c| is_digit(*c)).take(3).count();
    let digits = text[..colon].chars().rev().take(3).take_while(|c| is_digit(*c)).count();
    let told = text[..colon].chars().rev().nth(digits);
    after == 2 && (1..=2).contains(&digits) && told.is_none_or(|c| !is_han(c) || TOLD.contains(c))
}

fn convert(text: &str, run: std::ops::Range<usize>, out: &mut Edits) {
    let narrow = text[run.clone()].chars().map(|c| match c {
        '\u{3000}' => ' ',
        c => ascii_form(c).unwrap_or(c),
    });
    out.replace(run, narrow.collect::<String>());
}

fn before(text: &str, at: usize) -> char {
    text[..at].chars().next_back().unwrap_or(' ')
}

fn is_wide(c: char) -> bool {
    matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

/// A letter or digit of either width.
fn is_either(c: char) -> bool {
    is_wide(c) || c.is_ascii_alphanumeric()
}

fn is_wide_digit(c: char) -> bool {
    matches!(c, '０'..='９')
}

fn is_digit(c: char) -> bool {
    is_wide_digit(c) || c.is_ascii_digit()
}

/// `Ｂ．盖茨`: one letter that nothing stands before, and a name. Also the number of an item at
/// the start of a line.
fn is_initial(text: &str, run: usize, dot: usize, next: Option<char>) -> bool {
    let name = &text[run..dot];
    let fresh = !text[..run].ends_with(|c: char| c.is_alphanumeric() && !is_han(c));
    let initial = name.chars().count() == 1 && name.starts_with(|c| matches!(c, 'Ａ'..='Ｚ'));
    let bare = text[..run].trim_end_matches(|c: char| c != '\n' && c.is_whitespace());
    let line = bare.is_empty() || bare.ends_with('\n');
    let item = line && name.chars().all(is_wide_digit) && name.chars().count() <= 2;
    fresh && next.is_some_and(is_han) && (initial || item)
}

/// A comma before exactly three digits.
fn is_thousand(text: &str, comma: usize) -> bool {
    let digits = text[comma + '，'.len_utf8()..].chars().take_while(|c| is_digit(*c)).count();
    is_wide_digit(before(text, comma)) && digits == 3
}

/// A run that is a word or a number by itself, so that an ideographic space behind it parts words.
fn is_word(text: &str, run: usize, end: usize) -> bool {
    text[run..end].chars().rev().take_while(|c| is_wide(*c)).count() > 1
}

/// Pushes `%` for `％` after an ASCII digit.
pub fn percent(view: &View, out: &mut Edits) {
    between(view, &['％'], out, |left, _| left.is_ascii_digit());
}

/// Pushes ASCII operators for full-width ones between digits.
pub fn operators(view: &View, out: &mut Edits) {
    between(view, &['＋', '－', '＝', '＜', '＞'], out, |left, right| {
        left.is_ascii_digit() && right.is_ascii_digit()
    });
}

/// Pushes `:` for `：` between ASCII digits that tell a time of day.
pub fn times(view: &View, out: &mut Edits) {
    let text = view.text();
    if !view.inventory().has('：') {
        return;
    }
    for (at, mark) in text[view.region()].match_indices('：') {
        let at = view.region().start + at;
        let digits = |count: usize| count == 1 || count == 2;
        let left = text[..at].bytes().rev().take_while(u8::is_ascii_digit).count();
        let right = text[at + mark.len()..].bytes().take_while(u8::is_ascii_digit).count();
        let value = |digits: &str| digits.parse::<u8>().unwrap_or(99);
        let after = &text[at + mark.len()..];
        // 图1：20 is no time: a word for one, a date or a range has to stand before it.
        let told = |c| c == '\n' || TOLD.contains(c) || "-—～~ ".contains(c);
        let told = text[..at - left].chars().next_back().is_none_or(told);
        if told && digits(left) && right == 2 && value(&text[at - left..at]) < 25 && value(&after[..2]) < 60 {
            out.replace(at..at + mark.len(), ":");
        }
    }
}

fn between(view: &View, marks: &'static [char], out: &mut Edits, fits: impl Fn(char, char) -> bool) {
    if !view.inventory().has_any(marks) {
        return;
    }
    let text = view.text();
    for (at, mark) in text[view.region()].match_indices(marks) {
        let at = view.region().start + at;
        let right = text[at + mark.len()..].chars().next().unwrap_or(' ');
        if fits(before(text, at), right) {
            convert(text, at..at + mark.len(), out);
        }
    }
}
