//! `mojibake`: text that was decoded wrongly before it came here.
//!
//! Invariant: a text is only read anew where its bytes come back whole, say something valid in the
//! right encoding, and that is far likelier by the character model. What lost bytes is pointed at
//! and stays.

mod alone;

use std::ops::Range;

use memchr::memchr2;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Shape};
use crate::decode::Encoding;
use crate::decode::misread::{self, Wrong};
use crate::edit::Edits;
use crate::shield::ShieldSet;
use crate::view::View;

/// Read wrongly decoded text anew: a list of the mistakes to look for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Mojibake(Vec<Mistake>);

/// A mistake that the kind `mojibake` undoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mistake {
    /// UTF-8 read as ISO 8859-1 or windows-1252, once or twice: `ä¸­å›½`.
    Utf8AsLatin,
    /// UTF-8 read as GBK: `浣犲ソ`. Where bytes were lost on the way the line is pointed at and
    /// stays.
    Utf8AsGbk,
    /// A Chinese, Japanese or Korean encoding read as ISO 8859-1 or windows-1252: `ÖÐ¹ú`.
    LegacyAsLatin,
    /// One Chinese, Japanese or Korean encoding read as another, throughout a text: Big5 as GBK,
    /// GBK as Big5. Off by default.
    LegacyAsLegacy,
}

/// The gain that a new reading must have in nats: alone, or in a text that has others of its kind.
const GAIN: i64 = 12;
const GAIN_AMONG_OTHERS: i64 = 6;
/// What all new readings of a text must gain together where only what is strange already is read anew.
const GAIN_OF_STRANGE: i64 = 8;
/// What a character costs at least in a text that was misread throughout, on average and in nats.
const STRANGE: u32 = 9;

/// The encodings that a text may have been in.
const LEGACY: [Encoding; 5] =
    [Encoding::Gb18030, Encoding::Big5, Encoding::ShiftJis, Encoding::EucJp, Encoding::EucKr];

impl Shape for Mojibake {
    fn compile(self, _: &Defines) -> Result<Box<dyn Kind>, Fault> {
        match self.0.is_empty() {
            true => Err(Fault::fields("mojibake has nothing to look for", "write a list such as [utf8_as_latin, utf8_as_gbk]")),
            false => Ok(Box::new(self)),
        }
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "UTF-8 read as windows-1252",
                rule: "mojibake: [utf8_as_latin]",
                input: "æ¸…æ™¨ï¼Œå±±è°·é‡Œæœ‰é›¾ã€‚ 雾散了。\n",
                output: "清晨，山谷里有雾。 雾散了。\n",
            },
            Example {
                title: "UTF-8 read as GBK",
                rule: "mojibake: [utf8_as_gbk]",
                input: "灞辫胺閲屾湁闆�\n灞辫胺閲屾湁澶ч浘\n",
                output: "灞辫胺閲屾湁闆�\n山谷里有大雾\n",
            },
            Example {
                title: "GBK read as ISO 8859-1",
                rule: "mojibake: [legacy_as_latin]",
                input: "Çå³¿£¬É½¹ÈÀïµÄÎí»¹Ã»ÓÐÉ¢È¥¡£\n",
                output: "清晨，山谷里的雾还没有散去。\n",
            },
            Example {
                title: "Letters with accents stay",
                rule: "mojibake: [utf8_as_latin, utf8_as_gbk, legacy_as_latin]",
                input: "Il a voulu en profiter‚Ä¶ SELKÄ\u{a0}EDELLÄ\u{a0}MAAHAN. Où êtes-vous, Éloïse? ÀÉÈ ÄÖÜ ß. 漢字と仮名。\n",
                output: "Il a voulu en profiter‚Ä¶ SELKÄ\u{a0}EDELLÄ\u{a0}MAAHAN. Où êtes-vous, Éloïse? ÀÉÈ ÄÖÜ ß. 漢字と仮名。\n",
            },
        ]
    }
}

