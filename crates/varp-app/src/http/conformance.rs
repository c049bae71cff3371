//! `/conformance`: the classes of the standards that are met.

use axum::response::Response;
use serde_json::json;

use super::AppState;
use super::answer::{html, respond};
use super::ask::Ask;
use super::collections::links_json;
use super::negotiate::{Format, PLAIN};
use super::problem::Problem;
use crate::portal;

/// OGC API Features part 1, the parts of Common that it shares, and Processes part 1.
pub const CLASSES: [&str; 16] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/ogc-process-description",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/job-list",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/dismiss",
];

/// `/conformance`.
pub fn conformance(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let offer = ask.format(PLAIN)?;
    let links = ask.links(PLAIN, offer);
    if offer.format == Format::Html {
        return Ok(html(portal::conformance_page(&CLASSES, &ask.page(state, &links))));
    }
    let document = json!({ "conformsTo": CLASSES, "links": links_json(&links) });
    Ok(respond(offer.media, document.to_string()))
}
