//! `varp geostat cv`.

use serde_json::json;
use varp_geostat::krige::Targets;
use varp_geostat::progress::Progress;
use varp_geostat::validate::{by_folds, leave_one_out, random_folds};

use super::arguments::Cv;
use super::output::{self, Column};
use super::table::{Sampled, kriging};
use crate::cli::{Outcome, show};

/// Leaves out, estimates, compares.
pub fn run(command: &Cv) -> anyhow::Result<Outcome> {
    let sampled = Sampled::read_for(&command.data, &command.estimator)?;
    let n = sampled.values.len();
    let dimensions = if command.data.z.is_some() { 3 } else { 2 };
    let kriging = kriging(&command.estimator, dimensions, n)?;
    let folds = match (command.folds, command.by_hole) {
        (Some(count), _) => Some(random_folds(n, count, command.seed)),
        (None, true) => sampled.holes().map(<[u32]>::to_vec),
        (None, false) => None,
    };
    let progress = Progress::none();
    let validation = sampled.with(|samples| match &folds {
        Some(folds) => by_folds(&kriging, samples, folds, &progress),
        None => leave_one_out(&kriging.fit(samples)?, &progress),
    })?;
    if let Some(path) = &command.output {
        let residuals = validation.residuals();
        let columns = [
            Column::new("observed", validation.observed.clone()),
            Column::new("estimate", validation.estimates.estimate.clone()),
            Column::new("variance", validation.estimates.variance.clone()),
            Column::new("residual", residuals),
        ];
        let axes = [command.data.x.as_str(), &command.data.y];
        let z = command.data.z.as_deref();
        let axes: Vec<&str> = axes.into_iter().chain(z).collect();
        output::write(path, &axes, &Targets::points(&sampled.places), None, &columns)?;
    }
    let Some(s) = validation.statistics() else {
        anyhow::bail!("no sample could be estimated from the others");
    };
    if command.json {
        show::json(&json!({
            "count": s.count, "mean_error": s.mean_error,
            "mean_absolute_error": s.mean_absolute_error,
            "root_mean_squared_error": s.root_mean_squared_error,
            "mean_standardised": s.mean_standardised,
            "mean_squared_standardised": s.mean_squared_standardised,
            "correlation": s.correlation, "slope": s.slope, "intercept": s.intercept,
            "within_90": s.within_90,
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
            show::line(format!("{name:<38}{value:>12.6}"));
        }
        show::line(format!("{:<38}{:>12}", "samples estimated", s.count));
    }
    Ok(Outcome::Clean)
}
