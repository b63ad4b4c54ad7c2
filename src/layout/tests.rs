use super::*;
use crate::view::{Facts, View};

fn classes(text: &str) -> Vec<Class> {
    let facts = Facts::default();
    View::new(text, &facts).layout().lines.iter().map(|line| line.class).collect()
}

#[test]
fn lines_are_told_apart() {
    use Class::*;
    for (line, class) in [
        ("", Blank),
        ("他走进屋里，坐下来。", Text),
        ("## 标题", Heading),
        ("第三回　托内兄如海荐西宾", Heading),
        ("Chapter 3", Heading),
        ("一、总则", Heading),
        ("（一）基本原则", Heading),
        ("第三条 公民有受教育的权利。", Numbered),
        ("1、认真学习；", Numbered),
        ("1.2 Scope", Heading),
        ("1.5万人参加了会议", Text),
        ("1. 第一步", Item),
        ("- 第一步", Item),
        ("> 引文", Item),
        ("| 列一 | 列二 |", Table),
        ("第一章 总则……………3", Table),
        ("<p class=\"a\">", Markup),
        ("----", Rule),
        ("县委书记 郑斌", Text),
    ] {
        assert_eq!(classes(line).first().copied().unwrap_or(Blank), class, "{line}");
    }
    assert_eq!(classes("```\nlet a;\n```\n"), [Code, Code, Code]);
    assert_eq!(classes("---\ntitle: a\n---\n正文"), [Markup, Markup, Markup, Text]);
}
