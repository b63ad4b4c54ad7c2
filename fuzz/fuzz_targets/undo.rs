//! A document cleaned and undone with a damaged log gives the document or an error, never other bytes.

#![no_main]

use descrape::config::Document;
use descrape::decode::decode;
use descrape_fuzz::{CHAIN, records, undone};
use libfuzzer_sys::{Corpus, fuzz_target};

/// Damaged logs of one document.
const LOGS: u64 = 8;

fuzz_target!(|document: &[u8]| -> Corpus {
    let Ok(decoded) = decode(document, None) else { return Corpus::Reject };
    let known = Document { path: None, encoding: Some(decoded.source.encoding), snippet: false };
    let outcome = CHAIN.clean_document(decoded.text, known).expect("no input of a fuzzer is that long");
    let log = records(document, &outcome, &decoded.source);
    let cleaned = outcome.text.current();
    let back = undone(&log, cleaned);
    assert!(matches!(&back[..], [Ok(original)] if original.bytes == document), "{back:?}");
    // Where the damage is follows from the document, so that every document is a seed.
    let mut random = Random(
        document
            .iter()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)),
    );
    for _ in 0..LOGS {
        let mut log = log.clone();
        for _ in 0..=random.below(3) {
            damage(&mut log, &mut random);
        }
        for original in undone(&log, cleaned).into_iter().flatten() {
            assert_eq!(original.bytes, document, "{}", String::from_utf8_lossy(&log));
        }
    }
    Corpus::Keep
});

/// Flips a bit, takes a line out or twice, or cuts the log off.
fn damage(log: &mut Vec<u8>, random: &mut Random) {
    if log.is_empty() {
        return;
    }
    let at = random.below(log.len());
    let line = log[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let end = log[at..].iter().position(|byte| *byte == b'\n').map_or(log.len(), |end| at + end + 1);
    match random.below(8) {
        0 => log.truncate(at),
        1 => drop(log.drain(line..end)),
        2 => {
            let copy = log[line..end].to_owned();
            log.splice(end..end, copy);
        }
        bit => log[at] ^= 1 << (bit % 8),
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}
