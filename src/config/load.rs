//! Reads a rules file and all that it extends into one chain.
//!
//! Invariant: a file that is read twice on one path through `extends` is an error; patterns see the definitions of
//! their own file and of what it extends, never those of a file that extends it, so that a name chosen in one
//! file cannot change the rules of another.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::compile::{self, Problem};
use super::error::{File, Mistake};
use super::order::{self, Place};
use super::preset::PRESETS;
use super::raw::RawRules;
use super::yaml::{Content, Later, Marked, NodeId, Tree};
use super::{ConfigError, Entry, Rule, traps};
use crate::rules::{Defines, KINDS, RawRule};

/// How the bytes of a file are read.
pub type Read<'r> = &'r dyn Fn(&Path) -> io::Result<Vec<u8>>;

/// What to do about a file that does not begin as it should.
const BEGINNING: &str = "a rules file begins with `version: 1`";

/// What a file comes to, together with what it extends.
#[derive(Default)]
pub(crate) struct Loaded {
    pub entries: Vec<Entry>,
    pub defines: Defines,
    /// This file and all it extends, itself first.
    pub files: Vec<Arc<File>>,
}

pub(crate) struct Loader<'r> {
    pub(super) read: Option<Read<'r>>,
    /// The files being read, each because the one before extends it.
    pub(super) open: Vec<String>,
    mistakes: Vec<Mistake>,
}

/// One file while it is being read.
pub(super) struct Current {
    pub(super) file: Arc<File>,
    tree: Tree,
    /// True where something it extends could not be read, so that unknown names mean nothing.
    pub(super) incomplete: bool,
}

impl Current {
    fn text(&self, node: NodeId) -> &str {
        &self.file.text[self.tree.at(node)]
    }
}

impl<'r> Loader<'r> {
    pub fn new(read: Option<Read<'r>>) -> Self {
        Self { read, open: Vec::new(), mistakes: Vec::new() }
    }

