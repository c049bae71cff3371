//! Carrying uncertainty from inputs to results, and telling which input matters.
//!
//! Latin hypercube: each input's probability is cut into as many strata as there are draws, one draw
//! in each, in an order of its own. Correlation enters through normal scores (Gaussian copula).

use rayon::prelude::*;

use super::belief::{Belief, BeliefError};
use crate::chance::distribution::{normal_probability, normal_quantile};
use crate::chance::{CellKey, Draws, Purpose};

/// An uncertain input.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its name, as results show it; random numbers hang on it.
    pub name: String,
    /// What is believed of it.
    pub belief: Belief,
}

/// A result carried through.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Lower end of the 80 % interval.
    pub low: f64,
    /// Median.
    pub best: f64,
    /// Upper end of the 80 % interval.
    pub high: f64,
    /// Mean.
    pub mean: f64,
    /// Ends of the 90 % interval.
    pub ends_90: [f64; 2],
    /// Values at 5, 10, … 95 per cent of the probability.
    pub quantiles: Vec<f64>,
    /// Share of variance by input, in the order of inputs, and what no input explains on its own.
    pub shares: Vec<f64>,
    /// Share that the linear picture on normal scores leaves open (interactions, bends).
    pub unexplained: f64,
    /// The draws, in the order of drawing.
    pub draws: Vec<f64>,
}

/// All results.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// In the order of the function's results.
    pub outcomes: Vec<Outcome>,
}

/// Why uncertainty cannot be carried.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CarryError {
    /// An input's distribution is not one.
    #[error("input {name}: {source}")]
    Input {
        /// The input.
        name: String,
        /// What is wrong.
        source: BeliefError,
    },
    /// The correlations cannot all hold together.
    #[error("the correlations given cannot hold together (not positive definite)")]
    Correlation,
    /// Too many correlated inputs for exact shares.
    #[error("{0} inputs hang together by correlations; at most {MOST_INPUTS} may")]
    TooMany(usize),
    /// A result is not a number.
    #[error("result {result} is not a number in draw {draw}")]
    NotANumber {
        /// Which result.
        result: usize,
        /// Which draw.
        draw: usize,
    },
}

/// Most inputs that may hang together: 2¹² subsets.
pub const MOST_INPUTS: usize = 12;

/// Draws inputs, computes results, and splits their variance.
///
/// `correlations` holds (i, j, r) of normal scores. The share of an independent input is the squared
/// correlation of the result with its normal scores, in logarithms where all draws are positive;
/// shares of inputs that hang together are Shapley values of the explained variance (Lindeman,
/// Merenda, Gold 1980), so that they stay additive.
///
/// # Errors
/// If an input or the correlations are unsound, or a result is not a number.
pub fn carry(
    inputs: &[Input],
    correlations: &[(usize, usize, f64)],
    draws: usize,
    seed: u64,
    results: impl Fn(&[f64]) -> Vec<f64> + Sync,
) -> Result<Carried, CarryError> {
    for input in inputs {
        let fail = |source| CarryError::Input { name: input.name.clone(), source };
        input.belief.check().map_err(fail)?;
    }
    let groups = groups(inputs, correlations);
    if let Some(group) = groups.iter().find(|g| g.len() > MOST_INPUTS) {
        return Err(CarryError::TooMany(group.len()));
    }
    let scores = normal_scores(inputs, correlations, draws, seed)?;
    let values: Vec<Vec<f64>> = (0..draws)
        .into_par_iter()
        .with_min_len(512)
        .map(|t| {
            let at = |(j, input): (usize, &Input)| match input.belief {
                Belief::Exact(value) => value,
                _ => input
                    .belief
                    .quantile(normal_probability(scores[j][t]).clamp(1e-12, 1.0 - 1e-12)),
            };
            results(&inputs.iter().enumerate().map(at).collect::<Vec<_>>())
        })
        .collect();
    let count = values.first().map_or(0, Vec::len);
    let outcomes = (0..count)
        .map(|k| {
            let column: Vec<f64> = values.iter().map(|row| row[k]).collect();
            match column.iter().position(|v| !v.is_finite()) {
                Some(draw) => Err(CarryError::NotANumber { result: k, draw }),
                None => Ok(outcome(column, &scores, &groups, inputs.len())),
            }
        })
        .collect::<Result<_, _>>()?;
    Ok(Carried { outcomes })
}

/// Uncertain inputs that hang together by correlations, each group in rising order.
fn groups(inputs: &[Input], correlations: &[(usize, usize, f64)]) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..inputs.len()).collect();
    for &(i, j, r) in correlations.iter().filter(|c| c.0 < inputs.len() && c.1 < inputs.len()) {
        let (from, to) = (group[i].max(group[j]), group[i].min(group[j]));
        if r != 0.0 {
            group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
        }
    }
    (0..inputs.len())
        .map(|g| {
            let own = |j: &usize| group[*j] == g && !inputs[*j].belief.is_exact();
            (0..inputs.len()).filter(own).collect::<Vec<usize>>()
        })
        .filter(|members| !members.is_empty())
        .collect()
}

