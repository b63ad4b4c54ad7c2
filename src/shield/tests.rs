use super::*;
use crate::view::{Facts, View};

/// The guarded pieces of a text.
fn guarded(text: &str, what: ShieldSet) -> Vec<&str> {
    let facts = Facts::default();
    let shields = View::new(text, &facts).shields();
    shields.ranges().iter().filter(|(_, is)| is.meets(what)).map(|(at, _)| &text[at.clone()]).collect()
}

#[test]
fn overlapping_guards_are_cut_into_pieces() {
    let (a, b) = (ShieldSet::TABLE, ShieldSet::ADDRESS);
    assert_eq!(
        flatten(vec![(0..10, a), (4..6, b), (10..12, a), (5..5, b)]),
        [(0..4, a), (4..6, a.with(b)), (6..12, a)]
    );
}

#[test]
fn each_thing_is_found_and_nothing_else() {
    let cases: &[(&str, ShieldSet, &[&str])] = &[
        ("---\ntitle: 总结\n---\n正文: 一,二\n", ShieldSet::FRONT_MATTER, &["---\ntitle: 总结\n---"]),
        ("---\n上文\n---\n下文\n", ShieldSet::FRONT_MATTER, &[]),
        ("+++\ntitle = \"总结\"\n+++\n正文\n", ShieldSet::FRONT_MATTER, &["+++\ntitle = \"总结\"\n+++"]),
        ("前\n```rust\nlet 甲 = 1;\n```\n后", ShieldSet::CODE_BLOCK, &["```rust\nlet 甲 = 1;\n```"]),
        ("~~~~~~~~\n正文,正文\n~~~~~~~~\n", ShieldSet::CODE_BLOCK, &[]),
        ("前文\n\n    let 甲 = 1;\n    f(甲);\n\n后文", ShieldSet::CODE_BLOCK, &["    let 甲 = 1;\n    f(甲);"]),
        ("前文\n\n    这是缩进的一段正文。\n", ShieldSet::CODE_BLOCK, &[]),
        ("用 `a,b` 和 ``c`d`` 表示", ShieldSet::CODE_SPAN, &["`a,b`", "``c`d``"]),
        ("一个`没有配对", ShieldSet::CODE_SPAN, &[]),
        ("前<a href=\"x>y\">中</a>后，1 < 2", ShieldSet::MARKUP, &["<a href=\"x>y\">", "</a>"]),
        ("前<!-- 注\n释 -->后", ShieldSet::MARKUP, &["<!-- 注\n释 -->"]),
        ("见[说明,一](a(1).png \"标题,二\")。", ShieldSet::LINK, &["](a(1).png \"标题,二\")"]),
        ("设 $f(x,y)=x^2$，价格 $5 和 $6。", ShieldSet::MATH, &["$f(x,y)=x^2$"]),
        ("网址:http://a.cn/b,c?d=1:2，见", ShieldSet::ADDRESS, &["http://a.cn/b,c?d=1:2"]),
        ("http://a.cn/搜索?词=中国 后", ShieldSet::ADDRESS, &["http://a.cn/搜索?词=中国"]),
        ("请看http://a.cn/12.html。再看,", ShieldSet::ADDRESS, &["http://a.cn/12.html"]),
        ("上www.abc.com查,或 x@y.com.cn.", ShieldSet::ADDRESS, &["www.abc.com", "x@y.com.cn"]),
        ("在 C:\\我的文档\\a,b.txt 中", ShieldSet::PATH, &["C:\\我的文档\\a,b.txt"]),
        ("改 /etc/nginx/a,b 和 ../.. 与 ~/.x", ShieldSet::PATH, &["/etc/nginx/a,b", "../..", "~/.x"]),
        ("是/否,男/女，2003/5/1", ShieldSet::PATH, &[]),
        ("附件:报告(终稿).doc,请查收", ShieldSet::PATH, &["报告(终稿).doc"]),
        ("甲&nbsp;乙&#8220;丙 & 丁", ShieldSet::ENTITY, &["&nbsp;", "&#8220;"]),
        ("| 甲 | 乙 |\n正文", ShieldSet::TABLE, &["| 甲 | 乙 |"]),
        ("甲 | 乙\n---|---\n一 | 二\n正文", ShieldSet::TABLE, &["甲 | 乙\n---|---\n一 | 二"]),
        ("名称,数量,单价\n苹果,3,5\n梨,4,6\n", ShieldSet::TABLE, &["名称,数量,单价\n苹果,3,5\n梨,4,6"]),
        ("春眠不觉晓,处处闻啼鸟.\n夜来风雨声,花落知多少.\n", ShieldSet::TABLE, &[]),
        ("print(\"你好\", end=\",\")", ShieldSet::CODE_LINE, &["print(\"你好\", end=\",\")"]),
        ("int 数量 = 3; // 计数", ShieldSet::CODE_LINE, &["int 数量 = 3; // 计数"]),
        ("p { color: red; } /* 样式 */", ShieldSet::CODE_LINE, &["p { color: red; } /* 样式 */"]),
        ("tags: 计划,总结", ShieldSet::CODE_LINE, &["tags: 计划,总结"]),
        ("他说:函数 f(x) 很好,就这样.", ShieldSet::CODE_LINE, &[]),
    ];
    for (text, what, pieces) in cases {
        assert_eq!(guarded(text, *what), *pieces, "{text:?}");
    }
}
