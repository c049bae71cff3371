//! The doors to the data: collections, conformance, the description of the API.

use maud::{Markup, html};
use serde_json::Value;

use super::language::Message as M;
use super::number;
use super::view::{Head, View};
use crate::http::{CollectionInfo, PageContext};

/// `/collections`: what the register holds.
pub fn collections_page(value: &[CollectionInfo], context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let head = Head { title: view.text(M::NavData).to_owned(), ..Head::default() };
    view.page(
        &head,
        &html! {
            h1 { (view.say(M::NavData)) }
            p .lead { (view.say(M::DataAbout)) }
            table .list {
                thead { tr {
                    th scope="col" { (view.say(M::Collection)) }
                    th scope="col" .number { (view.say(M::Items)) }
                    th scope="col" { (view.say(M::Download)) }
                } }
                tbody { @for info in value { tr { (collection_row(info, &view)) } } }
            }
            p { a href=(view.href("/api.html")) { (view.say(M::ApiDescription)) } " · "
                a href=(view.href("/conformance")) { (view.say(M::Conformance)) } }
            (view.downloads(&[]))
        },
    )
}

fn collection_row(info: &CollectionInfo, view: &View<'_>) -> Markup {
    let items = format!("/collections/{}/items", info.id);
    html! {
        th scope="row" {
            a href=(view.href(&items)) { (info.title) }
            span .small .block { (info.description) }
        }
        td .number data-label=(view.text(M::Items)) {
            (info.count.map_or_else(|| "–".to_owned(), |count| view.count(count)))
        }
        td data-label=(view.text(M::Download)) {
            a .button href=(format!("{items}?f=csv")) { "CSV" } " "
            a .button href=(format!("{items}?f=geojson&limit=1000")) { "GeoJSON" }
        }
    }
}

/// `/collections/ID`: one collection and how to ask it.
pub fn collection_page(value: &CollectionInfo, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let head = Head {
        title: value.title.to_owned(),
        description: value.description.to_owned(),
        ..Head::default()
    };
    view.page(
        &head,
        &html! {
            h1 { (value.title) }
            p .lead { (value.description) }
            dl .facts {
                dt { (view.say(M::Items)) }
                dd { (value.count.map_or_else(|| "–".to_owned(), |count| view.count(count))) }
                @if let Some(extent) = value.extent {
                    dt { (view.say(M::Extent)) }
                    dd {
                        @for (name, degrees) in [("W", extent.west), ("S", extent.south),
                            ("E", extent.east), ("N", extent.north)] {
                            (name) " " (number::fixed(degrees, 3, view.language)) "° "
                        }
                    }
                }
            }
            p { a .button href=(view.href(&format!("/collections/{}/items", value.id))) {
                (view.say(M::Items)) } }
            (view.downloads(&[]))
        },
    )
}

/// `/conformance`: the conformance classes met.
pub fn conformance_page(value: &[&str], context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let head = Head { title: view.text(M::Conformance).to_owned(), ..Head::default() };
    view.page(
        &head,
        &html! {
            h1 { (view.say(M::Conformance)) }
            ul { @for class in value { li { code .break { (class) } } } }
            (view.downloads(&[]))
        },
    )
}

/// `/api.html`: the OpenAPI document for readers.
pub fn api_page(value: &Value, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let head = Head { title: view.text(M::ApiDescription).to_owned(), ..Head::default() };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let paths = value["paths"].as_object().into_iter().flatten();
    view.page(
        &head,
        &html! {
            h1 { (text(&value["info"]["title"])) }
            p .lead { (text(&value["info"]["description"])) }
            p { a .button href="/api" { "OpenAPI 3.0" } }
            @for (path, operations) in paths {
                @for (method, operation) in operations.as_object().into_iter().flatten() {
                    @if operation.get("responses").is_some() {
                        section .operation {
                            h2 { code { (method.to_uppercase()) " " (path) } }
                            p { (text(&operation["summary"])) " " (text(&operation["description"])) }
                            (parameters(value, operation, &view))
                        }
                    }
                }
            }
        },
    )
}

fn parameters(document: &Value, operation: &Value, view: &View<'_>) -> Markup {
    let resolve = |parameter: &Value| match parameter["$ref"].as_str() {
        Some(reference) => {
            document.pointer(reference.trim_start_matches('#')).cloned().unwrap_or_default()
        }
        None => parameter.clone(),
    };
    let all: Vec<Value> =
        operation["parameters"].as_array().into_iter().flatten().map(resolve).collect();
    html! {
        @if !all.is_empty() {
            details {
                summary { (view.say(M::Parameters)) " (" (all.len()) ")" }
                dl .facts {
                    @for parameter in &all {
                        dt { code { (parameter["name"].as_str().unwrap_or_default()) } }
                        dd { (parameter["description"].as_str().unwrap_or_default()) }
                    }
                }
            }
        }
    }
}
