//! The tree of a YAML file: what serde_yaml reads, and where saphyr-parser finds it.
//!
//! Invariant: node ranges lie on character boundaries; the range of a list or map spans that of its children. Both
//! readers see the same tree; a file that they read differently is refused, and those of the program are tested.

use std::cell::Cell;
use std::collections::HashSet;
use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span};
use serde_yaml::Value;

/// The number of a node in its tree.
pub type NodeId = u32;

/// How deep lists and maps may lie in each other. A rule has four levels.
const DEPTH: usize = 32;

/// What a node holds.
#[derive(Debug)]
pub enum Content {
    /// A text, number, truth value or nothing at all.
    Scalar {
        /// Unescaped.
        text: String,
        /// How it is written.
        style: ScalarStyle,
        /// What it means.
        value: Value,
    },
    /// Items in order.
    List(Vec<NodeId>),
    /// Keys and values in order; every key is a scalar and stands there once.
    Map(Vec<(NodeId, NodeId)>),
}

/// A YAML file.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<(Range<usize>, Content)>,
    root: NodeId,
}

/// A file that is no YAML, or YAML that has no place in a rules file.
#[derive(Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte range.
    pub at: Range<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do; empty where the parser knows no more.
    pub help: String,
}

/// A list or map that is still open, with the range of where it started.
struct Open {
    at: Range<usize>,
    list: bool,
    children: Vec<NodeId>,
}

impl Tree {
    /// Reads a file that holds one YAML document.
    pub fn parse(yaml: &str) -> Result<Self, SyntaxError> {
        let mut tree = Self::find(yaml)?;
        let document: Value = serde_yaml::from_str(yaml).map_err(|error| {
            let at = error.location().map_or(0, |at| at.index()).min(yaml.len());
            SyntaxError { at: at..at, what: format!("this is no YAML: {error}"), help: String::new() }
        })?;
        tree.attach(tree.root, document)?;
        Ok(tree)
    }

    /// The same for a file that comes with the program, of which it is known that both readers see the same tree: only
    /// what could be a number or a word of the language is read by both, which takes half the time.
    pub fn parse_own(yaml: &str) -> Result<Self, SyntaxError> {
        let mut tree = Self::find(yaml)?;
        let could_be_more = |text: &str| text.is_empty() || text.starts_with(|c| "+-.~0123456789nNtTfF".contains(c));
        for (at, content) in &mut tree.nodes {
            let Content::Scalar { text, style, value } = content else { continue };
            *value = match *style == ScalarStyle::Plain && could_be_more(text) {
                true => serde_yaml::from_str(&yaml[at.clone()]).unwrap_or_default(),
                false => Value::String(text.clone()),
            };
        }
        Ok(tree)
    }

    /// Finds the nodes of a file; what they mean is not yet known.
    fn find(yaml: &str) -> Result<Self, SyntaxError> {
        let places = Places::new(yaml);
        let mut nodes: Vec<(Range<usize>, Content)> = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        let mut root = None;
        for event in Parser::new_from_str(yaml) {
            let (event, span) = event.map_err(|error| places.error(&error))?;
            let at = places.range(span);
            let refuse = |what: &str, help: &str| {
                Err(SyntaxError { at: at.clone(), what: what.to_owned(), help: help.to_owned() })
            };
            let done = match event {
                Event::Scalar(text, style, ..) => {
                    (at, Content::Scalar { text: text.into_owned(), style, value: Value::Null })
                }
                Event::SequenceStart(..) | Event::MappingStart(..) if open.len() >= DEPTH => {
                    return refuse("lists and maps lie too deep in each other", "");
                }
                Event::SequenceStart(..) => {
                    open.push(Open { at, list: true, children: Vec::new() });
                    continue;
                }
                Event::MappingStart(..) => {
                    open.push(Open { at, list: false, children: Vec::new() });
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let Some(Open { at: start, list, children }) = open.pop() else { continue };
                    // The end of a block lies where the next token starts, behind comments and empty lines.
                    let inner = children.last().map_or(start.end, |last| nodes[*last as usize].0.end);
                    let end = if at.is_empty() { inner } else { at.end };
                    let content = match list {
                        true => Content::List(children),
                        false => Content::Map(pairs(children, &nodes)?),
                    };
                    (start.start..end, content)
                }
                Event::Alias(_) => {
                    return refuse("aliases are not part of the language", "name shared pattern pieces under `define`");
                }
                Event::DocumentStart(_) if root.is_some() => {
                    return refuse("a rules file holds one document", "put the rules of both into one `rules:` list");
                }
                _ => continue,
            };
            nodes.push(done);
            let id = nodes.len() as NodeId - 1;
            match open.last_mut() {
                Some(parent) => parent.children.push(id),
                None => root = Some(id),
            }
        }
        let root = root.unwrap_or_else(|| {
            nodes.push((0..0, Content::Scalar { text: String::new(), style: ScalarStyle::Plain, value: Value::Null }));
            nodes.len() as NodeId - 1
        });
        Ok(Self { nodes, root })
    }

