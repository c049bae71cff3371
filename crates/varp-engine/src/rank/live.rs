//! A quick look while weights move: what the browser computes while a reader drags a slider.
//!
//! Data of the ranking come as mean m and variance s² of each cell's value. In draw t each weight
//! is multiplied by a factor between one half and two and rescaled; a site's value is
//! V = Σ w·m + √(Σ w²·s²)·z with z a sum of twelve uniform numbers less six. Only additions,
//! multiplications, divisions and square roots are used, in a fixed order: the same bits in any
//! language. The exact ranking is [`super::ranking`]; this is its normal approximation.

use serde::{Deserialize, Serialize};

/// Draws of a look: Monte Carlo error of a probability at most 0.5/√128 = 4.4 %.
pub const DRAWS: usize = 128;

/// What a look is made from, in the order of criteria and sites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveTable {
    /// Criteria.
    pub criteria: Vec<String>,
    /// Mean value, site by site, criteria within; four decimals.
    pub means: Vec<f64>,
    /// Variance of the value, in the same order; six decimals.
    pub variances: Vec<f64>,
}

impl LiveTable {
    /// The table of a ranking, rounded so that its text says all of it.
    pub fn of_ranking(ranking: &super::ranking::Ranking) -> Self {
        let round = |x: f64, steps: f64| (x * steps).round() / steps;
        let cells = |of: &dyn Fn(&super::ranking::RankedSite) -> Vec<f64>| -> Vec<f64> {
            ranking.sites.iter().flat_map(of).collect()
        };
        Self {
            criteria: ranking.criteria.clone(),
            means: cells(&|s| s.mean_values.iter().map(|m| round(*m, 1e4)).collect()),
            variances: cells(&|s| s.value_spreads.iter().map(|d| round(d * d, 1e6)).collect()),
        }
    }
}

/// A look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Sites, largest mean value first; of equals the one that stands first.
    pub order: Vec<usize>,
    /// Σ w·m by site.
    pub values: Vec<f64>,
    /// P(among the best k) by site.
    pub top: Vec<f64>,
}

/// 32 mixed bits of a number (Wellons' lowbias32).
pub fn mixed(x: u32) -> u32 {
    let x = (x ^ (x >> 16)).wrapping_mul(0x7feb_352d);
    let x = (x ^ (x >> 15)).wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}

/// The `k`-th uniform number of a stream, within (0, 1).
fn uniform(stream: u32, k: u32) -> f64 {
    let bits = mixed(stream ^ mixed(k.wrapping_mul(0x9e37_79b9)));
    (f64::from(bits) + 0.5) / 4_294_967_296.0
}

/// Nearly normal numbers of one draw, one per site.
fn noise(draw: usize, sites: usize) -> Vec<f64> {
    let stream = mixed(0x51ed_270b ^ draw as u32);
    let one = |i: usize| {
        let start = 12 * i as u32;
        (0..12).fold(-6.0, |sum, k| sum + uniform(stream, start + k))
    };
    (0..sites).map(one).collect()
}

/// Factors of the weights in one draw, between one half and two.
fn factors(draw: usize, criteria: usize) -> Vec<f64> {
    let stream = mixed(0x1234_abcd ^ draw as u32);
    let one = |j: usize| {
        let u = (2.0 * uniform(stream, j as u32) - 1.0) / 3.0;
        (1.0 + u) / (1.0 - u)
    };
    (0..criteria).map(one).collect()
}

/// Ranks by `weights` (from zero up, rescaled here) and counts how often each site is among the
/// best `k` when the weights waver.
pub fn look(table: &LiveTable, weights: &[f64], k: usize) -> Look {
    let criteria = table.criteria.len();
    let sites = table.means.len() / criteria.max(1);
    let total: f64 = weights.iter().sum();
    let central: Vec<f64> = weights.iter().map(|w| w / total).collect();
    let values: Vec<f64> = (0..sites).map(|i| sum(&central, table.of(&table.means, i))).collect();
    let mut order: Vec<usize> = (0..sites).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]).then(a.cmp(b)));
    let k = k.min(sites);
    let mut counts = vec![0_u32; sites];
    for t in 0..DRAWS {
        let raw: Vec<f64> = central.iter().zip(factors(t, criteria)).map(|(w, f)| w * f).collect();
        let all: f64 = raw.iter().sum();
        let w: Vec<f64> = raw.iter().map(|r| r / all).collect();
        let squares: Vec<f64> = w.iter().map(|w| w * w).collect();
        let z = noise(t, sites);
        let drawn: Vec<f64> = (0..sites)
            .map(|i| {
                let spread = sum(&squares, table.of(&table.variances, i)).sqrt();
                sum(&w, table.of(&table.means, i)) + spread * z[i]
            })
            .collect();
        let mut best: Vec<usize> = (0..sites).collect();
        best.sort_by(|a, b| drawn[*b].total_cmp(&drawn[*a]).then(a.cmp(b)));
        best[..k].iter().for_each(|i| counts[*i] += 1);
    }
    let top = counts.iter().map(|c| f64::from(*c) / DRAWS as f64).collect();
    Look { order, values, top }
}

/// Σ a·b, from the first to the last.
fn sum(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}

impl LiveTable {
    fn of<'a>(&self, cells: &'a [f64], site: usize) -> &'a [f64] {
        let criteria = self.criteria.len();
        &cells[site * criteria..(site + 1) * criteria]
    }
}
