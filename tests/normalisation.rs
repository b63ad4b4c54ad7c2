//! What the rules of characters, width, punctuation and spaces do to whole texts, and what they
//! leave alone.
//!
//! Invariant: every case is cleaned twice, and the second time changes nothing.

#![allow(clippy::disallowed_macros, reason = "all cases that fail are shown, not only the first")]

use descrape::chain::Chain;
use descrape::config::{RuleSet, Selection};

const KINDS: [&str; 6] = ["map", "unicode", "entities", "width", "punctuation", "spaces"];

/// The rules of the default chain that are of the kinds above.
fn chain() -> Chain {
    let set = RuleSet::builtin();
    let only = set.rules().filter(|rule| KINDS.contains(&rule.kind)).map(|rule| rule.id.to_string()).collect();
    set.select(&Selection { only, ..Selection::default() }).unwrap()
}

/// A chain of one rule with this body.
fn one(body: &str) -> Chain {
    RuleSet::parse("one", &format!("version: 1\nrules:\n  - id: one\n    {body}\n")).unwrap().chain()
}

fn clean(chain: &Chain, text: &str) -> String {
    chain.clean_text(text.to_owned()).unwrap().text.into_current()
}

fn check(chain: &Chain, cases: &[(&str, &str)]) {
    let wrong = cases.iter().filter(|(before, after)| {
        let once = clean(chain, before);
        let again = clean(chain, &once);
        if once != *after || again != once {
            eprintln!("   in {before:?}\nwants {after:?}\n once {once:?}\ntwice {again:?}\n");
        }
        once != *after || again != once
    });
    assert_eq!(wrong.count(), 0, "cases above");
}

#[test]
fn a_mark_that_is_gone_says_nothing() {
    let rules = "version: 1\nrules:\n  - id: advert\n    remove: { line: '清风.*' }\n  - id: ascii-mark\n    punctuation: [exclamations]\n";
    let chain = RuleSet::parse("two", rules).unwrap().chain();
    check(
        &chain,
        &[
            ("清风小说网的书看了吗？\n墙上的字?写得很好。\n", "墙上的字？写得很好。\n"),
            ("书看了吗？\n墙上的字?写得很好。\n", "书看了吗？\n墙上的字?写得很好。\n"),
        ],
    );
}

