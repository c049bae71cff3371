//! What can go wrong, one enum per concern, with the numbers needed to act on it.

// The messages name every field.
#![allow(missing_docs)]

use thiserror::Error;

/// A covariance model that does not exist or is not positive definite.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ModelError {
    /// A sill is negative or not a number.
    #[error("sill {sill} of term {term} is not a number of at least 0")]
    Sill { term: usize, sill: f64 },
    /// A range is zero, negative or not a number.
    #[error("range {range} of term {term} is not a number above 0")]
    Range { term: usize, range: f64 },
    /// An angle is not a number.
    #[error("angle {degrees} of term {term} is not a finite number of degrees")]
    Angle { term: usize, degrees: f64 },
    /// A shape parameter is outside its interval.
    #[error("{parameter} = {value} is outside {low} to {high}")]
    Parameter { parameter: &'static str, value: f64, low: f64, high: f64 },
    /// Nothing varies: no term has a sill above zero.
    #[error("the model has no term with a sill above 0")]
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
