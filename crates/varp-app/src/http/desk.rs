//! `/duties/desk`: operators' studies of Art. 27(1)-(3) that came in, as far as they are public.

use axum::response::Response;
use jiff::civil::Date;
use serde_json::{Value, json};
use varp_engine::duty::{Checked, Duties, Received, check};
use varp_model::{Status, Visibility};

use super::AppState;
use super::answer::{html, respond};
use super::ask::Ask;
use super::collections::links_json;
use super::feature::{self, Feature};
use super::negotiate::{CSV, Format, TABLES};
use super::problem::Problem;
use crate::jobs::desk_cases;
use crate::portal;

/// What the page of the desk shows.
#[derive(Debug)]
pub struct DeskPage {
    /// The law as the program knows it.
    pub duties: Duties,
    /// The day that deadlines are counted from.
    pub today: Date,
    /// Cases that are public, checked.
    pub cases: Vec<Checked>,
}

/// `/duties/desk`.
pub fn desk(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let offer = ask.format(TABLES)?;
    let duties = Duties::embedded();
    let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    let kept = desk_cases(&*state.store, Visibility::Public)?;
    let cases = kept.iter().map(|case| check(case, &duties, today)).collect();
    let page = DeskPage { duties, today, cases };
    let links = ask.links(TABLES, offer);
    match offer.format {
        Format::Html => Ok(html(portal::desk_page(&page, &ask.page(state, &links)))),
        Format::Csv => {
            // a table without rows keeps its header
            let mut out = Vec::new();
            feature::write_header(
                &mut out,
                &row(&check(&Received::default(), &page.duties, today)),
            );
            page.cases.iter().for_each(|case| feature::write_row(&mut out, &row(case)));
            Ok(respond(CSV, out))
        }
        Format::Json => {
            let asked: Vec<Value> = page
                .duties
                .study()
                .iter()
                .map(|item| {
                    let unverified = item.status == Status::Unverified;
                    json!({ "item": item.item, "law": item.law, "asks": item.asks, "unverified": unverified })
                })
                .collect();
            let calendar: Vec<Value> = page
                .duties
                .calendar("operator study", today)
                .into_iter()
                .map(|(d, days)| {
                    let unverified = d.status == Status::Unverified;
                    json!({ "what": d.what, "law": d.law, "date": d.date, "days": days, "unverified": unverified })
                })
                .collect();
            let document = json!({
                "version": page.duties.version, "today": today, "calendar": calendar, "asked": asked,
                "cases": page.cases.iter().map(case).collect::<Vec<_>>(),
                "public_only": "cases that the authority has not opened are not counted here",
                "links": links_json(&links),
            });
            Ok(respond(offer.media, document.to_string()))
        }
    }
}

fn case(checked: &Checked) -> Value {
    let Checked { case, due, missing, days, strange } = checked;
    json!({
        "case": case.case, "facility": case.facility, "body": case.body, "operator": case.operator,
        "received": case.received, "exemption": case.exemption,
        "exemption_evidence": case.exemption_evidence, "due": due, "days_to_filing": days,
        "missing": missing.iter().map(|(item, law)| json!({ "item": item, "law": law })).collect::<Vec<_>>(),
        "strange": strange,
    })
}

fn row(checked: &Checked) -> Feature<'_> {
    let case = &checked.case;
    let missing: Vec<&str> = checked.missing.iter().map(|(item, _)| item.as_str()).collect();
    Feature {
        id: (&case.case).into(),
        place: None,
        properties: vec![
            ("facility", (&case.facility).into()),
            ("body", (&case.body).into()),
            ("operator", (&case.operator).into()),
            ("received", (&case.received).into()),
            ("due", checked.due.words().into()),
            ("missing", feature::Value::Text(missing.join("; ").into())),
            ("days_to_filing", f64::from(checked.days).into()),
            ("exemption", case.exemption.into()),
            ("exemption_evidence", (&case.exemption_evidence).into()),
        ],
    }
}
