//! Files that need not be cleaned again.
//!
//! Invariant: what is told of such a file, and its records in the log, are what cleaning it would give.

use std::path::Path;

use super::came::{Came, Facts, Findings, Made};
use super::journal::Places;
use super::one::unreadable;
use super::{Batch, Unchanged};
use crate::earlier::{KeptRows, Said};
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
            Target::Folder(_) => {
                let look = |out: &Path, place: &Path| self.earlier.kept(&made.name, out, place, bytes);
                self.left_in_folder(entry, made, places, place, look, |kept| &kept.file)
            }
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
            Target::Folder(_) => {
                let look = |out: &Path, place: &Path| self.earlier.kept_rows(&made.name, out, place, hash);
                self.left_in_folder(entry, made, places, place, look, |kept| &kept.file)
            }
            Target::Stdout | Target::Nowhere => None,
        })
    }

    /// What an earlier clean left of a file in the folder for results, or of one that was clean already and has no copy
    /// there. `look` looks for it at a place, which the log calls so.
    fn left_in_folder<K>(
        &self,
        entry: &Entry,
        made: &Made,
        places: &Places,
        place: &Path,
        look: impl Fn(&Path, &Path) -> Option<K>,
        file: impl Fn(&K) -> &File,
    ) -> Option<K> {
        let there = || look(&places.out(entry), place);
        if self.unchanged != Unchanged::Skip {
            return there();
        }
        let stays = look(&places.input(entry), &made.done.input).filter(|_| place.symlink_metadata().is_err());
        stays.or_else(|| there().filter(|kept| file(kept).sides.differ()))
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
