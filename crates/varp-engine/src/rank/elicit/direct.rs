//! Swing, stepwise ratio (SWARA) and rank-order weights.

use super::ElicitError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How places in an order become weights; k = 1..=n, most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RankFormula {
    /// w_k = (1/n) Σ_{i≥k} 1/i: the mean of all weights with this order (Barron 1992).
    Centroid,
    /// w_k = 2(n+1−k) / (n(n+1)) (Stillwell and others 1981).
    Sum,
    /// w_k ∝ 1/k (Stillwell and others 1981).
    Reciprocal,
}

impl RankFormula {
    /// Weights of `n` places.
    pub fn weights(self, n: usize) -> Vec<f64> {
        let places = 1..=n;
        match self {
            Self::Centroid => {
                places.map(|k| (k..=n).map(|i| 1.0 / i as f64).sum::<f64>() / n as f64).collect()
            }
            Self::Sum => {
                let total = (n * (n + 1)) as f64;
                places.map(|k| 2.0 * (n + 1 - k) as f64 / total).collect()
            }
            Self::Reciprocal => {
                let total: f64 = (1..=n).map(|k| 1.0 / k as f64).sum();
                places.map(|k| 1.0 / k as f64 / total).collect()
            }
        }
    }
}

/// Swing weights: points divided by their sum.
pub fn swing(points: &BTreeMap<String, f64>) -> Result<BTreeMap<String, f64>, ElicitError> {
    for (name, &value) in points {
        if !(value >= 0.0 && value.is_finite()) {
            let rule = "points are numbers from zero up";
            return Err(ElicitError::Range { name: name.clone(), value, rule });
        }
    }
    let total: f64 = points.values().sum();
    if total <= 0.0 {
        let rule = "at least one thing needs points above zero";
        return Err(ElicitError::Range { name: "all".into(), value: total, rule });
    }
    Ok(points.iter().map(|(name, value)| (name.clone(), value / total)).collect())
}

/// SWARA weights of `n` ordered things from n − 1 steps s_j ≥ 0.
///
/// q_1 = 1, q_j = q_{j−1} / (1 + s_j), w_j = q_j / Σ q (Keršulienė, Zavadskas, Turskis 2010).
pub fn swara(n: usize, steps: &[f64]) -> Result<Vec<f64>, ElicitError> {
    if steps.len() + 1 != n {
        return Err(ElicitError::Length {
            names: n,
            needed: n.saturating_sub(1),
            found: steps.len(),
        });
    }
    if let Some(k) = steps.iter().position(|s| !(*s >= 0.0 && s.is_finite())) {
        let rule = "steps are numbers from zero up";
        return Err(ElicitError::Range { name: format!("step {}", k + 1), value: steps[k], rule });
    }
    let mut q = vec![1.0];
    for (k, step) in steps.iter().enumerate() {
        q.push(q[k] / (1.0 + step));
    }
    let total: f64 = q.iter().sum();
    Ok(q.into_iter().map(|v| v / total).collect())
}
