use super::quantile::quantile_sorted;
use super::{StatsError, sorted};
use crate::random::{Random, Stream};

/// A percentile interval of bootstrap replicates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower percentile.
    pub low: f64,
    /// Upper percentile.
    pub high: f64,
    /// Replicates that had an answer.
    pub replicates: usize,
    /// Replicates without one (for instance with every value censored).
    pub failed: usize,
}

/// Percentile bootstrap interval of a statistic of independent values.
///
/// - `coverage`: such as 0.80 for the 10 and 90 per cent points
/// - `statistic`: sees a resample of the same length; an error counts as failed
///
/// Clustered or spatially correlated values make the interval too narrow; resample fewer
/// (the effective number) by passing declustered values.
///
/// # Errors
/// No values, coverage outside 0..1, or more than a tenth of the replicates failed.
pub fn bootstrap<T: Copy>(
    values: &[T],
    replicates: usize,
    coverage: f64,
    seed: u64,
    statistic: impl Fn(&[T]) -> Result<f64, StatsError>,
) -> Result<Interval, StatsError> {
    if values.is_empty() || replicates == 0 {
        return Err(StatsError::TooFew { found: values.len().min(replicates), needed: 1 });
    }
    if !(coverage > 0.0 && coverage < 1.0) {
        let rule = "above 0 and below 1";
        return Err(StatsError::OutOfRange { name: "coverage", value: coverage, rule });
    }
    let random = Random::new(seed, Stream::Bootstrap);
    let mut resample = values.to_vec();
    let mut answers = Vec::with_capacity(replicates);
    for replicate in 0..replicates {
        for (i, slot) in resample.iter_mut().enumerate() {
            *slot = values[random.index(replicate as u64, i as u32, values.len())];
        }
        answers.extend(statistic(&resample).ok().filter(|a| a.is_finite()));
    }
    let failed = replicates - answers.len();
    if failed * 10 > replicates {
        return Err(StatsError::BootstrapFailed { failed, replicates });
    }
    let answers = sorted(&answers);
    let tail = 0.5 * (1.0 - coverage);
    Ok(Interval {
        low: quantile_sorted(&answers, tail),
        high: quantile_sorted(&answers, 1.0 - tail),
        replicates: answers.len(),
        failed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Summary;

    fn mean(values: &[f64]) -> Result<f64, StatsError> {
        Ok(Summary::of(values)?.mean)
    }

    #[test]
    fn interval_of_a_mean_is_close_to_the_normal_theory() {
        let random = Random::new(3, Stream::Noise);
        let values: Vec<f64> = (0..400).map(|i| random.normal(i, 0)).collect();
        let interval = bootstrap(&values, 2000, 0.80, 1, mean).unwrap();
        let width = 2.0 * 1.2816 * Summary::of(&values).unwrap().standard_deviation() / 20.0;
        assert!(((interval.high - interval.low) / width - 1.0).abs() < 0.08);
    }

    #[test]
    fn the_same_seed_gives_the_same_interval() {
        let values = [1.0, 4.0, 2.0, 8.0];
        let draw = |seed| bootstrap(&values, 100, 0.9, seed, mean).unwrap();
        assert_eq!(draw(5), draw(5));
        assert_ne!(draw(5), draw(6));
    }

    #[test]
    fn many_failing_replicates_are_reported() {
        let fails = |_: &[f64]| Err(StatsError::TooFew { found: 0, needed: 1 });
        assert_eq!(
            bootstrap(&[1.0, 2.0], 50, 0.9, 1, fails),
            Err(StatsError::BootstrapFailed { failed: 50, replicates: 50 })
        );
    }
}
