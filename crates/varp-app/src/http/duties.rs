//! `/duties`: how the register stands against the law.

use std::sync::Arc;

use axum::response::Response;
use jiff::civil::Date;
use serde_json::{Value, json};
use varp_engine::duty::Duties;
use varp_model::{Status, Visibility};

use super::AppState;
use super::answer::{LongObject, html, respond};
use super::ask::Ask;
use super::collections::links_json;
use super::feature::{self, Feature};
use super::negotiate::{CSV, Format, TABLES};
use super::problem::Problem;
use crate::jobs::{BodyDuty, all_duties};
use crate::portal;

/// What the page of duties shows.
#[derive(Debug)]
pub struct DutiesPage<'a> {
    /// The law as the program knows it.
    pub duties: Duties,
    /// The day that deadlines are counted from.
    pub today: Date,
    /// Bodies that meet the conditions.
    pub bodies: Vec<&'a BodyDuty>,
}

fn standings(state: &AppState) -> Result<Arc<Vec<BodyDuty>>, Problem> {
    let store = &*state.store;
    state
        .standings
        .answer(store, (), || Ok(all_duties(store, &Duties::embedded(), Visibility::Public)?))
}

/// `/duties`.
pub fn duties(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&["country"])?;
    let offer = ask.format(TABLES)?;
    let country = ask.params.get("country").filter(|c| !c.is_empty()).map(str::to_uppercase);
    let all = standings(state)?;
    let fits = |body: &&BodyDuty| country.as_ref().is_none_or(|c| body.country == *c);
    let bodies: Vec<&BodyDuty> = all.iter().filter(fits).collect();
    let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    let links = ask.links(TABLES, offer);
    let page = DutiesPage { duties: Duties::embedded(), today, bodies };
    match offer.format {
        Format::Html => Ok(html(portal::duties_page(&page, &ask.page(state, &links)))),
        Format::Csv => Ok(respond(CSV, feature::table(page.bodies.iter().copied().map(row)))),
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
                "links": links_json(&links),
            });
            Ok(LongObject::of(&document).with("bodies", &page.bodies)?.respond(offer.media))
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
