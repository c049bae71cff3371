//! Sill matrices of a linear model of coregionalisation with given ranges.

use super::least_squares::solve_positive;
use super::{Weights, classes_of, design, initial_weights};
use crate::error::FitError;
use crate::model::{Coregionalisation, SharedStructure, Structure, nearest_positive};
use crate::variogram::Variogram;

/// Fits the sills of a nugget and `structures` to all direct and cross-variograms, then moves each
/// matrix to the nearest positive semi-definite one (as gstat's `fit.lmc` does).
///
/// `variograms[i][j]`, j ≤ i, are the directions of variables `i` and `j`.
pub fn fit_coregionalisation(
    variograms: &[Vec<Vec<Variogram>>],
    structures: &[SharedStructure],
    weights: Weights,
) -> Result<Coregionalisation, FitError> {
    let variables = variograms.len();
    let terms = structures.len() + 1;
    let mut matrices = vec![vec![0.0; variables * variables]; terms];
    let shapes: Vec<Structure> = structures
        .iter()
        .map(|s| Structure { sill: 1.0, shape: s.shape, ellipsoid: s.ellipsoid })
        .collect();
    for (i, row) in variograms.iter().enumerate() {
        if row.len() != i + 1 {
            return Err(FitError::Count { found: row.len(), expected: i + 1, variables });
        }
        for (j, pair) in row.iter().enumerate() {
            let classes = classes_of(pair)?;
            if classes.len() < terms {
                return Err(FitError::TooFewLags { lags: classes.len(), parameters: terms });
            }
            let columns = design(&shapes, true, &classes);
            let weights = initial_weights(&classes, weights);
            let dot = |x: &[f64], y: &dyn Fn(usize) -> f64| -> f64 {
                (0..x.len()).map(|k| weights[k] * x[k] * y(k)).sum()
            };
            let mut a = vec![0.0; terms * terms];
            for s in 0..terms {
                for t in 0..terms {
                    a[s * terms + t] = dot(&columns[s], &|k| columns[t][k]);
                }
            }
            let b: Vec<f64> = columns.iter().map(|c| dot(c, &|k| classes[k].gamma)).collect();
            let sills = solve_positive(terms, &a, &b)
                .ok_or(FitError::TooFewLags { lags: classes.len(), parameters: terms })?;
            for (matrix, sill) in matrices.iter_mut().zip(sills) {
                matrix[i * variables + j] = sill;
                matrix[j * variables + i] = sill;
            }
        }
    }
    let mut positive = matrices.iter().map(|m| nearest_positive(variables, m));
    let nugget = positive.next().unwrap_or_default();
    let structures = structures.iter().copied().zip(positive).collect();
    Ok(Coregionalisation::new(variables, nugget, structures)?)
}
