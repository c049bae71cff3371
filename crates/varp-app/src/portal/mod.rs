//! The portal: pages written on the server, readable without JavaScript. One file a noun.

mod about;
mod assays;
mod assets;
mod attached;
mod bodies;
mod body;
mod cite;
mod claims;
mod class;
mod collections;
mod commodities;
mod desk;
mod duties;
mod economics;
mod estimate;
mod kind;
mod landing;
mod language;
mod list;
mod matches;
mod materials;
mod next;
mod number;
mod pilot;
mod place;
mod portfolio;
mod problem;
mod protocol;
mod provenance;
mod quantities;
mod quantity;
mod ranking;
mod review;
mod samples;
mod screening;
mod search;
mod sites;
mod sources;
mod view;
mod words;

use std::future::ready;

use axum::Router;
use axum::response::Response;
use axum::routing::get;

pub use assays::{assay_page, assays_page};
pub use bodies::bodies_page;
pub use body::body_page;
pub use class::{
    class_items_page, class_page, classes_page, compare_page, inventory_page, lists_page,
};
pub use collections::{api_page, collection_page, collections_page, conformance_page};
pub use commodities::{commodities_page, commodity_page};
pub use desk::desk_page;
pub use duties::{duties_page, scope_word};
pub use economics::economics_page;
pub use estimate::{estimate_page, estimates_page};
pub use landing::landing_page;
pub use language::Language;
pub use matches::matches_page;
pub use number::{fixed, significant};
pub use pilot::{circularity as circularity_sheet, flows, pilot_page, printed as pilot_sheet};
pub use portfolio::portfolio_page;
pub use problem::problem_page;
pub use protocol::{facility_page, protocol_page};
pub use quantities::{quantities_page, quantity_page};
pub use ranking::ranking_page;
pub use samples::{sample_page, samples_page};
pub use screening::screening_page;
pub use search::search_page;
pub use sites::{site_page, sites_page};
pub use sources::{source_page, sources_page};

use crate::http::{AppState, Ask, Problem, html, route};

/// Addresses of the portal alone: pages without data, style sheets, scripts, base map.
pub fn routes() -> Router<AppState> {
    let asset = |path, headers: axum::http::HeaderMap| ready(assets::asset(path, &headers));
    Router::new()
        .route("/about", route!(about))
        .route("/accessibility", route!(accessibility))
        .route("/assets/{name}", get(asset))
}

fn about(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    Ok(html(about::about_page(&ask.page(state, &[]))))
}

fn accessibility(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    Ok(html(about::accessibility_page(&ask.page(state, &[]))))
}
