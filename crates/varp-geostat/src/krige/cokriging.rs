//! Several variables together: full co-kriging, and collocated co-kriging of a dense secondary.

use super::samples::Samples;
use super::shared::global;
use super::system::System;
use super::targets::Targets;
use super::trend::Method;
use super::{Estimates, Search, prepare};
use crate::error::KrigingError;
use crate::model::Coregionalisation;
use crate::progress::Progress;

/// Ordinary co-kriging from all samples of all variables, which may lie at different places.
///
/// Each variable has its own unknown mean: its weights sum to one for itself and to zero for the
/// others.
#[derive(Debug, Clone, PartialEq)]
pub struct Cokriging {
    /// Covariances and cross-covariances.
    pub model: Coregionalisation,
}

/// Co-kriging that has samples.
#[derive(Debug, Clone)]
pub struct FittedCokriging {
    system: System,
}

/// Estimates of all variables and the covariances of their errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Coestimates {
    /// One for each variable; the slope stands for the first only.
    pub variables: Vec<Estimates>,
    /// Covariance of the errors of variables `i > j` in column `i·(i − 1)/2 + j`.
    pub covariances: Vec<Vec<f64>>,
}

impl Cokriging {
    /// Checks the samples, one set for each variable of the model.
    pub fn fit(&self, samples: &[Samples<'_>]) -> Result<FittedCokriging, KrigingError> {
        if samples.iter().any(|s| !s.external.is_empty()) {
            return Err(KrigingError::Length {
                column: "list of external drifts",
                found: samples.iter().map(|s| s.external.len()).max().unwrap_or(0),
                expected: 0,
                rows: "in the trend",
            });
        }
        let system = prepare(&self.model, &Method::Ordinary, &Search::Global, samples)?;
        Ok(FittedCokriging { system })
    }
}

impl FittedCokriging {
    /// Estimates of every variable at the targets.
    pub fn predict(
        &self,
        targets: &Targets<'_>,
        progress: &Progress<'_>,
    ) -> Result<Coestimates, KrigingError> {
        targets.check(0)?;
        let (n, variables) = (targets.len(), self.system.sets.len());
        let mut estimates = vec![Estimates::with_len(n); variables];
        let mut covariances = vec![vec![f64::NAN; n]; variables * (variables - 1) / 2];
        global(&self.system, targets, progress, &mut |id, rows, packed| {
            for (i, row) in rows.iter().enumerate() {
                estimates[i].set(id, row);
                for j in 0..i {
                    covariances[i * (i - 1) / 2 + j][id] = packed[i * (i + 1) / 2 + j];
                }
            }
        })?;
        Ok(Coestimates { variables: estimates, covariances })
    }
}

/// A secondary variable that is known at every target, and how it goes with the primary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Secondary {
    /// Correlation with the primary at the same place, within −1 to 1.
    pub correlation: f64,
    /// Mean and standard deviation of the primary: those of the simple kriging.
    pub primary: (f64, f64),
    /// Mean and standard deviation of the secondary.
    pub secondary: (f64, f64),
}

/// Collocated simple co-kriging under the Markov model: updates simple kriging of the primary by
/// the secondary's value at each target.
///
/// In standard units with simple kriging (z, s²), correlation r and secondary y:
/// `z* = z + r s² (y − r z)/(1 − r² + r² s²)`, `σ² = s² (1 − r²)/(1 − r² + r² s²)`.
/// The model: `C_zy(h) = r·C_z(h)`. Source: Almeida & Journel 1994 (Markov model 1).
pub fn collocated(
    simple: &Estimates,
    secondary: &[f64],
    relation: &Secondary,
) -> Result<Estimates, KrigingError> {
    let Secondary { correlation: r, primary, secondary: (mean, deviation) } = *relation;
    if !(-1.0..=1.0).contains(&r) {
        let parameter = "correlation";
        return Err(KrigingError::Parameter { parameter, value: r, low: -1.0, high: 1.0 });
    }
    for value in [primary.1, deviation] {
        if !(value.is_finite() && value > 0.0) {
            let parameter = "standard deviation";
            return Err(KrigingError::Parameter { parameter, value, low: 0.0, high: f64::MAX });
        }
    }
    if secondary.len() != simple.len() {
        let (found, expected) = (secondary.len(), simple.len());
        return Err(KrigingError::Length { column: "secondary", found, expected, rows: "targets" });
    }
    super::samples::check_finite("secondary", secondary.iter().copied())?;
    let mut out = simple.clone();
    for i in 0..out.len() {
        let z = (simple.estimate[i] - primary.0) / primary.1;
        let s2 = simple.variance[i] / (primary.1 * primary.1);
        let y = (secondary[i] - mean) / deviation;
        let total = 1.0 - r * r + r * r * s2;
        // Nothing is left to learn where the primary is known and the two are one.
        let (gain, left) =
            if total > 0.0 { (r * s2 / total, (1.0 - r * r) / total) } else { (0.0, 0.0) };
        out.estimate[i] = primary.0 + primary.1 * (z + gain * (y - r * z));
        out.variance[i] = simple.variance[i] * left;
        out.efficiency[i] = 1.0 - out.variance[i] / (primary.1 * primary.1);
        out.slope[i] = 1.0;
    }
    Ok(out)
}
