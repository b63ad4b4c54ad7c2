//! Files whose lines are in several encodings: concatenated scrapes, or pages with parts from elsewhere.
//!
//! Invariant: the runs cover the file, start at line starts, and neighbours differ. A file is only taken apart where
//! that makes its text far likelier.

use memchr::memchr;

use super::bound;
use super::codec;
use super::contest::{self, Among};
use super::detect::Guess;
use super::encoding::Encoding;
use super::model::NAT;
use super::prose::ASCII;
use super::sample::{self, Sample, next_high};
use super::source::KnownBy;

/// From `at` on, the file's bytes are in this encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ByteRun {
    pub(super) at: usize,
    pub(super) encoding: Encoding,
}

/// A change of encoding must make the text this much likelier.
const SWITCH: u32 = 8 * NAT;
/// How many encodings are looked for beside the file's own.
const GUESTS: usize = 3;
/// A file that is valid throughout is searched for foreign lines in this many bytes, in four places.
const WINDOW: usize = 16 << 10;
/// How much text the guests are told by.
const POOL: usize = 8 << 10;
/// What a character outside ASCII costs at least, on average, in a line that is not what it seems to be: 10 to 13
/// nats, where in text it is 5 to 8; letters are half as much.
const STRANGE: u32 = 9 * NAT;
const STRANGE_LETTER: u32 = 11 * NAT / 2;
/// What it costs at most in a line that is.
const FAMILIAR: u32 = 17 * NAT / 2;
const FAMILIAR_LETTER: u32 = 7 * NAT / 2;
/// By how much all the lines of a guest together must be likelier than in the file's own encoding.
const WORTH: u64 = 40 * NAT as u64;
/// So many bytes outside ASCII are hardly valid UTF-8 by chance.
const PLAINLY: usize = 6;

/// A line that holds bytes outside ASCII.
#[derive(Clone, Copy)]
struct Line {
    from: usize,
    to: usize,
    /// Not in the encoding of the file, by the look of it.
    foreign: bool,
}

/// The runs of a file; empty if it is all in the encoding that was guessed. `valid` says that all its bytes are.
pub(super) fn runs(bytes: &[u8], guess: &Guess, valid: bool) -> Vec<ByteRun> {
    let main = guess.encoding;
    let may_be_several = match guess.known_by {
        KnownBy::Detector => true,
        KnownBy::Utf8 => !valid,
        KnownBy::Bom => main == Encoding::Utf8 && !valid,
        KnownBy::Nul | KnownBy::Escapes | KnownBy::User => false,
    };
    if !may_be_several {
        return Vec::new();
    }
    if valid && bytes.len() > WINDOW {
        let part = WINDOW / 4;
        let starts = (0..4).map(|quarter| bytes.len() / 4 * quarter);
        let some: Vec<Line> = starts.flat_map(|start| lines(bytes, start, start + part, main, valid)).collect();
        if divide(bytes, &some, main, 0).is_empty() {
            return Vec::new();
        }
    }
    divide(bytes, &lines(bytes, 0, bytes.len(), main, valid), main, WORTH)
}

/// The runs of these lines, where each guest is worth so much.
fn divide(bytes: &[u8], lines: &[Line], main: Encoding, enough: u64) -> Vec<ByteRun> {
    if !lines.iter().any(|line| line.foreign) {
        return Vec::new();
    }
    let mut candidates = candidates(bytes, lines, main);
    // A guest that is not worth it leaves, and the rest is divided anew.
    loop {
        let costs = costs(bytes, lines, &candidates);
        let way = likeliest(&costs);
        let worth = |guest: usize| -> u64 {
            let lines = way.iter().zip(&costs).filter(|(state, _)| **state == guest);
            lines.map(|(_, costs)| u64::from(costs[0].saturating_sub(costs[guest]))).sum()
        };
        match (1..candidates.len()).find(|guest| worth(*guest) < enough) {
            Some(guest) => drop(candidates.remove(guest)),
            None => return join(lines, &way, &candidates),
        }
    }
}

/// The lines with bytes outside ASCII that start between two places of a file, which may be `valid` throughout.
fn lines(bytes: &[u8], start: usize, end: usize, main: Encoding, valid: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at =
        if start == 0 { 0 } else { memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |found| start + found + 1) };
    while let Some(high) = next_high(bytes, at).filter(|high| *high < end) {
        let from = bytes[at..high].iter().rposition(|byte| *byte == b'\n').map_or(at, |found| at + found + 1);
        let to = memchr(b'\n', &bytes[high..]).map_or(bytes.len(), |found| high + found + 1);
        lines.push(Line { from, to, foreign: is_foreign(&bytes[from..to], main, valid) });
        at = to;
    }
    lines
}

fn is_foreign(line: &[u8], main: Encoding, valid: bool) -> bool {
    let is_utf_8 = std::str::from_utf8(line).is_ok();
    if main == Encoding::Utf8 {
        return !is_utf_8;
    }
    if is_utf_8 && sample::count_high(line, PLAINLY) >= PLAINLY {
        return true;
    }
    if valid && bound::average(line, main).is_some_and(|most| most <= STRANGE) {
        return false;
    }
    let high = line.iter().filter(|byte| !byte.is_ascii()).count();
    let Some(text) = codec::decode(line, main) else { return true };
    // Among many ASCII letters, the few others say little.
    if matches!(main, Encoding::Single(_)) && high * 3 < line.len() {
        return false;
    }
    average_cost(line, &text, main) > if matches!(main, Encoding::Single(_)) { STRANGE_LETTER } else { STRANGE }
}

