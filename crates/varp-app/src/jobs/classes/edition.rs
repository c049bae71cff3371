//! Editions: the state of all classes, frozen.

use varp_engine::classify::{Edition, EditionLine};
use varp_model::{
    ReferenceVersion, References, RestsOn, ResultId, ResultKind, StoredResult, Visibility,
};
use varp_store::{Store, StoreError};

use super::standing::{BodyClasses, Decided, adoptions, standing_adoption};

/// Freezes the stored classes of all bodies under a name and keeps them for good.
///
/// # Errors
/// If nothing is stored, the name is taken, or the register cannot be read or written.
pub fn freeze(
    store: &dyn Store,
    name: &str,
    effective: &str,
    references: &References,
    audience: Visibility,
    actor: &str,
) -> Result<(ResultId, Edition), StoreError> {
    if name.trim().is_empty() {
        let why = "an edition needs a name, such as the year";
        return Err(StoreError::Refused(why.into()));
    }
    if editions(store, audience)?.iter().any(|(_, edition)| edition.name == name) {
        return Err(StoreError::Refused(format!("there is an edition {name} already")));
    }
    let (lines, rests_on) = lines(store, references, audience)?;
    if lines.is_empty() {
        let why = "no class is stored; run varp classify --store first";
        return Err(StoreError::Refused(why.into()));
    }
    let edition = Edition { name: name.to_owned(), effective: effective.to_owned(), lines };
    let result = StoredResult {
        kind: ResultKind::Edition,
        subject: None,
        plan: format!("edition = \"{name}\"\neffective = \"{effective}\"\n"),
        inputs: String::new(),
        seed: 0,
        versions: vec![ReferenceVersion {
            name: "varp".into(),
            version: env!("CARGO_PKG_VERSION").into(),
        }],
        document: serde_json::to_string(&edition).expect("an edition becomes JSON"),
        visibility: audience,
        rests_on,
    };
    let id = result.id();
    store.add_results(&[result], actor, &format!("edition {name} frozen"))?;
    Ok((id, edition))
}

fn lines(
    store: &dyn Store,
    references: &References,
    audience: Visibility,
) -> Result<(Vec<EditionLine>, Vec<RestsOn>), StoreError> {
    let (mut lines, mut rests_on) = (Vec::new(), Vec::new());
    let mut adopted = adoptions(store, None, audience)?;
    for found in store.latest_results(ResultKind::Classification, audience)? {
        let Some(body) = found.result.subject else { continue };
        let Some(page) = store.body(body, audience)? else { continue };
        let newest = Decided::read(store, &found, audience)?;
        let adopted = adopted.remove(&body).unwrap_or_default();
        let classes = BodyClasses::stored(newest, adopted);
        let known = classes.newest.iter().chain(&classes.adopted);
        let mut results: Vec<ResultId> = known.map(|one| one.result).collect();
        results.sort_unstable();
        results.dedup();
        rests_on.extend(results.into_iter().map(RestsOn::Result));
        for (entry, _) in classes.entries(&page.item, references) {
            let adoption = standing_adoption(&classes.adopted, &entry.product);
            let result = adoption.map_or_else(|| found.result.id(), |one| one.result);
            lines.push(EditionLine {
                class: entry.class_words(),
                body: entry.body,
                name: entry.name,
                country: entry.country,
                product: entry.product,
                code: entry.code,
                standing: entry.standing,
                person: entry.person,
                unverified: entry.unverified,
                stale: entry.stale.is_some(),
                result: result.to_string(),
                tonnes: entry.contained.as_ref().and_then(|c| c.best),
            });
        }
    }
    lines.sort_by(|a, b| (&a.body, &a.product).cmp(&(&b.body, &b.product)));
    Ok((lines, rests_on))
}

/// The editions so far, newest first, with their results.
///
/// # Errors
/// If the register cannot be read.
pub fn editions(
    store: &dyn Store,
    audience: Visibility,
) -> Result<Vec<(ResultId, Edition)>, StoreError> {
    let records = store.results_of(None, ResultKind::Edition, audience)?;
    let read = |record: varp_model::ResultRecord| {
        let id = record.result.id();
        let edition = serde_json::from_str(&record.result.document);
        let edition = edition.map_err(|e| {
            StoreError::Refused(format!("the edition in result {id} cannot be read: {e}"))
        })?;
        Ok((id, edition))
    };
    records.into_iter().map(read).collect()
}
