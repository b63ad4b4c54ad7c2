//! What finding the encoding and keeping the way back cost, in pairs: decoding by `encoding_rs` alone, in the encoding
//! named, and in the one found; and small files, each decoded from nothing.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
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

/// Text of about this many bytes.
fn file(language: &str, label: &str, len: usize) -> Vec<u8> {
    let line = SENTENCES.lines().find(|line| line.starts_with(&format!("{language}\t"))).unwrap();
    let text = line.rsplit('\t').next().unwrap();
    let plain: Source = decode(&b""[..], None).unwrap().source;
    let source = Source { encoding: Encoding::for_label(label).unwrap(), ..plain };
    let page = source.encode(&format!("{text}\n")).unwrap();
    page.repeat(len.div_ceil(page.len()))
}

fn large(bench: &mut Criterion) {
    for (language, label) in LARGE {
        let file = file(language, label, 8 << 20);
        let named = Encoding::for_label(label);
        let standard = named.and_then(Encoding::standard).unwrap();
        let mut group = bench.benchmark_group(format!("{language} {label}"));
        group.throughput(Throughput::Bytes(file.len() as u64)).sample_size(10);
        group.bench_function("encoding_rs", |b| {
            b.iter(|| black_box(standard.decode_without_bom_handling(&file).0.into_owned()))
        });
        group.bench_function("named", |b| b.iter(|| black_box(decode(&file[..], named))));
        group.bench_function("found", |b| b.iter(|| black_box(decode(&file[..], None))));
        group.bench_function("detect", |b| b.iter(|| black_box(detect(&file))));
    }
}

/// 10,000 files of 200 bytes to 6 kB, in every encoding of every language.
fn small(bench: &mut Criterion) {
    let pairs = SENTENCES.lines().flat_map(|line| {
        let mut fields = line.split('\t');
        let language = fields.next().unwrap();
        fields.next().unwrap().split(' ').map(move |label| (language, label))
    });
    let pages: Vec<Vec<u8>> = pairs.map(|(language, label)| file(language, label, 6000)).collect();
    let files: Vec<&[u8]> = (0..10_000).map(|nth| &pages[nth % pages.len()][..200 + nth * 7 % 5800]).collect();
    let mut group = bench.benchmark_group("small files");
    group.throughput(Throughput::Elements(files.len() as u64)).sample_size(10);
    group.bench_function("10,000 found", |b| {
        b.iter(|| files.iter().filter(|file| black_box(decode(**file, None)).is_ok()).count())
    });
}

criterion_group!(benches, large, small);
criterion_main!(benches);
