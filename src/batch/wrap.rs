//! A document in a packed file: out of it, and its clean text into one like it.
//!
//! Invariant: a file whose document is clean stays as it is, byte for byte.

use std::borrow::Cow;

use super::Came;
use crate::decode::{self, Source};
use crate::log::{Packed, Sides};
use crate::pack::{self, Format, Manner, Recipe};
use crate::read;

/// A packed file.
pub(super) struct Wrap {
    format: Format,
    packed: Vec<u8>,
}

impl Wrap {
    /// The document in a file of these bytes, and what it was in. Only the beginning of a document that is no text.
    pub fn open(bytes: Vec<u8>, limit: u64) -> Result<(Vec<u8>, Option<Self>), Came> {
        let Some(format) = Format::of(&bytes) else { return Ok((bytes, None)) };
        let document = pack::unpack(&bytes, format, limit, |beginning| decode::detect(beginning).is_ok());
        let document = document.map_err(|error| Came::Failed { what: "cannot be unpacked", why: error.to_string() })?;
        Ok((document, Some(Self { format, packed: bytes })))
    }

    /// The file that the clean text goes into.
    pub fn close(&self, text: &str, changed: bool) -> Result<Cow<'_, [u8]>, Came> {
        if !changed {
            return Ok(Cow::Borrowed(&self.packed));
        }
        let packed = Manner::of(&self.packed, self.format).pack(text.as_bytes());
        packed.map(Cow::Owned).map_err(|error| Came::Failed { what: "cannot be packed", why: read::cause(&error) })
    }

    /// How to come by this very file again; `thorough` where it is about to go.
    pub fn recipe(&self, source: &Source, original: &str, thorough: bool) -> Option<Recipe> {
        Recipe::of(&self.packed, self.format, &source.encode(original).ok()?, thorough)
    }

    /// What the log says of the document.
    pub fn record(&self, sides: Sides, recipe: Option<Recipe>) -> Packed {
        Packed { format: self.format, sides, recipe }
    }
}

/// A document that is larger than it may be.
pub(super) fn too_large(limit: u64) -> Came {
    Came::Failed { what: "cannot be cleaned", why: read::Oversize(limit).to_string() }
}
