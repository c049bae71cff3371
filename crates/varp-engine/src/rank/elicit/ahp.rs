//! Analytic hierarchy process: weights of a pairwise comparison matrix and its consistency.

use super::ElicitError;
use serde::{Deserialize, Serialize};

/// Random indices of Saaty for n = 1..=15.
pub const RANDOM_INDEX_SAATY: [f64; 15] =
    [0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59];

/// Random indices of Alonso & Lamata (2006) for n = 1..=15.
pub const RANDOM_INDEX_ALONSO_LAMATA: [f64; 15] = [
    0.0, 0.0, 0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499, 1.4854, 1.5140, 1.5365,
    1.5551, 1.5713, 1.5838,
];

/// How consistent a judgement is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "kebab-case")]
pub enum Consistency {
    /// Of a pairwise comparison matrix.
    Ahp {
        /// Principal eigenvalue λ.
        lambda: f64,
        /// CI = (λ − n)/(n − 1).
        index: f64,
        /// CI over Saaty's random index; absent above 15 or below 3 things.
        ratio_saaty: Option<f64>,
        /// CI over Alonso & Lamata's random index.
        ratio_alonso_lamata: Option<f64>,
        /// Geometric consistency index (Aguarón & Moreno-Jiménez 2003); absent below 3 things.
        geometric: Option<f64>,
        /// Whether Saaty's ratio is below 0.05 (n = 3), 0.08 (n = 4) or 0.10 (n ≥ 5).
        acceptable: bool,
    },
    /// Of a best-worst comparison.
    BestWorst {
        /// Largest deviation ξ of the linear programme; 0 is consistent.
        xi: f64,
        /// Largest |a_Bj·a_jW − a_BW| / (a_BW² − a_BW) over all things (Liang and others 2020).
        input_ratio: f64,
    },
}

/// Input-based ratio of a best-worst comparison above which it contradicts itself: the threshold
/// of Liang and others 2020 depends on size and scale and lies between 0.13 and 0.45 (recalled).
const MOST_INPUT_RATIO: f64 = 0.40;

impl Consistency {
    /// Whether the judgement may stand as it is.
    pub fn is_acceptable(&self) -> bool {
        match self {
            Self::Ahp { acceptable, .. } => *acceptable,
            Self::BestWorst { input_ratio, .. } => *input_ratio <= MOST_INPUT_RATIO,
        }
    }
}

/// Weights and consistency of a comparison matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Ahp {
    /// Principal eigenvector, summing to one.
    pub weights: Vec<f64>,
    /// Geometric means of the rows, summing to one.
    pub geometric_weights: Vec<f64>,
    /// Consistency.
    pub consistency: Consistency,
}

/// Weights of a positive reciprocal n × n matrix.
pub fn weights(matrix: &[Vec<f64>]) -> Result<Ahp, ElicitError> {
    check(matrix)?;
    let n = matrix.len();
    let (weights, lambda) = principal(matrix);
    let geometric_weights = geometric_means(matrix);
    let index = if n > 1 { (lambda - n as f64) / (n as f64 - 1.0) } else { 0.0 };
    let over = |table: &[f64; 15]| (3..=15).contains(&n).then(|| index / table[n - 1]);
    let ratio_saaty = over(&RANDOM_INDEX_SAATY);
    let limit = match n {
        3 => 0.05,
        4 => 0.08,
        _ => 0.10,
    };
    Ok(Ahp {
        consistency: Consistency::Ahp {
            lambda,
            index,
            ratio_saaty,
            ratio_alonso_lamata: over(&RANDOM_INDEX_ALONSO_LAMATA),
            geometric: (n >= 3).then(|| geometric_index(matrix, &geometric_weights)),
            acceptable: ratio_saaty.map_or(n < 3, |ratio| ratio < limit),
        },
        weights,
        geometric_weights,
    })
}

fn check(matrix: &[Vec<f64>]) -> Result<(), ElicitError> {
    let n = matrix.len();
    for (row, entries) in matrix.iter().enumerate() {
        if entries.len() != n {
            return Err(ElicitError::Length { names: n, needed: n, found: entries.len() });
        }
        for (column, &value) in entries.iter().enumerate() {
            if !(value > 0.0 && value.is_finite()) {
                let name = format!("entry ({row}, {column})");
                let rule = "comparisons are above zero";
                return Err(ElicitError::Range { name, value, rule });
            }
        }
    }
    for (row, entries) in matrix.iter().enumerate() {
        for (column, entry) in entries.iter().enumerate().skip(row) {
            let product = entry * matrix[column][row];
            // Two percent: people write 0.33 for a third.
            if (product - 1.0).abs() > 2e-2 {
                return Err(ElicitError::NotReciprocal { row, column, product });
            }
        }
    }
    Ok(())
}

/// Perron vector and value by power iteration; the matrix is positive, so it converges.
fn principal(matrix: &[Vec<f64>]) -> (Vec<f64>, f64) {
    let n = matrix.len();
    let mut weights = vec![1.0 / n as f64; n];
    let mut lambda = n as f64;
    for _ in 0..100_000 {
        let image: Vec<f64> =
            matrix.iter().map(|row| row.iter().zip(&weights).map(|(a, w)| a * w).sum()).collect();
        lambda = image.iter().sum();
        let next: Vec<f64> = image.iter().map(|v| v / lambda).collect();
        let change = next.iter().zip(&weights).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        weights = next;
        if change < 1e-16 {
            break;
        }
    }
    (weights, lambda)
}

fn geometric_means(matrix: &[Vec<f64>]) -> Vec<f64> {
    let n = matrix.len() as f64;
    let means: Vec<f64> = matrix
        .iter()
        .map(|row| libm::exp(row.iter().map(|a| libm::log(*a)).sum::<f64>() / n))
        .collect();
    let total: f64 = means.iter().sum();
    means.into_iter().map(|m| m / total).collect()
}

/// GCI = 2/((n−1)(n−2)) Σ_{i<j} ln²(a_ij · g_j / g_i).
fn geometric_index(matrix: &[Vec<f64>], g: &[f64]) -> f64 {
    let n = matrix.len();
    let mut sum = 0.0;
    for i in 0..n {
        for j in i + 1..n {
            sum += libm::log(matrix[i][j] * g[j] / g[i]).powi(2);
        }
    }
    2.0 * sum / ((n - 1) * (n - 2)) as f64
}
