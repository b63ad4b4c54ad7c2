//! Spaces inside Chinese and Japanese phrases.
//!
//! Invariant: a space goes only where the odds are that it parts one phrase and not two: by its letters, by where it
//! stands in its clause, and by how many others are strewn over the text; the same text without it would not ask for
//! more.

use super::gap::{self, Gap};
use crate::decode::model::bond;
use crate::edit::Edits;
use crate::script::{Script, is_blank, is_han, is_stop};
use crate::seam::Seams;
use crate::shield::ShieldSet;
use crate::view::View;

/// Log-odds from which on a space goes by itself: of the places between two clauses, one in fifty looks so.
const SURE: f64 = 2.0;
/// Log-odds from which on it goes in a text that spaces are strewn over, all that is known of the text considered. Of
/// 2,083 spaces strewn over clean documents four in five go then, of 351 that stand for a lost mark in the same
/// documents fewer than one in three.
const LIKELY: f64 = 1.0;

/// Spaces are strewn over a text where so many of them go by themselves, and so large a share: of spaces that stand
/// anywhere in phrases about half do.
const STREWN: usize = 2;
const SHARE: usize = 4;

/// Hanzi that no heading ends with.
const IN_SENTENCE: &str = "的在是和把会會都也就个個还還要从從对對向由到为為我你他她它着著";
/// What stands alone behind a name, in credits.
const CREDITS: &str = "摄攝图圖文著编編译譯绘繪";

/// The most common surnames, and the Hanzi on which titles and roles end: a space between the two is
/// how lists and credits write names.
const SURNAMES: &str = "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧韩韓冯馮曹彭曾肖萧蕭田董潘袁蔡蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧姚沈钟鍾姜崔谭譚陆陸范汪廖石金韦韋贾賈夏付方邹鄒熊白孟秦邱江尹薛闫阎侯雷龙龍史黎贺賀顾顧毛郝龚龔邵万萬覃武钱錢戴严嚴莫孔向常汤湯段";
const ROLES: &str = "记者任长长員员師师授理席士生记記总總书事官家人友帅导導";

/// Pushes the removal of spaces inside phrases.
pub fn edits(view: &View, out: &mut Edits) {
    if matches!(view.script(), Script::Hangul) || !view.inventory().has_any(&[' ', '\u{3000}']) {
        return;
    }
    let text = view.text();
    let mut gaps: Vec<Gap> = Vec::new();
    for line in view.spaced_lines().filter(|line| text[(*line).clone()].contains(is_stop)) {
        gap::find(text, line, &mut gaps);
    }
    gaps.retain(|gap| !view.shields().hit(&gap.at, ShieldSet::ALL) && !ends_mention(gap));
    if gaps.is_empty() {
        return;
    }
    let japanese = view.script() == Script::Kana;
    let mut seams = Seams::count(text, gaps.iter().map(|gap| gap.seam));
    let mut gone = 0;
    loop {
        let odds = odds(&gaps, &seams, japanese);
        let likely = gone + odds.iter().filter(|odds| **odds >= LIKELY).count();
        let all = gone + gaps.len();
        let strewn = gone >= STREWN && gone * SHARE >= all || likely > STREWN && likely * 2 >= all;
        let prior = prior(gone, &odds).min(if strewn { f64::INFINITY } else { 0.0 });
        let mut goes = odds.iter().map(|odds| *odds >= SURE || odds + prior >= LIKELY);
        let before = gaps.len();
        gaps.retain(|gap| {
            let goes = goes.next().unwrap_or(false);
            if goes {
                out.remove(gap.at.clone());
                seams.mend(&gap.seam);
            }
            !goes
        });
        if gaps.len() == before {
            break;
        }
        gone += before - gaps.len();
    }
}

/// True behind `@name` and `#topic`, which a space ends.
fn ends_mention(gap: &Gap) -> bool {
    gap.left.trim_end_matches(is_han).ends_with(['@', '＠', '#', '＃'])
}

