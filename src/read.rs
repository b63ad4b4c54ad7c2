//! Reading: a path or standard input to bytes.
//!
//! Invariant: a file is opened once and read in one go: three system calls for a file that does not grow meanwhile.

#![allow(clippy::disallowed_methods, reason = "this is the place where files are read")]

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::log::{Hash, Hasher};
use crate::pack::Format;

/// All bytes of a file and what the file system says about it.
pub fn file(path: &Path) -> io::Result<(Vec<u8>, Metadata)> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let len = usize::try_from(metadata.len()).unwrap_or(0);
    // One byte more than it should hold: a read that comes back short has seen the end.
    let mut bytes = vec![0; len + 1];
    let mut filled = 0;
    loop {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if filled == len && metadata.is_file() {
            break;
        }
        if filled == bytes.len() {
            bytes.resize(filled * 2 + 4096, 0);
        }
    }
    bytes.truncate(filled);
    Ok((bytes, metadata))
}

/// A file of text, such as a rules file.
pub fn text(path: &Path) -> io::Result<String> {
    let (bytes, _) = file(path)?;
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}

/// All of standard input.
pub fn stdin() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file to be read piece by piece, and what the file system says about it.
pub fn open(path: &Path) -> io::Result<(File, Metadata)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    match metadata.is_dir() {
        true => Err(io::ErrorKind::IsADirectory.into()),
        false => Ok((file, metadata)),
    }
}

/// How many bytes a file has, and their hash.
pub fn sum(path: &Path) -> io::Result<(u64, Hash)> {
    Ok(Hasher::read(&mut open(path)?.0)?.sum())
}

/// Whether a file, unpacked where it is packed with Zstandard, begins with these bytes; false where it cannot be read.
pub fn begins_with(path: &Path, beginning: &[u8]) -> bool {
    let begins = |mut file: Box<dyn Read + Send>| {
        let mut start = vec![0; beginning.len()];
        file.read_exact(&mut start).is_ok() && start == beginning
    };
    unpacked(path, 1 << 10).is_ok_and(begins)
}

/// A log line by line, packed with Zstandard or not. Where it breaks off, it ends.
pub fn lines(path: &Path) -> io::Result<impl BufRead + use<>> {
    Ok(BufReader::with_capacity(1 << 18, unpacked(path, 1 << 18)?))
}

fn unpacked(path: &Path, ahead: usize) -> io::Result<Box<dyn Read + Send>> {
    let mut file = BufReader::with_capacity(ahead, File::open(path)?);
    Ok(match Format::of(file.fill_buf()?) {
        Some(Format::Zstd) => Box::new(Broken(Format::Zstd.reader(file)?)),
        _ => Box::new(file),
    })
}

/// Data whose end may be missing.
struct Broken<R>(R);

impl<R: Read> Read for Broken<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out).or_else(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Ok(0),
            _ => Err(error),
        })
    }
}

/// Why something could not be done, without the number of the error: lower case, for the end of a message.
pub fn cause(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}
