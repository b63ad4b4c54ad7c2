//! A unified diff, straight from the segments of a text: nothing is guessed, and it takes one pass.
//!
//! Invariant: applied to the original, the diff gives the cleaned text.

use std::fmt::Write;
use std::ops::Range;

use crate::text::Text;

/// Lines of context around a change, as in `diff -u`.
const CONTEXT: usize = 3;

/// Lines of the original and the lines that stand for them now.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Block {
    old: Range<usize>,
    new: Range<usize>,
}

/// The hunks of a unified diff between the original and the current text, without the two lines that name the files.
/// Empty where nothing was changed.
pub fn unified(text: &Text) -> String {
    let (old, new) = (Lines::new(text.original()), Lines::new(text.current()));
    let blocks = blocks(text, &old, &new);
    let mut out = String::new();
    for hunk in blocks.chunk_by(|a, b| b.old.start - a.old.end <= 2 * CONTEXT) {
        write_hunk(hunk, &old, &new, &mut out);
    }
    out
}

/// A text by lines, line ends included.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        let starts = std::iter::once(0).chain(ends).filter(|start| *start < text.len()).collect();
        Self { text, starts }
    }

    fn len(&self) -> usize {
        self.starts.len()
    }

    fn line(&self, number: usize) -> &'t str {
        let end = self.starts.get(number + 1).copied().unwrap_or(self.text.len());
        &self.text[self.starts[number]..end]
    }

    /// The lines that a byte range touches. An empty range touches the line it stands in, if that has begun before it.
    fn touched(&self, bytes: &Range<usize>) -> Range<usize> {
        let behind = bytes.start == self.text.len() && self.text.as_bytes().last().is_none_or(|last| *last == b'\n');
        let start = self.starts.partition_point(|start| *start <= bytes.start) - usize::from(!behind);
        start..self.starts.partition_point(|start| *start < bytes.end).max(start)
    }
}

/// The changed lines, in order; between two of them at least one line is the same on both sides.
fn blocks(text: &Text, old: &Lines, new: &Lines) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for segment in text.segments().filter(|segment| !segment.kept) {
        let mut block = Block { old: old.touched(&segment.original), new: new.touched(&segment.current) };
        // Where one side has nothing but the end of a line, the line after it belongs to the change on both sides.
        let whole = |lines: &Lines, at: usize| at == lines.text.len() || lines.starts.binary_search(&at).is_ok();
        if !(whole(old, segment.original.end) && whole(new, segment.current.end)) {
            block.old.end = block.old.end.max(old.touched(&(segment.original.end..segment.original.end + 1)).end);
            block.new.end = block.new.end.max(new.touched(&(segment.current.end..segment.current.end + 1)).end);
        }
        match blocks.last_mut() {
            Some(last) if block.old.start <= last.old.end || block.new.start <= last.new.end => {
                last.old.end = last.old.end.max(block.old.end);
                last.new.end = last.new.end.max(block.new.end);
            }
            _ => blocks.push(block),
        }
    }
    for block in &mut blocks {
        let same = |old_at: usize, new_at: usize| old.line(old_at) == new.line(new_at);
        while !block.old.is_empty() && !block.new.is_empty() && same(block.old.start, block.new.start) {
            block.old.start += 1;
            block.new.start += 1;
        }
        while !block.old.is_empty() && !block.new.is_empty() && same(block.old.end - 1, block.new.end - 1) {
            block.old.end -= 1;
            block.new.end -= 1;
        }
    }
    blocks.retain(|block| !block.old.is_empty() || !block.new.is_empty());
    blocks
}

fn write_hunk(blocks: &[Block], old: &Lines, new: &Lines, out: &mut String) {
    let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else { return };
    let before = first.old.start.min(CONTEXT);
    let after = (old.len() - last.old.end).min(CONTEXT);
    let span = |from: usize, to: usize| {
        let len = to - from;
        // An empty side is named by the line before it.
        let start = if len == 0 { from } else { from + 1 };
        if len == 1 { start.to_string() } else { format!("{start},{len}") }
    };
    let old_span = span(first.old.start - before, last.old.end + after);
    let new_span = span(first.new.start - before, last.new.end + after);
    let _ = writeln!(out, "@@ -{old_span} +{new_span} @@"); // a String takes everything
    let mut put = |sign: char, line: &str| {
        out.push(sign);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    };
    let mut at = first.old.start - before;
    for block in blocks {
        (at..block.old.start).for_each(|number| put(' ', old.line(number)));
        block.old.clone().for_each(|number| put('-', old.line(number)));
        block.new.clone().for_each(|number| put('+', new.line(number)));
        at = block.old.end;
    }
    (at..last.old.end + after).for_each(|number| put(' ', old.line(number)));
}
