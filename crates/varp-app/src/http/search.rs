//! `/search?q=`: sites, bodies and sources by words in their names.

use axum::response::Response;
use serde_json::json;
use varp_model::Visibility;
use varp_store::SearchHit;

use super::AppState;
use super::answer::{html, respond};
use super::ask::Ask;
use super::collections::{Spec, links_json};
use super::negotiate::{Format, PLAIN};
use super::problem::Problem;
use super::query::{parse_limit, parse_words};
use crate::portal;

/// Most hits of an answer.
const MAX_HITS: usize = 50;

/// `/search`. Without `q` nothing is found, and a page shows the empty form.
pub fn search(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&["q", "limit"])?;
    let offer = ask.format(PLAIN)?;
    let links = ask.links(PLAIN, offer);
    let limit = parse_limit(ask.params.get("limit"))?.0.get().min(MAX_HITS);
    // the form sends an empty field
    let asked = ask.params.get("q").filter(|q| offer.format != Format::Html || !q.is_empty());
    let hits = match asked {
        Some(words) => state.store.search(&parse_words("q", words)?, limit, Visibility::Public)?,
        None => Vec::new(),
    };
    if offer.format == Format::Html {
        return Ok(html(portal::search_page(&hits, &ask.page(state, &links))));
    }
    let results: Vec<_> = hits.iter().map(|hit| hit_json(hit, ask)).collect();
    let document =
        json!({ "results": results, "numberReturned": hits.len(), "links": links_json(&links) });
    Ok(respond(offer.media, document.to_string()))
}

fn hit_json(hit: &SearchHit, ask: &Ask) -> serde_json::Value {
    let collection = Spec::of(hit.collection).id;
    json!({
        "collection": collection,
        "id": hit.id,
        "name": hit.name,
        "alias": hit.alias,
        "country": hit.country.map(|country| country.code().to_owned()),
        "href": ask.url(&format!("/collections/{collection}/items/{}", hit.id)),
    })
}
