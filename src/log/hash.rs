//! Hashes of files, as a log has them.
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

    /// How many bytes came, and their hash.
    pub fn sum(&self) -> (u64, Hash) {
        (self.bytes, Hash(self.hash.digest()))
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
