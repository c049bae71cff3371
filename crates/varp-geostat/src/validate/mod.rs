//! Cross-validation: how well the samples are estimated from the others.

mod statistics;

pub use statistics::{Statistics, statistics};

use crate::error::KrigingError;
use crate::krige::{Estimates, Fitted, Kriging, Outcome, Samples, Targets};
use crate::progress::Progress;

/// Estimates of the samples from other samples, by column in the order of the samples.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossValidation {
    /// What was measured.
    pub observed: Vec<f64>,
    /// What was estimated without it. The variance is that of the error observed − estimate, the
    /// sample's own measurement error included.
    pub estimates: Estimates,
}

impl CrossValidation {
    /// observed − estimate; NaN where there is no estimate.
    pub fn residuals(&self) -> Vec<f64> {
        self.observed.iter().zip(&self.estimates.estimate).map(|(z, e)| z - e).collect()
    }

    /// The usual numbers.
    pub fn statistics(&self) -> Option<Statistics> {
        let used = |i: &usize| self.estimates.outcome[*i] == Outcome::Estimated;
        let pick = |column: &[f64]| (0..column.len()).filter(used).map(|i| column[i]).collect();
        let (observed, estimate): (Vec<f64>, Vec<f64>) =
            (pick(&self.observed), pick(&self.estimates.estimate));
        statistics(&observed, &estimate, &pick(&self.estimates.variance))
    }
}

/// Leaves each sample out in turn. In the global neighbourhood this costs one inverse (Dubrule
/// 1983). Tiles that share samples are validated as a moving neighbourhood of as many samples.
pub fn leave_one_out(
    fitted: &Fitted,
    progress: &Progress<'_>,
) -> Result<CrossValidation, KrigingError> {
    fitted.leave_one_out(progress)
}

/// Leaves out all samples with the same number in `folds` together.
///
/// Whole holes are left out by passing the hole of each sample.
pub fn by_folds(
    kriging: &Kriging,
    samples: &Samples<'_>,
    folds: &[u32],
    progress: &Progress<'_>,
) -> Result<CrossValidation, KrigingError> {
    let n = samples.len();
    if folds.len() != n {
        let (column, found) = ("folds", folds.len());
        return Err(KrigingError::Length { column, found, expected: n, rows: "samples" });
    }
    let mut numbers = folds.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    let mut estimates = Estimates::with_len(n);
    for (done, number) in numbers.iter().enumerate() {
        progress.step(done, numbers.len())?;
        let kept: Vec<usize> = (0..n).filter(|i| folds[*i] != *number).collect();
        let left: Vec<usize> = (0..n).filter(|i| folds[*i] == *number).collect();
        let part = predict_fold(kriging, samples, &kept, &left)?;
        for (row, i) in left.iter().enumerate() {
            estimates.copy_row(*i, &part, row);
            estimates.variance[*i] += samples.noise.map_or(0.0, |v| v[*i]);
        }
    }
    progress.step(numbers.len(), numbers.len())?;
    if estimates.estimated() == 0 {
        return Err(KrigingError::EmptySearch { targets: n, needed: 1 });
    }
    Ok(CrossValidation { observed: samples.values.to_vec(), estimates })
}

/// Estimates the samples `left` from the samples `kept`.
fn predict_fold(
    kriging: &Kriging,
    samples: &Samples<'_>,
    kept: &[usize],
    left: &[usize],
) -> Result<Estimates, KrigingError> {
    let pick =
        |column: &[f64], rows: &[usize]| rows.iter().map(|i| column[*i]).collect::<Vec<f64>>();
    let place = |rows: &[usize]| rows.iter().map(|i| samples.places[*i]).collect::<Vec<[f64; 3]>>();
    let (kept_places, left_places) = (place(kept), place(left));
    let values = pick(samples.values, kept);
    let noise = samples.noise.map(|column| pick(column, kept));
    let holes: Option<Vec<u32>> = samples.holes.map(|h| kept.iter().map(|i| h[*i]).collect());
    let columns =
        |rows: &[usize]| samples.external.iter().map(|c| pick(c, rows)).collect::<Vec<_>>();
    let (kept_columns, left_columns) = (columns(kept), columns(left));
    let kept_slices: Vec<&[f64]> = kept_columns.iter().map(Vec::as_slice).collect();
    let left_slices: Vec<&[f64]> = left_columns.iter().map(Vec::as_slice).collect();
    let data = Samples {
        places: &kept_places,
        values: &values,
        noise: noise.as_deref(),
        external: &kept_slices,
        holes: holes.as_deref(),
    };
    let targets = Targets::points(&left_places).with_external(&left_slices);
    match kriging.fit(&data)?.predict(&targets, &Progress::none()) {
        Err(KrigingError::EmptySearch { .. }) => Ok(Estimates::with_len(left.len())),
        other => other,
    }
}

/// Numbers 0 to `count − 1` for `samples` samples, as equal in size as can be, in an order that
/// depends on `seed` alone.
pub fn random_folds(samples: usize, count: usize, seed: u64) -> Vec<u32> {
    // SplitMix64, keyed by sample: sorting by it is a permutation that needs no state.
    let key = |i: usize| {
        let mut z = seed.wrapping_add((i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let mut order: Vec<usize> = (0..samples).collect();
    order.sort_unstable_by_key(|i| (key(*i), *i));
    let mut folds = vec![0; samples];
    for (rank, i) in order.into_iter().enumerate() {
        folds[i] = (rank % count.max(1)) as u32;
    }
    folds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_folds_are_even_and_follow_the_seed() {
        let folds = random_folds(103, 10, 7);
        for fold in 0..10 {
            let count = folds.iter().filter(|f| **f == fold).count();
            assert!((10..=11).contains(&count));
        }
        assert_eq!(folds, random_folds(103, 10, 7));
        assert_ne!(folds, random_folds(103, 10, 8));
    }
}
