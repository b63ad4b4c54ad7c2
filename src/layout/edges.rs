//! How a line begins and how it ends.
//!
//! Invariant: both are decided by the first or last few characters of the line.

use crate::script::{is_blank, is_cjk, is_kana};

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// Nothing stands there.
    Empty,
    /// A sentence ends: 。！？… and their Latin likes, closing marks after them included.
    Stop,
    /// A colon: something else begins below.
    Colon,
    /// A semicolon: the end of a clause, or of an item in a list.
    Semicolon,
    /// A dash.
    Dash,
    /// A comma: the sentence goes on.
    Comma,
    /// An opening bracket or quotation mark.
    Open,
    /// A hyphen after a letter.
    Hyphen,
    /// A letter, a digit or anything else.
    Bare,
}

impl End {
    /// How a line without blanks at its ends ends.
    pub fn of(line: &str) -> Self {
        let Some(last) = line.chars().next_back() else { return End::Empty };
        if is_opening(last) {
            return End::Open;
        }
        // A line of Japanese speech ends with its closing mark and no stop before it.
        if matches!(last, '」' | '』') && line.chars().any(is_kana) {
            return End::Stop;
        }
        let core = line.trim_end_matches(|c| is_closing(c) || c == '*' || c == '_' || is_blank(c));
        let mut back = core.chars().rev();
        match back.next() {
            None => End::Stop,
            Some(c) if is_stop(c) => End::Stop,
            Some('：' | ':') => End::Colon,
            Some('；' | ';') => End::Semicolon,
            Some('—' | '―' | '─' | '～') => End::Dash,
            Some('，' | '、' | ',') if core.len() == line.len() => End::Comma,
            Some('-' | '\u{2010}') => match back.next() {
                Some(before) if before.is_alphabetic() && core.len() == line.len() => End::Hyphen,
                _ => End::Dash,
            },
            _ => End::Bare,
        }
    }

    /// True where a paragraph may end.
    pub fn is_final(self) -> bool {
        matches!(self, End::Stop | End::Colon | End::Semicolon | End::Dash)
    }
}

/// How a line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Start {
    /// Nothing stands there.
    Empty,
    /// A closing mark, a comma or a stop: no sentence begins so.
    Closing,
    /// An opening bracket or quotation mark.
    Open,
    /// A small letter.
    Lower,
    /// A capital letter.
    Upper,
    /// A digit.
    Digit,
    /// A Hanzi or kana.
    Cjk,
    /// A letter without case, or anything else.
    Other,
}

impl Start {
    /// How a line without blanks at its ends begins.
    pub fn of(line: &str) -> Self {
        let mut chars = line.chars();
        match chars.next() {
            None => Start::Empty,
            // An apostrophe at the beginning of a word: ’Tis.
            Some('\'' | '’')
                if line[line.chars().next().map_or(0, char::len_utf8)..].starts_with(char::is_alphabetic) =>
            {
                match chars.next() {
                    Some(c) if c.is_uppercase() => Start::Upper,
                    Some(c) if c.is_lowercase() => Start::Lower,
                    _ => Start::Closing,
                }
            }
            // A quotation that goes on: "we must not".
            Some(c) if is_opening(c) || c == '"' => match chars.next() {
                Some(c) if c.is_lowercase() => Start::Lower,
                _ => Start::Open,
            },
            Some('\'') => Start::Open,
            Some('.') if chars.next().is_some_and(|c| c == '.' || c.is_alphanumeric()) => Start::Other,
            Some(c)
                if is_closing(c)
                    || matches!(c, '，' | '、' | '；' | '：' | ',' | ';' | '。' | '？' | '！' | '.' | '%') =>
            {
                Start::Closing
            }
            Some(c) if is_cjk(c) => Start::Cjk,
            Some(c) if c.is_lowercase() => Start::Lower,
            Some(c) if c.is_uppercase() => Start::Upper,
            Some(c) if c.is_numeric() => Start::Digit,
            _ => Start::Other,
        }
    }
}

/// Marks that end a sentence.
pub fn is_stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '…' | '．' | '｡' | '.' | '!' | '?' | '‽' | '⋯')
}

/// Closing brackets and quotation marks; the straight quotes, which may be either, included.
pub fn is_closing(c: char) -> bool {
    matches!(
        c,
        '”' | '’'
            | '」'
            | '』'
            | '）'
            | '》'
            | '〉'
            | '】'
            | '〕'
            | '］'
            | '｝'
            | '〗'
            | '〞'
            | ')'
            | ']'
            | '}'
            | '"'
            | '\''
            | '»'
    )
}

/// Opening brackets and quotation marks.
pub fn is_opening(c: char) -> bool {
    matches!(
        c,
        '“' | '‘'
            | '「'
            | '『'
            | '（'
            | '《'
            | '〈'
            | '【'
            | '〔'
            | '［'
            | '｛'
            | '〖'
            | '〝'
            | '('
            | '['
            | '{'
            | '«'
    )
}
