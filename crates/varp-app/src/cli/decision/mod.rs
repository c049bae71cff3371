//! `varp screen`, `rank`, `portfolio`, `pilot`: from the register to a study plan.

mod arguments;
mod documents;
mod keep;
pub mod pilot;
pub mod portfolio;
pub mod rank;
pub mod screen;

pub use arguments::{Pilot, Portfolio, Rank, Screen};
