//! Blanks inside lines of Chinese.
//!
//! Invariant: between two Hanzi a space goes only where every Hanzi around it stands alone; any
//! other may be a lost line end or part two names.

use std::ops::Range;

use crate::edit::Edits;
use crate::rules::punctuation::is_chinese;
use crate::script::{Script, is_closing, is_han, is_opening, is_stop};
use crate::view::View;

/// Pushes a space for each no-break space of a Chinese, Japanese or Korean document.
pub fn no_break(view: &View, out: &mut Edits) {
    if !view.inventory().has('\u{a0}') || view.script() == Script::Other {
        return;
    }
    for (at, found) in view.text()[view.region()].match_indices('\u{a0}') {
        let at = view.region().start + at;
        let end = at + found.len();
        // Beside a letter of Latin-1 it may be a byte of undecoded UTF-8.
        let byte = |c: Option<char>| c.is_some_and(|c| matches!(c, '\u{80}'..='\u{9f}' | '\u{a1}'..='\u{ff}'));
        if !byte(view.text()[..at].chars().next_back()) && !byte(view.text()[end..].chars().next()) {
            out.replace(at..end, " ");
        }
    }
}

/// Runs of spaces that stand inside lines of the region, with the line of each.
fn runs<'v>(view: &'v View) -> impl Iterator<Item = (Range<usize>, &'v Range<usize>)> + 'v {
    let (text, region) = (view.text(), view.region());
    let mut from = region.start;
    let mut lines = view.lines().iter().peekable();
    std::iter::from_fn(move || {
        loop {
            let at = from + memchr::memchr(b' ', &text.as_bytes()[from..region.end])?;
            let len = text.as_bytes()[at..region.end].iter().take_while(|b| **b == b' ').count();
            from = at + len;
            while lines.peek().is_some_and(|line| line.end < at) {
                lines.next();
            }
            let line = *lines.peek()?;
            if line.start < at && from < line.end {
                return Some((at..from, line));
            }
        }
    })
}

/// Pushes the removal of one or two spaces at full-width marks. More of them align something.
pub fn marks(view: &View, out: &mut Edits) {
    let text = view.text();
    if !matches!(view.script(), Script::Han | Script::Other) {
        return;
    }
    let mut last: Option<(Range<usize>, bool)> = None;
    let mut outside = None;
    for (run, line) in runs(view).filter(|(run, _)| run.len() <= 2) {
        // Between two characters of ASCII stand words.
        if text.as_bytes()[run.start - 1].is_ascii() && text.as_bytes()[run.end].is_ascii() {
            continue;
        }
        let (Some(left), Some(right)) = (text[..run.start].chars().next_back(), text[run.end..].chars().next()) else {
            continue;
        };
        let place = place(&text[line.start..run.start], left, right);
        let goes = match place {
            Place::Words => false,
            Place::Mark => true,
            // A lost line end stands there, too, unless the line is loose at its other marks.
            Place::Sentence => is_loose(&text[line.clone()]),
            Place::Quote => *outside.get_or_insert_with(|| is_exception(text)),
        };
        if !goes {
            continue;
        }
        let chinese = match &last {
            Some((known, chinese)) if known == line => *chinese,
            _ => is_chinese(view, line),
        };
        last = Some((line.clone(), chinese));
        if chinese {
            out.remove(run);
        }
    }
}

/// What a space stands between.
enum Place {
    /// Words, or marks that do not tell whether it is needed.
    Words,
    /// A word and a mark that holds it at a distance by itself.
    Mark,
    /// The end of a sentence and the next.
    Sentence,
    /// A quote or title and the sentence around it.
    Quote,
}

/// What the space after `before` stands between; `left` and `right` are the characters beside it.
fn place(before: &str, left: char, right: char) -> Place {
    let inside = |c: char| is_han(c) || c.is_ascii_alphanumeric() || is_closing(c) || is_opening(c) || is_stop(c);
    let sentence = |c: char| matches!(c, '。' | '！' | '？' | '…');
    let mark = |goes: bool| if goes { Place::Mark } else { Place::Words };
    match (left, right) {
        _ if is_stop(right) => mark(inside(left) || matches!(left, '%' | '‰' | '℃' | '`')),
        ('”' | '’' | '」' | '』', '的') if is_paired(before, left) => Place::Quote,
        ('”' | '’' | '」' | '』', _) if is_han(right) => match before.chars().rev().nth(1) {
            Some(end) if sentence(end) => Place::Sentence,
            _ if before.contains(is_stop) && is_paired(before, left) => Place::Quote,
            _ => Place::Words,
        },
        (_, '“' | '‘' | '「' | '『' | '《' | '（') if is_han(left) && before.contains(is_stop) => Place::Quote,
        // Two marks that both belong to what they enclose: a list of titles or quotes.
        _ if is_closing(left) && is_opening(right) => Place::Words,
        _ if is_closing(right) => mark(inside(left) && is_open(before, right)),
        _ if is_opening(left) => mark(inside(right)),
        _ if sentence(left) => if inside(right) { Place::Sentence } else { Place::Words },
        _ if is_stop(left) => mark(inside(right)),
        _ => Place::Words,
    }
}

/// A line with spaces at the marks inside its sentences.
fn is_loose(line: &str) -> bool {
    ["， ", "； ", "： ", "、 ", " ，", " 。", " ；", " ："].iter().any(|space| line.contains(space))
}

/// True where a document has few spaces outside its quotes: at most one in four. In one that has
/// many they are the style of its writer.
fn is_exception(text: &str) -> bool {
    let (mut spaced, mut all) = (0usize, 0usize);
    let word = |c: Option<char>| c.is_some_and(|c| is_han(c) || c == ' ');
    let quotes = ['“', '”', '「', '」', '‘', '’', '『', '』'];
    for (at, quote) in text.match_indices(quotes) {
        let opens = matches!(quote, "“" | "「" | "‘" | "『");
        let beside = if opens { text[..at].chars().next_back() } else { text[at + quote.len()..].chars().next() };
        all += usize::from(word(beside));
        spaced += usize::from(beside == Some(' '));
    }
    spaced * 4 <= all
}

/// True where the mark that `close` closes is open at the end of `before`.
fn is_open(before: &str, close: char) -> bool {
    let open = opening(close);
    before.rfind(open).is_some_and(|at| !before[at..].contains([close, '"']))
}

/// True where the mark `close` at the end of `before` has its mate.
fn is_paired(before: &str, close: char) -> bool {
    before.strip_suffix(close).is_some_and(|before| is_open(before, close))
}

fn opening(close: char) -> char {
    match close {
        '”' => '“',
        '’' => '‘',
        '）' => '（',
        '》' => '《',
        '〉' => '〈',
        '」' => '「',
        '』' => '『',
        '】' => '【',
        '〕' => '〔',
        '〗' => '〖',
        '］' => '［',
        _ => '｛',
    }
}

/// Hanzi that stand alone in headings of tables, calendars and choices.
const COUNTED: &str = "一二三四五六七八九十百千万零〇日月年时分秒甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东南西北上下左右中前后春夏秋冬金木水火土大小多少有无是否男女";

/// Pushes the removal of the spaces between four or more Hanzi that each stand alone, and of all
/// spaces between Hanzi in lines that have one after nearly every Hanzi.
pub fn spread(view: &View, out: &mut Edits) {
    let text = view.text();
    let mut groups: Vec<Vec<Range<usize>>> = Vec::new();
    let mut line = 0..0;
    let beside = |run: &Range<usize>| !text.as_bytes()[run.start - 1].is_ascii() && !text.as_bytes()[run.end].is_ascii();
    for (run, of) in runs(view).filter(|(run, _)| run.len() == 1 && beside(run)) {
        let joined = line == *of && groups.last().and_then(|group| group.last()).is_some_and(|last| is_single(&text[last.end..run.start]));
        line = of.clone();
        match groups.last_mut() {
            Some(group) if joined => group.push(run),
            _ => groups.push(vec![run]),
        }
    }
    let (mut line, mut thin) = (0..0, None);
    for group in &groups {
        let start = group[0].start;
        if start >= line.end {
            let from = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
            line = from..text[start..].find('\n').map_or(text.len(), |len| start + len);
            thin = None;
        }
        if group.len() >= 3 {
            thin.get_or_insert_with(|| is_thin(&text[line.clone()]));
        }
        // The group lies in a line that goes as a whole.
        if thin == Some(true) {
            let han = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_stop(c));
            let between = |run: &&Range<usize>| han(text[..run.start].chars().next_back()) && han(text[run.end..].chars().next());
            group.iter().filter(between).for_each(|run| out.remove(run.clone()));
        }
    }
    let words: Vec<(Range<usize>, &Vec<Range<usize>>)> = (groups.iter().filter(|group| group.len() >= 3))
        .filter_map(|group| whole(text, group).map(|word| (word, group)))
        .collect();
    for (at, (word, group)) in words.iter().enumerate() {
        let letters = text[word.clone()].chars().filter(|c| *c != ' ');
        let counted = letters.filter(|c| !is_stop(*c) && !COUNTED.contains(*c)).count() < 2;
        // As many single letters on the next line: the columns of a table.
        let close = |other: &(Range<usize>, &Vec<Range<usize>>)| {
            let gap = if other.0.start > word.end { word.end..other.0.start } else { other.0.end..word.start };
            other.1.len() == group.len() && text[gap].trim().is_empty()
        };
        let column = at > 0 && close(&words[at - 1]) || words.get(at + 1).is_some_and(close);
        if !counted && !column {
            group.iter().for_each(|space| out.remove(space.clone()));
        }
    }
}

