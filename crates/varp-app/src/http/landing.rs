//! `/`: the landing page, and the first page of the portal.

use axum::response::Response;
use serde_json::json;

use super::AppState;
use super::answer::{html, respond};
use super::ask::Ask;
use super::collections::links_json;
use super::link::Link;
use super::negotiate::{Format, HTML, JSON, OPENAPI, PLAIN};
use super::page::Landing;
use super::problem::Problem;
use crate::portal;

/// Name of the service.
pub const TITLE: &str = "varp: mine waste as a resource";
/// What the service is, in a sentence.
pub const DESCRIPTION: &str = "A register of deposits and historical mine waste, each value with \
                               its unit, its uncertainty and its source.";

/// `/`.
pub fn landing(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    let offer = ask.format(PLAIN)?;
    let mut links = ask.links(PLAIN, offer);
    links.extend(doors(ask));
    if offer.format == Format::Html {
        // the map's filters live in the address of this page and are read by its script
        let snapshot = state.snapshot()?;
        let landing = Landing { collections: &snapshot.collections, points: &snapshot.points };
        return Ok(html(portal::landing_page(&landing, &ask.page(state, &links))));
    }
    ask.allow(&[])?;
    let document =
        json!({ "title": TITLE, "description": DESCRIPTION, "links": links_json(&links) });
    Ok(respond(offer.media, document.to_string()))
}

fn doors(ask: &Ask) -> [Link; 8] {
    let link = |path, rel, media, title| Link::new(ask.url(path), rel, media, title);
    [
        link("/api", "service-desc", OPENAPI, "API description (OpenAPI 3.0)"),
        link("/api.html", "service-doc", HTML, "API description for readers"),
        link("/conformance", "conformance", JSON, "conformance classes"),
        link("/collections", "data", JSON, "collections"),
        link("/search", "search", JSON, "search by words: q="),
        link("/commodities", "related", JSON, "raw materials and the lists that name them"),
        link(
            "/processes",
            "http://www.opengis.net/def/rel/ogc/1.0/processes",
            JSON,
            "what can be computed",
        ),
        link("/jobs", "http://www.opengis.net/def/rel/ogc/1.0/job-list", JSON, "jobs"),
    ]
}
