//! What the results change: Bayesian update of a mean, normal prior and normal data, usually on
//! the logarithm of grade.

use crate::chance::distribution::normal_quantile;
use serde::{Deserialize, Serialize};

/// Belief about a mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Belief {
    /// Mean.
    pub mean: f64,
    /// Standard deviation, above zero.
    pub deviation: f64,
}

/// Belief before and after.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Update {
    /// Before.
    pub prior: Belief,
    /// What the data alone say.
    pub data: Belief,
    /// After.
    pub posterior: Belief,
    /// Weight of the data in the posterior mean, within 0..=1.
    pub weight_of_data: f64,
    /// (data − prior) in standard deviations of their difference; beyond ±2 the prior was wrong,
    /// or the samples are not of this body.
    pub surprise: f64,
}

impl Belief {
    /// Combines a prior with an independent estimate.
    ///
    /// 1/σ² = 1/σ₀² + 1/s², μ = σ²(μ₀/σ₀² + x̄/s²).
    pub fn update(self, data: Self) -> Update {
        let (p, d) = (self.deviation.powi(-2), data.deviation.powi(-2));
        let weight_of_data = d / (p + d);
        let posterior = Self {
            mean: self.mean + weight_of_data * (data.mean - self.mean),
            deviation: 1.0 / (p + d).sqrt(),
        };
        let spread = libm::hypot(self.deviation, data.deviation);
        let surprise = (data.mean - self.mean) / spread;
        Update { prior: self, data, posterior, weight_of_data, surprise }
    }

    /// Belief on the natural logarithm from an arithmetic mean and coefficient of variation.
    pub fn of_logarithm(mean: f64, variation: f64) -> Self {
        let variance = libm::log1p(variation * variation);
        Self { mean: libm::log(mean) - 0.5 * variance, deviation: variance.sqrt() }
    }

    /// Low, best and high (10 %, 50 %, 90 %) of the quantity whose logarithm this is about.
    pub fn quantiles_of_exponential(self) -> (f64, f64, f64) {
        let z = normal_quantile(0.9) * self.deviation;
        (libm::exp(self.mean - z), libm::exp(self.mean), libm::exp(self.mean + z))
    }
}
