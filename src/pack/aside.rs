//! A recorder on a thread of its own: finding out how a large file was packed takes longer than reading it.
//!
//! Invariant: at most [`AHEAD`] pieces wait for the thread; it ends with what it was given, or earlier.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use super::{Recipe, Recorder};

/// Pieces that may wait.
const AHEAD: usize = 64;

/// A recorder of gzip data beside the reading of it.
pub struct Aside {
    pieces: SyncSender<Vec<u8>>,
    thread: JoinHandle<Option<Recipe>>,
}

impl Aside {
    /// Begins; see [`Recorder::new`].
    pub fn new(thorough: bool) -> Self {
        let (pieces, come) = sync_channel::<Vec<u8>>(AHEAD);
        let thread = thread::spawn(move || {
            let mut recorder = Recorder::new(thorough);
            come.iter().for_each(|piece| recorder.feed(&piece));
            recorder.finish()
        });
        Self { pieces, thread }
    }

    /// Takes the next packed bytes.
    pub fn feed(&self, packed: &[u8]) {
        // A thread that gave up wants no more.
        let _ = self.pieces.send(packed.to_owned());
    }

    /// The recipe, once all bytes were fed.
    pub fn finish(self) -> Option<Recipe> {
        drop(self.pieces);
        self.thread.join().ok().flatten()
    }
}
