//! Globs: which files of a folder are wanted.
//!
//! Invariant: the order of the globs does not matter: a file is wanted where one of them takes it in, or none is there
//! to do so, and none throws it out.

use std::path::Path;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// Compiled globs. The default wants everything.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    with: GlobSet,
    without: GlobSet,
}

/// A glob that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("glob {glob:?}: {why}")]
pub struct GlobError {
    glob: String,
    why: String,
}

impl Globs {
    /// Compiles globs. One that begins with `!` throws files out, any other takes them in. One with a `/` in it speaks
    /// of the path from the folder given, one without of the name alone.
    pub fn new<'g>(globs: impl IntoIterator<Item = &'g str>) -> Result<Self, GlobError> {
        let (mut with, mut without) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for glob in globs {
            match glob.strip_prefix('!') {
                Some(rest) => without.add(compile(glob, rest)?),
                None => with.add(compile(glob, glob)?),
            };
        }
        let build = |set: GlobSetBuilder| {
            set.build().map_err(|error| GlobError { glob: String::new(), why: error.kind().to_string() })
        };
        Ok(Self { with: build(with)?, without: build(without)? })
    }

    /// Whether a file is wanted; its path from the folder given.
    pub fn wants(&self, path: &Path) -> bool {
        (self.with.is_empty() || self.with.is_match(path)) && !self.without(path)
    }

    /// Whether a file or folder, with all in it, is thrown out.
    pub fn without(&self, path: &Path) -> bool {
        self.without.is_match(path)
    }
}

fn compile(whole: &str, glob: &str) -> Result<Glob, GlobError> {
    let glob = glob.trim_end_matches('/');
    let anchored = match glob.strip_prefix('/') {
        Some(rest) => rest.to_owned(),
        None if glob.contains('/') => glob.to_owned(),
        None => format!("**/{glob}"),
    };
    let built = GlobBuilder::new(&anchored).literal_separator(true).build();
    built.map_err(|error| GlobError { glob: whole.to_owned(), why: error.kind().to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_take_in_and_throw_out() {
        for (globs, path, wanted) in [
            (&[][..], "a/b.txt", true),
            (&["*.txt"], "b.txt", true),
            (&["*.txt"], "a/b.txt", true),
            (&["*.txt"], "a/b.md", false),
            (&["*.txt", "*.md"], "a/b.md", true),
            (&["/*.txt"], "a/b.txt", false),
            (&["a/*.txt"], "a/b.txt", true),
            (&["a/*.txt"], "a/c/b.txt", false),
            (&["a/**"], "a/c/b.txt", true),
            (&["!*.bak"], "a/b.txt", true),
            (&["!*.bak"], "a/b.bak", false),
            (&["!*.bak", "*.bak"], "a/b.bak", false),
            (&["*.{txt,md}", "!草稿*"], "草稿1.txt", false),
        ] {
            let set = Globs::new(globs.iter().copied()).unwrap();
            assert_eq!(set.wants(Path::new(path)), wanted, "{globs:?} {path}");
        }
    }

    #[test]
    fn a_folder_is_thrown_out_as_a_whole() {
        assert!(Globs::new(["!old/"]).unwrap().without(Path::new("a/old")));
    }

    #[test]
    fn a_wrong_glob_is_named() {
        let error = Globs::new(["!{a"]).unwrap_err().to_string();
        assert!(error.starts_with("glob \"!{a\": "), "{error}");
    }
}
