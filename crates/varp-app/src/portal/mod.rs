//! The portal: pages written on the server, readable without JavaScript.

use axum::Router;
use maud::{Markup, html};
use varp_model::{Commodity, Source};
use varp_store::{
    AssayItem, BodyItem, BodyPage, Page, QuantityItem, SampleItem, SearchHit, SitePage, SourcePage,
};

use crate::http::{AppState, CollectionInfo, CommodityPage, Landing, PageContext, Problem};

/// Addresses of the portal alone: style sheets, scripts, base map.
pub fn routes() -> Router<AppState> {
    Router::new()
}

/// The first page: one sentence, the map, doors to the rest.
pub fn landing_page(_value: &Landing<'_>, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// `/collections`: what the register holds.
pub fn collections_page(_value: &[CollectionInfo], _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// `/collections/ID`: one collection and how to ask it.
pub fn collection_page(_value: &CollectionInfo, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// `/conformance`: the conformance classes met.
pub fn conformance_page(_value: &[&str], _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// `/api.html`: the OpenAPI document for readers.
pub fn api_page(_value: &serde_json::Value, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// List of sites.
pub fn sites_page(_value: &Page<SitePage>, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// List of bodies.
pub fn bodies_page(_value: &Page<BodyItem>, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// List of samples.
pub fn samples_page(_value: &Page<SampleItem>, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// List of assays.
pub fn assays_page(_value: &Page<AssayItem>, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// List of quantities.
pub fn quantities_page(_value: &Page<QuantityItem>, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// List of sources.
pub fn sources_page(_value: &Page<Source>, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// One site.
pub fn site_page(_value: &SitePage, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// One body.
pub fn body_page(_value: &BodyPage, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// One sample.
pub fn sample_page(_value: &SampleItem, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// One assay.
pub fn assay_page(_value: &AssayItem, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// One quantity.
pub fn quantity_page(_value: &QuantityItem, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// One source.
pub fn source_page(_value: &SourcePage, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// `/commodities`: the raw materials.
pub fn commodities_page(_value: &[Commodity], _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// One raw material: lists, bodies.
pub fn commodity_page(_value: &CommodityPage<'_>, _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// `/search?q=`: what was found.
pub fn search_page(_value: &[SearchHit], _context: &PageContext<'_>) -> Markup {
    html! {}
}

/// A refusal, with what to do.
pub fn problem_page(_value: &Problem, _context: &PageContext<'_>) -> Markup {
    html! {}
}
