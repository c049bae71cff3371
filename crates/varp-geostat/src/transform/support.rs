use super::TransformError;
use crate::stats::{StatsError, Summary};

/// Affine correction: m + √f·(z − m). Keeps the shape of the distribution; may go below zero.
///
/// - `factor`: block variance over point variance, 0..=1
///
/// # Errors
/// No values, numbers not finite, weights negative or all zero, factor outside 0..=1.
///
/// Source: E. H. Isaaks & R. M. Srivastava, "An Introduction to Applied Geostatistics", 1989,
/// p. 471.
pub fn affine(values: &[f64], weights: &[f64], factor: f64) -> Result<Vec<f64>, TransformError> {
    let summary = checked(values, weights, factor)?;
    let shrink = factor.sqrt();
    Ok(values.iter().map(|v| summary.mean + shrink * (v - summary.mean)).collect())
}

/// Indirect lognormal correction a·z^b, then scaled to keep the mean.
///
/// b = √(ln(f·c² + 1)/ln(c² + 1)), a = m/√(f·c² + 1)·(√(c² + 1)/m)^b, c the coefficient of
/// variation. Exact for lognormal values; else the block variance comes out approximately.
///
/// - `factor`: block variance over point variance, 0..=1
///
/// # Errors
/// As [`affine`]; values not above zero.
///
/// Source: Isaaks & Srivastava 1989, p. 472.
pub fn indirect_lognormal(
    values: &[f64],
    weights: &[f64],
    factor: f64,
) -> Result<Vec<f64>, TransformError> {
    let summary = checked(values, weights, factor)?;
    if let Some(index) = values.iter().position(|v| *v <= 0.0) {
        return Err(StatsError::NotPositive { index, value: values[index] }.into());
    }
    if summary.variance == 0.0 {
        return Ok(values.to_vec());
    }
    let mean = summary.mean;
    let square = summary.variance / (mean * mean);
    let power = (libm::log1p(factor * square) / libm::log1p(square)).sqrt();
    let scale =
        mean / (factor * square + 1.0).sqrt() * libm::pow((square + 1.0).sqrt() / mean, power);
    let corrected: Vec<f64> = values.iter().map(|v| scale * libm::pow(*v, power)).collect();
    let reached = Summary::weighted(&corrected, weights)?.mean;
    Ok(corrected.iter().map(|v| v * mean / reached).collect())
}

fn checked(values: &[f64], weights: &[f64], factor: f64) -> Result<Summary, TransformError> {
    if !(0.0..=1.0).contains(&factor) {
        let rule = "within 0..=1";
        return Err(StatsError::OutOfRange { name: "variance factor", value: factor, rule }.into());
    }
    Ok(Summary::weighted(values, weights)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::distribution::normal_quantile;

    fn lognormal() -> Vec<f64> {
        let score = |i: i32| normal_quantile((f64::from(i) + 0.5) / 5000.0);
        (0..5000).map(|i| libm::exp(0.5 * score(i))).collect()
    }

    #[test]
    fn both_corrections_keep_the_mean_and_reach_the_variance() {
        let values = lognormal();
        let ones = vec![1.0; values.len()];
        let before = Summary::of(&values).unwrap();
        let lognormal = indirect_lognormal(&values, &ones, 0.6).unwrap();
        for (corrected, tolerance) in
            [(affine(&values, &ones, 0.6).unwrap(), 1e-12), (lognormal, 3e-3)]
        {
            let after = Summary::of(&corrected).unwrap();
            assert!((after.mean / before.mean - 1.0).abs() < 1e-12);
            assert!((after.variance / before.variance / 0.6 - 1.0).abs() < tolerance);
        }
    }

    #[test]
    fn a_factor_above_one_is_refused() {
        assert!(affine(&[1.0, 2.0], &[1.0; 2], 1.2).is_err());
        assert!(indirect_lognormal(&[0.0, 2.0], &[1.0; 2], 0.5).is_err());
    }
}