    /// Reads a file given as text.
    pub fn text(mut self, name: &str, text: &str) -> Result<Loaded, ConfigError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let loaded = self.file(File { name: name.to_owned(), text });
        match ConfigError::of(self.mistakes) {
            None => Ok(loaded.unwrap_or_default()),
            Some(error) => Err(error),
        }
    }

    /// Reads a file by its path.
    pub fn path(mut self, path: &Path) -> Result<Loaded, ConfigError> {
        let loaded = match self.open_file(path) {
            Ok(file) => self.file(file),
            Err(why) => {
                let file = Arc::new(File { name: path.display().to_string(), text: String::new() });
                self.mistakes.push(Mistake::new(&file, None, why));
                None
            }
        };
        match ConfigError::of(self.mistakes) {
            None => Ok(loaded.unwrap_or_default()),
            Some(error) => Err(error),
        }
    }

    /// `None` where there are mistakes.
    pub(super) fn file(&mut self, file: File) -> Option<Loaded> {
        let before = self.mistakes.len();
        let file = Arc::new(file);
        self.open.push(file.name.clone());
        let loaded = self.read_file(&file);
        self.open.pop();
        loaded.filter(|_| self.mistakes.len() == before)
    }

    fn read_file(&mut self, file: &Arc<File>) -> Option<Loaded> {
        let own = PRESETS.iter().any(|preset| preset.yaml == file.text);
        let read = if own { Tree::parse_own } else { Tree::parse };
        let tree = match read(&file.text) {
            Ok(tree) => tree,
            Err(error) => {
                self.mistakes.push(traps::explain(file, &error));
                return None;
            }
        };
        let slips = traps::find(file, &tree);
        if !slips.is_empty() {
            self.mistakes.extend(slips);
            return None;
        }
        if tree.is_nothing(tree.root()) {
            let mistake = Mistake::new(file, None, "the file is empty");
            self.mistakes.push(mistake.help(BEGINNING));
            return None;
        }
        let raw: RawRules = match tree.read(tree.root()) {
            Ok(raw) => raw,
            Err(error) => {
                let mistake = Mistake::new(file, error.node.map(|node| tree.at(node)), error.what).help(error.help);
                self.mistakes.push(mistake);
                return None;
            }
        };
        let mut current = Current { file: file.clone(), tree, incomplete: false };
        let fault = match &raw.version {
            Some(version) if version.value == 1 => None,
            Some(other) => {
                Some((other.node, format!("version {} is not known", other.value), "this program reads version 1"))
            }
            None => Some((None, "the file does not say its version".to_owned(), BEGINNING)),
        };
        if let Some((node, what, help)) = fault {
            self.at(&current, node, (what, help.to_owned()));
            return None;
        }
        let mut loaded = self.extends(&mut current, &raw);
        loaded.files.insert(0, file.clone());
        self.defines(&current, &raw, &mut loaded);
        self.rules(&current, &raw, &mut loaded);
        self.disable(&current, &raw, &mut loaded);
        Some(loaded)
    }

    fn defines(&mut self, current: &Current, raw: &RawRules, loaded: &mut Loaded) {
        loaded.defines.add(raw.define.clone());
        let Some((_, map)) = current.tree.entry(current.tree.root(), "define") else { return };
        let Content::Map(pairs) = current.tree.content(map) else { return };
        for &(key, value) in pairs {
            let name = current.tree.text(key).unwrap_or_default();
            if name.contains(['{', '}']) || name.trim() != name || name.is_empty() {
                let help = "use letters, digits and _".to_owned();
                self.at(current, Some(key), (format!("`{name}` cannot be the name of a definition"), help));
                continue;
            }
            let source: Result<crate::rules::Source, _> = current.tree.read(value);
            if let Some(Err(error)) = source.ok().map(|source| source.check_piece(&loaded.defines)) {
                self.problem(current, value, None, error.into());
            }
        }
    }

    fn rules(&mut self, current: &Current, raw: &RawRules, loaded: &mut Loaded) {
        let inherited = loaded.entries.len();
        let mut places: Vec<Place> = Vec::new();
        let mut read = Vec::new();
        for (number, later) in (1..).zip(&raw.rules) {
            let id = current.tree.entry(later.node(), "id").and_then(|(_, value)| current.tree.text(value));
            let subject = id.map_or_else(|| format!("rule {number}"), |id| format!("rule `{id}`"));
            let Some(mut rule) = self.read_rule(current, later, &subject) else { continue };
            let place = Place::take(&mut rule);
            read.push((later, subject, place, rule));
        }
        let (defines, file) = (&loaded.defines, &current.file.name);
        // To read patterns is most of what a start takes.
        let compiled = read
            .into_par_iter()
            .map(|(later, subject, place, rule)| (later, subject, place, compile::rule(rule, defines, file)));
        for (later, subject, place, rule) in compiled.collect::<Vec<_>>() {
            let rule = match rule {
                Ok(rule) => Rule { yaml: current.text(later.node()).to_owned(), ..rule },
                Err(problems) => {
                    for problem in problems {
                        self.problem(current, later.node(), Some(&subject), problem);
                    }
                    continue;
                }
            };
            let id = current.tree.entry(later.node(), "id").map(|(_, value)| value);
            match loaded.entries.iter().position(|known| known.rule.id == rule.id) {
                Some(at) => self.duplicate(current, id, &loaded.entries[at], at < inherited),
                None => {
                    places.extend(place.map(|place| Place { rule: rule.id.clone(), ..place }));
                    loaded.entries.push(Entry { rule, off: None, node: id });
                }
            }
        }
        let Some((_, map)) = current.tree.entry(current.tree.root(), "override") else {
            return self.place(current, places, loaded);
        };
        for (id, later) in &raw.r#override {
            let Some(at) = loaded.entries.iter().position(|entry| *entry.rule.id == **id) else {
                let key = current.tree.entry(map, id).map(|(key, _)| key);
                self.unknown(current, key, id, &loaded.entries);
                continue;
            };
            let subject = format!("rule `{id}`");
            let Some(mut rule) = self.read_rule(current, later, &subject) else { continue };
            let rule_id = loaded.entries[at].rule.id.clone();
            places.extend(Place::take(&mut rule).map(|place| Place { rule: rule_id, ..place }));
            let patched = compile::patch(&mut loaded.entries[at].rule, rule, &loaded.defines, &current.file.name);
            for problem in patched.err().unwrap_or_default() {
                self.problem(current, later.node(), Some(&subject), problem);
            }
        }
        self.place(current, places, loaded);
    }

    /// A rule as written.
    fn read_rule(&mut self, current: &Current, later: &Later<RawRule>, subject: &str) -> Option<RawRule> {
        let node = later.node();
        let rule = later.read(&current.tree).map_err(Problem::from).and_then(|rule| {
            let written = |kind: &&str| current.tree.entry(node, kind).is_some();
            match KINDS.iter().map(|kind| kind.name).find(|kind| written(kind) && !rule.kinds().contains(kind)) {
                None => Ok(rule),
                Some(kind) => Err(Problem::field(
                    kind,
                    format!("nothing stands behind `{kind}:`"),
                    format!("indent its fields below it, or write `{kind}: {{}}` if it needs none"),
                )),
            }
        });
        rule.map_err(|problem| self.problem(current, node, Some(subject), problem)).ok()
    }

    fn duplicate(&mut self, current: &Current, id: Option<NodeId>, known: &Entry, inherited: bool) {
        let at = id.map(|id| current.tree.at(id));
        let mistake = Mistake::new(&current.file, at, format!("another rule has the id `{}`", known.rule.id));
        self.mistakes.push(match known.node.filter(|_| !inherited) {
            Some(first) => mistake.other(current.tree.at(first), "first here").help("give one of the two another id"),
            None => mistake.help(format!(
                "it comes from {}; to change it, name it under `override`, or else choose another id",
                known.rule.origin
            )),
        });
    }

    fn place(&mut self, current: &Current, places: Vec<Place>, loaded: &mut Loaded) {
        for (node, problem) in order::arrange(&mut loaded.entries, places) {
            match problem {
                order::Problem::Unknown(id) => self.unknown(current, node, &id, &loaded.entries),
                order::Problem::Circle => {
                    let what = "these rules wait for one another".to_owned();
                    self.at(current, node, (what, "leave out one `before:` or `after:`".to_owned()));
                }
            }
        }
    }

    fn disable(&mut self, current: &Current, raw: &RawRules, loaded: &mut Loaded) {
        for name in &raw.disable {
            let mut found = false;
            for entry in loaded.entries.iter_mut().filter(|entry| entry.rule.is_called(&name.value)) {
                entry.off = Some(format!("disabled in {}", current.file.name));
                found = true;
            }
            if !found {
                self.unknown(current, name.node, &name.value, &loaded.entries);
            }
        }
    }

    /// A name that no rule has.
    fn unknown(&mut self, current: &Current, node: Option<NodeId>, name: &str, entries: &[Entry]) {
        if !current.incomplete {
            let (what, help) = super::unknown(name, entries.iter().map(|entry| &entry.rule));
            self.at(current, node, (what, help));
        }
    }

    pub(super) fn at(&mut self, current: &Current, node: Option<NodeId>, (what, help): (String, String)) {
        let at = node.map(|node| current.tree.at(node));
        self.mistakes.push(Mistake::new(&current.file, at, what).help(help));
    }

    fn problem(&mut self, current: &Current, rule: NodeId, subject: Option<&str>, problem: Problem) {
        let Problem { node, part, field, what, help } = problem;
        let field = || {
            let (key, value) = current.tree.entry(rule, field?)?;
            Some(if current.tree.text(value).is_some_and(|text| !text.is_empty()) { value } else { key })
        };
        let node = node.or_else(field).unwrap_or(rule);
        let at = match part {
            Some(part) => current.tree.inside(&current.file.text, node, part),
            None => current.tree.at(node),
        };
        let what = subject.map_or(what.clone(), |subject| format!("{subject}: {what}"));
        self.mistakes.push(Mistake::new(&current.file, at, what).help(help));
    }
}

impl Place {
    /// Takes the placing out of a rule.
    fn take(rule: &mut RawRule) -> Option<Self> {
        let new = |target: Marked<String>, after| Place {
            rule: Default::default(),
            target: target.value,
            node: target.node,
            after,
        };
        match (&rule.before, &rule.after) {
            (Some(_), None) => rule.before.take().map(|target| new(target, false)),
            (None, Some(_)) => rule.after.take().map(|target| new(target, true)),
            _ => None,
        }
    }
}
