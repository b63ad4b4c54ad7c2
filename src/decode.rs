//! Stand-in until the real module is merged: UTF-8 only.
#![allow(missing_docs)]
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
}
impl Encoding {
    pub fn for_label(label: &str) -> Option<Self> {
        matches!(label, "utf-8" | "utf8").then_some(Self::Utf8)
    }
}
impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("utf-8")
    }
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownBy {
    #[serde(rename = "utf-8")]
    Utf8,
}
impl KnownBy {
    pub fn as_str(self) -> &'static str {
        "utf-8"
    }
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guess {
    pub encoding: Encoding,
    pub known_by: KnownBy,
    pub sure: bool,
    pub margin: Option<u32>,
    pub runner_up: Option<Encoding>,
    pub bom: bool,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    pub encoding: Encoding,
    pub known_by: KnownBy,
    #[serde(default)]
    pub bom: bool,
    #[serde(default)]
    pub bad: usize,
    #[serde(default)]
    pub crlf: bool,
}
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("stand-in")]
pub struct EncodeError;
impl Source {
    pub fn bad_bytes(&self) -> usize {
        self.bad
    }
    pub fn encode(&self, text: &str) -> Result<Vec<u8>, EncodeError> {
        let text = if self.crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
        Ok(if self.bom { format!("\u{feff}{text}") } else { text }.into_bytes())
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    pub text: String,
    pub source: Source,
}
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotText {
    #[error("not a text: {why}; it is left as it is")]
    Binary { why: &'static str },
}
pub fn detect(bytes: &[u8]) -> Result<Guess, NotText> {
    let text = std::str::from_utf8(bytes).map_err(|_| NotText::Binary { why: "not UTF-8" })?;
    if text.contains('\0') {
        return Err(NotText::Binary { why: "NUL" });
    }
    let (encoding, known_by, bom) = (Encoding::Utf8, KnownBy::Utf8, text.starts_with('\u{feff}'));
    Ok(Guess { encoding, known_by, sure: true, margin: None, runner_up: None, bom })
}
pub fn decode<'a>(bytes: impl Into<Cow<'a, [u8]>>, _: Option<Encoding>) -> Result<Decoded, NotText> {
    let bytes = bytes.into();
    let guess = detect(&bytes)?;
    let mut text = String::from_utf8(bytes.into_owned()).unwrap_or_default();
    if guess.bom {
        text.drain(..3);
    }
    let crlf = text.contains("\r\n") && text.matches("\r\n").count() == text.matches('\n').count();
    if crlf {
        text = text.replace("\r\n", "\n");
    }
    Ok(Decoded {
        text,
        source: Source { encoding: guess.encoding, known_by: guess.known_by, bom: guess.bom, bad: 0, crlf },
    })
}
