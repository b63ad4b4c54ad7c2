//! HTML tags as they stand in a line of text.
//!
//! Invariant: a [`Tag`] lies on one line, its name is one of HTML's, and the tags of a line do not
//! overlap.

use std::collections::HashMap;
use std::ops::Range;

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Begins an element.
    Open,
    /// Ends an element.
    Close,
    /// Stands by itself: `<br>`, `<img …>`.
    Void,
    /// Shows nothing: a comment, or a script or style sheet with all it holds.
    Nothing,
}

/// A tag.
#[derive(Debug, PartialEq, Eq)]
pub struct Tag<'l> {
    /// Byte range in the text.
    pub at: Range<usize>,
    /// As written.
    pub name: &'l str,
    /// What it does.
    pub form: Form,
}

/// Elements without content (HTML Living Standard, 13.1.2, and two old ones).
const VOID: [&str; 11] = ["br", "hr", "img", "input", "meta", "link", "wbr", "embed", "param", "col", "base"];

/// Elements whose tags scrapers leave behind. Left out are `sub` and `sup`, which carry meaning.
const NAMES: [&str; 58] = [
    "a", "abbr", "article", "aside", "b", "big", "blockquote", "body", "button", "center", "code", "dd", "div", "dl",
    "dt", "em", "figcaption", "figure", "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header",
    "html", "i", "iframe", "ins", "label", "li", "main", "nav", "noscript", "object", "ol", "option", "p", "pre", "s",
    "section", "select", "small", "span", "strike", "strong", "table", "tbody", "td", "th", "tr", "u", "ul", "del",
];

/// The longest tag that is taken for one, in bytes; links with tracking reach about a thousand.
const LONGEST: usize = 2000;

impl Tag<'_> {
    /// True for what belongs to a script or a style sheet.
    pub fn is_script(&self) -> bool {
        ["script", "style"].iter().any(|name| name.eq_ignore_ascii_case(self.name))
    }
}

/// All tags of a line of `text`, in order. Ranges are those of the text.
pub fn find<'t>(text: &'t str, line: &Range<usize>) -> Vec<Tag<'t>> {
    let mut tags = Vec::new();
    let mut lost = Lost::default();
    let mut from = line.start;
    let line = &text[..line.end];
    while let Some(open) = memchr::memchr(b'<', &line.as_bytes()[from..]).map(|at| from + at) {
        match read(line, open, &mut lost) {
            Some(tag) => {
                from = tag.at.end;
                tags.push(tag);
            }
            None => from = open + 1,
        }
    }
    tags
}

/// Ends that do not come any more on a line, so that none is looked for twice.
#[derive(Default)]
struct Lost {
    comment: bool,
    script: bool,
    style: bool,
}

fn read<'l>(line: &'l str, open: usize, lost: &mut Lost) -> Option<Tag<'l>> {
    let rest = &line[open..];
    if let Some(comment) = rest.strip_prefix("<!--") {
        let shut = if lost.comment { None } else { comment.find("-->") };
        lost.comment = shut.is_none();
        let end = shut? + "<!--".len() + "-->".len();
        return Some(Tag { at: open..open + end, name: "", form: Form::Nothing });
    }
    let inner = rest.strip_prefix('<')?;
    let (inner, closes) = inner.strip_prefix('/').map_or((inner, false), |inner| (inner, true));
    let len = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = &inner[..len];
    let end = open + end_of_tag(rest)?;
    let tail = &inner[len..];
    if !(tail.starts_with(['>', ' ', '\t']) || tail.starts_with("/>")) || !(is_lower(name) || is_upper(name)) {
        return None;
    }
    let known = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    if known(&["script", "style"]) {
        let lost = if known(&["script"]) { &mut lost.script } else { &mut lost.style };
        let shut = if closes || *lost { None } else { find_end(&line[end..], name) };
        *lost |= !closes && shut.is_none();
        return Some(match shut {
            Some(shut) => {
                Tag { at: open..end + shut + "</>".len() + name.len(), name, form: Form::Nothing }
            }
            None => Tag { at: open..end, name, form: if closes { Form::Close } else { Form::Open } },
        });
    }
    // `<link>` without a word more is one of a feed, with an address after it.
    if name.eq_ignore_ascii_case("link") && !tail.starts_with([' ', '\t']) {
        return None;
    }
    let form = match () {
        _ if known(&VOID) => Form::Void,
        _ if !known(&NAMES) => return None,
        _ if closes => Form::Close,
        _ if line[..end].ends_with("/>") => Form::Void,
        _ => Form::Open,
    };
    // `Vec<p>`, `a<b>c` and `a<b and b>c` are no tags.
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    let lone = name.len() == 1 && form == Form::Open && !line[open..end].contains('=');
    if lone && letter(line[..open].chars().next_back()) && !line[end..].trim_start().is_empty() {
        return None;
    }
    // A clause between two signs of comparison.
    if has_words(&line[open + 1 + usize::from(closes) + len..end - 1]) {
        return None;
    }
    Some(Tag { at: open..end, name, form })
}

