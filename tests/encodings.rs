//! How often the encoding of a short or damaged piece is found: sentences that the model was not counted from, in every
//! encoding that they can be written in, cut to pieces. `--nocapture` shows the figures.

#![allow(clippy::disallowed_macros, reason = "the figures are for people")]

use std::collections::BTreeMap;

use descrape::decode::{Encoding, Source, decode};
use unicode_normalization::UnicodeNormalization;

const SENTENCES: &str = include_str!("encodings/sentences.tsv");
const LENGTHS: [usize; 4] = [12, 24, 48, 96];

/// The bytes of a text; where an encoding has no letter with a tone, the letter and then the tone, as windows-1258 does.
fn bytes(text: &str, encoding: Encoding) -> Vec<u8> {
    let source = Source { encoding, ..decode(&b""[..], None).unwrap().source };
    let write = |text: &str| source.encode(text).ok();
    let mut all = Vec::new();
    for char in text.chars() {
        let apart = || {
            let (mut letter, mut tones) = (String::new(), String::new());
            for part in char.nfd() {
                let is_tone = matches!(part, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
                if is_tone { tones.push(part) } else { letter.push(part) }
            }
            write(&letter.nfc().chain(tones.chars()).collect::<String>())
        };
        // What an encoding lacks altogether its users leave out.
        all.extend(write(char.encode_utf8(&mut [0; 4])).or_else(apart).unwrap_or_default());
    }
    all
}

/// A small generator of numbers that are the same everywhere (Knuth's MMIX constants).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// One to three bytes replaced, dropped or put in.
fn damage(whole: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=numbers.below(3) {
        let (at, byte) = (numbers.below(bytes.len()), 0x20 + numbers.below(0xe0) as u8);
        match numbers.below(3) {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            _ => drop(bytes.remove(at)),
        }
    }
    bytes
}

/// Whether the text of an answer is the right one, as far as these bytes tell.
fn is_right(file: &[u8], found: Encoding, truth: Encoding) -> bool {
    let text = |encoding: Encoding| decode(file, Some(encoding)).unwrap().text;
    found == truth || text(found) == text(truth)
}

#[derive(Default)]
struct Count {
    all: usize,
    right: usize,
    sure: usize,
    sure_and_right: usize,
}

fn measure() -> (BTreeMap<String, Count>, Vec<String>) {
    let (mut counts, mut wrong) = (BTreeMap::<String, Count>::new(), Vec::new());
    let mut numbers = Numbers(4);
    for line in SENTENCES.lines() {
        let [language, labels, text] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let chars: Vec<char> = text.chars().collect();
        let group = if matches!(&language[..2], "zh" | "ja" | "ko") { "cjk" } else { "other" };
        for label in labels.split(' ') {
            let encoding = Encoding::for_label(label).unwrap();
            for len in LENGTHS {
                for nth in 0..6 {
                    let from = numbers.below(chars.len() - len);
                    let piece: String = chars[from..from + len].iter().collect();
                    let whole = bytes(&piece, encoding);
                    let mut cut = whole[usize::from(nth % 2 == 0)..].to_vec();
                    cut.truncate(cut.len() - usize::from(nth % 3 == 0));
                    let damaged = damage(&whole, &mut numbers);
                    let wide = encoding.unit() > 1;
                    let variants =
                        [("clean", whole, true), ("cut", cut, group == "cjk" && !wide), ("damaged", damaged, !wide)];
                    for (variant, file, _) in variants.iter().filter(|(_, file, applies)| *applies && !file.is_ascii())
                    {
                        let Ok(decoded) = decode(&file[..], None) else { continue };
                        let source = &decoded.source;
                        let right = is_right(file, source.encoding, encoding);
                        let keys = [
                            "all".to_owned(),
                            format!("{group} {variant}"),
                            format!("{group} {variant} {len:3}"),
                            format!("{language} {label}"),
                        ];
                        for key in keys {
                            let count = counts.entry(key).or_default();
                            count.all += 1;
                            count.right += usize::from(right);
                            count.sure += usize::from(source.sure);
                            count.sure_and_right += usize::from(source.sure && right);
                        }
                        if !right {
                            let sure = if source.sure { "sure" } else { "" };
                            let margin = source.margin.unwrap_or_default();
                            wrong.push(format!("{label} {variant} {len}: {} {margin} {sure} {piece}", source.encoding));
                        }
                    }
                }
            }
        }
    }
    (counts, wrong)
}

#[test]
fn pieces_of_unseen_text_are_told_apart() {
    let (counts, wrong) = measure();
    let percent = |part: usize, all: usize| 100.0 * part as f64 / all.max(1) as f64;
    println!("{:32} {:>6} {:>7} {:>6} {:>7}", "", "pieces", "right %", "sure", "right %");
    for (key, count) in &counts {
        let (right, sure_right) = (percent(count.right, count.all), percent(count.sure_and_right, count.sure));
        println!("{key:32} {:6} {right:7.1} {:6} {sure_right:7.2}", count.all, count.sure);
    }
    println!("{}", wrong.join("\n"));
    // Damaged pieces are hardest: in most alphabets a byte that was replaced is a letter of some encoding.
    let least =
        [("cjk clean", 99.8), ("cjk cut", 99.8), ("cjk damaged", 98.5), ("other clean", 96.0), ("other damaged", 82.0)];
    for (key, least) in least {
        let count = &counts[key];
        assert!(percent(count.right, count.all) >= least, "{key}: {} of {}", count.right, count.all);
    }
    let all = &counts["all"];
    assert!(percent(all.sure_and_right, all.sure) >= 99.8, "{} of {} sure answers", all.sure_and_right, all.sure);
}

/// Sentences with one to three bytes in the wrong place, and what they are in.
const DAMAGED: &[(&str, &[u8], &str)] = &[
    (
        "a control character of the second set",
        b"Stra\x93\xc3\x9fenbahn f\xc3\xa4hrt \xc3\xbcber die Br\x8f\xc3\xbccke",
        "utf-8",
    ),
    ("half a letter, twice", b"Le gar\xc3\xa7on a mang\xc3 des cr\xc3\xaapes \xa0 la fen\xc3\xaatre", "utf-8"),
    (
        "three control characters",
        b"P\x01\xf8\xedli\xb9 \xbelu\x02\xbbou\xe8k\xfd k\xf9\xf2 \xfap\xec\x03l",
        "iso-8859-2",
    ),
    ("a letter of another alphabet", b"P\xf8\xedli\xb9 \xbelu\xbbou\xa5k\xfd k\xf9\xf2 tiskne s\xedto", "iso-8859-2"),
    ("two letters of another alphabet", b"O \xb6wicie le\xb6ny m\xb3yn nad rzek\x84 zasypa\xbd \xb6nieg", "iso-8859-2"),
    (
        "signs among letters",
        b"\xd1\xf2\xe0\xf0\xfb\xa9 \xe4\xee\xec \x95\xe0 \xf3\xe3\xeb\xf3 \xef\xee\xf7\xe8\xed\xe8\xeb\xe8",
        "windows-1251",
    ),
    (
        "no damage, a capital and a quote",
        b"\x93\xd1\xf2\xe0\xf0\xfb\xe9 \xe4\xee\xec\x94 \xed\xe0 \xf3\xe3\xeb\xf3",
        "windows-1251",
    ),
    ("no damage, quotes of windows-1252", b"Er sagte: \x84Gr\xfc\xdf die M\xfcller!\x93", "windows-1252"),
];

#[test]
fn a_few_damaged_bytes_do_not_hide_the_encoding() {
    for (what, bytes, label) in DAMAGED {
        let truth = Encoding::for_label(label).unwrap();
        let found = decode(*bytes, None).unwrap().source.encoding;
        assert!(is_right(bytes, found, truth), "{what}: {found} instead of {truth}");
    }
}
