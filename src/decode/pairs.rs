//! The double-byte encodings as tables: what a byte or a pair of them says, where that comes back.
//!
//! Invariant: what a table holds is one character that encodes to the same bytes; everything else, be it damaged, longer,
//! or a double that is written otherwise, is left to those who look closer. The tests try every sequence.
//!
//! A decoder takes a character at a time, and then somebody has to find out whether it comes back. Here four pairs are
//! looked up at once, and what would not come back is not there.

use std::sync::LazyLock;

use super::codec;
use super::encoding::Encoding;

static GB18030: LazyLock<Pairs> = LazyLock::new(|| Pairs::new(Encoding::Gb18030));
static BIG5: LazyLock<Pairs> = LazyLock::new(|| Pairs::new(Encoding::Big5));
static SHIFT_JIS: LazyLock<Pairs> = LazyLock::new(|| Pairs::new(Encoding::ShiftJis));
static EUC_JP: LazyLock<Pairs> = LazyLock::new(|| Pairs::new(Encoding::EucJp));
static EUC_KR: LazyLock<Pairs> = LazyLock::new(|| Pairs::new(Encoding::EucKr));

/// A character: its UTF-8 from the lowest byte on, and in the highest how many bytes that is; 0 for none.
///
/// Characters of four bytes are not in the tables: Hong Kong has a few, and GB18030 writes them in four itself.
type Char = u32;

/// Set where the UTF-8 has three bytes, as it does for all of Chinese, Japanese and Korean.
const THREE: Char = 1 << 31;

/// What the bytes of one encoding say.
pub(super) struct Pairs {
    /// By the byte, for those that are characters by themselves.
    single: [Char; 256],
    /// By the pair, the first byte being the lower one.
    pairs: Box<[Char; 1 << 16]>,
}

impl Pairs {
    /// The table of a double-byte encoding.
    pub(super) fn of(encoding: Encoding) -> Option<&'static Self> {
        match encoding {
            Encoding::Gb18030 => Some(&GB18030),
            Encoding::Big5 => Some(&BIG5),
            Encoding::ShiftJis => Some(&SHIFT_JIS),
            Encoding::EucJp => Some(&EUC_JP),
            Encoding::EucKr => Some(&EUC_KR),
            _ => None,
        }
    }

    fn new(encoding: Encoding) -> Self {
        let mut single = [0; 256];
        for byte in 0..=u8::MAX {
            single[usize::from(byte)] = coming_back(&[byte], encoding).map_or(0, pack);
        }
        let mut pairs = Box::new([0; 1 << 16]);
        let known = known(encoding);
        let lines: String = known.iter().flat_map(|(_, char)| [*char, '\n']).collect();
        let again = encoding.standard().map(|standard| standard.encode(&lines).0).unwrap_or_default();
        for ((pair, char), again) in known.into_iter().zip(again.split(|byte| *byte == b'\n')) {
            if again == pair {
                pairs[usize::from(u16::from_le_bytes(pair))] = pack(char);
            }
        }
        Self { single, pairs }
    }

    /// Writes the text of bytes up to the first that are not in the table, or as much of it as there is room for. Gives how
    /// many bytes were read, and how many written.
    pub(super) fn read(&self, bytes: &[u8], text: &mut [u8]) -> (usize, usize) {
        const HIGH: u64 = 0x8080_8080_8080_8080;
        let (mut at, mut end) = (0, 0);
        while let Some(room) = text[end..].first_chunk_mut::<12>() {
            if let Some(eight) = bytes[at..].first_chunk::<8>() {
                let word = u64::from_le_bytes(*eight);
                if eight[0].is_ascii() {
                    let run = (word & HIGH).trailing_zeros() as usize / 8;
                    room[..8].copy_from_slice(eight);
                    (at, end) = (at + run, end + run);
                    continue;
                }
                let (a, b) = (self.pair(word as u16), self.pair((word >> 16) as u16));
                let (c, d) = (self.pair((word >> 32) as u16), self.pair((word >> 48) as u16));
                // What is written beyond the run is written over.
                let run = match () {
                    () if a & b & c & d & THREE != 0 => 4,
                    () if a & b & c & THREE != 0 => 3,
                    () if a & b & THREE != 0 => 2,
                    () if a & THREE != 0 => 1,
                    () => 0,
                };
                if run > 0 {
                    *room = join([a, b, c, d]);
                    (at, end) = (at + 2 * run, end + 3 * run);
                    continue;
                }
            }
            let Some((char, taken)) = self.first(&bytes[at..]) else { break };
            room[..4].copy_from_slice(&char.to_le_bytes());
            (at, end) = (at + taken, end + len(char));
        }
        (at, end)
    }

    #[inline]
    fn pair(&self, pair: u16) -> Char {
        self.pairs[usize::from(pair)]
    }

    /// The first character, and how many bytes it is.
    #[inline]
    fn first(&self, bytes: &[u8]) -> Option<(Char, usize)> {
        let [first, rest @ ..] = bytes else { return None };
        let single = self.single[usize::from(*first)];
        if single != 0 {
            return Some((single, 1));
        }
        let pair = self.pair(u16::from_le_bytes([*first, *rest.first()?]));
        (pair != 0).then_some((pair, 2))
    }
}

