//! A field instrument against a laboratory: four lines, concordance, class of data.

use super::quantile;
use serde::{Deserialize, Serialize};

/// A straight line y = intercept + slope·x.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Slope.
    pub slope: f64,
    /// Intercept.
    pub intercept: f64,
}

/// Pairs (x, y) compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Pairs.
    pub pairs: usize,
    /// Pearson's r.
    pub correlation: f64,
    /// Least squares: to predict y from x.
    pub least_squares: Line,
    /// Standard deviation of its residuals, n − 2 degrees of freedom; enters the error budget of
    /// every value predicted.
    pub residual_deviation: f64,
    /// Reduced major axis: to compare two methods.
    pub reduced_major_axis: Line,
    /// Deming's line with the given ratio of error variances.
    pub deming: Line,
    /// Median of all slopes (Theil–Sen): little moved by outliers.
    pub theil_sen: Line,
    /// Lin's concordance correlation: 1 when the values are the same.
    pub concordance: f64,
}

/// What calibrated field data may be used for (after US EPA method 6200; limits unverified).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataClass {
    /// Only whether more or less.
    Qualitative,
    /// r² ≥ 0.70 and precision below 20 %.
    Screening,
    /// r² ≥ 0.85, precision at most 10 % and slope within 0.9..=1.1.
    Definitive,
}

/// The pairs do not determine a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CalibrationError {
    /// Fewer than three pairs.
    #[error("{0} pairs, but a calibration needs at least three")]
    TooFew(usize),
    /// One list is constant, or has values that are not numbers.
    #[error("one of the two lists is constant or has values that are not numbers")]
    Degenerate,
}

impl Calibration {
    /// Lines through pairs (x, y).
    ///
    /// `error_ratio`: variance of the errors of y over that of x, for Deming's line (1 when both
    /// methods are equally precise). For errors that grow with the value pass logarithms.
    pub fn of(pairs: &[(f64, f64)], error_ratio: f64) -> Result<Self, CalibrationError> {
        let n = pairs.len();
        if n < 3 {
            return Err(CalibrationError::TooFew(n));
        }
        let count = n as f64;
        let mx = pairs.iter().map(|p| p.0).sum::<f64>() / count;
        let my = pairs.iter().map(|p| p.1).sum::<f64>() / count;
        let moment = |f: &dyn Fn(f64, f64) -> f64| {
            pairs.iter().map(|p| f(p.0 - mx, p.1 - my)).sum::<f64>() / (count - 1.0)
        };
        let (vx, vy, c) = (moment(&|x, _| x * x), moment(&|_, y| y * y), moment(&|x, y| x * y));
        if !(vx > 0.0 && vy > 0.0 && (vx + vy).is_finite() && c != 0.0) {
            return Err(CalibrationError::Degenerate);
        }
        let through = |slope: f64| Line { slope, intercept: my - slope * mx };
        let least_squares = through(c / vx);
        let residuals: f64 = pairs
            .iter()
            .map(|(x, y)| (y - least_squares.intercept - least_squares.slope * x).powi(2))
            .sum();
        let d = vy - error_ratio * vx;
        let deming = (d + (d * d + 4.0 * error_ratio * c * c).sqrt()) / (2.0 * c);
        Ok(Self {
            pairs: n,
            correlation: c / (vx * vy).sqrt(),
            least_squares,
            residual_deviation: (residuals / (count - 2.0)).sqrt(),
            reduced_major_axis: through((vy / vx).sqrt().copysign(c)),
            deming: through(deming),
            theil_sen: theil_sen(pairs),
            concordance: 2.0 * c / (vx + vy + (mx - my) * (mx - my)),
        })
    }

    /// Class of the data, given the relative precision of the instrument in percent.
    pub fn data_class(&self, precision: f64) -> DataClass {
        let r2 = self.correlation * self.correlation;
        if r2 >= 0.85 && precision <= 10.0 && (0.9..=1.1).contains(&self.least_squares.slope) {
            DataClass::Definitive
        } else if r2 >= 0.70 && precision < 20.0 {
            DataClass::Screening
        } else {
            DataClass::Qualitative
        }
    }
}

fn theil_sen(pairs: &[(f64, f64)]) -> Line {
    let mut slopes = Vec::new();
    for (i, a) in pairs.iter().enumerate() {
        for b in &pairs[i + 1..] {
            if a.0 != b.0 {
                slopes.push((b.1 - a.1) / (b.0 - a.0));
            }
        }
    }
    let slope = quantile(&slopes, 0.5);
    let rests: Vec<f64> = pairs.iter().map(|(x, y)| y - slope * x).collect();
    Line { slope, intercept: quantile(&rests, 0.5) }
}
