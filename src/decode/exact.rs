//! Decoding that forgets nothing: bytes to text, and aside the bytes of every piece of it that does not encode back.
//!
//! Invariant: encoding the text, with the bytes of each piece put in its place, gives the input exactly.
//!
//! Nearly every file takes one strict decoding and one look for bytes that may not come back, block by block. Only a
//! line in which either finds something is taken character by character; in encodings with a state, where a character
//! has no bytes of its own, the line is kept whole.

use encoding_rs::DecoderResult;
use memchr::memchr;

use super::codec;
use super::doubles;
use super::encoding::Encoding;
use super::mixed::ByteRun;
use super::prose::Languages;
use super::segment;
use super::seven_bit;
use super::source::{Raw, Run};
use super::wide;

/// What stands in the text for bytes that mean nothing.
const REPLACEMENT: &str = "\u{fffd}";

/// Two pieces with fewer good bytes between them are kept as one: a record of its own would be longer.
const JOIN: usize = 12;

/// So many bytes are decoded at a time: they are still in the cache when they are looked at once more.
const BLOCK: usize = 32 << 10;

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
    let by_blocks = encoding != Encoding::Utf8 && encoding.unit() == 1 && !codec::has_escapes(encoding);
    if !by_blocks
        && let Some(text) = codec::decode(bytes, encoding)
        && codec::encodes_to(&text, encoding, bytes)
    {
        return Exact { text: text.into_owned(), ..Exact::default() };
    }
    // Two bytes of Chinese become three; memory that is not needed is never touched.
    let text = String::with_capacity(bytes.len() + bytes.len() / 2);
    let mut pieces = Pieces { input: bytes, text, kept: Vec::new(), bad: 0 };
    match encoding {
        _ if by_blocks => pieces.take_stateless(encoding),
        Encoding::Utf8 => pieces.take_utf_8(),
        _ if encoding.unit() > 1 => pieces.take_wide(encoding),
        _ => pieces.take_stateful(encoding),
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

    /// Multi-byte encodings in which a character's bytes follow from nothing but themselves.
    fn take_stateless(&mut self, encoding: Encoding) {
        let mut at = 0;
        let mut buffer = String::new();
        while at < self.input.len() {
            let block = self.line_end(self.input.len().min(at + BLOCK));
            if self.take_strictly(at, block, encoding, &mut buffer) {
                at = block;
            }
            while at < block {
                let end = self.line_end(at);
                let line = &self.input[at..end];
                match codec::decode(line, encoding) {
                    Some(text) if codec::encodes_to(&text, encoding, line) => self.text.push_str(&text),
                    Some(_) => self.take_chars(at, end, encoding),
                    None => self.take_words(at, end, encoding),
                }
                at = end;
            }
        }
    }

    /// Where the line ends that holds `at`: there, characters end as well in all of these encodings.
    fn line_end(&self, at: usize) -> usize {
        memchr(b'\n', &self.input[at..]).map_or(self.input.len(), |line| at + line + 1)
    }

    /// Takes a block in which everything is valid and comes back, or does nothing.
    ///
    /// The buffer is one for all blocks: room in the text itself would be touched anew for each of them.
    fn take_strictly(&mut self, from: usize, to: usize, encoding: Encoding, buffer: &mut String) -> bool {
        let Some(standard) = encoding.standard() else { return false };
        let block = &self.input[from..to];
        if doubles::may_stand_in(block, encoding) {
            return false;
        }
        let mut decoder = standard.new_decoder_without_bom_handling();
        let most = decoder.max_utf8_buffer_length_without_replacement(block.len()).unwrap_or_default();
        buffer.clear();
        buffer.reserve(most);
        let (result, _) = decoder.decode_to_string_without_replacement(block, buffer, true);
        let is_valid = result == DecoderResult::InputEmpty;
        if is_valid {
            self.text.push_str(buffer);
        }
        is_valid
    }

    /// A line with bad bytes: word by word, the damaged ones divided the likeliest way.
    fn take_words(&mut self, from: usize, to: usize, encoding: Encoding) {
        let mut at = from;
        while at < to {
            let end = at + segment::word_end(&self.input[at..to]).max(1);
            let word = &self.input[at..end];
            if codec::decode(word, encoding).is_some() {
                self.take_chars(at, end, encoding);
            } else if segment::applies(encoding) && word.len() <= segment::LONGEST_WORD {
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
            let end = at + ascii_to_ascii(&self.input[at..], encoding);
            let stretch = &self.input[at..end];
            match codec::decode(stretch, encoding) {
                Some(text) if codec::encodes_to(&text, encoding, stretch) => self.text.push_str(&text),
                Some(text) => self.keep(&text, at, end),
                None => {
                    let (text, bad) = replace_bad(stretch, encoding);
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

/// The length of the first lines after which a stateful encoding is back in ASCII.
fn ascii_to_ascii(bytes: &[u8], encoding: Encoding) -> usize {
    let mut ascii = true;
    for at in 0..bytes.len() {
        match (encoding, &bytes[at..]) {
            (_, [b'\n', ..]) if ascii => return at + 1,
            (Encoding::Iso2022Jp, [0x1b, b'(', b'B', ..]) => ascii = true,
            (Encoding::Iso2022Jp, [0x1b, b'(', b'J' | b'I', ..] | [0x1b, b'$', b'@' | b'B', ..]) => ascii = false,
            (Encoding::Hz, [b'~', b'{', ..]) | (Encoding::Iso2022Kr, [0x0e, ..]) => ascii = false,
            (Encoding::Hz, [b'~', b'}', ..]) | (Encoding::Iso2022Kr, [0x0f, ..]) => ascii = true,
            // A line that was never folded back: real files cut there, and so do the mail programs of the time.
            (Encoding::Hz | Encoding::Iso2022Kr, [b'\n', ..]) => return at + 1,
            _ => {}
        }
    }
    bytes.len()
}

/// The text of a damaged stretch, and how many of its bytes are bad.
fn replace_bad(bytes: &[u8], encoding: Encoding) -> (String, usize) {
    if let Some(standard) = encoding.standard() {
        let mut decoder = standard.new_decoder_without_bom_handling();
        let mut text = String::new();
        let (mut at, mut bad) = (0, 0);
        loop {
            text.reserve(4096);
            let (result, read) = decoder.decode_to_string_without_replacement(&bytes[at..], &mut text, true);
            at += read;
            match result {
                DecoderResult::InputEmpty => return (text, bad),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(len, _) => {
                    text.push_str(REPLACEMENT);
                    bad += usize::from(len);
                }
            }
        }
    }
    seven_bit::decode_lossy(bytes, encoding)
}
