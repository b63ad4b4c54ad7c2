//! A rule as written, checked and compiled.
//!
//! Invariant: a `Rule` that comes out of here can run; all that is wrong with a rule is told at once.

use std::ops::Range;

use super::region::Region;
use super::when::Condition;
use super::yaml::{Marked, NodeId, ReadError};
use super::{RawTest, Rule, Safety, Test};
use crate::rules::{Defines, Fault, Kind, PatternError, RawRule};

/// What is wrong with a rule. The place is the node; without one the field of the rule; without either the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The node that is at fault.
    pub node: Option<NodeId>,
    /// The byte range of the text of that node.
    pub part: Option<Range<usize>>,
    /// The field of the rule that is at fault.
    pub field: Option<&'static str>,
    /// What is wrong.
    pub what: String,
    /// What to do; may be empty.
    pub help: String,
}

impl Problem {
    /// Something is wrong with a rule as a whole.
    pub fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { node: None, part: None, field: None, what: what.into(), help: help.into() }
    }

    /// Something is wrong with a node.
    pub fn node(node: Option<NodeId>, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { node, ..Self::new(what, help) }
    }

    /// Something is wrong with a field.
    pub fn field(field: &'static str, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { field: Some(field), ..Self::new(what, help) }
    }
}

impl From<PatternError> for Problem {
    fn from(error: PatternError) -> Self {
        let message = error.to_string();
        let (what, help) = message.split_once("; ").unwrap_or((&message, ""));
        Self { part: error.part, ..Self::node(error.node, what, help) }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Pattern(error) => error.into(),
            Fault::Fields { what, help } => Self::new(what, help),
        }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        Self::node(error.node, error.what, error.help)
    }
}

/// Keeps what is right and notes what is wrong.
struct Checked(Vec<Problem>);

impl Checked {
    fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.0.push(problem)).ok()
    }
}

/// A rule of its own.
pub fn rule(mut raw: RawRule, defines: &Defines, origin: &str) -> Result<Rule, Vec<Problem>> {
    let mut checked = Checked(Vec::new());
    let id = checked.keep(id(raw.id.take()));
    let body = body(&mut raw, defines).transpose().unwrap_or_else(|| {
        Err(Problem::new("the rule does nothing", "add an action, such as `remove:`; the reference lists all"))
    });
    let body = checked.keep(body);
    let (Some(id), Some((kind, body))) = (id, body) else { return Err(rest(raw, defines, checked)) };
    let mut rule = Rule {
        id: id.into(),
        about: String::new(),
        tags: Vec::new(),
        safety: Safety::default(),
        place: Region::default(),
        when: Condition::default(),
        limit: None,
        kind,
        body,
        tests: Vec::new(),
        origin: origin.into(),
        yaml: String::new(),
        changed_by: None,
    };
    checked.0.extend(fields(&mut rule, raw, defines).err().unwrap_or_default());
    if checked.0.is_empty() { Ok(rule) } else { Err(checked.0) }
}

/// Changes the given fields of a rule.
pub fn patch(rule: &mut Rule, mut raw: RawRule, defines: &Defines, origin: &str) -> Result<(), Vec<Problem>> {
    let mut checked = Checked(Vec::new());
    if raw.id.is_some() {
        checked.0.push(Problem::field("id", "an override cannot change the id", "leave the field out"));
    }
    if let Some(Some((kind, body))) = checked.keep(body(&mut raw, defines)) {
        (rule.kind, rule.body) = (kind, body);
    }
    rule.changed_by = Some(origin.into());
    checked.0.extend(fields(rule, raw, defines).err().unwrap_or_default());
    if checked.0.is_empty() { Ok(()) } else { Err(checked.0) }
}

/// Looks at the other fields of a rule that cannot be made.
fn rest(raw: RawRule, defines: &Defines, mut checked: Checked) -> Vec<Problem> {
    if let Some(place) = raw.r#where {
        checked.keep(Region::new(place, defines));
    }
    if let Some(when) = raw.when {
        checked.keep(Condition::new(when, defines));
    }
    for test in raw.tests.into_iter().flatten() {
        checked.keep(Test::try_from(test));
    }
    checked.0
}

/// Everything but id and body.
fn fields(rule: &mut Rule, raw: RawRule, defines: &Defines) -> Result<(), Vec<Problem>> {
    let mut checked = Checked(Vec::new());
    if raw.before.is_some() && raw.after.is_some() {
        checked.0.push(Problem::field("after", "a rule runs before another or after one", "keep one of the two"));
    }
    if let Some(about) = raw.about {
        rule.about = about;
    }
    if let Some(tags) = raw.tags {
        rule.tags = tags;
    }
    if let Some(safety) = raw.safety {
        rule.safety = safety;
    }
    if let Some(limit) = raw.limit {
        rule.limit = Some(limit);
    }
    if let Some(place) = raw.r#where.and_then(|place| checked.keep(Region::new(place, defines))) {
        rule.place = place;
    }
    if let Some(when) = raw.when.and_then(|when| checked.keep(Condition::new(when, defines))) {
        rule.when = when;
    }
    if let Some(tests) = raw.tests {
        rule.tests = tests.into_iter().filter_map(|test| checked.keep(Test::try_from(test))).collect();
    }
    if checked.0.is_empty() { Ok(()) } else { Err(checked.0) }
}

type Body = (&'static str, Box<dyn Kind>);

fn body(raw: &mut RawRule, defines: &Defines) -> Result<Option<Body>, Problem> {
    match raw.kinds()[..] {
        [] => Ok(None),
        [kind] => match raw.compile(defines) {
            Some(Ok(body)) => Ok(Some((kind, body))),
            Some(Err(fault)) => Err(Problem { field: Some(kind), ..fault.into() }),
            None => Ok(None),
        },
        [_, second, ..] => {
            let all = raw.kinds().join(", ");
            Err(Problem::field(second, format!("the rule does several things at once: {all}"), "make a rule of each"))
        }
    }
}

fn id(id: Option<String>) -> Result<String, Problem> {
    let Some(id) = id else {
        return Err(Problem::new("the rule has no id", "add `id:` and the name of the unwanted thing"));
    };
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    match id.split('-').all(word) {
        true => Ok(id),
        false => Err(Problem::field(
            "id",
            format!("the id `{id}` is not kebab-case"),
            "use small letters, digits and hyphens, as in page-number-line",
        )),
    }
}

impl TryFrom<Marked<RawTest>> for Test {
    type Error = Problem;

    fn try_from(raw: Marked<RawTest>) -> Result<Self, Self::Error> {
        let RawTest { r#in, out, keep, todo } = raw.value;
        match (r#in, out, keep) {
            (Some(before), Some(after), None) if before == after => {
                Err(Problem::node(raw.node, "the test changes nothing", "write `keep:` with the text"))
            }
            (Some(before), Some(after), None) => Ok(Test { before, after, todo }),
            (None, None, Some(text)) => Ok(Test { after: text.clone(), before: text, todo }),
            _ => Err(Problem::node(raw.node, "the test is not whole", "write `in:` with `out:`, or `keep:`")),
        }
    }
}
