//! `/collections/bodies/items/{id}/economics`: the screening cash flow behind the E axis of a body.

use axum::response::Response;
use serde_json::json;
use varp_engine::economics::screening::{Assumption, Screening};
use varp_engine::rank::table::Evidence;
use varp_model::{BodyId, Visibility};

use super::AppState;
use super::answer::{html, respond};
use super::ask::Ask;
use super::collections::links_json;
use super::feature::{self, Feature};
use super::item::kept_or;
use super::negotiate::{CSV, Format, TABLES};
use super::problem::Problem;
use crate::jobs::screened;
use crate::portal;

/// `/collections/bodies/items/{id}/economics`.
pub fn economics(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let offer = ask.format(TABLES)?;
    let nothing = || Problem::not_found("There is no body with this id.");
    let id: BodyId = ask.segment(3).parse().map_err(|_| nothing())?;
    let found = screened(&*state.store, id, &state.references, Visibility::Public)?;
    let Some(found) = found else { return kept_or(state, ask, 3, nothing()) };
    let links = ask.links(TABLES, offer);
    match offer.format {
        Format::Html => Ok(html(portal::economics_page(&found, &ask.page(state, &links)))),
        Format::Csv => Ok(respond(CSV, found.screening.as_ref().map(table).unwrap_or_default())),
        Format::Json => {
            let mut document = serde_json::to_value(&found).map_err(|_| Problem::internal())?;
            document["status"] =
                json!("screening: argues no class up as long as it rests on defaults");
            document["terms"] = json!(
                "real, before tax, inputs independent, all products won by one plant together"
            );
            document["links"] = json!(links_json(&links));
            Ok(respond(offer.media, document.to_string()))
        }
    }
}

/// Inputs, then what came out of them, a row each.
fn table(screening: &Screening) -> Vec<u8> {
    let inputs = screening.inputs.iter().map(input);
    let returns = screening.products.iter().map(|p| {
        result(format!("return of {}", p.element), [None, Some(p.return_eur_per_t), None], "EUR/t")
    });
    let even = screening.products.iter().map(|p| {
        let price = [None, p.break_even_eur_per_t, None];
        result(format!("price of {} at which the NPV is zero", p.element), price, "EUR/t")
    });
    let one = |name: &str, value: f64, unit: &'static str| {
        result(name.to_owned(), [None, Some(value), None], unit)
    };
    let npv = &screening.npv;
    let sums = [
        one("net smelter return", screening.return_eur_per_t, "EUR/t"),
        one("cost of operation", screening.operating_eur_per_t, "EUR/t"),
        one("remediation credit", screening.credit_eur_per_t, "EUR/t"),
        one("capital", screening.capital_eur, "EUR"),
        one("rate", screening.rate_t, "t/a"),
        result("NPV".into(), [npv.low, npv.best, npv.high].map(Some), "EUR"),
        one("mean NPV", npv.mean, "EUR"),
        one("chance of an NPV above zero", npv.chance_positive, "1"),
        one("expected loss", npv.expected_loss, "EUR"),
    ];
    let quantiles = npv
        .quantiles
        .iter()
        .enumerate()
        .map(|(at, value)| one(&format!("NPV, {} % quantile", 5 * (at + 1)), *value, "EUR"));
    feature::table(inputs.chain(returns).chain(even).chain(sums).chain(quantiles))
}

fn input(own: &Assumption) -> Feature<'_> {
    let evidence = match own.evidence {
        Evidence::Measured => "measured",
        Evidence::Derived => "derived",
        Evidence::Prior => "prior",
    };
    let values = [own.low, own.best, own.high].map(Some);
    row(own.input.clone(), "input", values, &own.unit, (evidence, &own.source, own.unverified))
}

fn result<'a>(name: String, values: [Option<f64>; 3], unit: &'a str) -> Feature<'a> {
    row(name, "result", values, unit, ("", "", true))
}

fn row<'a>(
    name: String,
    part: &'a str,
    [low, best, high]: [Option<f64>; 3],
    unit: &'a str,
    (evidence, source, unverified): (&'a str, &'a str, bool),
) -> Feature<'a> {
    Feature {
        id: name.into(),
        place: None,
        properties: vec![
            ("part", part.into()),
            ("low", low.into()),
            ("best", best.into()),
            ("high", high.into()),
            ("unit", unit.into()),
            ("evidence", evidence.into()),
            ("source", source.into()),
            ("unverified", unverified.into()),
        ],
    }
}
