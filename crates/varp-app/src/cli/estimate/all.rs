//! `varp estimate --all`: every body of the register that has evidence.

use std::collections::BTreeMap;

use indicatif::{ProgressBar, ProgressStyle};
use varp_model::References;

use super::super::arguments::Estimate;
use super::super::{Outcome, settings, show};
use crate::jobs::{self, Store, estimate as jobs_estimate};

/// Estimates all bodies. What is stored stays stored if the run is stopped with ctrl-c; the next run
/// takes up what is left.
pub fn run(
    command: &Estimate,
    store: &dyn Store,
    references: &References,
) -> anyhow::Result<Outcome> {
    let bodies = jobs::body_ids(store, Vec::new())?;
    let order = jobs_estimate::EstimateAll {
        bodies: &bodies,
        terms: &super::terms(command),
        audience: command.audience,
        only_changed: !command.again,
        actor: &settings::actor(command.actor.as_deref()),
        references,
    };
    let bar = match command.json {
        true => ProgressBar::hidden(),
        false => ProgressBar::new(bodies.len() as u64),
    };
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} bodies  {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let made = jobs_estimate::estimate_all(store, &order, |done| {
        bar.set_position(done as u64);
        true
    })?;
    bar.finish_and_clear();
    if command.json {
        show::json(&made)?;
        return Ok(Outcome::Clean);
    }
    show::line(format!(
        "{} bodies: {} new estimates, {} stand as they are, {} without",
        bodies.len(),
        made.new,
        made.standing,
        made.skipped.len()
    ));
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for skipped in &made.skipped {
        *reasons.entry(skipped.because.as_str()).or_insert(0) += 1;
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (because, count) in reasons {
        show::line(format!("{count:>6}  {because}"));
    }
    Ok(Outcome::Clean)
}
