//! The structure of a document: what was cut comes together, what is apart stays apart.

use std::sync::LazyLock;

use descrape::chain::Chain;
use descrape::config::{RuleSet, Selection};

const RULES: &[&str] = &[
    "running-head",
    "teaser",
    "repeated-paragraph",
    "hyphenated-line-end",
    "hard-wrap",
    "stray-line-end",
    "page-break-in-sentence",
    "glued-heading",
    "extra-blank-lines",
];

static CHAIN: LazyLock<Chain> = LazyLock::new(|| {
    let only = RULES.iter().map(|id| id.to_string()).collect();
    RuleSet::builtin().select(&Selection { only, ..Selection::default() }).unwrap()
});

fn clean(text: &str) -> String {
    let once = CHAIN.clean_text(text.to_owned()).unwrap().text.into_current();
    let twice = CHAIN.clean_text(once.clone()).unwrap().text.into_current();
    assert_eq!(once, twice, "a second run changes nothing");
    once
}

const CHINESE: &[&str] = &[
    "清晨的雾还没有散尽，摆渡的老人已经把船撑到了河心。",
    "他每天要在这条河上来回三十多趟，送走赶集的农人，又接回放学的孩子。",
    "船是父亲留下来的，船底补过许多次，桐油的气味混着水草的腥味，一到夏天就格外浓。",
    "“你要是不急，就等雨停了再过河吧。”他对岸边的年轻人说。",
    "年轻人摇摇头，说县里的班车十点钟开，错过了就要等到明天，而明天的考试是改不了日子的。",
    "老人不再劝，把蓑衣递给他，自己戴上一顶旧斗笠，竹篙一点，船便离了岸。",
    "雨点打在水面上，溅起密密的小水花，远处的山只剩下淡淡的一道影子。",
    "走到河心的时候，年轻人忽然问起二十年前那场大水，问起那年夏天被冲走的石桥。",
    "老人沉默了一会儿，才慢慢地说，桥是在半夜里垮的，第二天早上大家才知道河上只剩下这一条船。",
    "从那以后村里议过很多次修桥的事，图纸画了三回，钱也凑过两回，最后都不了了之。",
];

const ENGLISH: &[&str] = &[
    "The ferry left the island at nine with forty people, two dogs and a load of timber on its deck.",
    "Nobody had told the captain about the storm, and he would not have believed them if they had.",
    "He had crossed the strait every day for thirty years, in fog and in sunshine, and knew each rock by name.",
    "By noon the wind had turned to the north and the gulls were flying inland in long white lines.",
    "An old woman on the upper deck took out her knitting and asked whether there would be coffee.",
    "The boy who carried the cups laughed, because the stove had gone out with the first big wave.",
    "Still they went on, slowly, with the engine coughing and the timber sliding from side to side.",
    "It was almost dark before the lights of the harbour came out of the rain, one after another.",
];

/// Paragraphs of three to five sentences, no two of them alike.
fn paragraphs(sentences: &[&str], count: usize, glue: &str) -> Vec<String> {
    let paragraph = |at: usize| {
        let len = 3 + at % 3;
        (0..len).map(|next| sentences[(at * 3 + next * (1 + at % 2)) % sentences.len()]).collect::<Vec<_>>().join(glue)
    };
    (0..count).map(paragraph).collect()
}

/// Cuts a paragraph into lines as a typesetter does.
fn wrap(paragraph: &str, width: usize, spaced: bool) -> Vec<String> {
    let mut lines = vec![String::new()];
    if spaced {
        for word in paragraph.split(' ') {
            let line = lines.last_mut().unwrap();
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(word.to_owned());
            } else {
                let blank = if line.is_empty() { "" } else { " " };
                line.push_str(blank);
                line.push_str(word);
            }
        }
        return lines;
    }
    let chars: Vec<char> = paragraph.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let line = lines.last_mut().unwrap();
        line.push(*c);
        let next = chars.get(at + 1);
        let may_end = !"“（《".contains(*c) && next.is_some_and(|next| !"，。、；：！？”》）".contains(*next));
        if line.chars().count() >= width && may_end {
            lines.push(String::new());
        }
    }
    lines
}

