//! What finding the encoding costs, and keeping the way back: each large file is decoded by `encoding_rs` alone, in the
//! encoding named and in the one found, in turn, so that a machine that grows slower does so for all three; then small
//! files, each from nothing. Prints the tables of `docs/decoding.md`.

#![allow(clippy::disallowed_macros, reason = "the tables are for people")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use descrape::decode::{Encoding, Source, decode, detect};

/// A page of prose in each encoding: own sentences of `tests/encodings`, one a line.
const SENTENCES: &str = include_str!("../tests/encodings/sentences.tsv");

const LARGE: [(&str, &str); 9] = [
    ("zh-Hans", "utf-8"),
    ("zh-Hans", "gb18030"),
    ("zh-Hant", "gb18030"),
    ("zh-Hant", "big5"),
    ("ja", "shift_jis"),
    ("ja", "euc-jp"),
    ("ko", "euc-kr"),
    ("ru", "windows-1251"),
    ("zh-Hans", "utf-16le"),
];
const LEN: usize = 8 << 20;
const ROUNDS: usize = 40;
/// So few that mostly nothing comes between.
const SMALL: usize = 300;

/// Text of about this many bytes; none where letters and tones would have to be written apart.
fn file(language: &str, label: &str, len: usize) -> Option<Vec<u8>> {
    let line = SENTENCES.lines().find(|line| line.starts_with(&format!("{language}\t"))).unwrap();
    let text = line.rsplit('\t').next().unwrap();
    let plain: Source = decode(&b""[..], None).unwrap().source;
    let source = Source { encoding: Encoding::for_label(label).unwrap(), ..plain };
    let page = source.encode(&format!("{text}\n")).ok()?;
    Some(page.repeat(len.div_ceil(page.len())))
}

/// The least time of each, done in turn: what was in the way of the others was not their own.
fn in_turn<const N: usize>(mut all: [&mut dyn FnMut(); N]) -> [Duration; N] {
    let mut least = [Duration::MAX; N];
    for _ in 0..ROUNDS {
        for (one, least) in all.iter_mut().zip(&mut least) {
            let began = Instant::now();
            one();
            *least = began.elapsed().min(*least);
        }
    }
    least
}

fn large() {
    println!("| text | `encoding_rs` | named | found | finding adds |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for (language, label) in LARGE {
        let file = file(language, label, LEN).unwrap();
        let named = Encoding::for_label(label);
        let standard = named.and_then(Encoding::standard).unwrap();
        let times = in_turn([
            &mut || drop(black_box(standard.decode_without_bom_handling(&file).0.into_owned())),
            &mut || drop(black_box(decode(&file[..], named))),
            &mut || drop(black_box(decode(&file[..], None))),
        ]);
        let speed = times.map(|time| format!("{:.0}", file.len() as f64 / time.as_secs_f64() / 1e6)).join(" | ");
        let adds = (times[2].as_secs_f64() / times[1].as_secs_f64() - 1.0) * 100.0;
        println!("| {language} {label} | {speed} | {adds:.1} % |");
    }
}

/// Files of 200 bytes to 6 kB, in every encoding of every language.
fn small() {
    let pairs = SENTENCES.lines().flat_map(|line| {
        let mut fields = line.split('\t');
        let language = fields.next().unwrap();
        fields.next().unwrap().split(' ').map(move |label| (language, label))
    });
    let all: Vec<Vec<u8>> = pairs.filter_map(|(language, label)| file(language, label, 6000)).collect();
    let east = ["zh-Hans", "zh-Hant", "ja", "ko"];
    let east = SENTENCES.lines().filter(|line| east.iter().any(|language| line.starts_with(language)));
    let east: usize = east.map(|line| line.split('\t').nth(1).unwrap().split(' ').count()).sum();
    println!("\n| small files | decoded a second | only detected |\n| --- | ---: | ---: |");
    for (name, pages) in [("Chinese, Japanese, Korean", &all[..east]), ("all languages", &all[..])] {
        let files: Vec<&[u8]> = (0..SMALL).map(|nth| &pages[nth % pages.len()][..200 + nth * 19 % 5800]).collect();
        let times = in_turn([&mut || files.iter().for_each(|file| drop(black_box(decode(*file, None)))), &mut || {
            files.iter().for_each(|file| drop(black_box(detect(file))))
        }]);
        let speed = times.map(|time| format!("{:.0}", SMALL as f64 / time.as_secs_f64())).join(" | ");
        println!("| {name} | {speed} |");
    }
}

fn main() {
    // Tests of all targets run this too, unoptimised.
    if std::env::args().any(|argument| argument == "--bench") {
        large();
        small();
    }
}
