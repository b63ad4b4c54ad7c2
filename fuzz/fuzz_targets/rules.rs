//! A rules file of any text is a chain that runs or an error that points into the file.

#![no_main]

use descrape::config::RuleSet;
use descrape::decode::decode;
use descrape_fuzz::{records, undone};
use libfuzzer_sys::{Corpus, fuzz_target};

/// Dirt of several kinds, so that a chain has something to do.
const DOCUMENT: &str =
    "第一章　开始\r\n\r\n正文在此,到此为止。（www.example.com 广告）\r\n第 3 页\r\nＡＢＣ&nbsp;“ 好 ”\r\n";

fuzz_target!(|yaml: &str| -> Corpus {
    let set = match RuleSet::parse("rules.yaml", yaml) {
        Ok(set) => set,
        Err(error) => {
            let lines = yaml.replace("\r\n", "\n").split('\n').count();
            assert!(!error.mistakes().is_empty());
            for mistake in error.mistakes() {
                let place = mistake.place();
                assert!(place.is_none_or(|place| (1..=lines).contains(&(place.line as usize))), "{mistake:?}");
                assert!(!mistake.what().is_empty());
            }
            error.render(true);
            return Corpus::Keep;
        }
    };
    let decoded = decode(DOCUMENT.as_bytes(), None).expect("it is text");
    if let Ok(outcome) = set.chain().clean_text(decoded.text) {
        let log = records(DOCUMENT.as_bytes(), &outcome, &decoded.source);
        let [Ok(original)] = &undone(&log, outcome.text.current())[..] else { panic!("the log does not lead back") };
        assert_eq!(original.bytes, DOCUMENT.as_bytes());
    }
    Corpus::Keep
});
