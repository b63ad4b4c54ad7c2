//! Adverts and what looks like them: sentences written before the rules that are to tell them apart.
//!
//! `lines.txt` holds lines that go, `pieces.txt` adverts glued to a sentence, `kept.txt` sentences that stay wherever
//! they stand. A `?` at the start of one of the first two marks an advert that is not found yet.

use std::path::Path;

use descrape::chain::Chain;
use descrape::config::RuleSet;

const BEFORE: &str = "清晨的雾还没有散，老人把渡船撑到了河心，一边摇橹一边哼着年轻时学会的小调。";
const AFTER: &str = "村口的大槐树下坐着几个人，见到客人都站起来打招呼，问起今年的收成怎么样。";

fn cases(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/adverts").join(name);
    let text = descrape::read::text(&path).expect("the text is readable");
    text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).map(str::to_owned).collect()
}

fn clean(chain: &Chain, text: &str) -> String {
    chain.clean_text(text.to_owned()).expect("the text is short").text.current().to_owned()
}

/// The adverts that are not told for what they are, and those that are though they are marked.
fn wrong(name: &str, around: impl Fn(&str) -> (String, String)) -> Vec<String> {
    let chain = RuleSet::builtin().chain();
    let is_wrong = |case: &String| {
        let (advert, missed) = case.strip_prefix('?').map_or((case.as_str(), false), |advert| (advert, true));
        let (dirty, truth) = around(advert);
        (clean(&chain, &dirty) == truth) == missed
    };
    cases(name).into_iter().filter(is_wrong).collect()
}

#[test]
fn lines_that_advertise_go() {
    let wrong = wrong("lines.txt", |advert| {
        (format!("{BEFORE}\n{advert}\n{AFTER}\n{BEFORE}\n"), format!("{BEFORE}\n{AFTER}\n{BEFORE}\n"))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn adverts_in_sentences_go() {
    let wrong = wrong("pieces.txt", |advert| {
        (format!("{AFTER}\n{BEFORE}{advert}{AFTER}\n{AFTER}\n"), format!("{AFTER}\n{BEFORE}{AFTER}\n{AFTER}\n"))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_speaks_of_books_and_sites_stays() {
    let chain = RuleSet::builtin().chain();
    let mut harmed = Vec::new();
    for case in cases("kept.txt") {
        // Far from head and tail, where furniture stands.
        let rest = format!("{AFTER}\n{BEFORE}\n").repeat(5);
        for text in [format!("{rest}{case}\n{rest}"), format!("{rest}{BEFORE}{case}{AFTER}\n{rest}")] {
            let cleaned = clean(&chain, &text);
            if cleaned != text {
                harmed.push(format!("{case}: {cleaned}"));
            }
        }
    }
    assert!(harmed.is_empty(), "{}", harmed.join("\n"));
}
