//! The stored estimates that stand, as classes and criteria read them.

use std::collections::HashMap;

use varp_model::{BodyId, ResultKind, ResultRecord, Visibility};
use varp_store::{Store, StoreError};

use super::document::Document;
use super::items::parse;

/// The estimate of a body that stands: the newest one that somebody adopted, else the newest.
#[derive(Clone, Debug)]
pub struct StandingEstimate {
    /// As it stands in the register.
    pub record: ResultRecord,
    /// What it says.
    pub document: Document,
}

/// The standing estimates of all bodies, as far as `audience` may see them. Those of older programs that
/// cannot be read are left out.
///
/// # Errors
/// If the register cannot be read.
pub fn standing_estimates(
    store: &dyn Store,
    audience: Visibility,
) -> Result<HashMap<BodyId, StandingEstimate>, StoreError> {
    read(store, None, audience)
}

/// The standing estimate of a body, as far as `audience` may see it.
///
/// # Errors
/// If the register cannot be read.
pub fn standing_estimate(
    store: &dyn Store,
    body: BodyId,
    audience: Visibility,
) -> Result<Option<StandingEstimate>, StoreError> {
    Ok(read(store, Some(body), audience)?.remove(&body))
}

fn read(
    store: &dyn Store,
    body: Option<BodyId>,
    audience: Visibility,
) -> Result<HashMap<BodyId, StandingEstimate>, StoreError> {
    let records = store.standing_results(ResultKind::Estimate, body, audience)?;
    let read = |record: ResultRecord| {
        let document = parse(&record)?;
        Some((record.result.subject?, StandingEstimate { record, document }))
    };
    Ok(records.into_iter().filter_map(read).collect())
}
