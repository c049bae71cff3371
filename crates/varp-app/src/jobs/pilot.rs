//! The sheet of a pilot for one body of the register.

use varp_engine::circularity::scenario::WaysDocument;
use varp_engine::classify::RuleSet;
use varp_engine::pilot::cost::CostLine;
use varp_engine::pilot::request::Wishes;
use varp_engine::pilot::sheet::{Means, Sheet, SheetError, sheet};
use varp_engine::profile::Knowledge;
use varp_model::{BodyId, References, Visibility};
use varp_store::{Store, StoreError};

use super::evaluate::dossier;
use super::records::body_record;

/// Documents that decide a sheet.
#[derive(Clone, Debug)]
pub struct PilotDocuments {
    /// Unit costs.
    pub costs: Vec<CostLine>,
    /// Ways to treat a body.
    pub ways: WaysDocument,
    /// What the user says of the study.
    pub wishes: Wishes,
}

/// Why there is no sheet.
#[derive(Debug, thiserror::Error)]
pub enum PilotError {
    /// The register.
    #[error("reading the register: {0}")]
    Store(#[source] StoreError),
    /// No such body for this reader.
    #[error("there is no body {0}")]
    NoBody(BodyId),
    /// The study.
    #[error(transparent)]
    Sheet(SheetError),
}

/// Draws up the sheet of one body from what `audience` may know of it.
///
/// # Errors
/// If the register cannot be read, the body is not there, or no study can be planned.
pub fn pilot(
    store: &dyn Store,
    id: BodyId,
    documents: &PilotDocuments,
    references: &References,
    audience: Visibility,
) -> Result<Sheet, PilotError> {
    let record = body_record(store, id, references, audience).map_err(PilotError::Store)?;
    let record = record.ok_or(PilotError::NoBody(id))?;
    let rules = RuleSet::embedded();
    let dossier = dossier(store, id, &rules, audience).map_err(PilotError::Store)?;
    let known = Knowledge::embedded();
    let means = Means {
        known: &known,
        references,
        costs: &documents.costs,
        ways: &documents.ways,
        rules: &rules,
    };
    let dossier = dossier.unwrap_or_default();
    sheet(&record, &dossier, &means, &documents.wishes).map_err(PilotError::Sheet)
}
