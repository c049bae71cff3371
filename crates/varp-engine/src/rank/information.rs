//! What a missing datum would decide: the expected value of knowing one cell perfectly.
//!
//! Taking a site into the best k gains d = V_i − T_i, T_i being the k-th largest value among the
//! others. With today's knowledge one gains max(0, E d). Knowing the cell x_ij first one gains
//! E max(0, E[d | x_ij]); the difference is the EVPPI, in units of value. E[d | x] is estimated
//! by sorting the draws by the cell's value and averaging in classes (Strong & Oakley 2013 call
//! it the binning estimator); with B classes of n draws it is biased upward by about the
//! standard error of a class mean, which is reported beside it.

use super::sampler::PreparedTable;
use crate::chance::{Draws, Purpose};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Classes of the binning estimator.
const CLASSES: usize = 20;

/// What knowing one cell would bring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellInformation {
    /// Site, by its place in the table.
    pub site: usize,
    /// Criterion, by its place.
    pub criterion: usize,
    /// Expected value of perfect information, in units of additive value.
    pub evppi: f64,
    /// Size of the noise in `evppi`: values below it say nothing.
    pub noise: f64,
    /// Share of the variance of V_i that the cell explains, within 0..=1.
    pub variance_share: f64,
}

/// EVPPI of each asked cell for the choice of the best `k`, largest first.
///
/// The draws are those of the ranking with the same seed and weights.
pub fn cell_information(
    table: &PreparedTable,
    weights: &[Vec<f64>],
    seed: u64,
    k: usize,
    cells: &[(usize, usize)],
) -> Vec<CellInformation> {
    let mut sites: Vec<usize> = cells.iter().map(|c| c.0).collect();
    sites.sort_unstable();
    sites.dedup();
    let draws = Draws::new(seed, Purpose::Values);
    let outcomes = outcomes(table, weights, draws, k, &sites);
    let mut result: Vec<CellInformation> = cells
        .par_iter()
        .map(|&(site, criterion)| {
            let column = sites.binary_search(&site).unwrap_or(0);
            let points: Vec<Point> = outcomes
                .iter()
                .enumerate()
                .map(|(t, row)| Point {
                    x: table.value(site, criterion, draws.draw(t as u64)),
                    gain: row[column].0,
                    value: row[column].1,
                })
                .collect();
            estimate(site, criterion, points)
        })
        .collect();
    result.sort_by(|a, b| {
        b.evppi.total_cmp(&a.evppi).then((a.site, a.criterion).cmp(&(b.site, b.criterion)))
    });
    result
}

struct Point {
    x: f64,
    gain: f64,
    value: f64,
}

/// For each draw and site: (d, V).
fn outcomes(
    table: &PreparedTable,
    weights: &[Vec<f64>],
    draws: Draws,
    k: usize,
    sites: &[usize],
) -> Vec<Vec<(f64, f64)>> {
    let all = table.sites();
    weights
        .par_iter()
        .enumerate()
        .map(|(t, w)| {
            let mut values = vec![0.0; all];
            for (j, weight) in w.iter().enumerate().filter(|(_, w)| **w > 0.0) {
                table.add_values(j, *weight, draws.draw(t as u64), &mut values);
            }
            let mut sorted = values.clone();
            sorted.sort_unstable_by(|a, b| b.total_cmp(a));
            let of = |site: &usize| {
                let v = values[*site];
                // The k-th among the others: one further down for those within the best k.
                let rival = if k >= all {
                    0.0
                } else if v >= sorted[k - 1] {
                    sorted[k]
                } else {
                    sorted[k - 1]
                };
                (v - rival, v)
            };
            sites.iter().map(of).collect()
        })
        .collect()
}

fn estimate(site: usize, criterion: usize, mut points: Vec<Point>) -> CellInformation {
    points.sort_by(|a, b| a.x.total_cmp(&b.x));
    let n = points.len() as f64;
    let mean =
        |f: fn(&Point) -> f64, part: &[Point]| part.iter().map(f).sum::<f64>() / part.len() as f64;
    let spread = |f: fn(&Point) -> f64, part: &[Point]| {
        let m = mean(f, part);
        part.iter().map(|p| (f(p) - m) * (f(p) - m)).sum::<f64>() / part.len() as f64
    };
    let (gain, value) = (|p: &Point| p.gain, |p: &Point| p.value);
    let (mut informed, mut explained, mut noise) = (0.0, 0.0, 0.0);
    let overall = mean(value, &points);
    let groups = groups(&points);
    for group in &groups {
        let share = group.len() as f64 / n;
        informed += share * mean(gain, group).max(0.0);
        explained += share * (mean(value, group) - overall).powi(2);
        noise += share * (spread(gain, group) / group.len() as f64).sqrt();
    }
    let total = spread(value, &points);
    // Noise of the group means alone explains (groups − 1)/n of the rest of the variance.
    let by_chance = (groups.len() as f64 - 1.0) / n * (total - explained).max(0.0);
    CellInformation {
        site,
        criterion,
        evppi: (informed - mean(gain, &points).max(0.0)).max(0.0),
        noise,
        variance_share: if total > 0.0 {
            ((explained - by_chance) / total).clamp(0.0, 1.0)
        } else {
            0.0
        },
    }
}

/// Equal values when there are few of them, else classes of equal size.
fn groups(points: &[Point]) -> Vec<&[Point]> {
    let runs: Vec<&[Point]> = points.chunk_by(|a, b| a.x == b.x).collect();
    if runs.len() <= CLASSES {
        return runs;
    }
    points.chunks(points.len().div_ceil(CLASSES)).collect()
}
