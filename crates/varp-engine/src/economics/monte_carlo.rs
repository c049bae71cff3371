//! NPV under uncertain inputs: correlated draws, quantiles, chance of a loss, tornado.

use crate::chance::distribution::normal_quantile;
use crate::chance::{CellKey, Draws, Purpose};
use crate::rank::table::Cell;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What comes out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Number of draws.
    pub draws: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
    /// 10 % quantile.
    pub low: f64,
    /// Median.
    pub best: f64,
    /// 90 % quantile.
    pub high: f64,
    /// Share of draws above zero.
    pub chance_positive: f64,
    /// Mean loss, a loss being what lies below zero: E max(0, −NPV).
    pub expected_loss: f64,
    /// The 5, 10, … 95 % quantiles.
    pub quantiles: Vec<f64>,
    /// One bar per input.
    pub tornado: Vec<Bar>,
}

/// Influence of one input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// Input.
    pub input: String,
    /// Spearman's rank correlation with the result.
    pub rank_correlation: f64,
    /// Result with this input at its 10 % quantile and all others at their medians.
    pub at_low: f64,
    /// Result with this input at its 90 % quantile.
    pub at_high: f64,
}

/// Why a simulation is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SimulationError {
    /// No draws.
    #[error("at least one draw is needed")]
    NoDraws,
    /// An input of which nothing is known.
    #[error("nothing is known of the input \"{0}\"")]
    Missing(String),
    /// A correlation matrix that is not one.
    #[error(
        "the correlation matrix must be square, symmetric, with ones on its diagonal, and positive definite"
    )]
    Correlation,
}

/// Simulates `result` of named inputs.
///
/// Each input is stratified over the draws (Latin hypercube), then correlated by Cholesky on the
/// normal scale; `correlation` may be empty for independent inputs. The number of an input in a
/// draw depends on its name, the draw and the seed only.
pub fn simulate<F>(
    inputs: &[(String, Cell)],
    correlation: &[Vec<f64>],
    draws: usize,
    seed: u64,
    result: F,
) -> Result<Summary, SimulationError>
where
    F: Fn(&[f64]) -> f64 + Sync,
{
    if draws == 0 {
        return Err(SimulationError::NoDraws);
    }
    if let Some((name, _)) = inputs.iter().find(|(_, cell)| cell.at_normal(0.0).is_none()) {
        return Err(SimulationError::Missing(name.clone()));
    }
    let factor = cholesky(correlation, inputs.len())?;
    let normals: Vec<Vec<f64>> =
        inputs.iter().map(|(name, _)| stratified_normals(name, draws, seed)).collect();
    let values: Vec<Vec<f64>> = (0..draws)
        .into_par_iter()
        .map(|t| {
            inputs
                .iter()
                .enumerate()
                .map(|(i, (_, input))| {
                    let z = factor[i].iter().zip(&normals).map(|(l, z)| l * z[t]).sum();
                    at(input, z)
                })
                .collect()
        })
        .collect();
    let outcomes: Vec<f64> = values.par_iter().map(|v| result(v)).collect();
    let tornado = tornado(inputs, &values, &outcomes, result);
    Ok(summarise(outcomes, tornado))
}

/// The value of an input; what has none is refused before.
fn at(input: &Cell, z: f64) -> f64 {
    input.at_normal(z).unwrap_or(f64::NAN)
}

/// Normal numbers with one in each of `draws` strata of equal probability, in random order.
fn stratified_normals(name: &str, draws: usize, seed: u64) -> Vec<f64> {
    let source = Draws::new(seed, Purpose::Economics);
    let key = CellKey::new(name, "input");
    let mut order: Vec<(u64, usize)> =
        (0..draws).map(|t| (source.draw(t as u64).words(key).word(0), t)).collect();
    order.sort_unstable();
    let mut normals = vec![0.0; draws];
    for (stratum, (_, t)) in order.into_iter().enumerate() {
        let u = source.draw(t as u64).words(key).uniform(1);
        normals[t] = normal_quantile((stratum as f64 + u) / draws as f64);
    }
    normals
}

