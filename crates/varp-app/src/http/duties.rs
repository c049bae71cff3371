//! `/duties`: how the register stands against the law.

use std::sync::{Arc, Mutex, PoisonError};

use axum::response::Response;
use jiff::civil::Date;
use serde_json::{Value, json};
use varp_engine::duty::Duties;
use varp_model::{Status, Visibility};

use super::AppState;
use super::answer::{html, respond};
use super::ask::Ask;
use super::collections::links_json;
use super::feature::{self, Feature};
use super::negotiate::{CSV, Format, TABLES};
use super::problem::Problem;
use crate::jobs::{BodyDuty, all_duties};
use crate::portal;

/// Standing of all bodies, kept for one version of the register.
#[derive(Debug, Default)]
pub struct Standings(Mutex<Option<(u64, Arc<Vec<BodyDuty>>)>>);

/// What the page of duties shows.
#[derive(Debug)]
pub struct DutiesPage {
    /// The law as the program knows it.
    pub duties: Duties,
    /// The day that deadlines are counted from.
    pub today: Date,
    /// Bodies that meet the conditions.
    pub bodies: Vec<BodyDuty>,
}

fn standings(state: &AppState) -> Result<Arc<Vec<BodyDuty>>, Problem> {
    let mut kept = state.standings.0.lock().unwrap_or_else(PoisonError::into_inner);
    let version = state.store.version()?;
    if let Some((_, bodies)) = kept.as_ref().filter(|(then, _)| *then == version) {
        return Ok(Arc::clone(bodies));
    }
    let all = Arc::new(all_duties(&*state.store, &Duties::embedded(), Visibility::Public)?);
    *kept = Some((version, Arc::clone(&all)));
    Ok(all)
}

/// `/duties`.
pub fn duties(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&["country"])?;
    let offer = ask.format(TABLES)?;
    let country = ask.params.get("country").filter(|c| !c.is_empty()).map(str::to_uppercase);
    let all = standings(state)?;
    let fits = |body: &&BodyDuty| country.as_ref().is_none_or(|c| body.country == *c);
    let bodies: Vec<BodyDuty> = all.iter().filter(fits).cloned().collect();
    let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    let links = ask.links(TABLES, offer);
    let page = DutiesPage { duties: Duties::embedded(), today, bodies };
    match offer.format {
        Format::Html => Ok(html(portal::duties_page(&page, &ask.page(state, &links)))),
        Format::Csv => Ok(respond(CSV, feature::table(page.bodies.iter().map(row)))),
        Format::Json => {
            let calendar: Vec<Value> = ["state database", "operator study"]
                .into_iter()
                .flat_map(|duty| page.duties.calendar(duty, today))
                .map(|(d, days)| {
                    let unverified = d.status == Status::Unverified;
                    json!({ "duty": d.duty, "what": d.what, "law": d.law, "date": d.date, "days": days, "unverified": unverified })
                })
                .collect();
            let document = json!({
                "version": page.duties.version, "today": today, "calendar": calendar,
                "bodies": page.bodies, "links": links_json(&links),
            });
            Ok(respond(offer.media, document.to_string()))
        }
    }
}

fn row(body: &BodyDuty) -> Feature<'_> {
    let (filled, asked) = body.completeness.score();
    let missing: Vec<String> = body.completeness.missing().map(|i| i.item.clone()).collect();
    let word = |value: String| feature::Value::Text(value.into());
    Feature {
        id: (&body.id).into(),
        place: None,
        properties: vec![
            ("name", (&body.name).into()),
            ("country", (&body.country).into()),
            ("scope", word(portal::scope_word(body.standing.scope).to_owned())),
            ("ground", (&body.standing.ground).into()),
            ("ground_unverified", body.standing.unverified.into()),
            ("filled", (filled as u64).into()),
            ("asked", (asked as u64).into()),
            ("shows", body.shows.into()),
            ("signed", word(body.signed_words())),
            ("missing", word(missing.join("; "))),
        ],
    }
}
