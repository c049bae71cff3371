//! Records of bodies as the engine wants them, for ranking, portfolios and studies.

use std::collections::BTreeMap;

use varp_engine::profile::{BodyRecord, EstimatedBody, Measurement, element_of};
use varp_model::{BodyId, HoleId, LonLat, Measured, QaRole, References, SampleId, Visibility};
use varp_store::{BodyPage, Filter, Query, SampleItem, Store, StoreError};

use super::estimate::{standing_estimate, standing_estimates};
use super::estimated::estimated_body;
use super::whole;

/// What `audience` may know of the secondary bodies that meet `filters`.
///
/// # Errors
/// If the register cannot be read.
pub fn body_records(
    store: &dyn Store,
    filters: Vec<Filter>,
    references: &References,
    audience: Visibility,
) -> Result<Vec<BodyRecord>, StoreError> {
    let question = Query { audience, ..whole(filters) };
    let mut estimates: BTreeMap<BodyId, EstimatedBody> = standing_estimates(store, audience)?
        .iter()
        .filter_map(|(body, standing)| Some((*body, estimated_body(standing, references)?)))
        .collect();
    let mut records = Vec::new();
    for item in store.bodies(&question)?.items {
        if item.body.kind.is_primary() {
            continue;
        }
        let estimate = estimates.remove(&item.body.id);
        records.extend(
            known_of(store, item.body.id, references, audience)?
                .map(|known| BodyRecord { estimate, ..known }),
        );
    }
    Ok(records)
}

/// What `audience` may know of one body.
///
/// # Errors
/// If the register cannot be read.
pub fn body_record(
    store: &dyn Store,
    id: BodyId,
    references: &References,
    audience: Visibility,
) -> Result<Option<BodyRecord>, StoreError> {
    let standing = standing_estimate(store, id, audience)?;
    let estimate = standing.and_then(|standing| estimated_body(&standing, references));
    Ok(known_of(store, id, references, audience)?.map(|known| BodyRecord { estimate, ..known }))
}

/// The record without its estimate.
fn known_of(
    store: &dyn Store,
    id: BodyId,
    references: &References,
    audience: Visibility,
) -> Result<Option<BodyRecord>, StoreError> {
    let Some(page) = store.body(id, audience)? else { return Ok(None) };
    let samples = if page.samples > 0 {
        let of_body = vec![Filter::Body(id)];
        store.samples(&Query { audience, ..whole(of_body) })?.items
    } else {
        Vec::new()
    };
    let measurements = measurements(store, &page, &samples, references, audience)?;
    let sampled: Vec<LonLat> =
        samples.iter().filter(|s| s.sample.hole.is_none()).filter_map(|s| s.place).collect();
    let site_claims = store.site(page.site.id, audience)?.map(|site| site.claims);
    let site_place = page.site.position.as_ref().map(|p| p.place);
    let mut claims = page.claims;
    claims.extend(site_claims.unwrap_or_default());
    Ok(Some(BodyRecord {
        body: page.item.body,
        country: page.item.country,
        site_name: page.item.site_name,
        site_place,
        claims,
        holes: page.holes,
        sampled,
        measurements,
        estimate: None,
    }))
}

/// Assays of original samples as contents of elements.
fn measurements(
    store: &dyn Store,
    page: &BodyPage,
    samples: &[SampleItem],
    references: &References,
    audience: Visibility,
) -> Result<Vec<Measurement>, StoreError> {
    if samples.is_empty() {
        return Ok(Vec::new());
    }
    let known: BTreeMap<SampleId, &SampleItem> = samples.iter().map(|s| (s.sample.id, s)).collect();
    let places: BTreeMap<HoleId, LonLat> =
        page.holes.iter().filter_map(|hole| Some((hole.id, hole.collar.as_ref()?.place))).collect();
    let of_body = vec![Filter::Body(page.item.body.id)];
    let assays = store.assays(&Query { audience, ..whole(of_body) })?.items;
    let mut found = Vec::with_capacity(assays.len());
    for assay in assays {
        let Some(item) = known.get(&assay.sample) else { continue };
        let sample = &item.sample;
        if sample.role != QaRole::Original {
            continue;
        }
        let Some((element, share)) = element_of(&assay.determination.substance, references) else {
            continue;
        };
        let unit = assay.determination.unit;
        let content: Measured<f64> =
            assay.assay.value.map(|reported| unit.to_canonical(reported.value()) * share);
        found.push(Measurement {
            sample: sample.name.clone(),
            hole: sample.hole,
            place: item.place.or_else(|| places.get(&sample.hole?).copied()),
            from_m: sample.from_m,
            to_m: sample.to_m,
            element: element.symbol().to_owned(),
            content,
        });
    }
    Ok(found)
}