/// Lower factor of a correlation matrix; the unit matrix where none is given.
fn cholesky(matrix: &[Vec<f64>], n: usize) -> Result<Vec<Vec<f64>>, SimulationError> {
    let mut factor = vec![vec![0.0; n]; n];
    if matrix.is_empty() {
        (0..n).for_each(|i| factor[i][i] = 1.0);
        return Ok(factor);
    }
    let square = matrix.len() == n && matrix.iter().all(|row| row.len() == n);
    let sound = |i: usize| {
        (matrix[i][i] - 1.0).abs() < 1e-12
            && (0..n).all(|j| (matrix[i][j] - matrix[j][i]).abs() < 1e-12)
    };
    if !square || !(0..n).all(sound) {
        return Err(SimulationError::Correlation);
    }
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            let rest = matrix[i][j] - sum;
            if i == j {
                if rest <= 1e-12 {
                    return Err(SimulationError::Correlation);
                }
                factor[i][i] = rest.sqrt();
            } else {
                factor[i][j] = rest / factor[j][j];
            }
        }
    }
    Ok(factor)
}

fn tornado<F>(
    inputs: &[(String, Cell)],
    values: &[Vec<f64>],
    outcomes: &[f64],
    result: F,
) -> Vec<Bar>
where
    F: Fn(&[f64]) -> f64,
{
    let medians: Vec<f64> = inputs.iter().map(|(_, input)| at(input, 0.0)).collect();
    let outcome_ranks = mean_ranks(outcomes);
    let z = normal_quantile(0.9);
    let mut bars: Vec<Bar> = inputs
        .iter()
        .enumerate()
        .map(|(i, (name, input))| {
            let column: Vec<f64> = values.iter().map(|v| v[i]).collect();
            let with = |z: f64| {
                let mut changed = medians.clone();
                changed[i] = at(input, z);
                result(&changed)
            };
            Bar {
                input: name.clone(),
                rank_correlation: correlation(&mean_ranks(&column), &outcome_ranks),
                at_low: with(-z),
                at_high: with(z),
            }
        })
        .collect();
    let width = |bar: &Bar| (bar.at_high - bar.at_low).abs();
    bars.sort_by(|a, b| width(b).total_cmp(&width(a)));
    bars
}

fn summarise(mut outcomes: Vec<f64>, tornado: Vec<Bar>) -> Summary {
    let n = outcomes.len() as f64;
    let mean = outcomes.iter().sum::<f64>() / n;
    let variance = outcomes.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    let positive = outcomes.iter().filter(|x| **x > 0.0).count() as f64;
    let expected_loss = outcomes.iter().map(|x| (-x).max(0.0)).sum::<f64>() / n;
    outcomes.sort_by(f64::total_cmp);
    let quantile = |p: f64| {
        let place = p * (n - 1.0);
        let (low, high) = (place.floor() as usize, place.ceil() as usize);
        outcomes[low] + (place - low as f64) * (outcomes[high] - outcomes[low])
    };
    Summary {
        draws: outcomes.len(),
        mean,
        deviation: variance.sqrt(),
        low: quantile(0.1),
        best: quantile(0.5),
        high: quantile(0.9),
        chance_positive: positive / n,
        expected_loss,
        quantiles: (1..=19).map(|step| quantile(f64::from(step) / 20.0)).collect(),
        tornado,
    }
}

/// Ranks from 1; equal values share their mean rank.
fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for run in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let mean = start as f64 + (run.len() as f64 + 1.0) / 2.0;
        run.iter().for_each(|i| ranks[*i] = mean);
        start += run.len();
    }
    ranks
}

/// Pearson's correlation; 0 where one list is constant.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let sum =
        |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(x, y)| f(x - ma, y - mb)).sum::<f64>();
    let scale = (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    if scale > 0.0 { sum(&|x, y| x * y) / scale } else { 0.0 }
}
