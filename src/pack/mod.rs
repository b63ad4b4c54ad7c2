//! Packed files: gzip and Zstandard data in, documents out, and the way back.
//!
//! Invariant: what is packed is told by its first bytes and never by its name; nothing is unpacked beyond a limit; a
//! file that is damaged or breaks off is an error, never part of a document.

mod aside;
mod gzip;
mod recipe;
#[cfg(test)]
mod tests;
mod zstd;

use std::io::{self, BufRead, Read, Write};

use serde::{Deserialize, Serialize};

use crate::decode;
pub use aside::Aside;
pub use gzip::Head;
pub use recipe::{Piece, Recipe, Recorder};

/// What a file is packed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

/// Why a file cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The document is larger than it may be.
    #[error("it unpacks to more than {}; --max-size raises that limit", size(*.0))]
    TooLarge(u64),
    /// The data ends too early.
    #[error("the {0} data breaks off")]
    Cut(Format),
    /// The data is no such data.
    #[error("the {0} data is damaged: {1}")]
    Damaged(Format, io::Error),
}

/// How packed data was made, as far as it says so: enough to pack another document the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manner {
    /// What its head holds beside the data.
    Gzip(Head),
    /// The level it is to be packed with, and whether a checksum stands at its end.
    Zstd {
        /// As the program has it.
        level: i32,
        /// Whether a checksum follows the data.
        checksum: bool,
    },
}

/// The longest signature.
pub const SIGNATURE: usize = 4;

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "Zstandard",
        })
    }
}

impl Format {
    /// The format of data that begins like this.
    pub fn of(beginning: &[u8]) -> Option<Self> {
        match beginning {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            // A frame, or one to be skipped, as parallel packers put before the first.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// Reads the document in packed data.
    pub fn reader<'r>(self, packed: impl BufRead + Send + 'r) -> io::Result<Box<dyn Read + Send + 'r>> {
        Ok(match self {
            Self::Gzip => Box::new(gzip::Members::new(packed)),
            Self::Zstd => Box::new(::zstd::stream::read::Decoder::with_buffer(packed)?),
        })
    }

    /// What an error of such a reader means.
    pub fn error(self, error: io::Error) -> PackError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => PackError::Cut(self),
            _ => PackError::Damaged(self, error),
        }
    }
}

/// The document in packed data; it may have `limit` bytes. Of a long one, `wanted` is asked about its beginning:
/// where it says no, that is all that is unpacked.
pub fn unpack(packed: &[u8], format: Format, limit: u64, wanted: impl Fn(&[u8]) -> bool) -> Result<Vec<u8>, PackError> {
    let mut document =
        Vec::with_capacity(packed.len().saturating_mul(3).min(usize::try_from(limit).unwrap_or(usize::MAX)));
    let reader = format.reader(packed).map_err(|error| format.error(error))?;
    let mut reader = reader.take(limit.saturating_add(1));
    reader.by_ref().take(BEGINNING).read_to_end(&mut document).map_err(|error| format.error(error))?;
    if (document.len() as u64) < BEGINNING || wanted(&document) {
        reader.read_to_end(&mut document).map_err(|error| format.error(error))?;
    }
    if document.len() as u64 > limit {
        return Err(PackError::TooLarge(limit));
    }
    Ok(document)
}

/// The document in a file of these bytes, packed or not; only the beginning of a packed one that is no text.
pub fn open(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, PackError> {
    match Format::of(&bytes) {
        Some(format) => unpack(&bytes, format, limit, |beginning| decode::detect(beginning).is_ok()),
        None => Ok(bytes),
    }
}

/// So many bytes tell whether a document is text.
const BEGINNING: u64 = 1 << 16;

impl Manner {
    /// How packed data was made.
    pub fn of(packed: &[u8], format: Format) -> Self {
        match format {
            Format::Gzip => Self::Gzip(Head::read(packed).map(|(head, _)| head).unwrap_or_default()),
            Format::Zstd => {
                Self::Zstd { level: ::zstd::DEFAULT_COMPRESSION_LEVEL, checksum: zstd::has_checksum(packed) }
            }
        }
    }

    /// Packs what is written to it; its length in bytes, where that is known.
    pub fn writer<W: Write>(&self, out: W, len: Option<u64>) -> io::Result<Writer<W>> {
        match self {
            Self::Gzip(head) => Ok(Writer::Gzip(head.writer(out))),
            Self::Zstd { level, checksum } => zstd::encoder(out, *level, *checksum, len).map(Writer::Zstd),
        }
    }

    /// Packs a document.
    pub fn pack(&self, document: &[u8]) -> io::Result<Vec<u8>> {
        let mut writer = self.writer(Vec::with_capacity(document.len() / 2), Some(document.len() as u64))?;
        writer.write_all(document)?;
        writer.finish()
    }
}

/// A document on its way into packed data.
pub enum Writer<W: Write> {
    /// gzip.
    Gzip(flate2::write::GzEncoder<W>),
    /// Zstandard.
    Zstd(::zstd::stream::write::Encoder<'static, W>),
}

impl<W: Write> Writer<W> {
    /// Ends the data.
    pub fn finish(self) -> io::Result<W> {
        match self {
            Self::Gzip(writer) => writer.finish(),
            Self::Zstd(writer) => writer.finish(),
        }
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Gzip(writer) => writer.write(bytes),
            Self::Zstd(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Gzip(writer) => writer.flush(),
            Self::Zstd(writer) => writer.flush(),
        }
    }
}

/// A number of bytes for people, in decimal units.
pub fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
    match UNITS.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) if bytes.is_multiple_of(*unit) => format!("{} {name}", bytes / unit),
        Some((unit, name)) => format!("{:.1} {name}", bytes as f64 / *unit as f64),
        None => format!("{bytes} bytes"),
    }
}
