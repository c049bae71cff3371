//! VIKOR (Opricovic & Tzeng 2004): group utility, individual regret and a compromise. A foil.

use super::value::Direction;
use serde::{Deserialize, Serialize};

/// Result of VIKOR; less is better in all three lists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vikor {
    /// S: weighted sum of distances from the best.
    pub utility: Vec<f64>,
    /// R: largest weighted distance.
    pub regret: Vec<f64>,
    /// Q = v·S′ + (1 − v)·R′, both scaled to 0..=1.
    pub compromise: Vec<f64>,
    /// The best site leads the second by at least 1/(m − 1) in Q.
    pub acceptable_advantage: bool,
    /// The best site in Q is also best in S or R.
    pub acceptable_stability: bool,
    /// Sites of the compromise set, best first.
    pub compromise_set: Vec<usize>,
}

/// VIKOR of `columns[j][i]` with the weight `v` of group utility (usually 0.5).
///
/// A constant column adds nothing.
pub fn vikor(columns: &[Vec<f64>], weights: &[f64], directions: &[Direction], v: f64) -> Vikor {
    let sites = columns.first().map_or(0, Vec::len);
    let (mut utility, mut regret) = (vec![0.0; sites], vec![0.0_f64; sites]);
    for ((column, weight), direction) in columns.iter().zip(weights).zip(directions) {
        let (low, high) = extent(column);
        if high <= low {
            continue;
        }
        for (i, x) in column.iter().enumerate() {
            let short = match direction {
                Direction::Gain => high - x,
                Direction::Cost => x - low,
            };
            let distance = weight * short / (high - low);
            utility[i] += distance;
            regret[i] = regret[i].max(distance);
        }
    }
    let (s, r) = (scaled(&utility), scaled(&regret));
    let compromise: Vec<f64> = s.iter().zip(&r).map(|(s, r)| v * s + (1.0 - v) * r).collect();
    judge(utility, regret, compromise)
}

fn judge(utility: Vec<f64>, regret: Vec<f64>, compromise: Vec<f64>) -> Vikor {
    let mut order: Vec<usize> = (0..compromise.len()).collect();
    order.sort_by(|a, b| compromise[*a].total_cmp(&compromise[*b]));
    let step = 1.0 / (compromise.len() as f64 - 1.0).max(1.0);
    let lead = |i: usize| compromise[i] - compromise[order[0]];
    let advantage = order.len() < 2 || lead(order[1]) >= step;
    let stable = order.first().is_none_or(|first| {
        let best = |list: &[f64]| list.iter().all(|x| list[*first] <= *x);
        best(&utility) || best(&regret)
    });
    let compromise_set = match (advantage, stable) {
        (true, true) => order.iter().take(1).copied().collect(),
        (true, false) => order.iter().take(2).copied().collect(),
        (false, _) => order.iter().copied().filter(|i| lead(*i) < step).collect(),
    };
    Vikor {
        utility,
        regret,
        compromise,
        acceptable_advantage: advantage,
        acceptable_stability: stable,
        compromise_set,
    }
}

fn extent(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(*x), h.max(*x)))
}

fn scaled(values: &[f64]) -> Vec<f64> {
    let (low, high) = extent(values);
    let range = high - low;
    values.iter().map(|x| if range > 0.0 { (x - low) / range } else { 0.0 }).collect()
}
