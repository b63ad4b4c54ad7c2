//! How to pack a document so that the very bytes of its packed file come out again.
//!
//! Invariant: a recipe is there only where it is believed to give the packed file; whoever follows one compares.
//!
//! Deflated data is taken apart by preflate: it finds how the packer searched for matches and keeps what that does not
//! foretell, some tens of bytes for what gzip or zlib made. Zstandard frames have no such tool; for them the levels are tried.

use std::io::{self, Cursor, Read, Write};

use preflate_rs::{ExitCode, PreflateConfig, PreflateStreamProcessor, RecreateStreamProcessor};
use serde::{Deserialize, Serialize};

use super::gzip::{Head, TAIL};
use super::{Format, zstd};

/// The pieces of a packed file, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recipe(pub Vec<Piece>);

/// A piece of a packed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Piece {
    /// These bytes.
    Bytes {
        /// Heads, tails and padding.
        #[serde(with = "crate::hex")]
        bytes: Vec<u8>,
    },
    /// The next bytes of the document, deflated. A stream goes on until other bytes follow.
    Deflate {
        /// What preflate needs to do it as it was done.
        #[serde(with = "crate::hex")]
        deflate: Vec<u8>,
        /// How many bytes of the document.
        len: u64,
    },
    /// The next bytes of the document as a Zstandard frame.
    Zstd {
        /// The level.
        zstd: i32,
        /// How many bytes of the document.
        len: u64,
        /// Whether the frame says how many.
        sized: bool,
        /// Whether a checksum stands at its end.
        checksum: bool,
    },
}

/// Packed bytes are looked at in portions of this size.
const PORTION: usize = 1 << 20;

/// The most that one portion may unpack to; beyond, it is looked at in parts.
const PLAIN: usize = 1 << 25;

/// preflate counts bytes of a document in 31 bits.
const LONGEST: u64 = 1 << 30;

/// The most bytes that a recipe may hold: it stays in memory until the file is done.
const RECIPE: usize = 1 << 23;

/// Finds the recipe of gzip data that is given to it from beginning to end.
pub struct Recorder {
    held: Vec<u8>,
    state: State,
    recipe: Recipe,
    /// Bytes of the recipe.
    size: usize,
    config: PreflateConfig,
    /// With so many bytes it is worth another look.
    enough: usize,
    /// Bytes of this member's document.
    plain: u64,
}

enum State {
    Head,
    Deflate(Box<PreflateStreamProcessor>),
    Tail,
    Rest,
    Unknown,
}

impl Recipe {
    /// The recipe of a packed document; `thorough` where its packed file is about to go.
    pub fn of(packed: &[u8], format: Format, document: &[u8], thorough: bool) -> Option<Self> {
        match format {
            Format::Gzip => {
                let mut recorder = Recorder::new(thorough);
                recorder.feed(packed);
                recorder.finish()
            }
            Format::Zstd => zstd_frames(packed, document, thorough),
        }
    }

