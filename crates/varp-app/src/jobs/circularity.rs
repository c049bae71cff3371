//! What may become of a body of the register.

use varp_engine::circularity::report::{Circularity, circularity as of_profile};
use varp_engine::circularity::scenario::{ScenarioError, WaysDocument};
use varp_engine::profile::{Knowledge, Profile};
use varp_model::{BodyId, References, Visibility};
use varp_store::{Store, StoreError};

use super::records::body_record;

/// Why there are no scenarios.
#[derive(Debug, thiserror::Error)]
pub enum CircularityError {
    /// The register.
    #[error("reading the register: {0}")]
    Store(#[source] StoreError),
    /// No such body for this reader.
    #[error("there is no body {0}")]
    NoBody(BodyId),
    /// The body.
    #[error(transparent)]
    Scenario(ScenarioError),
}

/// Draws up the scenarios of one body from what `audience` may know of it.
///
/// # Errors
/// If the register cannot be read, the body is not there, or its mass or grades are not known.
pub fn circularity(
    store: &dyn Store,
    id: BodyId,
    ways: &WaysDocument,
    references: &References,
    audience: Visibility,
) -> Result<Circularity, CircularityError> {
    let record = body_record(store, id, references, audience).map_err(CircularityError::Store)?;
    let record = record.ok_or(CircularityError::NoBody(id))?;
    let known = Knowledge::embedded();
    let profile = Profile::of(&record, &known, references);
    of_profile(&profile, ways, &known).map_err(CircularityError::Scenario)
}
