//! Words that signs part letter by letter, so that no program finds them: `更*新`, `关~注~公~众~号`.
//!
//! Invariant: a stretch that is found has three gaps or more, all of signs and none of blanks, and words of the pattern that
//! a gap goes through; a word that stands whole between two signs, as in a list, is none.

use std::ops::Range;

use super::spans::Spans;
use crate::edit::Edits;
use crate::fold::{fold, is_strange, may_part};
use crate::rules::{Kind, Pattern};
use crate::script::is_han;
use crate::shield::ShieldSet;
use crate::view::View;

/// Fewer signs than these between letters are no pains taken.
const FEWEST_GAPS: usize = 3;

/// The most signs in a gap.
const WIDEST_GAP: usize = 2;

/// The most letters between two gaps: more are a clause of a sentence.
const LONGEST_UNIT: usize = 6;

/// As many letters lie in words that gaps go through; where the gaps are of signs that stand in lists too and do not part
/// every letter, twice as many.
const FEWEST_PARTED: usize = 2;

#[derive(Debug)]
pub(super) struct Spread {
    pub(super) words: Pattern,
}

impl Kind for Spread {
    fn edits(&self, view: &View, out: &mut Edits) {
        let text = view.text();
        let mut spans = Spans::new(text);
        let many = view.lines_that_spread(FEWEST_GAPS as u32);
        for line in many.filter(|line| are_near(&text[(*line).clone()])) {
            for at in spread(&text[line.clone()], &self.words) {
                spans.push_wide(line.start + at.start..line.start + at.end);
            }
        }
        spans.finish(out);
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }
}

/// A letter of a stretch.
#[derive(Debug, Clone, Copy)]
struct Letter {
    at: usize,
    len: usize,
    /// Whether a gap lies before it.
    parted: bool,
}

/// The stretches of a line in which words of the pattern are spread, as byte ranges, in order.
pub(super) fn spread(line: &str, words: &Pattern) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((letters, end)) = stretch(line, from) {
        found.extend(judge(line, &letters, words));
        from = end;
    }
    found
}

/// Bytes from one such sign to the next, at most: units of ASCII letters may lie between.
const FARTHEST: usize = 64;

/// True where as many signs as a stretch has stand near each other: most lines that have them are of ASCII words.
fn are_near(line: &str) -> bool {
    let bytes = line.as_bytes();
    let behind_letter = |at: usize| at > 0 && !bytes[at - 1].is_ascii();
    let is_sign = |(at, c): &(usize, char)| if c.is_ascii_punctuation() { behind_letter(*at) } else { may_part(*c) };
    let signs: Vec<usize> = line.char_indices().filter(is_sign).map(|(at, _)| at).collect();
    signs.windows(FEWEST_GAPS).any(|signs| signs.windows(2).all(|two| two[1] - two[0] <= FARTHEST))
}

/// The next stretch of letters that gaps part, with as many letters before its first gap and behind its last one as a unit may
/// have, and where to look on.
fn stretch(line: &str, from: usize) -> Option<(Vec<Letter>, usize)> {
    let mut letters: Vec<Letter> = Vec::new();
    let (mut gaps, mut unit, mut signs) = (0, 0, 0);
    for (at, c) in line[from..].char_indices().map(|(at, c)| (from + at, c)) {
        if is_letter(c) {
            let parted = signs > 0 && unit > 0;
            if parted {
                gaps += 1;
                unit = 0;
            }
            signs = 0;
            unit += 1;
            letters.push(Letter { at, len: c.len_utf8(), parted });
            if unit > LONGEST_UNIT {
                if gaps >= FEWEST_GAPS {
                    return Some((letters, at));
                }
                letters.drain(..letters.len() - LONGEST_UNIT);
                letters[0].parted = false;
                (gaps, unit) = (0, LONGEST_UNIT);
            }
        } else if is_sign(c) && signs < WIDEST_GAP {
            signs += 1;
        } else {
            if gaps >= FEWEST_GAPS {
                return Some((letters, at));
            }
            letters.clear();
            (gaps, unit, signs) = (0, 0, 0);
        }
    }
    (gaps >= FEWEST_GAPS).then_some((letters, line.len()))
}

