//! `descrape detect`.
//!
//! Invariant: reads as `descrape clean` does: the same files, the same guesses.

use std::io;

use clap::Args;
use descrape::batch::Came;
use descrape::decode::{self, Guess};
use descrape::log::Name;
use descrape::ordered::ordered;
use descrape::target::Target;
use descrape::walk::{Entry, Plan, Walk};
use serde::Serialize;

use super::{Console, Exit, Run, files};
use crate::cli::{FileArgs, Format};

/// Tell the encoding of files, and how it is known
#[derive(Debug, Args)]
#[command(after_long_help = "\
KNOWN BY says what gave the encoding away:
  bom        a byte order mark
  utf-8      the bytes are UTF-8 (or ASCII), or nearly so
  nul        NUL bytes stand where UTF-16 or UTF-32 has them
  escapes    escape sequences of a seven-bit encoding
  detector   the most likely text among several readings")]
pub struct Detect {
    #[command(flatten)]
    files: FileArgs,

    /// How to write the result: a table for people, or one JSON object a line
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

/// One line of JSON.
#[derive(Debug, Serialize)]
struct Line {
    #[serde(flatten)]
    name: Name,
    encoding: Option<String>,
    known_by: Option<&'static str>,
    sure: Option<bool>,
    /// By how many nats the text is likelier than the runner-up's.
    margin: Option<u32>,
    runner_up: Option<String>,
    bom: Option<bool>,
    /// Why it was not looked at.
    skipped: Option<String>,
    /// Why it could not be looked at.
    error: Option<String>,
}

impl Run for Detect {
    fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
        let given = self.files.roots()?;
        Target::Nowhere.check(&given.roots)?;
        let plan = given.plan(&Walk { globs: self.files.globs()?, follow: true, ..Walk::default() });
        let threads = self.files.threads();
        if self.format == Format::Human {
            console.line(format_args!("{:<14} {:<9} {:<7} FILE", "ENCODING", "KNOWN BY", "SURE"))?;
        }
        let mut exit = Exit::Done;
        ordered(
            plan.entries.iter(),
            threads,
            threads * 64,
            |entry| (entry, look(&plan, entry, self.files.max_size)),
            |looks| {
                for (entry, look) in looks {
                    if let Err(came @ Came::Failed { .. }) = &look {
                        files::tell(console, &plan.input(entry), came);
                        exit = Exit::Failed;
                    }
                    self.show(console, &plan, entry, &look)?;
                }
                Ok::<_, io::Error>(())
            },
        )?;
        Ok(exit)
    }
}

fn look(plan: &Plan, entry: &Entry, limit: u64) -> Result<Guess, Came> {
    let document = files::document(plan, entry, limit)?;
    decode::detect(&document).map_err(files::not_text)
}

impl Detect {
    fn show(&self, console: &mut Console, plan: &Plan, entry: &Entry, look: &Result<Guess, Came>) -> io::Result<()> {
        let input = plan.input(entry);
        if self.format == Format::Json {
            serde_json::to_writer(console.out(), &line(Name::new(&input), look))?;
            return console.line("");
        }
        let input = input.display();
        match look {
            Ok(guess) => {
                let (encoding, known_by) = (guess.encoding, guess.known_by.as_str());
                let sure = if guess.sure { "sure" } else { "likely" };
                let or = guess.runner_up.filter(|_| !guess.sure).map(|other| format!("  (or {other})")).unwrap_or_default();
                console.line(format_args!("{encoding:<14} {known_by:<9} {sure:<7} {input}{or}"))
            }
            Err(Came::Skipped(why)) => console.line(format_args!("{:<14} {:<9} {:<7} {input}  ({why})", "-", "-", "-")),
            Err(_) => Ok(()),
        }
    }
}

fn line(name: Name, look: &Result<Guess, Came>) -> Line {
    let guess = look.as_ref().ok();
    Line {
        name,
        encoding: guess.map(|guess| guess.encoding.to_string()),
        known_by: guess.map(|guess| guess.known_by.as_str()),
        sure: guess.map(|guess| guess.sure),
        margin: guess.and_then(|guess| guess.margin),
        runner_up: guess.and_then(|guess| guess.runner_up).map(|encoding| encoding.to_string()),
        bom: guess.map(|guess| guess.bom),
        skipped: match look {
            Err(Came::Skipped(why)) => Some(why.clone()),
            _ => None,
        },
        error: match look {
            Err(Came::Failed { why, .. }) => Some(why.clone()),
            _ => None,
        },
    }
}
