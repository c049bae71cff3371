//! A body with all that is known of it.

use maud::{Markup, html};
use serde_json::json;
use varp_model::{Body, Substance};
use varp_store::{BodyItem, BodyPage};

use super::kind;
use super::language::Message as M;
use super::number;
use super::view::{Head, View};
use crate::http::{BodyView, PageContext};

/// One body.
pub fn body_page(shown: &BodyView, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let value = &shown.page;
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
        island: None,
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
                    div .main { (main_column(shown, &view)) }
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

fn main_column(shown: &BodyView, view: &View<'_>) -> Markup {
    let value = &shown.page;
    html! {
        section #facts { h2 { (view.say(M::Facts)) } (facts(value, view)) }
        (super::estimate::section(shown.estimate.as_ref(), view))
        (super::class::section(shown.class.as_ref(), view))
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
        (super::attached::section(&shown.attached, view))
        section #samples { h2 { (view.say(M::Samples)) } (super::samples::of_body(value, view)) }
        @if !value.item.body.kind.is_primary() {
            @if let Some(searched) = &shown.searched { (super::review::section(searched, view)) }
        }
        section #sources { h2 { (view.say(M::NavSources)) } (view.source_list(&value.sources)) }
    }
}

fn facts(value: &BodyPage, view: &View<'_>) -> Markup {
    let body = &value.item.body;
    let label = |list: &str, code: Option<&str>| {
        let entry = |code| view.references().list(list).and_then(|l| l.get(code));
        code.map(|c| html! { (entry(c).map_or(c, |e| e.label(view.language.code()))) })
    };
    let deposit = body.origin_deposit.map(|id| {
        html! { a href=(view.item("bodies", id)) { (view.say(M::OriginalDepositLink)) } }
    });
    let mut facts = vec![
        (M::Kind, Some(html! { (view.kind(&body.kind.0)) })),
        (M::Period, body.period.map(|p| html! { (number::period(p, view.language)) })),
        (M::MineStatus, label("mine_status", body.status.as_deref())),
        (M::DepositType, body.deposit_type.as_ref().map(|words| html! { (words) })),
    ];
    if !body.kind.is_primary() {
        let waste = label("list_of_waste", body.list_of_waste.as_deref());
        let code = body.list_of_waste.as_deref().unwrap_or_default();
        facts.push((M::Storage, label("waste_storage", body.storage.as_deref())));
        facts.push((M::ListOfWaste, waste.map(|words| html! { code { (code) } " " (words) })));
        facts.push((M::OriginalDeposit, deposit));
    }
    let zones = value.zones.iter().map(|z| z.name.as_str()).collect::<Vec<_>>().join(" · ");
    html! {
        dl .facts {
            @for (name, known) in &facts {
                @if let Some(known) = known { dt { (view.say(*name)) } dd { (known) } }
            }
            @if let Some(note) = &body.note { dt { (view.say(M::Note)) } dd { (note) } }
            @if !zones.is_empty() { dt { (view.say(M::Zones)) } dd { (zones) } }
            @if !value.holes.is_empty() {
                dt { (view.say(M::Holes)) } dd { (view.count(value.holes.len() as u64)) }
            }
        }
        (unknown_facts(&facts, view))
        (view.record_origin(body.source, &body.locator, body.licence.as_ref(), &value.sources))
    }
}

/// The facts that no source states, named in one line.
fn unknown_facts(facts: &[(M, Option<Markup>)], view: &View<'_>) -> Markup {
    let names = facts.iter().filter(|(_, known)| known.is_none());
    let names: Vec<String> = names.map(|(name, _)| view.text(*name).to_lowercase()).collect();
    html! {
        @if !names.is_empty() {
            p { span .unknown { (super::claims::first_letter_up(view.text(M::Unknown))) ": " (names.join(", ")) }
                " " span .why { (view.say(M::WhyNotStated)) } }
        }
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
