//! Statistics of one variable: summaries, quantiles, robust measures, trends, regression, censored data.

mod bootstrap;
pub mod censored;
pub mod distribution;
mod error;
mod histogram;
mod quantile;
mod regression;
mod robust;
mod summary;
mod trend;

pub use bootstrap::{Interval, bootstrap};
pub use error::StatsError;
pub use histogram::{Histogram, quantile_pairs};
pub use quantile::{quantile, weighted_quantile};
pub use regression::{PlaceTerms, Regression};
pub use robust::{
    Capped, SichelMean, cap, interquartile_range, median, median_absolute_deviation, sichel_mean,
};
pub use summary::Summary;
pub use trend::{Order, Trend};

pub(crate) use error::{finite, same_length, sorted, total_weight};
pub(crate) use quantile::quantile_sorted;
