//! Standard output, standard error and the progress bar.
//!
//! Invariant: results reach standard output as they are, byte for byte; colour is only there where a terminal reads it
//! and NO_COLOR is not set.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use descrape::config::ConfigError;
use indicatif::{ProgressBar, ProgressStyle};

/// Where a command speaks.
#[derive(Debug)]
pub struct Console {
    out: BufWriter<Stdout>,
    colour: bool,
    quiet: bool,
    bar: ProgressBar,
}

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default();

impl Console {
    /// A console; a quiet one tells nothing but errors.
    pub fn new(quiet: bool) -> Self {
        let colour = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        Self { out: BufWriter::new(io::stdout()), colour, quiet, bar: ProgressBar::hidden() }
    }

    /// Whether results may be coloured.
    pub fn colour(&self) -> bool {
        self.colour
    }

    /// Results, as they are.
    pub fn out(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// One line of results.
    pub fn line(&mut self, line: impl Display) -> io::Result<()> {
        writeln!(self.out, "{line}")
    }

    /// Sends on what was written so far. To be called at the end; an error that is found only here is one.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Shows how far things are, on a terminal that no results go to.
    pub fn progress(&mut self, files: usize, results: bool) {
        if self.quiet || !io::stderr().is_terminal() || results && io::stdout().is_terminal() {
            return;
        }
        self.bar = ProgressBar::new(files as u64);
        let style = ProgressStyle::with_template("{bar:32} {human_pos}/{human_len} files  {elapsed}  {eta} left");
        self.bar.set_style(style.expect("the template is tested by every run on a terminal"));
    }

    /// One more file is done.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// Takes the progress bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Something worth knowing.
    pub fn note(&self, text: impl Display) {
        if !self.quiet {
            self.tell(text);
        }
    }

    /// Something that may not be what the user wants.
    pub fn warn(&self, text: impl Display) {
        self.note(format_args!("{YELLOW}warning:{YELLOW:#} {text}"));
    }

    /// What ended the run.
    pub fn fatal(&self, error: &anyhow::Error) {
        match error.downcast_ref::<ConfigError>() {
            // Drawn with the lines of the rules file. Standard error takes the colours out where nobody can see them.
            Some(mistakes) => self.tell(mistakes.render(true)),
            None => self.error(format_args!("{error:#}")),
        }
    }

    /// Something that went wrong.
    pub fn error(&self, text: impl Display) {
        self.tell(format_args!("{RED}error:{RED:#} {text}"));
    }

    fn tell(&self, text: impl Display) {
        self.bar.suspend(|| {
            // Nobody is left to be told where standard error is closed.
            let _ = writeln!(anstream::stderr().lock(), "{text}");
        });
    }
}

/// Whether an error only says that nobody reads standard output any more.
pub fn nobody_reads(error: &anyhow::Error) -> bool {
    let broken = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(broken))
}
