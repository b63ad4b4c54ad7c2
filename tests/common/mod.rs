//! A folder in which tests run the program.

#![allow(dead_code, reason = "every test that has this uses its part of it")]

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// What one rule makes of [`DIRTY`] is [`CLEAN`].
pub const RULES: &str = "version: 1\nrules:\n  - id: page-number-line\n    remove: { line: '第 [0-9]+ 页' }\n";
pub const DIRTY: &str = "正文到此为止。\n第 3 页\n";
pub const CLEAN: &str = "正文到此为止。\n";

/// A folder to play in; [`RULES`] are in its `rules.yaml`.
pub struct Home(TempDir);

impl Home {
    pub fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        home.put("rules.yaml", RULES);
        home
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn put(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn bytes(&self, name: impl AsRef<Path>) -> Vec<u8> {
        fs::read(self.path(&name)).unwrap_or_else(|error| panic!("{}: {error}", name.as_ref().display()))
    }

    pub fn read(&self, name: impl AsRef<Path>) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    /// All files below a folder, sorted.
    pub fn files(&self, folder: &str) -> Vec<PathBuf> {
        let folder = self.path(folder);
        let files = walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter().map(Result::unwrap);
        let files = files.filter(|entry| entry.file_type().is_file());
        files.map(|entry| entry.path().strip_prefix(&folder).unwrap().to_owned()).collect()
    }

    pub fn command(&self, args: &str) -> Command {
        self.command_with(args.split(' '))
    }

    fn command_with<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut run = Command::new(env!("CARGO_BIN_EXE_descrape"));
        run.args(args).current_dir(self.0.path()).stdin(Stdio::null());
        run
    }

    /// Exit code and messages of a run.
    pub fn run(&self, args: &str) -> (i32, String) {
        self.run_with(args.split(' '))
    }

    /// The same where an argument may be anything.
    pub fn run_with<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> (i32, String) {
        let Output { status, stderr, .. } = self.command_with(args).output().unwrap();
        (status.code().unwrap(), String::from_utf8(stderr).unwrap())
    }

    /// The messages of a run that goes well.
    pub fn well(&self, args: &str) -> String {
        let (exit, messages) = self.run(args);
        assert_eq!(exit, 0, "{args}: {messages}");
        messages
    }

    /// Exit code, standard output and messages of a run in a pipe.
    pub fn piped(&self, args: &str, stdin: &[u8]) -> (i32, Vec<u8>, String) {
        let mut run = self.command(args);
        let mut child = run.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(move || input.write_all(stdin).ok());
            let output = child.wait_with_output().unwrap();
            (output.status.code().unwrap(), output.stdout, String::from_utf8(output.stderr).unwrap())
        })
    }
}
