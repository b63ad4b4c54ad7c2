//! Which valid bytes do not come back when their text is encoded: doubles, of which the encoder writes only one form,
//! and characters that can only be read.
//!
//! Invariant: valid bytes in which nothing is suspected encode back to themselves; the tests try every sequence.

use super::encoding::Encoding;

/// Whether valid bytes may hold what does not encode back. For encodings whose characters stand for themselves, not
/// those with escapes.
pub(super) fn may_stand_in(bytes: &[u8], encoding: Encoding) -> bool {
    match encoding {
        Encoding::Gb18030 => walk(bytes, &GB18030),
        Encoding::Big5 => walk(bytes, &BIG5),
        Encoding::ShiftJis => walk(bytes, &SHIFT_JIS),
        Encoding::EucJp => walk(bytes, &EUC_JP),
        _ => false,
    }
}

/// First bytes and second bytes, each from one to another, of pairs that may not encode back.
type Range = ([u8; 2], [u8; 2]);

const ANY: [u8; 2] = [0x00, 0xff];

/// The euro sign as one byte, the second ideographic space, and the first halves of 18 characters that GB 18030-2022
/// moved.
static GB18030: Pairs =
    Pairs::new(&[([0x80; 2], ANY), ([0xa3; 2], [0xa0; 2]), ([0x82; 2], [0x35; 2]), ([0x84; 2], [0x31; 2])], None);
/// The Hong Kong additions, which can only be read, and box drawing signs and characters that are there twice.
static BIG5: Pairs = Pairs::new(
    &[
        ([0x87, 0xa0], ANY),
        ([0xa2; 2], [0xa4, 0xa7]),
        ([0xa2; 2], [0xcc, 0xce]),
        ([0xc6; 2], [0xde; 2]),
        ([0xc9; 2], [0x69; 2]),
        ([0xf9; 2], [0xfa, 0xfd]),
        ([0xfa, 0xfe], ANY),
    ],
    None,
);
/// The byte 80, which is left alone to be safe, what NEC and IBM each added, and the private use area.
static SHIFT_JIS: Pairs = Pairs::new(
    &[([0x80; 2], ANY), ([0x87; 2], [0x90, 0x9c]), ([0xed, 0xee], ANY), ([0xf0, 0xf9], ANY), ([0xfa; 2], [0x40, 0x5b])],
    Some([0xa1, 0xdf]),
);
/// What NEC and IBM each added, and JIS X 0212, which can only be read.
static EUC_JP: Pairs = Pairs::new(&[([0x8f; 2], ANY), ([0xad; 2], [0xf0, 0xfc]), ([0xfc; 2], [0xfb; 2])], None);

/// The pairs of bytes of one encoding that may not encode back.
struct Pairs {
    /// A bit for each pair, read as a number with the first byte as the lower one; set as well where the first byte
    /// is a character.
    stops: [u64; 1 << 10],
    /// High bytes that are characters.
    single: [u8; 2],
}

impl Pairs {
    const fn new(suspects: &[Range], single: Option<[u8; 2]>) -> Self {
        let single = match single {
            Some(single) => single,
            None => [0xff, 0x00],
        };
        let mut stops = [0; 1 << 10];
        let mut at = 0;
        while at < suspects.len() {
            let (first, second) = suspects[at];
            set(&mut stops, first, second);
            at += 1;
        }
        set(&mut stops, single, ANY);
        Self { stops, single }
    }

    fn stop(&self, pair: u16) -> bool {
        self.stops[usize::from(pair >> 6)] >> (pair & 63) & 1 == 1
    }

    fn is_single(&self, byte: u8) -> bool {
        byte.is_ascii() || (self.single[0]..=self.single[1]).contains(&byte)
    }
}

const fn set(stops: &mut [u64; 1 << 10], [first, last]: [u8; 2], [from, to]: [u8; 2]) {
    let mut first = first as usize;
    while first <= last as usize {
        let mut second = from as usize;
        while second <= to as usize {
            let pair = second << 8 | first;
            stops[pair >> 6] |= 1 << (pair & 63);
            second += 1;
        }
        first += 1;
    }
}

/// Goes through valid bytes pair by pair, and byte by byte where each is a character.
///
/// Longer sequences are pairs to it as well: those of GB18030 are two pairs of a high byte and a digit, and those of
/// EUC-JP start with a suspect.
fn walk(bytes: &[u8], pairs: &Pairs) -> bool {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    const FIRSTS: u64 = 0x0080_0080_0080_0080;
    let mut at = 0;
    // Four pairs at a time, so that no lookup waits for another.
    while let Some(&eight) = bytes[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(eight);
        let stop = |nth: u32| pairs.stop((word >> (16 * nth)) as u16);
        if word & HIGH == 0 || word & FIRSTS == FIRSTS && !(stop(0) | stop(1) | stop(2) | stop(3)) {
            at += 8;
        } else if pairs.is_single(eight[0]) {
            at += 1;
        } else if stop(0) {
            return true;
        } else {
            at += 2;
        }
    }
    while let [first, rest @ ..] = &bytes[at..] {
        at += match rest.first() {
            _ if pairs.is_single(*first) => 1,
            Some(second) if !pairs.stop(u16::from_le_bytes([*first, *second])) => 2,
            _ => return true,
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::codec;
    use super::*;

    const DOUBLE_BYTE: [Encoding; 5] =
        [Encoding::Gb18030, Encoding::Big5, Encoding::ShiftJis, Encoding::EucJp, Encoding::EucKr];

    fn comes_back(bytes: &[u8], encoding: Encoding) -> Option<bool> {
        let text = codec::decode(bytes, encoding)?;
        let mut again = Vec::new();
        Some(codec::encode(&text, encoding, &mut again).is_ok() && again == bytes)
    }

    /// Every sequence that ends with one of the shortest form, and how many of them are characters.
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
    fn what_is_not_suspected_comes_back() {
        for encoding in DOUBLE_BYTE {
            let mut valid = 0;
            every_sequence(encoding, |bytes| {
                let Some(exact) = comes_back(bytes, encoding) else { return };
                valid += 1;
                // After each number of single bytes, since the walk takes eight at a time.
                let suspected = may_stand_in(bytes, encoding);
                assert!(exact || suspected, "{encoding} {bytes:02x?}");
                if bytes.len() < 4 {
                    for before in 0..9 {
                        let among = [&b"aaaaaaaa"[..before], bytes, b"bbbbbbbbb"].concat();
                        assert_eq!(may_stand_in(&among, encoding), suspected, "{encoding} {among:02x?}");
                    }
                }
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
        fn texts_without_suspects_come_back(pairs: Vec<(u8, u8, u8, u8)>, ascii: Vec<bool>) {
            for encoding in DOUBLE_BYTE {
                let mut file = Vec::new();
                for ((a, b, c, d), ascii) in pairs.iter().zip(ascii.iter().chain(std::iter::repeat(&false))) {
                    let four = [a | 0x80, *b, c | 0x80, *d];
                    let sequence = (1..=4).map(|len| &four[..len]).find(|s| codec::decode(s, encoding).is_some());
                    file.extend_from_slice(sequence.unwrap_or(b"-"));
                    file.extend_from_slice(if *ascii { b"a" } else { b"" });
                }
                proptest::prop_assert!(may_stand_in(&file, encoding) || comes_back(&file, encoding) == Some(true));
            }
        }
    }
}