#[test]
fn paragraphs_wrapped_at_any_width_come_together() {
    for (sentences, glue, widths) in [(CHINESE, "", [22, 28, 35, 42]), (ENGLISH, " ", [58, 64, 72, 80])] {
        let paragraphs = paragraphs(sentences, 12, glue);
        let truth = paragraphs.join("\n\n") + "\n";
        for width in widths {
            let wrapped: Vec<String> = paragraphs.iter().map(|p| wrap(p, width, glue == " ").join("\n")).collect();
            assert_eq!(clean(&(wrapped.join("\n\n") + "\n")), truth, "width {width}");
        }
    }
}

#[test]
fn page_heads_go_and_the_sentence_comes_together() {
    let heads: &[fn(usize) -> String] = &[
        |page| format!("- {page} -"),
        |page| page.to_string(),
        |page| format!("· {page} ·\n渡口"),
        |page| format!("第 {page} 页 共 9 页\n渡口"),
        |page| format!("渡口\n{page} / 9"),
    ];
    let paragraphs = paragraphs(CHINESE, 40, "");
    let truth = format!("渡口\n\n{}\n", paragraphs.join("\n\n"));
    for head in heads {
        let (mut text, mut lines, mut page) = ("渡口\n\n".to_owned(), 0, 0);
        for paragraph in &paragraphs {
            let wrapped = wrap(paragraph, 30, false);
            for (at, line) in wrapped.iter().enumerate() {
                lines += 1;
                text.push_str(line);
                let open = at + 1 < wrapped.len();
                // A page that ends with a sentence could end a paragraph.
                if lines >= 20 && open && !line.ends_with(['。', '”']) {
                    (lines, page) = (0, page + 1);
                    text.push_str(&format!("\n\n{}\n\n", head(page)));
                } else {
                    text.push_str(if open { "\n" } else { "\n\n" });
                }
            }
        }
        assert!(page > 3);
        assert_eq!(clean(&text), truth, "{}", head(1));
    }
}

#[test]
fn a_sentence_cut_by_a_blank_line_comes_together() {
    let paragraphs = paragraphs(CHINESE, 12, "");
    let truth = paragraphs.join("\n\n") + "\n";
    for cut in ["，问起那年", "图纸画了三回，", "一到夏天就格外", "“你要是不急，就等雨停了再"]
    {
        let at = truth.find(cut).unwrap() + cut.len();
        let dirty = format!("{}\n\n{}", &truth[..at], &truth[at..]);
        assert_eq!(clean(&dirty), truth, "{cut}");
    }
    let paragraphs = self::paragraphs(ENGLISH, 12, " ");
    let truth = paragraphs.join("\n\n") + "\n";
    for cut in ["and the gulls were", "who carried the", "one after"] {
        let at = truth.find(cut).unwrap() + cut.len();
        let dirty = format!("{}\n\n{}", &truth[..at], truth[at..].trim_start());
        assert_eq!(clean(&dirty), truth, "{cut}");
    }
}

