//! The first page: one sentence, one search box, the map, the same as a list.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::json;
use varp_model::{CrmList, Substance};
use varp_store::{Collection, MapPoint};

use super::claims::first_letter_up;
use super::kind;
use super::language::Message as M;
use super::view::{Head, View};
use crate::chart::{MapFrame, Mark};
use crate::http::{CollectionInfo, Landing, PageContext};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 620.0;
/// Width of the cells in which the drawn map gathers bodies.
const CELL: f64 = 22.0;
/// Bodies that the list beside the map names at first.
const LISTED: usize = 40;

/// The first page.
pub fn landing_page(value: &Landing<'_>, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let chosen: Vec<&MapPoint> = value.points.iter().filter(|p| is_chosen(p, &view)).collect();
    let head = Head {
        title: view.text(M::Tagline).to_owned(),
        description: view.text(M::Explains).to_owned(),
        door: "/",
        data: Some(linked_data(value, &view)),
        map: true,
        island: None,
    };
    view.page(
        &head,
        &html! {
            div .hero {
                h1 { (view.say(M::Explains)) }
                form .big-search role="search" action="/search" {
                    (view.kept_language())
                    label .hidden for="q" { (view.say(M::SearchNames)) }
                    input #q type="search" name="q" placeholder=(view.text(M::SearchNames));
                    button { (view.say(M::Search)) }
                }
                (figures(value, &view))
            }
            section #map .atlas aria-label=(view.text(M::MapOfBodies)) {
                (controls(&view))
                div .map-and-list {
                    (map(&chosen, value.points, &view))
                    (list(&chosen, &view))
                }
            }
        },
    )
}

/// Whether a body meets the conditions in the address.
fn is_chosen(point: &MapPoint, view: &View<'_>) -> bool {
    let params = view.context.params;
    let asked = |name| params.get(name).filter(|value| !value.is_empty());
    let references = view.references();
    let crm = |list: &CrmList| {
        point.commodities.iter().any(|c| !list.entries_of_commodity(c).is_empty())
            || point.substances.iter().any(|s| is_listed(list, s, view))
    };
    let holds = |code: &str| {
        point.commodities.iter().any(|c| c == code)
            || point.substances.iter().any(|s| {
                Substance::parse(s, references)
                    .is_ok_and(|s| references.commodities_of(&s).iter().any(|c| c.code == code))
            })
    };
    asked("country").is_none_or(|code| point.country.code() == code)
        && asked("kind").is_none_or(|kind| point.kind == kind)
        && asked("material").is_none_or(holds)
        && asked("crm").is_none_or(|name| {
            references.crm_lists.iter().find(|list| list.list == name).is_some_and(crm)
        })
}

fn is_listed(list: &CrmList, substance: &str, view: &View<'_>) -> bool {
    let references = view.references();
    Substance::parse(substance, references)
        .is_ok_and(|s| !list.entries_of_substance(&s, references).is_empty())
}

/// Three figures of the register as it is now, each with where it comes from.
fn figures(value: &Landing<'_>, view: &View<'_>) -> Markup {
    let count = |collection: Collection| {
        let info: Option<&CollectionInfo> =
            value.collections.iter().find(|info| info.collection == collection);
        info.and_then(|info| info.count).map_or_else(|| "–".to_owned(), |count| view.count(count))
    };
    html! {
        ul .figures {
            li {
                a href=(view.href("/collections/bodies/items")) {
                    b { (count(Collection::Bodies)) } " " (view.say(M::FigureBodies))
                }
                span .small { (view.fill(M::FigureSites, &[("count", &count(Collection::Sites))])) }
            }
            @if let Some((list, listed)) = on_newest_list(value.points, view) {
                li {
                    a href=(view.href_with("/collections/bodies/items", &[("crm", &list.list)])) {
                        b { (view.count(listed)) } " "
                        (view.fill(M::FigureListed, &[("list", &list.list.replace('-', " "))]))
                    }
                    span .small { (view.say(M::Source)) ": " (first_part(&list.source)) }
                }
            }
            li {
                a href=(view.href("/collections/quantities/items")) {
                    b { (count(Collection::Quantities)) } " " (view.say(M::FigureQuantities))
                }
                span .small {
                    (view.say(M::FigureFrom)) " "
                    a href=(view.href("/collections/sources/items")) {
                        (view.fill(M::FigureSources, &[("count", &count(Collection::Sources))]))
                    }
                }
            }
        }
    }
}