    /// Gives every scalar below a node its value.
    fn attach(&mut self, node: NodeId, read: Value) -> Result<(), SyntaxError> {
        let (at, content) = &mut self.nodes[node as usize];
        let children: Vec<(NodeId, Value)> = match (content, read) {
            (Content::Scalar { text, value, .. }, Value::String(read)) if *text == read => {
                *value = Value::String(read);
                return Ok(());
            }
            (Content::Scalar { value, .. }, read @ (Value::Null | Value::Bool(_) | Value::Number(_))) => {
                *value = read;
                return Ok(());
            }
            (Content::List(items), Value::Sequence(read)) if items.len() == read.len() => {
                items.iter().copied().zip(read).collect()
            }
            (Content::Map(pairs), Value::Mapping(read)) if pairs.len() == read.len() => {
                let both = |((key, value), (read_key, read)): (&(NodeId, NodeId), (Value, Value))| {
                    [(*key, read_key), (*value, read)]
                };
                pairs.iter().zip(read).flat_map(both).collect()
            }
            _ => {
                let what = "two readers of YAML disagree about this value".to_owned();
                return Err(SyntaxError {
                    at: at.clone(),
                    what,
                    help: "write it more plainly, or quote it".to_owned(),
                });
            }
        };
        children.into_iter().try_for_each(|(child, value)| self.attach(child, value))
    }

    /// The outermost node.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// The byte range of a node.
    pub fn at(&self, node: NodeId) -> Range<usize> {
        self.nodes[node as usize].0.clone()
    }

    /// What a node holds.
    pub fn content(&self, node: NodeId) -> &Content {
        &self.nodes[node as usize].1
    }

    /// All nodes, children before parents.
    pub fn nodes(&self) -> impl Iterator<Item = &(Range<usize>, Content)> {
        self.nodes.iter()
    }

    /// The text of a scalar.
    pub fn text(&self, node: NodeId) -> Option<&str> {
        match self.content(node) {
            Content::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// True where nothing is written.
    pub fn is_nothing(&self, node: NodeId) -> bool {
        matches!(self.content(node), Content::Scalar { value: Value::Null, .. })
    }

    /// The key and the value that a map has under a name.
    pub fn entry(&self, map: NodeId, name: &str) -> Option<(NodeId, NodeId)> {
        match self.content(map) {
            Content::Map(pairs) => pairs.iter().copied().find(|(key, _)| self.text(*key) == Some(name)),
            _ => None,
        }
    }

    /// The byte range in the file of a byte range in the text of a scalar; that of the whole scalar where escapes
    /// or folded lines make the way back unclear.
    pub fn inside(&self, yaml: &str, node: NodeId, part: Range<usize>) -> Range<usize> {
        let at = self.at(node);
        let Content::Scalar { text, style, .. } = self.content(node) else { return at };
        let quote = usize::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
        let inner = at.start + quote..at.end.saturating_sub(quote);
        let written = yaml.get(inner.clone()).unwrap_or_default();
        let offset = |to: usize| match style {
            ScalarStyle::SingleQuoted => {
                let quotes = text[..to].matches('\'').count();
                (written.replace("''", "'") == *text).then_some(to + quotes)
            }
            _ => (written == text).then_some(to),
        };
        match (offset(part.start), offset(part.end)) {
            (Some(start), Some(end)) => inner.start + start..inner.start + end,
            _ => at,
        }
    }
}

fn pairs(children: Vec<NodeId>, nodes: &[(Range<usize>, Content)]) -> Result<Vec<(NodeId, NodeId)>, SyntaxError> {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut pairs = Vec::with_capacity(children.len() / 2);
    for pair in children.chunks_exact(2) {
        let (at, content) = &nodes[pair[0] as usize];
        let error = |what: String, help: &str| Err(SyntaxError { at: at.clone(), what, help: help.to_owned() });
        let Content::Scalar { text, .. } = content else {
            return error("a key has to be a word".to_owned(), "to use a text with `{` or `[`, quote it");
        };
        if !seen.insert(text) {
            return error(format!("`{text}` stands here twice"), "keep one of the two");
        }
        pairs.push((pair[0], pair[1]));
    }
    Ok(pairs)
}

/// Turns lines and columns into byte offsets.
struct Places<'y> {
    yaml: &'y str,
    lines: Vec<usize>,
    /// The place asked for last, as line, column and offset: the next one is mostly behind it, perhaps on a long line.
    last: Cell<(usize, usize, usize)>,
}

impl<'y> Places<'y> {
    fn new(yaml: &'y str) -> Self {
        let starts = memchr::memchr_iter(b'\n', yaml.as_bytes()).map(|at| at + 1);
        Self { yaml, lines: std::iter::once(0).chain(starts).collect(), last: Cell::default() }
    }

