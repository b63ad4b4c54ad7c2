//! Sizes and hashes of files, as a log has them.
//!
//! Invariant: a hash is of bytes alone, so that it is the same on every machine; it tells files apart and proves nothing
//! against somebody who makes two alike.

use std::fmt;
use std::io::{self, Read};

use serde::{Deserialize, Serialize};

/// The hash of a file: XXH3, 64 bits. In the log, `xxh3:` and 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Hash(u64);

impl Hash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(xxhash_rust::xxh3::xxh3_64(bytes))
    }
}

/// The bytes of a file or of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side {
    /// How many.
    pub bytes: u64,
    /// Their hash.
    pub hash: Hash,
}

impl Side {
    /// What these bytes are.
    pub fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, hash: Hash::of(bytes) }
    }
}

/// A file, or the document in one, and what became of it. In JSON, `out_bytes` and `out_hash` are left out where nothing
/// was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Written", from = "Written")]
pub struct Sides {
    /// As it was.
    pub before: Side,
    /// As it is now.
    pub after: Side,
}

impl Sides {
    /// Of a file that was these bytes and is those now.
    pub fn of(before: &[u8], after: &[u8]) -> Self {
        Self { before: Side::of(before), after: Side::of(after) }
    }

    /// Whether it is another now.
    pub fn differ(&self) -> bool {
        self.before != self.after
    }
}

#[derive(Serialize, Deserialize)]
struct Written {
    in_bytes: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    out_bytes: Option<u64>,
    in_hash: Hash,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    out_hash: Option<Hash>,
}

impl From<Sides> for Written {
    fn from(sides: Sides) -> Self {
        let Sides { before, after } = sides;
        let (in_bytes, in_hash) = (before.bytes, before.hash);
        let after = sides.differ().then_some(after);
        Self { in_bytes, out_bytes: after.map(|after| after.bytes), in_hash, out_hash: after.map(|after| after.hash) }
    }
}

impl From<Written> for Sides {
    fn from(written: Written) -> Self {
        let before = Side { bytes: written.in_bytes, hash: written.in_hash };
        let bytes = written.out_bytes.unwrap_or(before.bytes);
        Self { before, after: Side { bytes, hash: written.out_hash.unwrap_or(before.hash) } }
    }
}

/// Counts and hashes bytes that come piece by piece.
#[derive(Clone, Default)]
pub struct Hasher {
    bytes: u64,
    hash: xxhash_rust::xxh3::Xxh3Default,
}

impl Hasher {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
    }

    /// All bytes of a file.
    pub fn read(file: &mut impl Read) -> io::Result<Self> {
        let mut sum = Self::default();
        let mut bytes = vec![0; 1 << 16];
        loop {
            match file.read(&mut bytes) {
                Ok(0) => return Ok(sum),
                Ok(len) => sum.update(&bytes[..len]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// What came.
    pub fn sum(&self) -> Side {
        Side { bytes: self.bytes, hash: Hash(self.hash.digest()) }
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "xxh3:{:016x}", self.0)
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for Hash {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let plain = |digits: &&str| digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let digits = text.strip_prefix("xxh3:").filter(plain);
        let number = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
        number.map(Self).ok_or_else(|| format!("{text:?} is no hash; one is written xxh3: and 16 hexadecimal digits"))
    }
}
