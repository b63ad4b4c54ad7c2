//! A text under cleaning: what it was, what it is now, and how the two hang together.
//!
//! Invariant: the segments cover the original and the current text, both in order and without
//! gaps; a kept segment has the same bytes on both sides; a replaced one stands for its piece
//! of the original as a whole, and either side of it may be empty.

use std::ops::Range;

use crate::edit::EditSet;

/// The longest text that segments can address.
pub const LONGEST: usize = u32::MAX as usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seg {
    src: u32,
    src_len: u32,
    cur: u32,
    cur_len: u32,
    kept: bool,
}

impl Seg {
    fn cur_end(&self) -> usize {
        (self.cur + self.cur_len) as usize
    }
}

/// One stretch of the text and the stretch of the original it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Byte range of the original.
    pub original: Range<usize>,
    /// Byte range of the current text.
    pub current: Range<usize>,
    /// True where both hold the same bytes.
    pub kept: bool,
}

/// The original text, the current one and the segments that lead back.
#[derive(Debug, Clone)]
pub struct Text {
    original: String,
    /// `None` until the first edit, so that a clean text is never copied.
    current: Option<String>,
    segs: Vec<Seg>,
}

/// The text does not fit the 32-bit offsets of the segments.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("text of {0} bytes is longer than the {LONGEST} that can be cleaned at once; split it")]
pub struct TooLong(pub usize);

impl Text {
    /// A text that nothing has been done to.
    pub fn new(original: String) -> Result<Self, TooLong> {
        let len = u32::try_from(original.len()).map_err(|_| TooLong(original.len()))?;
        let whole = Seg { src: 0, src_len: len, cur: 0, cur_len: len, kept: true };
        Ok(Self { original, current: None, segs: vec![whole] })
    }

    /// The text as it came.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The text as it is now.
    pub fn current(&self) -> &str {
        self.current.as_deref().unwrap_or(&self.original)
    }

    /// Gives up the bookkeeping and keeps the current text.
    pub fn into_current(self) -> String {
        self.current.unwrap_or(self.original)
    }

    /// True once an edit has been applied.
    pub fn is_changed(&self) -> bool {
        self.current.is_some()
    }

    /// All segments, in order.
    pub fn segments(&self) -> impl Iterator<Item = Segment> + '_ {
        self.segs.iter().map(|seg| Segment {
            original: seg.src as usize..(seg.src + seg.src_len) as usize,
            current: seg.cur as usize..seg.cur_end(),
            kept: seg.kept,
        })
    }

    /// Applies the edits of one rule. They must have been sealed against the current text.
    /// Fails, and changes nothing, where the result would be too long.
    pub fn apply(&mut self, edits: &EditSet) -> Result<(), TooLong> {
        if edits.is_empty() {
            return Ok(());
        }
        let next = edits.apply(self.current());
        if next.len() > LONGEST {
            return Err(TooLong(next.len()));
        }
        let mut merge = Merge::new(&self.segs);
        for edit in edits {
            merge.keep_until(edit.at.start);
            merge.replace_until(edit.at.end, edit.with.len());
        }
        merge.keep_rest();
        self.segs = merge.out;
        self.current = Some(next);
        Ok(())
    }

    /// The byte range of the original that a byte range of the current text stands for: exact
    /// inside kept text, the whole replaced piece otherwise. Deletions that only touch the ends
    /// of a non-empty range stay outside.
    pub fn to_original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.source(range.start, |seg| seg.src);
        if range.is_empty() {
            return start..start;
        }
        let seg = self.seg_at(range.end - 1);
        let end =
            if seg.kept { seg.src as usize + (range.end - seg.cur as usize) } else { (seg.src + seg.src_len) as usize };
        start..end
    }

    fn source(&self, at: usize, of_replaced: impl Fn(&Seg) -> u32) -> usize {
        let seg = self.seg_at(at);
        if seg.kept { seg.src as usize + (at - seg.cur as usize) } else { of_replaced(&seg) as usize }
    }

    /// The last segment that begins at or before `at`; of several that begin there, the last is
    /// the only one that can hold text.
    fn seg_at(&self, at: usize) -> Seg {
        let after = self.segs.partition_point(|seg| seg.cur as usize <= at);
        self.segs[after.max(1) - 1]
    }
}

