//! Throughput of detection and decoding, in MB of input a second: large files by encoding, and many small ones.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use descrape::decode::{Encoding, Source, decode, detect};

const PROSE: &str =
    "清晨，山谷里的雾还没有散去，村口的老槐树下已经坐着几位老人。\n他们一边喝茶，一边谈论今年的收成。\n";

/// Text of about this many bytes, in an encoding.
fn sample(label: &str, len: usize) -> Vec<u8> {
    let plain: Source = decode(&b""[..], None).unwrap().source;
    let source = Source { encoding: Encoding::for_label(label).unwrap(), ..plain };
    source.encode(&PROSE.repeat(len / PROSE.len() + 1)).unwrap()
}

fn large(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("large file");
    for label in ["utf-8", "gb18030", "utf-16le"] {
        let file = sample(label, 8 << 20);
        group.throughput(Throughput::Bytes(file.len() as u64)).sample_size(10);
        group.bench_function(format!("{label} found"), |b| b.iter(|| black_box(decode(&file[..], None))));
        let named = Encoding::for_label(label);
        group.bench_function(format!("{label} named"), |b| b.iter(|| black_box(decode(&file[..], named))));
    }
}

fn small(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("small file");
    for label in ["utf-8", "gb18030", "utf-16le"] {
        let file = sample(label, 2000);
        group.throughput(Throughput::Elements(1));
        group.bench_function(label, |b| b.iter(|| black_box(detect(&file))));
    }
}

criterion_group!(benches, large, small);
criterion_main!(benches);