fn normal_scores(
    inputs: &[Input],
    correlations: &[(usize, usize, f64)],
    draws: usize,
    seed: u64,
) -> Result<Vec<Vec<f64>>, CarryError> {
    let independent: Vec<Vec<f64>> = inputs
        .par_iter()
        .map(|input| {
            let cell = CellKey::new(&input.name, "stratum");
            if input.belief.is_exact() {
                return vec![0.0; draws];
            }
            let random = Draws::new(seed, Purpose::Values);
            let words = |t: usize| random.draw(t as u64).words(cell);
            let mut order: Vec<u32> = (0..draws as u32).collect();
            for last in (1..draws).rev() {
                order.swap(last, words(last).index(0, last + 1));
            }
            let score = |(t, stratum): (usize, u32)| {
                normal_quantile((f64::from(stratum) + words(t).uniform(1)) / draws as f64)
            };
            order.into_iter().enumerate().map(score).collect()
        })
        .collect();
    if correlations.is_empty() {
        return Ok(independent);
    }
    let factor = cholesky(inputs.len(), correlations).ok_or(CarryError::Correlation)?;
    Ok((0..inputs.len())
        .map(|j| {
            (0..draws).map(|t| (0..=j).map(|i| factor[j][i] * independent[i][t]).sum()).collect()
        })
        .collect())
}

/// Lower triangular factor of the correlation matrix; `None` if it has none.
fn cholesky(n: usize, correlations: &[(usize, usize, f64)]) -> Option<Vec<Vec<f64>>> {
    let mut matrix = vec![vec![0.0; n]; n];
    for (i, row) in matrix.iter_mut().enumerate() {
        row[i] = 1.0;
    }
    for &(i, j, r) in correlations {
        if i >= n || j >= n || i == j || !(-1.0..=1.0).contains(&r) {
            return None;
        }
        matrix[i][j] = r;
        matrix[j][i] = r;
    }
    let mut factor = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            let rest = matrix[i][j] - dot;
            if i == j {
                if rest <= 1e-12 {
                    return None;
                }
                factor[i][i] = rest.sqrt();
            } else {
                factor[i][j] = rest / factor[j][j];
            }
        }
    }
    Some(factor)
}

fn outcome(draws: Vec<f64>, scores: &[Vec<f64>], groups: &[Vec<usize>], inputs: usize) -> Outcome {
    let mut sorted = draws.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let mean = draws.iter().sum::<f64>() / draws.len() as f64;
    let positive = sorted.first().is_some_and(|v| *v > 0.0);
    let response: Vec<f64> =
        if positive { draws.iter().map(|v| v.ln()).collect() } else { draws.clone() };
    let mut shares = vec![0.0; inputs];
    for group in groups {
        for (j, share) in group.iter().zip(shapley(&response, scores, group)) {
            shares[*j] = share;
        }
    }
    let unexplained = match groups.is_empty() {
        true => 0.0,
        false => (1.0 - shares.iter().sum::<f64>()).max(0.0),
    };
    let at = |p| quantile(&sorted, p);
    let ends_90 = [at(0.05), at(0.95)];
    let (low, best, high) = (at(0.1), at(0.5), at(0.9));
    let quantiles = (1..20).map(|i| at(f64::from(i) / 20.0)).collect();
    Outcome { low, best, high, mean, ends_90, quantiles, shares, unexplained, draws }
}

/// Quantile of sorted values by linear interpolation (type 7 of Hyndman and Fan 1996).
pub(super) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = p * last as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}

/// Shapley values of R² over all subsets of inputs that hang together.
fn shapley(response: &[f64], scores: &[Vec<f64>], active: &[usize]) -> Vec<f64> {
    let d = active.len();
    let variance = covariance(response, response);
    if d == 0 || variance <= 0.0 {
        return vec![0.0; d];
    }
    let cross: Vec<f64> = active.iter().map(|j| covariance(response, &scores[*j])).collect();
    let between: Vec<Vec<f64>> = active
        .iter()
        .map(|i| active.iter().map(|j| covariance(&scores[*i], &scores[*j])).collect())
        .collect();
    let explained: Vec<f64> =
        (0..1_usize << d).map(|set| explained_by(set, &cross, &between) / variance).collect();
    let factorial: Vec<f64> = (0..=d)
        .scan(1.0, |f, n| {
            *f *= if n > 0 { n as f64 } else { 1.0 };
            Some(*f)
        })
        .collect();
    let value = |j: usize| {
        (0..1_usize << d)
            .filter(|set| set & (1 << j) == 0)
            .map(|set| {
                let size = set.count_ones() as usize;
                let weight = factorial[size] * factorial[d - size - 1] / factorial[d];
                weight * (explained[set | (1 << j)] - explained[set])
            })
            .sum::<f64>()
    };
    (0..d).map(value).collect()
}