/// All pairs that are one character of the Basic Multilingual Plane in a double-byte encoding, whether they come back or
/// not.
pub(super) fn known(encoding: Encoding) -> Vec<([u8; 2], char)> {
    let Some(standard) = encoding.standard() else { return Vec::new() };
    // A line each, and all of them at once: one by one they would take longer than most folders.
    let all = (0x81..=0xfe).flat_map(|first| (0x40..=0xfe).map(move |second| [first, second]));
    let lines: Vec<u8> = all.clone().flat_map(|[first, second]| [first, second, b'\n']).collect();
    let text = standard.decode_without_bom_handling(&lines).0;
    let only = |line: &str| {
        let mut chars = line.chars();
        chars
            .next()
            .filter(|char| chars.next().is_none() && char.len_utf8() < 4 && *char != char::REPLACEMENT_CHARACTER)
    };
    all.zip(text.split('\n')).filter_map(|(pair, line)| Some((pair, only(line)?))).collect()
}

/// The character that these bytes are, if they are one and it comes back.
fn coming_back(bytes: &[u8], encoding: Encoding) -> Option<char> {
    let text = codec::decode(bytes, encoding)?;
    let mut chars = text.chars();
    let char = chars.next().filter(|_| chars.next().is_none())?;
    codec::encodes_to(&text, encoding, bytes).then_some(char)
}

fn pack(char: char) -> Char {
    let mut bytes = [0; 4];
    let len = char.encode_utf8(&mut bytes).len();
    let three = if len == 3 { THREE } else { 0 };
    u32::from_le_bytes(bytes) | (len as u32) << 24 | three
}

fn len(char: Char) -> usize {
    (char >> 24 & 3) as usize
}

/// The UTF-8 of four characters of three bytes each.
#[inline]
fn join([a, b, c, d]: [Char; 4]) -> [u8; 12] {
    let low = u64::from(a & 0xff_ffff) | u64::from(b & 0xff_ffff) << 24 | u64::from(c) << 48;
    let high = c >> 16 & 0xff | d << 8;
    let mut all = [0; 12];
    all[..8].copy_from_slice(&low.to_le_bytes());
    all[8..].copy_from_slice(&high.to_le_bytes());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], encoding: Encoding) -> (usize, String) {
        let mut room = vec![0; bytes.len() * 3 + 16];
        let (read, written) = Pairs::of(encoding).unwrap().read(bytes, &mut room);
        (read, String::from_utf8(room[..written].to_vec()).unwrap())
    }

    /// Every sequence that ends with one of the shortest form.
    fn every_sequence(encoding: Encoding, mut each: impl FnMut(&[u8])) {
        for first in 0x80..=0xff_u8 {
            if codec::decode(&[first], encoding).is_some() {
                each(&[first]);
                continue;
            }
            for second in 0x30..=0xff_u8 {
                if codec::decode(&[first, second], encoding).is_some() {
                    each(&[first, second]);
                    continue;
                }
                if !(encoding == Encoding::Gb18030 && second <= 0x39 || encoding == Encoding::EucJp && first == 0x8f) {
                    continue;
                }
                for third in 0x81..=0xfe_u8 {
                    match encoding {
                        Encoding::EucJp => each(&[first, second, third]),
                        _ => (0x30..=0x39).for_each(|fourth| each(&[first, second, third, fourth])),
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_read_comes_back_and_what_is_not_does_not() {
        for encoding in Encoding::DOUBLE_BYTE {
            let mut valid = 0;
            every_sequence(encoding, |bytes| {
                valid += usize::from(codec::decode(bytes, encoding).is_some());
                let wanted = coming_back(bytes, encoding).filter(|char| bytes.len() < 3 && *char <= '\u{ffff}');
                let (taken, text) = read(bytes, encoding);
                let len = if wanted.is_some() { bytes.len() } else { 0 };
                assert_eq!(
                    (taken, text),
                    (len, wanted.map(String::from).unwrap_or_default()),
                    "{encoding} {bytes:02x?}"
                );
            });
            // As many as the Encoding Standard has; see its index files.
            let known = match encoding {
                Encoding::Gb18030 => 1 + 23_940 + 1_087_996,
                Encoding::Big5 => 18_594,
                Encoding::ShiftJis => 64 + 9_604,
                Encoding::EucJp => 63 + 7_336 + 6_067,
                _ => 17_048,
            };
            assert_eq!(valid, known, "{encoding}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_as_they_decode(pieces in proptest::collection::vec((0..8_u8, 0x81..=0xfe_u8, 0x40..=0xfe_u8), 0..60)) {
            let file: Vec<u8> = pieces
                .iter()
                .flat_map(|(kind, first, second)| match kind {
                    0 => vec![b'a'; usize::from(second % 12)],
                    1 => vec![*first],
                    _ => vec![first | 0x20, second | 0x80],
                })
                .collect();
            for encoding in Encoding::DOUBLE_BYTE {
                let (taken, text) = read(&file, encoding);
                proptest::prop_assert!(codec::decode(&file[..taken], encoding).is_some_and(|decoded| decoded == text));
                proptest::prop_assert!(codec::encodes_to(&text, encoding, &file[..taken]));
                let next = (1..=2).filter_map(|len| file.get(taken..taken + len));
                let left = next.filter_map(|bytes| coming_back(bytes, encoding));
                proptest::prop_assert_eq!(left.min().filter(|char| char.len_utf8() < 4), None);
                // With hardly any room it is the same, bit by bit.
                let (mut room, mut at, mut pieces) = ([0; 13], 0, String::new());
                while let (read @ 1.., written) = Pairs::of(encoding).unwrap().read(&file[at..], &mut room) {
                    at += read;
                    pieces += std::str::from_utf8(&room[..written]).unwrap();
                }
                proptest::prop_assert_eq!((at, pieces), (taken, text));
            }
        }
    }
}