/// The part of a stretch that goes, where the words that its gaps go through tell that it does.
fn judge(line: &str, letters: &[Letter], words: &Pattern) -> Option<Range<usize>> {
    let plain = |letter: &Letter| line[letter.at..].chars().next().map(|c| fold(c).unwrap_or(c));
    let shadow: String = letters.iter().filter_map(plain).collect();
    let count = |bytes: usize| shadow[..bytes].chars().count();
    let parted = |word: &Range<usize>| letters[word.start + 1..word.end].iter().any(|letter| letter.parted);
    let found = words.find_all(&shadow).map(|word| count(word.start)..count(word.end));
    let found: Vec<Range<usize>> = found.filter(|word| word.len() > 1 && parted(word)).collect();
    // From the letter before the first gap to the one behind the last, or as far as the words go. Where the words begin with
    // the first gap, or its sign stands at the end too, that sign begins the stretch and the letter before it is no part of
    // it; and what lies outside the brackets of a stretch belongs to it only in a word.
    let first = letters.iter().position(|letter| letter.parted)?;
    let last = letters.iter().rposition(|letter| letter.parted)?;
    let gap = |at: usize| &line[letters[at - 1].at + letters[at - 1].len..letters[at].at];
    let wider = gap(last).chars().count() > gap(first).chars().count();
    let closed = found.last()?.end == last && (wider || gap(last).starts_with(gap(first)));
    let opened = found.first()?.start == first || closed || gap(first).ends_with(['(', '[', '{', '<']);
    let start = found.first()?.start.min(first - usize::from(!opened));
    let over = closed && opened || gap(last).starts_with([')', ']', '}', '>']);
    let end = found.last()?.end.max(last + usize::from(!over));
    let odd = (first..=last).filter(|at| letters[*at].parted).any(|at| gap(at).contains(is_odd));
    let spelt = letters[first..=last].iter().all(|letter| letter.parted);
    let known: usize = found.iter().map(Range::len).sum();
    let fewest = if odd || spelt { FEWEST_PARTED } else { 2 * FEWEST_PARTED };
    let behind = |letter: &Letter| letter.at + letter.len;
    let from = if opened && start == first { behind(&letters[first - 1]) } else { letters[start].at };
    let to = if over && end == last { letters[last].at } else { behind(&letters[end - 1]) };
    (known >= fewest && known * 3 >= end - start).then(|| with_signs(line, from..to))
}

/// Draws the signs at both ends of a stretch into it, but for a pair of brackets that only one end has.
fn with_signs(line: &str, at: Range<usize>) -> Range<usize> {
    let sign = |c: &char| is_odd(*c) && !"()[]{}<>".contains(*c) || "{}".contains(*c);
    let before: usize = line[..at.start].chars().rev().take_while(sign).map(char::len_utf8).sum();
    let after: usize = line[at.end..].chars().take_while(sign).map(char::len_utf8).sum();
    at.start - before..at.end + after
}

fn is_letter(c: char) -> bool {
    is_han(c) || !is_strange(c) && fold(c).is_some()
}

/// A sign that can stand in a gap: not one that ends a clause, quotes or parts the names of a foreigner.
fn is_sign(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && !matches!(c, '。' | '，' | '、' | '；' | '：' | '？' | '！' | '…' | '—' | '“' | '”' | '‘' | '’' | '"' | '\'' | '《' | '》')
        && !matches!(c, '「' | '」' | '『' | '』' | '（' | '）' | '·' | '•' | '‧' | '・')
}

/// A sign that does not stand between the items of a list either.
fn is_odd(c: char) -> bool {
    is_strange(c) && !matches!(c, '|' | '｜' | '+' | '→' | '－' | '~') || matches!(c, '`' | '=' | '%' | '#' | '@' | '&' | '√' | '┃' | '┊' | '{' | '}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Defines, Source};

    #[test]
    fn words_that_signs_go_through_are_found_with_their_stretch() {
        let source: Source = serde_yaml::from_str("最新|小说|更新|书吧|关注|公众号|免费|章节").unwrap();
        let words = source.compile(&Defines::default()).unwrap();
        for (line, found) in [
            ("他走了雨^巷*书&吧%更@新进去", Some("雨^巷*书&吧%更@新")),
            ("他走了关~注~公~众~号。", Some("关~注~公~众~号")),
            ("雨-巷-书-吧-更-新", Some("雨-巷-书-吧-更-新")),
            ("看最{新章^节~更^新}了", Some("最{新章^节~更^新}")),
            ("他走了{新^章节~更^新}进去", Some("{新^章节~更^新}")),
            ("清-风-小-说", Some("清-风-小-说")),
            ("载明的位~更~新~小~说置", Some("~更~新~小~说")),
            ("海水利|优|优|小|说|更|新|用", Some("|优|优|小|说|更|新|")),
            ("应当⊙甲⊙乙⊙更⊙新☆→给予", Some("⊙甲⊙乙⊙更⊙新☆→")),
            ("平-仄-平-平-仄", None),
            ("小说|更新|免费|章节", None),
            ("更*新", None),
            ("免.费.的", None),
            ("一*二*三*四", None),
            ("更。新，书！吧", None),
        ] {
            let at = spread(line, &words);
            assert_eq!(at.first().map(|at| &line[at.clone()]), found, "{line}");
        }
    }
}
