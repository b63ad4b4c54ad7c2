//! Work on many threads whose results come back in the order of the items.
//!
//! Invariant: at most `window` items are between being taken and being handed over, so that memory stays bounded
//! however uneven the work is; what `take` sees does not depend on the number of threads.
//!
//! The threads are a rayon pool of its own with one worker a thread: a worker waits where the window is full, which it
//! must not do in a pool that others share.

use std::collections::VecDeque;
use std::iter::Enumerate;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rayon::ThreadPoolBuilder;

/// Results are handed over several at a time, as waking a thread costs as much as reading a small file; but nobody
/// waits longer than this for those that are there.
const PATIENCE: Duration = Duration::from_millis(20);

struct State<R> {
    /// Number of the first item that was not handed over.
    first: usize,
    /// Results from `first` on; `None` where the work is not done.
    window: VecDeque<Option<R>>,
    /// How many results stand at the front of the window without a gap.
    done: usize,
    /// Threads that may still bring a result.
    working: usize,
    /// Threads that wait for room in the window.
    idle: usize,
    stop: bool,
}

struct Shared<I: Iterator, R> {
    /// Locked before the state, never behind it, and for as long as taking an item lasts: items may come from a pipe
    /// that nobody writes to for a while, and results that are there are handed over meanwhile.
    items: Mutex<Enumerate<I>>,
    state: Mutex<State<R>>,
    /// The most items that are under way.
    window: usize,
    /// Told when the window has room again.
    room: Condvar,
    /// Told when many results are next in order or a thread has ended.
    ready: Condvar,
}

impl<I: Iterator, R> Shared<I, R> {
    fn lock(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So many results are worth waking the thread that takes them.
    fn many(&self) -> usize {
        (self.window / 4).max(1)
    }

    fn work(&self, work: impl Fn(I::Item) -> R) {
        let _leave = Leave(self);
        loop {
            let mut items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
            let mut state = self.lock();
            while !state.stop && state.window.len() >= self.window {
                state.idle += 1;
                state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.idle -= 1;
            }
            if state.stop {
                return;
            }
            drop(state);
            let Some((number, item)) = items.next() else { return };
            self.lock().window.push_back(None);
            drop(items);
            let result = work(item);
            let mut state = self.lock();
            let at = number - state.first;
            state.window[at] = Some(result);
            if at == state.done {
                let before = state.done;
                state.done += state.window.range(at..).take_while(|result| result.is_some()).count();
                if before < self.many() && state.done >= self.many() {
                    self.ready.notify_one();
                }
            }
        }
    }

    /// The results that are next in order; none at the end.
    fn next(&self) -> Vec<R> {
        let mut state = self.lock();
        while state.working > 0 && state.done < self.many() {
            let waited = self.ready.wait_timeout(state, PATIENCE).unwrap_or_else(PoisonError::into_inner);
            state = waited.0;
            if waited.1.timed_out() && state.done > 0 {
                break;
            }
        }
        let done = std::mem::take(&mut state.done);
        state.first += done;
        let results = state.window.drain(..done).flatten().collect();
        if state.idle > 0 {
            self.room.notify_all();
        }
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
    let items = Mutex::new(items.enumerate());
    let state = State { first: 0, window: VecDeque::new(), done: 0, working: threads, idle: 0, stop: false };
    let shared = Shared { items, state: Mutex::new(state), window, room: Condvar::new(), ready: Condvar::new() };
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("the system gives threads");
    pool.in_place_scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|_| shared.work(&work));
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
