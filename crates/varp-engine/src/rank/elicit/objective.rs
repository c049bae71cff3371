//! Weights from the table itself, as foils only: they reward spread, which may be noise, and say
//! nothing about what matters.

use crate::rank::value::Direction;

/// Entropy weights: E_j = −Σ_i p_ij ln p_ij / ln m with p_ij = x_ij / Σ_i x_ij, w_j ∝ 1 − E_j.
///
/// Rows of `matrix` are sites; all x ≥ 0 and each column has a sum above zero. 0·ln 0 = 0.
pub fn entropy_weights(matrix: &[Vec<f64>]) -> Vec<f64> {
    let sites = matrix.len() as f64;
    let spread: Vec<f64> = columns(matrix)
        .map(|column| {
            let total: f64 = column.iter().sum();
            let entropy: f64 = column
                .iter()
                .map(|x| x / total)
                .filter(|p| *p > 0.0)
                .map(|p| -p * libm::log(p))
                .sum();
            1.0 - entropy / libm::log(sites)
        })
        .collect();
    normalised(&spread)
}

/// CRITIC weights: w_j ∝ σ_j Σ_k (1 − r_jk) on min–max values turned so that more is better
/// (Diakoulaki, Mavrotas, Papayannakis 1995); population σ. A constant column weighs nothing.
pub fn critic_weights(matrix: &[Vec<f64>], directions: &[Direction]) -> Vec<f64> {
    let scaled: Vec<Vec<f64>> = columns(matrix)
        .zip(directions)
        .map(|(column, direction)| min_max(&column, *direction))
        .collect();
    let deviations: Vec<f64> = scaled.iter().map(|c| covariance(c, c).sqrt()).collect();
    let content: Vec<f64> = scaled
        .iter()
        .zip(&deviations)
        .map(|(a, sa)| {
            let conflict: f64 = scaled
                .iter()
                .zip(&deviations)
                .map(|(b, sb)| {
                    let product = sa * sb;
                    if product > 0.0 { 1.0 - covariance(a, b) / product } else { 0.0 }
                })
                .sum();
            sa * conflict
        })
        .collect();
    normalised(&content)
}

/// (x − min)/(max − min), turned for costs; a constant column is 0.
pub(in crate::rank) fn min_max(column: &[f64], direction: Direction) -> Vec<f64> {
    let low = column.iter().copied().fold(f64::INFINITY, f64::min);
    let high = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let range = high - low;
    column
        .iter()
        .map(|x| match direction {
            _ if range <= 0.0 => 0.0,
            Direction::Gain => (x - low) / range,
            Direction::Cost => (high - x) / range,
        })
        .collect()
}

fn columns(matrix: &[Vec<f64>]) -> impl Iterator<Item = Vec<f64>> {
    let width = matrix.first().map_or(0, Vec::len);
    (0..width).map(move |j| matrix.iter().map(|row| row[j]).collect())
}

fn covariance(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum::<f64>() / n
}

fn normalised(raw: &[f64]) -> Vec<f64> {
    let total: f64 = raw.iter().sum();
    raw.iter().map(|v| v / total).collect()
}
