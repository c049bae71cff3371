//! Weights from people: one judgement over the groups and one inside each group, multiplied
//! down. Every stakeholder's set stays a set of its own; nothing is averaged.

pub mod ahp;
pub mod bwm;
pub mod direct;
pub mod objective;

use super::active::ActiveCriteria;
use super::criteria::CriteriaError;
use ahp::Consistency;
use direct::RankFormula;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One judgement over a handful of named things.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Judgement {
    /// Points for swinging each criterion from its worst to its best, 100 for the largest.
    Swing {
        /// Points by name.
        points: BTreeMap<String, f64>,
    },
    /// Stepwise ratios: how much less important is each thing than the one before it.
    Swara {
        /// Names, most important first.
        order: Vec<String>,
        /// Relative steps, one fewer than names; 0 means equally important.
        steps: Vec<f64>,
    },
    /// An order of importance alone.
    RankOrder {
        /// Names, most important first.
        order: Vec<String>,
        /// How places become weights.
        formula: RankFormula,
    },
    /// A pairwise comparison matrix.
    Ahp {
        /// Names of rows and columns.
        names: Vec<String>,
        /// Entry (i, j): how many times i is as important as j.
        matrix: Vec<Vec<f64>>,
    },
    /// Best and worst compared with all others, each on 1..=9.
    BestWorst {
        /// Most important thing.
        best: String,
        /// Least important thing.
        worst: String,
        /// How many times the best is as important as each thing.
        best_to_others: BTreeMap<String, f64>,
        /// How many times each thing is as important as the worst.
        others_to_worst: BTreeMap<String, f64>,
    },
}

/// Weights that follow from a judgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Elicited {
    /// Weights by name, summing to one.
    pub weights: BTreeMap<String, f64>,
    /// How consistent the judgement is, where the method can tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consistency: Option<Consistency>,
}

/// Why a judgement is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ElicitError {
    /// Lists of different lengths.
    #[error("{names} names need {needed} numbers, not {found}")]
    Length {
        /// Names given.
        names: usize,
        /// Numbers needed.
        needed: usize,
        /// Numbers found.
        found: usize,
    },
    /// A number out of range.
    #[error("{value} for {name} is out of range: {rule}")]
    Range {
        /// Who has it.
        name: String,
        /// The number.
        value: f64,
        /// What is allowed.
        rule: &'static str,
    },
    /// A name is missing, unknown or given twice.
    #[error("{name}: {problem}")]
    Name {
        /// The name.
        name: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A comparison matrix that contradicts itself.
    #[error("entry ({row}, {column}) times entry ({column}, {row}) is {product}, but must be 1")]
    NotReciprocal {
        /// Row.
        row: usize,
        /// Column.
        column: usize,
        /// Product found.
        product: f64,
    },
    /// The linear programme failed.
    #[error("best-worst weights: {0}")]
    Solver(String),
    /// Weights do not fit the criteria.
    #[error(transparent)]
    Criteria(CriteriaError),
}

impl Judgement {
    /// Weights of the things judged.
    pub fn weights(&self) -> Result<Elicited, ElicitError> {
        match self {
            Self::Swing { points } => direct::swing(points).map(unchecked),
            Self::Swara { order, steps } => {
                Ok(unchecked(named(order, direct::swara(order.len(), steps)?)?))
            }
            Self::RankOrder { order, formula } => {
                Ok(unchecked(named(order, formula.weights(order.len()))?))
            }
            Self::Ahp { names, matrix } => {
                let result = ahp::weights(matrix)?;
                Ok(Elicited {
                    weights: named(names, result.weights)?,
                    consistency: Some(result.consistency),
                })
            }
            Self::BestWorst { best, worst, best_to_others, others_to_worst } => {
                bwm::named_weights(best, worst, best_to_others, others_to_worst)
            }
        }
    }
}

/// One stakeholder's weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stakeholder {
    /// Who judged.
    pub name: String,
    /// Judgement over groups.
    pub groups: Judgement,
    /// Judgements inside groups; a group without one keeps the document's proportions.
    #[serde(default)]
    pub within: BTreeMap<String, Judgement>,
}

