//! Edits: what a rule wants changed in the text it saw.
//!
//! Invariant: an [`EditSet`] is sorted by position and its edits do not overlap, so that one
//! pass over the text applies it. [`Edits`] is the open form that rules push into; the only
//! way from one to the other is [`Edits::seal`].

use std::borrow::Cow;
use std::ops::Range;

/// Replaces one byte range of the text that the rule saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Byte range, both ends on character boundaries; empty for an insertion.
    pub at: Range<usize>,
    /// What stands there afterwards; empty for a deletion.
    pub with: Cow<'static, str>,
}

/// Something a rule noticed and did not change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Byte range of the text that the rule saw.
    pub at: Range<usize>,
    /// One lower-case sentence without a final stop.
    pub why: Cow<'static, str>,
}

/// The edits of one rule while it is still looking.
#[derive(Debug, Default)]
pub struct Edits {
    edits: Vec<Edit>,
    notes: Vec<Note>,
}

impl Edits {
    /// Deletes a byte range.
    pub fn remove(&mut self, at: Range<usize>) {
        self.replace(at, "");
    }

    /// Puts `with` in the place of a byte range.
    pub fn replace(&mut self, at: Range<usize>, with: impl Into<Cow<'static, str>>) {
        self.edits.push(Edit { at, with: with.into() });
    }

    /// Puts `with` before the byte at `at`.
    pub fn insert(&mut self, at: usize, with: impl Into<Cow<'static, str>>) {
        self.replace(at..at, with);
    }

    /// Points at a byte range without changing it.
    pub fn note(&mut self, at: Range<usize>, why: impl Into<Cow<'static, str>>) {
        self.notes.push(Note { at, why: why.into() });
    }

    /// True where the rule found nothing to do or to say.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.notes.is_empty()
    }

    /// Narrows every edit to what it really changes, drops those that change nothing or that
    /// `allowed` refuses, sorts them and, of two that overlap, drops the later one. Two insertions
    /// at one place count as overlapping.
    pub fn seal(mut self, text: &str, allowed: impl Fn(&Range<usize>) -> bool) -> (EditSet, Vec<Note>) {
        self.edits.retain_mut(|edit| {
            narrow(edit, text);
            !(edit.at.is_empty() && edit.with.is_empty()) && allowed(&edit.at)
        });
        if !self.edits.is_sorted_by_key(|edit| edit.at.start) {
            self.edits.sort_by_key(|edit| edit.at.start);
        }
        let mut last: Option<Range<usize>> = None;
        self.edits.retain(|edit| {
            let free = last.as_ref().is_none_or(|last| {
                edit.at.start > last.end || (edit.at.start == last.end && !(last.is_empty() && edit.at.is_empty()))
            });
            if free {
                last = Some(edit.at.clone());
            }
            free
        });
        self.notes.sort_by_key(|note| note.at.start);
        (EditSet(self.edits), self.notes)
    }
}

/// Takes what both sides of an edit share off its ends, in whole characters.
fn narrow(edit: &mut Edit, text: &str) {
    if edit.with.is_empty() {
        return;
    }
    let before = &text[edit.at.clone()];
    let shared = before.chars().zip(edit.with.chars()).take_while(|(a, b)| a == b);
    let head: usize = shared.map(|(c, _)| c.len_utf8()).sum();
    let shared = before[head..].chars().rev().zip(edit.with[head..].chars().rev()).take_while(|(a, b)| a == b);
    let tail: usize = shared.map(|(c, _)| c.len_utf8()).sum();
    if head + tail > 0 {
        edit.at = edit.at.start + head..edit.at.end - tail;
        edit.with = match &edit.with {
            Cow::Borrowed(with) => Cow::Borrowed(&with[head..with.len() - tail]),
            Cow::Owned(with) => Cow::Owned(with[head..with.len() - tail].to_owned()),
        };
    }
}

/// Sorted, disjoint edits of one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditSet(Vec<Edit>);

impl EditSet {
    /// True where nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes that the edits take away, less those that they put there.
    pub fn shrinkage(&self) -> usize {
        let (gone, come) =
            self.0.iter().fold((0, 0), |(gone, come), edit| (gone + edit.at.len(), come + edit.with.len()));
        gone.saturating_sub(come)
    }

    /// Every edit as a note: what a rule that only reports would have done.
    pub fn into_notes(self) -> impl Iterator<Item = Note> {
        self.0.into_iter().map(|edit| Note {
            at: edit.at,
            why: match edit.with {
                with if with.is_empty() => "would be removed".into(),
                with => format!("would become {with:?}").into(),
            },
        })
    }

    /// The text after the edits.
    pub fn apply(&self, text: &str) -> String {
        let grown: usize = self.0.iter().map(|edit| edit.with.len()).sum();
        let mut out = String::with_capacity(text.len() + grown);
        let mut from = 0;
        for edit in &self.0 {
            out.push_str(&text[from..edit.at.start]);
            out.push_str(&edit.with);
            from = edit.at.end;
        }
        out.push_str(&text[from..]);
        out
    }
}

impl<'e> IntoIterator for &'e EditSet {
    type Item = &'e Edit;
    type IntoIter = std::slice::Iter<'e, Edit>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(text: &str, edits: &[(Range<usize>, &'static str)]) -> EditSet {
        let mut out = Edits::default();
        for (at, with) in edits {
            out.replace(at.clone(), *with);
        }
        out.seal(text, |_| true).0
    }

    #[test]
    fn sealing_sorts_and_drops_overlaps() {
        let set = sealed("abcdef", &[(4..6, "x"), (0..2, "y"), (1..3, "z"), (2..2, "-"), (2..2, "+")]);
        assert_eq!(set.apply("abcdef"), "y-cdx");
    }

    #[test]
    fn an_edit_that_changes_nothing_is_no_edit() {
        assert!(sealed("abc", &[(1..2, "b"), (3..3, "")]).is_empty());
    }

    #[test]
    fn an_edit_is_narrowed_to_what_changes() {
        let set = sealed("一、甲 乙", &[(0..13, "一、甲\n乙")]);
        assert_eq!(set, EditSet(vec![Edit { at: 9..10, with: "\n".into() }]));
        assert_eq!(sealed("aaa", &[(0..3, "aa")]).0, [Edit { at: 2..3, with: "".into() }]);
    }

    #[test]
    fn an_insertion_may_touch_a_replacement() {
        assert_eq!(sealed("abc", &[(1..1, "-"), (1..2, "x"), (2..2, "+")]).apply("abc"), "a-x+c");
    }

    #[test]
    fn shrinkage_is_what_is_lost_in_all() {
        assert_eq!(sealed("abcdef", &[(0..3, ""), (4..5, "xy")]).shrinkage(), 2);
    }
}
