//! Raw materials: the overview and one material.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::json;
use varp_model::{Commodity, CrmEntry, CrmList, Status};

use super::bodies;
use super::claims::first_letter_up;
use super::kind;
use super::language::Message as M;
use super::view::{Head, View};
use crate::http::{CommodityPage, PageContext};

const DOOR: &str = "/commodities";

/// The raw materials, by group, with the newest lists that name them.
pub fn commodities_page(value: &[Commodity], context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let mut groups: BTreeMap<&str, Vec<&Commodity>> = BTreeMap::new();
    for commodity in value {
        groups.entry(&commodity.group).or_default().push(commodity);
    }
    let newest = newest_lists(&view);
    let head = Head {
        title: view.text(M::NavMaterials).to_owned(),
        description: view.text(M::MaterialsAbout).to_owned(),
        door: DOOR,
        ..Head::default()
    };
    view.page(
        &head,
        &html! {
            h1 { (view.say(M::NavMaterials)) }
            p .lead { (view.say(M::MaterialsAbout)) }
            div .groups {
                @for (group, commodities) in &groups {
                    section {
                        h2 { (kind::group_glyph(group)) " " (first_letter_up(group)) }
                        ul .commodities {
                            @for commodity in commodities {
                                li {
                                    a href=(view.href(&format!("/commodities/{}", commodity.code))) {
                                        (view.commodity(commodity))
                                    }
                                    @for list in &newest {
                                        @if let Some(entry) = list.entries_of_commodity(&commodity.code).first() {
                                            " " span .chip .strategic[entry.strategic] { (list.list.replace('-', "\u{a0}")) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            (view.downloads(&[]))
        },
    )
}

/// The newest list of each jurisdiction.
fn newest_lists<'a>(view: &View<'a>) -> Vec<&'a CrmList> {
    let mut newest: BTreeMap<&str, &CrmList> = BTreeMap::new();
    for list in &view.references().crm_lists {
        let known = newest.entry(&list.jurisdiction).or_insert(list);
        if list.year > known.year {
            *known = list;
        }
    }
    newest.into_values().collect()
}

/// One raw material: the lists that name it, the bodies where it was mined or found.
pub fn commodity_page(value: &CommodityPage<'_>, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let commodity = value.commodity;
    let name = first_letter_up(view.commodity(commodity));
    let head = Head {
        title: name.clone(),
        description: format!("{name}: {}", view.text(M::MaterialAbout)),
        door: DOOR,
        data: Some(json!({
            "@context": "https://schema.org",
            "@type": "DefinedTerm",
            "name": commodity.en,
            "termCode": commodity.code,
            "sameAs": [commodity.uri_cgi, commodity.uri_inspire],
        })),
        map: false,
        island: None,
    };
    let items = view.href_with("/collections/bodies/items", &[("material", &commodity.code)]);
    view.page(
        &head,
        &html! {
            article .record {
                h1 { (kind::group_glyph(&commodity.group)) " " (name) }
                p .lead {
                    (commodity.group) " · " code { (commodity.code) }
                    @if commodity.status == Status::Unverified { " · " span .chip { (view.say(M::Unverified)) } }
                }
                section {
                    h2 { (view.say(M::ListsNaming)) }
                    p .small { (view.say(M::ElementOrMaterial)) }
                    @if value.listed.is_empty() { p { (view.say(M::NotListed)) } }
                    @else { (lists(&value.listed, &view)) }
                }
                section {
                    h2 { (view.say(M::WhereMaterial)) }
                    @match value.bodies.matched {
                        Some(all) => {
                            p { a .button href=(items) { (view.fill(M::AllBodies, &[("count", &view.count(all))])) } }
                        }
                        None => { p { a .button href=(items) { (view.say(M::Bodies)) } } }
                    }
                    @if !value.bodies.items.is_empty() {
                        @let scale = bodies::mass_scale(&value.bodies.items);
                        table .list {
                            caption .hidden { (view.say(M::WhereMaterial)) }
                            thead { tr {
                                @for name in [M::Name, M::Site, M::Mass, M::Materials, M::Period] {
                                    th scope="col" { (view.say(name)) }
                                }
                            } }
                            tbody { @for item in &value.bodies.items { tr { (bodies::row(item, scale, &view)) } } }
                        }
                    }
                }
                (super::class::of_commodity(&value.classes, &commodity.code, &view))
                (view.downloads(&[]))
                (view.cite(&name))
            }
        },
    )
}

fn lists(listed: &[(&CrmList, Vec<&CrmEntry>)], view: &View<'_>) -> Markup {
    let level = |entry: &CrmEntry| match (entry.critical, entry.strategic) {
        (_, true) => M::CriticalAndStrategic,
        _ => M::Critical,
    };
    html! {
        table {
            thead { tr {
                @for name in [M::CrmList, M::ListedMaterial, M::Level, M::ListedForm, M::Source] {
                    th scope="col" { (view.say(name)) }
                }
            } }
            tbody {
                @for (list, entries) in listed {
                    @for entry in entries {
                        tr {
                            th scope="row" { (list.jurisdiction) " " (list.year) }
                            td data-label=(view.text(M::ListedMaterial)) { (entry.material) }
                            td data-label=(view.text(M::Level)) { (view.say(level(entry))) }
                            td data-label=(view.text(M::ListedForm)) {
                                @if entry.form.is_empty() { (view.say(M::AnyForm)) } @else { (entry.form) }
                                @if !entry.strategic_form.is_empty() {
                                    br; span .small { (view.say(M::Strategic)) ": " (entry.strategic_form) }
                                }
                            }
                            td .small data-label=(view.text(M::Source)) {
                                (list.source)
                                @if entry.status == Status::Unverified { " · " (view.say(M::Unverified)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
