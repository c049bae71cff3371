//! Semivariance by lag vector in the horizontal plane: a variogram map.

use super::{check_samples, in_parts};
use crate::error::{VariogramError, is_usable};
use crate::search::Bins;

/// Semivariance in square cells of the lag vector, symmetric about the middle cell.
#[derive(Debug, Clone, PartialEq)]
pub struct VariogramMap {
    /// Edge of a cell.
    pub width: f64,
    /// Cells on each side of the middle: the map has `(2·half + 1)²` cells, x fastest.
    pub half: usize,
    /// Number of pairs in each cell; a pair counts in its cell and in the opposite one.
    pub pairs: Vec<u64>,
    /// ½ mean Δ²; NaN in cells without pairs.
    pub gamma: Vec<f64>,
}

/// Map of lags in x and y up to `half` cells of `width`; z plays no part.
pub fn variogram_map(
    places: &[[f64; 3]],
    values: &[f64],
    width: f64,
    half: usize,
) -> Result<VariogramMap, VariogramError> {
    check_samples(places, &[Some(values)])?;
    if !(is_usable(width) && width > 0.0) {
        return Err(VariogramError::Lags { class: 0, low: 0.0, high: width });
    }
    let (low, _) = crate::search::bounds(places);
    let flat: Vec<[f64; 3]> = places.iter().map(|p| [p[0] - low[0], p[1] - low[1], 0.0]).collect();
    let reach = (half as f64 + 0.5) * width;
    let bins = Bins::with_edge(&flat, reach / 3.0);
    let side = 2 * half + 1;
    let parts = in_parts(bins.len(), |range| {
        let mut sums = vec![(0.0, 0u64); side * side];
        for i in range {
            let p = bins.place(i);
            bins.for_box(p, reach, |a, b| {
                for j in a.max(i + 1)..b.max(i + 1) {
                    let q = bins.place(j);
                    let cell = |d: usize| ((q[d] - p[d]) / width + half as f64 + 0.5).floor();
                    let (x, y) = (cell(0), cell(1));
                    let most = side as f64;
                    if x < 0.0 || y < 0.0 || x >= most || y >= most {
                        continue;
                    }
                    let difference = values[bins.id[i] as usize] - values[bins.id[j] as usize];
                    let at = y as usize * side + x as usize;
                    for cell in [at, side * side - 1 - at] {
                        sums[cell].0 += difference * difference;
                        sums[cell].1 += 1;
                    }
                }
            });
        }
        sums
    });
    let mut total = vec![(0.0, 0u64); side * side];
    for part in parts {
        for (t, p) in total.iter_mut().zip(part) {
            t.0 += p.0;
            t.1 += p.1;
        }
    }
    let gamma = total.iter().map(|t| 0.5 * t.0 / t.1 as f64).collect();
    Ok(VariogramMap { width, half, pairs: total.iter().map(|t| t.1).collect(), gamma })
}
