//! Several independent estimates of one quantity: shown side by side, tested, combined by a stated rule.

use serde::{Deserialize, Serialize};

use crate::chance::Z80;
use crate::chance::distribution::{normal_probability, normal_quantile};

/// One estimate: who made it, and its quantiles at 5, 10, … 95 per cent, all above zero.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Independent {
    /// Who or what says so, such as `production balance`.
    pub name: String,
    /// 19 quantiles, rising.
    pub quantiles: Vec<f64>,
}

/// How estimates become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CombineRule {
    /// Precision-weighed in logarithms while they agree (at 20 %); a mixture of all in doubt, and once
    /// they contradict (at 5 %).
    #[default]
    PoolIfAgree,
    /// Always a mixture in equal shares: never narrower than its parts.
    Mixture,
    /// The first stands, the others are shown beside it.
    First,
}

/// The outcome of a combination.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Combined {
    /// The rule.
    pub rule: CombineRule,
    /// Cochran's Q in logarithms: Σ (ln mᵢ − ln m̄)²/sᵢ².
    pub disagreement: f64,
    /// Probability of so much disagreement by chance.
    pub probability: f64,
    /// Whether they do not contradict at 5 %.
    pub agree: bool,
    /// Weight of each, in their order.
    pub weights: Vec<f64>,
    /// Quantiles at 5, 10, … 95 per cent.
    pub quantiles: Vec<f64>,
    /// What was done, in words.
    pub words: String,
}

/// Why estimates cannot be combined.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CombineError {
    /// Nothing to combine.
    #[error("one estimate is needed at least")]
    None,
    /// Quantiles that are none.
    #[error("{name}: 19 quantiles above zero in rising order are needed")]
    Quantiles {
        /// Whose.
        name: String,
    },
}

/// Probability of their difference from which estimates are pooled. A test cannot prove agreement: in the
/// doubt below it a mixture costs width, a pool of contradictions costs the truth.
const POOLED: f64 = 0.2;

/// Tests estimates for agreement and combines them.
///
/// Each is taken as lognormal with the width of its own 80 % interval. Estimates of one body from the
/// same measurements are not independent: give only one of them.
///
/// # Errors
/// No estimates, or quantiles that are none.
pub fn combine(estimates: &[Independent], rule: CombineRule) -> Result<Combined, CombineError> {
    if estimates.is_empty() {
        return Err(CombineError::None);
    }
    if let Some(bad) = estimates.iter().find(|e| !is_sound(&e.quantiles)) {
        return Err(CombineError::Quantiles { name: bad.name.clone() });
    }
    let centre = |e: &Independent| e.quantiles[9].ln();
    let spread =
        |e: &Independent| ((e.quantiles[17] / e.quantiles[1]).ln() / (2.0 * Z80)).max(1e-9);
    let precision: Vec<f64> = estimates.iter().map(|e| spread(e).powi(-2)).collect();
    let total: f64 = precision.iter().sum();
    let mean = estimates.iter().zip(&precision).map(|(e, w)| w * centre(e)).sum::<f64>() / total;
    let disagreement: f64 =
        estimates.iter().zip(&precision).map(|(e, w)| w * (centre(e) - mean).powi(2)).sum();
    let probability = chi_squared_above(disagreement, estimates.len() as f64 - 1.0);
    let agree = estimates.len() == 1 || probability >= 0.05;
    let even = vec![1.0 / estimates.len() as f64; estimates.len()];
    let steps = (1..20).map(|i| f64::from(i) / 20.0);
    let (weights, quantiles, words) = match rule {
        CombineRule::First => {
            let mut weights = vec![0.0; estimates.len()];
            weights[0] = 1.0;
            let words = format!("{} stands", estimates[0].name);
            (weights, estimates[0].quantiles.clone(), words)
        }
        CombineRule::PoolIfAgree if probability >= POOLED => {
            let sd = total.sqrt().recip();
            let quantiles = steps.map(|p| (mean + sd * normal_quantile(p)).exp()).collect();
            let weights = precision.iter().map(|w| w / total).collect();
            let words = "they agree and were weighed by precision, in logarithms".into();
            (weights, quantiles, words)
        }
        CombineRule::PoolIfAgree | CombineRule::Mixture => {
            let words = match agree {
                true => format!(
                    "mixed in equal shares (so much difference by chance in {:.0} % of cases)",
                    100.0 * probability
                ),
                false => format!(
                    "they contradict (so much by chance in {:.1} % of cases) and were mixed in equal \
                     shares, not averaged; find the cause",
                    100.0 * probability
                ),
            };
            (even, mixture(estimates, steps), words)
        }
    };
    Ok(Combined { rule, disagreement, probability, agree, weights, quantiles, words })
}

