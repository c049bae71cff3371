//! What is legal and yet likely a mistake: named, with the numbers that raise the doubt.
//!
//! Nothing here stops a computation. The thresholds are conventions of this crate where no source
//! is named.

mod model;
mod places;
mod variogram;

pub use model::{of_discretisation, of_mean, of_model, of_targets};
pub use places::{of_coincidence, of_places, of_values};
pub use variogram::{of_fit, of_variograms};

use thiserror::Error;

/// A doubt about input that was accepted.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
// The text names every field.
#[allow(missing_docs)]
pub enum Warning {
    /// Too few values for their statistics to mean much.
    #[error("{found} values; what fewer than {usual} say of the rest is little")]
    FewSamples { found: usize, usual: usize },
    /// Nothing varies.
    #[error("all {count} values are {value}: nothing varies")]
    EqualValues { count: usize, value: f64 },
    /// All samples on one line.
    #[error(
        "the {samples} samples lie on a line (they spread {length:.6} along it, {width:.6} across): \
         nothing is known beside it"
    )]
    OnALine { samples: usize, length: f64, width: f64 },
    /// All samples in one plane, in three dimensions.
    #[error(
        "the {samples} samples lie in a plane (they spread {extent:.6} in it, {thickness:.6} across): \
         nothing is known beside it"
    )]
    OnAPlane { samples: usize, extent: f64, thickness: f64 },
    /// Samples at one place.
    #[error(
        "samples {first} (value {}) and {second} (value {}) are at the same place; {pairs} such pairs \
         in all",
        values[0], values[1]
    )]
    Coincident { first: usize, second: usize, values: [f64; 2], pairs: usize },
    /// Two samples far nearer to each other than the rest, with different values.
    #[error(
        "samples {first} (value {}) and {second} (value {}) are {distance} apart, where {usual:.6} is \
         usual: one place measured twice?",
        values[0], values[1]
    )]
    Twins { first: usize, second: usize, values: [f64; 2], distance: f64, usual: f64 },
    /// Coordinates that leave few digits for distances.
    #[error(
        "coordinates reach {largest:e} and differ by at most {extent}; numbers of that size are {step} \
         apart"
    )]
    Coordinates { largest: f64, extent: f64, step: f64 },
    /// Ranges whose ratio no body of rock has.
    #[error(
        "the ranges of term {term} are {longest} and {shortest}, {:.3e} to 1",
        longest / shortest
    )]
    Anisotropy { term: usize, longest: f64, shortest: f64 },
    /// No sample reaches another.
    #[error(
        "the longest practical range is {longest}, but samples are {spacing:.6} apart: none tells of \
         another"
    )]
    ShortRange { longest: f64, spacing: f64 },
    /// No structure: nothing is known away from a sample.
    #[error(
        "the model is a nugget of {nugget} alone: away from samples every estimate is the mean"
    )]
    NuggetOnly { nugget: f64 },
    /// A sill of another order than the variance of the samples.
    #[error(
        "the sill is {sill}, the variance of the samples {variance:.6}: is the model of other values \
         or units?"
    )]
    Sill { sill: f64, variance: f64 },
    /// A known mean that no sample has.
    #[error("the known mean {mean} is outside the samples, {least} to {greatest}")]
    Mean { mean: f64, least: f64, greatest: f64 },
    /// Targets that no sample reaches.
    #[error(
        "the targets begin {distance:.6} from the samples, the longest practical range is {longest}: \
         other coordinates?"
    )]
    FarTargets { distance: f64, longest: f64 },
    /// Points of a block farther apart than the model reaches.
    #[error(
        "the points of a block are {step} apart, the longest practical range is {longest}: the \
         variance of blocks is too large; take a finer discretisation"
    )]
    CoarseBlock { step: f64, longest: f64 },
    /// Most samples count for nothing.
    #[error("{outside} of the {samples} samples lie outside: other coordinates?")]
    Outside { outside: usize, samples: usize },
    /// A direction in which no pair lies.
    #[error("azimuth {azimuth}, dip {dip}: none of the {classes} classes holds a pair")]
    EmptyDirection { azimuth: f64, dip: f64, classes: usize },
    /// Classes of few pairs.
    #[error(
        "azimuth {azimuth}, dip {dip}: {classes} of {of} classes with pairs hold fewer than {usual}, \
         one only {least}"
    )]
    FewPairs { azimuth: f64, dip: f64, classes: usize, of: usize, least: u64, usual: u64 },
    /// A fitted range that no class reaches.
    #[error(
        "the practical range {range:.6} lies beyond the last class at {reach:.6}: its sill was not \
         seen"
    )]
    LongRange { range: f64, reach: f64 },
}

impl Warning {
    /// A word that machines can compare.
    pub fn name(&self) -> &'static str {
        match self {
            Self::FewSamples { .. } => "few-samples",
            Self::EqualValues { .. } => "equal-values",
            Self::OnALine { .. } => "on-a-line",
            Self::OnAPlane { .. } => "on-a-plane",
            Self::Coincident { .. } => "coincident",
            Self::Twins { .. } => "twins",
            Self::Coordinates { .. } => "coordinates",
            Self::Anisotropy { .. } => "anisotropy",
            Self::ShortRange { .. } => "short-range",
            Self::NuggetOnly { .. } => "nugget-only",
            Self::Sill { .. } => "sill",
            Self::Mean { .. } => "mean",
            Self::FarTargets { .. } => "far-targets",
            Self::CoarseBlock { .. } => "coarse-block",
            Self::Outside { .. } => "outside",
            Self::EmptyDirection { .. } => "empty-direction",
            Self::FewPairs { .. } => "few-pairs",
            Self::LongRange { .. } => "long-range",
        }
    }
}
