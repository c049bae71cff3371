//! Classes and duties of bodies in the register.

use varp_engine::classify::{
    Classified, Dossier, RuleSet, classify as engine_classify, dossier_from,
};
use varp_engine::duty::{Completeness, Duties, Standing, completeness};
use varp_model::{BodyId, Visibility};
use varp_store::{BodyPage, Filter, Store, StoreError};

use super::whole;

/// A body's products with their computed classes.
#[derive(Clone, Debug, serde::Serialize)]
pub struct BodyClasses {
    /// The body, by id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Country of its site.
    pub country: String,
    /// One class per product.
    pub classes: Vec<Classified>,
}

/// Classifies every product of one body by its claims, those of its site, and its assays.
///
/// # Errors
/// If the register cannot be read.
pub fn classify(
    store: &dyn Store,
    id: BodyId,
    rules: &RuleSet,
) -> Result<Option<BodyClasses>, StoreError> {
    let Some(page) = store.body(id, Visibility::Private)? else { return Ok(None) };
    let dossier = dossier_of(store, &page, rules, Visibility::Private)?;
    let classes = dossier.products.keys().map(|p| engine_classify(&dossier, p, rules)).collect();
    Ok(Some(BodyClasses {
        id: id.to_string(),
        name: page.item.body.name.clone(),
        kind: page.item.body.kind.0.clone(),
        country: page.item.country.code().to_owned(),
        classes,
    }))
}

/// What `audience` may know of a body, as facts.
///
/// # Errors
/// If the register cannot be read.
pub fn dossier(
    store: &dyn Store,
    id: BodyId,
    rules: &RuleSet,
    audience: Visibility,
) -> Result<Option<Dossier>, StoreError> {
    let Some(page) = store.body(id, audience)? else { return Ok(None) };
    dossier_of(store, &page, rules, audience).map(Some)
}

fn dossier_of(
    store: &dyn Store,
    page: &BodyPage,
    rules: &RuleSet,
    audience: Visibility,
) -> Result<Dossier, StoreError> {
    let site = store.site(page.site.id, audience)?;
    let mut claims = site.map(|site| site.claims).unwrap_or_default();
    claims.extend(page.claims.iter().cloned());
    let assays: Vec<_> = page
        .determinations
        .iter()
        .map(|d| (d.determination.substance.clone(), d.results))
        .collect();
    Ok(dossier_from(&claims, &assays, rules))
}

/// The record of a body against the law.
#[derive(Clone, Debug, serde::Serialize)]
pub struct BodyDuty {
    /// The body, by id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Country of its site.
    pub country: String,
    /// Whether and why it falls under the state's duty.
    pub standing: Standing,
    /// What of the content list is filled.
    pub completeness: Completeness,
}

/// How the record of a body stands against the state's duty.
///
/// # Errors
/// If the register cannot be read.
pub fn duty(
    store: &dyn Store,
    id: BodyId,
    duties: &Duties,
) -> Result<Option<BodyDuty>, StoreError> {
    let Some(page) = store.body(id, Visibility::Authority)? else { return Ok(None) };
    let site = store.site(page.site.id, Visibility::Authority)?;
    let mut claims = site.map(|site| site.claims).unwrap_or_default();
    claims.extend(page.claims.iter().cloned());
    let assays = page.determinations.iter().map(|d| d.results).sum();
    let body = &page.item.body;
    Ok(Some(BodyDuty {
        id: id.to_string(),
        name: body.name.clone(),
        country: page.item.country.code().to_owned(),
        standing: duties.standing(&body.kind, page.item.country),
        completeness: completeness(body, &claims, assays, duties),
    }))
}

/// Ids of all bodies, in the order of the register.
///
/// # Errors
/// If the register cannot be read.
pub fn body_ids(store: &dyn Store, filters: Vec<Filter>) -> Result<Vec<BodyId>, StoreError> {
    let page = store.bodies(&whole(filters))?;
    Ok(page.items.into_iter().map(|item| item.body.id).collect())
}
