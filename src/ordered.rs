//! Work on many threads whose results come back in the order of the items.
//!
//! Invariant: at most `window` items are between being taken and being handed over, so that memory stays bounded
//! however uneven the work is; what `take` sees does not depend on the number of threads.
//!
//! Plain threads and not a work-stealing pool: a worker has to wait where the window is full, which a pool must not do.

use std::collections::VecDeque;
use std::iter::Enumerate;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

struct State<I: Iterator, R> {
    items: Enumerate<I>,
    /// Number of the first item that was not handed over.
    first: usize,
    /// Results from `first` on; `None` where the work is not done.
    window: VecDeque<Option<R>>,
    /// Threads that may still bring a result.
    working: usize,
    stop: bool,
}

struct Shared<I: Iterator, R> {
    state: Mutex<State<I, R>>,
    /// Told when the window has room again.
    room: Condvar,
    /// Told when the next result is there or a thread has ended.
    ready: Condvar,
}

impl<I: Iterator, R> Shared<I, R> {
    fn lock(&self) -> MutexGuard<'_, State<I, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, window: usize, work: impl Fn(I::Item) -> R) {
        let _leave = Leave(self);
        loop {
            let full = |state: &mut State<I, R>| !state.stop && state.window.len() >= window;
            let mut state = self.room.wait_while(self.lock(), full).unwrap_or_else(PoisonError::into_inner);
            if state.stop {
                return;
            }
            let Some((number, item)) = state.items.next() else { return };
            state.window.push_back(None);
            drop(state);
            let result = work(item);
            let mut state = self.lock();
            let at = number - state.first;
            state.window[at] = Some(result);
            if at == 0 {
                self.ready.notify_one();
            }
        }
    }

    /// All results that are next in order; empty at the end.
    fn next(&self) -> Vec<R> {
        let waiting = |state: &mut State<I, R>| state.working > 0 && !matches!(state.window.front(), Some(Some(_)));
        let mut state = self.ready.wait_while(self.lock(), waiting).unwrap_or_else(PoisonError::into_inner);
        let done = state.window.iter().take_while(|result| result.is_some()).count();
        state.first += done;
        let results = state.window.drain(..done).flatten().collect();
        self.room.notify_all();
        results
    }

    fn stop(&self) {
        self.lock().stop = true;
        self.room.notify_all();
    }
}

/// Counts a thread out, even one that panics, so that nobody waits for it or for its result.
struct Leave<'s, I: Iterator, R>(&'s Shared<I, R>);

impl<I: Iterator, R> Drop for Leave<'_, I, R> {
    fn drop(&mut self) {
        self.0.lock().working -= 1;
        self.0.ready.notify_one();
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

/// Does `work` on every item on `threads` threads and hands the results to `take` on this thread, in the order of the
/// items: each time all that are next in order. An error of `take` ends everything; items in work are finished.
pub fn ordered<I, R, E>(
    items: I,
    threads: usize,
    window: usize,
    work: impl Fn(I::Item) -> R + Sync,
    mut take: impl FnMut(Vec<R>) -> Result<(), E>,
) -> Result<(), E>
where
    I: Iterator + Send,
    I::Item: Send,
    R: Send,
{
    let (threads, window) = (threads.max(1), window.max(1));
    let state = State { items: items.enumerate(), first: 0, window: VecDeque::new(), working: threads, stop: false };
    let shared = Shared { state: Mutex::new(state), room: Condvar::new(), ready: Condvar::new() };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| shared.work(window, &work));
        }
        loop {
            let results = shared.next();
            if results.is_empty() {
                return Ok(());
            }
            take(results).inspect_err(|_| shared.stop())?;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[test]
    fn results_come_in_order_whatever_the_threads() {
        for (threads, window) in [(1, 1), (4, 1), (4, 3), (8, 100)] {
            let mut seen = Vec::new();
            let uneven = |n: u64| {
                std::thread::sleep(Duration::from_micros(n * 37 % 11 * 50));
                n
            };
            let all: Result<(), ()> = ordered(0..200, threads, window, uneven, |results| {
                seen.extend(results);
                Ok(())
            });
            assert_eq!(all, Ok(()));
            assert!(seen.into_iter().eq(0..200), "{threads} threads, window {window}");
        }
    }

    #[test]
    fn no_more_than_the_window_is_under_way() {
        let (taken, handed) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let items = (0..500).inspect(|_| {
            let under_way = taken.fetch_add(1, Ordering::SeqCst) + 1 - handed.load(Ordering::SeqCst);
            // The results of one handing over are counted once it is done: two windows at most.
            assert!(under_way <= 16, "{under_way}");
        });
        let all: Result<(), ()> = ordered(
            items,
            4,
            8,
            |n| n,
            |results| {
                handed.fetch_add(results.len(), Ordering::SeqCst);
                Ok(())
            },
        );
        assert_eq!(all, Ok(()));
    }

    #[test]
    fn an_error_ends_it() {
        let outcome = ordered(0.., 3, 5, |n| n, |results| if results.contains(&100) { Err("enough") } else { Ok(()) });
        assert_eq!(outcome, Err("enough"));
    }

    #[test]
    fn nothing_to_do_is_done_at_once() {
        assert_eq!(ordered(0..0, 2, 2, |n: u8| n, |_| Err("never")), Ok(()));
    }
}
