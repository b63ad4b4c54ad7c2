//! `remove`: deletes what a pattern matches.
//!
//! Invariant: a line is removed as a whole, with its line end, or not at all; removing lines
//! never leaves a text without a word in it.

mod address;
pub(super) mod spans;
mod spread;

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use super::named::Named;
use super::{Defines, Example, Fault, Kind, Needs, Pattern, Shape, Source};
use crate::edit::Edits;
use crate::fold::{Shadow, fold, is_disguised};
use crate::script::is_blank;
use crate::shield::ShieldSet;
use crate::view::{View, with_line_end};
use address::Hidden;
use spans::Spans;
use spread::Spread;

/// Delete what a pattern matches: a piece of a line, or whole lines with their line ends.
///
/// A piece that holds a letter or digit is taken out cleanly: two blanks that meet become one,
/// and a line that has nothing else in it goes as a whole.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Remove {
    /// Deletes every match, wherever it stands.
    #[serde(default)]
    r#match: Option<Source>,
    /// Deletes every line that matches from its first to its last character, blanks at both ends
    /// aside. Where all lines of a document match, none is deleted and the log says so.
    #[serde(default)]
    line: Option<Source>,
    /// Deletes what matches when only letters, digits and Hanzi are looked at, half width and lower
    /// case: `www[a-z]{2,20}com` finds `ＷＷＷ．ｔｘ ｓ-h☆u.ＣＯＭ`. Line ends stay where they are. It
    /// takes ornaments and brackets round a match with it.
    #[serde(default)]
    folded: Option<Source>,
    /// With `match` or `folded`: leaves alone what is written plainly, such as `www.example.com`,
    /// and takes ornaments and brackets round a match with it.
    #[serde(default)]
    disguised: bool,
    /// Deletes addresses that are written to be read by people and not by programs, such as `ᴅᴜᴡᴜ.ᴄᴏᴍ`, `duwu点com`
    /// and `d u w u . c o m`, with ornaments and brackets round them.
    #[serde(default)]
    addresses: Option<Addresses>,
    /// Deletes words whose letters signs part one by one, such as `更*新`, with the whole stretch of such letters: three signs
    /// or more, and a word of this pattern that they go through. Only letters, digits and Hanzi are looked at, as in `folded`.
    #[serde(default)]
    spread: Option<Source>,
    /// With `match`: leaves alone what words before it name, such as `(?:写着|印着)$`, a mark and blanks between. They are
    /// looked for in the eight characters before it.
    #[serde(default)]
    unless_behind: Option<Source>,
    /// The same for words behind it, such as `^的字样`.
    #[serde(default)]
    unless_before: Option<Source>,
    /// Leaves alone what is longer than this, in characters. Cheaper than counting in the pattern,
    /// as in `.{0,80}`.
    #[serde(default)]
    max_chars: Option<usize>,
}

/// Which addresses are deleted.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Addresses {
    /// Those that only a reader makes out.
    Hidden,
}

