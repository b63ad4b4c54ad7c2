//! Innocent texts: notices, contracts, exam papers, manuals and letters whose lines look like furniture and are not.

use std::path::Path;

use descrape::config::RuleSet;

#[test]
fn the_default_chain_leaves_innocent_texts_alone() {
    let chain = RuleSet::builtin().chain();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/innocent");
    let mut harmed = Vec::new();
    let mut count = 0;
    for entry in folder.read_dir().expect("the folder is readable") {
        let path = entry.expect("the folder is readable").path();
        let text = descrape::read::text(&path).expect("the text is readable");
        let outcome = chain.clean_text(text.clone()).expect("the text is short");
        count += 1;
        if outcome.text.current() != text {
            let changes: Vec<_> = outcome.changes.iter().map(|c| (&*c.rule, &*c.before, &*c.after)).collect();
            harmed.push(format!("{}: {changes:?}", path.display()));
        }
    }
    assert!(count >= 15, "{count} texts");
    assert!(harmed.is_empty(), "{}", harmed.join("\n"));
}