    /// Packs a document the way it was packed.
    pub fn follow(&self, document: &mut impl Read, out: &mut impl Write) -> io::Result<()> {
        let mut stream = None;
        let mut plain = Vec::new();
        for piece in &self.0 {
            match piece {
                Piece::Bytes { bytes } => {
                    stream = None;
                    out.write_all(bytes)?;
                }
                Piece::Deflate { deflate, len } => {
                    take(document, *len, &mut plain)?;
                    let stream = stream.get_or_insert_with(RecreateStreamProcessor::new);
                    let packed = stream.recompress(&mut Cursor::new(&plain), deflate);
                    out.write_all(&packed.map_err(|error| io::Error::other(error.to_string()))?.0)?;
                }
                Piece::Zstd { zstd, len, sized, checksum } => {
                    let mut encoder = zstd::encoder(&mut *out, *zstd, *checksum, sized.then_some(*len))?;
                    let copied = io::copy(&mut document.take(*len), &mut encoder)?;
                    encoder.finish()?;
                    if copied < *len {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
            }
        }
        Ok(())
    }
}

fn take(document: &mut impl Read, len: u64, plain: &mut Vec<u8>) -> io::Result<()> {
    plain.clear();
    match document.take(len).read_to_end(plain)? as u64 == len {
        true => Ok(()),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn zstd_frames(packed: &[u8], document: &[u8], thorough: bool) -> Option<Recipe> {
    let mut rest = document;
    let mut pieces = Vec::new();
    for frame in zstd::frames(packed) {
        let frame = frame?;
        if zstd::is_skipped(frame) {
            pieces.push(Piece::Bytes { bytes: frame.to_owned() });
            continue;
        }
        let len = match ::zstd::zstd_safe::get_frame_content_size(frame) {
            Ok(Some(len)) => usize::try_from(len).ok()?,
            // Only of a frame alone is it known how much of the document is in it.
            _ if frame.len() == packed.len() => document.len(),
            _ => return None,
        };
        let (document, behind) = rest.split_at_checked(len)?;
        let level = zstd::level(frame, document, thorough)?;
        let (sized, checksum) = (zstd::is_sized(frame), zstd::has_checksum(frame));
        pieces.push(Piece::Zstd { zstd: level, len: len as u64, sized, checksum });
        rest = behind;
    }
    Some(Recipe(pieces))
}

impl Recorder {
    /// A recorder of gzip data that has seen nothing; a `thorough` one does the packing over to be sure.
    pub fn new(thorough: bool) -> Self {
        let config = PreflateConfig { plain_text_limit: PLAIN, verify_compression: thorough, ..Default::default() };
        let (held, recipe) = (Vec::new(), Recipe::default());
        Self { held, state: State::Head, recipe, size: 0, config, enough: PORTION, plain: 0 }
    }

    /// Takes the next packed bytes.
    pub fn feed(&mut self, packed: &[u8]) {
        if matches!(self.state, State::Unknown) {
            return;
        }
        self.held.extend_from_slice(packed);
        if self.held.len() >= self.enough {
            self.look(false);
        }
    }

    /// The recipe, once all bytes were fed.
    pub fn finish(mut self) -> Option<Recipe> {
        self.look(true);
        let whole =
            matches!(self.state, State::Head | State::Rest) && self.held.is_empty() && !self.recipe.0.is_empty();
        whole.then_some(self.recipe)
    }

    fn look(&mut self, end: bool) {
        self.enough = PORTION;
        while !self.held.is_empty() && self.step(end) {}
        if self.size > RECIPE {
            self.state = State::Unknown;
        }
        if matches!(self.state, State::Unknown) {
            (self.held, self.recipe) = Default::default();
        }
    }

    /// Takes the next piece off the held bytes; false where more of them are needed.
    fn step(&mut self, end: bool) -> bool {
        match &mut self.state {
            State::Unknown => return false,
            State::Head => match Head::read(&self.held) {
                Some((_, len)) => {
                    self.bytes(len);
                    self.plain = 0;
                    self.state = State::Deflate(Box::new(PreflateStreamProcessor::new(&self.config)));
                }
                None if end => self.state = State::Unknown,
                None => return false,
            },
            State::Deflate(stream) => {
                if !end && self.held.len() < self.enough {
                    return false;
                }
                match stream.decompress(&self.held) {
                    Ok(part) => {
                        let len = stream.plain_text().len() as u64;
                        stream.shrink_to_dictionary();
                        let done = stream.is_done();
                        self.plain += len;
                        self.size += part.corrections.len() + 32;
                        self.recipe.0.push(Piece::Deflate { deflate: part.corrections, len });
                        self.held.drain(..part.compressed_size);
                        if self.plain > LONGEST || part.compressed_size == 0 && !done {
                            self.state = State::Unknown;
                        } else if done {
                            self.state = State::Tail;
                        }
                    }
                    // A block longer than the portion.
                    Err(error) if error.exit_code() == ExitCode::ShortRead && !end => {
                        self.enough = self.held.len() * 2;
                        return false;
                    }
                    Err(_) => self.state = State::Unknown,
                }
            }
            State::Tail if self.held.len() >= TAIL => {
                self.bytes(TAIL);
                self.state = State::Head;
                if self.held.first().is_some_and(|byte| *byte != 0x1f) {
                    self.state = State::Rest;
                }
            }
            State::Tail => return false,
            State::Rest => self.bytes(self.held.len()),
        }
        true
    }

    fn bytes(&mut self, len: usize) {
        self.size += len;
        let new = self.held.drain(..len);
        match self.recipe.0.last_mut() {
            Some(Piece::Bytes { bytes }) => bytes.extend(new),
            _ => self.recipe.0.push(Piece::Bytes { bytes: new.collect() }),
        }
    }
}
