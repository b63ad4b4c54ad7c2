//! Blanks at the ends of lines.
//!
//! Invariant: what stays of a line begins and ends as it did, blanks aside.

use std::ops::Range;

use crate::edit::Edits;
use crate::script::{Script, is_blank, is_cjk, is_closing, is_stop};
use crate::shield::ShieldSet;
use crate::view::View;

/// Pushes the removal of blanks at line ends.
pub fn trailing(view: &View, out: &mut Edits) {
    let text = view.text();
    let lines = view.lines_in_region();
    // Whether the text is Markdown, and whether its authors break lines on purpose.
    let mut markdown: Option<(bool, bool)> = None;
    for (at, line) in lines.iter().enumerate() {
        // Every blank ends in one of these bytes; few Hanzi do.
        if !matches!(text.as_bytes()[..line.end].last(), Some(b' ' | b'\t' | 0x80..=0x8a | 0x9f | 0xa0 | 0xaf | 0xb | 0xc)) {
            continue;
        }
        let from = line.start + text[line.clone()].trim_end_matches(is_blank).len();
        let hard = is_break(text, lines, at) && {
            let (markdown, breaks) = *markdown.get_or_insert_with(|| (is_markdown(view), has_breaks(text, lines)));
            markdown && (breaks || !is_stray(text, lines, at))
        };
        if from < line.end && !hard {
            out.remove(from..line.end);
        }
    }
}

/// True where two spaces break a line in Markdown: before another line of the same paragraph, and behind no tag.
fn is_break(text: &str, lines: &[Range<usize>], at: usize) -> bool {
    let line = &text[lines[at].clone()];
    let bare = line.trim_end_matches(is_blank);
    let next = lines.get(at + 1).is_some_and(|next| !text[next.clone()].trim().is_empty());
    &line[bare.len()..] == "  " && !bare.is_empty() && next && !is_tag(bare.trim_start_matches(is_blank))
}

/// True where authors break lines on purpose: one with two spaces for at most eight of prose that just go on below.
fn has_breaks(text: &str, lines: &[Range<usize>]) -> bool {
    let broken = (0..lines.len()).filter(|&at| is_break(text, lines, at)).count();
    let bare = |at: usize| lines.get(at).map_or("", |line| text[line.clone()].trim_matches(is_blank));
    let runs_on = (0..lines.len()).filter(|&at| is_prose(bare(at)) && is_words(bare(at + 1))).count();
    broken * 8 >= runs_on
}

/// True where the end of a paragraph's line may have got two spaces by accident: it is no short line, as those of verse
/// and addresses are, and the lines beside it break without.
fn is_stray(text: &str, lines: &[Range<usize>], at: usize) -> bool {
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().any(|at| at < lines.len() && is_break(text, lines, at));
    let bare = text[lines[at].clone()].trim_matches(is_blank).trim_start_matches(['>', ' ']);
    !beside && is_prose(bare)
}

/// True where a line of the text is a Markdown heading, item or fence.
fn is_markdown(view: &View) -> bool {
    let marks = ["# ", "## ", "### ", "#### ", "- ", "* ", "```", "> "];
    view.lines().iter().any(|line| marks.iter().any(|mark| view.text()[line.clone()].starts_with(mark)))
}

/// Pushes the removal of blanks at the start of lines, where they are no habit of the document: of
/// its lines of prose fewer than one in four are indented, of its tags and quotations fewer than one in
/// four, of the others fewer than one in eight, or one in sixty where two follow each other.
pub fn indent(view: &View, out: &mut Edits) {
    let text = view.text();
    if !view.lines_in_region().iter().any(|line| text[line.clone()].starts_with(is_blank)) {
        return;
    }
    let japanese = view.script() == Script::Kana;
    let lines: Vec<Line> = (view.lines_in_region().iter())
        .filter(|line| !text[(*line).clone()].trim_start_matches(is_blank).is_empty())
        .filter(|line| !view.shields().hit(line, ShieldSet::CODE))
        .map(|line| Line::of(text, line.clone(), japanese))
        .collect();
    let count = |of: &dyn Fn(&Line) -> bool| lines.iter().filter(|line| of(line)).count();
    let deep = count(&|line| line.depth > 0);
    if deep == 0 {
        return;
    }
    let (prose, deep_prose) = (count(&|line| line.prose), count(&|line| line.prose && line.depth > 0));
    let (tags, deep_tags) = (count(&|line| line.tag), count(&|line| line.tag && line.depth > 0));
    let (quotes, deep_quotes) = (count(&|line| line.is_quote()), count(&|line| line.is_quote() && line.depth > 0));
    // Where paragraphs begin with an ideographic space, only speech begins without one.
    let paragraphs = count(&|line| line.paragraph) * 4 > prose;
    let at = |at: usize| lines.get(at).filter(|line| line.depth > 0);
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.depth > 0) {
        let before = index.checked_sub(1).map(|before| &lines[before]);
        let beside = [before, lines.get(index + 1)];
        let alone = beside.iter().flatten().all(|line| line.depth == 0);
        // Two lines below each other that begin at different depths: no inset, no signature.
        let pair = |first: usize| match (at(first), at(first + 1)) {
            (Some(one), Some(two)) => {
                let apart = first.checked_sub(1).is_none_or(|line| at(line).is_none()) && at(first + 2).is_none();
                apart && one.depth != two.depth
            }
            _ => false,
        };
        let alone = alone || deep * 60 < lines.len() && (pair(index) || index > 0 && pair(index - 1));
        let flush = line.tag && deep_tags * 4 < tags && has_partner(&lines[index.saturating_sub(REACH)..lines.len().min(index + REACH)], line);
        let stray = match (line.prose, line.tag) {
            (true, _) => deep_prose * 4 < prose || prose == 1 && !line.is_wide(text),
            (_, true) => flush || alone && stands_apart(text, line) && deep_tags * 4 < tags,
            _ if line.is_quote() => {
                let quoted = beside.iter().flatten().any(|line| line.is_quote() && line.depth == 0);
                alone && quoted && deep_quotes * 4 < quotes
            }
            _ => alone && is_words(line.bare) && deep * 8 < lines.len(),
        };
        // Only Chinese and Japanese text is indented by ideographic spaces.
        let foreign = view.script() == Script::Other && line.is_wide(text) && line.prose;
        let speech = line.bare.starts_with(['「', '『']) && line.depth <= 2 * IDEOGRAPHIC;
        // What goes on below an item begins at its text, two columns in or more.
        let below = !line.is_wide(text) && line.depth > 1 && !flush;
        let hangs = !line.is_quote() && is_item(line.bare)
            || before.is_some_and(|before| {
                below && is_item(before.bare) && !line.is_quote()
                    || !flush && before.bare.starts_with('<') && !stands_apart(text, line)
            });
        let habit = japanese && !speech && (paragraphs || !line.prose) && (line.is_wide(text) || !line.is_sentence());
        if stray && !hangs && !habit && (alone || foreign || view.script() != Script::Other) {
            out.remove(line.at..line.at + line.depth);
        }
    }
}