/// True where what stands for the attributes of a tag holds other than ASCII outside of values.
fn has_words(attributes: &str) -> bool {
    !attributes.is_ascii() && !attributes.contains('=')
}

/// Where the end tag of that name is, in letters of either case.
fn find_end(text: &str, name: &str) -> Option<usize> {
    memchr::memmem::find_iter(text.as_bytes(), "</").find(|at| {
        let rest = &text.as_bytes()[at + 2..];
        rest.get(name.len()) == Some(&b'>') && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes())
    })
}

/// The length of a tag that begins a text, attribute values in quotes and all.
fn end_of_tag(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate().skip(1).take(LONGEST) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'<') => return None,
            (None, b'"' | b'\'') if rest.as_bytes()[at - 1] == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

fn is_lower(name: &str) -> bool {
    !name.is_empty() && !name.bytes().any(|b| b.is_ascii_uppercase())
}

fn is_upper(name: &str) -> bool {
    !name.is_empty() && !name.bytes().any(|b| b.is_ascii_lowercase())
}

/// For each of the tags of a paragraph, whether it has its partner among them.
pub fn paired(tags: &[Tag]) -> Vec<bool> {
    let mut paired = vec![false; tags.len()];
    let mut open: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, tag) in tags.iter().enumerate() {
        match tag.form {
            Form::Open => open.entry(tag.name.to_ascii_lowercase()).or_default().push(at),
            Form::Close => {
                if let Some(partner) = open.get_mut(&tag.name.to_ascii_lowercase()).and_then(Vec::pop) {
                    (paired[partner], paired[at]) = (true, true);
                }
            }
            Form::Void | Form::Nothing => {}
        }
    }
    paired
}

/// True where a line speaks about markup: it has backticks, quotes a tag or calls it one.
pub fn is_about_markup(text: &str, line: &Range<usize>, tags: &[Tag]) -> bool {
    const QUOTES: [(char, char); 9] = [
        ('“', '”'), ('"', '"'), ('\'', '\''), ('‘', '’'), ('「', '」'), ('『', '』'), ('（', '）'), ('(', ')'), ('《', '》'),
    ];
    if text[line.clone()].contains('`') || tags.iter().any(|tag| is_source(&text[tag.at.clone()])) {
        return true;
    }
    tags.iter().any(|tag| {
        let (before, after) = (text[line.start..tag.at.start].trim_end(), text[tag.at.end..line.end].trim_start());
        let ends = before.chars().next_back().zip(after.chars().next());
        ends.is_some_and(|ends| QUOTES.contains(&ends)) || is_called(before, after)
    }) || tags.iter().any(|tag| is_explained(text, line, tag))
}

/// True for a tag of somebody's source: one that a template fills in, or a comment that tells a reader something in more
/// than a word. What sites leave behind are labels such as `<!--ad-->` and `<!-- 正文 -->`.
fn is_source(tag: &str) -> bool {
    let filled = ["{{", "{%", "<%", "${"].iter().any(|mark| tag.contains(mark));
    filled || tag.starts_with("<!--") && tag.contains(['，', '。'])
}

/// True where a sentence calls a tag a tag, or says what it does: a text that does so holds its like
/// as words, too.
pub fn is_named(text: &str, line: &Range<usize>, tag: &Tag) -> bool {
    let (before, after) = (text[line.start..tag.at.start].trim_end(), text[tag.at.end..line.end].trim_start());
    is_called(before, after) || is_explained(text, line, tag)
}

/// True where a tag stands in a sentence as a word does: without attributes, at the start of a line
/// or behind a word and a blank, and with a blank and a word or a mark behind it.
pub fn is_set_off(text: &str, line: &Range<usize>, tag: &Tag) -> bool {
    let (before, after) = (&text[line.start..tag.at.start], &text[tag.at.end..line.end]);
    let word = |c: char| c.is_alphanumeric();
    let begins = before.is_empty() || before.strip_suffix(' ').is_some_and(|before| before.ends_with(word));
    let goes_on = after.strip_prefix(' ').is_some_and(|after| after.starts_with(word))
        || after.starts_with(['，', '。', '、', '；', '？', '！', ',', ';', '?']) && !before.is_empty();
    let attributes = text[tag.at.clone()].contains(|c: char| c.is_whitespace() || c == '=');
    tag.form != Form::Nothing && !attributes && begins && goes_on
}

