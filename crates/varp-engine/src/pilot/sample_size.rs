//! How many samples: by confidence of a mean, by a threshold test, by allocation over strata, by
//! coverage of an upper tail, by the chance to hit a hot spot. Independent samples throughout;
//! [`super::spatial`] takes correlation into account.

use crate::chance::distribution::{normal_quantile, student_quantile};

/// Largest count searched for.
const LARGEST: usize = 1_000_000;

/// Why a count cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SizeError {
    /// An input outside its range.
    #[error("{what} is {value}, but must be {rule}")]
    Range {
        /// Input.
        what: &'static str,
        /// Value.
        value: f64,
        /// Rule.
        rule: &'static str,
    },
    /// More than a million samples would be needed.
    #[error("more than a million samples would be needed")]
    TooMany,
}

/// Smallest n with t_{n−1}·CV/√n ≤ E.
///
/// - `variation`: coefficient of variation CV > 0
/// - `half_width`: relative half-width E > 0 of the two-sided interval
/// - `confidence`: of that interval, such as 0.90
pub fn for_mean(variation: f64, half_width: f64, confidence: f64) -> Result<usize, SizeError> {
    positive("the coefficient of variation", variation)?;
    positive("the half-width", half_width)?;
    probability("the confidence", confidence)?;
    let p = 0.5 + 0.5 * confidence;
    let reached = |n: usize| {
        student_quantile(p, n as f64 - 1.0) * variation / (n as f64).sqrt() <= half_width
    };
    // The normal count is a lower bound of Student's.
    let normal = for_mean_normal(variation, half_width, confidence)?;
    let mut n = normal.max(2);
    while !reached(n) {
        n += 1;
        if n > LARGEST {
            return Err(SizeError::TooMany);
        }
    }
    Ok(n)
}

/// ⌈(z·CV/E)²⌉: the same with a known standard deviation.
pub fn for_mean_normal(
    variation: f64,
    half_width: f64,
    confidence: f64,
) -> Result<usize, SizeError> {
    let z = normal_quantile(0.5 + 0.5 * confidence);
    count((z * variation / half_width).powi(2))
}

/// ⌈s²(z_{1−α} + z_{1−β})²/Δ² + ½z²_{1−α}⌉: one-sample t test of a mean against a threshold (the
/// form Visual Sample Plan uses).
///
/// - `deviation`: s > 0; `difference`: Δ > 0 that must be seen, both in one unit
/// - `alpha`, `beta`: false rejection and false acceptance, each below 0.5
pub fn for_threshold(
    deviation: f64,
    difference: f64,
    alpha: f64,
    beta: f64,
) -> Result<usize, SizeError> {
    positive("the standard deviation", deviation)?;
    positive("the difference", difference)?;
    probability("alpha", alpha)?;
    probability("beta", beta)?;
    let (za, zb) = (normal_quantile(1.0 - alpha), normal_quantile(1.0 - beta));
    count((deviation * (za + zb) / difference).powi(2) + 0.5 * za * za)
}

/// Neyman's shares of a total among strata: W_h·S_h / ΣW·S, with sizes W and deviations S.
pub fn neyman_shares(sizes: &[f64], deviations: &[f64]) -> Vec<f64> {
    let products: Vec<f64> = sizes.iter().zip(deviations).map(|(w, s)| w * s).collect();
    let total: f64 = products.iter().sum();
    products.iter().map(|p| p / total).collect()
}

/// Variance of a stratified mean of `n` samples by Neyman's and by proportional allocation.
///
/// (ΣW·S)²/n and ΣW·S²/n, sizes W summing to one.
pub fn stratified_variances(sizes: &[f64], deviations: &[f64], n: usize) -> (f64, f64) {
    let pairs = || sizes.iter().zip(deviations);
    let first: f64 = pairs().map(|(w, s)| w * s).sum();
    let second: f64 = pairs().map(|(w, s)| w * s * s).sum();
    (first * first / n as f64, second / n as f64)
}

/// Smallest n whose maximum exceeds the `coverage` quantile with this confidence:
/// ⌈ln(1 − confidence)/ln(coverage)⌉ (nonparametric upper tolerance limit).
pub fn for_tolerance(coverage: f64, confidence: f64) -> Result<usize, SizeError> {
    probability("the coverage", coverage)?;
    probability("the confidence", confidence)?;
    count(libm::log(1.0 - confidence) / libm::log(coverage))
}

/// Chance that a square grid hits a circle, for r = radius / spacing.
///
/// π·r² up to ½; then π·r² − 4(r²θ − ½√(r² − ¼)), θ = acos(1/2r); 1 from √½ on.
pub fn hit_probability(radius_over_spacing: f64) -> f64 {
    let r = radius_over_spacing;
    let disc = std::f64::consts::PI * r * r;
    if r <= 0.5 {
        disc
    } else if r >= std::f64::consts::FRAC_1_SQRT_2 {
        1.0
    } else {
        disc - 4.0 * (r * r * libm::acos(0.5 / r) - 0.5 * (r * r - 0.25).sqrt())
    }
}

fn count(n: f64) -> Result<usize, SizeError> {
    if n > LARGEST as f64 { Err(SizeError::TooMany) } else { Ok(n.ceil() as usize) }
}

fn positive(what: &'static str, value: f64) -> Result<(), SizeError> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(SizeError::Range { what, value, rule: "a number above zero" })
}

fn probability(what: &'static str, value: f64) -> Result<(), SizeError> {
    if value > 0.0 && value < 1.0 {
        return Ok(());
    }
    Err(SizeError::Range { what, value, rule: "between 0 and 1" })
}
