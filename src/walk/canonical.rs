//! The canonical forms of folders, in the order of a walk.
//!
//! Invariant: the form of a folder is found from that of the folder above it, with one look at the file system: asking for
//! each from the root takes time that grows with the third power of the depth.

use std::path::{Path, PathBuf};

/// Where folders below a base really are.
#[derive(Debug)]
pub struct Canonical {
    /// The base, and each folder from there to the one that was asked for last; `None` for one that is not there.
    chain: Vec<(PathBuf, Option<PathBuf>)>,
}

impl Canonical {
    /// Folders below this one.
    pub fn new(base: &Path) -> Self {
        Self { chain: vec![(base.to_owned(), base.canonicalize().ok())] }
    }

    /// Where a folder below the base is; `None` where it is not there.
    pub fn of(&mut self, folder: &Path) -> Option<&Path> {
        while self.chain.len() > 1 && self.chain.last().is_some_and(|(last, _)| !folder.starts_with(last)) {
            self.chain.pop();
        }
        let (mut path, mut canonical) = self.chain.last()?.clone();
        let rest = folder.strip_prefix(&path).ok()?.to_owned();
        for part in rest.components() {
            path.push(part);
            canonical = canonical.and_then(|above| match path.symlink_metadata().ok()?.is_symlink() {
                true => path.canonicalize().ok(),
                false => Some(above.join(part)),
            });
            self.chain.push((path.clone(), canonical.clone()));
        }
        self.chain.last()?.1.as_deref()
    }

    /// Where the nearest folder is that is there, at or above the one that was asked for last.
    pub fn nearest(&self) -> Option<&Path> {
        self.chain.iter().rev().find_map(|(_, canonical)| canonical.as_deref())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods, reason = "the test makes the folders that are looked at")]
    fn folders_are_where_the_system_says() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().canonicalize().unwrap();
        std::fs::create_dir_all(home.join("in/a/b/c")).unwrap();
        std::fs::create_dir_all(home.join("else/d")).unwrap();
        std::os::unix::fs::symlink(home.join("else"), home.join("in/a/link")).unwrap();
        std::os::unix::fs::symlink("nowhere", home.join("in/a/lost")).unwrap();
        let base = home.join("in");
        let mut canonical = Canonical::new(&base);
        for folder in ["", "a", "a/b/c", "a/b", "a/link", "a/link/d", "a/lost", "a/none/at/all", "a/b/c", "z"] {
            let folder = if folder.is_empty() { base.clone() } else { base.join(folder) };
            assert_eq!(canonical.of(&folder).map(ToOwned::to_owned), folder.canonicalize().ok(), "{folder:?}");
            let nearest = folder.ancestors().find_map(|folder| folder.canonicalize().ok());
            assert_eq!(canonical.nearest().map(ToOwned::to_owned), nearest, "{folder:?}");
        }
        assert_eq!(canonical.of(&home.join("else")), None);
    }
}
