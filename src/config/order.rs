//! Puts rules before or after others.
//!
//! Invariant: no rule is lost or doubled, and rules without a wish keep their order.

use std::sync::Arc;

use super::Entry;
use super::yaml::NodeId;

/// The wish of a rule to stand right before or after another.
#[derive(Debug)]
pub struct Place {
    /// The rule that wishes.
    pub rule: Arc<str>,
    /// The id of the other.
    pub target: String,
    /// Where the id is written.
    pub node: Option<NodeId>,
    /// After the other, not before it.
    pub after: bool,
}

/// Why a wish cannot be met.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    /// No rule has this id.
    Unknown(String),
    /// The rule waits for itself.
    Circle,
}

/// Meets all wishes. Rules that wish to stand at the same place keep their order among themselves.
pub fn arrange(entries: &mut Vec<Entry>, places: Vec<Place>) -> Vec<(Option<NodeId>, Problem)> {
    let mut problems = Vec::new();
    let mut waiting = Vec::new();
    for place in places {
        match entries.iter().any(|entry| *entry.rule.id == *place.target) {
            true => waiting.push(place),
            false => problems.push((place.node, Problem::Unknown(place.target))),
        }
    }
    let mut moved = Vec::new();
    for place in &waiting {
        if let Some(at) = position(entries, &place.rule) {
            moved.push(entries.remove(at));
        }
    }
    // Whoever stands behind a target because of a wish; the next one goes behind him.
    let mut behind: Vec<(String, Arc<str>)> = Vec::new();
    loop {
        let ready = waiting.iter().position(|place| position(entries, &place.target).is_some());
        let Some(ready) = ready else { break };
        let place = waiting.remove(ready);
        let Some(entry) = moved.iter().position(|entry| entry.rule.id == place.rule).map(|at| moved.remove(at)) else {
            continue;
        };
        let last = behind.iter().rev().find(|(target, _)| *target == place.target).map(|(_, last)| last.clone());
        let anchor = if place.after { last } else { None };
        let at = position(entries, anchor.as_deref().unwrap_or(&place.target)).unwrap_or(entries.len());
        entries.insert(at + usize::from(place.after), entry);
        if place.after {
            behind.push((place.target, place.rule));
        }
    }
    problems.extend(waiting.iter().map(|place| (place.node, Problem::Circle)));
    entries.extend(moved);
    problems
}

fn position(entries: &[Entry], id: &str) -> Option<usize> {
    entries.iter().position(|entry| *entry.rule.id == *id)
}
