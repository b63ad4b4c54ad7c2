//! A list of files: from names to entries below one folder.
//!
//! Invariant: no entry that is to be read leads out of the folder by its name, nor, where links are not followed, by a
//! link; what does is told of.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use super::{Plan, Root, Walk, What};
use crate::{read, write};

/// The names in a list: one a line, or, where `null`, each before a NUL. Empty ones count for nothing.
pub fn names(list: &[u8], null: bool) -> Vec<PathBuf> {
    let end = if null { 0 } else { b'\n' };
    let list = list.strip_prefix(b"\xef\xbb\xbf").filter(|_| !null).unwrap_or(list);
    let name = |name: &[u8]| path(if null { name } else { name.strip_suffix(b"\r").unwrap_or(name) });
    list.split(|byte| *byte == end).map(name).filter(|name| !name.as_os_str().is_empty()).collect()
}

#[cfg(unix)]
fn path(name: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(name).into()
}

#[cfg(not(unix))]
fn path(name: &[u8]) -> PathBuf {
    String::from_utf8_lossy(name).into_owned().into()
}

impl Plan {
    /// The files that a list names, in its order, each once; of a folder, all that are in it. Names start from `root`,
    /// or lie below it.
    pub fn listed(root: Root, names: &[PathBuf], walk: &Walk) -> Self {
        let home = std::path::absolute(&root.path).unwrap_or_else(|_| root.path.clone());
        let canonical = root.path.canonicalize().unwrap_or_else(|_| home.clone());
        let mut plan = Self { roots: vec![root], ..Self::default() };
        plan.folders.insert(canonical.clone());
        let mut seen = HashSet::new();
        for name in names {
            let Some(path) = inside(name, &home, &canonical) else {
                let why = format!("it lies outside {}", plan.roots[0].path.display());
                plan.push(0, name.clone(), What::Fail(why));
                continue;
            };
            let place = plan.roots[0].path.join(&path);
            if !place.is_dir() {
                if seen.insert(path.clone()) {
                    let what = look(&place, &path, &canonical, walk.follow);
                    plan.push(0, path, what);
                }
                continue;
            }
            // A folder stands for all that is in it: it is walked as if it were given, and its files counted once.
            let mut part = Plan { roots: vec![Root { path: place, ..plan.roots[0].clone() }], ..Self::default() };
            part.walk(0, walk);
            plan.folders.extend(part.folders);
            for entry in part.entries {
                let path = path.join(entry.path);
                if seen.insert(path.clone()) {
                    plan.push(0, path, entry.what);
                }
            }
        }
        plan
    }
}

/// A name as a path below the folder; `None` where it leads out of it.
fn inside(name: &Path, home: &Path, canonical: &Path) -> Option<PathBuf> {
    let below = |folder: &Path| name.strip_prefix(folder).ok().map(ToOwned::to_owned);
    let name = if name.is_absolute() { below(home).or_else(|| below(canonical))? } else { name.to_owned() };
    let mut path = PathBuf::new();
    for part in name.components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            Component::ParentDir if path.pop() => {}
            _ => return None,
        }
    }
    Some(path)
}

fn look(place: &Path, path: &Path, canonical: &Path, follow: bool) -> What {
    let skip = |why: &str| What::Skip(why.to_owned());
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    match place.metadata() {
        Err(error) => What::Fail(read::cause(&error)),
        Ok(metadata) if !metadata.is_file() => skip("not a regular file"),
        Ok(_) if !follow && place.canonicalize().ok() != Some(canonical.join(path)) => {
            skip("a symbolic link; give it as a path of its own to clean the file behind it")
        }
        Ok(_) if name.starts_with(write::PREFIX.as_bytes()) && name.ends_with(write::SUFFIX.as_bytes()) => {
            skip("left behind by an interrupted run; it can be deleted")
        }
        Ok(_) => What::File,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_with_lines_or_with_nul() {
        let parts = |list: &str, null| names(list.as_bytes(), null);
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(parts("a\nb c\r\n\n文", false), paths(&["a", "b c", "文"]));
        assert_eq!(parts("\u{feff}a\n", false), paths(&["a"]));
        assert_eq!(parts("a\nb\0c\r\0\0", true), paths(&["a\nb", "c\r"]));
        assert!(parts("", false).is_empty());
    }

    #[test]
    fn names_stay_inside() {
        let of = |name: &str| inside(Path::new(name), Path::new("/data/docs"), Path::new("/real/docs"));
        for (name, want) in [
            ("a.txt", Some("a.txt")),
            ("./a/./b", Some("a/b")),
            ("a/../b", Some("b")),
            ("/data/docs/a", Some("a")),
            ("/real/docs/a/../b", Some("b")),
            ("..", None),
            ("a/../../b", None),
            ("/data/docs/../b", None),
            ("/etc/passwd", None),
            (".", Some("")),
        ] {
            assert_eq!(of(name), want.map(PathBuf::from), "{name}");
        }
    }
}
