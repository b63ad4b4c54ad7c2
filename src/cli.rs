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

/// Which files.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Files")]
pub struct FileArgs {
    /// Folders or files; `-` for standard input
    ///
    /// In a folder everything counts: hidden files too, and whatever .gitignore names. Only folders of version control
    /// (.git and the like) and the output of an earlier clean are left out, with a line that says so. Symbolic links in
    /// a folder are followed, except with --in-place.
    #[arg(required = true, value_name = "PATH", help_heading = None)]
    pub paths: Vec<PathBuf>,

    /// Take only files of folders that match; may be given several times
    ///
    /// `*.txt` matches names; `novels/**/*.txt` matches paths from the folder given. A glob that begins with `!` leaves
    /// out what matches, whole folders too. Files given as PATH are always taken.
    #[arg(short, long = "glob", value_name = "GLOB")]
    pub globs: Vec<String>,

    /// Work on this many files at the same time [default: one per core]
    #[arg(short = 'j', long, value_name = "N")]
    pub jobs: Option<std::num::NonZeroUsize>,
}

/// How a list is written: a table for people, or one JSON object a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    Json,
}
