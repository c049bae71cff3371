//! The criteria document: what is compared, how it is valued, how much it weighs, and which
//! criteria must not stand together because they count the same thing twice.

use super::active::ActiveCriteria;
use super::value::{Direction, ValueError, ValueFunction};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The criteria shipped with the program.
pub const DEFAULT: &str = include_str!("../../reference/criteria.toml");

/// Whether a row of reference data was checked against its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Read in the named source.
    Verified,
    /// Recalled, assumed or read second-hand.
    Unverified,
}

/// How far a site is known when it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// Desk study.
    L0,
    /// Surface samples.
    L1,
    /// Drilled.
    L2,
    /// Bulk tests.
    L3,
}

/// What the order is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aim {
    /// Choosing pilot studies: poor data are no fault, what a study would tell is the merit.
    Pilots,
    /// Choosing resources to develop: well-known sites come first.
    Resources,
}

/// In which situation criteria are used; decides which guards fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Situation {
    /// How far the sites are known.
    pub level: Level,
    /// What the order is wanted for.
    pub aim: Aim,
    /// Whether the screening NPV already carries a remediation credit.
    pub credit_in_npv: bool,
}

/// A group of criteria.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Short name, such as `R`.
    pub id: String,
    /// Name in words.
    pub name: String,
    /// Place in the order of importance, 1 first; groups may share a place.
    pub order: u32,
    /// What a reader must know, such as "a bad site scores high here".
    #[serde(default)]
    pub note: String,
}

/// Thresholds of outranking methods, in units of value (0..=1).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Differences up to this are no preference.
    pub indifference: f64,
    /// Differences from this on are full preference.
    pub preference: f64,
    /// A difference from this on vetoes, where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub veto: Option<f64>,
}

/// One criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Short name, such as `R1`.
    pub id: String,
    /// Group it belongs to.
    pub group: String,
    /// Name in words.
    pub name: String,
    /// Unit of x; `1` for a number, `class` for a class 0..4.
    pub unit: String,
    /// Whether more is better.
    pub direction: Direction,
    /// Value function.
    pub value: ValueFunction,
    /// Weight before guards; only proportions matter.
    pub weight: f64,
    /// Outranking thresholds; the document's default where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thresholds: Option<Thresholds>,
    /// Where its data come from.
    pub data: String,
    /// Where breakpoints and weight come from.
    pub source: String,
    /// Whether that source was checked.
    pub status: Status,
}

/// What must hold for a guard to fire; every given part must hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Vec<Level>>,
    /// Aim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aim: Option<Aim>,
    /// Whether the NPV carries a remediation credit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_in_npv: Option<bool>,
}

impl When {
    fn holds(&self, situation: &Situation) -> bool {
        self.level.as_ref().is_none_or(|levels| levels.contains(&situation.level))
            && self.aim.is_none_or(|aim| aim == situation.aim)
            && self.credit_in_npv.is_none_or(|credit| credit == situation.credit_in_npv)
    }
}

/// A rule that keeps the same benefit from being counted twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// Short name.
    pub id: String,
    /// When it fires.
    pub when: When,
    /// Criteria it takes out.
    pub drop: Vec<String>,
    /// Reason in words, shown with the result.
    pub because: String,
}

/// Ordered classes that sites are sorted into, best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassScheme {
    /// Names, best first.
    pub names: Vec<String>,
    /// Value of the boundary profile below each class but the last, descending; every criterion
    /// has the same value at one boundary.
    pub boundaries: Vec<f64>,
    /// Range of the cutting level λ.
    pub cut: (f64, f64),
}

/// A criteria document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CriteriaDocument {
    /// Version, named by every result.
    pub version: String,
    /// Title.
    pub title: String,
    /// Default outranking thresholds.
    pub thresholds: Thresholds,
    /// Classes.
    pub classes: ClassScheme,
    /// Groups.
    pub groups: Vec<Group>,
    /// Criteria.
    pub criteria: Vec<Criterion>,
    /// Guards against double counting.
    #[serde(default)]
    pub guards: Vec<Guard>,
}

/// Why a criteria document is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CriteriaError {
    /// Not a criteria document.
    #[error("not a criteria document: {0}")]
    Syntax(String),
    /// Two groups or criteria of one name.
    #[error("{id} is defined twice")]
    Twice {
        /// Name.
        id: String,
    },
    /// A name that is not defined.
    #[error("{user} names {id}, which is not defined")]
    Unknown {
        /// Who names it.
        user: String,
        /// What is named.
        id: String,
    },
    /// A value function is wrong.
    #[error("value function of {criterion}: {error}")]
    Value {
        /// Criterion.
        criterion: String,
        /// What is wrong.
        error: ValueError,
    },
    /// A weight is negative or not a number.
    #[error("weight {weight} of {criterion} must be a number from zero up")]
    Weight {
        /// Criterion.
        criterion: String,
        /// Weight.
        weight: f64,
    },
    /// Thresholds out of order.
    #[error("thresholds of {user} must satisfy 0 ≤ indifference < preference < veto")]
    Thresholds {
        /// Criterion or document.
        user: String,
    },
    /// A class scheme that does not fit together.
    #[error("classes: {0}")]
    Classes(String),
    /// Guards left nothing to compare.
    #[error("no criterion with a weight above zero is left after the guards")]
    NothingLeft,
}