/// The log-odds that any space of a text parts one phrase, where so many did and these are the odds of the others: the
/// share that explains them best, found by expectation and maximisation.
fn prior(gone: usize, odds: &[f64]) -> f64 {
    let all = (gone + odds.len()) as f64;
    let mut share = 0.5;
    for _ in 0..8 {
        let likely: f64 = odds.iter().map(|odds| 1.0 / (1.0 + (-odds - logit(share)).exp())).sum();
        share = (likely + gone as f64 + 0.25) / (all + 0.5);
    }
    logit(share)
}

fn logit(share: f64) -> f64 {
    (share / (1.0 - share)).ln()
}

/// The odds of each gap by its letters and its place, where either is as likely beforehand.
fn odds(gaps: &[Gap], seams: &Seams, japanese: bool) -> Vec<f64> {
    let beside = |at: usize| [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|other| gaps.get(other));
    let odds = |(at, gap): (usize, &Gap)| {
        let alone = beside(at).all(|other| other.clause != gap.clause);
        let near = is_entry(gap) && beside(at).any(|other| is_entry(other) && other.at.start.abs_diff(gap.at.start) < NEAR);
        seams.odds(&gap.seam) + place(gap, alone, near, japanese)
    };
    gaps.iter().enumerate().map(odds).collect()
}

/// Two spaces less than twenty Hanzi apart, in bytes.
const NEAR: usize = 60;

/// True where the clause may be an entry of a form or a list: `时间 上午九点`.
fn is_entry(gap: &Gap) -> bool {
    gap.left.chars().count() <= 4 && gap.right.chars().count() <= 6
}

/// What the place of a gap says: in its line, in its clause, beside names and numbers. Weights by hand, after how often
/// gaps that part phrases stand so and how often any place of a clause would.
fn place(gap: &Gap, alone: bool, near: bool, japanese: bool) -> f64 {
    let (left, right) = (gap.left.chars().count(), gap.right.chars().count());
    let (end, start) = (gap.seam.left, gap.seam.right);
    let short = left <= 3 && right <= 3;
    let couplet = left == right && left >= 4;
    // A heading that lost its line end.
    let heading = gap.first && !IN_SENTENCE.contains(end);
    let run = |text: &mut dyn Iterator<Item = char>| text.take_while(|c| is_han(*c)).count();
    let (before, after) = (run(&mut gap.left.chars().rev()), run(&mut gap.right.chars()));
    let words = japanese && before <= 3 && after <= 3 && bond(end, start) == 0;
    let date = matches!(end, '日' | '月' | '年') && gap.left.chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit());
    // Two spaces may stand for a Hanzi that was lost; one before the last Hanzi of a sentence hardly parts phrases.
    let single = left == 1 || right == 1;
    let rest = match (left, right) {
        _ if !alone || !gap.sentence => 0.0,
        (3.., 1) if !CREDITS.contains(start) => 2.0,
        (1, 3..) if !gap.first => 1.5,
        _ => 0.0,
    };
    let unlikely = [
        (!gap.sentence, 3.0),
        (!alone, 1.0),
        (near, 2.0),
        (heading, 1.5),
        (is_name(gap), 3.0),
        (ROLES.contains(end), 0.5),
        (couplet, 1.0),
        (short, 0.8),
        (words, 2.0),
        (date, 4.0),
        (is_wide(gap) && single, 5.0),
        (is_term(gap.right, after), 4.0),
    ];
    rest - unlikely.iter().filter(|(seen, _)| *seen).map(|(_, weight)| weight).sum::<f64>()
}

/// True where a few Hanzi behind a gap and a Latin word or number after a blank are one term: `和 字符串 slices`, `参见 节 9.6`.
fn is_term(right: &str, hanzi: usize) -> bool {
    let mut rest = right.chars().skip(hanzi);
    hanzi <= 4 && rest.next().is_some_and(is_blank) && rest.next().is_some_and(|c| c.is_ascii_alphanumeric())
}

fn is_wide(gap: &Gap) -> bool {
    gap.at.len() == 2
}

/// True where a name may begin behind the gap: alone in its clause, or after a role.
fn is_name(gap: &Gap) -> bool {
    let (end, start) = (gap.seam.left, gap.seam.right);
    SURNAMES.contains(start) && (gap.right.chars().count() <= 4 || ROLES.contains(end))
}
