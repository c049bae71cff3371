//! Numbers that sum up a validation.

/// Summary of estimates against observations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistics {
    /// Number of pairs.
    pub count: usize,
    /// Mean of observed − estimate; 0 is unbiased.
    pub mean_error: f64,
    /// Mean of |observed − estimate|.
    pub mean_absolute_error: f64,
    /// Root of the mean squared error.
    pub root_mean_squared_error: f64,
    /// Mean of (observed − estimate)/σ; 0 is unbiased.
    pub mean_standardised: f64,
    /// Mean of ((observed − estimate)/σ)²; 1 says the variances are right.
    pub mean_squared_standardised: f64,
    /// Pearson's correlation of observed and estimate.
    pub correlation: f64,
    /// Slope of the regression of observed on estimate; 1 is free of conditional bias.
    pub slope: f64,
    /// Intercept of that regression.
    pub intercept: f64,
    /// Share of observations within ±1.645 σ of the estimate; 0.9 for right Gaussian variances.
    pub within_90: f64,
}

/// Statistics of three columns of equal length; `None` without a row.
pub fn statistics(observed: &[f64], estimate: &[f64], variance: &[f64]) -> Option<Statistics> {
    let count = observed.len();
    if count == 0 || estimate.len() != count || variance.len() != count {
        return None;
    }
    let n = count as f64;
    let error = |i: usize| observed[i] - estimate[i];
    let standardised = |i: usize| error(i) / variance[i].sqrt();
    let mean = |f: &dyn Fn(usize) -> f64| (0..count).map(f).sum::<f64>() / n;
    let (z, e) = (mean(&|i| observed[i]), mean(&|i| estimate[i]));
    let cross = mean(&|i| (observed[i] - z) * (estimate[i] - e));
    let of_estimate = mean(&|i| (estimate[i] - e).powi(2));
    let of_observed = mean(&|i| (observed[i] - z).powi(2));
    let slope = cross / of_estimate;
    Some(Statistics {
        count,
        mean_error: mean(&error),
        mean_absolute_error: mean(&|i| error(i).abs()),
        root_mean_squared_error: mean(&|i| error(i).powi(2)).sqrt(),
        mean_standardised: mean(&standardised),
        mean_squared_standardised: mean(&|i| standardised(i).powi(2)),
        correlation: cross / (of_estimate * of_observed).sqrt(),
        slope,
        intercept: z - slope * e,
        within_90: mean(&|i| f64::from(u8::from(standardised(i).abs() <= 1.644_853_626_951_472_2))),
    })
}
