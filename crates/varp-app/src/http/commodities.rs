//! `/commodities` and `/commodities/{code}`: raw materials, the lists that name them, where they
//! are.

use std::num::NonZeroUsize;

use axum::response::Response;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use varp_model::{Commodity, CrmEntry, CrmList, References, Status};
use varp_store::{PageLimit, Query};

use super::AppState;
use super::answer::{html, respond};
use super::ask::Ask;
use super::collections::links_json;
use super::link::Link;
use super::material::filter_of_commodity;
use super::negotiate::{Format, GEOJSON, PLAIN};
use super::page::CommodityPage;
use super::problem::Problem;
use super::query::everything;
use crate::jobs::classes::{Adding, totals};
use crate::portal;

/// Bodies shown with a commodity; the link `items` leads to all.
const BODIES: NonZeroUsize = NonZeroUsize::new(100).expect("not zero");

/// `/commodities`.
pub fn commodities(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let offer = ask.format(PLAIN)?;
    let links = ask.links(PLAIN, offer);
    let all = &state.references.commodities;
    if offer.format == Format::Html {
        return Ok(html(portal::commodities_page(all, &ask.page(state, &links))));
    }
    let all: Vec<Value> =
        all.iter().map(|commodity| commodity_json(commodity, &state.references)).collect();
    let document = json!({ "commodities": all, "links": links_json(&links) });
    Ok(respond(offer.media, document.to_string()))
}

/// `/commodities/{code}`.
pub fn commodity(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let offer = ask.format(PLAIN)?;
    let code = percent_decode_str(ask.segment(1)).decode_utf8_lossy();
    let commodity = state.references.commodity(&code).ok_or_else(|| {
        Problem::not_found(format!("There is no commodity \"{code}\"; /commodities lists them."))
    })?;
    let mut links = ask.links(PLAIN, offer);
    let params = super::Params::default().with("material", Some(&commodity.code));
    let items = ask.url(&format!("/collections/bodies/items{}", params.to_query()));
    links.push(Link::new(items, "items", GEOJSON, "bodies where it was mined or found"));
    let page = CommodityPage {
        commodity,
        listed: listed(commodity, &state.references),
        bodies: state.store.bodies(&bodies_of(state, commodity)?)?,
        classes: state.inventory()?,
    };
    if offer.format == Format::Html {
        return Ok(html(portal::commodity_page(&page, &ask.page(state, &links))));
    }
    let mut document = commodity_json(commodity, &state.references);
    document["numberOfBodies"] = json!(page.bodies.matched);
    let own: Vec<_> =
        page.classes.iter().filter(|e| e.commodity == commodity.code).cloned().collect();
    document["inventory"] = json!(totals(&own, Adding { by_country: true, across_classes: false }));
    document["links"] = links_json(&links);
    Ok(respond(offer.media, document.to_string()))
}

fn bodies_of(state: &AppState, commodity: &Commodity) -> Result<Query, Problem> {
    let known = &state.snapshot()?.substances;
    let filters = vec![filter_of_commodity(commodity, known, &state.references)];
    Ok(Query { filters, limit: PageLimit(BODIES), count: true, ..everything() })
}

/// Lists that name a commodity, newest first.
fn listed<'a>(
    commodity: &Commodity,
    references: &'a References,
) -> Vec<(&'a CrmList, Vec<&'a CrmEntry>)> {
    let lists = references.crm_lists.iter().rev();
    let entries = lists.map(|list| (list, list.entries_of_commodity(&commodity.code)));
    entries.filter(|(_, entries)| !entries.is_empty()).collect()
}

fn commodity_json(commodity: &Commodity, references: &References) -> Value {
    let lists = listed(commodity, references).into_iter().flat_map(|(list, entries)| {
        entries.into_iter().map(move |entry| {
            json!({
                "list": list.list,
                "material": entry.material,
                "critical": entry.critical,
                "strategic": entry.strategic,
                "form": entry.form,
                "verified": entry.status == Status::Verified,
            })
        })
    });
    json!({
        "code": commodity.code,
        "name": {
            "en": commodity.en, "fi": commodity.fi, "sv": commodity.sv,
            "nb": commodity.nb, "da": commodity.da, "is": commodity.is,
        },
        "group": commodity.group,
        "substances": commodity.substances.split_whitespace().collect::<Vec<_>>(),
        "lists": lists.collect::<Vec<_>>(),
        "verified": commodity.status == Status::Verified,
    })
}
