//! Writing: bytes to a file that is there as a whole or not at all.
//!
//! Invariant: a file is written beside its place under another name and renamed; nothing is ever written into a file
//! that exists, except that a change log grows at its end.

#![allow(clippy::disallowed_methods, reason = "this is the place where files are written")]

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempPath};

/// What the name of a file that is being written begins with.
pub const PREFIX: &str = ".descrape-";
/// What it ends with.
pub const SUFFIX: &str = ".tmp";

/// A file that is written but not yet in its place; dropped, it is deleted.
#[derive(Debug)]
pub struct Staged {
    temporary: TempPath,
    place: PathBuf,
}

/// A file that is being written beside its place, piece by piece.
#[derive(Debug)]
pub struct Staging {
    file: NamedTempFile,
    place: PathBuf,
}

/// Writes the bytes beside `place`, whose folder is made where it is missing.
pub fn stage(place: &Path, bytes: &[u8]) -> io::Result<Staged> {
    let mut staging = Staging::new(place)?;
    staging.file.write_all(bytes)?;
    Ok(staging.finish())
}

/// Writes the bytes that are to replace a file: with its permissions, and on the disk when this returns. `was` is what
/// the file system said about the file when it was read.
pub fn stage_over(place: &Path, bytes: &[u8], was: &Metadata) -> io::Result<Staged> {
    let mut staging = Staging { file: temporary(folder(place))?, place: place.to_owned() };
    staging.file.write_all(bytes)?;
    staging.finish_over(was)
}

impl Staging {
    /// A file beside `place`, whose folder is made where it is missing.
    pub fn new(place: &Path) -> io::Result<Self> {
        let file = temporary(folder(place)).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => fs::create_dir_all(folder(place)).and_then(|()| temporary(folder(place))),
            _ => Err(error),
        })?;
        Ok(Self { file, place: place.to_owned() })
    }

    /// Reads what was written so far, from its beginning.
    pub fn reopen(&self) -> io::Result<File> {
        self.file.reopen()
    }

    /// All is written.
    pub fn finish(self) -> Staged {
        Staged { temporary: self.file.into_temp_path(), place: self.place }
    }

    /// All is written that is to replace the file; see [`stage_over`].
    pub fn finish_over(self, was: &Metadata) -> io::Result<Staged> {
        let file = self.file.as_file();
        give(file, was);
        file.set_permissions(was.permissions())?;
        file.sync_data()?;
        let is = self.place.metadata()?;
        if is.len() != was.len() || is.modified().ok() != was.modified().ok() {
            return Err(io::Error::other("it changed meanwhile"));
        }
        Ok(self.finish())
    }
}

impl Write for Staging {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Staged {
    /// Puts the file in its place.
    pub fn commit(self) -> io::Result<()> {
        self.temporary.persist(&self.place).map_err(|error| error.error)
    }
}

/// Gives a file to the owner of another one, as far as that is allowed.
#[cfg(unix)]
fn give(file: &File, other: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    // Only the superuser may give files away; for all others they already have the right owner.
    let _ = fchown(file, Some(other.uid()), Some(other.gid()));
}

#[cfg(not(unix))]
fn give(_: &File, _: &Metadata) {}

fn folder(place: &Path) -> &Path {
    match place.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// A new file with the permissions that any new file gets.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// A file that lines are added to; packed with Zstandard where its name ends in `.zst`.
pub struct Log(Sink);

enum Sink {
    Plain(File),
    Packed(Box<zstd::stream::write::Encoder<'static, File>>),
}

impl Log {
    /// Starts a log, in the place of an older one; its folder is made where it is missing.
    pub fn create(path: &Path) -> io::Result<Self> {
        let open = || OpenOptions::new().write(true).create(true).truncate(true).open(path);
        let file = open().or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => fs::create_dir_all(folder(path)).and_then(|()| open()),
            _ => Err(error),
        })?;
        Ok(Self(match path.extension().is_some_and(|end| end == "zst") {
            true => Sink::Packed(Box::new(zstd::stream::write::Encoder::new(file, zstd::DEFAULT_COMPRESSION_LEVEL)?)),
            false => Sink::Plain(file),
        }))
    }

    /// Adds lines; they survive the end of this process.
    pub fn add(&mut self, lines: &[u8]) -> io::Result<()> {
        match &mut self.0 {
            Sink::Plain(file) => file.write_all(lines),
            Sink::Packed(file) => file.write_all(lines).and_then(|()| file.flush()),
        }
    }

    /// Waits until all lines are on the disk.
    pub fn sync(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Sink::Plain(file) => file.sync_data(),
            Sink::Packed(file) => file.get_mut().sync_data(),
        }
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("Log")
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        if let Sink::Packed(file) = &mut self.0 {
            // All lines are there; what is missing is the mark that says so, which no reader here asks for.
            let _ = file.do_finish();
        }
    }
}
