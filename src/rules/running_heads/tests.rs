use crate::config::RuleSet;

fn run(text: &str) -> String {
    let yaml = "version: 1\nrules:\n  - id: example\n    running_heads: {}\n";
    RuleSet::parse("test", yaml).unwrap().chain().clean_text(text.to_owned()).unwrap().text.into_current()
}

#[test]
fn a_list_of_numbers_is_no_paging() {
    for text in [
        "1\n2\n3\n4\n",
        "名单\n1\n张三\n2\n李四\n3\n王五\n",
        "表 1\n\n文字\n\n表 2\n\n文字\n\n表 3\n\n文字\n",
    ] {
        assert_eq!(run(text), text);
    }
}
