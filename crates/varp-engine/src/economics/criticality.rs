//! Criticality of what a body is worth: Σ share of value × supply risk × economic importance.

use crate::rank::criteria::Status;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The European assessment of 2023 as shipped; every row unverified.
pub const EU_2023: &str = include_str!("../../reference/criticality_eu_2023.csv");

/// Assessment of one material.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Material.
    pub material: String,
    /// Supply risk.
    pub supply_risk: f64,
    /// Economic importance.
    pub economic_importance: f64,
    /// Source of the row.
    pub source: String,
    /// Whether the row was checked against it.
    pub status: Status,
}

/// Criticality of a body's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueCriticality {
    /// Σ share × risk × importance.
    pub index: f64,
    /// Share of the value whose materials are assessed.
    pub coverage: f64,
    /// Materials whose rows are unverified.
    pub unverified: Vec<String>,
}

/// Reads an assessment: material, supply_risk, economic_importance, source, status.
pub fn parse_assessments(text: &str) -> Result<BTreeMap<String, Assessment>, csv::Error> {
    csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes())
        .into_deserialize()
        .map(|row| row.map(|a: Assessment| (a.material.clone(), a)))
        .collect()
}

/// Index of values by material (any one currency, from zero up); 0 without value.
pub fn value_criticality(
    values: &BTreeMap<String, f64>,
    assessments: &BTreeMap<String, Assessment>,
) -> ValueCriticality {
    let total: f64 = values.values().sum();
    let mut result = ValueCriticality { index: 0.0, coverage: 0.0, unverified: Vec::new() };
    for (material, value) in values.iter().filter(|_| total > 0.0) {
        if let Some(a) = assessments.get(material) {
            result.index += value / total * a.supply_risk * a.economic_importance;
            result.coverage += value / total;
            if a.status == Status::Unverified {
                result.unverified.push(material.clone());
            }
        }
    }
    result
}
