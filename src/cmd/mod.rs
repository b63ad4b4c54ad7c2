//! The commands. A new one is one file here, with its arguments and its `run`, and one line in the list below.
//!
//! Invariant: only here is anything printed: results on standard output, everything else on standard error.

mod audit;
mod choice;
mod console;
mod cost;
mod doubts;
mod files;
mod lines;
mod memory;
mod report;
mod stop;
mod summary;

use std::process::ExitCode;

use clap::Subcommand;

pub use console::{Console, nobody_reads};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All went well.
    Done,
    /// `--check` or `--diff` found changes, or a test failed.
    Found,
    /// There was an error.
    Failed,
    /// It was stopped by a signal.
    Stopped,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Found => 1,
            Exit::Failed => 2,
            Exit::Stopped => stop::STOPPED,
        })
    }
}

/// What a command does.
pub trait Run {
    /// Runs the command. Errors that concern one file are told to the console; the error returned ends the run.
    fn run(self, console: &mut Console) -> anyhow::Result<Exit>;
}

macro_rules! commands {
    ($($module:ident :: $Args:ident),* $(,)?) => {
        $(mod $module;)*

        /// What is to be done.
        #[derive(Debug, Subcommand)]
        pub enum Command {
            $($Args($module::$Args)),*
        }

        impl Run for Command {
            fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
                match self {
                    $(Self::$Args(args) => args.run(console)),*
                }
            }
        }
    };
}

commands! {
    clean::Clean,
    undo::Undo,
    detect::Detect,
    test::Test,
    rules::Rules,
    explain::Explain,
    trace::Trace,
    init::Init,
    import::Import,
    generate::Generate,
}
