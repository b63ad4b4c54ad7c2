//! Which line ends could be cuts, and what speaks for it.
//!
//! Invariant: nothing here decides; a [`Joint`] is two lines of prose with nothing but blanks
//! between them, and what can be seen of it without the rest of the text.

use crate::layout::{Class, End, Layout, Line, Start, is_closing, is_opening};
use crate::script::is_han;

/// Two neighbouring lines that may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joint {
    /// Index of the line before the cut.
    pub before: usize,
    /// Index of the line after it.
    pub after: usize,
}

impl Joint {
    /// True where blank lines stand between the two.
    pub fn is_apart(&self) -> bool {
        self.after > self.before + 1
    }
}

/// Line ends of a text that was wrapped at its width, and blank lines right after such a line where
/// it stops in mid-sentence.
pub(super) fn wrapped(text: &str, layout: &Layout) -> Vec<Joint> {
    let Some(width) = layout.wrap.map(|wrap| wrap.width).filter(|_| !layout.by_hand) else { return Vec::new() };
    layout
        .neighbours()
        .map(|(before, after)| Joint { before, after })
        .filter(|joint| {
            let (line, next) = (&layout.lines[joint.before], &layout.lines[joint.after]);
            if line.end == End::Hyphen && next.start == Start::Lower {
                return false;
            }
            // Between words with blanks, a line may be short because of a long word that was
            // edited later; a small letter says that it goes on.
            let short = !joint.is_apart()
                && !line.end.is_final()
                && line.columns * 4 >= width * 3
                && next.start == Start::Lower
                && !layout.script.is_unspaced();
            if !line.full && !short
                || joint.is_apart()
                    && line.end.is_final()
                    && !(line.end == End::Semicolon && next.start == Start::Lower)
            {
                return false;
            }
            // A line of full width that begins with a number is hardly a heading.
            let numbered = line.class == Class::Heading && !marked(text, line);
            let quote = text[line.at.clone()].starts_with('>');
            if joint.is_apart() {
                return (line.is_text() || numbered || quote) && next.is_text();
            }
            let before = line.is_text() || quote || numbered || line.class == Class::Item && !marked(text, line);
            let after = next.is_text() || next.class == Class::Heading && !line.end.is_final() && !marked(text, next);
            before && after
        })
        .collect()
}

/// A Markdown heading or item, which no wrapping makes.
fn marked(text: &str, line: &Line) -> bool {
    text[line.at.clone()].starts_with(['#', '>', '|', '*', '+'])
}

/// Ends of prose lines in mid-sentence.
pub(super) fn unfinished(layout: &Layout) -> Vec<Joint> {
    layout
        .neighbours()
        .map(|(before, after)| Joint { before, after })
        .filter(|joint| {
            let (line, next) = (&layout.lines[joint.before], &layout.lines[joint.after]);
            let goes_on =
                !line.end.is_final() || matches!(line.end, End::Semicolon | End::Dash) && next.start == Start::Lower;
            let hyphen = line.end == End::Hyphen && next.start == Start::Lower;
            line.is_text() && next.is_text() && goes_on && !hyphen && (joint.is_apart() || !layout.by_hand)
        })
        .collect()
}

/// How the line after a cut answers to what the line before it left open.
pub(super) fn closes(text: &str, line: &Line, next: &Line) -> bool {
    let mut open = Vec::new();
    for c in text[line.at.clone()].chars().filter(|c| !c.is_ascii()) {
        if is_opening(c) {
            open.push(c);
        } else if is_closing(c) {
            open.pop();
        }
    }
    // A bracket for an aside is often left open; what it closes says little.
    let Some(&mark) = open.last().filter(|mark| **mark != '（') else { return false };
    let Some(end) = partner(mark) else { return false };
    text[next.at.clone()].chars().find(|&c| c == mark || c == end) == Some(end)
}

fn partner(open: char) -> Option<char> {
    const PAIRS: [(char, char); 8] =
        [('“', '”'), ('‘', '’'), ('「', '」'), ('『', '』'), ('（', '）'), ('《', '》'), ('【', '】'), ('〈', '〉')];
    PAIRS.iter().find(|(mark, _)| *mark == open).map(|&(_, end)| end)
}

/// English words that need something after them: articles, prepositions, conjunctions,
/// possessives and auxiliaries; closed classes of any grammar of the language.
pub(super) fn word_needs_more(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "a", "about", "after", "among", "an", "and", "are", "as", "at", "because", "been", "before", "between", "but",
        "by", "can", "could", "did", "every", "for", "from", "had", "has", "have", "he", "her", "his", "i", "if", "in",
        "into", "is", "its", "may", "might", "mr", "mrs", "must", "my", "no", "nor", "not", "of", "on", "or", "our",
        "over", "shall", "she", "should", "so", "than", "that", "the", "their", "these", "they", "this", "those",
        "though", "through", "to", "under", "until", "upon", "very", "was", "we", "were", "when", "where", "whether",
        "which", "while", "who", "whose", "will", "with", "without", "would", "your",
    ];
    WORDS.binary_search(&word.to_lowercase().as_str()).is_ok()
}

/// True where a clause of one Hanzi begins the line: the rest of a word, and neither a number nor
/// an answer or exclamation of one syllable.
pub(super) fn begins_with_remnant(text: &str, next: &Line) -> bool {
    const WORDS: &str = "一二三四五六七八九十甲乙丙丁嗯好是不对對哦啊喂唉哎呀噢嘿咦哼呸哈诺諾喏且又但故而今";
    let mut chars = text[next.at.clone()].chars();
    let first = chars.next().is_some_and(|c| is_han(c) && !WORDS.contains(c));
    first && chars.next().is_some_and(|c| matches!(c, '。' | '；' | '、' | '，' | '”' | '》' | '）'))
}

/// True where the line before a cut ends as no paragraph ends.
pub(super) fn breaks_off(line: &Line) -> bool {
    matches!(line.end, End::Open | End::Comma)
}
