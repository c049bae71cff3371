//! Trials of estimates on ponds of known truth: do intervals hold what they promise?
//!
//! A pond is made from the priors that estimates use (or from shifted ones), sampled as people do,
//! estimated by each method through [`crate::estimate::estimate_body`], and compared with its truth.

mod campaign;
mod pond;
mod score;
mod table;

pub use campaign::{Campaign, Layout, campaign, historic_table};
pub use pond::{Pond, PondShape, Recipe, pond};
pub use score::{Score, Summary, crps, interval_score, summary};
pub use table::{Trial, run, written};
