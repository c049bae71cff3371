//! Computing classes from what the register knows, and keeping them.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;

use sha2::{Digest, Sha256};
use uuid::Uuid;
use varp_engine::classify::{
    ClassRecord, Contained, Dossier, Estimated, Prepared, add_estimates, contained, dossier_from,
};
use varp_model::{
    BodyId, Claim, ReferenceVersion, References, RestsOn, ResultId, ResultKind, ResultRecord,
    StoredResult, Substance, Visibility,
};
use varp_store::{BodyItem, PageLimit, Query, Store, StoreError};

use super::estimates::estimated;
use super::until::Until;
use crate::jobs::estimate::{standing_estimate, standing_estimates};
use crate::jobs::whole;

/// Bodies read at once.
const CHUNK: NonZeroUsize = NonZeroUsize::new(1000).expect("not zero");

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
    class_until(store, id, rules, references, (audience, None))
}

fn class_until(
    store: &dyn Store,
    id: BodyId,
    rules: &Prepared<'_>,
    references: &References,
    (audience, until): (Visibility, Option<&Until>),
) -> Result<Option<Computed>, StoreError> {
    let Some(page) = store.body(id, audience)? else { return Ok(None) };
    let mut claims = store.claims_of(&[page.site.id.0], audience)?;
    claims.extend(page.claims);
    claims.retain(|claim| until.is_none_or(|until| until.admits(claim)));
    let assays: Vec<(Substance, u64)> = page
        .determinations
        .iter()
        .map(|d| (d.determination.substance.clone(), d.results))
        .collect();
    let standing = standing_estimate(store, id, audience)?
        .filter(|own| until.is_none_or(|until| until.admits_stored(&own.record.time)));
    let estimates = standing.as_ref().map(estimated).unwrap_or_default();
    let known = Known { claims: &claims, assays: &assays, estimates: &estimates };
    Ok(Some(computed(page.item, &known, rules, references)))
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

/// Classifies all bodies by evidence up to a day.
///
/// # Errors
/// If the register cannot be read.
pub fn classify_register_until(
    store: &dyn Store,
    rules: &Prepared<'_>,
    references: &References,
    audience: Visibility,
    until: &Until,
    each: impl FnMut(Computed),
) -> Result<(), StoreError> {
    let all = Query { audience, ..whole(Vec::new()) };
    classify_chosen(store, rules, references, (all, Some(until)), each)
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
    each: impl FnMut(Computed),
) -> Result<(), StoreError> {
    classify_chosen(store, rules, references, (bodies, None), each)
}

fn classify_chosen(
    store: &dyn Store,
    rules: &Prepared<'_>,
    references: &References,
    (bodies, until): (Query, Option<&Until>),
    mut each: impl FnMut(Computed),
) -> Result<(), StoreError> {
    let audience = bodies.audience;
    let estimates: HashMap<BodyId, BTreeMap<String, Estimated>> =
        standing_estimates(store, audience)?
            .iter()
            .filter(|(_, own)| until.is_none_or(|until| until.admits_stored(&own.record.time)))
            .map(|(body, standing)| (*body, estimated(standing)))
            .collect();
    let none = BTreeMap::new();
    let mut question = Query { limit: PageLimit(CHUNK), ..bodies };
    loop {
        let page = store.bodies(&question)?;
        let ids: Vec<BodyId> = page.items.iter().map(|item| item.body.id).collect();
        let sampled = store.sampled(&ids)?;
        let mut subjects: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        subjects.extend(page.items.iter().map(|item| item.body.site.0));
        subjects.sort_unstable();
        subjects.dedup();
        let mut claims: HashMap<Uuid, Vec<Claim>> = HashMap::new();
        let known = store.claims_of(&subjects, audience)?.into_iter();
        for claim in known.filter(|claim| until.is_none_or(|until| until.admits(claim))) {
            claims.entry(claim.subject.uuid()).or_default().push(claim);
        }
        for item in page.items {
            if sampled.contains(&item.body.id) {
                let id = item.body.id;
                let found = class_until(store, id, rules, references, (audience, until))?;
                found.into_iter().for_each(&mut each);
                continue;
            }
            let of = |id: Uuid| claims.get(&id).cloned().unwrap_or_default();
            let mut own = of(item.body.site.0);
            own.extend(of(item.body.id.0));
            let estimates = estimates.get(&item.body.id).unwrap_or(&none);
            let known = Known { claims: &own, assays: &[], estimates };
            each(computed(item, &known, rules, references));
        }
        match page.next {
            Some(next) => question.after = Some(next),
            None => return Ok(()),
        }
    }
}

/// What is known of a body.
struct Known<'a> {
    claims: &'a [Claim],
    assays: &'a [(Substance, u64)],
    estimates: &'a BTreeMap<String, Estimated>,
}

fn computed(
    item: BodyItem,
    known: &Known<'_>,
    rules: &Prepared<'_>,
    references: &References,
) -> Computed {
    let mut dossier = dossier_from(known.claims, known.assays, rules.rules());
    let of_body = |c: &&Claim| c.subject.uuid() == item.body.id.0;
    let own: Vec<Claim> = known.claims.iter().filter(of_body).cloned().collect();
    let mut quantities = contained(&own, references);
    let used = add_estimates(&mut dossier, &mut quantities, known.estimates, references);
    let inputs = digest(&dossier, &quantities);
    let mut rests_on: Vec<RestsOn> = known.claims.iter().map(|c| RestsOn::Claim(c.id)).collect();
    if !known.assays.is_empty() {
        rests_on.push(RestsOn::Samples(item.body.id));
    }
    let estimates =
        used.values().filter_map(|id| Some(RestsOn::Result(ResultId(id.parse().ok()?))));
    rests_on.extend(estimates);
    let record = ClassRecord::compute(dossier, &quantities, &used, rules);
    Computed { item, record, inputs, rests_on }
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
    for chunk in results.chunks(CHUNK.get()) {
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
