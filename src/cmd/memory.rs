//! How much memory the process took.
//!
//! Invariant: nothing is said where the system does not tell it.

use std::path::Path;

use descrape::read;

/// The most bytes of memory that this process had at any time, files that are only mapped included: `VmHWM` of Linux.
pub fn peak() -> Option<u64> {
    let status = read::text(Path::new("/proc/self/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn it_is_told() {
        let before = peak().unwrap();
        let much = vec![1u8; 64_000_000];
        assert!(peak().unwrap() >= 64_000_000.max(before), "{}", much.len());
    }
}
