use super::TransformError;
use crate::stats::distribution::{normal_density, normal_probability, normal_quantile};
use crate::stats::{StatsError, finite, same_length, total_weight};

/// Gaussian anamorphosis z = Σ ψₙ Hₙ(y) and its discrete Gaussian change of support.
///
/// Hₙ are the normalised Hermite polynomials with H₁(y) = −y, so that ψ₁ is negative:
/// Hₙ₊₁(y) = −y·Hₙ(y)/√(n+1) − √(n/(n+1))·Hₙ₋₁(y).
///
/// Source: J. Rivoirard, "Introduction to Disjunctive Kriging and Non-linear Geostatistics", 1994.
#[derive(Debug, Clone, PartialEq)]
pub struct Hermite {
    coefficients: Vec<f64>,
    /// Scores between which the truncated series rises.
    rising: [f64; 2],
}

/// What is recovered above a cut-off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recovered {
    /// Share of the tonnage, 0..=1.
    pub tonnage: f64,
    /// Metal per unit of total tonnage, unit of the grade.
    pub metal: f64,
    /// Mean grade above the cut-off; `None` where nothing is above it.
    pub grade: Option<f64>,
}

impl Hermite {
    /// Coefficients of the step function of the data:
    /// ψₙ = Σᵢ (zᵢ − zᵢ₊₁)·Hₙ₋₁(yᵢ)·g(yᵢ)/√n, yᵢ = Φ⁻¹(cumulative weight), ψ₀ = mean.
    ///
    /// - `terms`: number of coefficients, ψ₀ included; 20 to 100
    ///
    /// # Errors
    /// Fewer than two different values or two terms, numbers not finite, weights negative or all
    /// zero.
    pub fn fit(values: &[f64], weights: &[f64], terms: usize) -> Result<Self, TransformError> {
        finite(values, 2)?;
        same_length(values.len(), weights.len(), "weights")?;
        let total = total_weight(weights)?;
        if terms < 2 {
            let (name, rule) = ("number of Hermite coefficients", "at least 2");
            return Err(StatsError::OutOfRange { name, value: terms as f64, rule }.into());
        }
        let mut order: Vec<usize> = (0..values.len()).filter(|&i| weights[i] > 0.0).collect();
        order.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
        let (low, high) = (values[order[0]], values[order[order.len() - 1]]);
        if low == high {
            return Err(StatsError::NoSpread { count: values.len(), value: low }.into());
        }
        let mut coefficients = vec![0.0; terms];
        let mut below = 0.0;
        for pair in order.windows(2) {
            below += weights[pair[0]] / total;
            let step = values[pair[0]] - values[pair[1]];
            if step == 0.0 {
                continue;
            }
            let y = normal_quantile(below);
            let h = polynomials(y, terms);
            for n in 1..terms {
                coefficients[n] += step * h[n - 1] * normal_density(y) / (n as f64).sqrt();
            }
        }
        coefficients[0] = order.iter().map(|&i| values[i] * weights[i]).sum::<f64>() / total;
        Ok(Self { rising: rising(&coefficients), coefficients })
    }

    /// From coefficients fitted elsewhere, ψ₀ first.
    ///
    /// # Errors
    /// Fewer than two coefficients, or one that is not finite.
    pub fn from_coefficients(coefficients: &[f64]) -> Result<Self, TransformError> {
        finite(coefficients, 2)?;
        Ok(Self { rising: rising(coefficients), coefficients: coefficients.to_vec() })
    }

    /// ψₙ, ψ₀ first.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// Variance of the truncated series, Σ ψₙ², n ≥ 1.
    pub fn variance(&self) -> f64 {
        self.coefficients[1..].iter().map(|c| c * c).sum()
    }

    /// Value of a score, held constant where the truncated series would fall.
    pub fn value(&self, score: f64) -> f64 {
        let y = score.clamp(self.rising[0], self.rising[1]);
        series(&self.coefficients, y)
    }

