//! Criteria that count in one situation.

use super::criteria::{ClassScheme, CriteriaError, Criterion, Group, Guard, Thresholds};
use super::value::Curve;
use std::collections::BTreeMap;

/// Criteria of one situation, ready for use; all lists run in the same order.
#[derive(Debug, Clone)]
pub struct ActiveCriteria {
    /// Version of the document.
    pub version: String,
    /// Criteria left after the guards.
    pub criteria: Vec<Criterion>,
    /// Their value functions.
    pub curves: Vec<Curve>,
    /// Their weights, summing to one.
    pub weights: Vec<f64>,
    /// Their outranking thresholds.
    pub thresholds: Vec<Thresholds>,
    /// All groups of the document.
    pub groups: Vec<Group>,
    /// Classes.
    pub classes: ClassScheme,
    /// Guards that fired.
    pub guards: Vec<Guard>,
}

impl ActiveCriteria {
    /// Place of a criterion.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.criteria.iter().position(|c| c.id == id)
    }

    /// Weight of each group that still has criteria.
    pub fn group_weights(&self) -> BTreeMap<String, f64> {
        let mut sums = BTreeMap::new();
        for (criterion, weight) in self.criteria.iter().zip(&self.weights) {
            *sums.entry(criterion.group.clone()).or_insert(0.0) += weight;
        }
        sums
    }

    /// The same criteria with other weights (one per criterion, from zero up, rescaled to one).
    pub fn with_weights(&self, weights: &BTreeMap<String, f64>) -> Result<Self, CriteriaError> {
        for id in weights.keys() {
            if self.position(id).is_none() && !self.guards.iter().any(|g| g.drop.contains(id)) {
                return Err(CriteriaError::Unknown { user: "the weights".into(), id: id.clone() });
            }
        }
        let raw: Vec<f64> =
            self.criteria.iter().map(|c| weights.get(&c.id).copied().unwrap_or(0.0)).collect();
        if let Some(k) = raw.iter().position(|w| !(*w >= 0.0 && w.is_finite())) {
            return Err(CriteriaError::Weight {
                criterion: self.criteria[k].id.clone(),
                weight: raw[k],
            });
        }
        let total: f64 = raw.iter().sum();
        if total <= 0.0 {
            return Err(CriteriaError::NothingLeft);
        }
        Ok(Self { weights: raw.iter().map(|w| w / total).collect(), ..self.clone() })
    }
}