impl Shape for Remove {
    fn compile(self, defines: &Defines) -> Result<Box<dyn Kind>, Fault> {
        let most = self.max_chars.unwrap_or(usize::MAX);
        if let Some(Addresses::Hidden) = self.addresses {
            return match (&self.r#match, &self.line, &self.folded, &self.spread) {
                (None, None, None, None) => Ok(Box::new(Hidden)),
                _ => Err(Fault::fields("`addresses` is a pattern of its own", "leave out `match:`, `line:`, `folded:` and `spread:`")),
            };
        }
        if let Some(source) = self.spread {
            return match (&self.r#match, &self.line, &self.folded, self.disguised) {
                (None, None, None, false) => Ok(Box::new(Spread { words: source.compile(defines)? })),
                _ => Err(Fault::fields("`spread` goes with no other pattern", "leave out `match:`, `line:`, `folded:` and `disguised:`")),
            };
        }
        if self.r#match.is_none() && (self.unless_behind.is_some() || self.unless_before.is_some()) {
            return Err(Fault::fields("only what `match:` finds can be named by the words beside it", "write `match:`"));
        }
        let part = |source: Option<Source>| source.map(|source| source.compile(defines)).transpose();
        match (self.r#match, self.line, self.folded, self.disguised) {
            (Some(source), None, None, disguised) => {
                let named = Named { behind: part(self.unless_behind)?, before: part(self.unless_before)? };
                Ok(Box::new(Span { pattern: source.compile(defines)?, disguised, named, most }))
            }
            (None, Some(_), None, true) => {
                Err(Fault::fields("`disguised` does not go with `line:`", "write `match:` or `folded:`"))
            }
            (None, Some(source), None, false) => Ok(Box::new(Line { pattern: source.compile_whole(defines)?, most })),
            (None, None, Some(source), disguised) => {
                Ok(Box::new(Folded { pattern: source.compile(defines)?, disguised, most }))
            }
            _ => Err(Fault::fields("remove needs one pattern", "write one of `match:`, `line:`, `folded:`, `spread:` and `addresses:`")),
        }
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "An advert inside a sentence",
                rule: "remove: { match: '本资料权属\\p{Han}{2,8}网放上鼠标按照提示查看\\p{Han}{2,8}网' }",
                input: "更加注重本资料权属文秘资源网放上鼠标按照提示查看文秘资源网对城乡结合部的考核。\n",
                output: "更加注重对城乡结合部的考核。\n",
            },
            Example {
                title: "A line with nothing else in it goes with the match",
                rule: "remove: { match: '\\[[^\\]]*\\.com\\]' }",
                input: "He waited.\n [see example.com] \nShe [see example.com] came.\n",
                output: "He waited.\nShe came.\n",
            },
            Example {
                title: "A line that is nothing but a page number",
                rule: "remove: { line: '第 ?[0-9]+ ?页' }",
                input: "正文到此为止。\n  第 3 页\n下一段开始。\n",
                output: "正文到此为止。\n下一段开始。\n",
            },
            Example {
                title: "One pattern for every spelling",
                rule: "remove: { folded: 'www[a-z]{2,20}com', disguised: true }",
                input: "他回头（ＷＷＷ．ｔｘ ｓ-h☆u.ＣＯＭ）一笑。说明见 www.example.com 一页。\n",
                output: "他回头一笑。说明见 www.example.com 一页。\n",
            },
            Example {
                title: "Addresses that only a reader makes out",
                rule: "remove: { addresses: hidden }",
                input: "他回头（𝚍𝚞𝚠𝚞.𝚌𝚘𝚖）一笑，duwu点com天黑了。说明见 www.example.com 一页。\n",
                output: "他回头一笑，天黑了。说明见 www.example.com 一页。\n",
            },
            Example {
                title: "Words that signs part letter by letter",
                rule: "remove: { spread: '更新|公众号|小说' }",
                input: "他回头关~注~公~众~号一笑，清*风#小&说%更*新天黑了。更新、小说、公众号，平-仄-平。\n",
                output: "他回头一笑，天黑了。更新、小说、公众号，平-仄-平。\n",
            },
            Example {
                title: "The same words in a sentence stay",
                rule: "remove: { line: '第 ?[0-9]+ ?页' }",
                input: "请翻到第 3 页继续阅读。\n",
                output: "请翻到第 3 页继续阅读。\n",
            },
            Example {
                title: "A document that is nothing but such lines is not emptied",
                rule: "remove: { line: '第 ?[0-9]+ ?页' }",
                input: "第 1 页\n\n第 2 页\n",
                output: "第 1 页\n\n第 2 页\n",
            },
        ]
    }
}

#[derive(Debug)]
struct Span {
    pattern: Pattern,
    disguised: bool,
    named: Named,
    most: usize,
}

impl Kind for Span {
    fn edits(&self, view: &View, out: &mut Edits) {
        let text = view.text();
        let mut spans = Spans::new(text);
        let goes = |found: &Range<usize>| fits(&text[found.clone()], self.most) && !self.named.holds(text, found);
        for found in self.pattern.find_iter(view).filter(goes) {
            if !self.disguised {
                spans.push(found);
            } else if is_disguised(&text[found.clone()]) {
                spans.push_wide(found);
            }
        }
        spans.finish(out);
    }

    fn needs(&self) -> Needs {
        self.pattern.needs()
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }
}

#[derive(Debug)]
struct Folded {
    pattern: Pattern,
    disguised: bool,
    most: usize,
}

impl Kind for Folded {
    fn edits(&self, view: &View, out: &mut Edits) {
        let text = view.text();
        let mut spans = Spans::new(text);
        if self.pattern.stays_in_line() {
            for (line, shadow) in view.shadows(!self.disguised) {
                self.look(text, line.clone(), shadow, &mut spans);
            }
        } else {
            self.look(text, 0..text.len(), &Shadow::new(text), &mut spans);
        }
        spans.finish(out);
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }
}

