//! Reading: a path or standard input to bytes.
//!
//! Invariant: a file is opened once and read in one go: three system calls for a file that does not grow meanwhile.

#![allow(clippy::disallowed_methods, reason = "this is the place where files are read")]

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::log::{Hasher, Side};
use crate::pack::{self, Format, SIGNATURE};

/// All bytes of a file and what the file system says about it.
pub fn file(path: &Path) -> io::Result<(Vec<u8>, Metadata)> {
    file_within(path, u64::MAX)
}

/// The same for a file of at most so many bytes. Of a larger one not more than that is read.
pub fn file_within(path: &Path, limit: u64) -> io::Result<(Vec<u8>, Metadata)> {
    let (mut file, metadata) = open(path)?;
    if metadata.len() > limit {
        return Err(too_large(limit));
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
        if filled as u64 > limit {
            return Err(too_large(limit));
        }
        if filled == bytes.len() {
            bytes.resize(filled * 2 + 4096, 0);
        }
    }
    // Half of what someone is writing is no document. Special files do not say how long they are.
    if metadata.is_file() && len > 0 && filled != len {
        return Err(io::Error::other("it changed while it was read"));
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
    stdin_within(u64::MAX)
}

/// The same where it has at most so many bytes.
pub fn stdin_within(limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

fn too_large(limit: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, Oversize(limit))
}

/// A document that is larger than it may be.
#[derive(Debug, thiserror::Error)]
#[error("it is larger than {}; --max-size raises that limit", pack::size(*.0))]
pub struct Oversize(pub u64);

/// A file to be read piece by piece, and what the file system says about it.
pub fn open(path: &Path) -> io::Result<(File, Metadata)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    match metadata.is_dir() {
        true => Err(io::ErrorKind::IsADirectory.into()),
        false => Ok((file, metadata)),
    }
}

/// The size of a file, and its hash.
pub fn sum(path: &Path) -> io::Result<Side> {
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

/// A document piece by piece, out of the file that it may be packed in.
pub fn document(path: &Path) -> io::Result<impl BufRead + use<>> {
    let mut file = BufReader::with_capacity(1 << 18, File::open(path)?);
    let document: Box<dyn Read + Send> = match Format::of(file.fill_buf()?) {
        Some(format) => format.reader(file)?,
        None => Box::new(file),
    };
    Ok(BufReader::with_capacity(1 << 18, document))
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

/// A file of which pieces are read, by several threads.
#[derive(Debug)]
pub struct Pieces(Mutex<File>);

impl Pieces {
    /// Opens a file. Of one that is packed with Zstandard these are the pieces of what is in it: that is unpacked into a
    /// file without a name beside it.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut beginning = Vec::new();
        file.by_ref().take(SIGNATURE as u64).read_to_end(&mut beginning)?;
        if Format::of(&beginning) == Some(Format::Zstd) {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            file = tempfile::tempfile_in(folder)?;
            io::copy(&mut unpacked(path, 1 << 18)?, &mut file)?;
        }
        file.rewind()?;
        Ok(Self(Mutex::new(file)))
    }

    /// The bytes from `at` on.
    pub fn read(&self, at: u64, len: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; len];
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// So many bytes from `at` on, piece by piece.
    pub fn piece(&self, at: u64, len: usize) -> impl Read {
        Piece { pieces: self, at, len }
    }

    /// The file line by line, from its beginning.
    pub fn lines(&mut self) -> impl BufRead {
        BufReader::with_capacity(1 << 18, self.0.get_mut().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A piece of a file that may be too long for the memory.
struct Piece<'p> {
    pieces: &'p Pieces,
    at: u64,
    len: usize,
}

impl Read for Piece<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let len = out.len().min(self.len);
        let bytes = self.pieces.read(self.at, len)?;
        out[..len].copy_from_slice(&bytes);
        (self.at, self.len) = (self.at + len as u64, self.len - len);
        Ok(len)
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
