//! `markup`: deletes HTML tags, comments and scripts that a scraper left in a text.
//!
//! Invariant: only tags of HTML are touched, never a line that speaks about tags, and what stands
//! between two tags stays, scripts and style sheets aside.

mod rows;
mod tag;

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Needs, Shape};
use crate::edit::Edits;
use crate::script::is_cjk;
use crate::shield::ShieldSet;
use crate::view::{View, with_line_end};
use tag::{Form, Tag};

/// Delete HTML tags, comments and scripts that were left in a text; the words between tags stay.
///
/// A line that quotes a tag, sets it in backticks or calls it a tag is left alone, and so is a text
/// that speaks of markup and uses several tags as words. In a document
/// written in Markdown, where HTML may be meant, only tags without their partner go.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Markup {}

impl Shape for Markup {
    fn compile(self, _: &Defines) -> Result<Box<dyn Kind>, Fault> {
        Ok(Box::new(self))
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "Tags go, words stay",
                rule: "markup: {}",
                input: "<p>他<br>走了<!--ad-->。</p>\n<div>\nThe <b>end</b><br>came.\n",
                output: "他走了。\nThe end came.\n",
            },
            Example {
                title: "Scripts go with what they hold",
                rule: "markup: {}",
                input: "他走了<script>show(1);</script>。\n",
                output: "他走了。\n",
            },
            Example {
                title: "Where line breaks stand behind sentences, lines end",
                rule: "markup: {}",
                input: "他按掉了。<br>我又打过去。<br>“我在听。”他<b>说</b>。\n他走<br>了。她也走<br>了。\n",
                output: "他按掉了。\n我又打过去。\n“我在听。”他说。\n他走了。她也走了。\n",
            },
            Example {
                title: "A line about tags stays",
                rule: "markup: {}",
                input: "用 <br> 标签换行，`<p>` 分段。\n<div class=\"note\">保留</div>\na < b > c, Vec<p>, List<String>\n",
                output: "用 <br> 标签换行，`<p>` 分段。\n<div class=\"note\">保留</div>\na < b > c, Vec<p>, List<String>\n",
            },
            Example {
                title: "One blank stays of two",
                rule: "markup: {}",
                input: "He came in. <br><br> She looked up.\n",
                output: "He came in. She looked up.\n",
            },
            Example {
                title: "In Markdown, HTML may be meant",
                rule: "markup: {}",
                input: "<span class=\"caption\">图一</span>\n他走了。</p>\n\n```\n<br>\n```\n",
                output: "<span class=\"caption\">图一</span>\n他走了。\n\n```\n<br>\n```\n",
            },
        ]
    }
}

impl Kind for Markup {
    fn edits(&self, view: &View, out: &mut Edits) {
        let text = view.text();
        // A text that is nothing but tags is not emptied.
        if !view.lines().iter().any(|line| !is_bare(text, line, &tag::find(text, line))) {
            return;
        }
        let meant = is_markdown(view);
        let named = named(view);
        if teaches(view, &named) {
            return;
        }
        // Partners are looked for in the paragraph: an element may run over several lines.
        for paragraph in view.lines_in_region().split(|line| text[line.clone()].trim().is_empty()) {
            let (Some(first), Some(last)) = (paragraph.first(), paragraph.last()) else { continue };
            if memchr::memchr(b'<', &text.as_bytes()[first.start..last.end]).is_none() {
                continue;
            }
            let tags: Vec<Tag> = paragraph.iter().flat_map(|line| tag::find(text, line)).collect();
            let paired = if meant { tag::paired(&tags) } else { vec![false; tags.len()] };
            let mut from = 0;
            for line in paragraph {
                let to = from + tags[from..].partition_point(|tag| tag.at.start < line.end);
                self.clean_line(text, line, meant, &named, (&tags[from..to], &paired[from..to]), out);
                from = to;
            }
        }
    }

    fn needs(&self) -> Needs {
        Needs::one_of(["<"])
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE.with(ShieldSet::TABLE)
    }
}

impl Markup {
    /// Cleans one line, given the tags that the text speaks of, its own and whether each of these is
    /// paired and to stay.
    fn clean_line(
        &self,
        text: &str,
        line: &Range<usize>,
        meant: bool,
        named: &[&str],
        (own, paired): (&[Tag], &[bool]),
        out: &mut Edits,
    ) {
        if own.is_empty() || tag::is_about_markup(text, line, own) {
            return;
        }
        let bare = is_bare(text, line, own);
        if bare && !meant {
            out.remove(with_line_end(text, line));
        } else if !bare && !is_sample(text, line, own) {
            // Where the row of tags began that the tag before belongs to, and where it ends.
            let (mut row, mut last) = (line.start, line.start);
            // Whether all tags of that row go without anything in their place.
            let mut gone = true;
            let breaks = rows::breaks(text, line, own);
            for (index, (tag, paired)) in own.iter().zip(paired).enumerate() {
                let Range { start, end } = tag.at;
                (row, gone) = if last == start { (row, gone) } else { (start, true) };
                last = end;
                let so_far = std::mem::replace(&mut gone, false);
                if *paired || says_code(tag) || named.iter().any(|name| tag.name.eq_ignore_ascii_case(name)) {
                    continue;
                }
                if ends_paragraph(text, line, own, index) || breaks.contains(&index) {
                    out.replace(start..end, "\n");
                    continue;
                }
                let glues = glues(&text[line.start..row], &text[start..end], &text[end..line.end]);
                gone = so_far && !glues;
                let after = blanks_after(&text[end..line.end]);
                // Of the blanks on both sides of what goes one stays.
                let twice = gone && after > 0 && end + after < line.end && text[line.start..row].ends_with(' ');
                let blanks = if tag.is_script() { after } else { usize::from(twice) };
                out.replace(start..end + blanks, if glues { " " } else { "" });
            }
        }
    }
}