/// One pass over the old segments and the edits that yields the new segments.
struct Merge<'s> {
    /// What is left of the segment under the cursor, then the segments after it.
    rest: Option<Seg>,
    segs: std::slice::Iter<'s, Seg>,
    out: Vec<Seg>,
}

impl<'s> Merge<'s> {
    fn new(segs: &'s [Seg]) -> Self {
        let mut segs = segs.iter();
        Self { rest: segs.next().copied(), out: Vec::with_capacity(segs.len() + 8), segs }
    }

    /// Copies segments up to `end` of the old text, and the deletions that stand at `end`.
    fn keep_until(&mut self, end: usize) {
        while let Some(part) = self.take(end) {
            self.push(part.src_len, part.cur_len, part.kept);
        }
    }

    fn keep_rest(&mut self) {
        self.keep_until(usize::MAX);
    }

    /// Swallows segments up to `end` of the old text and puts one replaced segment there.
    fn replace_until(&mut self, end: usize, with: usize) {
        let mut src_len = 0;
        // A deletion at `end` is behind the replaced range and must not be drawn into it.
        while self.rest.is_some_and(|rest| (rest.cur as usize) < end) {
            src_len += self.take(end).map_or(0, |part| part.src_len);
        }
        self.push(src_len, with as u32, false);
    }

    /// The next piece that begins before `end`, or is empty and begins at `end`.
    fn take(&mut self, end: usize) -> Option<Seg> {
        let rest = self.rest?;
        if rest.cur_end() <= end {
            self.rest = self.segs.next().copied();
            return Some(rest);
        }
        let len = u32::try_from(end).ok()?.checked_sub(rest.cur).filter(|len| *len > 0)?;
        // A replaced piece cannot be split at its source: the left half takes all of it.
        let src_len = if rest.kept { len } else { rest.src_len };
        self.rest = Some(Seg {
            src: rest.src + src_len,
            src_len: rest.src_len - src_len,
            cur: rest.cur + len,
            cur_len: rest.cur_len - len,
            kept: rest.kept,
        });
        Some(Seg { src_len, cur_len: len, ..rest })
    }

    fn push(&mut self, src_len: u32, cur_len: u32, kept: bool) {
        match self.out.last_mut() {
            Some(last) if last.kept == kept => {
                last.src_len += src_len;
                last.cur_len += cur_len;
            }
            last => {
                let (src, cur) = last.map_or((0, 0), |last| (last.src + last.src_len, last.cur + last.cur_len));
                if src_len > 0 || cur_len > 0 || self.out.is_empty() {
                    self.out.push(Seg { src, src_len, cur, cur_len, kept });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Edits;

    fn apply(text: &mut Text, edits: &[(Range<usize>, &'static str)]) {
        let mut open = Edits::default();
        for (at, with) in edits {
            open.replace(at.clone(), *with);
        }
        let set = open.seal(text.current(), |_| true).0;
        text.apply(&set).unwrap();
    }

    #[test]
    fn a_position_leads_back_through_several_steps() {
        let mut text = Text::new("第 3 页\n正文,在此".to_owned()).unwrap();
        apply(&mut text, &[(0..10, "")]);
        apply(&mut text, &[(6..7, "，")]);
        assert_eq!(text.current(), "正文，在此");
        assert_eq!(text.to_original(6..9), 16..17);
        assert_eq!(text.to_original(9..12), 17..20);
        assert_eq!(text.to_original(0..3), 10..13);
    }

    #[test]
    fn a_deletion_at_the_edge_of_a_range_stays_outside() {
        let mut text = Text::new("abcdef".to_owned()).unwrap();
        apply(&mut text, &[(2..4, "")]);
        assert_eq!(text.to_original(0..2), 0..2);
        assert_eq!(text.to_original(2..4), 4..6);
        assert_eq!(text.to_original(0..4), 0..6);
    }

    #[test]
    fn an_unchanged_text_is_not_copied() {
        let mut text = Text::new("abc".to_owned()).unwrap();
        apply(&mut text, &[]);
        assert!(!text.is_changed());
    }
}
