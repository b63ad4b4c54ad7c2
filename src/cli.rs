//! The command line: what every command shares.
//!
//! Invariant: only shapes and help; nothing is done here.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

use crate::cmd::Command;

/// Turn folders of scraped documents into clean UTF-8 text, and keep a record of every change.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_help = "\
Exit codes:
  0  done
  1  --check or --diff found changes, or a test failed
  2  an error; all other files were still processed
  130  stopped by Ctrl-C; what was under way is finished and in the log")]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// Say nothing but errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// Which rules run.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Rules")]
pub struct RuleArgs {
    /// Use this rules file instead of the built-in rules
    ///
    /// A file that should add to the built-in rules begins with `extends: [default]`. A rules.yaml in the current
    /// folder is never read by itself.
    #[arg(short, long, value_name = "FILE")]
    pub rules: Option<PathBuf>,

    /// Run only this rule; may be given several times
    ///
    /// A risky rule that is named here runs without --risky.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub only: Vec<String>,

    /// Leave out this rule; may be given several times
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub skip: Vec<String>,

    /// Run risky rules as well
    #[arg(long)]
    pub risky: bool,
}

/// `--max-size` where nothing is said, in bytes.
pub const MAX_SIZE: u64 = 1_000_000_000;

/// Which files.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Files")]
pub struct FileArgs {
    /// Folders or files; `-` for standard input
    ///
    /// In a folder everything counts: hidden files too, and whatever .gitignore names. Only folders of version control
    /// (.git and the like) and the output of an earlier clean are left out, with a line that says so. Symbolic links in
    /// a folder are followed, except with --in-place.
    #[arg(required_unless_present = "files_from", value_name = "PATH", help_heading = None)]
    pub paths: Vec<PathBuf>,

    /// Take the files that this list names, one a line; `-` for standard input
    ///
    /// Names start from PATH, which is one folder then, or from the current folder without PATH; the tree below it is
    /// mirrored. Absolute names are taken where they lie below it. A name that leads out of it is an error, and the others go
    /// on. Of a folder in the list all files are taken.
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,

    /// Names in the list end with a NUL instead of a line, as `find -print0` writes them
    #[arg(short = '0', long, requires = "files_from")]
    pub null: bool,

    /// Take only files of folders that match; may be given several times
    ///
    /// `*.txt` matches names; `novels/**/*.txt` matches paths from the folder given. A glob that begins with `!` leaves
    /// out what matches, whole folders too. Files given as PATH are always taken.
    #[arg(short, long = "glob", value_name = "GLOB")]
    pub globs: Vec<String>,

    /// Leave documents larger than this alone, e.g. 500MB or 4GB
    ///
    /// What is packed counts as it is unpacked: nothing is unpacked beyond this, so that a small file cannot fill the
    /// memory.
    #[arg(long, value_name = "SIZE", default_value = "1GB", value_parser = size)]
    pub max_size: u64,

    /// Work on this many files at the same time [default: one per core]
    #[arg(short = 'j', long, value_name = "N")]
    pub jobs: Option<std::num::NonZeroUsize>,
}

/// A number of bytes: 1000, 64KB, 500MB, 2GB; KiB and the like count in 1024.
pub fn size(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 8] = [
        ("", 1),
        ("b", 1),
        ("k", 1_000),
        ("m", 1_000_000),
        ("g", 1_000_000_000),
        ("ki", 1 << 10),
        ("mi", 1 << 20),
        ("gi", 1 << 30),
    ];
    let text = text.trim().to_lowercase();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let unit = match unit.trim() {
        "b" => "b",
        unit => unit.trim_end_matches('b'),
    };
    let unit = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, bytes)| *bytes);
    let size = unit.and_then(|unit| number.parse::<u64>().ok()?.checked_mul(unit));
    size.filter(|size| *size > 0)
        .ok_or_else(|| "it is no size; write a number of bytes such as 500MB or 4GB".to_owned())
}

/// How a list is written: a table for people, or one JSON object a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    Json,
}
