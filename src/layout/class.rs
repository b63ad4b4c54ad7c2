//! What a line is: prose, heading, item, table, code, markup.
//!
//! Invariant: [`first_look`] knows one line only; [`settle`] corrects it by the lines around.

use super::Line;
use super::look::Seen;
use crate::script::is_cjk;
use crate::shield::{ShieldSet, Shields};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Nothing but blanks.
    Blank,
    /// Running text, and whatever is nothing else.
    Text,
    /// Text that begins with the number of an item: `1、`, `（一）`, `第三条`.
    Numbered,
    /// A heading: `## …`, `第三章 …`, `Chapter 3`.
    Heading,
    /// An item of a list with a mark of its own, or a quoted line.
    Item,
    /// A row of a table or of a table of contents.
    Table,
    /// A line of markup: a tag, a link, front matter.
    Markup,
    /// A line of marks alone.
    Rule,
    /// Code.
    Code,
}

/// What a line looks like by itself.
pub(super) fn first_look(line: &str, seen: Seen) -> Class {
    let Some(first) = line.chars().next() else { return Class::Blank };
    let rest = &line[first.len_utf8()..];
    match first {
        '#' if line.trim_start_matches('#').starts_with(' ') => return Class::Heading,
        '|' => return Class::Table,
        '>' => return Class::Item,
        '-' | '*' | '+' | '•' | '●' | '■' | '◆' | '◎' | '○' | '·' if rest.starts_with([' ', '\t', '\u{3000}']) =>
        {
            return Class::Item;
        }
        '<' if line.ends_with('>') || rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') => {
            return Class::Markup;
        }
        ':' if rest.starts_with("::") => return Class::Markup,
        '[' if rest.contains("]:") => return Class::Markup,
        '!' if rest.starts_with('[') && line.contains("](") => return Class::Markup,
        '{' | '}' | '@' | '$' if line.is_ascii() => return Class::Markup,
        '$' if rest.starts_with(' ') => return Class::Code,
        _ => {}
    }
    // Most lines begin with a Hanzi that begins nothing but prose.
    if ('\u{4e00}'..='\u{9fff}').contains(&first)
        && first != '第'
        && !is_numeral(first)
        && !CAPTIONS.iter().any(|word| word.starts_with(first))
    {
        return if is_row(line, seen) { Class::Table } else { Class::Text };
    }
    if !line.chars().any(char::is_alphanumeric) {
        return if line.chars().all(|c| super::is_stop(c) || super::is_closing(c)) { Class::Text } else { Class::Rule };
    }
    if is_row(line, seen) {
        return Class::Table;
    }
    if is_caption(line) {
        return Class::Heading;
    }
    match number(line) {
        Some(Number::Item) => Class::Item,
        Some(Number::Chapter) if is_title(line) => Class::Heading,
        Some(Number::Section) if line.chars().count() <= 40 && heads(line) => Class::Heading,
        Some(_) => Class::Numbered,
        None if seen.ascii_only && line.contains("://") && !line.contains(' ') => Class::Markup,
        None => Class::Text,
    }
}

/// True for a line that is short enough for the title of a chapter and ends as none of its sentences.
fn is_title(line: &str) -> bool {
    let longest = if line.is_ascii() { 80 } else { 40 };
    line.chars().count() <= longest && !super::End::of(line).is_final() && !line.contains('。')
}

/// True for a line that could be a heading by its marks: no stop in it, none at its end.
fn heads(line: &str) -> bool {
    let commas = line.matches('，').count();
    commas < 3
        && !line.contains(['。', '！', '？', '；'])
        && !matches!(super::End::of(line), super::End::Comma | super::End::Open)
}

/// A row of columns: tabs or wide gaps twice, or dots that lead to a page number.
fn is_row(line: &str, seen: Seen) -> bool {
    let twice = |parting: &str| line.matches(parting).count() >= 2;
    if seen.tabs >= 2 || seen.bar && twice(" | ") || seen.gap && twice("   ") {
        return true;
    }
    let bare = line.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '(' | ')' | '（' | '）'));
    let dots = bare.trim_end();
    bare.len() < line.len() && ["....", "……", "····", "．．", ". . .", "⋯⋯"].iter().any(|lead| dots.ends_with(lead))
}

/// What captions begin with.
const CAPTIONS: [&str; 10] = ["表格", "表", "图", "圖", "図", "图表", "Table", "Figure", "Fig.", "그림"];

/// `表 2　各县人口`, `图 3-1`, `Table 4`: a caption that is no sentence.
fn is_caption(line: &str) -> bool {
    let number = |word: &&str| {
        line.strip_prefix(*word).is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    };
    CAPTIONS.iter().any(number) && line.chars().count() <= 60 && heads(line) && !super::End::of(line).is_final()
}

/// What the number at the beginning of a line counts.
enum Number {
    /// An item of a list: `1. ` `2) ` `a. ` `(3) ` `①`.
    Item,
    /// A chapter: `第三章`, `第十二回`, `Chapter 3`.
    Chapter,
    /// A section: `一、`, `（一）`, `1、`, `1.2 `.
    Section,
    /// An article of a law: `第三条`.
    Article,
}

