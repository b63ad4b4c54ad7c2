//! One of several parts of the files, for machines that share a clean.
//!
//! Invariant: every file belongs to exactly one of the parts, and to which depends on its path below what was given and
//! on nothing else.

use std::ffi::OsString;
use std::fmt;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use xxhash_rust::xxh3::xxh3_64;

/// Part `number` of `of`, from 1. Written `2/4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: NonZeroU64,
    of: NonZeroU64,
}

/// Why something is no part.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// It is not written as one.
    #[error("a part is written NUMBER/OF, such as 2/4")]
    Form,
    /// There are not so many.
    #[error("the parts are 1/{0} to {0}/{0}")]
    Number(u64),
}

impl Shard {
    /// Whether a file is in this part. The path is the one below what was given.
    pub fn has(&self, path: &Path) -> bool {
        let parts: Vec<&[u8]> = path.iter().map(|part| part.as_encoded_bytes()).collect();
        xxh3_64(&parts.join(&b'/')) % self.of == self.number.get() - 1
    }

    /// The name of the log of this part: `changes.2-of-4.jsonl` for `changes.jsonl`.
    pub fn log(&self, whole: &Path) -> PathBuf {
        let (stem, extension) = halves(whole);
        let mut name = stem;
        name.push(format!(".{}-of-{}.", self.number, self.of));
        name.push(extension);
        whole.with_file_name(name)
    }

    /// The logs beside `whole` that are those of parts, in the order of their names.
    pub fn logs(whole: &Path, names: impl IntoIterator<Item = OsString>) -> Vec<PathBuf> {
        let (stem, extension) = halves(whole);
        let is_part = |name: &OsString| {
            let name = name.as_encoded_bytes().strip_prefix(stem.as_encoded_bytes())?;
            let part = name.strip_prefix(b".")?.strip_suffix(extension.as_encoded_bytes())?.strip_suffix(b".")?;
            let (number, of) = std::str::from_utf8(part).ok()?.split_once("-of-")?;
            format!("{number}/{of}").parse::<Self>().ok()
        };
        let mut logs: Vec<_> = names.into_iter().filter(|name| is_part(name).is_some()).collect();
        logs.sort();
        logs.into_iter().map(|name| whole.with_file_name(name)).collect()
    }
}

/// A name before and behind its last dot.
fn halves(path: &Path) -> (OsString, OsString) {
    let stem = path.file_stem().unwrap_or_default().to_owned();
    (stem, path.extension().unwrap_or_default().to_owned())
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let (number, of) = text.split_once('/').ok_or(ShardError::Form)?;
        let read = |digits: &str| digits.parse::<NonZeroU64>().map_err(|_| ShardError::Form);
        let of = read(of)?;
        match number.parse::<u64>().map_err(|_| ShardError::Form)? {
            0 => Err(ShardError::Number(of.get())),
            number if number > of.get() => Err(ShardError::Number(of.get())),
            _ => Ok(Self { number: read(number)?, of }),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_in_one_part() {
        let shards: Vec<Shard> = (1..=4).map(|number| format!("{number}/4").parse().unwrap()).collect();
        let mut counts = [0; 4];
        for number in 0..400 {
            let path = PathBuf::from(format!("文档/{number}.txt"));
            let of: Vec<_> = (0..4).filter(|at| shards[*at].has(&path)).collect();
            assert_eq!(of.len(), 1);
            counts[of[0]] += 1;
        }
        assert!(counts.iter().all(|count| (60..140).contains(count)), "{counts:?}");
        // Stays as it is: another version must not share the files out in another way.
        let parts: Vec<_> = ["a.txt", "b.txt", "文档/c.txt"].iter().map(|path| part(Path::new(path))).collect();
        assert_eq!(parts, [1, 4, 2]);
    }

    fn part(path: &Path) -> usize {
        (1..=4).find(|number| format!("{number}/4").parse::<Shard>().unwrap().has(path)).unwrap()
    }

    #[test]
    fn what_is_no_part_is_told() {
        for (text, error) in [
            ("", ShardError::Form),
            ("2", ShardError::Form),
            ("1/0", ShardError::Form),
            ("a/4", ShardError::Form),
            ("0/4", ShardError::Number(4)),
            ("5/4", ShardError::Number(4)),
        ] {
            assert_eq!(text.parse::<Shard>(), Err(error), "{text}");
        }
    }

    #[test]
    fn logs_of_parts_are_known_by_their_names() {
        let whole = Path::new("out/changes.jsonl");
        let shard: Shard = "2/4".parse().unwrap();
        assert_eq!(shard.log(whole), Path::new("out/changes.2-of-4.jsonl"));
        let names = [
            "changes.jsonl",
            "changes.2-of-4.jsonl",
            "changes.5-of-4.jsonl",
            "changes.2-of-4.jsonl.1",
            "other.1-of-2.jsonl",
        ];
        assert_eq!(Shard::logs(whole, names.map(OsString::from)), [shard.log(whole)]);
    }
}