impl Kind for Mojibake {
    fn edits(&self, view: &View, out: &mut Edits) {
        // All that was read as Latin-1 has some character that only such text has much of.
        let may_be_latin = ('\u{80}'..='\u{ff}').any(|c| misread::is_telling(c) && view.inventory().has(c));
        for mistake in &self.0 {
            match mistake {
                Mistake::Utf8AsLatin if may_be_latin => utf_8_as_latin(view, out),
                Mistake::LegacyAsLatin if may_be_latin => {
                    legacy(view, &[Wrong::Latin], |line| latin_parts(view.text(), line), GAIN, out);
                }
                Mistake::Utf8AsLatin | Mistake::LegacyAsLatin => {}
                Mistake::Utf8AsGbk => utf_8_as_gbk(view, out),
                Mistake::LegacyAsLegacy => {
                    if misread::strangeness(&view.text()[view.region()]) >= STRANGE {
                        legacy(view, &[Wrong::Gbk, Wrong::Big5], |line| vec![line.clone()], GAIN_OF_STRANGE, out);
                    }
                }
            }
        }
    }

    fn shields(&self) -> ShieldSet {
        // Code and addresses are misread with the rest of a page.
        ShieldSet::NONE
    }
}

/// The stretches of a line that windows-1252 could hold, as far as there is something telling in them.
fn latin_parts(text: &str, line: &Range<usize>) -> Vec<Range<usize>> {
    // Both letters of Latin-1 and the signs between them are two bytes, the first of which is one of these.
    if memchr2(0xc2, 0xc3, text[line.clone()].as_bytes()).is_none() {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let mut start = None;
    for (at, c) in text[line.clone()].char_indices().map(|(at, c)| (line.start + at, c)).chain([(line.end, '\u{10ffff}')]) {
        match (start, c.is_ascii() || Wrong::Latin.has(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                parts.extend(text[from..at].contains(misread::is_telling).then_some(from..at));
                start = None;
            }
            _ => {}
        }
    }
    parts
}

fn utf_8_as_latin(view: &View, out: &mut Edits) {
    // Every sequence of UTF-8 starts with one of these letters.
    if !view.inventory().has_in('\u{c2}'..='\u{f4}') {
        return;
    }
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for line in view.lines_in_region() {
        for part in latin_parts(view.text(), line).into_iter().filter(|part| has_second_byte(&view.text()[part.clone()])) {
            let text = &view.text()[part.clone()];
            let Some((mut read, mut gain)) = misread::reread(text, Wrong::Latin, Encoding::Utf8) else {
                others.push(part);
                continue;
            };
            // A sequence of two bytes is as well a character of GBK.
            if lone_hanzi(text, Encoding::Gb18030).is_some() {
                continue;
            }
            if let Some((again, more)) = misread::reread(&read, Wrong::Latin, Encoding::Utf8).filter(|(_, more)| *more > 0) {
                (read, gain) = (again, gain + more);
            }
            found.push((part, read, gain));
        }
    }
    let enough = if found.iter().any(|(.., gain)| *gain >= GAIN) { GAIN_AMONG_OTHERS } else { GAIN };
    for (part, read, gain) in found {
        if gain >= enough {
            out.replace(part, read);
        } else {
            others.push(part);
        }
    }
    for part in others {
        for (at, read) in alone::find(&view.text()[part.clone()]) {
            out.replace(part.start + at.start..part.start + at.end, read);
        }
    }
}

/// Whether a stretch has a sign for the second byte of a sequence of UTF-8 other than the no-break space, which stands
/// between words of languages that end them in letters with accents.
fn has_second_byte(text: &str) -> bool {
    text.chars().any(|c| matches!(misread::latin_byte(c), Some(0x80..=0x9f | 0xa1..=0xbf)))
}

fn utf_8_as_gbk(view: &View, out: &mut Edits) {
    let text = view.text();
    for line in view.lines_in_region() {
        // Cheap to see in nearly every line that is as it should be: it does not start as UTF-8 does.
        let Some(first) = text[line.clone()].find(|c: char| !c.is_ascii()) else { continue };
        let start = &text[line.start + first..line.end];
        if !start.chars().next().is_some_and(misread::starts_as_utf_8) {
            continue;
        }
        let head: String = start.chars().take(4).collect();
        let is_head = |bytes: Vec<u8>| str::from_utf8(&bytes).map_or_else(|error| error.error_len().is_none(), |_| true);
        if !Wrong::Gbk.bytes(&head).is_some_and(is_head) {
            continue;
        }
        let read = misread::reread(&text[line.clone()], Wrong::Gbk, Encoding::Utf8).filter(|(_, gain)| *gain >= GAIN);
        match read {
            Some((read, _)) => match misread::reread(&read, Wrong::Gbk, Encoding::Utf8).filter(|(_, gain)| *gain >= GAIN) {
                Some((again, _)) => out.replace(line.clone(), again),
                None => out.replace(line.clone(), read),
            },
            None if is_torn_utf_8(&text[line.clone()]) => {
                out.note(line.clone(), "UTF-8 that was read as GBK; bytes were lost, so it cannot be restored");
            }
            None => {}
        }
    }
}

/// Whether most of a line is the halves of UTF-8 sequences for Chinese, taken for GBK. With at least three sequences
/// and six tenths of all bytes outside ASCII, one line in 160,000 healthy ones looks so.
fn is_torn_utf_8(line: &str) -> bool {
    let mut bytes = Vec::new();
    for c in line.chars() {
        match Wrong::Gbk.bytes(c.encode_utf8(&mut [0; 4])) {
            Some(pair) => bytes.extend(pair),
            None => bytes.push(0xff),
        }
    }
    let sequences = bytes.windows(3).filter(|w| matches!(w, [0xe3..=0xe9 | 0xef, 0x80..=0xbf, 0x80..=0xbf])).count();
    let high = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    sequences >= 3 && sequences * 3 * 10 >= high * 6
}

/// Characters each by itself among ASCII, and their gain: `Ôª`, a capital with an accent and a sign that no language writes
/// behind it, or `¤¸`, a sign that stands before no letter and no other sign, where either makes one of the few hundred
/// commonest Hanzi.
fn lone_hanzi(part: &str, right: Encoding) -> Option<(String, i64)> {
    const COMMON: u32 = 7;
    let is_pair: fn(char, char) -> bool = match right {
        Encoding::Gb18030 => |first, second| {
            matches!(first, 'À'..='Ö' | 'Ø'..='Þ')
                && matches!(second, '¢'..='¦' | '¨' | 'ª' | '¬' | '¯' | '²'..='¶' | '¸'..='º' | '¼'..='¾')
        },
        // The second page of Big5 starts with the Hanzi of the fewest strokes, most of them common.
        Encoding::Big5 => |first, second| first == '¤' && matches!(second, '¡'..='þ'),
        _ => return None,
    };
    for word in part.split(|c: char| c.is_ascii_whitespace()) {
        let mut chars = word.trim_matches(|c: char| c.is_ascii_punctuation() || c.is_ascii_digit()).chars();
        let (first, second) = (chars.next(), chars.next());
        let is_one = first.zip(second).is_some_and(|(first, second)| is_pair(first, second)) && chars.next().is_none();
        if !word.is_ascii() && !is_one {
            return None;
        }
    }
    let read = misread::reread(part, Wrong::Latin, right);
    read.filter(|(read, gain)| *gain >= GAIN && misread::strangeness(read) <= COMMON)
}

/// Whether a new reading is usual text with words of East Asian characters: curly quotes and single letters with
/// accents also make some, each alone among ASCII. Nearly every sign makes half-width katakana, which count as ASCII.
fn is_prose(read: &str) -> bool {
    let (mut all, mut in_words) = (0, 0);
    let half = |c: char| matches!(c, '\u{ff61}'..='\u{ff9f}');
    for word in read.split(|c: char| c.is_ascii() || half(c)).filter(|word| !word.is_empty()) {
        let len = word.chars().count();
        all += len;
        in_words += if len > 1 { len } else { 0 };
    }
    in_words * 2 > all && misread::strangeness(read) < STRANGE
}

/// Reads a text anew in the legacy encoding that makes it likeliest, if one does by far.
fn legacy(view: &View, wrongs: &[Wrong], parts: impl Fn(&Range<usize>) -> Vec<Range<usize>>, enough: i64, out: &mut Edits) {
    let parts: Vec<Range<usize>> = view.lines_in_region().iter().flat_map(parts).collect();
    let mut best: (i64, Vec<(Range<usize>, String)>) = (enough - 1, Vec::new());
    for wrong in wrongs {
        for right in LEGACY {
            let mut all = 0;
            let mut found = Vec::new();
            for part in &parts {
                let text = &view.text()[part.clone()];
                let reread = misread::reread(text, *wrong, right)
                    .filter(|(read, gain)| *gain >= GAIN_AMONG_OTHERS && is_prose(read));
                let lone = if *wrong == Wrong::Latin && reread.is_none() { lone_hanzi(text, right) } else { None };
                if let Some((read, gain)) = reread.or(lone) {
                    all += gain;
                    found.push((part.clone(), read));
                }
            }
            if all > best.0 {
                best = (all, found);
            }
        }
    }
    for (part, read) in best.1 {
        out.replace(part, read);
    }
}
