//! Transforms of distributions: to normal scores and back, and from points to blocks.

mod hermite;
mod normal_score;
mod support;

pub use hermite::{Hermite, Recovered};
pub use normal_score::{LowerTail, NormalScore, Tails, UpperTail};
pub use support::{affine, indirect_lognormal};

use crate::stats::StatsError;
use thiserror::Error;

/// Why a transform cannot be fitted or applied.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum TransformError {
    /// Values or weights of the wrong kind.
    #[error(transparent)]
    Values(#[from] StatsError),
    /// A tail that ends inside the data.
    #[error("the {tail} tail ends at {end}, but the data reach {reached}")]
    TailInsideData {
        /// "lower" or "upper".
        tail: &'static str,
        /// Where the tail ends.
        end: f64,
        /// The extreme of the data on that side.
        reached: f64,
    },
    /// A block variance no smoothing of these points can have.
    #[error("block variance {block} is not between 0 and the point variance {point}")]
    BlockVariance {
        /// Variance asked for.
        block: f64,
        /// Variance of the fitted points.
        point: f64,
    },
}
