//! Lines and paragraphs of a page that stand on one line of a text, with tags between them.
//!
//! Invariant: a line break is told from litter by all of its line, never by itself.

use std::ops::Range;

use super::tag::Tag;

/// Elements that a line or a paragraph of a page begins or ends with.
const LINES: [&str; 10] = ["br", "p", "div", "li", "h1", "h2", "h3", "h4", "tr", "blockquote"];

/// The tags of a line that lines end at, by index: the first in each row of tags between two pieces
/// of text, if there are several such rows and nine of ten stand behind the end of a sentence.
/// Otherwise none, since what stands in mid-sentence is litter.
pub fn breaks(text: &str, line: &Range<usize>, tags: &[Tag]) -> Vec<usize> {
    let (mut breaks, mut rows) = (Vec::new(), 0);
    let mut first = 0;
    while first < tags.len() {
        let mut end = first + 1;
        while end < tags.len() && text[tags[end - 1].at.end..tags[end].at.start].trim().is_empty() {
            end += 1;
        }
        let before = text[line.start..tags[first].at.start].trim_end().chars().next_back();
        let after = text[tags[end - 1].at.end..line.end].trim();
        let parts = |tag: &Tag| LINES.iter().any(|name| tag.name.eq_ignore_ascii_case(name));
        if let (Some(before), Some(index)) = (before, tags[first..end].iter().position(parts))
            && !after.is_empty()
        {
            rows += 1;
            breaks.extend("。！？…”』」）：；.!?".contains(before).then_some(first + index));
        }
        first = end;
    }
    if rows >= 2 && breaks.len() * 10 >= rows * 9 { breaks } else { Vec::new() }
}
