//! `entities`: turns what is left of HTML entities into characters.
//!
//! Invariant: the result holds no control character and no HTML tag that was not there before, and
//! no entity that a second run would decode again.

mod names;

use std::borrow::Cow;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use super::unicode::WINDOWS_1252;
use super::{Defines, Example, Fault, Kind, Shape};
use crate::edit::Edits;
use crate::shield::ShieldSet;
use crate::view::View;

/// Turn HTML entities outside code into the characters they stand for.
///
/// An entity that was encoded twice, such as `&amp;nbsp;`, is decoded at once. `&lt;` stays where
/// decoding would make a tag, and so does `&amp;lt;`: such a text speaks of HTML.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entities {
    /// Numeric entities such as `&#8220;` as well.
    #[serde(default = "yes")]
    numeric: bool,
}

fn yes() -> bool {
    true
}

impl Shape for Entities {
    fn compile(self, _: &Defines) -> Result<Box<dyn Kind>, Fault> {
        Ok(Box::new(self))
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "Named and numeric entities",
                rule: "entities: {}",
                input: "加强&nbsp;领导&ldquo;两非&rdquo;，&#25945;&#x80b2;先行&hellip;&hellip;\n",
                output: "加强 领导“两非”，教育先行……\n",
            },
            Example {
                title: "Code, addresses and other uses of & stay",
                rule: "entities: {}",
                input: "AT&T 用 `&nbsp;` 表示空格，&copy; 显示为 ©，见 http://a.cn/?a=1&copy;=2\ns = s.replace('&nbsp;', ' ')\n",
                output: "AT&T 用 `&nbsp;` 表示空格，&copy; 显示为 ©，见 http://a.cn/?a=1&copy;=2\ns = s.replace('&nbsp;', ' ')\n",
            },
        ]
    }
}

impl Kind for Entities {
    fn edits(&self, view: &View, out: &mut Edits) {
        let text = view.text();
        let mut tags = 0..0;
        let mut done = 0;
        for at in memchr::memchr_iter(b'&', &text.as_bytes()[view.region()]).map(|at| view.region().start + at) {
            if at < done {
                continue;
            }
            let Some(entity) = parse(&text[at..]) else { continue };
            let mut end = at + entity.len;
            let mut shown = entity.shown;
            match shown {
                '<' if opens_tag(&text[end..]) => {
                    // Its closing bracket belongs to it.
                    tags = end..text[end..].find('\n').map_or(text.len(), |newline| end + newline);
                    continue;
                }
                '>' if tags.contains(&at) => {
                    tags = 0..0;
                    continue;
                }
                '&' => {
                    if let Some(inner) = inner(&text[end..]) {
                        end += inner.len;
                        if matches!(inner.shown, '<' | '>' | '&' | '"') {
                            done = end;
                            continue;
                        }
                        shown = inner.shown;
                    }
                }
                _ => {}
            }
            done = end;
            // Two bytes of UTF-8 that were read as Latin-1: decoding the text anew is for them.
            let misread = matches!(text[..at].chars().next_back(), Some('\u{c2}'..='\u{df}'));
            if misread && matches!(shown, '\u{a1}'..='\u{bf}')
                || is_explained(text, at..end, shown)
                || is_handled(text, at..end)
            {
                continue;
            }
            if self.numeric || text.as_bytes()[at + 1] != b'#' {
                out.replace(at..end, write(shown));
            }
        }
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::ALL.without(ShieldSet::ENTITY)
    }
}

/// An entity and what it shows.
struct Entity {
    /// In bytes, from the ampersand to the semicolon.
    len: usize,
    shown: char,
}

/// The longest name is `thetasym`, the longest number `#x10FFFF`; leading zeros are rare.
const LONGEST: usize = 10;

/// Reads the entity at the start of `text`.
fn parse(text: &str) -> Option<Entity> {
    inner(text.strip_prefix('&')?).map(|entity| Entity { len: entity.len + 1, ..entity })
}

/// Reads an entity whose ampersand stands before `text`.
fn inner(text: &str) -> Option<Entity> {
    let name = text.bytes().take(LONGEST).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
    let (name, rest) = text.split_at(name);
    // A semicolon is full-width where somebody has normalised the text before.
    let end = [";", "；"].iter().find(|end| rest.starts_with(**end))?;
    let shown = match name.strip_prefix('#') {
        Some(number) => by_number(number)?,
        None => names::NAMES.binary_search_by_key(&name, |(name, _)| name).ok().map(|at| names::NAMES[at].1)?,
    };
    Some(Entity { len: name.len() + end.len(), shown })
}

/// True where a line has the sign that an entity of it stands for right behind a word for that:
/// `&copy; 显示为 ©`.
fn is_explained(text: &str, at: Range<usize>, shown: char) -> bool {
    const WORDS: [&str; 8] = ["显示", "顯示", "表示", "代表", "就是", "写成", "寫成", "stands for"];
    if !matches!(shown, '©' | '®' | '™' | '¥' | '€' | '£' | '¢' | '§' | '°' | '±' | '×' | '÷' | '<' | '>' | '&') {
        return false;
    }
    let after = &text[at.end..];
    let after = &after[..after.find(['\n', '，', '。', ',', '；']).unwrap_or(after.len())];
    after.contains(shown) && WORDS.iter().any(|word| after.contains(word))
}

/// True where an entity is what a line of code deals with: it stands between the marks of a string or a pattern, by itself
/// or beside its like, as in `s.replace(/&nbsp;|&amp;/g, ' ')`.
fn is_handled(text: &str, at: Range<usize>) -> bool {
    let mark = |c: Option<char>| matches!(c, Some('\'' | '"' | '/' | '|'));
    if !mark(text[..at.start].chars().next_back()) || !mark(text[at.end..].chars().next()) {
        return false;
    }
    let from = text[..at.start].rfind('\n').map_or(0, |newline| newline + 1);
    let to = text[at.end..].find('\n').map_or(text.len(), |newline| at.end + newline);
    text[from..to].contains(['(', '='])
}

/// The character of a numeric entity: as HTML reads it, with windows-1252 in the place of C1.
fn by_number(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    match code {
        0x80..=0x9f => WINDOWS_1252[code as usize - 0x80]?.chars().next(),
        9 | 10 | 13 => char::from_u32(code),
        0..0x20 | 0x7f => None,
        _ => char::from_u32(code),
    }
}

/// What is written in the place of an entity.
fn write(shown: char) -> Cow<'static, str> {
    match shown {
        '\u{a0}' | '\t' => " ".into(),
        '\r' | '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => "".into(),
        shown => shown.to_string().into(),
    }
}

/// True where a `<` before `rest` would begin a tag or a comment.
fn opens_tag(rest: &str) -> bool {
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let len = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let whole = [">", "&gt;", "&#62;", " ", "/"].iter().any(|after| name[len..].starts_with(after));
    rest.starts_with(['!', '?']) || whole && TAGS.contains(&name[..len].to_ascii_lowercase().as_str())
}

/// The elements of HTML that are seen in scraped text (HTML Living Standard and HTML 4).
#[rustfmt::skip]
const TAGS: [&str; 66] = [
    "a", "article", "aside", "audio", "b", "blockquote", "body", "br", "button", "canvas", "center", "code", "col",
    "dd", "div", "dl", "dt", "em", "embed", "figure", "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "head", "header", "hr", "html", "i", "iframe", "img", "input", "label", "li", "link", "main", "meta", "nav",
    "object", "ol", "option", "p", "pre", "s", "script", "section", "select", "small", "span", "strong", "style",
    "sub", "sup", "table", "tbody", "td", "template", "title", "tr", "u", "ul",
];
