//! `descrape init`.
//!
//! Invariant: no file that exists is ever written to; either everything is made or nothing is.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use descrape::{Cleaner, config::RuleSet, golden::ledger, write};

use super::{Console, Exit, Run};

/// Start a rules file of your own, with a test and a fixture
///
/// Makes rules.yaml, a schema for editors beside it, and fixtures/example. Files that exist are left alone.
#[derive(Debug, Args)]
pub struct Init {
    /// The folder to make them in
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
}

/// The rules file that a newcomer starts from.
const RULES: &str = include_str!("init/rules.yaml");
/// The document of the first fixture.
const DOCUMENT: &str = include_str!("init/in.txt");

impl Run for Init {
    fn run(self, console: &mut Console) -> anyhow::Result<Exit> {
        let cleaned = Cleaner::new(RuleSet::parse("rules.yaml", RULES)?.chain()).clean(DOCUMENT.as_bytes(), None)?;
        let schema = format!("{}\n", serde_json::to_string_pretty(&descrape::config::schema())?);
        let files: [(&str, &str); 5] = [
            ("rules.yaml", RULES),
            ("rules.schema.json", &schema),
            ("fixtures/example/in.txt", DOCUMENT),
            ("fixtures/example/out.txt", cleaned.outcome.text.current()),
            ("fixtures/example/changes.txt", &ledger(&cleaned)),
        ];
        if let Some(there) = files.iter().map(|(name, _)| self.folder.join(name)).find(|path| path.exists()) {
            bail!("{} is there already, and nothing was made\n  help: `descrape init DIR` starts in another folder", there.display());
        }
        for (name, text) in files {
            make(&self.folder.join(name), text)?;
            console.line(format_args!("made {}", self.folder.join(name).display()))?;
        }
        let rules = self.folder.join("rules.yaml");
        let fixtures = self.folder.join("fixtures");
        console.note(format_args!(
            "next: descrape test -r {} --fixtures {}\n      descrape clean -r {} PATH",
            rules.display(),
            fixtures.display(),
            rules.display()
        ));
        Ok(Exit::Done)
    }
}

fn make(path: &Path, text: &str) -> anyhow::Result<()> {
    let made = write::stage(path, text.as_bytes(), &write::Tag::default()).and_then(write::Staged::commit);
    made.with_context(|| format!("{}: cannot be written", path.display()))
}