/// True for a line of twelve Hanzi and more that has a space after four in five of them: text that
/// a PDF reader took apart.
fn is_thin(line: &str) -> bool {
    let chars: Vec<char> = line.chars().collect();
    let pair = |pair: &&[char]| is_han(pair[0]) && is_han(pair[1]);
    let spaced = |three: &&[char]| is_han(three[0]) && three[1] == ' ' && is_han(three[2]);
    let (close, apart) = (chars.windows(2).filter(pair).count(), chars.windows(3).filter(spaced).count());
    apart >= 11 && apart >= 4 * close
}

/// One Hanzi or mark.
fn is_single(piece: &str) -> bool {
    let mut chars = piece.chars();
    chars.next().is_some_and(|c| is_han(c) || is_stop(c)) && chars.next().is_none()
}

/// The range of the spread word around its spaces, where a single Hanzi stands at both ends. Behind a colon the Hanzi
/// may be names: `出席：李 明 陈 静`.
fn whole(text: &str, group: &[Range<usize>]) -> Option<Range<usize>> {
    let (first, last) = (group.first()?.start, group.last()?.end);
    let edge = |c: Option<char>| c.is_none_or(|c| c == '\n' || is_stop(c) || is_closing(c) || is_opening(c));
    let mut before = text[..first].chars().rev();
    let head = before.next().filter(|c| is_han(*c))?;
    let mut after = text[last..].chars();
    let tail = after.next().filter(|c| is_han(*c) || is_stop(*c))?;
    let names = |c: Option<char>| c == Some('：');
    let left = before.next();
    (edge(left) && !names(left) && edge(after.next())).then(|| first - head.len_utf8()..last + tail.len_utf8())
}

/// Pushes the removal of ideographic spaces inside names of two Hanzi in a list.
pub fn names(view: &View, out: &mut Edits) {
    let text = view.text();
    for (at, space) in text[view.region()].match_indices('\u{3000}') {
        let at = view.region().start + at;
        let end = at + space.len();
        let mut before = text[..at].chars().rev();
        let mut after = text[end..].chars();
        let edge = |c: Option<char>| c.is_none_or(|c| c == '\n' || is_stop(c) || c == '\u{3000}' || c == ' ');
        let pair = before.next().is_some_and(is_han) && after.next().is_some_and(is_han);
        let (left, right) = (before.next(), after.next());
        if pair && edge(left) && edge(right) && [left, right].contains(&Some('、')) {
            out.remove(at..end);
        }
    }
}
