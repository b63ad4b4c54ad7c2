//! Paths as the log has them: text for people, and exact for undo.
//!
//! Invariant: `path` gives the very path that `new` was given, whatever bytes are in its name.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The path of a file below what was given, with `/` between its parts.
///
/// `file` is what people read. Where the name is not UTF-8, `file_hex` has the exact bytes as hexadecimal digits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name {
    /// The path, with U+FFFD for what is not UTF-8.
    pub file: String,
    /// All bytes of the path, where `file` cannot hold them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_hex: Option<String>,
}

/// Where the cleaned text of a file is: absolute, or seen from the folder of the log. Not written where it is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Out {
    /// The path, with U+FFFD for what is not UTF-8; `-` for standard output.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub out: String,
    /// All bytes of the path, where `out` cannot hold them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_hex: Option<String>,
}

impl Name {
    /// The name of a relative path.
    pub fn new(path: &Path) -> Self {
        let (file, file_hex) = exact::write(path);
        Self { file, file_hex }
    }

    /// The path; `None` where the record is damaged.
    pub fn path(&self) -> Option<PathBuf> {
        exact::read(&self.file, self.file_hex.as_deref())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&self.file)
    }
}

impl Out {
    /// The text went to this path.
    pub fn new(path: &Path) -> Self {
        let (out, out_hex) = exact::write(path);
        Self { out, out_hex }
    }

    /// True where nothing is said.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty() && self.out_hex.is_none()
    }

    /// The path; `None` where the record is damaged.
    pub fn path(&self) -> Option<PathBuf> {
        exact::read(&self.out, self.out_hex.as_deref())
    }
}

/// Paths as text, and exactly back.
mod exact {
    use std::path::{MAIN_SEPARATOR_STR, Path, PathBuf};

    pub fn write(path: &Path) -> (String, Option<String>) {
        match path.to_str() {
            Some(text) if MAIN_SEPARATOR_STR == "/" => (text.to_owned(), None),
            Some(text) => (text.replace(MAIN_SEPARATOR_STR, "/"), None),
            None => (path.to_string_lossy().into_owned(), bytes(path)),
        }
    }

    pub fn read(text: &str, bytes: Option<&str>) -> Option<PathBuf> {
        match bytes {
            None => Some(PathBuf::from(text)),
            Some(digits) => path(digits),
        }
    }

    #[cfg(unix)]
    fn bytes(path: &Path) -> Option<String> {
        use std::os::unix::ffi::OsStrExt;
        Some(path.as_os_str().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    #[cfg(unix)]
    fn path(digits: &str) -> Option<PathBuf> {
        use std::os::unix::ffi::OsStringExt;
        let value = |digit: &u8| (*digit as char).to_digit(16).map(|value| value as u8);
        let pairs = digits.as_bytes().chunks(2).map(|pair| match pair {
            [high, low] => Some(value(high)? << 4 | value(low)?),
            _ => None,
        });
        Some(std::ffi::OsString::from_vec(pairs.collect::<Option<_>>()?).into())
    }

    #[cfg(not(unix))]
    fn bytes(_: &Path) -> Option<String> {
        None
    }

    #[cfg(not(unix))]
    fn path(_: &str) -> Option<PathBuf> {
        None
    }
}
