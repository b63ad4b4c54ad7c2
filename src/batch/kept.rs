//! Files that need not be cleaned again.
//!
//! Invariant: what is told of such a file, and its records in the log, are what cleaning it would give.

use std::sync::Arc;

use super::journal::Places;
use super::one::{Came, Facts, Made, unreadable};
use super::{Batch, Unchanged};
use crate::chain::Change;
use crate::earlier::{Kept, KeptRows, change};
use crate::fight::fights;
use crate::log::{File, Record};
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
                let changed = |kept: &Kept| kept.file.in_hash != kept.file.out_hash;
                stays().filter(|_| nothing()).or_else(|| other().filter(changed))
            }
            Target::Folder(_) => self.earlier.kept(&made.name, &places.out(entry), place, bytes),
            Target::Stdout | Target::Nowhere => None,
        };
        let Some(kept) = kept else { return Ok(None) };
        let facts = facts(&kept);
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
        let (_, hash) = read::sum(input).map_err(unreadable)?;
        Ok(match self.target {
            Target::InPlace => {
                let done = self.earlier.done_rows(&made.name, input, hash);
                done.map_err(|why| Came::Failed { what: "left as it is", why: why.to_owned() })?
            }
            Target::Folder(_) if self.unchanged == Unchanged::Skip => {
                let stays = || self.earlier.kept_rows(&made.name, &places.input(entry), input, hash);
                let nothing = || place.symlink_metadata().is_err();
                let other = || self.earlier.kept_rows(&made.name, &places.out(entry), place, hash);
                let changed = |kept: &KeptRows| kept.file.in_hash != kept.file.out_hash;
                stays().filter(|_| nothing()).or_else(|| other().filter(changed))
            }
            Target::Folder(_) => self.earlier.kept_rows(&made.name, &places.out(entry), place, hash),
            Target::Stdout | Target::Nowhere => None,
        })
    }

    /// What is told of such a file.
    pub(super) fn facts_of_rows(kept: KeptRows) -> Facts {
        Facts { held: kept.held.into_iter().collect(), fights: kept.fights, ..facts_of(&kept.file) }
    }
}

fn facts(kept: &Kept) -> Facts {
    let Kept { file, others, .. } = kept;
    let changes = others.iter().filter_map(|record| match record {
        Record::Change(made) => Some(change(made)),
        _ => None,
    });
    let changes: Vec<Change> = changes.collect();
    let held = others.iter().filter_map(|record| match record {
        Record::Held(held) => Some(Arc::from(&*held.rule)),
        _ => None,
    });
    Facts { held: held.collect(), fights: fights(&changes), ..facts_of(file) }
}

/// What the record of a file says.
fn facts_of(file: &File) -> Facts {
    let packed = file.packed.as_ref();
    let changed = packed.map_or(file.in_hash != file.out_hash, |packed| packed.in_hash != packed.out_hash);
    Facts {
        encoding: file.source.encoding,
        sure: file.source.sure,
        runner_up: file.source.runner_up,
        bom: file.source.bom,
        line_ends: !file.source.line_ends.is_lf(),
        bad: file.source.bad_bytes(),
        in_bytes: file.in_bytes,
        out_bytes: file.out_bytes,
        changed,
        kept: true,
        repacked: changed && packed.is_some_and(|packed| packed.recipe.is_none()),
        rules: file.rules.clone(),
        rows: file.rows,
        alone: Vec::new(),
        held: Vec::new(),
        fights: Vec::new(),
        diff: None,
        text: None,
    }
}
