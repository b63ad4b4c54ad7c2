//! Decoding that forgets nothing: bytes to text, and aside the bytes of every piece of it that does not encode back.
//!
//! Invariant: encoding the text, with the bytes of each piece put in its place, gives the input exactly.
//!
//! Nearly every file takes one pass that reads only what comes back. Where it stops, the rest of the line is taken
//! character by character, and a damaged line from its start; in encodings with a state, where a character has no bytes
//! of its own, the line is kept whole.

use encoding_rs::DecoderResult;
use memchr::{memchr, memrchr};

use super::codec;
use super::encoding::Encoding;
use super::mixed::ByteRun;
use super::pairs::Pairs;
use super::prose::Languages;
use super::segment;
use super::seven_bit;
use super::source::{Raw, Run};
use super::wide;

/// What stands in the text for bytes that mean nothing.
const REPLACEMENT: &str = "\u{fffd}";

/// Two pieces with fewer good bytes between them are kept as one: a record of its own would be longer.
const JOIN: usize = 12;

/// So many bytes of text are written at a time: they are still in the cache when they are taken over.
const ROOM: usize = 8 << 10;

/// A decoded stretch of a file; the offsets in `raw` count from the start of `text`.
#[derive(Default)]
pub(super) struct Exact {
    pub(super) text: String,
    pub(super) raw: Vec<Raw>,
    /// How many bytes were not valid.
    pub(super) bad: usize,
}

/// Decodes any bytes as `encoding`.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Exact {
    if !encoding.is_double_byte()
        && let Some(text) = codec::decode(bytes, encoding)
        && codec::encodes_to(&text, encoding, bytes)
    {
        return Exact { text: text.into_owned(), ..Exact::default() };
    }
    // Two bytes of Chinese become three; memory that is not needed is never touched.
    let text = String::with_capacity(bytes.len() + bytes.len() / 2);
    let mut pieces = Pieces { input: bytes, text, kept: Vec::new(), bad: 0 };
    match encoding {
        Encoding::Utf8 => pieces.take_utf_8(),
        _ if encoding.unit() > 1 => pieces.take_wide(encoding),
        _ if codec::has_escapes(encoding) => pieces.take_stateful(encoding),
        _ => pieces.take_stateless(encoding),
    }
    pieces.finish()
}

/// Decodes each run in its own encoding; gives the runs by where they stand in the text.
pub(super) fn decode_runs(bytes: &[u8], runs: &[ByteRun]) -> (Exact, Vec<Run>) {
    let mut all = Exact::default();
    let mut found = Vec::with_capacity(runs.len());
    let ends = runs.iter().skip(1).map(|run| run.at).chain([bytes.len()]);
    for (run, end) in runs.iter().zip(ends) {
        let part = decode(&bytes[run.at..end], run.encoding);
        let at = all.text.len();
        found.push(Run { at, encoding: run.encoding });
        all.text.push_str(&part.text);
        all.raw.extend(part.raw.into_iter().map(|piece| Raw { at: at + piece.at, ..piece }));
        all.bad += part.bad;
    }
    (all, found)
}

/// The text so far, and which of its pieces to keep the bytes of.
struct Pieces<'a> {
    input: &'a [u8],
    text: String,
    kept: Vec<Kept>,
    bad: usize,
}

/// Bytes `from..to` of the input, which stand at `at..end` of the text.
struct Kept {
    at: usize,
    end: usize,
    from: usize,
    to: usize,
}

