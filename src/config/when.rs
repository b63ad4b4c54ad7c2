//! For which documents a rule runs.
//!
//! Invariant: conditions are about the document as it was before the first rule, so that they come out alike for
//! every rule of a run.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::compile::Problem;
use super::raw::{Lang, When};
use crate::decode::Encoding;
use crate::rules::{Defines, Pattern};
use crate::script::Script;
use crate::view::View;

/// What is known of a document besides its text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Document<'d> {
    /// Its path, with `/` between folders. None: no condition on paths holds a rule back.
    pub path: Option<&'d str>,
    /// The encoding it was in. None: no condition on encodings holds a rule back.
    pub encoding: Option<Encoding>,
    /// True for a snippet that stands for a part of some document: no condition on length holds a rule back.
    pub snippet: bool,
}

impl Document<'_> {
    /// A text of which nothing else is known, perhaps a part of a document.
    pub const SNIPPET: Self = Self { path: None, encoding: None, snippet: true };
}

/// A checked `when`.
#[derive(Debug, Default)]
pub struct Condition {
    path: Option<GlobSet>,
    lang: Option<Lang>,
    encoding: Option<Encoding>,
    min_chars: u32,
    contains: Option<Pattern>,
}

/// A document together with its text before the first rule, for conditions to ask.
#[derive(Debug)]
pub struct Subject<'d> {
    document: Document<'d>,
    view: View<'d>,
}

impl<'d> Subject<'d> {
    /// A document and the whole of its text.
    pub fn new(document: Document<'d>, view: View<'d>) -> Self {
        Self { document, view }
    }

    fn lang(&self) -> Lang {
        match self.view.script() {
            Script::Han => Lang::Zh,
            Script::Kana => Lang::Ja,
            Script::Hangul => Lang::Ko,
            Script::Other => Lang::Other,
        }
    }
}

impl Condition {
    /// Checks and compiles what is written.
    pub fn new(raw: When, defines: &Defines) -> Result<Self, Problem> {
        let mut globs = GlobSetBuilder::new();
        for glob in &raw.path {
            // A glob may begin at any folder, whatever path the program was started with.
            let anywhere = match glob.value.strip_prefix('/') {
                Some(_) => glob.value.clone(),
                None => format!("**/{}", glob.value.trim_start_matches("./")),
            };
            let wrong = |error: globset::Error| {
                Problem::node(glob.node, format!("this is no glob: {}", error.kind()), "a name such as novels/**/*.txt")
            };
            globs.add(GlobBuilder::new(&anywhere).literal_separator(true).build().map_err(wrong)?);
        }
        let encoding = |label: &super::yaml::Marked<String>| {
            let help = "the names are those of the WHATWG Encoding Standard, such as utf-8, gbk, big5, shift_jis";
            let known = Encoding::for_label(&label.value);
            known.ok_or_else(|| Problem::node(label.node, format!("no encoding is called `{}`", label.value), help))
        };
        let globs_of = |globs: GlobSetBuilder| {
            globs.build().map_err(|error| Problem::field("when", format!("these globs cannot be used: {error}"), ""))
        };
        Ok(Self {
            path: if raw.path.is_empty() { None } else { Some(globs_of(globs)?) },
            lang: raw.lang,
            encoding: raw.encoding.as_ref().map(encoding).transpose()?,
            min_chars: raw.min_chars.unwrap_or(0),
            contains: raw.contains.map(|source| source.compile(defines)).transpose()?,
        })
    }

    /// Whether the rule runs for a document.
    pub fn holds(&self, subject: &Subject) -> bool {
        let Subject { document, view } = subject;
        let text = view.text();
        let path = |globs: &GlobSet| document.path.is_none_or(|path| globs.is_match(path));
        let encoding = |wanted: Encoding| document.encoding.is_none_or(|encoding| encoding == wanted);
        let long = |chars: u32| document.snippet || chars == 0 || text.chars().nth(chars as usize - 1).is_some();
        self.path.as_ref().is_none_or(path)
            && self.encoding.is_none_or(encoding)
            && long(self.min_chars)
            && self.lang.is_none_or(|lang| lang == subject.lang())
            && self.contains.as_ref().is_none_or(|pattern| pattern.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RuleSet;
    use crate::view::Facts;

    #[test]
    fn a_rule_runs_for_the_documents_it_names() {
        let gbk = Encoding::for_label("gbk");
        let novel = Document { path: Some("data/novels/甲/1.txt"), encoding: gbk, snippet: false };
        let (chinese, english) = ("他说你好。", "He said hello.");
        for (when, document, text, runs) in [
            ("{}", novel, chinese, true),
            ("{ path: ['novels/**'] }", novel, chinese, true),
            ("{ path: ['./novels/**'] }", novel, chinese, true),
            ("{ path: ['*.md', '*.txt'] }", novel, chinese, true),
            ("{ path: ['novels/*'] }", novel, chinese, false),
            ("{ path: ['/novels/**'] }", novel, chinese, false),
            ("{ path: ['vels/**'] }", novel, chinese, false),
            ("{ path: ['*.md'] }", Document::default(), chinese, true),
            ("{ lang: zh }", novel, chinese, true),
            ("{ lang: zh }", novel, english, false),
            ("{ lang: other }", novel, english, true),
            ("{ encoding: gb2312 }", novel, chinese, true),
            ("{ encoding: utf-8 }", novel, chinese, false),
            ("{ min_chars: 5 }", novel, chinese, true),
            ("{ min_chars: 6 }", novel, chinese, false),
            ("{ min_chars: 6 }", Document { snippet: true, ..novel }, chinese, true),
            ("{ contains: 你.。 }", novel, chinese, true),
            ("{ contains: 我 }", novel, chinese, false),
        ] {
            let yaml = format!("version: 1\nrules:\n  - id: a\n    when: {when}\n    remove: {{ match: x }}\n");
            let set = RuleSet::parse("test", &yaml).unwrap();
            let rule = set.rules().next().unwrap();
            assert_eq!(
                rule.when.holds(&Subject::new(document, View::new(text, &Facts::default()))),
                runs,
                "{when} {document:?} {text}"
            );
        }
    }
}
