//! JSON strings to text, and text to strings as the same program would write them.
//!
//! Invariant: the text of a string, written in its style with the pieces that the style does not give, is the string
//! byte for byte.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

/// What a program escapes beyond what JSON asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// Everything but ASCII, as `\u6587`: Python's default.
    Ascii,
    /// Hexadecimal digits in capitals.
    Capitals,
    /// `/`: PHP's default.
    Slash,
    /// `<`, `>` and `&`: Go's default.
    Html,
}

/// The styles of a string.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Style>", into = "Vec<Style>")]
pub struct Styles([bool; 4]);

const ALL: [Style; 4] = [Style::Ascii, Style::Capitals, Style::Slash, Style::Html];

impl From<Vec<Style>> for Styles {
    fn from(styles: Vec<Style>) -> Self {
        Self(ALL.map(|style| styles.contains(&style)))
    }
}

impl From<Styles> for Vec<Style> {
    fn from(styles: Styles) -> Self {
        ALL.into_iter().filter(|style| styles.has(*style)).collect()
    }
}

/// A character as it stands in a string. A surrogate alone is no character: it reads as U+FFFD.
struct Token<'a> {
    char: char,
    written: &'a str,
}

impl Styles {
    /// Whether there is nothing special about it.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    fn has(self, style: Style) -> bool {
        self.0[style as usize]
    }

    /// The styles of a string; `usual` where it shows neither one nor the other.
    pub fn of(string: &str, usual: Self) -> Self {
        let mut votes = [0i64; 4];
        for Token { char, written } in tokens(string) {
            let escaped = written.starts_with('\\');
            let vote = if escaped { 1 } else { -1 };
            match char {
                '/' => votes[Style::Slash as usize] += vote,
                '<' | '>' | '&' => votes[Style::Html as usize] += vote,
                '\u{80}'.. => votes[Style::Ascii as usize] += vote,
                _ => {}
            }
            if written.starts_with("\\u") {
                let letters = |capital: bool| {
                    written[2..].bytes().any(|byte| {
                        byte.is_ascii_hexdigit()
                            && if capital { byte.is_ascii_uppercase() } else { byte.is_ascii_lowercase() }
                    })
                };
                votes[Style::Capitals as usize] += i64::from(letters(true)) - i64::from(letters(false));
            }
        }
        let mut styles = usual;
        for (style, vote) in styles.0.iter_mut().zip(votes) {
            *style = if vote == 0 { *style } else { vote > 0 };
        }
        styles
    }

    /// Writes a text as a string, its quotes included. `kept` has the characters that are written otherwise: their
    /// byte offset in the text, and how.
    pub fn write(self, text: &str, kept: &[(usize, String)], out: &mut String) {
        out.push('"');
        let mut kept = kept.iter().peekable();
        for (at, char) in text.char_indices() {
            match kept.next_if(|(place, _)| *place == at) {
                Some((_, written)) => out.push_str(written),
                None => self.push(char, out),
            }
        }
        out.push('"');
    }

    fn push(self, char: char, out: &mut String) {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '/' if self.has(Style::Slash) => out.push_str("\\/"),
            '<' | '>' | '&' if self.has(Style::Html) => self.escape(char, out),
            '\0'..' ' => self.escape(char, out),
            '\u{7f}'.. if self.has(Style::Ascii) => self.escape(char, out),
            _ => out.push(char),
        }
    }

    fn escape(self, char: char, out: &mut String) {
        for unit in char.encode_utf16(&mut [0; 2]) {
            let _ = match self.has(Style::Capitals) {
                true => write!(out, "\\u{unit:04X}"),
                false => write!(out, "\\u{unit:04x}"),
            }; // a String takes everything
        }
    }
}

/// The text of a string, and the characters of it that `styles` would write otherwise.
pub(super) fn read(string: &str, styles: Styles) -> (String, Vec<(usize, String)>) {
    let mut text = String::with_capacity(string.len());
    let (mut kept, mut usual) = (Vec::new(), String::new());
    for Token { char, written } in tokens(string) {
        usual.clear();
        styles.push(char, &mut usual);
        if usual != written {
            kept.push((text.len(), written.to_owned()));
        }
        text.push(char);
    }
    (text, kept)
}

/// The text of a string alone.
pub(super) fn text(string: &str) -> String {
    if memchr::memchr(b'\\', string.as_bytes()).is_none() {
        return inside(string).to_owned();
    }
    tokens(string).map(|token| token.char).collect()
}

fn inside(string: &str) -> &str {
    string.strip_prefix('"').and_then(|string| string.strip_suffix('"')).unwrap_or_default()
}

/// The characters of a valid JSON string.
fn tokens(string: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = inside(string);
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (char, len) = if first == '\\' { escaped(rest) } else { (first, first.len_utf8()) };
        let (written, behind) = rest.split_at(len);
        rest = behind;
        Some(Token { char, written })
    })
}

/// The character of an escape, and how long that is.
fn escaped(rest: &str) -> (char, usize) {
    let unit = |at: usize| {
        let digits = rest.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    match rest.as_bytes().get(1) {
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'u') => {
            let Some(high) = unit(0) else { return (char::REPLACEMENT_CHARACTER, rest.len().min(2)) };
            if let Some(char) = char::from_u32(high.into()) {
                return (char, 6);
            }
            let pair = unit(6).and_then(|low| char::decode_utf16([high, low]).next()?.ok());
            pair.map_or((char::REPLACEMENT_CHARACTER, 6), |char| (char, 12))
        }
        Some(other) if other.is_ascii() => ((*other).into(), 2),
        _ => (char::REPLACEMENT_CHARACTER, 1),
    }
}
