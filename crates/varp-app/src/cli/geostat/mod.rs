//! `varp geostat`: geostatistics over plain tables.

mod arguments;
mod cv;
mod decluster;
mod krige;
mod output;
mod simulate;
mod table;

pub use arguments::{Action, Geostat};

use super::Outcome;

/// Runs the action.
pub fn run(command: &Geostat) -> anyhow::Result<Outcome> {
    match &command.action {
        Action::Krige(action) => krige::run(action),
        Action::Cv(action) => cv::run(action),
        Action::Decluster(action) => decluster::run(action),
        Action::Simulate(action) => simulate::run(action),
    }
}
