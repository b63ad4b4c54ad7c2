//! What came of an undo.
//!
//! Invariant: a file is told of as refused only once no log has brought it back.

use std::collections::HashSet;
use std::io;

use descrape::log::Name;

use crate::cmd::Console;

/// What came of a part of a log.
pub enum Came {
    /// It was put back.
    Restored(Name),
    /// The document was put back, in a file that had to be packed anew.
    Repacked(Name),
    /// It is there already, byte for byte.
    There(Name),
    /// It was refused.
    Refused {
        /// Which file; `None` for a piece of the log.
        name: Option<Name>,
        /// Why.
        why: String,
        /// There is no clean text, and a clean that was interrupted may not have come to putting one there.
        never_was: bool,
    },
    /// The log breaks off; where.
    Cut(String),
    /// The end of the log.
    End(Ended),
}

/// How a log ends that does not break off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It has every file of the clean.
    Whole,
    /// The clean was stopped, or there were files that could not be cleaned.
    Early,
}

/// Counts of a run.
pub struct Tally {
    restored: u64,
    there: u64,
    refused: u64,
    ended: Option<Ended>,
    /// The files that are back, where there are more logs that may speak of them.
    back: Option<HashSet<Name>>,
    /// Those that another log may bring back, or that the end of this one excuses.
    pending: Vec<(Name, String, bool)>,
}

impl Tally {
    /// No counts yet. `more` where several logs speak of the same files.
    pub fn new(more: bool) -> Self {
        let back = more.then(HashSet::new);
        Self { restored: 0, there: 0, refused: 0, ended: None, back, pending: Vec::new() }
    }

    /// Counts what came of a part.
    pub fn add(&mut self, console: &mut Console, came: Came) -> io::Result<()> {
        match came {
            Came::Restored(name) => {
                self.restored += 1;
                self.came_back(name);
            }
            Came::Repacked(name) => {
                self.restored += 1;
                console.warn(format_args!("{name}: the document is as it was, byte for byte; its file was packed anew"));
                self.came_back(name);
            }
            Came::There(name) => {
                self.there += 1;
                self.came_back(name);
            }
            Came::Refused { name: Some(name), why, never_was } if never_was || self.back.is_some() => {
                self.pending.push((name, why, never_was));
            }
            Came::Refused { why, .. } => {
                self.refused += 1;
                console.error(why);
            }
            Came::Cut(why) => console.warn(why),
            Came::End(ended) => self.ended = Some(ended),
        }
        Ok(())
    }

    fn came_back(&mut self, name: Name) {
        if let Some(back) = &mut self.back {
            back.insert(name);
        }
    }

    /// The files that are back, for as long as another log is read.
    pub fn take_back(&mut self) -> HashSet<Name> {
        self.back.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Gives them back.
    pub fn give_back(&mut self, names: HashSet<Name>) {
        if let Some(back) = &mut self.back {
            back.extend(names);
        }
    }

    /// Whether the log has an end.
    pub fn has_end(&self) -> bool {
        self.ended.is_some()
    }

    /// Whether the log has every file.
    pub fn is_whole(&self) -> bool {
        self.ended == Some(Ended::Whole)
    }

    /// Tells the counts. How many were refused.
    pub fn tell(&mut self, console: &Console) -> u64 {
        let (back, whole) = (self.take_back(), self.is_whole());
        // The newest log has spoken first.
        let mut told = HashSet::new();
        let mut not_reached = 0;
        for (name, why, never_was) in std::mem::take(&mut self.pending) {
            if back.contains(&name) || !told.insert(name) {
                continue;
            }
            match never_was && !whole {
                true => not_reached += 1,
                false => {
                    self.refused += 1;
                    console.error(why);
                }
            }
        }
        let mut counts = format!("restored {}", self.restored);
        for (count, what) in [(self.there, "already there"), (not_reached, "not reached"), (self.refused, "refused")] {
            if count > 0 {
                counts += &format!(", {count} {what}");
            }
        }
        console.note(counts);
        self.refused
    }
}