/// What the characters outside ASCII cost, on average.
fn average_cost(line: &[u8], text: &str, encoding: Encoding) -> u32 {
    let ascii = text.chars().filter(char::is_ascii).count() as u32;
    let chars = text.chars().count() as u32 - ascii;
    contest::line_cost(line, encoding).saturating_sub(ascii * ASCII) / chars.max(1)
}

/// Whether a line that is strange in the file's own encoding is at home in another.
fn is_at_home(line: &[u8], guest: Encoding) -> bool {
    let Some(text) = codec::decode(line, guest) else { return false };
    let is_single = matches!(guest, Encoding::Single(_));
    let is_letter = |char: &char| match char {
        '\u{3041}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => true,
        _ => is_single && char.is_alphabetic(),
    };
    // Signs alone say nothing: every encoding has some everywhere.
    let mostly_letters =
        text.chars().filter(is_letter).count() * 2 >= text.chars().filter(|char| !char.is_ascii()).count();
    let familiar = if is_single { FAMILIAR_LETTER } else { FAMILIAR };
    guest == Encoding::Utf8 || mostly_letters && average_cost(line, &text, guest) <= familiar
}

/// The file's own encoding, UTF-8, and the best ones for the lines that are in neither.
fn candidates(bytes: &[u8], lines: &[Line], main: Encoding) -> Vec<Encoding> {
    let mut found = vec![main];
    let mut foreign: Vec<&[u8]> =
        lines.iter().filter(|line| line.foreign).map(|line| &bytes[line.from..line.to]).collect();
    if foreign.iter().any(|line| std::str::from_utf8(line).is_ok()) && main != Encoding::Utf8 {
        found.push(Encoding::Utf8);
    }
    for _ in 0..GUESTS {
        foreign.retain(|line| found.iter().all(|encoding| !is_at_home(line, *encoding)));
        let mut pool = Vec::new();
        for line in &foreign {
            if pool.len() > POOL {
                break;
            }
            pool.extend_from_slice(line);
        }
        if pool.is_empty() {
            break;
        }
        // Files of two one-byte encodings are unheard of, and one such line in a Chinese file is a damaged one.
        let among = if main == Encoding::Utf8 { Among::Usual } else { Among::Multi };
        let standings = contest::standings(&Sample { bytes: pool, from_start: false }, among, None);
        match standings.iter().find(|standing| !found.contains(&standing.encoding)) {
            Some(best) => found.push(best.encoding),
            None => break,
        }
    }
    found
}

/// What each line costs in each encoding. A line goes only where it looks at home, and stays where it does not look
/// strange.
fn costs(bytes: &[u8], lines: &[Line], candidates: &[Encoding]) -> Vec<Vec<u32>> {
    const NEVER: u32 = u32::MAX / 4;
    let line_costs = |line: &Line| -> Vec<u32> {
        let bytes = &bytes[line.from..line.to];
        // A line that is valid as it is may just be unusual: it has to be much more usual elsewhere.
        let high = bytes.iter().filter(|byte| !byte.is_ascii()).count() as u32;
        let valid = line.foreign && codec::decode(bytes, candidates[0]).is_some();
        let handicap = if valid { high * NAT * 3 / 2 } else { 0 };
        let guest_cost = |guest: &Encoding| match line.foreign && is_at_home(bytes, *guest) {
            true if *guest == Encoding::Utf8 => contest::line_cost(bytes, *guest),
            true => contest::line_cost(bytes, *guest) + handicap,
            false => NEVER,
        };
        let own = if line.foreign { contest::line_cost(bytes, candidates[0]) } else { 0 };
        std::iter::once(own).chain(candidates[1..].iter().map(guest_cost)).collect()
    };
    lines.iter().map(line_costs).collect()
}

/// The cheapest way through all lines, by dynamic programming: which candidate each of them takes.
fn likeliest(costs: &[Vec<u32>]) -> Vec<usize> {
    let mut sums = vec![0; costs.first().map_or(0, Vec::len)];
    let mut back: Vec<Vec<usize>> = Vec::with_capacity(costs.len());
    for line in costs {
        let (cheapest, least) = sums.iter().copied().enumerate().min_by_key(|(_, sum)| *sum).unwrap_or((0, 0u64));
        let switched = least + u64::from(SWITCH);
        back.push(sums.iter().enumerate().map(|(at, sum)| if switched < *sum { cheapest } else { at }).collect());
        sums = sums.iter().zip(line).map(|(sum, cost)| (*sum).min(switched) + u64::from(*cost)).collect();
    }
    let mut state = sums.iter().enumerate().min_by_key(|(_, sum)| **sum).map_or(0, |(at, _)| at);
    let mut way = Vec::with_capacity(costs.len());
    for before in back.iter().rev() {
        way.push(state);
        state = before[state];
    }
    way.reverse();
    way
}

/// The runs of lines that take the same encoding; none if all do.
fn join(lines: &[Line], way: &[usize], candidates: &[Encoding]) -> Vec<ByteRun> {
    let mut runs: Vec<ByteRun> = Vec::new();
    for (line, state) in lines.iter().zip(way) {
        let encoding = candidates[*state];
        if runs.last().is_none_or(|run| run.encoding != encoding) {
            runs.push(ByteRun { at: if runs.is_empty() { 0 } else { line.from }, encoding });
        }
    }
    if runs.len() > 1 { runs } else { Vec::new() }
}