impl Pieces<'_> {
    /// Appends the text of `from..to` and notes to keep those bytes.
    fn keep(&mut self, text: &str, from: usize, to: usize) {
        let at = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        match self.kept.last_mut() {
            Some(last) if from - last.to < JOIN => (last.end, last.to) = (end, to),
            _ => self.kept.push(Kept { at, end, from, to }),
        }
    }

    fn keep_bad(&mut self, from: usize, to: usize) {
        self.keep(REPLACEMENT, from, to);
        self.bad += to - from;
    }

    fn finish(self) -> Exact {
        let raw =
            |kept: Kept| Raw { at: kept.at, len: kept.end - kept.at, bytes: self.input[kept.from..kept.to].to_vec() };
        Exact { text: self.text, raw: self.kept.into_iter().map(raw).collect(), bad: self.bad }
    }

    fn take_utf_8(&mut self) {
        let mut at = 0;
        for chunk in self.input.utf8_chunks() {
            self.text.push_str(chunk.valid());
            at += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                self.keep_bad(at, at + chunk.invalid().len());
                at += chunk.invalid().len();
            }
        }
    }

    fn take_wide(&mut self, encoding: Encoding) {
        let mut at = 0;
        while at < self.input.len() {
            let (char, len) = wide::next_char(&self.input[at..], encoding);
            match char {
                Some(char) => self.text.push(char),
                None => self.keep_bad(at, at + len),
            }
            at += len;
        }
    }

    /// Encodings in which a character's bytes follow from nothing but themselves.
    fn take_stateless(&mut self, encoding: Encoding) {
        let mut room = [0; ROOM];
        let mut at = 0;
        while at < self.input.len() {
            if let Some(pairs) = Pairs::of(encoding) {
                at = self.take_pairs(at, pairs, &mut room);
            }
            let end = self.line_end(at);
            let rest = &self.input[at..end];
            match codec::decode(rest, encoding) {
                Some(text) if codec::encodes_to(&text, encoding, rest) => self.text.push_str(&text),
                Some(_) => self.take_chars(at, end, encoding),
                None => {
                    let start = self.back_to_line_start(at);
                    self.take_words(start, end, encoding);
                }
            }
            at = end;
        }
    }

    /// Takes what is in the table from here on; gives where that ends.
    fn take_pairs(&mut self, from: usize, pairs: &Pairs, room: &mut [u8]) -> usize {
        let mut at = from;
        while let (read @ 1.., written) = pairs.read(&self.input[at..], room) {
            // The standard library's own look at it would take as long as all the rest.
            self.text.push_str(&codec::decode(&room[..written], Encoding::Utf8).expect("the table holds UTF-8"));
            at += read;
        }
        at
    }

    /// Where the line ends that holds `at`: there, characters end as well in all of these encodings.
    fn line_end(&self, at: usize) -> usize {
        memchr(b'\n', &self.input[at..]).map_or(self.input.len(), |line| at + line + 1)
    }

    /// Forgets the text of the line that holds `at`, of which nothing is kept yet; gives where it starts.
    fn back_to_line_start(&mut self, at: usize) -> usize {
        self.text.truncate(memrchr(b'\n', self.text.as_bytes()).map_or(0, |line| line + 1));
        memrchr(b'\n', &self.input[..at]).map_or(0, |line| line + 1)
    }

    /// A line with bad bytes: word by word, the damaged ones divided the likeliest way.
    fn take_words(&mut self, from: usize, to: usize, encoding: Encoding) {
        let mut at = from;
        while at < to {
            let end = at + segment::word_end(&self.input[at..to]).max(1);
            let word = &self.input[at..end];
            if codec::decode(word, encoding).is_some() {
                self.take_chars(at, end, encoding);
            } else if encoding.is_double_byte() && word.len() <= segment::LONGEST_WORD {
                let (parts, _) = segment::divide(word, encoding, Languages::of(encoding));
                let mut part_at = at;
                for part in parts {
                    match part.bad {
                        true => self.keep_bad(part_at, part_at + part.len),
                        false => self.take_chars(part_at, part_at + part.len, encoding),
                    }
                    part_at += part.len;
                }
            } else {
                self.take_plainly(at, end, encoding);
            }
            at = end;
        }
    }

    /// Valid stretches and bad sequences in turn, as the WHATWG decoder divides them.
    fn take_plainly(&mut self, from: usize, to: usize, encoding: Encoding) {
        let mut at = from;
        while at < to {
            let (valid, bad) = valid_then_bad(&self.input[at..to], encoding);
            self.take_chars(at, at + valid, encoding);
            at += valid;
            if bad > 0 {
                self.keep_bad(at, at + bad);
                at += bad;
            }
        }
    }

    /// Valid bytes, character by character, keeping those that have another preferred encoding.
    fn take_chars(&mut self, from: usize, to: usize, encoding: Encoding) {
        let mut at = from;
        while at < to {
            // The shortest valid sequence is one character: no valid sequence is the start of another.
            let longest = (to - at).min(LONGEST);
            let found = (1..=longest)
                .find_map(|len| codec::decode(&self.input[at..at + len], encoding).map(|text| (text, at + len)));
            match found {
                Some((text, end)) if codec::encodes_to(&text, encoding, &self.input[at..end]) => {
                    self.text.push_str(&text);
                    at = end;
                }
                Some((text, end)) => {
                    self.keep(&text, at, end);
                    at = end;
                }
                None => {
                    self.keep_bad(at, at + 1);
                    at += 1;
                }
            }
        }
    }

    /// Escape-driven encodings: stretches of lines that start and end in ASCII, each exact or kept whole.
    fn take_stateful(&mut self, encoding: Encoding) {
        let mut at = 0;
        while at < self.input.len() {
            let end = at + seven_bit::back_in_ascii(&self.input[at..], encoding);
            let stretch = &self.input[at..end];
            match codec::decode(stretch, encoding) {
                Some(text) if codec::encodes_to(&text, encoding, stretch) => self.text.push_str(&text),
                Some(text) => self.keep(&text, at, end),
                None => {
                    let (text, bad) = seven_bit::decode_lossy(stretch, encoding);
                    self.keep(&text, at, end);
                    self.bad += bad;
                }
            }
            at = end;
        }
    }
}

/// The longest character in any multi-byte encoding: four bytes, in GB18030.
const LONGEST: usize = 4;

/// How many bytes at the start are valid, and how many bad ones follow; as the WHATWG decoder divides them.
fn valid_then_bad(bytes: &[u8], encoding: Encoding) -> (usize, usize) {
    let Some(standard) = encoding.standard() else { return (0, bytes.len()) };
    let mut decoder = standard.new_decoder_without_bom_handling();
    let mut sink = [0; 4096];
    let mut at = 0;
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(&bytes[at..], &mut sink, true);
        at += read;
        match result {
            DecoderResult::InputEmpty => return (at, 0),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(bad, after) => {
                let (bad, after) = (usize::from(bad), usize::from(after));
                return (at - after - bad, bad);
            }
        }
    }
}