/// The names of the tags that a text speaks about.
fn named<'t>(view: &View<'t>) -> Vec<&'t str> {
    let text = view.text();
    let mut names = Vec::new();
    for line in view.lines().iter().filter(|line| memchr::memchr(b'<', &text.as_bytes()[(*line).clone()]).is_some()) {
        names.extend(tag::find(text, line).iter().filter(|tag| tag::is_named(text, line, tag)).map(|tag| tag.name));
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// True for a text about markup: it has a word for it, and calls tags of two names tags or has a line
/// in which tags of two names stand as words do.
fn teaches(view: &View, named: &[&str]) -> bool {
    let text = view.text();
    let several = |mut names: Vec<String>| {
        names.sort_unstable();
        names.dedup();
        names.len() >= 2
    };
    let as_words = |line: &Range<usize>| {
        let tags = tag::find(text, line);
        let off = tags.iter().filter(|tag| tag::is_set_off(text, line, tag));
        several(off.map(|tag| tag.name.to_ascii_lowercase()).collect())
    };
    let with_tags = |line: &&Range<usize>| memchr::memchr(b'<', &text.as_bytes()[(*line).clone()]).is_some();
    tag::has_word(text)
        && (several(named.iter().map(|name| name.to_ascii_lowercase()).collect())
            || view.lines().iter().filter(with_tags).any(as_words))
}

/// True where a document is written in Markdown, in which HTML may be meant.
fn is_markdown(view: &View) -> bool {
    let signs = ShieldSet::CODE_BLOCK.with(ShieldSet::CODE_SPAN).with(ShieldSet::LINK);
    let heading = |line: &Range<usize>| {
        let line = &view.text()[line.clone()];
        line.starts_with('#') && line.trim_start_matches('#').starts_with(' ')
    };
    view.shields().ranges().iter().any(|(_, what)| what.meets(signs)) || view.lines().iter().any(heading)
}

fn blanks_after(rest: &str) -> usize {
    rest.len() - rest.trim_start_matches([' ', '\t']).len()
}

/// True for a tag that says that what it holds is to be taken literally.
fn says_code(tag: &Tag) -> bool {
    ["code", "pre", "kbd", "samp", "var"].iter().any(|name| tag.name.eq_ignore_ascii_case(name))
}

/// True where a line holds nothing but tags.
fn is_bare(text: &str, line: &Range<usize>, tags: &[Tag]) -> bool {
    let mut from = line.start;
    let blank = tags.iter().all(|tag| {
        let between = &text[from..tag.at.start];
        from = tag.at.end;
        between.trim().is_empty()
    });
    blank && text[from..line.end].trim().is_empty()
}

/// True where a line is one element from end to end and of a sort that prose does not hold, as
/// somebody would write to show it.
fn is_sample(text: &str, line: &Range<usize>, tags: &[Tag]) -> bool {
    const BLOCKS: [&str; 12] =
        ["div", "section", "article", "table", "ul", "ol", "form", "button", "nav", "header", "footer", "html"];
    let [first, .., last] = tags else { return false };
    first.form == Form::Open
        && last.form == Form::Close
        && first.name.eq_ignore_ascii_case(last.name)
        && text[line.start..first.at.start].trim().is_empty()
        && text[last.at.end..line.end].trim().is_empty()
        && BLOCKS.iter().any(|name| first.name.eq_ignore_ascii_case(name))
}

/// True where the tag at `index` is the first of the line breaks before an indent: a paragraph ends
/// there. Without one, two in a row may stand in mid-sentence.
fn ends_paragraph(text: &str, line: &Range<usize>, tags: &[Tag], index: usize) -> bool {
    let is_break = |tag: &Tag| tag.name.eq_ignore_ascii_case("br");
    let Range { start, mut end } = tags[index].at;
    let goes_on = index.checked_sub(1).is_some_and(|before| is_break(&tags[before]) && tags[before].at.end == start);
    if !is_break(&tags[index]) || goes_on || text[line.start..start].trim_start().is_empty() {
        return false;
    }
    for next in tags[index + 1..].iter().take_while(|next| is_break(next)) {
        if next.at.start != end {
            break;
        }
        end = next.at.end;
    }
    let rest = text[end..line.end].strip_prefix("\u{3000}\u{3000}");
    rest.is_some_and(|rest| !rest.trim_start().is_empty())
}

/// True where two words that are written with spaces would run together without a tag. `before`
/// ends where the row of tags begins that it belongs to.
fn glues(before: &str, tag: &str, after: &str) -> bool {
    const BREAKS: [&str; 9] = ["<br", "<p", "</p", "<div", "</div", "<li", "</li", "<td", "</td"];
    let name = tag.to_ascii_lowercase();
    let spaced = |c: char| !c.is_whitespace() && !is_cjk(c);
    BREAKS.iter().any(|tag| name.starts_with(tag))
        && before.chars().next_back().is_some_and(spaced)
        && after.chars().next().is_some_and(|c| c.is_alphanumeric() && !is_cjk(c))
}
