//! Working memory that the threads share.
//!
//! Invariant: what is found does not depend on which piece of memory was worked in.
//!
//! A thread that looks for a pattern needs memory of its own for as long as it looks, which is a few microseconds, and
//! what it learns there about the texts is worth keeping: as much as the pattern weighs, and more. With a piece for each
//! thread and pattern the memory of a run would be told by the number of its threads. So a thread waits for the one there is,
//! unless that would happen often.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Pieces of memory, made when they are needed.
#[derive(Debug)]
pub(super) struct Shared<C> {
    /// The one that nearly always is enough.
    first: Mutex<Option<Box<C>>>,
    /// How often it was worked in.
    asked: AtomicU32,
    more: Mutex<More<C>>,
}

#[derive(Debug)]
struct More<C> {
    /// Those that nobody works in.
    free: Vec<Box<C>>,
    /// How often all were in use since the last was made.
    missed: u32,
}

/// A thread in so many may wait before there is one more.
const SELDOM: u32 = 64;

/// So many waits say nothing.
const FEW: u32 = 8;

/// How often a thread that waits looks again, before it takes one more.
const PATIENCE: u32 = 200;

impl<C> Default for Shared<C> {
    fn default() -> Self {
        let more = More { free: Vec::new(), missed: 0 };
        Self { first: Mutex::new(None), asked: AtomicU32::new(0), more: Mutex::new(more) }
    }
}

impl<C> Shared<C> {
    /// Does some work.
    pub(super) fn with<R>(&self, make: impl Fn() -> C, work: impl FnOnce(&mut C) -> R) -> R {
        let mut own = match self.take() {
            Taken::First(mut first) => {
                self.asked.store(self.asked.load(Relaxed).saturating_add(1), Relaxed);
                return work(first.get_or_insert_with(|| Box::new(make())));
            }
            Taken::Other(other) => other,
            Taken::None => Box::new(make()),
        };
        let result = work(&mut own);
        self.more().free.push(own);
        result
    }

    fn take(&self) -> Taken<'_, C> {
        for looks in 0..PATIENCE {
            // Where a thread panicked at work, what it worked in may be anything and is let alone.
            if let Ok(first) = self.first.try_lock() {
                return Taken::First(first);
            }
            let mut more = self.more();
            if let Some(other) = more.free.pop() {
                return Taken::Other(other);
            }
            more.missed += u32::from(looks == 0);
            if more.missed > FEW + self.asked.load(Relaxed) / SELDOM {
                more.missed = 0;
                self.asked.store(0, Relaxed);
                break;
            }
            drop(more);
            std::thread::yield_now();
        }
        Taken::None
    }

    fn more(&self) -> MutexGuard<'_, More<C>> {
        self.more.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A piece that nobody works in.
enum Taken<'s, C> {
    First(MutexGuard<'s, Option<Box<C>>>),
    Other(Box<C>),
    /// One more is to be made.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_finds_all_in_use_makes_one_more_and_leaves_it() {
        let (shared, made) = (Shared::default(), AtomicU32::new(0));
        let make = || made.fetch_add(1, Relaxed);
        let inner = || shared.with(make, |piece| *piece);
        assert_eq!(shared.with(make, |piece| (*piece, inner(), inner())), (0, 1, 1));
        assert_eq!((inner(), made.into_inner()), (0, 2));
    }
}
