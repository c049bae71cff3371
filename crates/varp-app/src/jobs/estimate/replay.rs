//! A stored estimate computed again, and what differs between two.

use serde_json::Value;
use varp_engine::estimate::EstimationPlan;
use varp_geostat::progress::Progress;
use varp_model::{ResultId, Visibility};
use varp_store::{Store, StoreError};

use super::files::is_plan_file;
use super::{
    Evaluated, JobError, PlanFiles, evaluate, gather_in, inputs_hash, surroundings, takes_records,
};

/// What came of replaying a result.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The bytes that stand in the register.
    pub stored: String,
    /// The bytes that computing it again gave.
    pub again: String,
    /// The result computed again.
    pub evaluated: Evaluated,
    /// Reference files or program versions that are not those of then.
    pub other_versions: Vec<String>,
}

impl Replay {
    /// Whether the bytes are the same.
    pub fn is_identical(&self) -> bool {
        self.stored == self.again
    }
}

/// Why a result cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// Reading or computing failed.
    #[error(transparent)]
    Job(#[from] JobError),
    /// There is no such estimate.
    #[error("there is no estimate {0}")]
    NoResult(String),
    /// The records are not those of then.
    #[error(
        "the records of the body have changed since: the samples, outline or analogues that the plan \
         takes are not those that the result was made of (inputs {then}, now {now}); estimate anew and \
         compare with --diff"
    )]
    Changed {
        /// Hash of the records then.
        then: String,
        /// Hash of the records now.
        now: String,
    },
}

impl From<StoreError> for ReplayError {
    fn from(error: StoreError) -> Self {
        Self::Job(error.into())
    }
}

/// Computes a stored estimate again from its plan.
///
/// # Errors
/// If there is none, or the records that its plan takes have changed.
pub fn replay(store: &dyn Store, id: ResultId) -> Result<Replay, ReplayError> {
    let missing = || ReplayError::NoResult(id.to_string());
    let record = store.result(id, Visibility::Private)?.ok_or_else(missing)?;
    let result = record.result;
    let body = result.subject.ok_or_else(missing)?;
    let plan: EstimationPlan =
        toml::from_str(&result.plan).map_err(|e| JobError::Plan(e.to_string()))?;
    let around = surroundings(store, Visibility::Private)?;
    let mut gathered = gather_in(store, body, &around, (Visibility::Private, plan.epsg))?
        .ok_or_else(|| JobError::NoBody(body.to_string()))?;
    let files = PlanFiles::kept(&plan, &result.versions, store).map_err(JobError::from)?;
    gathered.take(files, &plan).map_err(JobError::from)?;
    let now = inputs_hash(&gathered, &plan);
    if takes_records(&plan) && now != result.inputs {
        return Err(ReplayError::Changed { then: result.inputs, now });
    }
    let again = evaluate(&gathered, &plan, result.plan.clone(), &Progress::none())?;
    let current = super::versions();
    let other = result.versions.iter().filter(|v| !current.contains(v) && !is_plan_file(v));
    Ok(Replay {
        stored: result.document,
        again: again.document().map_err(JobError::Document)?,
        evaluated: again,
        other_versions: other.map(|v| format!("{} {}", v.name, v.version)).collect(),
    })
}

/// A value that differs between two results.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Change {
    /// What it is.
    pub what: String,
    /// In the first: low, best, high.
    pub first: Option<[f64; 3]>,
    /// In the second.
    pub second: Option<[f64; 3]>,
    /// Change of best, relative.
    pub best_change: Option<f64>,
    /// Change of the width of the interval on the scale of logarithms, relative.
    pub width_change: Option<f64>,
}

/// What differs between two stored estimates: ranges of mass, volume, grades, contained tonnes; then
/// assumptions that only one of them makes.
///
/// # Errors
/// If one of them is not in the register.
pub fn difference(
    store: &dyn Store,
    first: ResultId,
    second: ResultId,
) -> Result<(Vec<Change>, [Vec<String>; 2]), ReplayError> {
    let read = |id: ResultId| -> Result<Value, ReplayError> {
        let record = store.result(id, Visibility::Private)?;
        let record = record.ok_or_else(|| ReplayError::NoResult(id.to_string()))?;
        let document: Value =
            serde_json::from_str(&record.result.document).map_err(JobError::Document)?;
        Ok(document["statement"].clone())
    };
    let (a, b) = (read(first)?, read(second)?);
    let (ranges_a, ranges_b) = (ranges(&a), ranges(&b));
    let mut names: Vec<&String> = ranges_a.iter().chain(&ranges_b).map(|(n, _)| n).collect();
    names.dedup();
    let mut seen = std::collections::BTreeSet::new();
    let find = |ranges: &[(String, [f64; 3])], name: &str| {
        ranges.iter().find(|(n, _)| n == name).map(|(_, r)| *r)
    };
    let changes = names
        .into_iter()
        .filter(|n| seen.insert((*n).clone()))
        .filter_map(|name| change(name, find(&ranges_a, name), find(&ranges_b, name)))
        .collect();
    let said = |v: &Value, other: &Value| -> Vec<String> {
        let list = |v: &Value| -> Vec<String> {
            let texts = v["assumptions"].as_array().into_iter().flatten();
            texts.filter_map(|t| t.as_str().map(str::to_owned)).collect()
        };
        let others = list(other);
        list(v).into_iter().filter(|t| !others.contains(t)).collect()
    };
    Ok((changes, [said(&a, &b), said(&b, &a)]))
}

fn change(what: &str, first: Option<[f64; 3]>, second: Option<[f64; 3]>) -> Option<Change> {
    if first == second {
        return None;
    }
    let both = first.zip(second);
    let width = |[low, _, high]: [f64; 3]| if low > 0.0 { (high / low).ln() } else { f64::NAN };
    let finite = |v: f64| Some(v).filter(|v| v.is_finite());
    Some(Change {
        what: what.to_owned(),
        first,
        second,
        best_change: both.and_then(|(a, b)| finite(b[1] / a[1] - 1.0)),
        width_change: both.and_then(|(a, b)| finite(width(b) / width(a) - 1.0)),
    })
}

fn ranges(statement: &Value) -> Vec<(String, [f64; 3])> {
    let range = |v: &Value| -> Option<[f64; 3]> {
        let numbers: Vec<f64> = v.as_array()?.iter().filter_map(Value::as_f64).collect();
        numbers.try_into().ok()
    };
    let mut found = Vec::new();
    for (name, field) in
        [("dry mass, t", "mass_t"), ("volume, m3", "volume_m3"), ("dry density, t/m3", "density")]
    {
        found.extend(range(&statement[field]).map(|r| (name.to_owned(), r)));
    }
    for product in statement["products"].as_array().into_iter().flatten() {
        let substance = product["substance"].as_str().unwrap_or_default();
        for (name, field) in [("grade, kg/kg", "grade"), ("contained, t", "contained_t")] {
            found.extend(range(&product[field]).map(|r| (format!("{substance} {name}"), r)));
        }
    }
    found
}
