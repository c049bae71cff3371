//! A body with all that is known of it.

use maud::{Markup, html};
use serde_json::json;
use varp_model::{Body, Substance};
use varp_store::{BodyItem, BodyPage};

use super::kind;
use super::language::Message as M;
use super::number;
use super::view::{Head, View};
use crate::http::PageContext;

/// One body.
pub fn body_page(value: &BodyPage, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let body = &value.item.body;
    let country = view.country(value.site.country.code());
    let kind_name = view.kind(&body.kind.0);
    let title = format!("{}, {kind_name}", body.name);
    let head = Head {
        description: format!("{title}, {}, {country}", value.site.name),
        title,
        door: "/collections/bodies/items",
        data: Some(linked_data(value, &view)),
        map: false,
    };
    let citation = format!("{} ({kind_name}), {}, {country}", body.name, value.site.name);
    let quantities = view.href_with(
        "/collections/quantities/items",
        &[("body", &body.id.to_string()), ("f", "csv")],
    );
    view.page(
        &head,
        &html! {
            article .record {
                (heading(value, &view, kind_name, country))
                (view.key_figures(&value.item.key_figures))
                div .columns {
                    div .main { (main_column(value, &view)) }
                    div .aside {
                        section {
                            h2 { (view.say(M::Where)) }
                            @if let Some(position) = &body.position {
                                (view.locator_map(position.place, &body.kind.0, &body.name))
                            }
                            (view.coordinates(body.position.as_ref(), value.site.country))
                        }
                        section {
                            h2 { (view.say(M::Download)) }
                            (view.downloads(&[(view.text(M::QuantitiesCsv), quantities)]))
                        }
                        (view.cite(&citation))
                    }
                }
            }
        },
    )
}

fn heading(value: &BodyPage, view: &View<'_>, kind_name: &str, country: &str) -> Markup {
    let body = &value.item.body;
    html! {
        nav .crumbs aria-label=(view.text(M::NavCrumbs)) {
            ol {
                li { a href=(view.href_with("/collections/bodies/items",
                    &[("country", value.site.country.code())])) { (country) } }
                li { a href=(view.item("sites", value.site.id)) { (value.site.name) } }
            }
        }
        h1 { (kind::glyph(&body.kind.0)) " " (body.name) }
        p .lead {
            (super::claims::first_letter_up(kind_name)) " · "
            a href=(view.item("sites", value.site.id)) { (value.site.name) }
            @if let Some(municipality) = &value.site.municipality { ", " (municipality) }
            ", " (country)
            @if let Some(period) = body.period { " · " (number::period(period, view.language)) }
        }
        @if !body.aliases.is_empty() {
            p .aliases { (view.say(M::AlsoKnownAs)) " " (body.aliases.join(" · ")) }
        }
    }
}

fn main_column(value: &BodyPage, view: &View<'_>) -> Markup {
    html! {
        section #facts { h2 { (view.say(M::Facts)) } (facts(value, view)) }
        section #materials { h2 { (view.say(M::Materials)) } (view.materials(&value.item)) }
        section #quantities {
            h2 { (view.say(M::Quantities)) }
            @if value.claims.iter().any(|c| super::quantity::range_of(c).is_some()) {
                (view.quantities(&value.claims, &value.sources))
            } @else {
                p { (view.unknown(M::WhyNoQuantity)) }
            }
        }
        @if value.claims.iter().any(|c| super::quantity::range_of(c).is_none()) {
            section #statements {
                h2 { (view.say(M::Statements)) }
                (view.statements(&value.claims, &value.sources))
            }
        }
        section #samples { h2 { (view.say(M::Samples)) } (super::samples::of_body(value, view)) }
        section #sources { h2 { (view.say(M::NavSources)) } (view.source_list(&value.sources)) }
    }
}

fn facts(value: &BodyPage, view: &View<'_>) -> Markup {
    let body = &value.item.body;
    let coded = |list: &str, code: Option<&str>| match code {
        Some(code) => {
            let entry = view.references().list(list).and_then(|l| l.get(code));
            html! { (entry.map_or(code, |e| e.label(view.language.code()))) }
        }
        None => view.unknown(M::WhyNotStated),
    };
    html! {
        dl .facts {
            dt { (view.say(M::Kind)) } dd { (view.kind(&body.kind.0)) }
            dt { (view.say(M::Period)) }
            dd { @match body.period {
                Some(period) => (number::period(period, view.language)),
                None => (view.unknown(M::WhyNotStated)),
            } }
            dt { (view.say(M::MineStatus)) } dd { (coded("mine_status", body.status.as_deref())) }
            @if !body.kind.is_primary() {
                dt { (view.say(M::Storage)) }
                dd { (coded("waste_storage", body.storage.as_deref())) }
                dt { (view.say(M::ListOfWaste)) } dd {
                    @if let Some(code) = &body.list_of_waste { code { (code) } " " }
                    (coded("list_of_waste", body.list_of_waste.as_deref()))
                }
                dt { (view.say(M::OriginalDeposit)) }
                dd { @match body.origin_deposit {
                    Some(id) => { a href=(view.item("bodies", id)) { (view.say(M::OriginalDepositLink)) } }
                    None => (view.unknown(M::WhyNotStated)),
                } }
            }
            dt { (view.say(M::DepositType)) }
            dd { @match &body.deposit_type {
                Some(words) => (words), None => (view.unknown(M::WhyNotStated)),
            } }
            @if let Some(note) = &body.note { dt { (view.say(M::Note)) } dd { (note) } }
            @if !value.zones.is_empty() {
                dt { (view.say(M::Zones)) }
                dd { (value.zones.iter().map(|z| z.name.as_str()).collect::<Vec<_>>().join(" · ")) }
            }
            @if !value.holes.is_empty() {
                dt { (view.say(M::Holes)) } dd { (view.count(value.holes.len() as u64)) }
            }
        }
        (view.record_origin(body.source, &body.locator, body.licence.as_ref(), &value.sources))
    }
}

fn linked_data(value: &BodyPage, view: &View<'_>) -> serde_json::Value {
    let body = &value.item.body;
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Place",
        "@id": format!("{}{}", view.context.base, view.context.path),
        "name": body.name,
        "alternateName": body.aliases,
        "identifier": body.id.to_string(),
        "additionalType": view.kind(&body.kind.0),
        "containedInPlace": {
            "@type": "Place",
            "name": value.site.name,
            "address": { "@type": "PostalAddress", "addressCountry": value.site.country.code() },
        },
        "subjectOf": value.sources.iter().map(|source| json!({
            "@type": "CreativeWork", "name": source.title,
        })).collect::<Vec<_>>(),
    });
    if let Some(position) = &body.position {
        data["geo"] = json!({
            "@type": "GeoCoordinates",
            "latitude": position.place.latitude(),
            "longitude": position.place.longitude(),
        });
    }
    data
}

/// Commodities that a body is about: mined ones first, then those that assays or claims witness.
pub fn commodities_of<'a>(
    item: &'a BodyItem,
    view: &View<'a>,
) -> Vec<(&'a varp_model::Commodity, bool)> {
    let references = view.references();
    let mined = |body: &'a Body| body.commodities.iter().filter_map(|c| references.commodity(c));
    let mut all: Vec<_> = mined(&item.body).map(|c| (c, true)).collect();
    for code in &item.substances {
        let Ok(substance) = Substance::parse(code, references) else { continue };
        for commodity in references.commodities_of(&substance) {
            if !all.iter().any(|(known, _)| known.code == commodity.code) {
                all.push((commodity, false));
            }
        }
    }
    all
}
