//! `/collections/{id}/items/{fid}`: one feature with all that is known of it.

use axum::response::Response;
use maud::Markup;
use percent_encoding::percent_decode_str;
use varp_model::{
    BodyId, Claim, ClaimId, ClaimValue, LonLat, Position, References, ResultId, Subject,
    Visibility, parse_uuid,
};
use varp_store::{Collection, QuantityItem, Store, StoreError};

use super::AppState;
use super::answer::{html, moved, respond};
use super::ask::Ask;
use super::collections::Spec;
use super::feature::{self, Feature};
use super::link::Link;
use super::negotiate::{FEATURE, Format, JSON};
use super::page::{BodyView, EstimatePage, PageContext};
use super::problem::Problem;
use crate::jobs::classes::{ClassView, RuleSet, class_view};
use crate::jobs::estimate::{attachments, item_of, newest_estimate, one_estimate};
use crate::{jobs, portal};

const PUBLIC: Visibility = Visibility::Public;

/// `/collections/{id}/items/{fid}`.
pub fn item(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    let spec = Spec::find(ask.segment(1))?;
    ask.allow(&[])?;
    let fid = ask.segment(3);
    let store = &*state.store;
    match spec.collection {
        Collection::Sites => {
            let found = read(fid, |id| store.site(varp_model::SiteId(id), PUBLIC))?;
            show(state, ask, spec, found, |page, _| feature::site_page(page), portal::site_page)
        }
        Collection::Bodies => {
            let found = read(fid, |id| body(store, BodyId(id), &state.references))?;
            show(state, ask, spec, found, feature::body_view, portal::body_page)
        }
        Collection::Samples => {
            let found = read(fid, |id| store.sample(varp_model::SampleId(id), PUBLIC))?;
            show(state, ask, spec, found, |page, _| feature::sample_page(page), portal::sample_page)
        }
        Collection::Assays => {
            let found = store.assay(fid, PUBLIC)?;
            show(state, ask, spec, found, |page, _| feature::assay(page), portal::assay_page)
        }
        Collection::Quantities => {
            let found = read(fid, |id| quantity(store, ClaimId(id)))?;
            show(state, ask, spec, found, |page, _| feature::quantity(page), portal::quantity_page)
        }
        Collection::Sources => {
            let found = read(fid, |id| store.source(varp_model::SourceId(id), PUBLIC))?;
            show(state, ask, spec, found, |page, _| feature::source_page(page), portal::source_page)
        }
        Collection::Estimates => {
            // an item is a product of an estimate, `ID.SUBSTANCE`; `ID` alone is the whole of it
            let found = estimate(state, fid)?;
            show(state, ask, spec, found, feature::estimate_page, portal::estimate_page)
        }
        Collection::Classifications => {
            // an item is a product of a body, `ID.SUBSTANCE`; `ID` alone is all of its products
            let fid = percent_decode_str(fid).decode_utf8_lossy();
            let (id, product) = fid.split_once('.').map_or((&*fid, None), |(i, p)| (i, Some(p)));
            let whole = product.is_none();
            let found = read(id, |id| classes_of(store, id, &state.references, whole))?;
            let found = match (found, product) {
                (Some(view), Some(product)) => view.of(product),
                (found, _) => found.filter(|view| !view.products.is_empty()),
            };
            show(state, ask, spec, found, feature::class_page, portal::class_page)
        }
    }
}

/// An estimate, and the product of it that is meant, if one is.
fn estimate(state: &AppState, fid: &str) -> Result<Option<EstimatePage>, Problem> {
    let fid = percent_decode_str(fid).decode_utf8_lossy();
    let (id, substance) = match fid.split_once('.') {
        Some((id, substance)) => (id, Some(substance)),
        None => (&*fid, None),
    };
    let read_one = |id| one_estimate(&*state.store, ResultId(id), &state.references, PUBLIC);
    let Some((body, view)) = read(id, read_one)? else { return Ok(None) };
    let item = substance.map(|s| item_of(&view, &body.item, s));
    Ok(match item {
        Some(None) => None, // the estimate has no such product
        item => Some(EstimatePage { body, view, item: item.flatten() }),
    })
}

/// A body with what was computed of it.
fn body(
    store: &dyn Store,
    id: BodyId,
    references: &References,
) -> Result<Option<BodyView>, StoreError> {
    let Some(page) = store.body(id, PUBLIC)? else { return Ok(None) };
    let estimate = newest_estimate(store, &page, references, PUBLIC)?;
    let attached = attachments(store, id, PUBLIC)?;
    let searched = jobs::searched(store, id, PUBLIC)?;
    let class = class_view(store, id, &RuleSet::embedded(), references, PUBLIC)?;
    Ok(Some(BodyView { page, estimate, attached, searched, class }))
}

