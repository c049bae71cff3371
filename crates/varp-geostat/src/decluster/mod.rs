//! Weights that make clustered samples represent their area.
//!
//! All weights sum to the number of samples.

mod cell;
mod kriging;
mod polygonal;

pub use cell::{CellDeclustering, CellPlan, Extreme, cell};
pub use kriging::{KrigingWeights, kriging};
pub use polygonal::{Polygonal, polygonal};

use crate::stats::StatsError;
use thiserror::Error;

/// Why no declustering weights can be given.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DeclusterError {
    /// Values or lists of the wrong kind.
    #[error(transparent)]
    Values(#[from] StatsError),
    /// Cell sizes must be positive.
    #[error("{name} is {value}, but must be above zero")]
    NotPositive {
        /// Name of the parameter.
        name: &'static str,
        /// Value given.
        value: f64,
    },
    /// A boundary without an inside.
    #[error("a boundary of {corners} corners encloses the area {area}")]
    EmptyBoundary {
        /// Corners given.
        corners: usize,
        /// Area they enclose.
        area: f64,
    },
    /// Samples of the same place, or a model that cannot tell places apart.
    #[error("samples {first} and {second} lie at the same place {place:?}; merge them first")]
    Coincident {
        /// One sample, from 0.
        first: usize,
        /// The other.
        second: usize,
        /// Their place.
        place: [f64; 3],
    },
    /// The kriging system has no unique answer.
    #[error("the kriging matrix of {count} samples is not positive definite")]
    Singular {
        /// Samples given.
        count: usize,
    },
}
