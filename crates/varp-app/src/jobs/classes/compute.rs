//! Computing classes from what the register knows, and keeping them.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};
use varp_engine::classify::{
    ClassRecord, Contained, Dossier, Estimated, Prepared, add_estimates, contained, dossier_from,
};
use varp_model::{
    BodyId, Claim, ReferenceVersion, References, RestsOn, ResultId, ResultKind, ResultRecord,
    StoredResult, Substance, Visibility,
};
use varp_store::{BodyItem, Query, Store, StoreError};

use super::estimates::estimated;
use super::until::Until;
use crate::jobs::estimate::{StandingEstimate, standing_estimate, standing_estimates};
use crate::jobs::told::each_told;
use crate::jobs::whole;

/// Results written at once.
const CHUNK: usize = 1000;

/// A body with its computed classes.
#[derive(Clone, Debug)]
pub struct Computed {
    /// The body.
    pub item: BodyItem,
    /// Its classes.
    pub record: ClassRecord,
    /// SHA-256 of what they were computed from.
    pub inputs: String,
    /// The records that they were computed from.
    pub rests_on: Vec<RestsOn>,
}

/// What keeping classes did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptClasses {
    /// Bodies classified.
    pub bodies: usize,
    /// Products classified.
    pub products: usize,
    /// Results that are new in the register; the others stood there already.
    pub new: u64,
}

/// Classifies one body by what `audience` may know.
///
/// # Errors
/// If the register cannot be read.
pub fn class_of_body(
    store: &dyn Store,
    id: BodyId,
    rules: &Prepared<'_>,
    references: &References,
    audience: Visibility,
) -> Result<Option<Computed>, StoreError> {
    let evidence = evidence_of(store, id, audience)?;
    Ok(evidence.map(|evidence| evidence.classified(None, rules, references)))
}

/// Classifies all bodies by what `audience` may know; `each` takes them one by one.
///
/// # Errors
/// If the register cannot be read.
pub fn classify_register(
    store: &dyn Store,
    rules: &Prepared<'_>,
    references: &References,
    audience: Visibility,
    each: impl FnMut(Computed),
) -> Result<(), StoreError> {
    let all = Query { audience, ..whole(Vec::new()) };
    classify_bodies(store, rules, references, all, each)
}

/// Classifies the bodies that a question chooses.
///
/// # Errors
/// If the register cannot be read.
pub fn classify_bodies(
    store: &dyn Store,
    rules: &Prepared<'_>,
    references: &References,
    bodies: Query,
    mut each: impl FnMut(Computed),
) -> Result<(), StoreError> {
    each_evidence(store, bodies, |evidence| {
        each(evidence.classified(None, rules, references));
        Ok(())
    })
}

