//! Spaces inside Chinese and Japanese words.
//!
//! Invariant: a space goes only where the text or the language says that what it parts belongs
//! together, or where it is one of many that are strewn over the text and nothing speaks for it; the
//! same text without it would not ask for more.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;
use memchr::memmem;

use super::gap::{self, Gap};
use crate::decode::model::{NAT, bond};
use crate::edit::Edits;
use crate::script::{Script, is_han, is_stop};
use crate::shield::ShieldSet;
use crate::view::View;

/// Hanzi that never end a phrase, and Hanzi that never begin one: of the first, fewer than one in
/// fifty of the ends of clauses that their frequency would let expect, and so for the beginnings
/// (measured on 0.8 million characters of law, fiction, speeches and handbooks).
const NEVER_LAST: &str = "於于但或各這这每讓且该該最不其第以被与與";
const NEVER_FIRST: &str = "的了们們者么樣样級级型些";

/// Two Hanzi with this bond are written together: of 1,589 spaces that part words in clean and in
/// scraped texts one stands between such a pair, of those strewn at random two in five.
const BOUND: u32 = NAT;

/// Spaces are strewn over a text where so many of them stand inside words or before the last Hanzi of
/// a clause, at least one of them inside a word, and where so large a share does.
const STREWN: usize = 2;
const SHARE: usize = 4;

/// Hanzi that no heading ends with.
const IN_SENTENCE: &str = "的在是和把会會都也就个個还還要从從对對向由到为為我你他她它着著";
/// What stands alone behind a name, in credits.
const CREDITS: &str = "摄攝图圖文著编編译譯绘繪";

/// The most common surnames, and the Hanzi on which titles and roles end: a space between the two is
/// how lists and credits write names.
const SURNAMES: &str = "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧韩韓冯馮曹彭曾肖萧蕭田董潘袁蔡蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧姚沈钟鍾姜崔谭譚陆陸范汪廖石金韦韋贾賈夏付方邹鄒熊白孟秦邱江尹薛闫阎侯雷龙龍史黎贺賀顾顧毛郝龚龔邵万萬覃武钱錢戴严嚴莫孔向常汤湯段";
const ROLES: &str = "记者任长長员員师師授理席士生记記总總书事官家人友帅导導";

/// Pushes the removal of spaces inside words.
pub fn edits(view: &View, out: &mut Edits) {
    if matches!(view.script(), Script::Hangul) || !view.inventory().has_any(&[' ', '\u{3000}']) {
        return;
    }
    let text = view.text();
    let mut gaps: Vec<Gap> = Vec::new();
    for line in view.spaced_lines().filter(|line| text[(*line).clone()].contains(is_stop)) {
        gap::find(text, line, &mut gaps);
    }
    gaps.retain(|gap| !view.shields().hit(&gap.at, ShieldSet::ALL));
    if gaps.is_empty() {
        return;
    }
    let all = gaps.len();
    let mut counts = count(text, &gaps);
    loop {
        let before = gaps.len();
        gaps.retain(|gap| {
            let inside = is_inside(gap, &counts);
            if inside {
                out.remove(gap.at.clone());
                // Without the space the word stands once more in the text.
                [&gap.pair, &gap.triples[0], &gap.triples[1]].into_iter().for_each(|word| {
                    counts.entry(word.clone()).and_modify(|count| *count += 1);
                });
            }
            !inside
        });
        if gaps.len() == before {
            break;
        }
    }
    let inside = all - gaps.len();
    let cut_off = gaps.iter().filter(|gap| is_cut_off(gap)).count();
    if inside > 0 && inside + cut_off >= STREWN && (inside + cut_off) * SHARE >= all {
        let japanese = view.script() == Script::Kana;
        gaps.iter().filter(|gap| !parts(gap, japanese)).for_each(|gap| out.remove(gap.at.clone()));
    }
}

