//! What can go wrong, one enum per concern, with the numbers needed to act on it.

// The messages name every field.
#![allow(missing_docs)]

use thiserror::Error;

use crate::resolution::Unresolved;

/// Largest size of a coordinate, value, sill or range: products of three still have a number.
pub(crate) const LARGEST: f64 = 1e100;

/// Whether a number can be computed with: finite, and not so large that its powers are not.
pub(crate) fn is_usable(value: f64) -> bool {
    value.abs() <= LARGEST
}

/// A covariance model that does not exist or is not positive definite.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ModelError {
    /// A sill is negative or not a number.
    #[error("sill {sill} of term {term} is not a number of at least 0 (and at most 1e100)")]
    Sill { term: usize, sill: f64 },
    /// A range is zero, negative or not a number.
    #[error("range {range} of term {term} is not a number above 0 (within 1e-100 to 1e100)")]
    Range { term: usize, range: f64 },
    /// Ranges so different that the shortest is nothing beside the longest.
    #[error(
        "ranges {longest} and {shortest} of term {term} are {:e} to 1, more than 1e9\n  hint: for a \
         direction without end a range of some hundred times the extent does the same",
        longest / shortest
    )]
    Anisotropy { term: usize, longest: f64, shortest: f64 },
    /// An angle is not a number.
    #[error("angle {degrees} of term {term} is not a finite number of degrees")]
    Angle { term: usize, degrees: f64 },
    /// A shape parameter is outside its interval.
    #[error("{parameter} = {value} is outside {low} to {high}")]
    Parameter { parameter: &'static str, value: f64, low: f64, high: f64 },
    /// Nothing varies: no term has a sill above zero.
    #[error("the model has no term with a sill above 0 (of at least 1e-100 in all)")]
    Empty,
    /// The text is no model.
    #[error("model text, character {at}: {found:?} {problem}\n  hint: {hint}")]
    Grammar { at: usize, found: String, problem: &'static str, hint: String },
    /// A coregionalisation matrix has the wrong size.
    #[error(
        "coregionalisation matrix of term {term} has {found} numbers, {variables} variables need {needed}"
    )]
    MatrixSize { term: usize, found: usize, variables: usize, needed: usize },
    /// A coregionalisation matrix is not symmetric positive semi-definite.
    #[error(
        "coregionalisation matrix of term {term} is not positive semi-definite: smallest eigenvalue {eigenvalue}"
    )]
    NotPositive { term: usize, eigenvalue: f64 },
}