#[test]
fn what_is_wrong_is_mended() {
    check(
        &chain(),
        &[
            // Commas, beside all that a clause may end and begin with.
            ("本县有12个镇,其中山区镇3个。", "本县有12个镇，其中山区镇3个。"),
            ("春,夏,秋,冬", "春，夏，秋，冬"),
            ("比去年增长7.5%,高于全省平均水平", "比去年增长7.5%，高于全省平均水平"),
            ("《办法》,《细则》,“两个规定”,都已印发", "《办法》，《细则》，“两个规定”，都已印发"),
            ("我换了 Linux,果然快多了!", "我换了 Linux，果然快多了！"),
            ("税收增长8%,GDP增长6%", "税收增长8%，GDP增长6%"),
            ("第一, 要明确责任; 第二, 要加强督查.", "第一，要明确责任；第二，要加强督查。"),
            // Colons, but not those of times and addresses.
            ("开会时间:2019年7月1日下午14:30", "开会时间：2019年7月1日下午14:30"),
            ("下载地址:https://a.example/x,y?t=1:2", "下载地址：https://a.example/x,y?t=1:2"),
            ("老师问:\"谁来回答?\"", "老师问：\"谁来回答？\""),
            ("**提示:**先备份,再升级", "**提示：**先备份，再升级"),
            // Questions and exclamations.
            ("你吃了吗?走吧!", "你吃了吗？走吧！"),
            ("竟有这种事?!", "竟有这种事？！"),
            ("此致敬礼!\n", "此致敬礼！\n"),
            // Brackets, also inside one another and of two widths.
            ("乡镇(街道)负责(主管)人员", "乡镇（街道）负责（主管）人员"),
            ("甲方（以下简称(卖方))承担责任", "甲方（以下简称（卖方））承担责任"),
            ("《条例》(以下称“《条例》”)规定:各县要执行", "《条例》（以下称“《条例》”）规定：各县要执行"),
            ("总数( 2010年 )如下", "总数（2010年）如下"),
            // Ellipses, dashes, interpuncts, doubled marks.
            ("他想说…又没说。。。走了...", "他想说……又没说……走了……"),
            ("我们的目标--共同富裕--一定能实现", "我们的目标——共同富裕——一定能实现"),
            ("――录自旧报", "——录自旧报"),
            ("列夫•托尔斯泰和約翰‧彌爾頓", "列夫·托尔斯泰和約翰·彌爾頓"),
            ("其次，，还要、、注意", "其次，还要、注意"),
            // After links, numbers and signs; in short sentences.
            ("详见[指南](a.md),另见[附录](b.md);谢谢[他](c)!", "详见[指南](a.md)，另见[附录](b.md)；谢谢[他](c)！"),
            ("电话6123 4567(总机),房号302(朝南)", "电话6123 4567（总机），房号302（朝南）"),
            ("明天最低气温-3℃,降水概率30%.", "明天最低气温-3℃，降水概率30%。"),
            ("是我,老周.", "是我，老周。"),
            (
                "\"好,我来.\"他说,\"你别动,\"\n\"行,你来.\"我说,\"我等着,\"\n",
                "\"好，我来.\"他说，\"你别动，\"\n\"行，你来.\"我说，\"我等着，\"\n",
            ),
            ("[14:22:10] 服务器的错误ERROR消失了,真好!", "[14:22:10] 服务器的错误ERROR消失了，真好！"),
            ("快来吧!@小周", "快来吧！@小周"),
            (
                "提示\"failed to open file in path\",原因是没有权限.",
                "提示\"failed to open file in path\"，原因是没有权限。",
            ),
            ("编辑用:Vim,输入:管理员口令,执行: ls", "编辑用：Vim，输入：管理员口令，执行：ls"),
            ("[新闻(图片)稿](a.md)已发", "[新闻（图片）稿](a.md)已发"),
            // Width.
            ("ＡＢＣ公司于２００８年８月８日２０：００开业", "ABC公司于2008年8月8日20:00开业"),
            ("共１，２３４人，占９５．６％", "共1,234人，占95.6%"),
            ("增长了35％。", "增长了35%。"),
            ("成立于２０１0年，上午１０：30开，晚9：３０散，占３．5％", "成立于2010年，上午10:30开，晚9:30散，占3.5%"),
            ("网址ｗｗｗ.a．ｃｎ，注册资本１，200万元", "网址www.a.cn，注册资本1,200万元"),
            ("网址ｈｔｔｐ：／／ｗｗｗ．ａ．ｃｎ／ｂ", "网址http://www.a.cn/b"),
            ("ｼﾝﾌﾟﾙな｢ﾊﾞｯﾁ｣", "シンプルな「バッチ」"),
            ("老師︰請坐﹐同學們﹗", "老師：請坐，同學們！"),
            // Characters.
            ("⼈⺠群众", "人民群众"),
            ("群\u{200b}众\u{feff}路\u{2060}线 Rust\u{ad}ace\u{200b}an", "群众路线 Rustacean"),
            ("\u{202e}目录\u{202c}一\u{200e}", "目录一"),
            ("标\u{8}标题\u{8}题：_\u{8}a_\u{8}b", "标题：ab"),
            ("\u{1b}[32m通过\u{1b}[0m\u{7}", "通过"),
            ("上页末\n\u{c}\n下页首\u{2028}次行", "上页末\n下页首\n次行"),
            ("各位\u{a0}代表", "各位 代表"),
            // Entities.
            ("&ldquo;三农&rdquo;&mdash;&mdash;&#22522;&#x7840;&nbsp;工作", "“三农”——基础 工作"),
            ("&amp;nbsp;和&amp;ldquo;", "\u{20}和“"),
            // Spaces.
            ("落实“ 三个一 ”制度 ， 各地： 一是 ， 二是 。", "落实“三个一”制度，各地：一是，二是。"),
            ("政 府 工 作 报 告", "政府工作报告"),
            ("本 文 认 为 ， 这 是 对 的 。", "本文认为，这是对的。"),
            ("我 们的工作取得了成绩，他 们也是。", "我们的工作取得了成绩，他们也是。"),
            ("见第3⻚和附⻚，\u{81}共两\u{90}⻚。", "见第3页和附页，共两页。"),
        ],
    );
}

