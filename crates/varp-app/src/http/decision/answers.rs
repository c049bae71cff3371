//! From a question to its page, its JSON or its table.

use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};
use varp_model::BodyId;

use super::super::AppState;
use super::super::answer::{html, respond};
use super::super::ask::Ask;
use super::super::collections::links_json;
use super::super::item::kept_or;
use super::super::negotiate::{Format, Offer, TABLES};
use super::super::problem::Problem;
use super::kept::{RankingQuestion, ScreeningPage};
use super::tables;
use crate::portal;

/// Seed of the pages, where none is asked for.
const SEED: u64 = 20_260_101;
/// Bodies wanted, where the reader does not say.
const WANTED: usize = 10;
/// Budget in thousands of euros, where the reader does not say.
const BUDGET_K: u64 = 1000;

/// `/screening`.
pub fn screening(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let offer = ask.format(TABLES)?;
    let shortlist = state.decisions.shortlist(state)?;
    let links = ask.links(TABLES, offer);
    match offer.format {
        Format::Html => {
            let page = ScreeningPage { shortlist: &shortlist };
            Ok(html(portal::screening_page(&page, &ask.page(state, &links))))
        }
        Format::Csv => Ok(file(offer, "screening", tables::screening(&shortlist))),
        Format::Json => Ok(document(
            offer,
            json!({
                "screening": shortlist.screening,
                "rules": shortlist.rules,
                "names": shortlist.names,
                "links": links_json(&links),
            }),
        )),
    }
}

/// `/ranking`.
pub fn ranking(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&["wanted", "seed"])?;
    let offer = ask.format(TABLES)?;
    let page = state.decisions.ranking(state, question(ask)?)?;
    let links = ask.links(TABLES, offer);
    match offer.format {
        Format::Html => Ok(html(portal::ranking_page(&page, &ask.page(state, &links)))),
        Format::Csv => Ok(file(offer, "ranking", tables::ranking(&page))),
        Format::Json => Ok(document(
            offer,
            json!({
                "ranking": page.ranking,
                "names": page.shortlist.names,
                "how": page.shortlist.how,
                "estimates": page.shortlist.estimates,
                "live": page.live,
                "links": links_json(&links),
            }),
        )),
    }
}

/// `/portfolio`.
pub fn portfolio(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&["wanted", "seed", "budget"])?;
    let offer = ask.format(TABLES)?;
    let budget = number(ask, "budget", BUDGET_K, 1, 1_000_000)?;
    let page = state.decisions.portfolio(state, question(ask)?, budget)?;
    let links = ask.links(TABLES, offer);
    match offer.format {
        Format::Html => Ok(html(portal::portfolio_page(&page, &ask.page(state, &links)))),
        Format::Csv => Ok(file(offer, "portfolio", tables::portfolio(&page))),
        Format::Json => Ok(document(
            offer,
            json!({
                "choice": page.choice,
                "plan": page.ranking.ranking.plan,
                "links": links_json(&links),
            }),
        )),
    }
}

/// `/collections/bodies/items/{id}/pilot`.
pub fn pilot(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let offer = ask.format(TABLES)?;
    let id: BodyId =
        ask.segment(3).parse().map_err(|_| Problem::not_found("There is no body with this id."))?;
    let sheet = match state.decisions.sheet(state, id) {
        Err(nothing) if nothing.status == StatusCode::NOT_FOUND => {
            return kept_or(state, ask, 3, nothing);
        }
        found => found?,
    };
    let links = ask.links(TABLES, offer);
    match offer.format {
        Format::Html => Ok(html(portal::pilot_page(&sheet, &ask.page(state, &links)))),
        Format::Csv => Ok(file(offer, "holes", crate::field::holes::csv(&sheet).into_bytes())),
        Format::Json => {
            let sheet = serde_json::to_value(&*sheet).map_err(|_| Problem::internal())?;
            Ok(document(offer, json!({ "sheet": sheet, "links": links_json(&links) })))
        }
    }
}

fn question(ask: &Ask) -> Result<RankingQuestion, Problem> {
    let wanted = number(ask, "wanted", WANTED as u64, 1, 1000)?;
    let seed = number(ask, "seed", SEED, 0, u64::MAX)?;
    Ok(RankingQuestion { wanted: wanted as usize, seed })
}

fn number(ask: &Ask, name: &str, usual: u64, least: u64, most: u64) -> Result<u64, Problem> {
    let Some(text) = ask.params.get(name) else { return Ok(usual) };
    let value = text.parse().ok().filter(|value| (least..=most).contains(value));
    value.ok_or_else(|| {
        Problem::bad_request(format!("{name} must be a whole number from {least} to {most}"))
    })
}

fn document(offer: &Offer, value: Value) -> Response {
    respond(offer.media, value.to_string())
}

fn file(offer: &Offer, name: &str, table: Vec<u8>) -> Response {
    let mut response = respond(offer.media, table);
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}