/// Classifies all bodies by evidence up to each of two days, reading the register once.
///
/// # Errors
/// If the register cannot be read, and those of `each`.
pub fn classify_register_on(
    store: &dyn Store,
    rules: &Prepared<'_>,
    references: &References,
    audience: Visibility,
    days: [&Until; 2],
    mut each: impl FnMut([Computed; 2]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let all = Query { audience, ..whole(Vec::new()) };
    each_evidence(store, all, |evidence| {
        each(days.map(|day| evidence.classified(Some(day), rules, references)))
    })
}

/// All that the classes of a body are computed from.
struct Evidence {
    item: BodyItem,
    claims: Vec<Claim>,
    assays: Vec<(Substance, u64)>,
    estimate: Option<TimedEstimate>,
}

/// When an estimate was stored, and its products.
type TimedEstimate = (String, BTreeMap<String, Estimated>);

fn timed(standing: &StandingEstimate) -> TimedEstimate {
    (standing.record.time.clone(), estimated(standing))
}

fn evidence_of(
    store: &dyn Store,
    id: BodyId,
    audience: Visibility,
) -> Result<Option<Evidence>, StoreError> {
    let Some(page) = store.body(id, audience)? else { return Ok(None) };
    let mut claims = store.claims_of(&[page.site.id.0], audience)?;
    claims.extend(page.claims);
    let assays = page.determinations.iter();
    let assays = assays.map(|d| (d.determination.substance.clone(), d.results)).collect();
    let estimate = standing_estimate(store, id, audience)?.as_ref().map(timed);
    Ok(Some(Evidence { item: page.item, claims, assays, estimate }))
}

fn each_evidence(
    store: &dyn Store,
    bodies: Query,
    mut each: impl FnMut(Evidence) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let audience = bodies.audience;
    let mut estimates: HashMap<BodyId, TimedEstimate> = standing_estimates(store, audience)?
        .iter()
        .map(|(body, standing)| (*body, timed(standing)))
        .collect();
    each_told(store, bodies, |told| {
        let id = told.item.body.id;
        if told.sampled_or_zoned {
            return evidence_of(store, id, audience)?.map_or(Ok(()), &mut each);
        }
        let estimate = estimates.remove(&id);
        each(Evidence { item: told.item, claims: told.claims, assays: Vec::new(), estimate })
    })
}

impl Evidence {
    /// The classes by what was known on a day, or by all of it.
    fn classified(
        &self,
        until: Option<&Until>,
        rules: &Prepared<'_>,
        references: &References,
    ) -> Computed {
        let claims: Cow<'_, [Claim]> = match until {
            None => self.claims.as_slice().into(),
            Some(until) => self.claims.iter().filter(|c| until.admits(c)).cloned().collect(),
        };
        let stored = |time: &str| until.is_none_or(|until| until.admits_stored(time));
        let none = BTreeMap::new();
        let estimate = self.estimate.as_ref().filter(|(time, _)| stored(time));
        let estimates = estimate.map_or(&none, |(_, products)| products);
        let mut dossier = dossier_from(&claims, &self.assays, rules.rules());
        let id = self.item.body.id;
        let of_body = |c: &&Claim| c.subject.uuid() == id.0;
        let own: Vec<Claim> = claims.iter().filter(of_body).cloned().collect();
        let mut quantities = contained(&own, references);
        let used = add_estimates(&mut dossier, &mut quantities, estimates, references);
        let inputs = digest(&dossier, &quantities);
        let mut rests_on: Vec<RestsOn> = claims.iter().map(|c| RestsOn::Claim(c.id)).collect();
        if !self.assays.is_empty() {
            rests_on.push(RestsOn::Samples(id));
        }
        let results =
            used.values().filter_map(|id| Some(RestsOn::Result(ResultId(id.parse().ok()?))));
        rests_on.extend(results);
        let record = ClassRecord::compute(dossier, &quantities, &used, rules);
        Computed { item: self.item.clone(), record, inputs, rests_on }
    }
}

fn digest(dossier: &Dossier, quantities: &BTreeMap<String, Contained>) -> String {
    let text = serde_json::to_string(&(dossier, quantities)).expect("plain data become JSON");
    sha256(&text)
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Classifies all bodies and keeps the results, with the text of the rules.
///
/// The classes rest on what `audience` may know and are as open as that.
///
/// # Errors
/// If the register cannot be read or written.
pub fn keep_classes(
    store: &dyn Store,
    rules_text: &str,
    rules: &Prepared<'_>,
    references: &References,
    audience: Visibility,
    actor: &str,
) -> Result<KeptClasses, StoreError> {
    let mut kept = KeptClasses::default();
    let version = ReferenceVersion {
        name: format!("{}.toml", rules.rules().name),
        version: sha256(rules_text),
    };
    let program =
        ReferenceVersion { name: "varp".into(), version: env!("CARGO_PKG_VERSION").into() };
    let mut versions = vec![version.clone(), program];
    versions.sort();
    let mut results = Vec::new();
    classify_register(store, rules, references, audience, |computed| {
        if computed.record.products.is_empty() {
            return;
        }
        kept.bodies += 1;
        kept.products += computed.record.products.len();
        results.push(result(&computed, &versions, audience));
    })?;
    store.keep_reference(&version, rules_text, actor)?;
    for chunk in results.chunks(CHUNK) {
        kept.new += store.add_results(chunk, actor, "classified")?;
    }
    Ok(kept)
}

fn result(
    computed: &Computed,
    versions: &[ReferenceVersion],
    audience: Visibility,
) -> StoredResult {
    StoredResult {
        kind: ResultKind::Classification,
        subject: Some(computed.item.body.id),
        plan: format!("rules = \"{}\"\nevidence = \"what is {audience}\"\n", computed.record.rules),
        inputs: computed.inputs.clone(),
        seed: 0,
        versions: versions.to_vec(),
        document: serde_json::to_string(&computed.record).expect("a record becomes JSON"),
        visibility: audience,
        rests_on: computed.rests_on.clone(),
    }
}

/// The record in a stored result.
///
/// # Errors
/// If the document has another form, as when a later program wrote it.
pub fn stored_class(record: &ResultRecord) -> Result<ClassRecord, StoreError> {
    serde_json::from_str(&record.result.document).map_err(|e| {
        let id = record.result.id();
        StoreError::Refused(format!("the classes in result {id} cannot be read: {e}"))
    })
}