    /// Change-of-support coefficient r: the root of Σ ψₙ² r²ⁿ = block variance, 0..=1.
    ///
    /// # Errors
    /// A block variance below zero or above [`Hermite::variance`].
    pub fn support_coefficient(&self, block_variance: f64) -> Result<f64, TransformError> {
        let point = self.variance();
        if !(block_variance >= 0.0 && block_variance <= point) {
            return Err(TransformError::BlockVariance { block: block_variance, point });
        }
        let variance = |r: f64| {
            let power = |n: usize| r.powi(2 * n as i32);
            (1..self.coefficients.len()).map(|n| self.coefficients[n].powi(2) * power(n)).sum()
        };
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle: f64 = 0.5 * (low + high);
            let reached: f64 = variance(middle);
            if reached < block_variance { low = middle } else { high = middle }
        }
        Ok(0.5 * (low + high))
    }

    /// The anamorphosis of blocks in the discrete Gaussian model: coefficients ψₙ rⁿ.
    ///
    /// # Errors
    /// As [`Hermite::support_coefficient`].
    pub fn of_blocks(&self, block_variance: f64) -> Result<Self, TransformError> {
        let r = self.support_coefficient(block_variance)?;
        let smoothed = self.coefficients.iter().enumerate();
        let coefficients: Vec<f64> = smoothed.map(|(n, c)| c * r.powi(n as i32)).collect();
        Ok(Self { rising: rising(&coefficients), coefficients })
    }

    /// Tonnage, metal and grade above a cut-off, by integrals of the series.
    ///
    /// T = 1 − Φ(y_c), Q = ψ₀·T − g(y_c)·Σ ψₙ Hₙ₋₁(y_c)/√n.
    pub fn recovered(&self, cutoff: f64) -> Recovered {
        let y = self.score(cutoff);
        let tonnage = normal_probability(-y);
        let h = polynomials(y.clamp(-40.0, 40.0), self.coefficients.len());
        let tail: f64 = (1..self.coefficients.len())
            .map(|n| self.coefficients[n] * h[n - 1] / (n as f64).sqrt())
            .sum();
        let metal = self.coefficients[0] * tonnage - normal_density(y) * tail;
        Recovered { tonnage, metal, grade: (tonnage > 0.0).then(|| metal / tonnage) }
    }

    /// Score whose value is the cut-off; ±∞ beyond the values of the rising part.
    fn score(&self, value: f64) -> f64 {
        let [mut low, mut high] = self.rising;
        if value <= series(&self.coefficients, low) {
            return f64::NEG_INFINITY;
        }
        if value >= series(&self.coefficients, high) {
            return f64::INFINITY;
        }
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if series(&self.coefficients, middle) < value { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    }
}

/// H₀(y) … of the first `count` normalised polynomials.
fn polynomials(y: f64, count: usize) -> Vec<f64> {
    let mut h = vec![1.0, -y];
    for n in 1..count.saturating_sub(1) {
        let n_ = n as f64;
        h.push((-y * h[n] - n_.sqrt() * h[n - 1]) / (n_ + 1.0).sqrt());
    }
    h.truncate(count);
    h
}

fn series(coefficients: &[f64], y: f64) -> f64 {
    polynomials(y, coefficients.len()).iter().zip(coefficients).map(|(h, c)| h * c).sum()
}

/// The interval around zero, within ±6, on which the series rises (steps of 0.01).
fn rising(coefficients: &[f64]) -> [f64; 2] {
    let end = |direction: f64| {
        let mut last = series(coefficients, 0.0);
        for step in 1..=600 {
            let y = direction * 0.01 * f64::from(step);
            let value = series(coefficients, y);
            if (value - last) * direction <= 0.0 {
                return y - direction * 0.01;
            }
            last = value;
        }
        6.0 * direction
    };
    [end(-1.0), end(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_impossible_block_variance_is_refused_with_both_numbers() {
        let fitted = Hermite::fit(&[1.0, 2.0, 4.0, 9.0], &[1.0; 4], 12).unwrap();
        let point = fitted.variance();
        assert_eq!(
            fitted.support_coefficient(100.0),
            Err(TransformError::BlockVariance { block: 100.0, point })
        );
    }

    #[test]
    fn no_cutoff_recovers_everything() {
        let fitted = Hermite::fit(&[1.0, 2.0, 4.0, 9.0], &[1.0; 4], 12).unwrap();
        let all = fitted.recovered(-1e9);
        assert_eq!(all.tonnage, 1.0);
        assert!((all.metal - 4.0).abs() < 1e-12);
        assert_eq!(fitted.recovered(1e9).grade, None);
    }

    #[test]
    fn lognormal_blocks_follow_the_closed_form() {
        // z = exp(σy − σ²/2): blocks are lognormal with σ' = σr in the discrete Gaussian model
        let sigma = 0.8;
        let values: Vec<f64> = (0..20_000)
            .map(|i| normal_quantile((f64::from(i) + 0.5) / 20_000.0))
            .map(|y| libm::exp(sigma * y - 0.5 * sigma * sigma))
            .collect();
        let points = Hermite::fit(&values, &vec![1.0; values.len()], 40).unwrap();
        let block_sigma = 0.5_f64;
        let blocks = points.of_blocks(libm::expm1(block_sigma * block_sigma)).unwrap();
        for cutoff in [0.5, 1.0, 1.5] {
            let y = libm::log(cutoff) / block_sigma + 0.5 * block_sigma;
            let recovered = blocks.recovered(cutoff);
            assert!((recovered.tonnage - normal_probability(-y)).abs() < 1e-3);
            assert!((recovered.metal - normal_probability(block_sigma - y)).abs() < 1e-3);
        }
    }
}
