//! Where the lines of a file of JSON Lines are written.
//!
//! Invariant: a file whose lines are clean is copied as it is, whatever packing its lines anew would give.

use std::fs::Metadata;
use std::io::{self, Write};
use std::path::Path;

use crate::batch::Batch;
use crate::batch::came::Made;
use crate::batch::journal::Places;
use crate::log::{Hasher, Side};
use crate::target::Target;
use crate::walk::Entry;
use crate::write::{Staged, Staging};
use crate::{pack, read};

/// A file that lines are written to.
pub enum Sheet {
    Plain(Box<Hashed>),
    Packed(Box<pack::Writer<Hashed>>),
}

/// A file whose bytes are counted and hashed.
pub struct Hashed {
    file: Staging,
    sum: Hasher,
}

impl Batch<'_> {
    /// Where the lines are written, if anywhere.
    pub(super) fn sheet(&self, made: &Made, manner: Option<&pack::Manner>) -> io::Result<Option<Sheet>> {
        let writes = matches!(self.target, Target::Folder(_) | Target::InPlace);
        let Some(place) = made.done.place.as_deref().filter(|_| writes) else { return Ok(None) };
        let file = Hashed { file: Staging::new(place, &self.tag)?, sum: Hasher::default() };
        Ok(Some(match manner {
            Some(manner) => Sheet::Packed(Box::new(manner.writer(file, None)?)),
            None => Sheet::Plain(Box::new(file)),
        }))
    }

    /// Stages what was written, or what is to stand in its place; gives its sum.
    #[allow(clippy::too_many_arguments, reason = "a file and what became of it")]
    pub(super) fn settle(
        &self,
        entry: &Entry,
        made: &mut Made,
        places: Option<&Places>,
        sheet: Sheet,
        before: Side,
        changed: bool,
        was: Option<Metadata>,
    ) -> io::Result<Side> {
        let Hashed { file, sum } = sheet.finish()?;
        let sum = if changed { sum.sum() } else { before };
        made.staged = match (self.target, was) {
            (Target::InPlace, Some(was)) if changed => Some(file.finish_over(&was)?),
            (Target::Folder(_), Some(was)) => {
                let write = || if changed { Ok(file.finish()) } else { self.copy_of(made, before) };
                self.stage_in_folder(entry, made, places, sum, &was, changed, write)?
            }
            _ => None,
        };
        Ok(sum)
    }

    /// A copy of a file that has this sum.
    fn copy_of(&self, made: &Made, sum: Side) -> io::Result<Staged> {
        let place = made.done.place.as_deref().unwrap_or(Path::new(""));
        let mut copy = Hashed { file: Staging::new(place, &self.tag)?, sum: Hasher::default() };
        io::copy(&mut read::open(&made.done.input)?.0, &mut copy)?;
        match copy.sum.sum() == sum {
            true => Ok(copy.file.finish()),
            false => Err(io::Error::other("it changed meanwhile")),
        }
    }
}

impl Sheet {
    fn finish(self) -> io::Result<Hashed> {
        match self {
            Self::Plain(file) => Ok(*file),
            Self::Packed(writer) => writer.finish(),
        }
    }
}

impl Write for Sheet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Packed(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let len = self.file.write(bytes)?;
        self.sum.update(&bytes[..len]);
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