/// The classes of a body with their reasons; of the whole body with its screening.
fn classes_of(
    store: &dyn Store,
    id: uuid::Uuid,
    references: &References,
    whole: bool,
) -> Result<Option<ClassView>, StoreError> {
    let view = class_view(store, BodyId(id), &RuleSet::embedded(), references, PUBLIC)?;
    let Some(view) = view else { return Ok(None) };
    let economics = match whole {
        true => jobs::screened(store, BodyId(id), references, PUBLIC)?,
        false => None,
    };
    Ok(Some(ClassView { economics, ..view }))
}

/// Reads by UUID; what is no UUID is the id of nothing.
fn read<T>(
    fid: &str,
    read: impl FnOnce(uuid::Uuid) -> Result<Option<T>, StoreError>,
) -> Result<Option<T>, Problem> {
    Ok(parse_uuid(fid).map(read).transpose()?.flatten())
}

fn show<T>(
    state: &AppState,
    ask: &Ask,
    spec: &Spec,
    found: Option<T>,
    feature: for<'a> fn(&'a T, &'a References) -> Feature<'a>,
    page: fn(&T, &PageContext<'_>) -> Markup,
) -> Result<Response, Problem> {
    let offer = ask.format(FEATURE)?;
    let Some(value) = found else { return elsewhere(state, ask, spec) };
    let mut links = ask.links(FEATURE, offer);
    let collection = ask.url(&format!("/collections/{}", spec.id));
    links.push(Link::new(collection, "collection", JSON, spec.title));
    if offer.format == Format::Html {
        return Ok(html(page(&value, &ask.page(state, &links))));
    }
    let mut out = Vec::with_capacity(4096);
    feature::write_feature(&mut out, &feature(&value, &state.references), &links);
    Ok(respond(offer.media, out))
}

fn elsewhere(state: &AppState, ask: &Ask, spec: &Spec) -> Result<Response, Problem> {
    let fid = ask.segment(3);
    let nothing = Problem::not_found(format!(
        "There is no item \"{fid}\" in {}; look for it in /collections/{}/items or /search?q=.",
        spec.id, spec.id
    ));
    kept_or(state, ask, 3, nothing)
}

/// A record that was merged into another is found there for good, under the same address with the other id in this
/// segment; any other id is nobody's. What follows a point in the segment, as of a product, stays.
pub fn kept_or(
    state: &AppState,
    ask: &Ask,
    segment: usize,
    nothing: Problem,
) -> Result<Response, Problem> {
    let named = ask.segment(segment);
    let id = named.split('.').next().unwrap_or_default();
    let merged = parse_uuid(id).map(|id| state.store.redirect(id, PUBLIC)).transpose()?.flatten();
    let Some(kept) = merged else { return Err(nothing) };
    let parts = ask.path.split('/').enumerate().map(|(at, part)| {
        // the path begins with a slash
        if at == segment + 1 { format!("{kept}{}", &named[id.len()..]) } else { part.to_owned() }
    });
    let path = parts.collect::<Vec<_>>().join("/");
    Ok(moved(&ask.url(&format!("{path}{}", ask.params.to_query()))))
}

/// A claim as the list of quantities shows it: a number, with the name and place of its subject.
fn quantity(store: &dyn Store, id: ClaimId) -> Result<Option<QuantityItem>, StoreError> {
    let claim = store.claim(id, PUBLIC)?;
    let Some(claim) = claim.filter(|claim| matches!(claim.value, ClaimValue::Number(_))) else {
        return Ok(None);
    };
    let (subject_name, place) = subject(store, &claim)?;
    Ok(Some(QuantityItem { claim, subject_name, place }))
}

fn subject(store: &dyn Store, claim: &Claim) -> Result<(String, Option<LonLat>), StoreError> {
    let place = |position: Option<Position>| position.map(|p| p.place);
    let found = match claim.subject {
        Subject::Site(id) => {
            store.site(id, PUBLIC)?.map(|page| (page.site.name, place(page.site.position)))
        }
        Subject::Body(id) => store
            .body(id, PUBLIC)?
            .map(|page| (page.item.body.name, place(page.item.body.position))),
        Subject::Hole(id) => store.hole(id, PUBLIC)?.map(|hole| (hole.name, place(hole.collar))),
        Subject::Sample(id) => store.sample(id, PUBLIC)?.map(|item| (item.sample.name, item.place)),
        Subject::Zone(_) => None,
    };
    Ok(found.unwrap_or_default())
}
