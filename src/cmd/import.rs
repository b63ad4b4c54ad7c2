//! `descrape import`.
//!
//! Invariant: the rules file goes to standard output and everything about it to standard error.

use std::path::PathBuf;

use anyhow::{Context, anyhow};
use clap::{Args, Subcommand};
use descrape::{decode, import::legado, read};
use std::io::Write;

use super::{Console, Exit, Run};

/// Write a rules file from the rules of another program
#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Subcommand)]
enum From {
    /// Replace rules of the reader Legado (阅读 替换净化), as JSON
    ///
    /// What cannot be translated is told with its reason, and stands in the rules file as a comment. Every rule is
    /// risky: it runs with --risky, or when --only names it.
    #[command(after_long_help = "\
Examples:
  descrape import legado replaceRule.json > legado.yaml
  descrape clean -r legado.yaml --risky novels --diff")]
    Legado {
        /// The JSON file; `-` for standard input
        file: PathBuf,
    },
}

impl Run for Import {
    fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
        let From::Legado { file } = self.from;
        let name = file.display().to_string();
        let bytes = match name.as_str() {
            "-" => read::stdin(),
            _ => read::file(&file).map(|(bytes, _)| bytes),
        };
        let bytes = bytes.map_err(|error| anyhow!(read::cause(&error)));
        let bytes = bytes.with_context(|| format!("{name}: cannot be read"))?;
        let json = decode::decode(bytes, None).with_context(|| name.clone())?.text;
        let imported = legado::import(&name, &json).with_context(|| name.clone())?;
        console.out().write_all(imported.yaml.as_bytes())?;
        for (rule, why) in &imported.left_out {
            console.warn(format_args!("{name}: {rule:?} is left out: {why}"));
        }
        for (rule, why) in &imported.changed {
            console.note(format_args!("{name}: {rule:?}: {why}"));
        }
        console.note(format_args!("{name}: {} of {} rules imported", imported.imported, imported.total));
        Ok(Exit::Done)
    }
}