/// An estimate that cannot be made.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum KrigingError {
    /// Not even one sample, or not enough for the trend.
    #[error("{found} samples, but the method needs at least {needed}")]
    TooFewSamples { found: usize, needed: usize },
    /// Columns of different length.
    #[error("{column} has {found} numbers, but there are {expected} {rows}")]
    Length { column: &'static str, found: usize, expected: usize, rows: &'static str },
    /// NaN or infinity in the input.
    #[error("{column} of row {row} is {value}, not a finite number (of at most 1e100)")]
    NotFinite { column: &'static str, row: usize, value: f64 },
    /// A negative measurement-error variance.
    #[error("measurement-error variance {value} of sample {row} is negative")]
    Noise { row: usize, value: f64 },
    /// Two samples at one place.
    #[error(
        "samples {first} (value {first_value}) and {second} (value {second_value}) are at the same \
         place {place:?}; {pairs} such pairs in all\n  hint: merge them, or give each a measurement-error variance"
    )]
    Duplicates {
        first: usize,
        second: usize,
        first_value: f64,
        second_value: f64,
        place: [f64; 3],
        pairs: usize,
    },
    /// The system of a target has no unique solution.
    #[error(
        "the kriging system of target {target} is singular (pivot {pivot:e} of a sill of {sill}); \
         {count} such targets\n  hint: samples too close for a smooth model; add a small nugget"
    )]
    Singular { target: usize, pivot: f64, sill: f64, count: usize },
    /// Samples that are solved together have no unique solution.
    #[error(
        "the kriging system is singular at sample {sample} (pivot {pivot:e} of a sill of {sill}); its \
         nearest neighbour is sample {other} at distance {distance}\n  hint: too close for a smooth \
         model; add a small nugget"
    )]
    SingularSamples { sample: usize, other: usize, distance: f64, pivot: f64, sill: f64 },
    /// The trend cannot be told from the samples.
    #[error(
        "the {functions} trend functions are linearly dependent on the {samples} samples\n  \
         hint: the samples lie on a line or plane, or a drift column is constant"
    )]
    Trend { functions: usize, samples: usize },
    /// No target has enough samples within reach.
    #[error("none of the {targets} targets has {needed} samples within the search")]
    EmptySearch { targets: usize, needed: usize },
    /// Numbers of a search that contradict each other.
    #[error("a search for {min_samples} to {max_samples} samples finds nothing")]
    Search { min_samples: usize, max_samples: usize },
    /// A limit of the search that leaves nothing.
    #[error("at most 0 samples {limit} leave nothing to estimate from")]
    SearchLimit { limit: &'static str },
    /// Radii or angles of the search.
    #[error("search ellipsoid: {0}")]
    SearchEllipsoid(ModelError),
    /// `max_per_hole` without hole numbers.
    #[error("a limit of samples per hole needs the hole of each sample")]
    NoHoles,
    /// A block without extent or without points.
    #[error("block of {size:?} cut into {parts:?} points")]
    Block { size: [f64; 3], parts: [usize; 3] },
    /// An area without points.
    #[error("area {area} has no points")]
    EmptyArea { area: usize },
    /// A grid without nodes.
    #[error("grid of {count:?} nodes with steps {step:?}")]
    Grid { count: [usize; 3], step: [f64; 3] },
    /// A model without a sill in a method that needs one.
    #[error("a model with a power structure has no sill; {method} needs one")]
    NoSill { method: &'static str },
    /// More ellipsoids of different shape or direction than are supported.
    #[error("{found} structures with different ellipsoids, at most {most} are supported")]
    Ellipsoids { found: usize, most: usize },
    /// The model has another number of variables than the samples.
    #[error("the model has {model} variables, the samples {samples}")]
    Variables { model: usize, samples: usize },
    /// A correlation outside −1 to 1, or a standard deviation not above zero.
    #[error("{parameter} = {value} is outside {low} to {high}")]
    Parameter { parameter: &'static str, value: f64, low: f64, high: f64 },
    /// Coordinates without digits for the distances.
    #[error(transparent)]
    Unresolved(#[from] Unresolved),
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl From<crate::progress::Cancelled> for KrigingError {
    fn from(_: crate::progress::Cancelled) -> Self {
        Self::Cancelled
    }
}

/// A variogram that cannot be computed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum VariogramError {
    /// No pair can be formed.
    #[error("{found} samples, a variogram needs at least 2")]
    TooFewSamples { found: usize },
    /// Columns of different length.
    #[error("{column} has {found} numbers, but there are {expected} samples")]
    Length { column: &'static str, found: usize, expected: usize },
    /// NaN or infinity in the input.
    #[error("{column} of row {row} is {value}, not a finite number (of at most 1e100)")]
    NotFinite { column: &'static str, row: usize, value: f64 },
    /// Lag edges that do not rise, or a width that is not above zero.
    #[error("lag class {class} reaches from {low} to {high}")]
    Lags { class: usize, low: f64, high: f64 },
    /// An angle or width that is no finite number, or a tolerance outside 0 to 90 degrees.
    #[error("direction {direction}: {parameter} = {value}")]
    Direction { direction: usize, parameter: &'static str, value: f64 },
    /// No pair falls in any class of any direction.
    #[error(
        "no pair of the {samples} samples lies in a class of any direction; classes reach from {low} \
         to {high}, the two nearest samples are {nearest} apart\n  hint: wider lags, more of them, another dip, or a larger tolerance"
    )]
    NoPairs { samples: usize, low: f64, high: f64, nearest: f64 },
    /// A correlation of values that do not vary.
    #[error("all {count} values are {value}: {estimator} needs a spread")]
    NoSpread { estimator: &'static str, count: usize, value: f64 },
    /// Coordinates without digits for the distances.
    #[error(transparent)]
    Unresolved(#[from] Unresolved),
    /// The estimator knows no cross-variogram.
    #[error("{estimator} is defined for one variable, not for two")]
    Cross { estimator: &'static str },
}

/// A model that cannot be fitted.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FitError {
    /// Fewer lag classes with pairs than parameters.
    #[error("{lags} lag classes hold pairs, {parameters} parameters need more")]
    TooFewLags { lags: usize, parameters: usize },
    /// NaN in the experimental variogram.
    #[error("semivariance of class {class} is {value}, not a finite number (of at most 1e100)")]
    NotFinite { class: usize, value: f64 },
    /// Bounds that exclude each other.
    #[error("{parameter} cannot lie within {low} to {high}")]
    Bounds { parameter: &'static str, low: f64, high: f64 },
    /// No structure was asked for.
    #[error("no structure to fit")]
    NoStructure,
    /// All semivariances are zero.
    #[error(
        "the semivariances of all {classes} classes with {pairs} pairs are 0: there is nothing to fit"
    )]
    Flat { classes: usize, pairs: u64 },
    /// Variograms of a different number of variables or lags.
    #[error(
        "{found} variograms, {expected} expected for {variables} variables with the same lag classes"
    )]
    Count { found: usize, expected: usize, variables: usize },
    /// The best parameters make no model.
    #[error(transparent)]
    Model(#[from] ModelError),
}
