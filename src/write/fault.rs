//! The calls that change a file system, and a way to make them fail.
//!
//! Invariant: without the feature `faults`, which only tests build with, this is the calls and nothing else. With it,
//! `DESCRAPE_FAULT` names a fault and the number of the call that it meets:
//!
//! | fault | what happens |
//! | --- | --- |
//! | `kill 7` | the process dies at the seventh call; one that writes leaves half of its bytes |
//! | `full 7` | from the seventh call on, whatever takes room on the disk leaves half of its bytes and fails |
//! | `fail 7` | the seventh call fails, the others go well |
//! | `count 0` | none; at its end the process tells how many calls there were |

use std::fs::File;
use std::io::{self, Write};

/// Makes a call that takes no room.
#[cfg(not(feature = "faults"))]
pub fn call<T>(call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    call()
}

/// Writes all bytes.
#[cfg(not(feature = "faults"))]
pub fn write(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)
}

#[cfg(feature = "faults")]
pub use on::{call, write};

#[cfg(feature = "faults")]
mod on {
    use super::{File, Write, io};
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static PLAN: LazyLock<Option<(String, u64)>> = LazyLock::new(|| {
        let plan = std::env::var("DESCRAPE_FAULT").ok()?;
        let (fault, number) = plan.split_once(' ')?;
        Some((fault.to_owned(), number.parse().ok()?))
    });
    static CALLS: AtomicU64 = AtomicU64::new(0);

    /// What happens to a call.
    enum Fate {
        Well,
        Kill,
        Fail(io::ErrorKind),
    }

    fn fate(takes_room: bool) -> Fate {
        let Some((fault, at)) = &*PLAN else { return Fate::Well };
        let number = CALLS.fetch_add(1, Ordering::SeqCst) + 1;
        match fault.as_str() {
            "kill" if number >= *at => Fate::Kill,
            "full" if number >= *at && takes_room => Fate::Fail(io::ErrorKind::StorageFull),
            "fail" if number == *at => Fate::Fail(io::ErrorKind::Other),
            "count" => {
                // The last line tells.
                let _ = writeln!(io::stderr(), "call {number}");
                Fate::Well
            }
            _ => Fate::Well,
        }
    }

    pub fn call<T>(call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        match fate(false) {
            Fate::Well => call(),
            Fate::Kill => std::process::abort(),
            Fate::Fail(kind) => Err(kind.into()),
        }
    }

    pub fn write(file: &mut File, bytes: &[u8]) -> io::Result<()> {
        let fate = fate(true);
        match fate {
            Fate::Well => file.write_all(bytes),
            Fate::Kill => {
                let _ = file.write_all(&bytes[..bytes.len() / 2]);
                std::process::abort()
            }
            Fate::Fail(kind) => file.write_all(&bytes[..bytes.len() / 2]).and(Err(kind.into())),
        }
    }
}
