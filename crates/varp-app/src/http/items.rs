//! `/collections/{id}/items`: a page of features, a list for people, a table.

use std::fmt::Display;

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, LINK};
use axum::response::Response;
use jiff::Timestamp;
use maud::Markup;
use varp_store::{Collection, Page, Query, Store, StoreError};

use super::AppState;
use super::answer::{html, respond};
use super::ask::Ask;
use super::collections::Spec;
use super::feature::{self, Feature};
use super::link::Link;
use super::negotiate::{FEATURES, Format, Offer};
use super::page::PageContext;
use super::problem::Problem;
use super::query::{Asked, read_query};
use super::table::table;
use super::token::Token;
use crate::jobs::classes::class_items;
use crate::jobs::estimate::estimate_items;
use crate::portal;

/// How the items of one collection are read and shown.
pub struct Kind<T> {
    /// Reads a page.
    pub read: fn(&dyn Store, &Query) -> Result<Page<T>, StoreError>,
    /// Writes an item.
    pub feature: for<'a> fn(&'a T) -> Feature<'a>,
    /// Shows a page.
    pub page: fn(&Page<T>, &PageContext<'_>) -> Markup,
}

/// `/collections/{id}/items`.
pub fn items(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    let spec = Spec::find(ask.segment(1))?;
    macro_rules! of {
        ($read:ident, $feature:path, $page:path) => {
            items_of(
                state,
                ask,
                spec,
                &Kind { read: |s, q| s.$read(q), feature: $feature, page: $page },
            )
        };
    }
    match spec.collection {
        Collection::Sites => of!(sites, feature::site, portal::sites_page),
        Collection::Bodies => of!(bodies, feature::body, portal::bodies_page),
        Collection::Samples => of!(samples, feature::sample, portal::samples_page),
        Collection::Assays => of!(assays, feature::assay, portal::assays_page),
        Collection::Quantities => of!(quantities, feature::quantity, portal::quantities_page),
        Collection::Sources => of!(sources, feature::source, portal::sources_page),
        Collection::Estimates => items_of(
            state,
            ask,
            spec,
            &Kind {
                read: estimate_items,
                feature: feature::estimate,
                page: portal::estimates_page,
            },
        ),
        Collection::Classifications => items_of(
            state,
            ask,
            spec,
            &Kind { read: class_items, feature: feature::class, page: portal::class_items_page },
        ),
    }
}

fn items_of<T: 'static>(
    state: &AppState,
    ask: &Ask,
    spec: &Spec,
    kind: &Kind<T>,
) -> Result<Response, Problem> {
    let offer = ask.format(FEATURES)?;
    let page_ask;
    let ask = if offer.format == Format::Html {
        page_ask = Ask { params: ask.params.without_empty(), ..ask.clone() };
        &page_ask
    } else {
        ask
    };
    let asked = read_query(state, ask, spec)?;
    if offer.format == Format::Csv && ask.params.get("limit").is_none() {
        return table(state, ask, spec, asked, kind);
    }
    let page = read_page(state, &asked, kind.read)?;
    let links = page_links(state, ask, spec, offer, &page)?;
    match offer.format {
        Format::Html => Ok(html((kind.page)(&page, &ask.page(state, &links)))),
        Format::Json => Ok(respond(offer.media, collection_json(&page, &links, kind.feature))),
        Format::Csv => Ok(one_table(&page, spec, &links, kind.feature)),
    }
}

/// The page asked for; how many match was counted with the first page and rides in the token.
fn read_page<T>(
    state: &AppState,
    asked: &Asked,
    read: fn(&dyn Store, &Query) -> Result<Page<T>, StoreError>,
) -> Result<Page<T>, Problem> {
    let store = &*state.store;
    let counted = asked.token.as_ref().and_then(|token| token.matched);
    let version = store.version()?;
    let still = counted.filter(|(_, then)| *then == version).map(|(matched, _)| matched);
    let query = Query { count: still.is_none(), ..asked.query.clone() };
    let mut page = read(store, &query)?;
    page.matched = page.matched.or(still);
    Ok(page)
}

fn page_links<T>(
    state: &AppState,
    ask: &Ask,
    spec: &Spec,
    offer: &'static Offer,
    page: &Page<T>,
) -> Result<Vec<Link>, Problem> {
    let mut links = ask.links(FEATURES, offer);
    if let Some(after) = &page.next {
        let matched = page.matched.map(|n| state.store.version().map(|v| (n, v))).transpose()?;
        let token =
            Token { after: after.clone(), matched }.seal(state.secret()?, &ask.path, &ask.params);
        let query = ask.params.with("next", Some(&token)).to_query();
        let href = format!("{}{}{query}", ask.base, ask.path);
        links.push(Link::new(href, "next", offer.media, "next page"));
    }
    let collection = ask.url(&format!("/collections/{}", spec.id));
    links.push(Link::new(collection, "collection", super::negotiate::JSON, spec.title));
    Ok(links)
}

fn collection_json<T>(
    page: &Page<T>,
    links: &[Link],
    feature: for<'a> fn(&'a T) -> Feature<'a>,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024 + 1600 * page.items.len());
    out.extend_from_slice(b"{\"type\":\"FeatureCollection\",\"features\":[");
    for (i, item) in page.items.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        feature::write_feature(&mut out, &feature(item), &[]);
    }
    out.extend_from_slice(b"],\"links\":");
    feature::write_links(&mut out, links);
    append(&mut out, format_args!(",\"numberReturned\":{}", page.items.len()));
    if let Some(matched) = page.matched {
        append(&mut out, format_args!(",\"numberMatched\":{matched}"));
    }
    append(&mut out, format_args!(",\"timeStamp\":\"{:.3}\"}}", Timestamp::now()));
    out
}

fn append(out: &mut Vec<u8>, what: impl Display) {
    use std::io::Write;
    write!(out, "{what}").expect("writing to memory cannot fail");
}

/// One page as a table; a `Link` header leads to the next.
fn one_table<T>(
    page: &Page<T>,
    spec: &Spec,
    links: &[Link],
    feature: for<'a> fn(&'a T) -> Feature<'a>,
) -> Response {
    let mut out = Vec::new();
    for (i, item) in page.items.iter().enumerate() {
        let feature = feature(item);
        if i == 0 {
            feature::write_header(&mut out, &feature);
        }
        feature::write_row(&mut out, &feature);
    }
    let mut response = as_file(respond(super::negotiate::CSV, out), spec);
    if let Some(next) = links.iter().find(|link| link.rel == "next") {
        let value = format!("<{}>; rel=\"next\"; type=\"text/csv\"", next.href);
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(LINK, value);
        }
    }
    response
}

/// The same answer, to be saved under the name of its collection.
pub fn as_file(mut response: Response, spec: &Spec) -> Response {
    let value = format!("attachment; filename=\"varp-{}.csv\"", spec.id);
    let value = HeaderValue::from_str(&value).expect("collections have plain names");
    response.headers_mut().insert(CONTENT_DISPOSITION, value);
    response
}
