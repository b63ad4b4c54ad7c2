//! Which encoding a file is in, from its bytes alone.
//!
//! Invariant: the steps go from certain to likely, and each says how it knew: byte order mark, NUL bytes, signature,
//! UTF-8, escape sequences, statistics.

use memchr::memchr;

use super::binary;
use super::codec;
use super::contest::{self, Among, Standing};
use super::declared::declared;
use super::encoding::Encoding;
use super::mixed::ByteRun;
use super::model::NAT;
use super::plain;
use super::prose;
use super::sample::{self, Sample};
use super::seven_bit;
use super::source::KnownBy;

/// The encoding of a file and how it became known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The encoding.
    pub encoding: Encoding,
    /// How it became known.
    pub known_by: KnownBy,
    /// Whether it may be relied on without a look at the text.
    pub sure: bool,
    /// By how many nats the text is likelier than the runner-up's.
    pub margin: Option<u32>,
    /// The next likely encoding that gives another text.
    pub runner_up: Option<Encoding>,
    /// Whether a byte order mark stands at the start.
    pub bom: bool,
    /// The other encodings of a file whose lines are in several.
    pub also: Vec<Encoding>,
}

impl Guess {
    pub(super) fn certain(encoding: Encoding, known_by: KnownBy) -> Self {
        Self { encoding, known_by, sure: true, margin: None, runner_up: None, bom: false, also: Vec::new() }
    }

    /// Takes over what was found out about a file in several encodings.
    pub(super) fn take(&mut self, runs: &[ByteRun], len: usize) {
        let ends = runs.iter().skip(1).map(|run| run.at).chain([len]);
        let mut shares: Vec<(Encoding, usize)> = Vec::new();
        for (run, end) in runs.iter().zip(ends) {
            match shares.iter_mut().find(|(encoding, _)| *encoding == run.encoding) {
                Some((_, share)) => *share += end - run.at,
                None => shares.push((run.encoding, end - run.at)),
            }
        }
        // A byte order mark keeps the encoding that it was written in.
        shares.sort_by_key(|(encoding, share)| (self.bom && *encoding != self.encoding, std::cmp::Reverse(*share)));
        if let [(main, _), others @ ..] = &shares[..] {
            (self.encoding, self.known_by) = (*main, if self.bom { self.known_by } else { KnownBy::Detector });
            self.also = others.iter().map(|(encoding, _)| *encoding).collect();
            self.runner_up = None;
            self.margin = None;
        }
    }
}

/// Why a file is not read as text.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotText {
    #[error("not a text: {why}; left as it is")]
    /// It is a picture, an archive or the like.
    Binary {
        /// What it is, with its article.
        why: &'static str,
    },
}

/// The encoding of these bytes, or the main one of several. `is_utf_8` says that all of them are valid UTF-8.
pub(super) fn guess(bytes: &[u8], is_utf_8: bool) -> Result<Guess, NotText> {
    if let Some(encoding) = byte_order_mark(bytes) {
        return Ok(Guess { bom: true, ..Guess::certain(encoding, KnownBy::Bom) });
    }
    if let Some(why) = binary::signature(bytes) {
        return Err(NotText::Binary { why });
    }
    let high = sample::count_high(bytes, PLAINLY.max(bytes.len() / AMONG_ESCAPES + 1));
    if high <= bytes.len() / AMONG_ESCAPES
        && memchr(0, bytes).is_none()
        && let Some(encoding) = seven_bit::escapes(bytes, high)
    {
        return Ok(Guess::certain(encoding, KnownBy::Escapes));
    }
    let is_binary = is_utf_8 && binary::is_binary(bytes, is_utf_8);
    let plainly = high >= PLAINLY || high * AMONG_ASCII <= bytes.len();
    if is_utf_8 && !is_binary && plainly {
        return Ok(Guess::certain(Encoding::Utf8, KnownBy::Utf8));
    }
    if !is_utf_8
        && let Some(encoding) = plain::encoding(bytes)
        && !binary::is_binary(bytes, is_utf_8)
    {
        return Ok(Guess::certain(encoding, KnownBy::Detector));
    }
    if (is_binary || !is_utf_8)
        && let Some(guess) = wide(bytes)
    {
        return Ok(guess);
    }
    if is_binary || !is_utf_8 && binary::is_binary(bytes, is_utf_8) {
        return Err(NotText::Binary { why: "full of control characters" });
    }
    let sample = sample::take(bytes, SAMPLE);
    let standings = contest::standings(&sample, Among::Usual, declared(bytes));
    Ok(judge(&sample.bytes, &standings))
}

