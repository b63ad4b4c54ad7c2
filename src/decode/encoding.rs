//! The encodings a text can be read from: all of the WHATWG Encoding Standard, and four that it leaves out.
//!
//! Invariant: a label and its bytes mean the same everywhere. GBK and GB2312 are read as GB18030, their superset,
//! and the "replacement" pseudo-encoding never appears.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A character encoding; written in the log by its lower-case name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, and ASCII.
    Utf8,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
    /// UTF-32, least significant byte first.
    Utf32Le,
    /// UTF-32, most significant byte first.
    Utf32Be,
    /// GB18030, and GBK and GB2312 with it.
    Gb18030,
    /// GB2312 in seven bits, between `~{` and `~}` (RFC 1843).
    Hz,
    /// Big5 with the Hong Kong additions.
    Big5,
    /// Shift_JIS as Windows has it.
    ShiftJis,
    /// EUC-JP.
    EucJp,
    /// ISO-2022-JP.
    Iso2022Jp,
    /// EUC-KR as Windows has it.
    EucKr,
    /// KS X 1001 in seven bits, between SO and SI (RFC 1557).
    Iso2022Kr,
    /// One byte a character: windows-125x, ISO 8859, KOI8 and their like.
    Single(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// The encoding a person or a document calls by this name: any WHATWG label, in any case, or `utf-32le`,
    /// `utf-32be`, `hz` (`hz-gb-2312`), `iso-2022-kr`.
    pub fn for_label(label: &str) -> Option<Self> {
        match label.trim().to_ascii_lowercase().as_str() {
            "utf-32" | "utf-32le" => Some(Self::Utf32Le),
            "utf-32be" => Some(Self::Utf32Be),
            "hz" | "hz-gb-2312" => Some(Self::Hz),
            "iso-2022-kr" | "csiso2022kr" => Some(Self::Iso2022Kr),
            label => Self::from_standard(encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?),
        }
    }

    /// The WHATWG encoding; `None` for "replacement", which is none.
    pub fn from_standard(standard: &'static encoding_rs::Encoding) -> Option<Self> {
        if standard == encoding_rs::GBK {
            return Some(Self::Gb18030);
        }
        let known = STANDARD.iter().find(|(_, theirs)| *theirs == standard).map(|(ours, _)| *ours);
        known.or(standard.is_single_byte().then_some(Self::Single(standard)))
    }

    /// The same among the WHATWG encodings, where it is one of them.
    pub fn standard(self) -> Option<&'static encoding_rs::Encoding> {
        match self {
            Self::Single(standard) => Some(standard),
            _ => STANDARD.iter().find(|(ours, _)| *ours == self).map(|(_, theirs)| *theirs),
        }
    }

    /// Those whose characters are one or two bytes, a few of them more, each of which says by itself where it ends.
    pub(super) const DOUBLE_BYTE: [Self; 5] = [Self::Gb18030, Self::Big5, Self::ShiftJis, Self::EucJp, Self::EucKr];

    pub(super) fn is_double_byte(self) -> bool {
        Self::DOUBLE_BYTE.contains(&self)
    }

    /// The bytes of its smallest unit: 2 in UTF-16, 4 in UTF-32.
    pub fn unit(self) -> usize {
        match self {
            Self::Utf16Le | Self::Utf16Be => 2,
            Self::Utf32Le | Self::Utf32Be => 4,
            _ => 1,
        }
    }
}

/// The encodings of more than one byte that the WHATWG standard shares with us.
const STANDARD: [(Encoding, &encoding_rs::Encoding); 9] = [
    (Encoding::Utf8, encoding_rs::UTF_8),
    (Encoding::Utf16Le, encoding_rs::UTF_16LE),
    (Encoding::Utf16Be, encoding_rs::UTF_16BE),
    (Encoding::Gb18030, encoding_rs::GB18030),
    (Encoding::Big5, encoding_rs::BIG5),
    (Encoding::ShiftJis, encoding_rs::SHIFT_JIS),
    (Encoding::EucJp, encoding_rs::EUC_JP),
    (Encoding::Iso2022Jp, encoding_rs::ISO_2022_JP),
    (Encoding::EucKr, encoding_rs::EUC_KR),
];

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Utf32Le => "utf-32le",
            Self::Utf32Be => "utf-32be",
            Self::Hz => "hz-gb-2312",
            Self::Iso2022Kr => "iso-2022-kr",
            _ => self.standard().map_or("", encoding_rs::Encoding::name),
        };
        f.pad(&name.to_ascii_lowercase())
    }
}

impl Serialize for Encoding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Encoding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let label = String::deserialize(deserializer)?;
        Self::for_label(&label).ok_or_else(|| de::Error::custom(format!("'{label}' is not an encoding")))
    }
}
