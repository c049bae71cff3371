//! The sheet of a pilot for one body of the register.

use serde::{Deserialize, Serialize};
use varp_engine::circularity::scenario::WaysDocument;
use varp_engine::classify::{Dossier, RuleSet};
use varp_engine::pilot::cost::CostLine;
use varp_engine::pilot::request::Wishes;
use varp_engine::pilot::sheet::{Means, Sheet, SheetError, sheet};
use varp_engine::profile::{BodyRecord, Knowledge};
use varp_model::{BodyId, References, ResultId, ResultKind, Visibility};
use varp_store::{Store, StoreError};

use super::evaluate::dossier;
use super::keep::{Kept, Replay, ReplayError, json, keep, kept, versions_with};
use super::records::body_record;

/// Documents that decide a sheet.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Keeping it, or computing it again.
    #[error(transparent)]
    Replay(#[from] ReplayError),
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
    let rules = RuleSet::embedded();
    let (record, dossier) = known_of(store, id, &rules, references, audience)?;
    let known = Knowledge::embedded();
    let means = Means {
        known: &known,
        references,
        costs: &documents.costs,
        ways: &documents.ways,
        rules: &rules,
    };
    sheet(&record, &dossier, &means, &documents.wishes).map_err(PilotError::Sheet)
}

fn known_of(
    store: &dyn Store,
    id: BodyId,
    rules: &RuleSet,
    references: &References,
    audience: Visibility,
) -> Result<(BodyRecord, Dossier), PilotError> {
    let record = body_record(store, id, references, audience).map_err(PilotError::Store)?;
    let record = record.ok_or(PilotError::NoBody(id))?;
    let dossier = dossier(store, id, rules, audience).map_err(PilotError::Store)?;
    Ok((record, dossier.unwrap_or_default()))
}

/// What a sheet is computed from: the profile of the body, where it lies and was sampled, its dossier.
fn inputs(
    store: &dyn Store,
    id: BodyId,
    sheet: &Sheet,
    references: &References,
) -> Result<String, PilotError> {
    let rules = RuleSet::embedded();
    let (record, dossier) = known_of(store, id, &rules, references, Visibility::Private)?;
    let places = format!("{:?}", (&record.body.footprint, record.collars(), &record.sampled));
    Ok(json(&(&sheet.profile, places, dossier))?)
}

/// Keeps the sheet of a body with all that decides it.
///
/// # Errors
/// If it cannot be written.
pub fn keep_pilot(
    store: &dyn Store,
    id: BodyId,
    documents: &PilotDocuments,
    sheet: &Sheet,
    references: &References,
    actor: &str,
) -> Result<ResultId, PilotError> {
    let kept = Kept {
        kind: ResultKind::Pilot,
        subject: Some(id),
        plan: json(documents)?,
        inputs: inputs(store, id, sheet, references)?,
        seed: documents.wishes.seed.unwrap_or(1),
        versions: versions(documents),
        document: json(sheet)?,
        actor,
    };
    keep(store, kept).map_err(PilotError::Store)
}

fn versions(documents: &PilotDocuments) -> Vec<(String, String)> {
    let rules = RuleSet::embedded().title();
    versions_with([("scenarios.toml", &documents.ways.version), ("rules", &rules)])
}

/// Computes a kept sheet again from its documents.
///
/// # Errors
/// If there is none, or what is known of its body has changed.
pub fn replay_pilot(
    store: &dyn Store,
    id: ResultId,
    references: &References,
) -> Result<Replay, PilotError> {
    let kind = ResultKind::Pilot;
    let result = kept(store, id, kind)?;
    let no_recipe = || ReplayError::NoRecipe { kind: kind.word(), id };
    let documents: PilotDocuments = serde_json::from_str(&result.plan).map_err(|_| no_recipe())?;
    let body = result.subject.ok_or_else(no_recipe)?;
    let sheet = pilot(store, body, &documents, references, Visibility::Private)?;
    Replay::same_inputs(&result, &inputs(store, body, &sheet, references)?)?;
    Ok(Replay::of(result, json(&sheet)?, &versions(&documents)))
}