/// c'·Σ⁻¹·c of the inputs in `set`, by Gaussian elimination.
fn explained_by(set: usize, cross: &[f64], between: &[Vec<f64>]) -> f64 {
    let members: Vec<usize> = (0..cross.len()).filter(|j| set & (1 << j) != 0).collect();
    let n = members.len();
    let mut a: Vec<Vec<f64>> = members
        .iter()
        .map(|i| {
            let mut row: Vec<f64> = members.iter().map(|j| between[*i][*j]).collect();
            row.push(cross[*i]);
            row
        })
        .collect();
    for k in 0..n {
        for i in k + 1..n {
            let f = a[i][k] / a[k][k];
            let pivot = a[k].clone();
            a[i][k..].iter_mut().zip(&pivot[k..]).for_each(|(x, p)| *x -= f * p);
        }
    }
    // c'Σ⁻¹c = Σ (reduced right-hand side)² / pivot
    (0..n).map(|k| a[k][n] * a[k][n] / a[k][k]).sum()
}

fn covariance(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum::<f64>() / n
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lognormal(name: &str, median: f64, sigma: f64) -> Input {
        Input { name: name.into(), belief: Belief::Lognormal { median, sigma } }
    }

    /// The product of lognormals is lognormal: median, deciles and shares are known.
    #[test]
    fn a_product_of_lognormals_has_its_closed_form() {
        let inputs = [lognormal("area", 2.0, 0.1), lognormal("thickness", 3.0, 0.2)];
        let carried = carry(&inputs, &[], 20_000, 1, |x| vec![x[0] * x[1]]).unwrap();
        let o = &carried.outcomes[0];
        let sigma = (0.1_f64.powi(2) + 0.2_f64.powi(2)).sqrt();
        let z = crate::chance::Z80;
        assert!((o.best / 6.0 - 1.0).abs() < 2e-3, "{}", o.best);
        assert!((o.low / (6.0 * (-z * sigma).exp()) - 1.0).abs() < 4e-3);
        assert!((o.high / (6.0 * (z * sigma).exp()) - 1.0).abs() < 4e-3);
        assert!((o.mean / (6.0 * (sigma * sigma / 2.0).exp()) - 1.0).abs() < 2e-3);
        assert!((o.shares[0] - 0.2).abs() < 0.01 && (o.shares[1] - 0.8).abs() < 0.01);
        assert!(o.unexplained < 1e-6);
    }

    /// With correlation r of two normal scores of equal weight, both carry half, and the variance of
    /// the sum is 2σ²(1 + r).
    #[test]
    fn correlation_widens_the_result_and_is_shared() {
        let inputs = [lognormal("a", 1.0, 0.2), lognormal("b", 1.0, 0.2)];
        let carried = carry(&inputs, &[(0, 1, 0.5)], 40_000, 7, |x| vec![x[0] * x[1]]).unwrap();
        let o = &carried.outcomes[0];
        let sigma = 0.2 * 3.0_f64.sqrt();
        assert!(((o.high / o.low).ln() / (2.0 * 1.281_551_565_544_6) / sigma - 1.0).abs() < 0.02);
        assert!((o.shares[0] - 0.5).abs() < 0.02 && (o.shares[1] - 0.5).abs() < 0.02);
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_for_any_number_of_threads() {
        let inputs = [lognormal("a", 1.0, 0.5), lognormal("b", 2.0, 0.5)];
        let run = || carry(&inputs, &[], 2_000, 3, |x| vec![x[0] + x[1]]).unwrap();
        let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        assert_eq!(pool(1).install(run), pool(2).install(run));
    }

    #[test]
    fn unsound_input_is_named() {
        let bad = [Input { name: "t".into(), belief: Belief::Uniform { from: 2.0, to: 1.0 } }];
        assert!(matches!(carry(&bad, &[], 10, 1, <[f64]>::to_vec), Err(CarryError::Input { .. })));
        let two = [lognormal("a", 1.0, 0.1), lognormal("b", 1.0, 0.1)];
        let r = [(0, 1, 1.5)];
        assert_eq!(carry(&two, &r, 10, 1, <[f64]>::to_vec), Err(CarryError::Correlation));
        let nan = carry(&two, &[], 10, 1, |_| vec![f64::NAN]);
        assert_eq!(nan, Err(CarryError::NotANumber { result: 0, draw: 0 }));
    }
}
