//! The command line program.
//!
//! Invariant: reads as the story of a run: arguments, command, exit code.

#![forbid(unsafe_code)]

mod cli;
mod cmd;

use std::process::ExitCode;

use clap::Parser;

use cli::Cli;
use cmd::{Console, Exit, Run};

fn main() -> ExitCode {
    let Cli { command, quiet } = Cli::parse();
    let mut console = Console::new(quiet);
    let outcome = command.run(&mut console).and_then(|exit| Ok(console.flush().map(|()| exit)?));
    console.finish();
    let exit = outcome.unwrap_or_else(|error| match cmd::nobody_reads(&error) {
        true => Exit::Done,
        false => {
            console.fatal(&error);
            Exit::Failed
        }
    });
    exit.into()
}
