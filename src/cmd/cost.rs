//! What each rule of a chain costs on someone's documents.
//!
//! Invariant: the table adds up: rules, shared facts, prefilter and edits are all that a chain spends.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use descrape::batch::Came;
use descrape::chain::Chain;
use descrape::config::{Document, Rule};
use descrape::cost::{Cost, Costs};
use descrape::decode;
use descrape::rules::Needs;
use descrape::target::Target;
use descrape::walk::{self, Plan, Walk};
use serde::Serialize;

use super::{Console, Exit, files, summary};
use crate::cli::{Format, MAX_SIZE};

/// One line.
#[derive(Debug, Serialize)]
struct Line {
    /// Id of a rule, or what else takes time.
    what: String,
    /// Microseconds of one processor for each megabyte of text.
    micros_per_mb: f64,
    share: f64,
    /// Texts it looked at; a text that was changed since is another.
    looks: Option<u64>,
    /// Looks that found something.
    finds: Option<u64>,
    /// Literals that decide whether and where it looks; none where it looks at every text.
    literals: Option<usize>,
}

/// Cleans all that lies under the paths on one thread, writes nothing, and tells where the time went.
pub fn show(console: &mut Console, chain: &Chain, paths: &[PathBuf], format: Format) -> anyhow::Result<Exit> {
    let roots = walk::roots(paths);
    Target::Nowhere.check(&roots)?;
    let plan = Plan::new(roots, &Walk { follow: true, ..Walk::default() });
    let mut costs = Costs::new(chain.rules().len());
    let (mut texts, mut bytes) = (0, 0);
    console.progress(plan.entries.len(), false);
    let mut exit = Exit::Done;
    for entry in &plan.entries {
        console.step();
        let path = plan.input(entry);
        let read = files::document(&plan, entry, MAX_SIZE);
        let decoded = match read.and_then(|read| decode::decode(read, None).map_err(files::not_text)) {
            Ok(decoded) => decoded,
            Err(came) => {
                files::tell(console, &path, &came);
                if matches!(came, Came::Failed { .. }) {
                    exit = Exit::Failed;
                }
                continue;
            }
        };
        let name = path.to_string_lossy().replace('\\', "/");
        let document = Document { path: Some(&name), encoding: Some(decoded.source.encoding), snippet: false };
        texts += 1;
        bytes += decoded.text.len();
        chain.measure(decoded.text, document, &mut costs)?;
    }
    console.finish();
    let lines = lines(chain, &costs, bytes);
    match format {
        Format::Human => {
            table(console, &lines)?;
            let speed = bytes as f64 / 1e6 / costs.total().as_secs_f64().max(1e-9);
            let texts = summary::count(texts, "text");
            console.note(format_args!("{texts}, {bytes} bytes: {speed:.1} MB/s on one thread"));
        }
        Format::Json => {
            for line in &lines {
                console.line(serde_json::to_string(line)?)?;
            }
        }
    }
    Ok(exit)
}

/// The dearest first.
fn lines(chain: &Chain, costs: &Costs, bytes: usize) -> Vec<Line> {
    let (total, mb) = (costs.total().as_secs_f64().max(1e-9), (bytes.max(1)) as f64 / 1e6);
    let line = |what: String, time: Duration| Line {
        what,
        micros_per_mb: time.as_secs_f64() * 1e6 / mb,
        share: time.as_secs_f64() / total,
        looks: None,
        finds: None,
        literals: None,
    };
    let rule = |(rule, cost): (&Arc<Rule>, &Cost)| Line {
        looks: Some(cost.looks),
        finds: Some(cost.finds),
        literals: match rule.body.needs() {
            Needs::OneOf(literals) => Some(literals.len()),
            Needs::Anything => None,
        },
        ..line(rule.id.to_string(), cost.time)
    };
    let mut lines: Vec<Line> = chain.rules().iter().zip(&costs.rules).map(rule).collect();
    lines.extend(costs.shared.iter().map(|(name, time)| line(format!("({name})"), *time)));
    lines.push(line("(prefilter)".to_owned(), costs.prefilter));
    lines.push(line("(edits)".to_owned(), costs.edits));
    lines.sort_by(|a, b| b.share.total_cmp(&a.share));
    lines
}

fn table(console: &mut Console, lines: &[Line]) -> std::io::Result<()> {
    let width = lines.iter().map(|line| line.what.len()).max().unwrap_or(0).max(4);
    console.line(format_args!(
        "{:<width$}  {:>8}  {:>6}  {:>7}  {:>7}  LITERALS",
        "RULE", "US/MB", "SHARE", "LOOKS", "FINDS"
    ))?;
    for line in lines {
        let number = |number: Option<u64>| number.map_or("-".to_owned(), |number| number.to_string());
        let literals = match (line.looks, line.literals) {
            (None, _) => "-".to_owned(),
            (_, None) => "none".to_owned(),
            (_, Some(literals)) => literals.to_string(),
        };
        let (what, micros, share) = (&line.what, line.micros_per_mb, line.share * 100.0);
        let (looks, finds) = (number(line.looks), number(line.finds));
        console
            .line(format_args!("{what:<width$}  {micros:>8.1}  {share:>5.1}%  {looks:>7}  {finds:>7}  {literals}"))?;
    }
    Ok(())
}
