//! Mistakes in rules files: what, where, what to do.
//!
//! Invariant: every mistake of a file that can be found at once is in one [`ConfigError`], and each names its file.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::place::{Cursor, Place};

/// A rules file, decoded.
#[derive(Debug, PartialEq, Eq)]
pub struct File {
    /// What messages call it.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    file: Arc<File>,
    at: Option<Range<usize>>,
    what: String,
    help: Vec<String>,
    /// Another place that has to do with it, and why.
    other: Option<(Range<usize>, &'static str)>,
}

/// Rules that cannot be used. Holds at least one mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(Vec<Mistake>);

impl Mistake {
    pub(super) fn new(file: &Arc<File>, at: impl Into<Option<Range<usize>>>, what: impl Into<String>) -> Self {
        Self { file: file.clone(), at: at.into(), what: what.into(), help: Vec::new(), other: None }
    }

    /// Adds advice; each line stands by itself, and an empty text is none.
    pub(super) fn help(mut self, help: impl AsRef<str>) -> Self {
        self.help.extend(help.as_ref().lines().map(str::to_owned));
        self
    }

    /// Points at another place of the same file.
    pub(super) fn other(mut self, at: Range<usize>, why: &'static str) -> Self {
        self.other = Some((at, why));
        self
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        &self.file.name
    }

    /// Where it starts, if it is about one place.
    pub fn place(&self) -> Option<Place> {
        self.at.as_ref().map(|at| Cursor::new(&self.file.text).place(at.start))
    }

    /// What is wrong: one lower-case sentence without a final stop.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What to do, one piece of advice each.
    pub fn help_lines(&self) -> &[String] {
        &self.help
    }

    fn group(&self) -> Group<'_> {
        let title = Level::ERROR.primary_title(&self.what);
        let mut group = match &self.at {
            Some(at) => {
                let text = &self.file.text;
                let snippet = Snippet::source(text).path(self.file());
                let snippet = snippet.annotation(AnnotationKind::Primary.span(first_line(text, at)));
                let other = self.other.as_ref().map(|(at, why)| {
                    let context: annotate_snippets::Annotation = AnnotationKind::Context.span(first_line(text, at));
                    context.label(*why)
                });
                title.element(snippet.annotations(other))
            }
            None => title.element(annotate_snippets::Origin::path(self.file())),
        };
        for help in &self.help {
            group = group.element(Level::HELP.message(help));
        }
        group
    }
}

/// What of a range lies on its first line; carets under a whole block show nothing.
fn first_line(text: &str, at: &Range<usize>) -> Range<usize> {
    let end = text[at.clone()].find('\n').map_or(at.end, |length| at.start + length);
    at.start..end
}

impl ConfigError {
    /// `None` where there is no mistake.
    pub(super) fn of(mut mistakes: Vec<Mistake>) -> Option<Self> {
        let mut files: Vec<Arc<File>> = Vec::new();
        for mistake in &mistakes {
            if !files.contains(&mistake.file) {
                files.push(mistake.file.clone());
            }
        }
        let file = |mistake: &Mistake| files.iter().position(|file| *file == mistake.file);
        mistakes.sort_by_key(|mistake| (file(mistake), mistake.at.as_ref().map(|at| at.start)));
        (!mistakes.is_empty()).then_some(Self(mistakes))
    }

    /// All mistakes, by file and place.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.0
    }

    /// The mistakes as people read them: with the line and carets under what is wrong, in colour if asked for.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let shown: Vec<_> = self.0.iter().map(|mistake| renderer.render(&[mistake.group()])).collect();
        shown.join("\n\n")
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for ConfigError {}

/// The known name that an unknown one is most likely a slip of.
pub fn closest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let scored = known.into_iter().map(|known| (strsim::jaro_winkler(name, known), known));
    // The threshold of clap's suggestions.
    scored.filter(|(score, _)| *score > 0.7).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| known)
}
