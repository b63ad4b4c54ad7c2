//! Throughput of decoding, of the rules of each kind and of the whole default chain, in MB of
//! UTF-8 text a second, on the documents in `fixtures/`.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads its own documents")]

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use descrape::config::{RuleSet, Selection};
use descrape::rules::KINDS;

/// About 1 MB of real, dirty Chinese text: the fixtures that came from the web, repeated.
fn sample() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut paths: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path().join("in.txt")).collect();
    paths.retain(|path| path.to_string_lossy().contains("seed-"));
    paths.sort();
    let once: String = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    once.repeat(1_000_000 / once.len() + 1)
}

fn decoding(bench: &mut Criterion) {
    let text = sample();
    let mut group = bench.benchmark_group("decode");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(20);
    for label in ["utf-8", "gb18030", "big5", "utf-16le"] {
        let bytes: Vec<u8> = match label {
            "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            _ => encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(&text).0.into_owned(),
        };
        group.bench_function(label, |b| {
            b.iter_batched(
                || bytes.clone(),
                |bytes| black_box(descrape::decode::decode(bytes, None)),
                criterion::BatchSize::LargeInput,
            )
        });
    }
    group.finish();
}

fn rules(bench: &mut Criterion) {
    let (text, set) = (sample(), RuleSet::builtin());
    let mut group = bench.benchmark_group("rules");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(10);
    for kind in KINDS {
        let only: Vec<String> =
            set.rules().filter(|rule| rule.kind == kind.name).map(|rule| rule.id.to_string()).collect();
        if only.is_empty() {
            continue;
        }
        let chain = set.select(&Selection { only, ..Selection::default() }).unwrap();
        group.bench_function(kind.name, |b| b.iter(|| black_box(chain.clean_text(text.clone()).unwrap())));
    }
    group.bench_function("whole-chain", |b| {
        let chain = set.chain();
        b.iter(|| black_box(chain.clean_text(text.clone()).unwrap()))
    });
    group.finish();
}

/// Many rules of someone's own, each of which names a site that no text holds: what 1,000 and 10,000 cost beside 10.
fn many_rules(bench: &mut Criterion) {
    let text = sample();
    let mut group = bench.benchmark_group("many-rules");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(10);
    for count in [10, 1_000, 10_000] {
        let chain = RuleSet::parse("many", &many(count)).unwrap().chain();
        group.bench_function(count.to_string(), |b| b.iter(|| black_box(chain.clean_text(text.clone()).unwrap())));
    }
    group.finish();
}

fn many(count: usize) -> String {
    let hanzi = |number: usize| char::from_u32(0x4e00 + (number * 7 % 5000) as u32).unwrap();
    let rule = |n: usize| {
        let name: String = [n, n / 3 + 11, n / 7 + 101, n / 50].into_iter().map(hanzi).collect();
        format!("  - id: site-{n}\n    remove: {{ match: '本书由{name}网[^。]{{0,20}}提供' }}\n")
    };
    let mut yaml = "version: 1\nrules:\n".to_owned();
    yaml.extend((0..count).map(rule));
    yaml
}

criterion_group!(benches, decoding, rules, many_rules);
criterion_main!(benches);