/// How many lines on either side are looked at for the partner of a tag.
const REACH: usize = 400;

/// True where another tag of the same name begins its line: nothing around the two is indented.
fn has_partner(lines: &[Line], tag: &Line) -> bool {
    let name = |line: &Line| tag_name(line.bare).map(str::to_owned);
    let own = name(tag);
    own.is_some() && lines.iter().any(|line| line.tag && line.depth == 0 && line.at != tag.at && name(line) == own)
}

fn tag_name(bare: &str) -> Option<&str> {
    let name = bare.strip_prefix('<')?.trim_start_matches('/');
    Some(&name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())])
}

/// The bytes of an ideographic space; what stands deeper than two of them was set there.
const IDEOGRAPHIC: usize = '\u{3000}'.len_utf8();

/// A line that is not blank.
struct Line<'t> {
    /// Its byte offset.
    at: usize,
    /// The bytes of blanks that it begins with.
    depth: usize,
    /// What stands after them.
    bare: &'t str,
    prose: bool,
    /// Nothing but a tag.
    tag: bool,
    /// A Japanese paragraph: it begins with one ideographic space, which is no depth.
    paragraph: bool,
}

impl<'t> Line<'t> {
    /// A quoted line of Markdown.
    fn is_quote(&self) -> bool {
        self.bare.starts_with('>')
    }

    /// It ends as a sentence does.
    fn is_sentence(&self) -> bool {
        self.bare.trim_end_matches(is_blank).ends_with(|c| is_stop(c) || is_closing(c))
    }

    /// Indented by ideographic spaces.
    fn is_wide(&self, text: &str) -> bool {
        text[self.at..].starts_with('\u{3000}')
    }

    fn of(text: &'t str, range: Range<usize>, japanese: bool) -> Self {
        let whole = &text[range.clone()];
        let bare = whole.trim_start_matches(is_blank);
        let depth = whole.len() - bare.len();
        let paragraph = japanese && &whole[..depth] == "\u{3000}";
        let depth = if paragraph { 0 } else { depth };
        Self { at: range.start, depth, bare, prose: is_prose(bare), tag: is_tag(bare), paragraph }
    }
}

/// True for a line with a blank line, or nothing, above and below.
fn stands_apart(text: &str, line: &Line) -> bool {
    let (above, below) = (&text[..line.at], &text[line.at + line.depth + line.bare.len()..]);
    let blank = |rest: Option<&str>| rest.is_none_or(|line| line.trim_matches(is_blank).is_empty());
    blank(above.strip_suffix('\n').map(|above| above.rsplit('\n').next().unwrap_or_default()))
        && blank(below.strip_prefix('\n').map(|below| below.split('\n').next().unwrap_or_default()))
}

/// `<Note>`, `</Note>`, `<Note id="1">`: one tag and nothing else.
fn is_tag(bare: &str) -> bool {
    let inner = bare.trim_end_matches(is_blank).strip_prefix('<').and_then(|bare| bare.strip_suffix('>'));
    inner.is_some_and(|inner| {
        inner.trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphabetic()) && !inner.contains(['<', '>'])
    })
}

/// A line that is long enough to be a paragraph, and written as one.
fn is_prose(bare: &str) -> bool {
    let cjk = || bare.chars().filter(|c| is_cjk(*c)).count();
    (bare.len() >= 90 || bare.len() >= 60 && cjk() >= 20) && is_words(bare)
}

/// A line that does not begin as code, tables and quotations do.
fn is_words(bare: &str) -> bool {
    let emphasis = |mark: char| bare.strip_prefix(mark).is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    (bare.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '“' | '‘' | '’' | '「' | '『' | '《' | '（' | '【' | '—' | '…'))
        || ['*', '"', '[', '('].into_iter().any(emphasis))
        && memchr::memchr3(b'{', b'}', b'\t', bare.as_bytes()).is_none()
        && memchr::memchr3(b'|', b'<', b'=', bare.as_bytes()).is_none()
        && !bare.contains("   ")
}

fn is_item(bare: &str) -> bool {
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    ["- ", "* ", "+ ", "> ", ": "].iter().any(|mark| bare.starts_with(mark))
        || digits > 0 && [". ", ") "].iter().any(|mark| bare[digits..].starts_with(mark))
}
