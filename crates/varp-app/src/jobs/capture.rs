//! What to find out next over the whole register, from its newest estimates.

use std::collections::BTreeMap;

use serde_json::Value;
use varp_engine::capture::{Stakes, Uncertain};
use varp_model::{BodyId, ClaimValue, References, ResultKind, Substance, Visibility};
use varp_store::{BodyPage, Store, StoreError};

use super::whole;

/// Bodies with an estimate, and those without.
#[derive(Clone, Debug, Default)]
pub struct Captured {
    /// One product of each body that has an estimate: the largest on the scale of deposits.
    pub items: Vec<Uncertain>,
    /// Names of bodies without an estimate: there a review of documents comes first.
    pub without: Vec<(String, String)>,
}

/// What is wanted of the register.
#[derive(Clone, Debug, Default)]
pub struct CaptureFilter {
    /// Only bodies in this country.
    pub country: Option<String>,
    /// Only this product.
    pub product: Option<String>,
    /// € per tonne by substance.
    pub prices: BTreeMap<String, f64>,
    /// Share that can be recovered.
    pub recovery: f64,
    /// € to treat a tonne of material.
    pub treatment: f64,
}

/// Reads the newest estimates and what was done at each body.
///
/// # Errors
/// If the register cannot be read.
pub fn uncertain(
    store: &dyn Store,
    references: &References,
    filter: &CaptureFilter,
) -> Result<Captured, StoreError> {
    let newest = store.latest_results(ResultKind::Estimate, Visibility::Private)?;
    let documents: BTreeMap<BodyId, String> =
        newest.into_iter().filter_map(|r| Some((r.result.subject?, r.result.document))).collect();
    let mut captured = Captured::default();
    for item in store.bodies(&whole(Vec::new()))?.items {
        let country = item.country.code().to_owned();
        let other = filter.country.as_ref().is_some_and(|c| !c.eq_ignore_ascii_case(&country));
        if other || item.body.kind.is_primary() {
            continue;
        }
        match documents.get(&item.body.id) {
            None => captured.without.push((item.body.name.clone(), country)),
            Some(document) => {
                let Some(page) = store.body(item.body.id, Visibility::Private)? else { continue };
                captured.items.extend(of_document(document, &page, references, filter));
            }
        }
    }
    Ok(captured)
}

/// The largest product of an estimate of a body, without a price.
pub(super) fn of_record(
    document: &str,
    page: &BodyPage,
    references: &References,
) -> Option<Uncertain> {
    of_document(document, page, references, &CaptureFilter::default())
}

fn of_document(
    document: &str,
    page: &BodyPage,
    references: &References,
    filter: &CaptureFilter,
) -> Option<Uncertain> {
    let item = &page.item;
    let document: Value = serde_json::from_str(document).ok()?;
    let statement = &document["statement"];
    let mass = triple(&statement["mass_t"])?;
    let mut lead: Option<(f64, f64, Uncertain)> = None;
    for product in statement["products"].as_array()? {
        let substance = product["substance"].as_str()?;
        if filter.product.as_ref().is_some_and(|p| p != substance) {
            continue;
        }
        let Some(contained) = triple(&product["contained_t"]) else { continue };
        let size = Substance::parse(substance, references).ok().and_then(|s| {
            references.size_of(&s, contained[1]).map(|s| (s.rank, s.tonnes / s.class.small))
        });
        let (rank, share_of_small) = size.unwrap_or((0, 0.0));
        let weight = f64::from(rank) + 1.0;
        let better = lead.as_ref().is_none_or(|(w, s, _)| (weight, share_of_small) > (*w, *s));
        if better {
            let uncertain = Uncertain {
                body: item.body.id.to_string(),
                name: item.body.name.clone(),
                kind: item.body.kind.0.clone(),
                country: item.country.code().to_owned(),
                hectares: hectares(page, mass[1]),
                product: substance.to_owned(),
                mass_t: mass[1],
                contained_t: contained,
                shares: shares(&product["shares"]),
                weight,
                done: done(page),
                stakes: filter.prices.get(substance).map(|price| Stakes {
                    price: *price,
                    recovery: filter.recovery,
                    treatment: filter.treatment,
                }),
            };
            lead = Some((weight, share_of_small, uncertain));
        }
    }
    lead.map(|(.., uncertain)| uncertain)
}

fn triple(value: &Value) -> Option<[f64; 3]> {
    value.as_array()?.iter().filter_map(Value::as_f64).collect::<Vec<_>>().try_into().ok()
}

fn shares(value: &Value) -> Vec<(String, f64)> {
    let pairs = value.as_array().into_iter().flatten();
    pairs.filter_map(|p| Some((p[0].as_str()?.to_owned(), p[1].as_f64()?))).collect()
}

/// Area in hectares: stated, or what the mass covers at 10 m and 1.5 t/m³.
fn hectares(page: &BodyPage, mass_t: f64) -> f64 {
    let stated = page.claims.iter().filter(|c| c.property == "area").find_map(|c| match &c.value {
        ClaimValue::Number(range) => range.best.map(|b| range.unit.to_canonical(b) / 1e4),
        _ => None,
    });
    stated.unwrap_or(mass_t / 1.5 / 10.0 / 1e4).clamp(0.1, 2000.0)
}

/// Steps that the register shows to be done.
fn done(page: &BodyPage) -> Vec<String> {
    let mut done = Vec::new();
    if page.claims.iter().any(|c| c.property == "review") {
        done.push("review".to_owned());
    }
    if !page.holes.is_empty() {
        done.extend(["review".to_owned(), "auger".to_owned()]);
    }
    done.dedup();
    done
}
