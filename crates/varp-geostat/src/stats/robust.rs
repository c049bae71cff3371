use super::quantile::quantile_sorted;
use super::{StatsError, finite, sorted};

/// Median.
///
/// # Errors
/// No values, or one that is not finite.
pub fn median(values: &[f64]) -> Result<f64, StatsError> {
    finite(values, 1)?;
    Ok(quantile_sorted(&sorted(values), 0.5))
}

/// 1.4826 · median |x − median|, which estimates the standard deviation of a normal variable.
///
/// # Errors
/// No values, or one that is not finite.
pub fn median_absolute_deviation(values: &[f64]) -> Result<f64, StatsError> {
    let centre = median(values)?;
    let deviations: Vec<f64> = values.iter().map(|v| (v - centre).abs()).collect();
    Ok(1.4826 * median(&deviations)?)
}

/// Third minus first quartile (type 7).
///
/// # Errors
/// No values, or one that is not finite.
pub fn interquartile_range(values: &[f64]) -> Result<f64, StatsError> {
    finite(values, 1)?;
    let sorted = sorted(values);
    Ok(quantile_sorted(&sorted, 0.75) - quantile_sorted(&sorted, 0.25))
}

/// Sichel's estimate of the mean of a two-parameter lognormal variable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SichelMean {
    /// The mean t = exp(mean of logs) · γ(V), unit of the values.
    pub mean: f64,
    /// γ(V), the factor over the geometric mean.
    pub factor: f64,
    /// V, variance of the natural logarithms with divisor n.
    pub log_variance: f64,
}

/// Minimum-variance unbiased mean of lognormal values.
///
/// t = exp(ȳ) · γ(V), γ(V) = 1 + Σ_{r ≥ 1} [(n − 1)·V/2]^r / (r! · Π_{i<r} (n − 1 + 2i)),
/// with y = ln x and V = Σ(y − ȳ)²/n.
///
/// # Errors
/// Fewer than two values, values not finite or not above zero.
///
/// Source: H. S. Sichel, "The estimation of means and associated confidence limits for small
/// samples from lognormal populations", 1966.
pub fn sichel_mean(values: &[f64]) -> Result<SichelMean, StatsError> {
    finite(values, 2)?;
    if let Some(index) = values.iter().position(|v| *v <= 0.0) {
        return Err(StatsError::NotPositive { index, value: values[index] });
    }
    let n = values.len() as f64;
    let logs: Vec<f64> = values.iter().map(|v| libm::log(*v)).collect();
    let centre = logs.iter().sum::<f64>() / n;
    let log_variance = logs.iter().map(|y| (y - centre).powi(2)).sum::<f64>() / n;
    let (mut term, mut factor, mut r) = (1.0, 1.0, 0.0);
    while term > factor * 1e-17 {
        term *= 0.5 * (n - 1.0) * log_variance / ((r + 1.0) * (n - 1.0 + 2.0 * r));
        factor += term;
        r += 1.0;
    }
    Ok(SichelMean { mean: libm::exp(centre) * factor, factor, log_variance })
}

/// What capping (top cutting) at a value changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Capped {
    /// The values, none above the cap.
    pub values: Vec<f64>,
    /// How many values were lowered.
    pub lowered: usize,
    /// Metal at risk: the share of Σ w·x that the cap removes.
    pub metal_removed: f64,
    /// Weighted mean after capping.
    pub mean: f64,
}

/// Lowers values above `limit` to `limit` and reports the metal this removes.
///
/// - `weights`: declustering weights or masses, same length
///
/// # Errors
/// No values, values or limit not finite, weights negative or all zero, no metal at all.
pub fn cap(values: &[f64], weights: &[f64], limit: f64) -> Result<Capped, StatsError> {
    finite(values, 1)?;
    finite(&[limit], 1)?;
    super::same_length(values.len(), weights.len(), "weights")?;
    let total = super::total_weight(weights)?;
    let capped: Vec<f64> = values.iter().map(|v| v.min(limit)).collect();
    let metal = |list: &[f64]| list.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>();
    let (before, after) = (metal(values), metal(&capped));
    if before <= 0.0 {
        return Err(StatsError::OutOfRange {
            name: "weighted sum of the values",
            value: before,
            rule: "above zero for a share of metal",
        });
    }
    Ok(Capped {
        lowered: values.iter().filter(|v| **v > limit).count(),
        values: capped,
        metal_removed: (before - after) / before,
        mean: after / total,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capping_reports_the_metal_it_removes() {
        let capped = cap(&[1.0, 2.0, 7.0], &[1.0; 3], 4.0).unwrap();
        assert_eq!(capped.values, [1.0, 2.0, 4.0]);
        assert_eq!(capped.lowered, 1);
        assert!((capped.metal_removed - 0.3).abs() < 1e-15);
    }

    #[test]
    fn sichel_mean_of_equal_values_is_their_value() {
        assert!((sichel_mean(&[3.0, 3.0, 3.0]).unwrap().mean - 3.0).abs() < 1e-14);
    }

    #[test]
    fn sichel_mean_refuses_a_grade_of_zero() {
        assert_eq!(sichel_mean(&[1.0, 0.0]), Err(StatsError::NotPositive { index: 1, value: 0.0 }));
    }
}
