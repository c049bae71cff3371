//! Trials of estimates on ponds of known truth: do intervals hold what they promise?
//!
//! A pond is made from the priors that estimates use (or from shifted ones), sampled as people do,
//! estimated by each method through [`crate::estimate::estimate_body`], and compared with its truth.

mod campaign;
mod hidden;
mod pond;
mod score;
mod table;
mod thinned;

pub use campaign::{Campaign, Heads, Layout, campaign, historic_table};
pub use hidden::{Foretold, Listed, common, foretold, listed};
pub use pond::{Pond, PondShape, Recipe, pond};
pub use score::{Score, Summary, crps, interval_score, summary};
pub use table::{Trial, run, written};
pub use thinned::{Dense, thinned};
