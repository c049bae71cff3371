//! Samples of a body: which of them count, where they lie, what they are composited to.

mod censoring;
mod composite;
mod control;
mod desurvey;
mod screen;

pub use censoring::{Imputed, Surroundings, impute};
pub use composite::{Composite, Interval, composite};
pub use control::{QualitySummary, calibrated, quality_summary};
pub use desurvey::{HolePath, depth_below, desurvey};
pub use screen::{Screened, UsedSample, screen};

/// Why samples cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SampleError {
    /// Two intervals of one hole cover the same metres.
    #[error(
        "hole {hole}: samples {first} and {second} both cover {from_m} to {to_m} m; correct one \
         interval, or mark one as a duplicate"
    )]
    Overlap {
        /// Hole.
        hole: String,
        /// One sample.
        first: String,
        /// The other.
        second: String,
        /// Start of what both cover.
        from_m: f64,
        /// Its end.
        to_m: f64,
    },
    /// An interval that ends before it starts, or starts above the surface.
    #[error("sample {sample}: {from_m} to {to_m} m is not an interval below the surface")]
    Interval {
        /// Sample.
        sample: String,
        /// Start.
        from_m: f64,
        /// End.
        to_m: f64,
    },
    /// A sample that begins below the end of its hole.
    #[error(
        "sample {sample} begins at {from_m} m, below the end of hole {hole} at {end_m} m; correct the \
         interval or the depth of the hole"
    )]
    BelowHole {
        /// Sample.
        sample: String,
        /// Hole.
        hole: String,
        /// Start of the sample.
        from_m: f64,
        /// Depth of the hole.
        end_m: f64,
    },
    /// A sample of a hole that has no place.
    #[error("hole {hole} has no collar coordinates, so its {samples} samples have no place")]
    NoCollar {
        /// Hole.
        hole: String,
        /// How many samples it has.
        samples: usize,
    },
    /// A sample of a hole that is not there.
    #[error("sample {sample} is of hole {hole}, which is not among the holes of this body")]
    UnknownHole {
        /// Sample.
        sample: String,
        /// Hole.
        hole: String,
    },
    /// A number that is none.
    #[error("{what} of {of} is {value}, which is not a number to be used")]
    NotANumber {
        /// What number.
        what: &'static str,
        /// Of which sample or hole.
        of: String,
        /// As given.
        value: f64,
    },
    /// A grade above all or below nothing.
    #[error("sample {sample}: {substance} is {value} as a mass fraction; is its unit missing?")]
    Grade {
        /// Sample.
        sample: String,
        /// Substance.
        substance: String,
        /// As given.
        value: f64,
    },
    /// Nothing to use.
    #[error("no sample of this body has a usable assay of {substance}{why}")]
    None {
        /// Substance.
        substance: String,
        /// Reasons with their counts.
        why: String,
    },
    /// No mean can be given.
    #[error(
        "{censored} of {count} assays of {substance} lie below their limit (highest limit {limit}); \
         no mean can be given, only that the grade is probably below that limit"
    )]
    NearlyAllCensored {
        /// Substance.
        substance: String,
        /// Assays.
        count: usize,
        /// Of them below a limit.
        censored: usize,
        /// Highest limit, mass fraction.
        limit: f64,
    },
    /// Statistics refused the numbers.
    #[error("{substance}: {message}")]
    Statistics {
        /// Substance.
        substance: String,
        /// What they said.
        message: String,
    },
    /// A zone named nowhere, or without samples.
    #[error("zone {zone} has no composite of {substance}; join it to another zone or sample it")]
    EmptyZone {
        /// Zone.
        zone: String,
        /// Substance.
        substance: String,
    },
    /// A calibration that cannot be.
    #[error(
        "{method}: {pairs} pairs with the laboratory, but a calibration needs at least {needed}"
    )]
    Calibration {
        /// Method to be calibrated.
        method: String,
        /// Pairs found.
        pairs: usize,
        /// Pairs needed.
        needed: usize,
    },
}
