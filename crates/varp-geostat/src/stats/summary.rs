use super::{StatsError, finite, same_length, total_weight};

/// Moments and extremes of one variable, weighted or not.
///
/// Variance divides by the sum of weights (the population formula); [`Summary::sample_variance`]
/// has the factor n/(n − 1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Number of values.
    pub count: usize,
    /// Σ w·x / Σ w
    pub mean: f64,
    /// Σ w·(x − mean)² / Σ w
    pub variance: f64,
    /// Σ w·(x − mean)³ / Σ w / variance^1.5; zero when the values do not vary.
    pub skewness: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// (Σ w)² / Σ w²: the number of equally weighted values with the same variance of the mean.
    pub effective_count: f64,
}

impl Summary {
    /// Summary with equal weights; any unit.
    ///
    /// # Errors
    /// No values, or one that is not finite.
    pub fn of(values: &[f64]) -> Result<Self, StatsError> {
        Self::weighted(values, &vec![1.0; values.len()])
    }

    /// Summary with weights, for instance of declustering; they need not sum to one.
    ///
    /// # Errors
    /// No values, lists of different length, values not finite, weights negative or all zero.
    pub fn weighted(values: &[f64], weights: &[f64]) -> Result<Self, StatsError> {
        finite(values, 1)?;
        same_length(values.len(), weights.len(), "weights")?;
        let total = total_weight(weights)?;
        let pairs = || values.iter().zip(weights);
        let mean = pairs().map(|(x, w)| w * x).sum::<f64>() / total;
        let moment =
            |power: i32| pairs().map(|(x, w)| w * (x - mean).powi(power)).sum::<f64>() / total;
        let variance = moment(2);
        let skewness = if variance > 0.0 { moment(3) / (variance * variance.sqrt()) } else { 0.0 };
        let square = weights.iter().map(|w| w * w).sum::<f64>();
        Ok(Self {
            count: values.len(),
            mean,
            variance,
            skewness,
            min: values.iter().copied().fold(f64::INFINITY, f64::min),
            max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            effective_count: total * total / square,
        })
    }

    /// Variance with the divisor n − 1 (effective n when weighted); zero for one value.
    pub fn sample_variance(&self) -> f64 {
        let n = self.effective_count;
        if n > 1.0 { self.variance * n / (n - 1.0) } else { 0.0 }
    }

    /// Square root of [`Summary::sample_variance`].
    pub fn standard_deviation(&self) -> f64 {
        self.sample_variance().sqrt()
    }

    /// Standard deviation over mean.
    pub fn coefficient_of_variation(&self) -> f64 {
        self.standard_deviation() / self.mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubling_a_weight_equals_repeating_the_value() {
        let repeated = Summary::of(&[1.0, 2.0, 2.0, 5.0]).unwrap();
        let weighted = Summary::weighted(&[1.0, 2.0, 5.0], &[1.0, 2.0, 1.0]).unwrap();
        assert!((repeated.mean - weighted.mean).abs() < 1e-15);
        assert!((repeated.variance - weighted.variance).abs() < 1e-15);
        assert!((repeated.skewness - weighted.skewness).abs() < 1e-15);
    }

    #[test]
    fn bad_values_and_weights_are_named_with_their_place() {
        assert_eq!(Summary::of(&[]), Err(StatsError::TooFew { found: 0, needed: 1 }));
        let inf = f64::INFINITY;
        assert_eq!(Summary::of(&[1.0, inf]), Err(StatsError::NotFinite { index: 1, value: inf }));
        assert_eq!(
            Summary::weighted(&[1.0, 2.0], &[1.0, -1.0]),
            Err(StatsError::BadWeight { index: 1, value: -1.0 })
        );
        assert_eq!(
            Summary::weighted(&[1.0, 2.0], &[0.0, 0.0]),
            Err(StatsError::ZeroWeight { count: 2 })
        );
    }
}
