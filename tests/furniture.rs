//! Lines that sites put round a text, in wordings of many sites, and lines of texts that look like them.
//!
//! Each is put into a document of its own: what a rule does to a line depends on where it stands and on what is beside it.

use std::path::{Path, PathBuf};

use descrape::chain::Chain;
use descrape::config::RuleSet;

/// The share of the lines that have to go. A few need to know more than their words: a time alone, an address alone.
const SHARE: f64 = 0.93;

struct Line {
    place: String,
    lang: String,
    text: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/furniture")
}

/// The lines of a list, below headings such as `@@ head zh`.
fn lines(name: &str) -> Vec<Line> {
    let text = descrape::read::text(&folder().join(name)).expect("the list is readable");
    let (mut lines, mut place, mut lang) = (vec![], "", "");
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        match line.strip_prefix("@@ ") {
            Some(heading) => (place, lang) = heading.split_once(' ').expect("a place and a language"),
            None => lines.push(Line { place: place.into(), lang: lang.into(), text: line.into() }),
        }
    }
    lines
}

/// The title of a text in a language, and the rest of it.
fn prose(lang: &str) -> (String, String) {
    let text = descrape::read::text(&folder().join(format!("prose/{lang}.txt"))).expect("the text is readable");
    let (title, rest) = text.split_once("\n\n").expect("a title and a text");
    (title.to_owned(), rest.to_owned())
}

fn clean(chain: &Chain, text: String) -> String {
    chain.clean_text(text).expect("the text is short").text.current().to_owned()
}

#[test]
fn lines_of_sites_go() {
    let chain = RuleSet::builtin().chain();
    let (lines, mut stayed) = (lines("lines.txt"), vec![]);
    for line in &lines {
        let (title, rest) = prose(&line.lang);
        let cleaned = match line.place.as_str() {
            "head" => clean(&chain, format!("{}\n{title}\n\n{rest}", line.text)),
            _ => clean(&chain, format!("{title}\n\n{rest}{}\n", line.text)),
        };
        assert!(cleaned.contains(&title) && cleaned.contains(rest.trim()), "{} takes more with it", line.text);
        if cleaned.contains(line.text.trim()) {
            stayed.push(format!("{} {}: {}", line.place, line.lang, line.text));
        }
    }
    let gone = 1.0 - stayed.len() as f64 / lines.len() as f64;
    assert!(lines.len() > 400 && gone >= SHARE, "{gone:.3} of {} go; not:\n{}", lines.len(), stayed.join("\n"));
}

#[test]
fn lines_of_texts_stay() {
    let chain = RuleSet::builtin().chain();
    let mut harmed = vec![];
    for line in lines("keep.txt") {
        let (title, rest) = prose(&line.lang);
        let mut documents = vec![("middle", format!("{title}\n\n{rest}\n{}\n\n{rest}", line.text))];
        if line.place == "anywhere" {
            documents.push(("head", format!("{}\n\n{rest}", line.text)));
            documents.push(("below the title", format!("{title}\n{}\n\n{rest}", line.text)));
            documents.push(("tail", format!("{title}\n\n{rest}\n{}\n", line.text)));
        }
        for (place, document) in documents {
            if !clean(&chain, document).contains(line.text.trim()) {
                harmed.push(format!("{place} {}: {}", line.lang, line.text));
            }
        }
    }
    assert!(harmed.is_empty(), "{}", harmed.join("\n"));
}