#[test]
fn what_is_right_stays() {
    let kept = [
        "总产值1,200万元，同比下降3.5%，时间10:30，比分3：1，第3～5页，气温-3~5℃",
        "8月1-9月15日，2019-2019两年，18—24岁，12.1‰，20xx年，c罗，互联网+，电话021-5555-6666",
        "1.加强领导\n2.落实责任\n3)其他\n(1)概述",
        "《C++ Primer: 5th Edition, Chinese》是本好书。",
        "She said, \"你好!\" and left; nobody knew why.",
        "在编辑器里输入:wq保存，输入:q!放弃；执行:set number显示行号。",
        "[旧版(初稿)](files/旧版(初稿).md)和![封面(彩色)](封面(彩色).png)",
        "http://a.example/查?词=天气:北京，https://b.example/?q=书名:作者",
        "H2(氢气)、f2(参数)、3(甲+乙)、main(参数)",
        "if 年龄 >= 18:  # 成年人,可以投票\n    总数 = 1\n",
        "def 问好(名: str) -> None:\n    \"\"\"打招呼:可重复\"\"\"\n",
        "甲.\n王五.\n约80%.5\n",
        "ISBN 978-7-02-000220-7，ISSN 1000-0000。\nVue、React、Angular。\n",
        "编号,名称,说明\n1,甲,\"好,很好。\"\n2,乙,一般\n",
        "2021-03-05 14:22:10,123 ERROR 连接失败:超时,重试3次\n[INFO] 用户登录:编号5,来自 10.0.0.1\n",
        "// 初始化:读取配置\n/* 作者:张三, 日期:2020-01-01 */\n",
        "序列1,2,…,n的和；图1：20世纪；共10，3人。",
        "https://a.example/讨论:首页 和 https://a.example/分类:数学#概述 两页",
        "She said \"我 like 北京, 你呢?\" to him.",
        "数组 [1,2,3]、函数 f(x,y) 和 max(甲,乙)，n!",
        "let 名称 = \"甲,乙\";",
        ".类名 { color: red; } /* 样式,说明 */",
        "---\ntitle: 报告\ntags: [甲, 乙]\n---\n正文。\n",
        "```text\n甲,乙:丙\n```\n",
        "姓名,年龄,城市\n张三,30,北京\n李四,41,上海\n",
        "#周末去哪儿# 今天去了@上海博物馆 的新展，人真多。",
        "\u{3000}\u{3000}他们沿着江边一直走到天黑，才找到一家还亮着灯的小店，坐下来吃了碗面。",
        "地区,负责人,电话\n城东,王芳,内线\n城西,李建国,外线\n开发区,赵敏,内线\n",
        "| 名称,别名 | 数量: |\n|---|---|\n| 甲 | 1 |\n",
        "公式 $f(x,y)=x^2$，其中 $x,y>0$。",
        "请看 https://a.example/搜索?词=中国,上海&页=2 和 `甲,乙`。",
        "C:\\资料\\甲,乙(终稿).doc、/srv/数据/甲,乙.txt、a.b@c.example",
        "<!-- 注释,说明 -->",
        "第一章 总则……………………3\n第二章 职责........12\n…………\n",
        "县长 王小明、张三 李四，甲 乙 丙 丁，日 一 二 三 四 五 六",
        "使用 iPhone 手机和 Windows 10 系统。",
        "㈠总则㈡职责，①一②二，㎡、½、Ⅳ、ﬁ，〔2003〕5号，［注］，【通知】",
        "研究了函数的性质．结果表明方法有效．",
        "如图2：30名学生，见附表1：各县统计。",
        "他说“今天不去，然后走了。",
        "数据\u{fffd}缺失，\u{e001}字符，口□缺",
        "👨\u{200d}👩\u{200d}👧、❤\u{fe0f}、می\u{200c}شود、שלום\u{200f}",
        "彼は、Yahoo!で検索した。「はい、そうです」１２月だ。ジャン・ジャック",
        "안녕하세요, 여러분. 서울(首爾)입니다!",
        "Привет, мир! (тест) -- да; нет: 10:30",
        "a—b, c--d, e...f, wait... what?",
        "他走了……她也走了——真的！！！",
        "　　段首缩进的一段话。\n　　另一段也这样缩进。\n",
        "床前明月光，疑是地上霜。\n    举头望明月，低头思故乡。\n",
        "写作 &lt;br&gt; 和 &amp;lt;，AT&T，`&nbsp;`",
        "京剧《霸王别姬》 《贵妃醉酒》，“甲” “乙”",
        "# 更新\n\n- 修复 bug (#12), 感谢 @user\n- 支持 a,b 两种模式\n",
    ];
    let cases: Vec<_> = kept.iter().map(|text| (*text, *text)).collect();
    check(&chain(), &cases);
}

