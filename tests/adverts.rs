//! Adverts and what looks like them: sentences written before the rules that are to tell them apart.
//!
//! `lines.txt` holds lines of book sites that go and `offers.txt` those of shops, apps, accounts and paywalls, in four
//! languages in `offers-foreign.txt`; `pieces.txt`, `slips.txt` and `disguises.txt` adverts glued to a sentence, `notices.txt`
//! what stands in brackets there; `kept.txt`, `kept-offers.txt` and `kept-foreign.txt` sentences that stay wherever they stand. A `?` at the start of an advert marks
//! one that is not found yet.

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

/// Two sentences of each language, and what parts sentences in it.
fn prose(lang: &str) -> [&'static str; 3] {
    match lang {
        "ja" => [
            "朝の霧がまだ晴れないうちに、老人は渡し船を川の中ほどまで漕ぎ出した。",
            "村の入り口の大きな木の下に何人かが座っていて、客を見ると立ち上がって挨拶をした。",
            "",
        ],
        "ko" => [
            "아침 안개가 아직 걷히지 않았는데 노인은 나룻배를 강 한가운데까지 저어 나갔다.",
            "마을 어귀 큰 나무 아래에 몇 사람이 앉아 있다가 손님을 보고 일어나 인사를 했다.",
            " ",
        ],
        "en" => [
            "The morning fog had not yet lifted when the old man pushed his boat to the middle of the river.",
            "A few people were sitting under the big tree at the edge of the village, and they rose to greet the guests.",
            " ",
        ],
        _ => [BEFORE, AFTER, ""],
    }
}

/// A case of a file in several languages: its language and its text.
fn foreign(case: &str) -> (&str, &str) {
    case.split_at_checked(2).map_or(("", case), |(lang, text)| (lang, text.trim_start()))
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

/// A line between others, far from head and tail, and the text without it.
fn as_line(advert: &str, [before, after, _]: [&str; 3]) -> (String, String) {
    let rest = format!("{after}\n{before}\n").repeat(3);
    (format!("{rest}{advert}\n{rest}"), format!("{rest}{rest}"))
}

fn as_piece(advert: &str) -> (String, String) {
    (format!("{AFTER}\n{BEFORE}{advert}{AFTER}\n{AFTER}\n"), format!("{AFTER}\n{BEFORE}{AFTER}\n{AFTER}\n"))
}

#[test]
fn lines_that_advertise_go() {
    let near_the_end =
        |advert: &str| (format!("{BEFORE}\n{advert}\n{AFTER}\n{BEFORE}\n"), format!("{BEFORE}\n{AFTER}\n{BEFORE}\n"));
    let wrong_there = wrong("lines.txt", near_the_end);
    assert!(wrong_there.is_empty(), "{}", wrong_there.join("\n"));
    let wrong = wrong("offers.txt", |advert| as_line(advert, prose("zh")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn lines_that_advertise_in_other_languages_go() {
    let wrong = wrong("offers-foreign.txt", |case| {
        let (lang, advert) = foreign(case);
        as_line(advert, prose(lang))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn notices_in_sentences_go() {
    let wrong = wrong("notices.txt", |case| {
        let (lang, notice) = foreign(case);
        let [before, after, gap] = prose(lang);
        let text = |piece: &str| format!("{after}\n{before}{piece}{gap}{after}\n{after}\n");
        (text(&format!("{gap}{notice}")), text(""))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn adverts_in_sentences_go() {
    for name in ["pieces.txt", "slips.txt", "disguises.txt"] {
        let wrong = wrong(name, as_piece);
        assert!(wrong.is_empty(), "{name}\n{}", wrong.join("\n"));
    }
}

/// A short sentence full of small words is no part of the advert in it, whether that is found or not.
#[test]
fn sentences_around_adverts_stay() {
    let chain = RuleSet::builtin().chain();
    let [head, tail] = ["祖父年轻的时候在这", "里撑过船，后来修了桥，船就用不上了。"];
    let mut lost = Vec::new();
    for case in ["pieces.txt", "slips.txt", "disguises.txt"].into_iter().flat_map(cases) {
        let advert = case.trim_start_matches('?');
        let cleaned = clean(&chain, &format!("{AFTER}\n{BEFORE}\n{head}{advert}{tail}\n{AFTER}\n{BEFORE}\n"));
        if !cleaned.contains(head) || !cleaned.contains(tail) {
            lost.push(format!("{advert}: {cleaned}"));
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

/// The cases that anything is changed in, as lines of their own and in the middle of a paragraph.
fn harmed<'c>(cases: impl Iterator<Item = (&'c str, [&'static str; 3])>) -> Vec<String> {
    let chain = RuleSet::builtin().chain();
    let mut harmed = Vec::new();
    for (case, [before, after, gap]) in cases {
        // Far from head and tail, where furniture stands.
        let rest = format!("{after}\n{before}\n").repeat(5);
        for text in [format!("{rest}{case}\n{rest}"), format!("{rest}{before}{gap}{case}{gap}{after}\n{rest}")] {
            let cleaned = clean(&chain, &text);
            if cleaned != text {
                harmed.push(format!("{case}: {cleaned}"));
            }
        }
    }
    harmed
}

#[test]
fn what_speaks_of_books_sites_and_offers_stays() {
    for name in ["kept.txt", "kept-offers.txt"] {
        let cases = cases(name);
        let harmed = harmed(cases.iter().map(|case| (case.as_str(), prose("zh"))));
        assert!(harmed.is_empty(), "{}", harmed.join("\n"));
    }
}

#[test]
fn what_speaks_of_them_in_other_languages_stays() {
    let cases = cases("kept-foreign.txt");
    let harmed = harmed(cases.iter().map(|case| foreign(case)).map(|(lang, case)| (case, prose(lang))));
    assert!(harmed.is_empty(), "{}", harmed.join("\n"));
}
