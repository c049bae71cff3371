//! How good intervals are: coverage, interval score, continuous ranked probability score.

use serde::Serialize;

/// One estimate against its truth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Method.
    pub method: &'static str,
    /// What was estimated: `mass`, `grade`, `contained`.
    pub of: &'static str,
    /// Strata that it belongs to: `4–6 holes`, `bowl`, ….
    pub strata: Vec<String>,
    /// The truth.
    pub truth: f64,
    /// Quantiles at 5, 10, … 95 per cent.
    pub quantiles: Vec<f64>,
    /// Mean of the distribution.
    pub mean: f64,
    /// Interval score at 80 % of the naive mean ± t, relative to the truth; 0 where there is none.
    pub naive_interval: f64,
    /// CRPS of the naive normal, relative to the truth.
    pub naive_crps: f64,
}

/// Interval score of Gneiting and Raftery (2007) for coverage 1 − α: width + 2/α·what the truth is
/// outside by. Small is good.
pub fn interval_score(low: f64, high: f64, truth: f64, alpha: f64) -> f64 {
    high - low + 2.0 / alpha * ((low - truth).max(0.0) + (truth - high).max(0.0))
}

/// Continuous ranked probability score from quantiles at equal steps of probability: twice the mean
/// of the quantile losses.
pub fn crps(quantiles: &[f64], truth: f64) -> f64 {
    let n = quantiles.len() as f64;
    let loss = |(i, q): (usize, &f64)| {
        let p = (i + 1) as f64 / (n + 1.0);
        if truth >= *q { p * (truth - q) } else { (1.0 - p) * (q - truth) }
    };
    2.0 * quantiles.iter().enumerate().map(loss).sum::<f64>() / (n + 1.0)
}

/// Scores of many estimates together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Estimates.
    pub count: usize,
    /// Share of truths within the 80 % interval.
    pub coverage_80: f64,
    /// Share within the 90 % interval.
    pub coverage_90: f64,
    /// Share of truths above the best value; a half is ideal for a median.
    pub above_best: f64,
    /// Median of best/truth − 1.
    pub bias_of_best: f64,
    /// Two standard errors of that bias.
    pub two_errors: f64,
    /// Mean of mean/truth over the ponds, weighed by truth: Σ mean/Σ truth − 1 with truths at one size.
    pub bias_of_mean: f64,
    /// Mean interval score at 80 %, relative to the truth.
    pub interval: f64,
    /// The same of the naive mean ± t.
    pub naive_interval: f64,
    /// Mean CRPS, relative to the truth.
    pub crps: f64,
    /// The same of the naive mean ± t.
    pub naive_crps: f64,
}

/// Sums up scores; `None` without any.
pub fn summary(scores: &[&Score]) -> Option<Summary> {
    let n = scores.len() as f64;
    if scores.is_empty() {
        return None;
    }
    let mean = |f: &dyn Fn(&Score) -> f64| scores.iter().map(|s| f(s)).sum::<f64>() / n;
    let within = |s: &Score, low: usize, high: usize| {
        f64::from(u8::from(s.quantiles[low] <= s.truth && s.truth <= s.quantiles[high]))
    };
    let mut ratios: Vec<f64> = scores.iter().map(|s| (s.quantiles[9] / s.truth).ln()).collect();
    ratios.sort_unstable_by(f64::total_cmp);
    let middle = ratios[ratios.len() / 2];
    let spread = ratios.iter().map(|r| (r - middle).powi(2)).sum::<f64>() / n;
    Some(Summary {
        count: scores.len(),
        coverage_80: mean(&|s| within(s, 1, 17)),
        coverage_90: mean(&|s| within(s, 0, 18)),
        above_best: mean(&|s| f64::from(u8::from(s.truth > s.quantiles[9]))),
        bias_of_best: middle.exp_m1(),
        // standard error of a median of normal numbers: 1.253·σ/√n
        two_errors: 2.0 * 1.253 * (spread / n).sqrt(),
        bias_of_mean: {
            // weights by the reciprocal of the truth's own size make ponds alike
            let sizes = mean(&|s| s.mean / s.quantiles[9]);
            mean(&|s| s.mean / s.quantiles[9] - s.truth / s.quantiles[9]) / sizes
        },
        interval: mean(&|s| {
            interval_score(s.quantiles[1], s.quantiles[17], s.truth, 0.2) / s.truth
        }),
        naive_interval: mean(&|s| s.naive_interval),
        crps: mean(&|s| crps(&s.quantiles, s.truth) / s.truth),
        naive_crps: mean(&|s| s.naive_crps),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::distribution::normal_quantile;

    /// CRPS of a standard normal at 0 is √(2/π) − 1/√π = 0.23370; 19 quantiles come close to it.
    #[test]
    fn the_score_of_a_normal_is_near_its_closed_form() {
        let quantiles: Vec<f64> = (1..20).map(|i| normal_quantile(f64::from(i) / 20.0)).collect();
        let found = crps(&quantiles, 0.0);
        assert!((found / 0.233_70 - 1.0).abs() < 0.03, "{found}");
    }

    #[test]
    fn an_interval_pays_for_its_width_and_for_misses() {
        assert_eq!(interval_score(1.0, 3.0, 2.0, 0.2), 2.0);
        assert_eq!(interval_score(1.0, 3.0, 4.0, 0.2), 12.0);
    }
}
