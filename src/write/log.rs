//! A change log as a file that grows.
//!
//! Invariant: a log is there with its first line or not at all, and one process at a time writes it. An older log,
//! which says where the clean texts in a folder are from, stays until all of them stand in the new one.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Tag, fault, folder, in_folder, temporary};

/// The level that logs are packed with: a tenth smaller than at the usual one, and still packed faster than text is cleaned.
const LEVEL: i32 = 9;

/// A file that lines are added to; packed with Zstandard where its name ends in `.zst`.
#[derive(Debug)]
pub struct Log(Sink);

enum Sink {
    Plain(Lines),
    /// `None` once something could not be written: what would end the data then has no place.
    Packed(Option<Box<Packer>>),
}

type Packer = zstd::stream::write::Encoder<'static, Lines>;

/// The file itself.
struct Lines(File);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        fault::write(&mut self.0, bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink {
    fn new(file: File, path: &Path) -> io::Result<Self> {
        Ok(match path.extension().is_some_and(|end| end == "zst") {
            true => {
                let packer = Packer::new(Lines(file), LEVEL)?;
                Self::Packed(Some(Box::new(packer)))
            }
            false => Self::Plain(Lines(file)),
        })
    }

    fn add(&mut self, lines: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.write_all(lines),
            Self::Packed(packer) => whole(packer, |packer| packer.write_all(lines)),
        }
    }

    fn settle(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(_) => Ok(()),
            Self::Packed(packer) => whole(packer, Write::flush),
        }
    }

    fn sync(&self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.0.sync_data(),
            Self::Packed(packer) => packer.as_ref().map_or(Ok(()), |packer| packer.get_ref().0.sync_data()),
        }
    }
}

/// Does something to a packer, which is gone where that fails.
fn whole(packer: &mut Option<Box<Packer>>, act: impl FnOnce(&mut Packer) -> io::Result<()>) -> io::Result<()> {
    let mut taken = packer.take().ok_or_else(|| io::Error::other("what was written before is not whole"))?;
    act(&mut taken)?;
    *packer = Some(taken);
    Ok(())
}

impl std::fmt::Debug for Sink {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("Sink")
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Self::Packed(Some(packer)) = self {
            // All lines are there; what is missing is the mark that says so, which no reader here asks for.
            let _ = packer.do_finish();
        }
    }
}

impl Log {
    /// Starts a log with its first line; its folder is made where it is missing. An older log in its place is put by
    /// under a name of its own, the first of [`Log::old`] that is free.
    pub fn create(path: &Path, first: &[u8], tag: &Tag) -> io::Result<Self> {
        let there = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            older => Some(older?),
        };
        there.iter().try_for_each(lock)?;
        tag.sweep(path);
        let file = in_folder(path, || temporary(folder(path), tag))?;
        // The lock is that of both.
        let mut sink = Sink::new(file.as_file().try_clone()?, path)?;
        sink.add(first)?;
        sink.settle()?;
        lock(file.as_file())?;
        match &there {
            // Nothing but a name.
            Some(there) if there.metadata()?.len() == 0 => {
                fault::call(|| file.persist(path).map_err(|error| error.error))?;
            }
            _ => {
                if there.is_some() {
                    let free = numbered(path).find(|old| old.symlink_metadata().is_err());
                    let free = free.ok_or_else(|| io::Error::other("too many interrupted runs"))?;
                    fault::call(|| fs::rename(path, free))?;
                }
                fault::call(|| file.persist_noclobber(path).map_err(|error| error.error))?;
            }
        }
        Ok(Self(sink))
    }

    /// The logs of earlier runs that were put by, the oldest first: those which no run that reached its end has
    /// replaced.
    pub fn old(path: &Path) -> Vec<PathBuf> {
        numbered(path).take_while(|old| old.symlink_metadata().is_ok()).collect()
    }

    /// Keeps other processes from writing a log, for as long as what this gives is there.
    pub fn guard(path: &Path) -> io::Result<impl Sized> {
        let file = File::open(path)?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Err(io::Error::other("another run of descrape is writing it")),
            Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
        }
    }

    /// Adds lines. How they come makes no difference to what is written.
    pub fn add(&mut self, lines: &[u8]) -> io::Result<()> {
        self.0.add(lines)
    }

    /// From here on the lines survive the end of this process.
    pub fn settle(&mut self) -> io::Result<()> {
        self.0.settle()
    }

    /// Waits until all lines are on the disk.
    pub fn sync(&mut self) -> io::Result<()> {
        fault::call(|| self.0.sync())
    }

    /// Deletes the older logs of which all that they say stands in this one, which `told` knows. The newest goes first,
    /// and none before one that stays, so that those that are left are found.
    pub fn replace(&mut self, path: &Path, told: impl Fn(&Path) -> io::Result<bool>) -> io::Result<()> {
        for old in Self::old(path).iter().rev() {
            if !told(old)? {
                break;
            }
            fault::call(|| fs::remove_file(old))?;
        }
        Ok(())
    }
}

/// `changes.jsonl.1` and so on.
fn numbered(path: &Path) -> impl Iterator<Item = PathBuf> {
    (1..10_000).map(move |number| {
        let mut name = OsString::from(path);
        name.push(format!(".{number}"));
        name.into()
    })
}

/// Keeps other processes from writing a file. Where the file system knows no locks, nobody is kept.
fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(io::Error::other("another run of descrape is writing it")),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}
