//! Sites: the list and one site.

use maud::{Markup, html};
use serde_json::json;
use varp_store::{Page, SitePage};

use super::bodies;
use super::language::Message as M;
use super::list::{Column, List};
use super::quantity::range_of;
use super::view::{Head, View};
use crate::http::PageContext;

const DOOR: &str = "/collections/sites/items";

/// List of sites.
pub fn sites_page(value: &Page<SitePage>, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let list = List {
        title: M::Sites,
        about: M::SitesAbout,
        door: DOOR,
        columns: &[M::Name, M::Country, M::Municipality, M::AlsoKnownAs].map(Column::Words),
    };
    list.page(&view, value, |item| {
        let site = &item.site;
        html! {
            th scope="row" { a href=(view.item("sites", site.id)) { (site.name) } }
            td data-label=(view.text(M::Country)) { (view.country(site.country.code())) }
            td data-label=(view.text(M::Municipality)) { (site.municipality.as_deref().unwrap_or("–")) }
            td data-label=(view.text(M::AlsoKnownAs)) {
                (if site.aliases.is_empty() { "–".to_owned() } else { site.aliases.join(" · ") })
            }
        }
    })
}

/// One site.
pub fn site_page(value: &SitePage, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let site = &value.site;
    let country = view.country(site.country.code());
    let title = format!("{}, {country}", site.name);
    let head = Head {
        description: title.clone(),
        title: title.clone(),
        door: DOOR,
        data: Some(linked_data(value, &view)),
        map: false,
        island: None,
    };
    view.page(
        &head,
        &html! {
            article .record {
                nav .crumbs aria-label=(view.text(M::NavCrumbs)) {
                    ol { li { a href=(view.href_with(DOOR, &[("country", site.country.code())])) { (country) } } }
                }
                h1 { (site.name) }
                p .lead {
                    (view.say(M::Site))
                    @if let Some(municipality) = &site.municipality { " · " (municipality) }
                    " · " (country)
                }
                @if !site.aliases.is_empty() {
                    p .aliases { (view.say(M::AlsoKnownAs)) " " (site.aliases.join(" · ")) }
                }
                div .columns {
                    div .main { (main_column(value, &view)) }
                    div .aside {
                        section {
                            h2 { (view.say(M::Where)) }
                            @if let Some(position) = &site.position {
                                (view.locator_map(position.place, "deposit", &site.name))
                            }
                            (view.coordinates(site.position.as_ref(), site.country))
                        }
                        section {
                            h2 { (view.say(M::Download)) }
                            (view.downloads(&[(view.text(M::BodiesCsv), view.href_with(
                                "/collections/bodies/items",
                                &[("site", &site.id.to_string()), ("f", "csv")]))]))
                        }
                        (view.cite(&title))
                    }
                }
            }
        },
    )
}

fn main_column(value: &SitePage, view: &View<'_>) -> Markup {
    let site = &value.site;
    let numbers = value.claims.iter().any(|c| range_of(c).is_some());
    html! {
        section #bodies {
            h2 { (view.say(M::Bodies)) }
            @if value.bodies.is_empty() {
                p { (view.unknown(M::WhyNoBodies)) }
            } @else {
                @let scale = bodies::mass_scale(&value.bodies);
                table .list {
                    thead { tr {
                        @for name in [M::Name, M::Mass, M::Materials, M::Period] {
                            th scope="col" { (view.say(name)) }
                        }
                    } }
                    tbody { @for item in &value.bodies { tr { (bodies::row_of_site(item, scale, view)) } } }
                }
            }
        }
        section #facts {
            h2 { (view.say(M::Facts)) }
            @if let Some(note) = &site.note { p { (note) } }
            (view.record_origin(site.source, &site.locator, site.licence.as_ref(), &value.sources))
        }
        @if numbers {
            section #quantities {
                h2 { (view.say(M::Quantities)) } (view.quantities(&value.claims, &value.sources))
            }
        }
        @if value.claims.iter().any(|c| range_of(c).is_none()) {
            section #statements {
                h2 { (view.say(M::Statements)) } (view.statements(&value.claims, &value.sources))
            }
        }
        section #sources { h2 { (view.say(M::NavSources)) } (view.source_list(&value.sources)) }
    }
}

fn linked_data(value: &SitePage, view: &View<'_>) -> serde_json::Value {
    let site = &value.site;
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Place",
        "@id": format!("{}{}", view.context.base, view.context.path),
        "name": site.name,
        "alternateName": site.aliases,
        "identifier": site.id.to_string(),
        "address": {
            "@type": "PostalAddress",
            "addressCountry": site.country.code(),
            "addressLocality": site.municipality,
        },
    });
    if let Some(position) = &site.position {
        data["geo"] = json!({
            "@type": "GeoCoordinates",
            "latitude": position.place.latitude(),
            "longitude": position.place.longitude(),
        });
    }
    data
}
