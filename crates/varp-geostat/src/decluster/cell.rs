use std::collections::HashMap;

use super::DeclusterError;
use crate::stats::{StatsError, finite, same_length};

/// Which cell size to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extreme {
    /// The smallest declustered mean: clusters sit in rich places.
    SmallestMean,
    /// The largest declustered mean: clusters sit in poor places.
    LargestMean,
}

/// Cells to try.
#[derive(Debug, Clone, PartialEq)]
pub struct CellPlan {
    /// Cell sizes along x, metres.
    pub sizes: Vec<f64>,
    /// Cell size along y and z over that along x.
    pub proportions: [f64; 2],
    /// Origins to average over.
    pub origins: usize,
    /// Which size to take.
    pub take: Extreme,
}

/// Result of cell declustering.
#[derive(Debug, Clone, PartialEq)]
pub struct CellDeclustering {
    /// (cell size, declustered mean) for every size, in the order given.
    pub curve: Vec<(f64, f64)>,
    /// The size taken.
    pub size: f64,
    /// Declustered mean at that size.
    pub mean: f64,
    /// One weight for each sample; they sum to the number of samples.
    pub weights: Vec<f64>,
}

/// Cell declustering: a sample's weight is 1 / (samples in its cell), averaged over origins
/// shifted by size/origins along all axes (at most half the extent) as GSLIB's `declus` does.
///
/// The first origin lies a thousandth of a cell before the smallest coordinates.
///
/// # Errors
/// Lists of different length, numbers not finite, no sizes or origins, sizes not above zero.
///
/// Source: C. V. Deutsch & A. G. Journel, "GSLIB", 2nd ed. 1998, section VI.2.1.
pub fn cell(
    points: &[[f64; 3]],
    values: &[f64],
    plan: &CellPlan,
) -> Result<CellDeclustering, DeclusterError> {
    finite(values, 1)?;
    finite(points.as_flattened(), 3)?;
    same_length(values.len(), points.len(), "positions")?;
    if plan.sizes.is_empty() || plan.origins == 0 {
        return Err(StatsError::TooFew { found: 0, needed: 1 }.into());
    }
    let factors = [1.0, plan.proportions[0], plan.proportions[1]];
    for value in plan.sizes.iter().chain(&factors).copied() {
        if !(value.is_finite() && value > 0.0) {
            return Err(DeclusterError::NotPositive { name: "cell size or proportion", value });
        }
    }
    let mut best: Option<CellDeclustering> = None;
    let mut curve = Vec::with_capacity(plan.sizes.len());
    for &size in &plan.sizes {
        let weights = weights(points, factors.map(|f| f * size), plan.origins);
        let count = values.len() as f64;
        let mean = weights.iter().zip(values).map(|(w, v)| w * v).sum::<f64>() / count;
        curve.push((size, mean));
        let better = best.as_ref().is_none_or(|b| match plan.take {
            Extreme::SmallestMean => mean < b.mean,
            Extreme::LargestMean => mean > b.mean,
        });
        if better {
            best = Some(CellDeclustering { curve: Vec::new(), size, mean, weights });
        }
    }
    let best = best.expect("at least one size was tried");
    Ok(CellDeclustering { curve, ..best })
}

fn weights(points: &[[f64; 3]], size: [f64; 3], origins: usize) -> Vec<f64> {
    let fold = |d: usize, start: f64, pick: fn(f64, f64) -> f64| {
        points.iter().map(|p| p[d]).fold(start, pick)
    };
    let low = [0, 1, 2].map(|d| fold(d, f64::INFINITY, f64::min));
    let high = [0, 1, 2].map(|d| fold(d, f64::NEG_INFINITY, f64::max));
    let shift = [0, 1, 2].map(|d| (size[d] / origins as f64).min(0.5 * (high[d] - low[d])));
    let mut weights = vec![0.0; points.len()];
    for origin in 0..origins {
        let start = [0, 1, 2].map(|d| low[d] - 1e-3 * size[d] - shift[d] * origin as f64);
        let cell = |p: &[f64; 3]| [0, 1, 2].map(|d| ((p[d] - start[d]) / size[d]).floor() as i64);
        let mut counts: HashMap<[i64; 3], f64> = HashMap::new();
        points.iter().for_each(|p| *counts.entry(cell(p)).or_default() += 1.0);
        let scale = points.len() as f64 / counts.len() as f64 / origins as f64;
        for (weight, point) in weights.iter_mut().zip(points) {
            *weight += scale / counts[&cell(point)];
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(sizes: &[f64]) -> CellPlan {
        let take = Extreme::SmallestMean;
        CellPlan { sizes: sizes.to_vec(), proportions: [1.0; 2], origins: 4, take }
    }

    #[test]
    fn a_cluster_shares_the_weight_of_its_cell() {
        let points = [[0.0; 3], [0.1, 0.0, 0.0], [50.0, 50.0, 0.0]];
        let declustered = cell(&points, &[5.0, 5.0, 1.0], &plan(&[10.0])).unwrap();
        assert!((declustered.mean - 3.0).abs() < 1e-12);
        assert!((declustered.weights.iter().sum::<f64>() - 3.0).abs() < 1e-12);
    }

    #[test]
    fn weights_do_not_change_with_unit_or_origin() {
        let points: Vec<[f64; 3]> =
            (0..40).map(|i| [f64::from(i * i % 37), f64::from(i * 7 % 23), 0.0]).collect();
        let moved: Vec<[f64; 3]> =
            points.iter().map(|p| [0, 1, 2].map(|d| 1024.0 * p[d] + 65_536.0)).collect();
        let values: Vec<f64> = (0..40).map(f64::from).collect();
        let here = cell(&points, &values, &plan(&[6.0])).unwrap();
        let there = cell(&moved, &values, &plan(&[6144.0])).unwrap();
        assert_eq!(here.weights, there.weights);
    }

    #[test]
    fn a_cell_size_of_zero_is_refused() {
        let refused = cell(&[[0.0; 3]], &[1.0], &plan(&[0.0]));
        let name = "cell size or proportion";
        assert_eq!(refused, Err(DeclusterError::NotPositive { name, value: 0.0 }));
    }
}