#[test]
fn what_has_short_lines_of_its_own_stays() {
    for text in [
        // Verse, regular and free, with stops and without.
        "白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。\n\n千山鸟飞绝，万径人踪灭。\n孤舟蓑笠翁，独钓寒江雪。\n",
        "我把船交给风\n把名字交给水\n剩下的路\n就让月亮去走吧\n谁也不必等我\n",
        "O river that I never learned to name,\n\nO harbour where the patient lanterns burn,\n\nI come to you as once my father came,\n\nWith nothing in my hands for you to learn,\n\nAnd nothing on my lips but your return.\n",
        // Dialogue.
        "“你来了。”\n“来了。”\n“路上好走吗？”\n“不好走，桥断了，”\n“那你怎么过来的？”\n",
        // Lists, numbered in several ways.
        "一、总则\n二、组织机构\n三、经费来源\n四、附则\n",
        "1、认真学习；\n2、深入调查；\n3、写好报告。\n",
        "- 准备船只\n- 检查缆绳\n- 通知乘客\n",
        "（一）基本原则\n\n（二）主要任务，\n\n（三）保障措施\n",
        // A letter and its head.
        "尊敬的王老师：\n\n您好！来信收到。\n\n此致\n敬礼\n\n学生 李明\n2025年3月24日\n",
        "Anna Berg\n12 Harbour Street\nPort Ellen\n\nDear Mr. Holm,\n\nThank you for your letter of the third.\n\nYours truly,\n\nAnna Berg\n",
        // Titles in two lines, a name, a date.
        "在全县渡口安全工作会议\n河东分会场上的讲话\n县长 张一帆\n（2025年3月24日）\n同志们：\n今天的会议很重要，大家要认真领会。\n",
        // Tables and tables of contents.
        "| 渡口 | 船只 |\n| --- | --- |\n| 河东 | 三 |\n",
        "第一章 渡口……………1\n第二章 石桥……………15\n第三章 大水……………32\n",
        "Chapter 1. The Ferry ........ 1\nChapter 2. The Storm ........ 15\n",
        // Code.
        "```rust\nfn main() {\n    let long_enough_to_be_a_line = 1;\n    let another_line_of_about_it = 2;\n}\n```\n",
        "    for (i = 0; i < n; i++) {\n        total += cost[i];\n    }\n",
        // A paragraph that begins with a comma below a heading.
        "### 一、要进一步提高认识\n\n，全县上下以稳定为核心，各项工作都有了进展。\n",
        // Captions and headings before prose.
        "表 2　各县人口\n\n从表中可以看出，河东县的人口增长得最快，其次是河西县。\n",
        "第三回　渡口夜话\n\n话说老人把船靠了岸，天已经黑透了，岸上一个人也没有。\n",
        // Markdown that its author wrapped.
        "# Ferry\n\nThe `ferry` tool takes the people and their `load` from one\nside to the other. It needs `water` on both sides, or else it\nwill fail with an error that says what is missing from the map\nand where one could find more of it.\n\n- `load`: what is carried, in the order in which it was put on\n  the deck.\n\n```sh\nferry --load timber\n```\n\nSee [the map](map.md) for the rocks that every captain should\nknow by name before he leaves the harbour in a storm.\n",
    ] {
        assert_eq!(clean(text), text);
    }
}

#[test]
fn a_page_of_numbers_is_no_paging() {
    let rows: String = (1..60).map(|row| format!("{row}\n")).collect();
    assert_eq!(clean(&rows), rows);
    let chapters: String =
        paragraphs(CHINESE, 12, "").iter().enumerate().map(|(at, p)| format!("{at}\n\n{p}\n\n")).collect();
    assert_eq!(clean(&chapters), chapters.trim_end().to_owned() + "\n");
}

#[test]
fn hostile_texts_take_linear_time() {
    const LINES: usize = 20_000;
    let cut = "这句话很长，后面还有话要说但是\n\n";
    for text in [
        "\n".repeat(LINES),
        "3\n".repeat(LINES),
        (0..LINES).map(|page| format!("Page {page}\n\n")).collect(),
        cut.repeat(LINES / 2),
        cut.trim_end().repeat(LINES),
        "一、认识要提高 在肯定成绩的同时，也要看到我们的工作还有许多不足。\n".repeat(LINES / 2),
        "“（《".repeat(LINES),
        "in-\n".repeat(LINES),
        format!("{}……\n", "话说到这里，".repeat(8)).repeat(LINES / 8),
    ] {
        CHAIN.clean_text(text).unwrap();
    }
}
