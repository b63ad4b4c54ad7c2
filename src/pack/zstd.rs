//! Zstandard: one or several frames.
//!
//! Invariant: a guess at how a frame was made counts only where it gives that very frame.

use std::io::{self, Write};

use zstd::stream::write::Encoder;
use zstd::zstd_safe;

/// The levels that frames are likely to have been made with, the likeliest first: the program's own, then those that
/// it and others offer as fast or good; the last one is tried only where it is worth its time.
const LEVELS: [i32; 10] = [3, 1, 6, 9, 2, 4, 5, 7, 8, 19];

/// Input is handed over in pieces of this size, that of a block, so that a wrong guess shows early.
const BLOCK: usize = 1 << 17;

/// Whether a checksum follows the data of the frame at the beginning.
pub(super) fn has_checksum(packed: &[u8]) -> bool {
    packed.get(4).is_some_and(|descriptor| descriptor & 4 != 0)
}

pub(super) fn encoder<W: Write>(
    out: W,
    level: i32,
    checksum: bool,
    len: Option<u64>,
) -> io::Result<Encoder<'static, W>> {
    let mut encoder = Encoder::new(out, level)?;
    encoder.include_checksum(checksum)?;
    encoder.set_pledged_src_size(len)?;
    Ok(encoder)
}

/// The level that this frame was made with; `None` where none of them gives it.
pub(super) fn level(frame: &[u8], document: &[u8], thorough: bool) -> Option<i32> {
    let len = is_sized(frame).then_some(document.len() as u64);
    let levels = LEVELS.iter().copied().filter(|level| thorough || *level < 10);
    levels.into_iter().find(|level| makes(frame, document, *level, len).unwrap_or(false))
}

/// Whether the frame says how long its data is.
pub(super) fn is_sized(frame: &[u8]) -> bool {
    zstd_safe::get_frame_content_size(frame).is_ok_and(|len| len.is_some())
}

fn makes(frame: &[u8], document: &[u8], level: i32, len: Option<u64>) -> io::Result<bool> {
    let mut encoder = encoder(Same(frame), level, has_checksum(frame), len)?;
    document.chunks(BLOCK).try_for_each(|block| encoder.write_all(block))?;
    Ok(encoder.finish()?.0.is_empty())
}

/// Takes only these bytes.
struct Same<'a>(&'a [u8]);

impl Write for Same<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.strip_prefix(bytes).ok_or(io::ErrorKind::InvalidData)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The frames of packed data, each with its document; `None` where that cannot be told.
pub(super) fn frames(packed: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    let mut rest = packed;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let len = zstd_safe::find_frame_compressed_size(rest).ok().filter(|len| (1..=rest.len()).contains(len));
        let frame = len.map(|len| rest.split_at(len));
        rest = frame.map_or(&[], |(_, rest)| rest);
        Some(frame.map(|(frame, _)| frame))
    })
}

/// Whether a frame holds no data.
pub(super) fn is_skipped(frame: &[u8]) -> bool {
    !frame.starts_with(&[0x28])
}
