use thiserror::Error;

use crate::error::is_usable;

/// Why a statistic cannot be computed from the given numbers.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum StatsError {
    /// The list is too short for the statistic.
    #[error("{found} values, but at least {needed} are needed")]
    TooFew {
        /// Values given.
        found: usize,
        /// Values the statistic needs.
        needed: usize,
    },
    /// NaN or an infinity among the values.
    #[error("value {index} is {value}; every value must be finite (and at most 1e100)")]
    NotFinite {
        /// Position in the list, from 0.
        index: usize,
        /// The offending value.
        value: f64,
    },
    /// A logarithm needs positive values.
    #[error("value {index} is {value}; every value must be above zero")]
    NotPositive {
        /// Position in the list, from 0.
        index: usize,
        /// The offending value.
        value: f64,
    },
    /// A negative or non-finite weight.
    #[error("weight {index} is {value}; weights must be finite and not negative")]
    BadWeight {
        /// Position in the list, from 0.
        index: usize,
        /// The offending weight.
        value: f64,
    },
    /// All weights are zero.
    #[error("the {count} weights sum to zero")]
    ZeroWeight {
        /// Weights given.
        count: usize,
    },
    /// Two lists that belong together differ in length.
    #[error("{left} values, but {right} {what}")]
    LengthMismatch {
        /// Length of the values.
        left: usize,
        /// Length of the other list.
        right: usize,
        /// What the other list holds.
        what: &'static str,
    },
    /// A parameter lies outside its range.
    #[error("{name} is {value}, but must be {rule}")]
    OutOfRange {
        /// Name of the parameter.
        name: &'static str,
        /// Value given.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// The values do not vary.
    #[error("all {count} values equal {value}; a spread is needed")]
    NoSpread {
        /// Values given.
        count: usize,
        /// Their common value.
        value: f64,
    },
    /// Too many values lie below their limits for a mean to mean anything.
    #[error(
        "{censored} of {count} values lie below their limits and {detected} were detected; \
         a mean needs at most {max_share} of the values censored and {needed} detected, \
         so report the share above a cut-off instead"
    )]
    NearlyAllCensored {
        /// Values given.
        count: usize,
        /// Values below their limits.
        censored: usize,
        /// Values detected.
        detected: usize,
        /// Largest censored share accepted.
        max_share: f64,
        /// Detected values needed.
        needed: usize,
    },
    /// An iteration did not settle.
    #[error("{what} did not converge after {iterations} steps; the last change was {change:e}")]
    NotConverged {
        /// What was being computed.
        what: &'static str,
        /// Steps taken.
        iterations: usize,
        /// Size of the last change.
        change: f64,
    },
    /// The positions cannot carry a trend of this order.
    #[error(
        "{count} positions cannot determine {terms} trend terms (term {term} depends on the others)"
    )]
    DependentTerms {
        /// Positions given.
        count: usize,
        /// Terms of the trend.
        terms: usize,
        /// First term that depends on those before it.
        term: usize,
    },
    /// Too many bootstrap replicates had no answer.
    #[error("{failed} of {replicates} bootstrap replicates had no answer")]
    BootstrapFailed {
        /// Replicates without an answer.
        failed: usize,
        /// Replicates tried.
        replicates: usize,
    },
}

/// Refuses NaN, infinities and lists shorter than `needed`.
pub(crate) fn finite(values: &[f64], needed: usize) -> Result<(), StatsError> {
    if values.len() < needed {
        return Err(StatsError::TooFew { found: values.len(), needed });
    }
    match values.iter().position(|v| !is_usable(*v)) {
        Some(index) => Err(StatsError::NotFinite { index, value: values[index] }),
        None => Ok(()),
    }
}

/// Refuses lists of different length.
pub(crate) fn same_length(left: usize, right: usize, what: &'static str) -> Result<(), StatsError> {
    if left == right { Ok(()) } else { Err(StatsError::LengthMismatch { left, right, what }) }
}

/// Sum of valid weights.
pub(crate) fn total_weight(weights: &[f64]) -> Result<f64, StatsError> {
    if let Some(index) = weights.iter().position(|w| !is_usable(*w) || *w < 0.0) {
        return Err(StatsError::BadWeight { index, value: weights[index] });
    }
    let total: f64 = weights.iter().sum();
    if total > 0.0 { Ok(total) } else { Err(StatsError::ZeroWeight { count: weights.len() }) }
}

/// A sorted copy.
pub(crate) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut copy = values.to_vec();
    copy.sort_by(f64::total_cmp);
    copy
}
