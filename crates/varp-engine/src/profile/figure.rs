//! A number with its uncertainty and what it rests on.

use serde::{Deserialize, Serialize};

use crate::chance::distribution::normal_quantile;
use crate::rank::table::{Cell, Evidence};

/// Share of the variance from defaults above which a figure is a prior.
const MOSTLY_DEFAULTS: f64 = 0.5;

/// A positive number: mean, 80 % interval, evidence and how it came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Low end of the 80 % interval.
    pub low: f64,
    /// Mean.
    pub best: f64,
    /// High end of the 80 % interval.
    pub high: f64,
    /// Coefficient of variation.
    pub variation: f64,
    /// What it rests on.
    pub evidence: Evidence,
    /// How it came about, in words.
    pub how: String,
}

impl Figure {
    /// A lognormal figure of this mean and coefficient of variation.
    pub fn new(mean: f64, variation: f64, evidence: Evidence, how: impl Into<String>) -> Self {
        let spread = libm::log1p(variation * variation).sqrt();
        let middle = mean / (1.0 + variation * variation).sqrt();
        let at = |p: f64| middle * libm::exp(spread * normal_quantile(p));
        let (low, high) = if variation > 0.0 { (at(0.1), at(0.9)) } else { (mean, mean) };
        Self { low, best: mean, high, variation, evidence, how: how.into() }
    }

    /// A figure of a stated range, taken as its 80 % interval; `best` is the mean.
    pub fn of_range(
        low: f64,
        best: f64,
        high: f64,
        evidence: Evidence,
        how: impl Into<String>,
    ) -> Self {
        let width = (high - low) / (2.0 * normal_quantile(0.9));
        let variation = if best > 0.0 { width / best } else { 0.0 };
        Self { low, best, high, variation, evidence, how: how.into() }
    }

    /// A figure of an estimate: its 80 % interval, its mean, and the coefficient of variation of the
    /// lognormal law with that interval; of the normal one where the low end is zero.
    pub fn of_interval(
        [low, best, high]: [f64; 3],
        mean: Option<f64>,
        evidence: Evidence,
        how: impl Into<String>,
    ) -> Self {
        let z = normal_quantile(0.9);
        if low <= 0.0 || high <= low {
            let mean = mean.unwrap_or(best);
            return Self { best: mean, ..Self::of_range(low, mean, high, evidence, how) };
        }
        let variance = (libm::log(high / low) / (2.0 * z)).powi(2);
        let mean = mean.unwrap_or(best * libm::exp(0.5 * variance));
        let variation = libm::expm1(variance).sqrt();
        Self { low, best: mean, high, variation, evidence, how: how.into() }
    }

    /// A triangular default.
    pub fn of_default(low: f64, mode: f64, high: f64, how: impl Into<String>) -> Self {
        let mean = (low + mode + high) / 3.0;
        let square = low * low + mode * mode + high * high;
        let variance = (square - low * mode - low * high - mode * high) / 18.0;
        Self::new(mean, variance.max(0.0).sqrt() / mean, Evidence::Prior, how)
    }

    /// The product of independent figures: cv² = Π(1 + cv²) − 1. It is a prior where defaults
    /// give more than half of its variance, else derived.
    pub fn product(factors: &[&Self], how: impl Into<String>) -> Self {
        let mean: f64 = factors.iter().map(|f| f.best).product();
        let square: f64 = factors.iter().map(|f| 1.0 + f.variation * f.variation).product();
        Self::new(mean, (square - 1.0).max(0.0).sqrt(), weakest(factors), how)
    }

    /// The sum of independent figures; evidence as for a product, by their variances.
    pub fn sum(parts: &[Self], how: impl Into<String>) -> Option<Self> {
        let mean: f64 = parts.iter().map(|p| p.best).sum();
        if parts.is_empty() || mean <= 0.0 {
            return None;
        }
        let variance = |p: &&Self| (p.best * p.variation).powi(2);
        let total: f64 = parts.iter().map(|p| variance(&p)).sum();
        let defaults: f64 =
            parts.iter().filter(|p| p.evidence == Evidence::Prior).map(|p| variance(&p)).sum();
        let evidence = if total > 0.0 && defaults / total > MOSTLY_DEFAULTS {
            Evidence::Prior
        } else {
            Evidence::Derived
        };
        Some(Self::new(mean, total.sqrt() / mean, evidence, how))
    }

    /// The same figure in another unit.
    pub fn times(&self, factor: f64) -> Self {
        Self {
            low: self.low * factor,
            best: self.best * factor,
            high: self.high * factor,
            ..self.clone()
        }
    }

    /// As a cell of a ranking table.
    pub fn cell(&self) -> Cell {
        if self.best > 0.0 && self.variation > 0.0 {
            Cell::Lognormal { mean: self.best, variation: self.variation }
        } else {
            Cell::Exact { value: self.best }
        }
    }
}

fn weakest(factors: &[&Figure]) -> Evidence {
    let variance = |f: &&&Figure| f.variation * f.variation;
    let total: f64 = factors.iter().map(|f| variance(&f)).sum();
    let defaults: f64 =
        factors.iter().filter(|f| f.evidence == Evidence::Prior).map(|f| variance(&f)).sum();
    let prior = factors.iter().any(|f| f.evidence == Evidence::Prior);
    if prior && (total == 0.0 || defaults / total > MOSTLY_DEFAULTS) {
        Evidence::Prior
    } else {
        Evidence::Derived
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_multiplies_means_and_adds_relative_variances() {
        let mass = Figure::new(2e6, 0.3, Evidence::Derived, "stated");
        let price = Figure::new(10.0, 0.4, Evidence::Prior, "default");
        let value = Figure::product(&[&mass, &price], "value");
        assert_eq!(value.best, 2e7);
        assert!((value.variation.powi(2) - (1.09 * 1.16 - 1.0)).abs() < 1e-12);
        assert_eq!(value.evidence, Evidence::Prior, "the default is most of the variance");
        assert!(value.low < value.best && value.best < value.high);
    }

    #[test]
    fn a_small_default_does_not_make_a_prior() {
        let mass = Figure::new(2e6, 0.3, Evidence::Derived, "stated");
        let density = Figure::of_default(1.2, 1.5, 1.8, "default");
        assert_eq!(Figure::product(&[&mass, &density], "").evidence, Evidence::Derived);
    }

    #[test]
    fn a_triangular_default_has_the_moments_of_the_triangle() {
        let f = Figure::of_default(40.0, 60.0, 75.0, "");
        assert!((f.best - 58.333_333_333_333).abs() < 1e-9);
        assert!((f.best * f.variation - 51.388_888_9_f64.sqrt()).abs() < 1e-6);
    }
}