    fn offset(&self, marker: &Marker) -> usize {
        let Some(start) = self.lines.get(marker.line().saturating_sub(1)) else { return self.yaml.len() };
        let (column, from) = match self.last.get() {
            (line, column, at) if line == marker.line() && column <= marker.col() => (column, at),
            _ => (0, *start),
        };
        let rest = &self.yaml[from..];
        let at = from + rest.char_indices().nth(marker.col() - column).map_or(rest.len(), |(at, _)| at);
        if at < self.yaml.len() {
            self.last.set((marker.line(), marker.col(), at));
        }
        at
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.offset(&span.start);
        let end = self.offset(&span.end).max(start);
        // A block scalar ends where the next token starts.
        start..start + self.yaml[start..end].trim_end().len()
    }

    fn error(&self, error: &ScanError) -> SyntaxError {
        let at = self.offset(error.marker());
        let info = error.info();
        let what = info.rsplit_once(", ").map_or(info, |(_, what)| what);
        SyntaxError { at: at..at, what: format!("this is no YAML: {what}"), help: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PRESETS;

    #[test]
    fn every_node_knows_its_place() {
        let yaml = "# 注\nrules:\n  - id: 甲 # 乙\n    match: 'a''(b'\n\n# 丙\nx: [一, \"二\"]\n";
        let tree = Tree::parse(yaml).unwrap();
        let (_, rules) = tree.entry(tree.root(), "rules").unwrap();
        assert_eq!(&yaml[tree.at(rules)], "- id: 甲 # 乙\n    match: 'a''(b'");
        let Content::List(items) = tree.content(rules) else { panic!() };
        let (key, value) = tree.entry(items[0], "match").unwrap();
        assert_eq!((&yaml[tree.at(key)], tree.text(value).unwrap()), ("match", "a'(b"));
        assert_eq!(&yaml[tree.inside(yaml, value, 2..3)], "(");
        let (_, list) = tree.entry(tree.root(), "x").unwrap();
        assert_eq!(&yaml[tree.at(list)], "[一, \"二\"]");
    }

    #[test]
    fn both_readers_see_the_same_in_the_files_of_the_program() {
        for preset in PRESETS {
            let (tree, own) = (Tree::parse(preset.yaml).unwrap(), Tree::parse_own(preset.yaml).unwrap());
            assert_eq!(format!("{tree:?}"), format!("{own:?}"), "{}", preset.name);
        }
    }

    #[test]
    fn what_has_no_place_in_a_rules_file_is_refused() {
        for (yaml, what) in [
            ("a: 1\na: 2\n", "`a` stands here twice"),
            ("a: &x 1\nb: *x\n", "aliases are not part of the language"),
            ("a: 1\n---\nb: 1\n", "a rules file holds one document"),
            (&"[".repeat(40), "lists and maps lie too deep in each other"),
            ("a: !x b\n", "two readers of YAML disagree about this value"),
        ] {
            assert_eq!(Tree::parse(yaml).unwrap_err().what, what);
        }
    }
}
