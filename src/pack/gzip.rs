//! gzip: one or several members, each a head, deflated data and a tail.
//!
//! Invariant: behind the last member there is nothing but zeros, or it is an error.

use std::io::{self, BufRead, Read, Write};

use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};

/// What stands at the head of a member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The name of the document.
    name: Option<Vec<u8>>,
    comment: Option<Vec<u8>>,
    /// When it was changed, in seconds; 0 for unknown.
    time: u32,
    /// The system it was packed on.
    system: u8,
    /// 2 for the best compression, 4 for the fastest.
    effort: u8,
}

const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;
const HEAD_CHECK: u8 = 2;

/// Bytes of a tail: checksum and length.
pub(super) const TAIL: usize = 8;

impl Head {
    /// The head at the beginning of these bytes, and its length; `None` where they do not hold all of it.
    pub fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let &[0x1f, 0x8b, 8, flags, t0, t1, t2, t3, effort, system] = bytes.first_chunk::<10>()? else { return None };
        let mut at = 10;
        if flags & EXTRA != 0 {
            at += 2 + usize::from(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
        }
        let mut text = |flag| {
            (flags & flag != 0).then(|| {
                let len = memchr::memchr(0, bytes.get(at..)?)?;
                at += len + 1;
                Some(bytes[at - len - 1..at - 1].to_owned())
            })
        };
        let (name, comment) = (text(NAME), text(COMMENT));
        let (name, comment) =
            (name.map_or(Some(None), |name| name.map(Some))?, comment.map_or(Some(None), |c| c.map(Some))?);
        if flags & HEAD_CHECK != 0 {
            at += 2;
        }
        let time = u32::from_le_bytes([t0, t1, t2, t3]);
        (at <= bytes.len()).then_some((Self { name, comment, time, system, effort }, at))
    }

    /// Packs a document under the same head.
    pub fn writer<W: Write>(&self, out: W) -> GzEncoder<W> {
        let mut builder = GzBuilder::new().mtime(self.time).operating_system(self.system);
        if let Some(name) = &self.name {
            builder = builder.filename(name.as_slice());
        }
        if let Some(comment) = &self.comment {
            builder = builder.comment(comment.as_slice());
        }
        let level = match self.effort {
            2 => Compression::best(),
            4 => Compression::fast(),
            _ => Compression::default(),
        };
        builder.write(out, level)
    }
}

/// Reads all members as one document.
pub(super) struct Members<R: BufRead>(Option<State<R>>);

enum State<R: BufRead> {
    Member(Box<GzDecoder<R>>),
    Behind(R),
}

impl<R: BufRead> Members<R> {
    pub fn new(packed: R) -> Self {
        Self(Some(State::Member(Box::new(GzDecoder::new(packed)))))
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            self.0 = match self.0.take() {
                None => return Ok(0),
                Some(State::Member(mut member)) => {
                    let len = member.read(out)?;
                    if len > 0 {
                        self.0 = Some(State::Member(member));
                        return Ok(len);
                    }
                    Some(State::Behind(member.into_inner()))
                }
                Some(State::Behind(mut rest)) => {
                    let next = rest.fill_buf()?;
                    match next.first() {
                        None => None,
                        Some(0) => {
                            let zeros = next.iter().take_while(|byte| **byte == 0).count();
                            rest.consume(zeros);
                            Some(State::Behind(rest))
                        }
                        Some(0x1f) => Some(State::Member(Box::new(GzDecoder::new(rest)))),
                        Some(_) => return Err(io::Error::other("something else follows it")),
                    }
                }
            };
        }
    }
}