/// True where a gap parts a sentence from its last Hanzi, or a word in what may be a heading.
fn is_cut_off(gap: &Gap) -> bool {
    let last = gap.right.chars().count() == 1 && !gap.right.starts_with(|c| CREDITS.contains(c));
    let end = last && !is_wide(gap) && gap.left.chars().count() >= 3;
    gap.alone && gap.sentence && (end || gap.first && is_bound(gap))
}

/// Two spaces may stand for a Hanzi that was lost.
fn is_wide(gap: &Gap) -> bool {
    gap.at.len() == 2
}

/// True where a Hanzi beside the gap cannot stand at the edge of a phrase, where the text has the two
/// elsewhere without a space: twice, and once with the same Hanzi before or after; or where the
/// language has them as one word.
fn is_inside(gap: &Gap, counts: &HashMap<String, usize>) -> bool {
    let (left, right) = ends(gap);
    let seen = |word: &String| counts.get(word).copied().unwrap_or(0);
    (gap.alone && (NEVER_LAST.contains(left) || NEVER_FIRST.contains(right)))
        || seen(&gap.pair) >= 2 && gap.triples.iter().any(|triple| seen(triple) >= 1)
        || is_bound(gap) && !gap.first
}

/// True where the language writes the two Hanzi beside a gap together, and no name begins behind it.
fn is_bound(gap: &Gap) -> bool {
    let (left, right) = ends(gap);
    bond(left, right) >= BOUND && !is_name(gap)
}

/// The two Hanzi beside a gap.
fn ends(gap: &Gap) -> (char, char) {
    let mut pair = gap.pair.chars();
    (pair.next().unwrap_or_default(), pair.next().unwrap_or_default())
}

/// True where a space may part two phrases: what is no sentence, a heading at the start of a line,
/// names, a date, the halves of a couplet.
fn parts(gap: &Gap, japanese: bool) -> bool {
    let (left, right) = (gap.left.chars().count(), gap.right.chars().count());
    let run = |text: &mut dyn Iterator<Item = char>| text.take_while(|c| is_han(*c)).count();
    let (before, after) = (run(&mut gap.left.chars().rev()), run(&mut gap.right.chars()));
    let (end, start) = ends(gap);
    !gap.sentence
        || !gap.alone
        || gap.first && bond(end, start) == 0 && !IN_SENTENCE.contains(end)
        || is_wide(gap) && (left == 1 || right == 1)
        || is_name(gap)
        || left == right && left >= 4
        || left <= 3 && right <= 3
        || japanese && before <= 3 && after <= 3 && bond(end, start) == 0
        || matches!(end, '日' | '月' | '年') && gap.left.chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit())
}

/// True where a name may begin behind the gap: alone in its clause, or after a role.
fn is_name(gap: &Gap) -> bool {
    let (end, start) = ends(gap);
    SURNAMES.contains(start) && (gap.right.chars().count() <= 4 || ROLES.contains(end))
}

/// How often the words of the gaps stand in the text without a space.
fn count(text: &str, gaps: &[Gap]) -> HashMap<String, usize> {
    let mut words: Vec<&String> = gaps.iter().flat_map(|gap| [&gap.pair, &gap.triples[0], &gap.triples[1]]).collect();
    words.retain(|word| !word.is_empty());
    words.sort_unstable();
    words.dedup();
    let mut counts = vec![0; words.len()];
    // A search for one word is some twenty times as fast as the automaton for all of them.
    match (words.len() > 20).then(|| AhoCorasick::new(&words)) {
        Some(Ok(find)) => {
            find.find_overlapping_iter(text).for_each(|found| counts[found.pattern().as_usize()] += 1);
        }
        _ => (words.iter().zip(&mut counts)).for_each(|(word, count)| {
            *count = memmem::find_iter(text.as_bytes(), word.as_bytes()).count();
        }),
    }
    words.into_iter().cloned().zip(counts).collect()
}
