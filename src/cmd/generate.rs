//! `descrape generate`.
//!
//! Invariant: everything it writes is made from the program itself.

use std::io::Write;

use clap::{Args, CommandFactory, Subcommand};

use super::{Console, Exit, Run};
use crate::cli::Cli;

/// Write a schema, manual pages or shell completions to standard output
#[derive(Debug, Args)]
pub struct Generate {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The JSON Schema of rules files, by which editors complete and check them
    Schema,
    /// The manual page, all commands in one
    Man,
    /// Completions for a shell
    Completions {
        /// bash, elvish, fish, powershell or zsh
        shell: clap_complete::Shell,
    },
    /// The reference of rules files, as Markdown
    Rules,
    /// The reference of commands, as Markdown
    Commands,
}

impl Run for Generate {
    fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
        let mut out = Vec::new();
        // Help is laid out for the terminal; what is written to a file must not depend on one.
        let mut cli = Cli::command().term_width(100);
        cli.build();
        match self.what {
            What::Schema => writeln!(out, "{}", serde_json::to_string_pretty(&descrape::config::schema())?)?,
            What::Rules => out.write_all(descrape::reference::markdown().as_bytes())?,
            What::Completions { shell } => clap_complete::generate(shell, &mut cli, "descrape", &mut out),
            What::Man => {
                clap_mangen::Man::new(cli.clone()).render(&mut out)?;
                for command in cli.get_subcommands() {
                    let man = clap_mangen::Man::new(command.clone());
                    man.render_name_section(&mut out)?;
                    man.render_synopsis_section(&mut out)?;
                    man.render_description_section(&mut out)?;
                    man.render_options_section(&mut out)?;
                }
            }
            What::Commands => {
                let head = "Made from the source; `UPDATE=1 cargo test --test generated` writes it anew.";
                writeln!(out, "# Commands\n\n<!-- {head} -->")?;
                commands(&mut out, &mut cli, "##")?;
            }
        }
        console.out().write_all(&out)?;
        Ok(Exit::Done)
    }
}

fn commands(out: &mut Vec<u8>, command: &mut clap::Command, level: &str) -> std::io::Result<()> {
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
    writeln!(out, "\n{level} `{name}`\n\n```text\n{}\n```", help.join("\n"))?;
    let level = format!("{level}#");
    command.get_subcommands_mut().try_for_each(|command| commands(out, command, &level))
}
