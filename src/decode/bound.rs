//! What the characters of a line cost at most, found without decoding it.
//!
//! Invariant: never less than what `prose` says of the same line, read strictly.

use std::sync::LazyLock;

use super::encoding::Encoding;
use super::model::{self, MODEL, NAT};
use super::pairs::Pairs;

/// The cost of each pair of bytes that is a character, in the language its encoding is mostly used for; 0 for what is
/// none, or none that the tables hold.
type Costs = [u8; 1 << 16];

static GB18030: LazyLock<Box<Costs>> = LazyLock::new(|| costs(Encoding::Gb18030, 0));
static BIG5: LazyLock<Box<Costs>> = LazyLock::new(|| costs(Encoding::Big5, 1));
static SHIFT_JIS: LazyLock<Box<Costs>> = LazyLock::new(|| costs(Encoding::ShiftJis, 2));
static EUC_JP: LazyLock<Box<Costs>> = LazyLock::new(|| costs(Encoding::EucJp, 2));
static EUC_KR: LazyLock<Box<Costs>> = LazyLock::new(|| costs(Encoding::EucKr, 3));

fn costs(encoding: Encoding, language: usize) -> Box<Costs> {
    let mut costs = Box::new([0; 1 << 16]);
    for (pair, char) in Pairs::of(encoding).into_iter().flat_map(Pairs::iter) {
        if let Some(index) = model::index(char).filter(|_| char >= '\u{2000}' || !char.is_alphabetic()) {
            costs[usize::from(u16::from_le_bytes(pair))] = MODEL.alone(index, language);
        }
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