impl CriteriaDocument {
    /// Reads and checks a document in TOML.
    pub fn parse(text: &str) -> Result<Self, CriteriaError> {
        let document: Self =
            toml::from_str(text).map_err(|error| CriteriaError::Syntax(error.to_string()))?;
        document.check()?;
        Ok(document)
    }

    /// Checks names, value functions, weights, thresholds and classes.
    pub fn check(&self) -> Result<(), CriteriaError> {
        let groups = unique(self.groups.iter().map(|g| &g.id))?;
        let criteria = unique(self.criteria.iter().map(|c| &c.id))?;
        check_thresholds("the document", &self.thresholds)?;
        for criterion in &self.criteria {
            known(&groups, &criterion.id, &criterion.group)?;
            criterion
                .value
                .curve(criterion.direction)
                .map_err(|error| CriteriaError::Value { criterion: criterion.id.clone(), error })?;
            if !(criterion.weight >= 0.0 && criterion.weight.is_finite()) {
                return Err(CriteriaError::Weight {
                    criterion: criterion.id.clone(),
                    weight: criterion.weight,
                });
            }
            if let Some(thresholds) = &criterion.thresholds {
                check_thresholds(&criterion.id, thresholds)?;
            }
        }
        for guard in &self.guards {
            for id in &guard.drop {
                known(&criteria, &guard.id, id)?;
            }
        }
        check_classes(&self.classes)
    }

    /// The criteria that count in one situation, with weights that sum to one.
    ///
    /// Weights of the criteria left keep their proportions: a swing weight is a trade-off between
    /// two criteria, and it does not change because a third one is taken out.
    pub fn active(&self, situation: &Situation) -> Result<ActiveCriteria, CriteriaError> {
        self.check()?;
        let fired: Vec<&Guard> = self.guards.iter().filter(|g| g.when.holds(situation)).collect();
        let dropped: BTreeSet<&String> = fired.iter().flat_map(|g| &g.drop).collect();
        let left: Vec<Criterion> =
            self.criteria.iter().filter(|c| !dropped.contains(&c.id)).cloned().collect();
        let total: f64 = left.iter().map(|c| c.weight).sum();
        if !(total > 0.0 && total.is_finite()) {
            return Err(CriteriaError::NothingLeft);
        }
        let curves = left
            .iter()
            .map(|c| {
                let wrong = |error| CriteriaError::Value { criterion: c.id.clone(), error };
                c.value.curve(c.direction).map_err(wrong)
            })
            .collect::<Result<_, _>>()?;
        Ok(ActiveCriteria {
            version: self.version.clone(),
            weights: left.iter().map(|c| c.weight / total).collect(),
            thresholds: left.iter().map(|c| c.thresholds.unwrap_or(self.thresholds)).collect(),
            groups: self.groups.clone(),
            classes: self.classes.clone(),
            guards: fired.into_iter().cloned().collect(),
            curves,
            criteria: left,
        })
    }
}

fn unique<'a>(ids: impl Iterator<Item = &'a String>) -> Result<BTreeSet<&'a str>, CriteriaError> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id.as_str()) {
            return Err(CriteriaError::Twice { id: id.clone() });
        }
    }
    Ok(seen)
}

fn known(names: &BTreeSet<&str>, user: &str, id: &str) -> Result<(), CriteriaError> {
    if names.contains(id) {
        return Ok(());
    }
    Err(CriteriaError::Unknown { user: user.into(), id: id.into() })
}

fn check_thresholds(user: &str, t: &Thresholds) -> Result<(), CriteriaError> {
    let ordered = 0.0 <= t.indifference && t.indifference < t.preference;
    if ordered && t.veto.is_none_or(|veto| veto > t.preference) {
        return Ok(());
    }
    Err(CriteriaError::Thresholds { user: user.into() })
}

fn check_classes(classes: &ClassScheme) -> Result<(), CriteriaError> {
    let wrong = |why: &str| Err(CriteriaError::Classes(why.into()));
    if classes.names.len() != classes.boundaries.len() + 1 {
        return wrong("one boundary stands between each two classes");
    }
    if classes.boundaries.iter().any(|b| !(0.0..=1.0).contains(b)) {
        return wrong("a boundary is a value from 0 to 1");
    }
    if classes.boundaries.windows(2).any(|pair| pair[0] <= pair[1]) {
        return wrong("boundaries descend from the best class to the last");
    }
    let (low, high) = classes.cut;
    if !(0.5 <= low && low <= high && high <= 1.0) {
        return wrong("the cutting level lies between 0.5 and 1");
    }
    Ok(())
}
