use super::quantile::quantile_sorted;
use super::{StatsError, finite, same_length, sorted, total_weight};

/// Shares of the total weight in classes of equal width.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Class limits, ascending, one more than there are classes.
    pub edges: Vec<f64>,
    /// Share of the weight in [edge i, edge i + 1); the last class includes its upper limit.
    pub shares: Vec<f64>,
}

impl Histogram {
    /// Histogram over the range of the values.
    ///
    /// # Errors
    /// No classes or values, values not finite or all equal, weights negative or all zero.
    pub fn of(values: &[f64], weights: &[f64], classes: usize) -> Result<Self, StatsError> {
        finite(values, 1)?;
        same_length(values.len(), weights.len(), "weights")?;
        let total = total_weight(weights)?;
        if classes == 0 {
            return Err(StatsError::OutOfRange {
                name: "number of classes",
                value: 0.0,
                rule: "at least 1",
            });
        }
        let min = values.iter().copied().fold(f64::INFINITY, f64::min);
        let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if min == max {
            return Err(StatsError::NoSpread { count: values.len(), value: min });
        }
        let width = (max - min) / classes as f64;
        let mut shares = vec![0.0; classes];
        for (value, weight) in values.iter().zip(weights) {
            let class = (((value - min) / width) as usize).min(classes - 1);
            shares[class] += weight / total;
        }
        let edges = (0..=classes).map(|i| min + width * i as f64).collect();
        Ok(Self { edges, shares })
    }
}

/// Points of a quantile–quantile plot: the same `count` quantiles, at (i + ½)/count, of both
/// lists.
///
/// # Errors
/// An empty list, values not finite, `count` zero.
pub fn quantile_pairs(
    left: &[f64],
    right: &[f64],
    count: usize,
) -> Result<Vec<(f64, f64)>, StatsError> {
    finite(left, 1)?;
    finite(right, 1)?;
    if count == 0 {
        return Err(StatsError::TooFew { found: 0, needed: 1 });
    }
    let (left, right) = (sorted(left), sorted(right));
    Ok((0..count)
        .map(|i| (i as f64 + 0.5) / count as f64)
        .map(|p| (quantile_sorted(&left, p), quantile_sorted(&right, p)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_falls_in_one_class() {
        let histogram = Histogram::of(&[0.0, 1.0, 2.0, 4.0], &[1.0; 4], 4).unwrap();
        assert_eq!(histogram.shares, [0.25, 0.25, 0.25, 0.25]);
        assert_eq!(histogram.edges, [0.0, 1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn equal_distributions_plot_on_the_diagonal() {
        let pairs = quantile_pairs(&[1.0, 2.0, 3.0], &[3.0, 1.0, 2.0], 7).unwrap();
        assert!(pairs.iter().all(|(a, b)| a == b));
    }

    #[test]
    fn values_without_spread_are_refused() {
        assert!(matches!(
            Histogram::of(&[2.0, 2.0], &[1.0; 2], 3),
            Err(StatsError::NoSpread { count: 2, .. })
        ));
    }
}
