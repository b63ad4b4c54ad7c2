//! Files that need not be cleaned again.
//!
//! Invariant: what is told of such a file, and its records in the log, are what cleaning it would give.

use super::came::{Came, Facts, Findings, Made};
use super::journal::Places;
use super::one::unreadable;
use super::{Batch, Unchanged};
use crate::earlier::{Kept, KeptRows, Said};
use crate::log::File;
use crate::read;
use crate::target::Target;
use crate::walk::Entry;

impl Batch<'_> {
    /// What an earlier clean found out about a file that now is these bytes; `None` where it is to be cleaned.
    pub(super) fn keep(
        &self,
        entry: &Entry,
        made: &mut Made,
        places: Option<&Places>,
        bytes: &[u8],
    ) -> Result<Option<Facts>, Came> {
        let (Some(places), Some(place)) = (places, &made.done.place) else { return Ok(None) };
        let kept = match self.target {
            Target::InPlace => {
                let done = self.earlier.done(&made.name, bytes);
                done.map_err(|why| Came::Failed { what: "left as it is", why: why.to_owned() })?
            }
            // Where files that are clean already have no copy, there is nothing to look for.
            Target::Folder(_) if self.unchanged == Unchanged::Skip => {
                let stays = || self.earlier.kept(&made.name, &places.input(entry), &made.done.input, bytes);
                let nothing = || place.symlink_metadata().is_err();
                let other = || self.earlier.kept(&made.name, &places.out(entry), place, bytes);
                let changed = |kept: &Kept| kept.file.sides.differ();
                stays().filter(|_| nothing()).or_else(|| other().filter(changed))
            }
            Target::Folder(_) => self.earlier.kept(&made.name, &places.out(entry), place, bytes),
            Target::Stdout | Target::Nowhere => None,
        };
        let Some(kept) = kept else { return Ok(None) };
        let facts = facts(&kept.file, kept.said);
        made.lines = kept.lines;
        Ok(Some(facts))
    }

    /// The same for a file of JSON Lines, which may be too long for the memory.
    pub(super) fn keep_rows(
        &self,
        entry: &Entry,
        made: &Made,
        places: Option<&Places>,
    ) -> Result<Option<KeptRows<'_>>, Came> {
        let (Some(places), Some(place)) = (places, &made.done.place) else { return Ok(None) };
        if !self.earlier.has_rows(&made.name) {
            return Ok(None);
        }
        let input = &made.done.input;
        let hash = read::sum(input).map_err(unreadable)?.hash;
        Ok(match self.target {
            Target::InPlace => {
                let done = self.earlier.done_rows(&made.name, input, hash);
                done.map_err(|why| Came::Failed { what: "left as it is", why: why.to_owned() })?
            }
            Target::Folder(_) if self.unchanged == Unchanged::Skip => {
                let stays = || self.earlier.kept_rows(&made.name, &places.input(entry), input, hash);
                let nothing = || place.symlink_metadata().is_err();
                let other = || self.earlier.kept_rows(&made.name, &places.out(entry), place, hash);
                let changed = |kept: &KeptRows| kept.file.sides.differ();
                stays().filter(|_| nothing()).or_else(|| other().filter(changed))
            }
            Target::Folder(_) => self.earlier.kept_rows(&made.name, &places.out(entry), place, hash),
            Target::Stdout | Target::Nowhere => None,
        })
    }
}

/// What is told of such a file.
pub(super) fn facts(file: &File, said: Said) -> Facts {
    let findings = Findings { rules: said.rules, held: said.held, fights: file.fights.clone() };
    let document = file.packed.as_ref().map_or(file.sides, |packed| packed.sides);
    let repacked = file.packed.as_ref().is_some_and(|packed| packed.recipe.is_none());
    Facts {
        changed: document.differ(),
        repacked: document.differ() && repacked,
        rows: file.rows,
        kept: true,
        ..Facts::new(&file.source, file.sides, findings)
    }
}
