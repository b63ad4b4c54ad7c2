//! What the characters of a line cost at most, found without decoding it.
//!
//! Invariant: never less than what `prose` says of the same line, read strictly.

use std::sync::LazyLock;

use super::encoding::Encoding;
use super::model::{self, MODEL, NAT};
use super::pairs;
use super::prose;

/// What each pair of bytes that is a character costs at most, in the language its encoding is mostly used for; 0 for
/// what is none.
type Costs = [u8; 1 << 16];

static GB18030: LazyLock<Box<Costs>> = LazyLock::new(|| costs(Encoding::Gb18030, 0));
static BIG5: LazyLock<Box<Costs>> = LazyLock::new(|| costs(Encoding::Big5, 1));
static SHIFT_JIS: LazyLock<Box<Costs>> = LazyLock::new(|| costs(Encoding::ShiftJis, 2));
static EUC_JP: LazyLock<Box<Costs>> = LazyLock::new(|| costs(Encoding::EucJp, 2));
static EUC_KR: LazyLock<Box<Costs>> = LazyLock::new(|| costs(Encoding::EucKr, 3));

fn costs(encoding: Encoding, language: usize) -> Box<Costs> {
    let mut costs = Box::new([0; 1 << 16]);
    for (pair, char) in pairs::known(encoding) {
        let cost = match model::index(char).filter(|_| char >= '\u{2000}' || !char.is_alphabetic()) {
            Some(index) => MODEL.alone(index, language),
            None if matches!(char, '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..) => 0,
            None => prose::RARE as u8,
        };
        costs[usize::from(u16::from_le_bytes(pair))] = cost;
    }
    costs
}

/// The most that the characters of a line outside ASCII can cost on average; `None` where that is not known.
pub(super) fn average(line: &[u8], encoding: Encoding) -> Option<u32> {
    let costs = match encoding {
        Encoding::Gb18030 => &GB18030,
        Encoding::Big5 => &BIG5,
        Encoding::ShiftJis => &SHIFT_JIS,
        Encoding::EucJp => &EUC_JP,
        Encoding::EucKr => &EUC_KR,
        _ => return None,
    };
    // Next to a letter of ASCII a character costs more, and so may the letter behind it.
    const BESIDE_LETTERS: u32 = 7 * NAT;
    let (mut sum, mut chars) = (0, 0);
    let mut rest = line;
    let mut before = b'\n';
    loop {
        // Four at a time, so that no lookup waits for another.
        while let Some((eight, after)) = rest.split_first_chunk::<8>() {
            let word = u64::from_le_bytes(*eight);
            let (a, b) = (costs[usize::from(word as u16)], costs[usize::from((word >> 16) as u16)]);
            let (c, d) = (costs[usize::from((word >> 32) as u16)], costs[usize::from((word >> 48) as u16)]);
            if a.min(b).min(c).min(d) == 0 {
                break;
            }
            sum += u32::from(a) + u32::from(b) + u32::from(c) + u32::from(d);
            sum += if before.is_ascii_alphabetic() { BESIDE_LETTERS } else { 0 };
            chars += 4;
            (before, rest) = (b'\n', after);
        }
        match rest {
            [] => return Some(sum / chars.max(1)),
            [byte @ (b' '..=b'~' | b'\t' | b'\r' | b'\n'), after @ ..] => (before, rest) = (*byte, after),
            [first, second, after @ ..] => {
                let cost = costs[usize::from(u16::from_le_bytes([*first, *second]))];
                if cost == 0 {
                    return None;
                }
                sum += u32::from(cost) + if before.is_ascii_alphabetic() { BESIDE_LETTERS } else { 0 };
                chars += 1;
                (before, rest) = (b'\n', after);
            }
            [_] => return None,
        }
    }
}
