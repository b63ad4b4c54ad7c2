//! Gaps: spaces between two Hanzi of a sentence, and what stands on both sides.
//!
//! Invariant: a clause has one gap or two, one behind the number of an article not counted; what
//! stands behind the number of an item may be a heading and is no gap.

use std::ops::Range;

use crate::script::{find_blank, is_blank, is_closing, is_han, is_opening, is_stop};
use crate::seam::Seam;

/// A space between two Hanzi of a clause.
pub(super) struct Gap<'t> {
    pub(super) at: Range<usize>,
    /// The byte offset of its clause, and the clause before and after it.
    pub(super) clause: usize,
    pub(super) left: &'t str,
    pub(super) right: &'t str,
    /// The first clause of its line may be a heading that lost its line end.
    pub(super) first: bool,
    /// The line ends as a sentence does; no headline and no credit.
    pub(super) sentence: bool,
    pub(super) seam: Seam,
}

/// Adds the gaps of one line.
pub(super) fn find<'t>(text: &'t str, line: &Range<usize>, gaps: &mut Vec<Gap<'t>>) {
    let whole = &text[line.clone()];
    let sentence = whole.trim_end_matches(|c| is_closing(c) || is_blank(c)).ends_with(is_stop);
    let ends = |c: char| is_stop(c) || is_closing(c) || is_opening(c);
    let mut from = line.start;
    while let Some(blank) = find_blank(&text[from..line.end]).map(|at| from + at) {
        let behind = |(at, end): (usize, char)| at + end.len_utf8();
        let start = from + text[from..blank].char_indices().rfind(|(_, c)| ends(*c)).map_or(0, behind);
        from = blank + text[blank..line.end].char_indices().find(|(_, c)| ends(*c)).map_or(line.end - blank, behind);
        let clause = text[start..from].trim_end_matches(ends);
        let bare = clause.trim_matches(is_blank);
        let mut start = start + (clause.len() - clause.trim_start_matches(is_blank).len());
        let before = text[line.start..start].trim_matches(is_blank);
        let bare = if before.is_empty() { behind_article(bare) } else { bare };
        start += clause.trim_matches(is_blank).len() - bare.len();
        if is_numbered(before) {
            continue;
        }
        let mut between = gaps_of(bare);
        let pair = [between.next(), between.next()];
        if between.next().is_some() {
            continue;
        }
        for (at, len) in pair.into_iter().flatten() {
            let (left, right) = (&bare[..at], &bare[at + len..]);
            let seam = Seam::between(left, right).filter(|_| matches!(&bare[at..at + len], " " | "  " | "\u{3000}"));
            if let Some(seam) = seam {
                let at = start + at..start + at + len;
                gaps.push(Gap { at, clause: start, left, right, first: before.is_empty(), sentence, seam });
            }
        }
    }
}

/// The runs of blanks between two Hanzi of a clause: offset and length in bytes.
fn gaps_of(clause: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + find_blank(&clause[from..])?;
            let right = clause[at..].trim_start_matches(is_blank);
            from = clause.len() - right.len();
            if clause[..at].ends_with(is_han) && right.starts_with(is_han) {
                return Some((at, from - at));
            }
        }
    })
}

/// True where nothing but the number of an item stands before a clause: it may be a heading.
fn is_numbered(before: &str) -> bool {
    let number = before.trim_start_matches(|c| is_blank(c) || matches!(c, '（' | '('));
    let number = number.strip_suffix(['、', '）', ')', '．', '.', '，']).unwrap_or("");
    let number = number.trim_start_matches(['第', '其']);
    let counts = |c: char| c.is_ascii_alphanumeric() || c == '.' || "〇零一二三四五六七八九十百甲乙丙丁戊".contains(c);
    !number.is_empty() && number.chars().count() <= 6 && number.chars().all(counts)
}

/// A clause without 「第三十二条」 and the blank behind it.
fn behind_article(clause: &str) -> &str {
    let article = || {
        let (number, rest) = clause.strip_prefix('第')?.split_once(is_blank)?;
        let number = number.strip_suffix(['条', '條', '款', '项', '項'])?;
        let counts = |c: char| c.is_ascii_digit() || "零〇一二三四五六七八九十百千之".contains(c);
        number.chars().all(counts).then(|| rest.trim_start_matches(is_blank))
    };
    article().unwrap_or(clause)
}
