//! The desk for operators' studies in the register: every state of a case is kept, the newest counts.

use std::collections::BTreeMap;

use varp_engine::duty::{Duties, Received};
use varp_model::{BodyId, ReferenceVersion, RestsOn, ResultKind, StoredResult, Visibility};
use varp_store::{Store, StoreError};

/// Why cases cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The register cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A case names a body that is not there.
    #[error(
        "case {case}: \"{body}\" is no body of this register\n  hint: the id of a body, as varp export \
         writes it, or nothing where the facility is not in the register"
    )]
    NoBody {
        /// The case.
        case: String,
        /// What stands for the body.
        body: String,
    },
}

/// A kept state of a case.
struct Kept {
    case: Received,
    result: StoredResult,
}

/// All states of all cases, newest first.
fn all_states(store: &dyn Store, audience: Visibility) -> Result<Vec<Kept>, StoreError> {
    let read = |record: varp_model::ResultRecord| {
        let result = record.result;
        let case = serde_json::from_str(&result.document).map_err(|e| {
            let id = result.id();
            StoreError::Refused(format!("the case in result {id} cannot be read: {e}"))
        })?;
        Ok(Kept { case, result })
    };
    store.results_of(None, ResultKind::Case, audience)?.into_iter().map(read).collect()
}

/// The newest state of each case that `audience` may see, by number.
///
/// # Errors
/// If the register cannot be read.
pub fn desk_cases(store: &dyn Store, audience: Visibility) -> Result<Vec<Received>, StoreError> {
    let mut newest: BTreeMap<String, Received> = BTreeMap::new();
    for kept in all_states(store, audience)? {
        newest.entry(kept.case.case.clone()).or_insert(kept.case);
    }
    Ok(newest.into_values().collect())
}

/// Keeps cases in the register; one that stands there as it is is left alone. Returns how many are new or
/// changed. Earlier states of a changed case are for nobody but the keeper of the register.
///
/// # Errors
/// If a case names a body that is not there, or the register cannot be read or written; then nothing is kept.
pub fn keep_cases(
    store: &dyn Store,
    cases: &[Received],
    duties: &Duties,
    actor: &str,
) -> Result<usize, DeskError> {
    let states = all_states(store, Visibility::Private)?;
    let mut results = Vec::new();
    let mut changed = 0;
    for case in cases {
        let own: Vec<&Kept> = states.iter().filter(|kept| kept.case.case == case.case).collect();
        if own.first().is_some_and(|newest| newest.case == *case) {
            continue;
        }
        changed += 1;
        let rests_on = body_of(store, case)?;
        for earlier in &own {
            let result = earlier.result.clone();
            results.push(StoredResult { visibility: Visibility::Private, ..result });
        }
        results.push(state(case, own.len() + 1, rests_on, duties));
    }
    store.add_results(&results, actor, "cases of the desk")?;
    Ok(changed)
}

fn body_of(store: &dyn Store, case: &Received) -> Result<Vec<RestsOn>, DeskError> {
    if case.body.is_empty() {
        return Ok(Vec::new());
    }
    let none = || DeskError::NoBody { case: case.case.clone(), body: case.body.clone() };
    let id: BodyId = case.body.parse().map_err(|_| none())?;
    store.body(id, Visibility::Private)?.ok_or_else(none)?;
    Ok(vec![RestsOn::Body(id)])
}

fn state(case: &Received, number: usize, rests_on: Vec<RestsOn>, duties: &Duties) -> StoredResult {
    StoredResult {
        kind: ResultKind::Case,
        subject: None,
        // numbered, so that a case that goes back to what it was is another state
        plan: format!("case = {:?}\nstate = {number}\n", case.case),
        inputs: String::new(),
        seed: 0,
        versions: vec![ReferenceVersion {
            name: "duties.toml".into(),
            version: duties.version.clone(),
        }],
        document: serde_json::to_string(case).expect("a case becomes JSON"),
        visibility: case.visibility,
        rests_on,
    }
}
