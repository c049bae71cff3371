//! Indicator kriging: the probability of lying below each cut-off.

use super::samples::Samples;
use super::targets::Targets;
use super::{Kriging, Method, Search};
use crate::error::KrigingError;
use crate::model::Model;
use crate::progress::Progress;
use crate::variogram::indicator;

/// Indicator kriging of a rising list of cut-offs.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorKriging {
    /// Rising.
    pub cutoffs: Vec<f64>,
    /// The indicator's model for each cut-off; a single one serves all (median indicator kriging).
    pub models: Vec<Model>,
    /// Which samples count.
    pub search: Search,
}

/// Probabilities by cut-off and target.
#[derive(Debug, Clone, PartialEq)]
pub struct Probabilities {
    /// `below[c][target]`: probability of a value at most cut-off `c`, within 0 to 1 and not
    /// falling from one cut-off to the next; NaN where there is no estimate.
    pub below: Vec<Vec<f64>>,
    /// As kriged, before the correction.
    pub raw: Vec<Vec<f64>>,
    /// Kriging variance of each indicator.
    pub variance: Vec<Vec<f64>>,
}

impl IndicatorKriging {
    /// Ordinary kriging of every indicator, then the correction of order relations: the mean of
    /// the upward and the downward running extreme. Source: Deutsch & Journel 1998, IV.1.9.
    pub fn predict(
        &self,
        samples: &Samples<'_>,
        targets: &Targets<'_>,
        progress: &Progress<'_>,
    ) -> Result<Probabilities, KrigingError> {
        let (cutoffs, models) = (self.cutoffs.len(), self.models.len());
        if models != 1 && models != cutoffs {
            return Err(KrigingError::Variables { model: models, samples: cutoffs });
        }
        let fallen = self.cutoffs.windows(2).find(|w| w[1].is_nan() || w[1] <= w[0]);
        if let Some(&[low, value]) = fallen {
            return Err(KrigingError::Parameter {
                parameter: "cut-off",
                value,
                low,
                high: f64::MAX,
            });
        }
        let mut raw = Vec::with_capacity(cutoffs);
        let mut variance = Vec::with_capacity(cutoffs);
        for (c, cutoff) in self.cutoffs.iter().enumerate() {
            progress.step(c, cutoffs)?;
            let values = indicator(samples.values, *cutoff);
            let model = self.models[if models == 1 { 0 } else { c }].clone();
            let kriging = Kriging { model, method: Method::Ordinary, search: self.search.clone() };
            let fitted = kriging.fit(&Samples { values: &values, ..*samples })?;
            let out = fitted.predict(targets, &Progress::none())?;
            raw.push(out.estimate);
            variance.push(out.variance);
        }
        progress.step(cutoffs, cutoffs)?;
        Ok(Probabilities { below: ordered(&raw), raw, variance })
    }
}

/// Probabilities within 0 to 1 that do not fall.
fn ordered(raw: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut below = raw.to_vec();
    for target in 0..raw.first().map_or(0, Vec::len) {
        let clamped: Vec<f64> = raw.iter().map(|c| c[target].clamp(0.0, 1.0)).collect();
        let mut highest = 0.0f64;
        let up: Vec<f64> = clamped
            .iter()
            .map(|p| {
                highest = if p.is_nan() { f64::NAN } else { highest.max(*p) };
                highest
            })
            .collect();
        let mut lowest = 1.0f64;
        for c in (0..raw.len()).rev() {
            lowest = if clamped[c].is_nan() { f64::NAN } else { lowest.min(clamped[c]) };
            below[c][target] = 0.5 * (up[c] + lowest);
        }
    }
    below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_relations_are_mended_by_the_mean_of_both_runs() {
        let raw = vec![vec![-0.1, 0.2], vec![0.5, 0.4], vec![0.3, 0.6], vec![1.2, 0.9]];
        let below = ordered(&raw);
        let first: Vec<f64> = below.iter().map(|c| c[0]).collect();
        assert_eq!(first, [0.0, 0.4, 0.4, 1.0]);
        let second: Vec<f64> = below.iter().map(|c| c[1]).collect();
        assert_eq!(second, [0.2, 0.4, 0.6, 0.9]);
    }
}
