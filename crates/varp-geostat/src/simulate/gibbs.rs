use faer::linalg::solvers::DenseSolveCore;
use faer::{Mat, Side};
use rayon::prelude::*;

use super::SimulationError;
use super::neighbours::refuse_coincident;
use crate::error::is_usable;
use crate::model::Model;
use crate::random::{Random, Stream};
use crate::stats::distribution::{normal_probability, normal_quantile};
use crate::stats::{StatsError, finite, same_length};

/// What is known of a sample's standard normal score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// The score itself.
    Exact(f64),
    /// Somewhere from `low` to `high`; a value below a detection limit has `low` = −∞.
    Between {
        /// Lower bound, may be −∞.
        low: f64,
        /// Upper bound, may be +∞.
        high: f64,
    },
}

/// Draws the scores of inequality data, given all the others and the model, by Gibbs sampling.
///
/// Each sweep replaces every bounded score by a draw from its normal distribution given all
/// other samples, cut to its bounds: mean yᵢ − (Q·y)ᵢ/Qᵢᵢ, variance 1/Qᵢᵢ, Q the inverse
/// covariance. Every realisation has its own chain, so realisations are independent.
///
/// - `sweeps`: 50 to 200 forget the start
///
/// Returns one list of scores for each realisation, in the order of the samples: input of
/// [`Scores::Drawn`](super::Scores::Drawn).
///
/// # Errors
/// No samples, positions not finite or coincident, bounds that are not numbers or not in order,
/// no sweeps, a covariance matrix that is not positive definite.
///
/// Source: X. Freulon & C. de Fouquet, "Conditioning a Gaussian model with inequalities",
/// Geostatistics Tróia '92, 1993, 201–212.
pub fn draw_bounded(
    samples: &[[f64; 3]],
    bounds: &[Bound],
    model: &Model,
    sweeps: usize,
    realisations: usize,
    seed: u64,
) -> Result<Vec<Vec<f64>>, SimulationError> {
    finite(samples.as_flattened(), 3)?;
    same_length(samples.len(), bounds.len(), "bounds")?;
    refuse_coincident(samples)?;
    check_bounds(bounds)?;
    if realisations == 0 {
        return Err(SimulationError::no_realisations());
    }
    if sweeps == 0 {
        let (name, rule) = ("number of sweeps", "at least 1");
        return Err(SimulationError::OutOfRange { name, value: 0.0, rule });
    }
    let precision = precision(samples, model)?;
    let start: Vec<f64> = bounds.iter().map(|b| middle(*b)).collect();
    let random = Random::new(seed, Stream::Gibbs);
    let chain = |realisation: usize| {
        let mut scores = start.clone();
        for sweep in 0..sweeps {
            for (i, bound) in bounds.iter().enumerate() {
                let Bound::Between { low, high } = *bound else { continue };
                let row = precision.col(i);
                let product: f64 = row.iter().zip(&scores).map(|(q, y)| q * y).sum();
                let mean = scores[i] - product / row[i];
                let deviation = (1.0 / row[i]).sqrt();
                let node = (i as u64) << 32 | realisation as u64;
                let u = random.uniform(node, sweep as u32);
                let cut = [(low - mean) / deviation, (high - mean) / deviation];
                scores[i] = (mean + deviation * truncated_normal(cut, u)).clamp(low, high);
            }
        }
        scores
    };
    Ok((0..realisations).into_par_iter().map(chain).collect())
}

fn check_bounds(bounds: &[Bound]) -> Result<(), SimulationError> {
    for (index, bound) in bounds.iter().enumerate() {
        match *bound {
            Bound::Exact(value) if !is_usable(value) => {
                return Err(StatsError::NotFinite { index, value }.into());
            }
            Bound::Between { low, high } if low.is_nan() || high.is_nan() || low >= high => {
                let (name, rule) = ("lower bound", "below its upper bound");
                return Err(SimulationError::OutOfRange { name, value: low, rule });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Inverse of the covariance matrix.
fn precision(samples: &[[f64; 3]], model: &Model) -> Result<Mat<f64>, SimulationError> {
    let n = samples.len();
    let lag = |i: usize, j: usize| [0, 1, 2].map(|d| samples[i][d] - samples[j][d]);
    let matrix = Mat::from_fn(n, n, |i, j| model.covariance(lag(i, j)));
    let sill = model.sill();
    let singular = |_| SimulationError::Singular { count: 1, node: 0, pivot: 0.0, sill };
    Ok(matrix.llt(Side::Lower).map_err(singular)?.inverse())
}

fn middle(bound: Bound) -> f64 {
    match bound {
        Bound::Exact(value) => value,
        Bound::Between { low, high } => truncated_normal([low, high], 0.5),
    }
}

/// Quantile `u` of a standard normal number cut to [low, high], in the tail where the
/// probabilities keep their digits.
pub(crate) fn truncated_normal([low, high]: [f64; 2], u: f64) -> f64 {
    if low > 0.0 {
        return -truncated_normal([-high, -low], 1.0 - u);
    }
    let (a, b) = (normal_probability(low), normal_probability(high));
    if b > 0.0 { normal_quantile(a + u * (b - a)).clamp(low, high) } else { high }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_within_bounds_and_follow_the_truncated_normal() {
        let samples = [[0.0, 0.0, 0.0], [1e6, 0.0, 0.0]];
        let below = Bound::Between { low: f64::NEG_INFINITY, high: -1.0 };
        let model: Model = "1 sph(10)".parse().unwrap();
        let draws =
            draw_bounded(&samples, &[below, Bound::Exact(0.3)], &model, 3, 4000, 1).unwrap();
        assert!(draws.iter().all(|d| d[0] <= -1.0 && d[1] == 0.3));
        // mean of a standard normal below −1: −φ(1)/Φ(−1)
        let mean = draws.iter().map(|d| d[0]).sum::<f64>() / 4000.0;
        assert!((mean + 1.525_135_276_160_981).abs() < 0.03, "{mean}");
    }

    #[test]
    fn a_neighbour_pulls_the_draw() {
        let samples = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]];
        let below = Bound::Between { low: f64::NEG_INFINITY, high: 0.0 };
        let model: Model = "1 sph(10)".parse().unwrap();
        let mean = |neighbour: f64| {
            let bounds = [below, Bound::Exact(neighbour)];
            let draws = draw_bounded(&samples, &bounds, &model, 3, 2000, 1).unwrap();
            draws.iter().map(|d| d[0]).sum::<f64>() / 2000.0
        };
        assert!(mean(-2.0) < mean(-0.2) - 0.8);
    }

    #[test]
    fn far_tails_and_impossible_bounds() {
        assert!((truncated_normal([8.0, f64::INFINITY], 0.5) - 8.084).abs() < 0.01);
        assert_eq!(truncated_normal([-60.0, -50.0], 0.5), -50.0);
        let wrong = Bound::Between { low: 1.0, high: 1.0 };
        let model: Model = "1 sph(10)".parse().unwrap();
        let refused = draw_bounded(&[[0.0; 3]], &[wrong], &model, 1, 1, 1);
        assert!(matches!(refused, Err(SimulationError::OutOfRange { value: 1.0, .. })));
    }
}
