//! Other methods beside the ranking, and how far they agree with it.

use super::active::ActiveCriteria;
use super::agreement::kendall_tau;
use super::promethee::{self, Preference};
use super::topsis::{Norm, closeness};
use super::value::Direction;
use super::vikor::vikor;
use serde::{Deserialize, Serialize};

/// Agreement with a foil below which the reader is warned.
const LOW_AGREEMENT: f64 = 0.6;
/// Agreement with another method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Foil {
    /// Method, with its norm or shape.
    pub method: String,
    /// Score per site, higher is better.
    pub scores: Vec<f64>,
    /// Kendall's τ-b with the ranking.
    pub tau: f64,
    /// Whether τ is below 0.6.
    pub disagrees: bool,
}

/// Foils on mean values.
///
/// - `means[j][i]`: mean value of criterion j at site i
/// - `expected_rank`: of the ranking, 1 the best
pub fn foils(means: &[Vec<f64>], criteria: &ActiveCriteria, expected_rank: &[f64]) -> Vec<Foil> {
    let gains = vec![Direction::Gain; means.len()];
    let shapes: Vec<Preference> = criteria
        .thresholds
        .iter()
        .map(|t| Preference::Linear { q: t.indifference, p: t.preference })
        .collect();
    let weights = &criteria.weights;
    let ranked: Vec<f64> = expected_rank.iter().map(|r| -r).collect();
    let compromise = vikor(means, weights, &gains, 0.5).compromise;
    let scores = [
        (
            "PROMETHEE II, linear shapes on mean values",
            promethee::flows(means, weights, &gains, &shapes).net(),
        ),
        ("TOPSIS, vector norm on mean values", closeness(means, weights, &gains, Norm::Vector)),
        ("TOPSIS, min-max norm on mean values", closeness(means, weights, &gains, Norm::MinMax)),
        ("VIKOR, v = 0.5 on mean values", compromise.iter().map(|q| -q).collect()),
    ];
    scores
        .into_iter()
        .map(|(method, scores)| {
            let tau = kendall_tau(&ranked, &scores);
            Foil { method: method.into(), scores, tau, disagrees: tau < LOW_AGREEMENT }
        })
        .collect()
}