fn is_sound(quantiles: &[f64]) -> bool {
    quantiles.len() == 19
        && quantiles.windows(2).all(|w| w[0] <= w[1])
        && quantiles.iter().all(|q| *q > 0.0 && q.is_finite())
}

fn mixture(estimates: &[Independent], steps: impl Iterator<Item = f64>) -> Vec<f64> {
    // the law of each in logarithms between its quantiles, lognormal beyond them
    let probability = |e: &Independent, x: f64| {
        let z = |i: usize| normal_quantile((i + 1) as f64 / 20.0);
        let at = e.quantiles.partition_point(|q| *q < x).clamp(1, 18);
        let (a, b) = (e.quantiles[at - 1].ln(), e.quantiles[at].ln());
        if b <= a {
            return (at as f64 + 0.5) / 20.0;
        }
        normal_probability(z(at - 1) + (x.ln() - a) / (b - a) * (z(at) - z(at - 1)))
    };
    let all = |x: f64| estimates.iter().map(|e| probability(e, x)).sum::<f64>();
    let fold = |i: usize, start: f64, f: fn(f64, f64) -> f64| {
        estimates.iter().map(|e| e.quantiles[i]).fold(start, f)
    };
    let (least, most) = (fold(0, f64::INFINITY, f64::min), fold(18, 0.0, f64::max));
    steps
        .map(|p| {
            let (mut low, mut high) = ((0.01 * least).ln(), (100.0 * most).ln());
            for _ in 0..80 {
                let middle = 0.5 * (low + high);
                let below = all(middle.exp()) < p * estimates.len() as f64;
                if below { low = middle } else { high = middle }
            }
            (0.5 * (low + high)).exp()
        })
        .collect()
}

/// P(χ² > x) with `freedom` degrees by Wilson and Hilferty's cube; 1 without freedom.
fn chi_squared_above(x: f64, freedom: f64) -> f64 {
    if freedom < 0.5 {
        return 1.0;
    }
    if freedom < 1.5 {
        return 2.0 * normal_probability(-x.sqrt());
    }
    let ninth = 2.0 / (9.0 * freedom);
    normal_probability(-((x / freedom).cbrt() - 1.0 + ninth) / ninth.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lognormal(name: &str, median: f64, sigma: f64) -> Independent {
        let quantile = |i: i32| median * (sigma * normal_quantile(f64::from(i) / 20.0)).exp();
        Independent { name: name.into(), quantiles: (1..20).map(quantile).collect() }
    }

    /// Two lognormals of sigma 0.2 and 0.1: weights 1/5 and 4/5, sigma √(1/125).
    #[test]
    fn estimates_that_agree_are_weighed_by_precision() {
        let both = [lognormal("table", 110.0, 0.2), lognormal("holes", 100.0, 0.1)];
        let found = combine(&both, CombineRule::PoolIfAgree).unwrap();
        assert!(found.agree);
        assert!((found.weights[0] - 0.2).abs() < 1e-9);
        assert!(
            (found.quantiles[9] / (110.0_f64.powf(0.2) * 100.0_f64.powf(0.8)) - 1.0).abs() < 1e-9
        );
        let sigma = (found.quantiles[17] / found.quantiles[1]).ln() / (2.0 * Z80);
        assert!((sigma - 125.0_f64.sqrt().recip()).abs() < 1e-9);
    }

    #[test]
    fn estimates_that_contradict_are_mixed_and_cover_both() {
        let both = [lognormal("table", 200.0, 0.1), lognormal("holes", 100.0, 0.1)];
        let found = combine(&both, CombineRule::PoolIfAgree).unwrap();
        assert!(!found.agree && found.probability < 1e-4);
        assert!(found.quantiles[1] < 100.0 && found.quantiles[17] > 200.0);
        assert!(found.words.contains("contradict"));
    }

    #[test]
    fn unsound_quantiles_are_named() {
        let bad = Independent { name: "table".into(), quantiles: vec![1.0; 3] };
        assert!(combine(&[bad], CombineRule::First).unwrap_err().to_string().contains("table"));
        assert_eq!(combine(&[], CombineRule::First), Err(CombineError::None));
    }
}