/// True for a text that has a word for markup in it.
pub fn has_word(text: &str) -> bool {
    ["HTML", "标签", "標籤", "タグ", "태그", " tag ", " tags"].iter().any(|word| text.contains(word))
}

/// True where one of the words for markup stands beside a tag.
fn is_called(before: &str, after: &str) -> bool {
    const WORDS: [&str; 18] = [
        "标签", "標籤", "元素", "标记", "標記", "节点", "節點", "注释", "タグ", "要素", "태그", "요소", "tag", "tags", "element",
        "elements", "markup", "HTML",
    ];
    WORDS.iter().any(|word| {
        let follows = after.strip_prefix(word).is_some_and(|rest| {
            !word.is_ascii() || !rest.starts_with(|c: char| c.is_ascii_alphabetic())
        });
        follows || before.ends_with(word)
    })
}

/// True where a tag with a blank behind it is what a clause is about: `<br> 表示换行`.
fn is_explained(text: &str, line: &Range<usize>, tag: &Tag) -> bool {
    const VERBS: [&str; 12] =
        ["表示", "代表", "用来", "用來", "用于", "用於", "是用", "就是", "means ", "marks ", "stands for", "を表"];
    let (before, after) = (&text[line.start..tag.at.start], &text[tag.at.end..line.end]);
    let begins = before.trim_end().chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    begins && after.strip_prefix(' ').is_some_and(|after| VERBS.iter().any(|verb| after.starts_with(verb)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<&str> {
        find(line, &(0..line.len())).iter().map(|tag| &line[tag.at.clone()]).collect()
    }

    #[test]
    fn tags_are_told_from_signs_and_types() {
        for (line, tags) in [
            ("甲<br />乙</p>", vec!["<br />", "</p>"]),
            ("<a href=\"x>y\" target='_blank'>甲</a>", vec!["<a href=\"x>y\" target='_blank'>", "</a>"]),
            ("<!--ad-->甲<script></script>", vec!["<!--ad-->", "<script></script>"]),
            ("<SPAN STYLE=\"color:red\">", vec!["<SPAN STYLE=\"color:red\">"]),
            ("a < b > c, Vec<p> of List<String>, <Intro>, <Image/>, <3", vec![]),
            ("<未完>, <p", vec![]),
            ("a<b 且 b>c，若 <b 大于 c>，a<i and i>c, <b title=\"甲\">乙", vec!["<b title=\"甲\">"]),
            ("<link>http://example.com/</link><link rel=\"x\">", vec!["<link rel=\"x\">"]),
            ("<!--甲<br>乙<!--丙", vec!["<br>"]),
            ("<SCRIPT>甲</SCRIPT>乙<script>丙<script>", vec!["<SCRIPT>甲</SCRIPT>", "<script>", "<script>"]),
            ("<style>甲<script>乙</Script>", vec!["<style>", "<script>乙</Script>"]),
        ] {
            assert_eq!(found(line), tags, "{line}");
        }
    }

    #[test]
    fn partners_are_found_over_nested_tags() {
        let line = "<b>甲<b>乙</b></b></i>";
        let tags = find(line, &(0..line.len()));
        assert_eq!(paired(&tags), [true, true, true, true, false]);
    }

    #[test]
    fn a_line_about_markup_is_told_from_residue() {
        for (line, about) in [
            ("用 <br> 标签换行", true),
            ("元素 <p> 表示段落", true),
            ("写“<br>”就换行", true),
            ("The <br> tag breaks a line", true),
            ("用 `x` 和 <br>", true),
            ("<a href=\"{{ link(1) }}\">下一页</a>", true),
            ("<!-- 先画圆，再写字 -->", true),
            ("<!-- 正文 -->", false),
            ("在网页里，<br> 表示换行", true),
            ("他点头，<br>表示同意", false),
            ("他 <br> 表示同意", false),
            ("他<br>走了", false),
            ("He <br>tagged along", false),
        ] {
            let all = 0..line.len();
            assert_eq!(is_about_markup(line, &all, &find(line, &all)), about, "{line}");
        }
    }
}
