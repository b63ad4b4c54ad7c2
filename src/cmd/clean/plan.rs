//! What a clean is about to do: which files, where results and log go, what earlier cleans left.
//!
//! Invariant: nothing is written here.

use std::path::{Path, PathBuf};

use anyhow::Context;
use descrape::chain::Chain;
use descrape::earlier::{self, Earlier};
use descrape::log::{self, FORMAT};
use descrape::target::{Target, absolute, seen_from};
use descrape::walk::{self, Plan, Walk};
use descrape::batch;

use super::Clean;
use crate::cmd::choice::Choice;

impl Clean {
    /// Which files, where they go, and where the log goes.
    pub(super) fn plan(&self) -> anyhow::Result<(Plan, Target, Option<PathBuf>)> {
        let given = self.files.roots()?;
        let roots = &given.roots;
        let looks = self.check || self.diff;
        let target = match &self.output {
            Some(folder) => Target::Folder(folder.clone()),
            None if self.in_place => Target::InPlace,
            None if looks => Target::Nowhere,
            None => Target::usual(roots)?,
        };
        target.check(roots)?;
        let log = match &self.log {
            Some(log) => Some(log.clone()),
            None if looks || self.dry_run => None,
            None => target.usual_log(roots)?.map(|log| self.shard.map_or(log.clone(), |shard| shard.log(&log))),
        };
        let avoid = match &target {
            Target::Folder(folder) => Some(absolute(folder)),
            _ => None,
        };
        let own = log.as_deref().map(batch::tag).unwrap_or_default();
        let walk = Walk { globs: self.files.globs()?, follow: target != Target::InPlace, avoid, own };
        let mut plan = given.plan(&walk);
        if let Some(shard) = self.shard {
            plan.keep(shard);
        }
        target.check_plan(&plan, log.as_deref())?;
        Ok((plan, target, log))
    }

    /// The first record of the log.
    pub(super) fn header(&self, log: &Path, rules: &Choice, chain: &Chain, target: &Target, plan: &Plan) -> log::Run {
        log::Run {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            build: env!("DESCRAPE_BUILD").to_owned(),
            mode: target.mode(),
            paths: plan.roots.iter().map(|root| root.path.display().to_string()).collect(),
            from: plan.roots.iter().map(|root| seen_from(log, &root.path).display().to_string()).collect(),
            out: Default::default(),
            shard: self.shard.map(|shard| shard.to_string()),
            rules: rules.name.clone(),
            rules_hash: rules.hash,
            chain: chain.rules().iter().map(|rule| rule.id.clone()).collect(),
            encoding: self.encoding.map(|encoding| encoding.to_string()),
            fields: self.fields.clone(),
        }
    }

    /// What earlier cleans left: runs with the same log, and where a folder is shared, those of other parts.
    pub(super) fn earlier(&self, log: &Path, run: &log::Run, target: &Target) -> anyhow::Result<Earlier> {
        let mut logs = Vec::new();
        if let Target::Folder(folder) = target
            && self.log.is_none()
        {
            let whole = folder.join(walk::LOG);
            let others = [whole.clone(), folder.join(walk::PACKED_LOG)].into_iter().chain(walk::logs_of_shards(&whole));
            let others = others.filter(|other| other != log);
            logs.extend(others.flat_map(|other| earlier::logs(&other)));
        }
        logs.extend(earlier::logs(log));
        Earlier::read(&logs, run).with_context(|| format!("{}: cannot be read", log.display()))
    }
}