/// The law itself, without who copied it: the page of a raw material has all of it.
fn first_part(source: &str) -> &str {
    source.split(';').next().unwrap_or(source).trim()
}

/// The newest list of the European Union, and how many bodies hold something that it names.
fn on_newest_list<'a>(points: &[MapPoint], view: &View<'a>) -> Option<(&'a CrmList, u64)> {
    let lists = view.references().crm_lists.iter().filter(|list| list.jurisdiction == "EU");
    let newest = lists.max_by_key(|list| list.year)?;
    let mut known: BTreeMap<(bool, &str), bool> = BTreeMap::new();
    let listed = points.iter().filter(|point| {
        let mined = point.commodities.iter().map(|c| (true, c.as_str()));
        let found = point.substances.iter().map(|s| (false, s.as_str()));
        mined.chain(found).any(|(mined, code)| {
            *known.entry((mined, code)).or_insert_with(|| {
                let named = || !newest.entries_of_commodity(code).is_empty();
                if mined { named() } else { is_listed(newest, code, view) }
            })
        })
    });
    Some((newest, listed.count() as u64))
}

/// What the map shows: a form that also works as a question to the list.
fn controls(view: &View<'_>) -> Markup {
    let colour = view.context.params.get("colour").unwrap_or("kind");
    html! {
        form #map-form .filters action="/collections/bodies/items" {
            (view.kept_language())
            (view.country_field()) (view.kind_field()) (view.material_field()) (view.crm_field())
            fieldset .field .colours hidden {
                legend { (view.say(M::ColourBy)) }
                label { input type="radio" name="" value="kind" data-colour checked[colour != "commodity"];
                    " " (view.say(M::Kind)) }
                label { input type="radio" name="" value="commodity" data-colour checked[colour == "commodity"];
                    " " (view.say(M::Material)) }
            }
            button { (view.say(M::ShowAsList)) }
        }
    }
}

fn map(chosen: &[&MapPoint], all: &[MapPoint], view: &View<'_>) -> Markup {
    let places: Vec<(f64, f64)> =
        all.iter().map(|p| (p.place.longitude(), p.place.latitude())).collect();
    let frame = MapFrame::around(&places, WIDTH, HEIGHT, 600e3);
    let marks: Vec<Mark> = cells(chosen, &frame).iter().map(|cell| mark(cell, view)).collect();
    let words = view.fill(M::MapWords, &[("count", &view.count(chosen.len() as u64))]);
    html! {
        div .map-frame {
            div #atlas .map-live data-points="/map/points"
                data-items=(view.href("/collections/bodies/items/")) {
                (frame.draw(&marks, "map", &words))
            }
            p #map-says .small role="status" { (words) }
            (legend(all, view))
            noscript { p .small { (view.say(M::MapNoScript)) } }
        }
    }
}

/// Bodies that fall into one cell of the drawn map.
struct Cell<'a> {
    points: Vec<&'a MapPoint>,
}

#[expect(clippy::cast_possible_truncation, reason = "cells of a window are few")]
fn cells<'a>(points: &[&'a MapPoint], frame: &MapFrame) -> Vec<Cell<'a>> {
    let mut cells: BTreeMap<(i32, i32), Cell<'a>> = BTreeMap::new();
    for point in points {
        let (x, y) = frame.place(point.place.longitude(), point.place.latitude());
        let key = ((x / CELL).floor() as i32, (y / CELL).floor() as i32);
        cells.entry(key).or_insert_with(|| Cell { points: Vec::new() }).points.push(point);
    }
    cells.into_values().collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of bodies are far below 2^52")]
