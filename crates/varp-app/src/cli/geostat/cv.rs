//! `varp geostat cv`.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use serde_json::json;
use varp_geostat::krige::Targets;
use varp_geostat::validate::{by_folds, leave_one_out, random_folds};

use super::arguments::{Data, Estimator};
use super::estimator::kriging;
use super::output::{self, Column, Sheet};
use super::table::Sampled;
use super::{doubts, running};
use crate::cli::{Outcome, show};

/// Cross-validate.
#[derive(Debug, Args)]
pub struct Cv {
    /// Samples
    #[command(flatten)]
    pub data: Data,
    /// Estimator
    #[command(flatten)]
    pub estimator: Estimator,
    /// Leave out this many random parts in turn instead of single samples
    #[arg(long, value_name = "K")]
    pub folds: Option<usize>,
    /// Leave out whole holes in turn; needs --hole
    #[arg(long, requires = "hole", conflicts_with = "folds")]
    pub by_hole: bool,
    /// Seed of the random parts
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write observed, estimate, variance, residual of each sample: csv, parquet, vtk
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Print the statistics as JSON
    #[arg(long)]
    pub json: bool,
}

/// Leaves out, estimates, compares.
pub fn run(command: &Cv) -> anyhow::Result<Outcome> {
    let progress = running::progress();
    let sampled = Sampled::read_for(&command.data, &command.estimator)?;
    let n = sampled.values.len();
    if command.folds.is_some_and(|k| k < 2 || k > n) {
        bail!("--folds: from 2 to the {n} samples");
    }
    let kriging = kriging(&command.estimator, sampled.axes.dimensions(), n)?;
    let folds = match (command.folds, command.by_hole) {
        (Some(count), _) => Some(random_folds(n, count, command.seed)),
        (None, true) => sampled.holes().map(<[u32]>::to_vec),
        (None, false) => None,
    };
    let warnings = doubts::of_kriging(&sampled, &kriging);
    let warnings = doubts::tell(&warnings, Some(&sampled.table));
    let validation = sampled.with(|samples| match &folds {
        Some(folds) => by_folds(&kriging, samples, folds, &progress),
        None => leave_one_out(&kriging.fit(samples)?, &progress),
    })?;
    if let Some(path) = &command.output {
        let residuals = validation.residuals();
        let columns = vec![
            Column::new("observed", validation.observed.clone()),
            Column::new("estimate", validation.estimates.estimate.clone()),
            Column::new("variance", validation.estimates.variance.clone()),
            Column::new("residual", residuals),
        ];
        let targets = Targets::points(&sampled.places);
        output::write(path, &Sheet::placed(sampled.axes.names(), targets, columns))?;
    }
    let Some(s) = validation.statistics() else {
        bail!("no sample could be estimated from the others");
    };
    if command.json {
        show::json(&json!({
            "count": s.count, "mean_error": s.mean_error,
            "mean_absolute_error": s.mean_absolute_error,
            "root_mean_squared_error": s.root_mean_squared_error,
            "mean_standardised": s.mean_standardised,
            "mean_squared_standardised": s.mean_squared_standardised,
            "correlation": s.correlation, "slope": s.slope, "intercept": s.intercept,
            "within_90": s.within_90, "warnings": warnings,
        }))?;
    } else {
        for (name, value) in [
            ("mean error", s.mean_error),
            ("root mean squared error", s.root_mean_squared_error),
            ("mean squared standardised error", s.mean_squared_standardised),
            ("correlation of observed and estimate", s.correlation),
            ("slope of observed on estimate", s.slope),
            ("share within the 90 % interval", s.within_90),
        ] {
            match value.is_nan() {
                true => show::line(format!("{name:<38}{:>12}", "none")),
                false => show::line(format!("{name:<38}{value:>12.6}")),
            }
        }
        show::line(format!("{:<38}{:>12}", "samples estimated", s.count));
    }
    Ok(Outcome::Clean)
}
