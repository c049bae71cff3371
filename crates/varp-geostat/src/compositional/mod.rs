//! Log-ratio transforms of compositions: parts of a whole, such as the grades of one assay.
//!
//! A composition is a list of positive parts; only their ratios matter. Transform, estimate or
//! simulate in log-ratios, and transform back: every result then sums to the whole.
//!
//! Source: J. Aitchison, "The Statistical Analysis of Compositional Data", 1986; J. J. Egozcue
//! and others, "Isometric logratio transformations", Mathematical Geology 35 (2003), 279–300.

mod ratio;
mod variation;
mod zeros;

pub use ratio::{alr, alr_inverse, clr, clr_inverse, ilr, ilr_inverse};
pub use variation::{centre, total_variance, variation_matrix};
pub use zeros::replace_zeros;

use thiserror::Error;

/// Why parts are no composition.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum CompositionError {
    /// Log-ratios need two parts.
    #[error("{found} parts, but a composition needs at least {needed}")]
    TooFewParts {
        /// Parts given.
        found: usize,
        /// Parts needed.
        needed: usize,
    },
    /// A part without a logarithm.
    #[error("part {part} is {value}; parts must be finite and above zero (replace zeros first)")]
    NotPositive {
        /// Position of the part, from 0.
        part: usize,
        /// Its value.
        value: f64,
    },
    /// A zero without a detection limit, or limits that leave no room.
    #[error("the replaced zeros sum to {replaced}, but the whole is {whole}")]
    NoRoom {
        /// Sum of the replacements.
        replaced: f64,
        /// The whole.
        whole: f64,
    },
    /// Compositions of one table differ in length.
    #[error("composition {row} has {found} parts, the first has {expected}")]
    Uneven {
        /// Position of the composition, from 0.
        row: usize,
        /// Its parts.
        found: usize,
        /// Parts of the first one.
        expected: usize,
    },
    /// Too few compositions for a variance.
    #[error("{found} compositions, but {needed} are needed")]
    TooFewRows {
        /// Compositions given.
        found: usize,
        /// Compositions needed.
        needed: usize,
    },
}

/// Scales parts to the sum `whole` (1, 100 or 10⁶, as the unit has it).
///
/// # Errors
/// Fewer than two parts, or a part that is not finite and above zero.
pub fn close(parts: &[f64], whole: f64) -> Result<Vec<f64>, CompositionError> {
    check(parts)?;
    let sum: f64 = parts.iter().sum();
    Ok(parts.iter().map(|part| part / sum * whole).collect())
}

/// Appends the part that fills the sum up to `whole`, so that a few grades become a composition.
///
/// # Errors
/// Parts that are not positive, or that leave nothing for the rest.
pub fn with_rest(parts: &[f64], whole: f64) -> Result<Vec<f64>, CompositionError> {
    let rest = whole - parts.iter().sum::<f64>();
    let mut all = parts.to_vec();
    all.push(rest);
    check(&all)?;
    Ok(all)
}

fn check(parts: &[f64]) -> Result<(), CompositionError> {
    if parts.len() < 2 {
        return Err(CompositionError::TooFewParts { found: parts.len(), needed: 2 });
    }
    match parts.iter().position(|p| !(p.is_finite() && *p > 0.0)) {
        Some(part) => Err(CompositionError::NotPositive { part, value: parts[part] }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_completes_the_whole() {
        assert_eq!(with_rest(&[30.0, 20.0], 100.0).unwrap(), [30.0, 20.0, 50.0]);
        assert_eq!(
            with_rest(&[80.0, 20.0], 100.0),
            Err(CompositionError::NotPositive { part: 2, value: 0.0 })
        );
    }

    #[test]
    fn closing_keeps_ratios() {
        assert_eq!(close(&[1.0, 3.0], 100.0).unwrap(), [25.0, 75.0]);
    }
}
