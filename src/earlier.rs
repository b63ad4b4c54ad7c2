//! What an earlier clean into the same folder left there.
//!
//! Invariant: a file may only be replaced while it is, byte for byte, what the log says was written there; what someone
//! else put there or corrected by hand stays.

use std::collections::HashMap;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use crate::log::{Hash, Record};
use crate::read;
use crate::target::absolute;

/// How every record of a file begins.
const FILE: &[u8] = br#"{"type":"file","#;

/// The clean texts that a log speaks of: where they are, and their hashes.
#[derive(Debug, Default)]
pub struct Earlier(HashMap<PathBuf, Hash>);

impl Earlier {
    /// Reads them from a log. Lines that are damaged count for nothing.
    pub fn read(log: &Path) -> io::Result<Self> {
        let home = absolute(log).parent().map(ToOwned::to_owned).unwrap_or_default();
        let mut lines = read::lines(log)?;
        let mut outs = HashMap::new();
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            if line.starts_with(FILE)
                && let Ok(Record::File(file)) = Record::read(&line)
                && let Some(out) = file.out.path()
            {
                outs.insert(home.join(out), file.out_hash);
            }
            line.clear();
        }
        Ok(Self(outs))
    }

    /// The same for bytes of this hash, where what is there may be too long for the memory.
    pub fn may_replace_hash(&self, place: &Path, hash: Hash) -> bool {
        match place.symlink_metadata() {
            Err(error) => error.kind() == io::ErrorKind::NotFound,
            Ok(metadata) if !metadata.is_file() => false,
            Ok(_) => read::sum(place).is_ok_and(|(_, old)| old == hash || self.0.get(&absolute(place)) == Some(&old)),
        }
    }

    /// True where `bytes` may be written to `place`: nothing is there, the same is there, or what is there is from the
    /// earlier clean and was not changed since.
    pub fn may_replace(&self, place: &Path, bytes: &[u8]) -> bool {
        match place.symlink_metadata() {
            Err(error) => error.kind() == io::ErrorKind::NotFound,
            Ok(metadata) if !metadata.is_file() => false,
            Ok(_) => read::file(place).is_ok_and(|(old, _)| {
                old == bytes || self.0.get(&absolute(place)).is_some_and(|hash| *hash == Hash::of(&old))
            }),
        }
    }
}