fn number(line: &str) -> Option<Number> {
    let first = line.chars().next()?;
    if ('①'..='⓿').contains(&first) || ('⑴'..='⒛').contains(&first) {
        return Some(Number::Item);
    }
    if first == '第' {
        let rest = line['第'.len_utf8()..].trim_start_matches(is_numeral);
        if rest.len() + '第'.len_utf8() == line.len() {
            return None;
        }
        let mut unit = rest.chars();
        return match unit.next()? {
            '章' | '回' | '节' | '節' | '卷' | '部' | '篇' | '集' | '幕' | '編' | '话' | '話' => {
                unit.next().is_none_or(|c| !c.is_alphanumeric() || is_cjk(c)).then_some(Number::Chapter)
            }
            '条' | '條' | '款' => Some(Number::Article),
            _ => None,
        };
    }
    for word in ["Chapter ", "CHAPTER ", "Section ", "Part ", "PART ", "BOOK ", "Book "] {
        if let Some(rest) = line.strip_prefix(word) {
            let count = rest.split([' ', '.', ':']).next().unwrap_or_default();
            let counts = !count.is_empty() && count.chars().all(|c| c.is_ascii_digit() || "IVXLC".contains(c));
            return counts.then_some(Number::Chapter);
        }
    }
    let (open, inner) = match first {
        '（' | '(' => (true, &line[first.len_utf8()..]),
        _ => (false, line),
    };
    let digits = inner.len() - inner.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let hanzi = inner.len() - inner.trim_start_matches(|c: char| is_numeral(c) && !c.is_ascii_digit()).len();
    let (len, latin) = if digits > 0 { (digits, true) } else { (hanzi, false) };
    if len == 0 || len > 12 {
        return None;
    }
    let mut after = inner[len..].chars();
    let (mark, next) = (after.next()?, after.next());
    match mark {
        '、' => next.map(|_| Number::Section),
        '）' | ')' if open => Some(Number::Section),
        '）' | ')' if latin => next.is_some_and(|c| c == ' ').then_some(Number::Item),
        '.' | '．' if latin && next.is_some_and(|c| c == ' ') => Some(Number::Item),
        '.' | '．' if next.is_some_and(|c| is_cjk(c) || c == '　') => Some(Number::Section),
        '.' if latin && section_number(inner) => Some(Number::Section),
        '　' | ' ' if !latin => Some(Number::Section),
        _ => None,
    }
}

/// `1.2 Title`, `3.1.4　标题`.
fn section_number(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    rest.starts_with([' ', '\u{3000}']) && rest.trim_start().starts_with(|c: char| is_cjk(c) || c.is_uppercase())
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c) || "〇零一二三四五六七八九十百千两".contains(c)
}

/// Lines that a tag may run over.
const LONGEST_TAG: u32 = 20;

/// Corrects the first look by the lines around: fences, front matter, indented code. True where
/// the text is written in Markdown with code: at least three lines that say so.
pub(super) fn settle(text: &str, lines: &mut [Line], seen: &[Seen], shields: &Shields) -> bool {
    let mut fence: Option<&str> = None;
    let mut signs = 0;
    let front = lines.first().is_some_and(|line| &text[line.at.clone()] == "---");
    let mut in_front = front;
    let mut tag = 0;
    for (index, line) in lines.iter_mut().enumerate() {
        let bare = &text[line.at.clone()];
        if in_front {
            line.class = Class::Markup;
            in_front = index == 0 || bare != "---";
            continue;
        }
        let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, Some(_)) => (fence, line.class, signs) = (mark, Class::Code, signs + 2),
            (Some(open), Some(mark)) if open == mark && bare.trim_matches(['`', '~']).is_empty() => {
                (fence, line.class) = (None, Class::Code);
            }
            (Some(_), _) => line.class = Class::Code,
            (None, None) if tag > 0 => {
                line.class = if line.class == Class::Blank { Class::Blank } else { Class::Markup };
                tag = if line.class == Class::Blank || bare.contains('>') { 0 } else { tag - 1 };
            }
            (None, None) if line.class == Class::Markup && bare.starts_with('<') && !bare.contains('>') => {
                tag = LONGEST_TAG
            }
            (None, None) => {
                let link = seen[index].bracket && bare.contains("](");
                signs += u32::from(link || seen[index].backticks >= 2);
            }
        }
    }
    indented(text, lines);
    for (line, seen) in lines.iter_mut().zip(seen).filter(|(line, _)| line.is_text()) {
        // Code in a line of Chinese is a word in a sentence.
        let marked = seen.code_mark;
        let what = if marked { ShieldSet::CODE_BLOCK.with(ShieldSet::CODE_LINE) } else { ShieldSet::CODE_BLOCK };
        if !seen.cjk && shields.hit(&line.at, what) {
            line.class = Class::Code;
        }
    }
    signs >= 3
}

/// Lines indented by four columns or more are code where a neighbour is indented as well or they
/// hold marks that prose has no use for; a single one is the first line of a paragraph.
fn indented(text: &str, lines: &mut [Line]) {
    let deep = |line: &Line| line.indent >= 4 && !text[line.at.clone()].chars().take(12).any(is_cjk);
    for index in 0..lines.len() {
        let line = &lines[index];
        if line.class == Class::Blank || !deep(line) {
            continue;
        }
        let near =
            |other: Option<usize>| other.and_then(|other| lines.get(other)).is_some_and(|l| !l.is_blank() && deep(l));
        let bare = &text[line.at.clone()];
        let marked =
            bare.is_ascii() && (bare.contains(['{', '}', '=', '<', '`', '$', '\\', '|']) || bare.ends_with([';', ')']));
        if marked || near(index.checked_sub(1)) || near(Some(index + 1)) {
            lines[index].class = Class::Code;
        }
    }
}
