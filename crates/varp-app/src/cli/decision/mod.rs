//! `varp screen`, `rank`, `portfolio`, `pilot`, `circularity`: from the register to a study plan.

mod arguments;
pub mod circularity;
mod documents;
mod keep;
pub mod pilot;
pub mod portfolio;
pub mod rank;
pub mod screen;

pub use arguments::{Circularity, Pilot, Portfolio, Rank, Screen};