/// So many bytes outside ASCII are valid UTF-8 only if they are meant to be.
const PLAINLY: usize = 12;
/// Nor do fewer among so many times as many others: an ASCII text with a sign or two, such as `5×£35`.
const AMONG_ASCII: usize = 4;
/// A text with escape sequences is in seven bits, damage apart: at most one byte in so many is not.
const AMONG_ESCAPES: usize = 16;
/// How much of a file the detector looks at.
const SAMPLE: usize = 16 << 10;
/// A lead of this many nats is as good as certain.
const SURE: u32 = 10;
/// Between two one-byte encodings a lead must outlast three damaged bytes, each of which may be a letter in the one and a
/// control character in the other. (Measured: 99.98 % of the sure answers for damaged pieces were right.)
const SURE_OF_LETTERS: u32 = 18;

fn judge(sample: &[u8], standings: &[Standing]) -> Guess {
    let (best, rival) = contest::verdict(sample, standings);
    let known_by = if best.encoding == Encoding::Utf8 { KnownBy::Utf8 } else { KnownBy::Detector };
    let is_single = |encoding| matches!(encoding, Encoding::Single(_));
    let enough = |rival| if is_single(best.encoding) && is_single(rival) { SURE_OF_LETTERS } else { SURE };
    Guess {
        sure: rival.is_none_or(|(encoding, margin)| margin >= enough(encoding)),
        margin: rival.map(|(_, margin)| margin),
        runner_up: rival.map(|(encoding, _)| encoding),
        ..Guess::certain(best.encoding, known_by)
    }
}

/// The encoding whose byte order mark these bytes start with.
pub(super) fn byte_order_mark(bytes: &[u8]) -> Option<Encoding> {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => Some(Encoding::Utf8),
        // The same two bytes start UTF-16, in which a text would then begin with a NUL.
        [0xff, 0xfe, 0, 0, ..] if codec::decode(bytes, Encoding::Utf32Le).is_some() => Some(Encoding::Utf32Le),
        [0, 0, 0xfe, 0xff, ..] => Some(Encoding::Utf32Be),
        [0xff, 0xfe, ..] => Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => Some(Encoding::Utf16Be),
        [0x84, 0x31, 0x95, 0x33, ..] => Some(Encoding::Gb18030),
        _ => None,
    }
}

/// UTF-32 or UTF-16 without a mark, where that reads better than anything else.
fn wide(bytes: &[u8]) -> Option<Guess> {
    for encoding in [Encoding::Utf32Le, Encoding::Utf32Be] {
        let start = codec::decode(&bytes[..bytes.len().min(SAMPLE) & !3], encoding);
        if start.is_some_and(|text| !text.is_empty() && is_text(&text)) && codec::decode(bytes, encoding).is_some() {
            return Some(Guess::certain(encoding, KnownBy::Nul));
        }
    }
    let head = &bytes[..bytes.len().min(LOOK) & !1];
    let readable = |encoding| contest::cost(head, encoding) < READABLE * head.len() as u32;
    if head.is_empty() || !readable(Encoding::Utf16Le) && !readable(Encoding::Utf16Be) {
        return None;
    }
    let sample = Sample { bytes: bytes[..bytes.len().min(SAMPLE) & !1].to_vec(), from_start: true };
    let standings = contest::standings(&sample, Among::Wide, None);
    let best = standings[0].encoding;
    let text = best.standard().filter(|_| best.unit() == 2)?.decode_without_bom_handling(&sample.bytes).0;
    is_text(&text).then(|| Guess { known_by: KnownBy::Nul, ..judge(&sample.bytes, &standings) })
}

/// Whether few of these characters are control characters.
fn is_text(text: &str) -> bool {
    text.chars().filter(|char| prose::is_control(*char)).count() * 16 <= text.chars().count()
}

/// How many bytes are tried as UTF-16, and what a byte may cost; two thirds of what chance would.
const LOOK: usize = 128;
const READABLE: u32 = 16 * NAT / 3;