#[test]
fn options_do_what_they_say() {
    for (body, cases) in [
        ("width: [operators]", [("2＋3＝5", "2+3=5"), ("甲＋乙", "甲＋乙")]),
        ("width: [times]", [("下午3：05散会", "下午3:05散会"), ("比分3：2，图1：20世纪", "比分3：2，图1：20世纪")]),
        ("width: [vertical_forms]", [("︵二︶總綱", "（二）總綱"), ("（二）", "（二）")]),
        ("unicode: [gb18030_private_use]", [("\u{e81e}字", "\u{9fb4}字"), ("\u{e123}字", "\u{e123}字")]),
        ("punctuation: [ordinals]", [("三.组织实施", "三、组织实施"), ("3.组织实施", "3.组织实施")]),
        ("punctuation: [inner_stops]", [("他走了.你呢？", "他走了。你呢？"), ("一.总则", "一.总则")]),
        ("punctuation: [name_dots]", [("弗拉.基米尔", "弗拉·基米尔"), ("一.总则", "一.总则")]),
        ("punctuation: [doubled_stops]", [("散会。。", "散会。"), ("散会。。。", "散会。。。")]),
        ("punctuation: [latin_brackets]", [("联合国(UN)", "联合国（UN）"), ("f(x) 图", "f(x) 图")]),
        ("punctuation: [latin_stops]", [("He left。“Why”？", "He left.“Why”?"), ("他 left。", "他 left。")]),
        ("punctuation: [straight]", [("他说\"走\"了", "他说“走”了"), ("\"名\",\"量\"", "\"名\",\"量\"")]),
        ("punctuation: [turned]", [("他说”走”吧", "他说“走”吧"), ("他说“走”吧”", "他说“走”吧”")]),
        ("spaces: [names]", [("王　五、赵　六、钱小七", "王五、赵六、钱小七"), ("第一章　总则", "第一章　总则")]),
        ("spaces: [han_latin_add]", [("用Rust写3遍", "用 Rust 写 3 遍"), ("用 Rust 写", "用 Rust 写")]),
        ("spaces: [han_latin_remove]", [("用 Rust 写 3 遍", "用Rust写3遍"), ("a b 甲 乙", "a b甲 乙")]),
    ] {
        check(&one(body), &cases);
    }
}

#[test]
fn what_is_only_noticed_is_noted() {
    let outcome = chain().clean_text("他说“好，\n丢\u{fffd}\u{fffd}了\u{e000}。\n".to_owned()).unwrap();
    let noted: Vec<_> = outcome.reports.iter().map(|note| (&*note.rule, note.place.line, &*note.text)).collect();
    assert!(outcome.changes.is_empty());
    assert_eq!(
        noted,
        [("lost-character", 2, "\u{fffd}\u{fffd}"), ("lost-character", 2, "\u{e000}"), ("unpaired-quote", 1, "“")]
    );
}
