//! A file of lines, packed or not, in portions.
//!
//! Invariant: a portion ends where a line does, except at the end of the file; memory holds one portion and what is
//! read ahead, however long the file is.

use std::io::{self, BufReader, Cursor, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Came;
use super::wrap::too_large;
use crate::jsonl::{self, Styles};
use crate::log::Hasher;
use crate::pack::{self, Aside, Format, Manner};
use crate::read;

/// Bytes of a portion: large enough that threads seldom wait for one another, small enough that many fit in memory.
const PORTION: usize = 1 << 18;

/// Nothing that people pack gets smaller by more than this.
const RATIO: u64 = 250;

/// Some lines of a file.
pub(super) struct Portion {
    /// The number of the first line, from 1.
    pub row: u64,
    pub bytes: Vec<u8>,
    /// What strings of this file escape.
    pub usual: Styles,
}

/// What went by on its way from the file.
#[derive(Default)]
pub(super) struct Seen {
    pub sum: Hasher,
    pub recorder: Option<Aside>,
}

struct Tap<R> {
    file: R,
    seen: Arc<Mutex<Seen>>,
}

impl<R: Read> Read for Tap<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let len = self.file.read(out)?;
        let mut seen = lock(&self.seen);
        seen.sum.update(&out[..len]);
        if let Some(recorder) = &seen.recorder {
            recorder.feed(&out[..len]);
        }
        Ok(len)
    }
}

pub(super) fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The portions of a file.
pub(super) struct Portions<'r> {
    document: Box<dyn Read + Send + 'r>,
    /// What the file is packed with, and how.
    pub wrap: Option<(Format, Manner)>,
    pub seen: Arc<Mutex<Seen>>,
    /// Read and not handed out.
    rest: Vec<u8>,
    row: u64,
    bytes: u64,
    /// The most bytes of a line.
    limit: u64,
    /// Hands out what is there instead of waiting for more.
    pub eager: bool,
    ended: bool,
    fields: &'r [String],
    usual: Option<Styles>,
}

impl<'r> Portions<'r> {
    /// Begins to read. `record` where it is to be known how a packed file was packed; `thorough` where it is about to go.
    pub fn new(
        mut file: impl Read + Send + 'r,
        limit: u64,
        record: Option<bool>,
        fields: &'r [String],
    ) -> io::Result<Self> {
        let mut beginning = Vec::new();
        file.by_ref().take(1 << 12).read_to_end_or_pause(&mut beginning)?;
        let format = Format::of(&beginning);
        let recorder = record.filter(|_| format == Some(Format::Gzip)).map(Aside::new);
        let wrap = format.map(|format| (format, Manner::of(&beginning, format)));
        let seen = Arc::new(Mutex::new(Seen { recorder, ..Seen::default() }));
        let tap = Tap { file: Cursor::new(beginning).chain(file), seen: seen.clone() };
        let document: Box<dyn Read + Send> = match format {
            Some(format) => format.reader(BufReader::with_capacity(1 << 16, tap))?,
            None => Box::new(tap),
        };
        let (rest, row, bytes) = (Vec::new(), 1, 0);
        Ok(Self { document, wrap, seen, rest, row, bytes, limit, eager: false, ended: false, fields, usual: None })
    }

    fn error(&self, error: io::Error) -> Came {
        match &self.wrap {
            Some((format, _)) => Came::Failed { what: "cannot be unpacked", why: format.error(error).to_string() },
            None => Came::Failed { what: "cannot be read", why: read::cause(&error) },
        }
    }

    /// The next whole lines; empty at the end.
    fn read(&mut self) -> Result<Vec<u8>, Came> {
        let mut bytes = std::mem::take(&mut self.rest);
        let mut last = memchr::memrchr(b'\n', &bytes);
        while !self.ended && !(last.is_some() && (self.eager || bytes.len() >= PORTION)) {
            let start = bytes.len();
            bytes.resize(start + (PORTION / 4).max(start / 2), 0);
            let len = match self.document.read(&mut bytes[start..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
                Err(error) => return Err(self.error(error)),
                Ok(len) => {
                    self.ended = len == 0;
                    len
                }
            };
            bytes.truncate(start + len);
            self.bytes += len as u64;
            last = memchr::memrchr(b'\n', &bytes[start..]).map(|at| start + at).or(last);
            if last.is_none() && bytes.len() as u64 > self.limit {
                return Err(too_long(self.row, self.limit));
            }
            if self.wrap.is_some() && self.bytes > self.limit && self.bytes / RATIO > lock(&self.seen).sum.sum().bytes {
                return Err(too_large(self.limit));
            }
        }
        if let Some(last) = last.filter(|_| !self.ended) {
            self.rest = bytes.split_off(last + 1);
        }
        Ok(bytes)
    }

    /// What the strings of the first lines escape.
    fn usual(&self, bytes: &[u8]) -> Styles {
        let texts = bytes.split(|byte| *byte == b'\n').take(100).filter_map(|line| {
            let line = std::str::from_utf8(line).ok()?;
            let at = self.fields.iter().find_map(|field| jsonl::find(line, field).ok().flatten())?;
            Some(&line[at])
        });
        texts.fold(Styles::default(), |usual, text| Styles::of(text, usual))
    }
}

impl Iterator for Portions<'_> {
    type Item = Result<Portion, Came>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended && self.rest.is_empty() {
            return None;
        }
        let bytes = match self.read() {
            Ok(bytes) if bytes.is_empty() => return None,
            Ok(bytes) => bytes,
            Err(came) => {
                self.ended = true;
                return Some(Err(came));
            }
        };
        let usual = *self.usual.get_or_insert_default();
        let usual = if self.row == 1 { self.usual(&bytes) } else { usual };
        self.usual = Some(usual);
        let row = self.row;
        self.row += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        Some(Ok(Portion { row, bytes, usual }))
    }
}

fn too_long(row: u64, limit: u64) -> Came {
    let why = format!("line {row} is longer than {}; --max-size raises that limit", pack::size(limit));
    Came::Failed { what: "cannot be cleaned", why }
}

/// Reading of a pipe, which may have little at first.
trait ReadSome: Read {
    /// Reads until it knows how the file begins.
    fn read_to_end_or_pause(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let mut part = [0; 1 << 12];
        while out.len() < pack::SIGNATURE {
            match self.read(&mut part) {
                Ok(0) => break,
                Ok(len) => out.extend_from_slice(&part[..len]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl<R: Read> ReadSome for R {}
