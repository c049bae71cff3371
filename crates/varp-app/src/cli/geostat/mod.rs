//! `varp geostat`: geostatistics over plain tables.

mod arguments;
mod cv;
mod decluster;
mod krige;
mod output;
mod simulate;
mod spacing;
mod table;
mod variogram;

pub use arguments::{Action, Geostat};

use super::Outcome;

/// Runs the action.
pub fn run(command: &Geostat) -> anyhow::Result<Outcome> {
    match &command.action {
        Action::Variogram(action) => variogram::run(action),
        Action::Fit(action) => {
            variogram::refuse_output(action.experimental.output.as_deref())?;
            variogram::run_fit(action)
        }
        Action::Krige(action) => krige::run(action),
        Action::Cv(action) => cv::run(action),
        Action::Decluster(action) => decluster::run(action),
        Action::Simulate(action) => simulate::run(action),
        Action::Spacing(action) => spacing::run(action),
    }
}