impl Folded {
    /// Finds what is unwanted in a piece of a text by its shadow.
    fn look(&self, text: &str, piece: Range<usize>, shadow: &Shadow, spans: &mut Spans) {
        for found in self.pattern.find_all(shadow.text()) {
            let whole = shadow.to_text(&text[piece.clone()], found);
            let whole = piece.start + whole.start..piece.start + whole.end;
            let Some(at) = self.in_one_clause(text, whole) else { continue };
            let found = &text[at.clone()];
            if fits(found, self.most) && (!self.disguised || is_disguised(found)) {
                spans.push_wide(at);
            }
        }
    }

    /// The part of a match between two marks of punctuation that matches by itself: what a mark
    /// parts is no one name. A mark between two letters stands for a dot and parts nothing.
    fn in_one_clause(&self, text: &str, at: Range<usize>) -> Option<Range<usize>> {
        let mut clauses = vec![at.start];
        let mut before = None;
        let mut chars = text[at.clone()].char_indices().peekable();
        while let Some((place, c)) = chars.next() {
            let letter = |c: Option<char>| c.and_then(fold).is_some_and(|c| c.is_ascii());
            if "，。！？；：“”「」…《》".contains(c) && !(letter(before) && letter(chars.peek().map(|(_, c)| *c))) {
                clauses.extend([at.start + place, at.start + place + c.len_utf8()]);
            }
            before = Some(c);
        }
        if let [_] = clauses[..] {
            return Some(at);
        }
        clauses.push(at.end);
        clauses.chunks(2).find_map(|clause| {
            let piece = &text[clause[0]..clause[1]];
            let shadow = Shadow::new(piece);
            let found = self.pattern.find_at(shadow.text(), 0)?;
            let found = shadow.to_text(piece, found);
            Some(clause[0] + found.start..clause[0] + found.end)
        })
    }
}

/// Removes lines with their line ends. Where nothing else would be left of the document, a note says so.
pub(super) fn remove_lines<'l>(view: &View, lines: impl Iterator<Item = &'l Range<usize>>, out: &mut Edits) {
    let text = view.text();
    let found: Vec<_> = lines.map(|line| with_line_end(text, line)).collect();
    let (Some(first), Some(last)) = (found.first(), found.last()) else { return };
    let gone: usize = found.iter().map(|at| text[at.clone()].trim().len()).sum();
    let words = || view.lines().iter().map(|line| text[line.clone()].trim().len()).sum::<usize>();
    if gone > 0 && gone == words() {
        out.note(first.start..last.end, "nothing would be left of the document");
        return;
    }
    for at in found {
        out.remove(at);
    }
}

/// True where a text has at most so many characters.
pub(super) fn fits(text: &str, most: usize) -> bool {
    // A character has one to four bytes, so the length alone mostly decides.
    text.len() <= most || (text.len() / 4 <= most && text.chars().count() <= most)
}

#[derive(Debug)]
struct Line {
    pattern: Pattern,
    most: usize,
}

impl Kind for Line {
    fn edits(&self, view: &View, out: &mut Edits) {
        let text = view.text();
        let unwanted = |line: &&Range<usize>| {
            let bare = text[(*line).clone()].trim_matches(is_blank);
            fits(bare, self.most) && self.pattern.is_match(bare)
        };
        remove_lines(view, view.lines_to_see().filter(unwanted), out);
    }

    fn needs(&self) -> Needs {
        self.pattern.needs()
    }

    fn shields(&self) -> ShieldSet {
        ShieldSet::CODE
    }
}

#[cfg(test)]
mod tests {
    use crate::config::RuleSet;

    #[test]
    fn of_the_blanks_around_a_span_one_stays_whatever_their_width() {
        let rules = "version: 1\nrules:\n  - id: advert\n    remove: { match: '广告+' }\n";
        let chain = RuleSet::parse("rules", rules).unwrap().chain();
        for (input, output) in [
            ("end.\u{3000} 广告 Next", "end.\u{3000}Next"),
            ("end. \u{3000}广告\u{3000}Next", "end. Next"),
            ("end.  广告Next", "end. Next"),
            ("end.\u{3000}广告 Next", "end.\u{3000}Next"),
        ] {
            assert_eq!(chain.clean_text(input.to_owned()).unwrap().text.current(), output, "{input:?}");
        }
    }
}
