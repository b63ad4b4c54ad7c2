//! Throughput of the kinds that normalise, one by one and together, in MB of UTF-8 text a second,
//! on one core: on Chinese prose that needs nothing, and on the same with something to mend in
//! every paragraph.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use descrape::chain::Chain;
use descrape::config::{RuleSet, Selection};

const KINDS: [&str; 5] = ["unicode", "entities", "width", "punctuation", "spaces"];

/// One paragraph as it should be.
const CLEAN: &str = "会议指出，今年以来各乡镇认真落实“两个责任”，全年共完成项目1,204个，占计划的98.6%；但是也要看到，\
    基础工作还不平衡，少数单位重视不够、措施不实。会议要求：一要统一思想，二要加强领导，三要严格考核！\n";

/// The same paragraph with what scraping leaves in it.
const DIRTY: &str = "会议指出,今年以来各乡镇认真落实“ 两个责任”，全年共完成项目１，２０４个，占计划的98.6％；但是也要看到，\
    基础工作还\u{200b}不平衡，少数单位(部门)重视不够、措施不实。&nbsp;会议要求: 一要统一思想，，二要加强领导，三要严格考核! \n";

/// About 4 MB of the first paragraph, every `each`th of which is the second.
fn sample(each: usize) -> String {
    (1..=4_000_000 / CLEAN.len()).map(|at| if at % each == 0 { DIRTY } else { CLEAN }).collect()
}

/// The rules of the default chain that are of these kinds.
fn chain(kinds: &[&str]) -> Chain {
    let set = RuleSet::builtin();
    let only = set.rules().filter(|rule| kinds.contains(&rule.kind)).map(|rule| rule.id.to_string()).collect();
    set.select(&Selection { only, ..Selection::default() }).unwrap()
}

fn normalisation(bench: &mut Criterion) {
    for (name, text) in [("clean", sample(usize::MAX)), ("one-in-50", sample(50)), ("all-dirty", sample(1))] {
        let mut group = bench.benchmark_group(format!("normalisation/{name}"));
        group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(10);
        for kind in KINDS {
            let chain = chain(&[kind]);
            group.bench_function(kind, |b| b.iter(|| black_box(chain.clean_text(text.clone()).unwrap())));
        }
        let chain = chain(&KINDS);
        group.bench_function("together", |b| b.iter(|| black_box(chain.clean_text(text.clone()).unwrap())));
        group.finish();
    }
}

criterion_group!(benches, normalisation);
criterion_main!(benches);