/// All sets of a workshop, kept apart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StakeholderDocument {
    /// The sets.
    pub stakeholders: Vec<Stakeholder>,
}

/// One stakeholder's weights on the criteria of a situation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StakeholderWeights {
    /// Who judged.
    pub name: String,
    /// Weight per criterion, in the order of the criteria.
    pub weights: Vec<f64>,
    /// Consistency of each judgement that can tell, by group; the judgement over groups is `""`.
    pub consistency: BTreeMap<String, Consistency>,
}

impl StakeholderWeights {
    /// The criteria with this stakeholder's weights, for a ranking of their own.
    pub fn criteria(&self, criteria: &ActiveCriteria) -> ActiveCriteria {
        ActiveCriteria { weights: self.weights.clone(), ..criteria.clone() }
    }
}

impl Stakeholder {
    /// Group weight × weight inside the group, rescaled over the criteria that count.
    pub fn resolve(&self, criteria: &ActiveCriteria) -> Result<StakeholderWeights, ElicitError> {
        let groups = self.groups.weights()?;
        let mut consistency = BTreeMap::new();
        if let Some(c) = groups.consistency {
            consistency.insert(String::new(), c);
        }
        let mut weights = BTreeMap::new();
        for (group, weight) in &groups.weights {
            if !criteria.groups.iter().any(|g| g.id == *group) {
                return Err(unknown(group));
            }
            let inside = match self.within.get(group) {
                Some(judgement) => {
                    let judged = judgement.weights()?;
                    if let Some(c) = judged.consistency {
                        consistency.insert(group.clone(), c);
                    }
                    judged.weights
                }
                None => proportions(criteria, group),
            };
            spread(criteria, &inside, *weight, &mut weights)?;
        }
        let resolved = criteria.with_weights(&weights).map_err(ElicitError::Criteria)?;
        Ok(StakeholderWeights { name: self.name.clone(), weights: resolved.weights, consistency })
    }
}

/// Shares a group's weight among its criteria that count; criteria taken out by guards leave
/// their share to the others of the group.
fn spread(
    criteria: &ActiveCriteria,
    inside: &BTreeMap<String, f64>,
    group_weight: f64,
    weights: &mut BTreeMap<String, f64>,
) -> Result<(), ElicitError> {
    let guarded = |id: &String| criteria.guards.iter().any(|g| g.drop.contains(id));
    let counting: Vec<(&String, f64)> =
        inside.iter().filter(|(id, _)| !guarded(id)).map(|(id, w)| (id, *w)).collect();
    let total: f64 = counting.iter().map(|c| c.1).sum();
    for (id, share) in counting {
        if criteria.position(id).is_none() {
            return Err(unknown(id));
        }
        if total > 0.0 {
            weights.insert(id.clone(), group_weight * share / total);
        }
    }
    Ok(())
}

fn proportions(criteria: &ActiveCriteria, group: &str) -> BTreeMap<String, f64> {
    let members = criteria.criteria.iter().zip(&criteria.weights).filter(|(c, _)| c.group == group);
    members.map(|(c, w)| (c.id.clone(), *w)).collect()
}

fn unknown(name: &str) -> ElicitError {
    ElicitError::Name { name: name.into(), problem: "is not a group or criterion" }
}

fn unchecked(weights: BTreeMap<String, f64>) -> Elicited {
    Elicited { weights, consistency: None }
}

fn named(names: &[String], weights: Vec<f64>) -> Result<BTreeMap<String, f64>, ElicitError> {
    if names.len() != weights.len() {
        let needed = weights.len();
        return Err(ElicitError::Length { names: names.len(), needed, found: names.len() });
    }
    let mut map = BTreeMap::new();
    for (name, weight) in names.iter().zip(weights) {
        if map.insert(name.clone(), weight).is_some() {
            return Err(ElicitError::Name { name: name.clone(), problem: "is named twice" });
        }
    }
    Ok(map)
}