fn mark(cell: &Cell<'_>, view: &View<'_>) -> Mark {
    let n = cell.points.len() as f64;
    let mean = |of: fn(&MapPoint) -> f64| cell.points.iter().map(|p| of(p)).sum::<f64>() / n;
    let drawing = match cell.points[..] {
        [point] => html! {
            a href=(view.item("bodies", point.id)) tabindex="-1" {
                title { (point.name) }
                path class=(format!("shape {}", kind::class(&point.kind))) d=(kind::path(&point.kind)) {}
            }
        },
        [first, ..] => {
            let alike = cell.points.iter().all(|p| p.kind == first.kind);
            let class = if alike { kind::class(&first.kind) } else { "k-mixed".to_owned() };
            html! {
                g class=(format!("cluster {class}")) {
                    circle r=(((5.0 + 2.2 * n.ln()).min(15.0) * 10.0).round() / 10.0) {}
                    text dy="0.35em" { (cell.points.len()) }
                }
            }
        }
        [] => html! {},
    };
    let longitude = mean(|p| p.place.longitude());
    Mark { longitude, latitude: mean(|p| p.place.latitude()), drawing }
}

fn legend(points: &[MapPoint], view: &View<'_>) -> Markup {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for point in points {
        *kinds.entry(&point.kind).or_default() += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut groups: Vec<&str> = Vec::new();
    for commodity in &view.references().commodities {
        let used = || points.iter().any(|p| p.commodities.first() == Some(&commodity.code));
        if !groups.contains(&commodity.group.as_str()) && used() {
            groups.push(&commodity.group);
        }
    }
    html! {
        ul .legend data-legend="kind" aria-label=(view.text(M::Legend)) {
            @for (code, count) in kinds {
                li { (kind::glyph(code)) " " (first_letter_up(view.kind(code))) " "
                    span .small { (view.count(count)) } }
            }
        }
        ul .legend data-legend="commodity" aria-label=(view.text(M::Legend)) hidden {
            @for group in groups {
                li { (kind::group_glyph(group)) " " (first_letter_up(group))
                    @for commodity in view.references().commodities.iter().filter(|c| c.group == group) {
                        data value=(commodity.code) {}
                    }
                }
            }
            li { (kind::group_glyph("unstated")) " " (view.say(M::NotStated)) }
        }
    }
}

fn list(chosen: &[&MapPoint], view: &View<'_>) -> Markup {
    html! {
        div .map-list {
            h2 #list-title { (view.say(M::BodiesInView)) }
            ol #map-items aria-labelledby="list-title" {
                @for point in chosen.iter().take(LISTED) {
                    li {
                        a href=(view.item("bodies", point.id)) { (kind::glyph(&point.kind)) " " (point.name) }
                        span .small { (view.country(point.country.code())) }
                    }
                }
            }
            p { a href=(list_address(view)) { (view.say(M::WholeList)) } }
        }
    }
}

fn list_address(view: &View<'_>) -> String {
    let asked = view.context.params.iter();
    let kept: Vec<(&str, &str)> = asked
        .filter(|(name, value)| {
            ["country", "kind", "material", "crm"].contains(name) && !value.is_empty()
        })
        .collect();
    view.href_with("/collections/bodies/items", &kept)
}

fn linked_data(value: &Landing<'_>, view: &View<'_>) -> serde_json::Value {
    let extent = value
        .collections
        .iter()
        .find_map(|info| info.extent.filter(|_| info.collection == Collection::Bodies));
    let boxed = extent.map(|e| format!("{} {} {} {}", e.south, e.west, e.north, e.east));
    let download = |form: &str, media: &str| {
        json!({
            "@type": "DataDownload",
            "encodingFormat": media,
            "contentUrl": format!("{}/collections/bodies/items?f={form}", view.context.base),
        })
    };
    json!({
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": format!("varp: {}", view.text(M::Tagline)),
        "description": view.text(M::Explains),
        "url": format!("{}/", view.context.base),
        "spatialCoverage": { "@type": "Place", "geo": { "@type": "GeoShape", "box": boxed } },
        "distribution": [download("geojson", "application/geo+json"), download("csv", "text/csv")],
        "isAccessibleForFree": true,
    })
}
