//! `varp geostat`: geostatistics over plain tables.

mod arguments;
mod composition;
mod cv;
mod decluster;
mod doubts;
mod estimator;
mod fit;
mod krige;
pub(super) mod output;
pub mod plan;
mod plot;
mod quantiles;
mod running;
mod simulate;
mod spacing;
mod stats;
mod support;
mod table;
mod transform;
mod trend;
mod variogram;

pub use arguments::{Action, Geostat};

use super::Outcome;

/// Runs the action, then writes the plan if one was asked for; `matches` are what was typed.
pub fn run(command: &Geostat, matches: &clap::ArgMatches) -> anyhow::Result<Outcome> {
    let outcome = match &command.action {
        Action::Stats(action) => stats::run(action),
        Action::Qq(action) => quantiles::run(action),
        Action::Trend(action) => trend::run(action),
        Action::Composition(action) => composition::run(action),
        Action::Variogram(action) => variogram::run(action),
        Action::Fit(action) => fit::run(action),
        Action::Krige(action) => krige::run(action),
        Action::Cv(action) => cv::run(action),
        Action::Decluster(action) => decluster::run(action),
        Action::Transform(action) => transform::run(action),
        Action::Support(action) => support::run(action),
        Action::Simulate(action) => simulate::run(action),
        Action::Spacing(action) => spacing::run(action),
    }?;
    if let Some(path) = &command.write_plan {
        output::write_text(path, &plan::written(matches)?)?;
    }
    Ok(outcome)
}
