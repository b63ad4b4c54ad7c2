//! The promises of the default chain, on documents put together at random from prose and dirt.

use std::sync::LazyLock;

use descrape::Cleaner;
use descrape::config::RuleSet;
use proptest::prelude::*;

static CLEANER: LazyLock<Cleaner> = LazyLock::new(|| Cleaner::new(RuleSet::builtin().chain()));

/// Pieces of lines: prose in several languages, and every kind of dirt the chain knows.
const PIECES: &[&str] = &[
    "村口的老槐树空了一半，孩子们把书包塞进去，跑到河边捉小鱼，天黑了才想起来回家。",
    "那一年修路，测量的人在树上画了一道红线，说路要从这里过。",
    "老支书说：“路可以弯一弯，树不能倒。”",
    "一、认识要提高再提高 在肯定成绩的同时，也要看到不足。",
    "第十二章 风雪夜归人",
    "县委书记 郑斌",
    "同志们：",
    "1、身份证和单位介绍信；",
    "会议由ＸＸ同志主持,出席人数１２８人;请假3人!",
    "比分是3:2，性别比为100：130，占90.94%",
    "函数 `max(a, b)` 返回较大的数,详见 https://example.com/a,b?c=d 。",
    "| 村名 | 水稻, 玉米 |",
    "```",
    "    int x = 3;",
    "---",
    "- 5 -",
    "第 3 页 共 10 页",
    "共3页，当前第2页123",
    "上一页 1 2 3 下一页",
    "责任编辑：王小明",
    "分享到：微信 微博",
    "版权所有 未经授权禁止转载",
    "（www.example-novel.com 无弹窗广告）",
    "天才一秒记住本站地址：www.example.com",
    "本资料权属文秘资源网放上鼠标按照提示查看文秘资源网",
    "下面是小编为大家带来的计划书优秀范文，希望大家可以喜欢。",
    "&nbsp;&ldquo;好&rdquo;&amp;lt;",
    "<br>",
    "</p>",
    "人\u{200b}口\u{ad}普\u{feff}查",
    "\u{1b}[1m重要\u{1b}[0m",
    "N\u{8}NA\u{8}A",
    "ｶﾞｷﾞ｡",
    "これは日本語の文章です。１２３",
    "아침 일찍 일어나 강가를 걸었다.",
    "The ferry left when the ferryman had fin-",
    "ished his tea, and came back for his supper.",
    "中 国 人 民 银 行",
    "“ 好 ” ，（一)，，。。。",
    "他说...",
    "--",
    "……",
];

fn documents() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES).prop_map(str::to_owned);
    let part = prop_oneof![12 => piece, 1 => "[ \u{3000}\t,.:;!?()a1《》“”，。]{1,4}"];
    let join = prop::sample::select(&["\n", "\n", "\n\n", "\n\n\n", "", " ", "  ", "\u{3000}"][..]);
    prop::collection::vec((part, join), 0..14)
        .prop_map(|parts| parts.into_iter().map(|(part, join)| part + join).collect())
}

fn clean(text: &str) -> String {
    CLEANER.clean(text.as_bytes(), Some(descrape::decode::Encoding::Utf8)).unwrap().outcome.text.into_current()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cleaning_a_clean_text_changes_nothing(text in documents()) {
        let once = clean(&text);
        prop_assert_eq!(clean(&once), once);
    }
}

#[test]
fn a_head_or_tail_that_goes_on_is_the_text_itself() {
    let rules = RuleSet::parse(
        "rules.yaml",
        "version: 1\nrules:\n  - id: tail-line\n    where: { part: tail, lines: 3 }\n    remove: { line: '第.*条' }\n",
    );
    let chain = rules.unwrap().chain();
    let clean = |text: &str| chain.clean_text(text.to_owned()).unwrap();
    let few = "守则\n正文。\n第一条\n第二条\n";
    assert_eq!(clean(few).text.current(), "守则\n正文。\n");
    let many: String = std::iter::once("守则\n".to_owned()).chain((1..120).map(|n| format!("第{n}条\n"))).collect();
    let outcome = clean(&many);
    assert_eq!(outcome.text.current(), many);
    assert!(outcome.reports[0].why.starts_with("left alone"), "{:?}", outcome.reports);
}
