//! The public face: bytes in, clean text and the record of what was done out.
//!
//! Invariant: what comes out is enough to rebuild what went in, byte for byte.

use std::borrow::Cow;

use crate::chain::{Chain, Outcome};
use crate::config::Document;
use crate::decode::{self, Decoded, Encoding, NotText, Source};
use crate::text::TooLong;

/// Cleans documents with one chain of rules.
#[derive(Debug, Clone)]
pub struct Cleaner {
    chain: Chain,
}

/// A cleaned document.
#[derive(Debug, Clone)]
pub struct Cleaned {
    /// The text, original and cleaned, and all that was done to it.
    pub outcome: Outcome,
    /// What decoding took away: `source.encode(outcome.text.original())` gives the bytes of the document.
    pub source: Source,
}

/// Why a document cannot be cleaned.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CleanError {
    /// It is no text.
    #[error(transparent)]
    NotText(#[from] NotText),
    /// It is too long.
    #[error(transparent)]
    TooLong(#[from] TooLong),
}

impl Cleaner {
    /// A cleaner that runs this chain.
    pub fn new(chain: Chain) -> Self {
        Self { chain }
    }

    /// The chain that it runs.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Decodes a document, in the given encoding or the one it seems to be in, and runs the chain over its text.
    ///
    /// Takes a `Vec<u8>` or a `&[u8]`; valid UTF-8 with `\n` line ends is not copied out of a `Vec`.
    pub fn clean<'a>(
        &self,
        bytes: impl Into<Cow<'a, [u8]>>,
        encoding: Option<Encoding>,
    ) -> Result<Cleaned, CleanError> {
        self.clean_file(None, bytes, encoding)
    }

    /// The same for a file: `path`, with `/` between folders, is what conditions of rules on paths are held against.
    pub fn clean_file<'a>(
        &self,
        path: Option<&str>,
        bytes: impl Into<Cow<'a, [u8]>>,
        encoding: Option<Encoding>,
    ) -> Result<Cleaned, CleanError> {
        let Decoded { text, source } = decode::decode(bytes, encoding)?;
        let document = Document { path, encoding: Some(source.encoding), snippet: false };
        Ok(Cleaned { outcome: self.chain.clean_document(text, document)?, source })
    }
}
