//! The stages of Art. 27(6)-(7) as people closed them: signed, dated, with a reason.

use std::collections::HashMap;

use varp_engine::duty::{Duties, Stage, StageError, StageRecord, advance};
use varp_engine::review::Finding;
use varp_model::{BodyId, ReferenceVersion, ResultKind, ResultRecord, StoredResult, Visibility};
use varp_store::{Store, StoreError};

use super::review::searched;

/// Why a stage cannot be closed or taken back.
#[derive(Debug, thiserror::Error)]
pub enum StagesError {
    /// The register cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The step may not follow.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// There is no such body.
    #[error("there is no body {0}")]
    NoBody(BodyId),
    /// No stage that was closed here is there to take back.
    #[error("no stage of it was closed with varp duty stage")]
    NothingClosed,
}

/// The stages of a body that are closed, in their order, as far as `audience` may know. A form of document
/// review that says so closes the first.
///
/// # Errors
/// If the register cannot be read.
pub fn stages_of(
    store: &dyn Store,
    body: BodyId,
    audience: Visibility,
) -> Result<Vec<StageRecord>, StoreError> {
    let mut history = signed(store, body, audience)?.0;
    if history.is_empty() {
        history.extend(reviewed(store, body, audience)?);
    }
    Ok(history)
}

/// The newest history and how many there were.
fn signed(
    store: &dyn Store,
    body: BodyId,
    audience: Visibility,
) -> Result<(Vec<StageRecord>, usize), StoreError> {
    let records = store.results_of(Some(body), ResultKind::Stage, audience)?;
    let Some(newest) = records.first() else { return Ok((Vec::new(), 0)) };
    Ok((history(newest)?, records.len()))
}

fn history(newest: &ResultRecord) -> Result<Vec<StageRecord>, StoreError> {
    serde_json::from_str(&newest.result.document).map_err(|e| {
        let id = newest.result.id();
        StoreError::Refused(format!("the stages in result {id} cannot be read: {e}"))
    })
}

/// The stages that people signed of all bodies, as [`stages_of`] has them but for those of document reviews.
///
/// # Errors
/// If the register cannot be read.
pub fn signed_stages(
    store: &dyn Store,
    audience: Visibility,
) -> Result<HashMap<BodyId, Vec<StageRecord>>, StoreError> {
    let mut all = HashMap::new();
    for newest in store.latest_results(ResultKind::Stage, audience)? {
        let Some(body) = newest.result.subject else { continue };
        all.insert(body, history(&newest)?);
    }
    Ok(all)
}

/// The stage that the document review of a body closed.
fn reviewed(
    store: &dyn Store,
    body: BodyId,
    audience: Visibility,
) -> Result<Option<StageRecord>, StoreError> {
    let Some(searched) = searched(store, body, audience)? else { return Ok(None) };
    let closed = searched.statements.into_iter().find_map(|statement| {
        let Finding::Closed { signed, because } = statement.finding else { return None };
        let closed = statement.date.as_deref()?.parse().ok()?;
        let evidence = vec![format!("document review, {}", statement.document)];
        let stage = Stage::Documented;
        Some(StageRecord { stage, closed, signed, reason: because, exit: None, evidence })
    });
    Ok(closed)
}

/// Closes the next stage of a body for good.
///
/// # Errors
/// If there is no such body, or the stage may not be closed.
pub fn close_stage(
    store: &dyn Store,
    body: BodyId,
    next: StageRecord,
    duties: &Duties,
) -> Result<Vec<StageRecord>, StagesError> {
    if store.body(body, Visibility::Private)?.is_none() {
        return Err(StagesError::NoBody(body));
    }
    let (actor, because) = (next.signed.clone(), next.reason.clone());
    let history = advance(&stages_of(store, body, Visibility::Private)?, next, duties)?;
    keep(store, body, &history, (&actor, &because), duties)?;
    Ok(history)
}

/// Takes the last closed stage back: the body is where it was before; the record of it stays.
///
/// # Errors
/// If no stage of it was closed here, or nobody signs.
pub fn reopen_stage(
    store: &dyn Store,
    body: BodyId,
    (signed_by, because): (&str, &str),
    duties: &Duties,
) -> Result<Vec<StageRecord>, StagesError> {
    if signed_by.trim().is_empty() || because.trim().is_empty() {
        return Err(StageError::Unsigned.into());
    }
    let mut history = signed(store, body, Visibility::Private)?.0;
    if history.pop().is_none() {
        return Err(StagesError::NothingClosed);
    }
    keep(store, body, &history, (signed_by, because), duties)?;
    Ok(history)
}

fn keep(
    store: &dyn Store,
    body: BodyId,
    history: &[StageRecord],
    (actor, because): (&str, &str),
    duties: &Duties,
) -> Result<(), StoreError> {
    // numbered, so that a stage that is closed, taken back and closed again is another step
    let number = signed(store, body, Visibility::Private)?.1 + 1;
    let result = StoredResult {
        kind: ResultKind::Stage,
        subject: Some(body),
        plan: format!("step = {number}\nsigned = {actor:?}\nbecause = {because:?}\n"),
        inputs: String::new(),
        seed: 0,
        versions: vec![ReferenceVersion {
            name: "duties.toml".into(),
            version: duties.version.clone(),
        }],
        document: serde_json::to_string(history).expect("stages become JSON"),
        visibility: Visibility::Public,
        rests_on: Vec::new(),
    };
    store.add_results(&[result], actor, because).map(|_| ())
}
