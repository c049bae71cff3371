//! Sources: the list, and one source with every fact taken from it.

use maud::{Markup, html};
use serde_json::json;
use varp_model::Source;
use varp_store::{Page, SourcePage};

use super::language::Message as M;
use super::list::{Column, List};
use super::number;
use super::provenance::citation;
use super::quantities;
use super::view::{Head, View};
use crate::http::PageContext;

const DOOR: &str = "/collections/sources/items";

/// List of sources.
pub fn sources_page(value: &Page<Source>, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let list = List {
        title: M::NavSources,
        about: M::SourcesAbout,
        door: DOOR,
        columns: &[M::Title, M::Authors, M::Date, M::Licence].map(Column::Words),
    };
    list.page(&view, value, |source| {
        html! {
            th scope="row" { a href=(view.source(source.id)) { (source.title) } }
            td data-label=(view.text(M::Authors)) { (source.authors.as_deref().unwrap_or("–")) }
            td data-label=(view.text(M::Date)) {
                (source.date.map_or("–".into(), |d| number::date(d, view.language)))
            }
            td data-label=(view.text(M::Licence)) { (source.licence.as_ref().map_or("–", |l| l.0.as_str())) }
        }
    })
}

/// One source.
pub fn source_page(value: &SourcePage, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let source = &value.source;
    let head = Head {
        title: source.title.clone(),
        description: citation(source),
        door: DOOR,
        data: Some(linked_data(source)),
        map: false,
        island: None,
    };
    view.page(
        &head,
        &html! {
            article .record {
                h1 { (source.title) }
                p .lead { (view.say(M::Source)) }
                div .columns {
                    div .main { (facts_taken(value, &view)) }
                    div .aside {
                        section { h2 { (view.say(M::Facts)) } (about(source, &view)) }
                        section { h2 { (view.say(M::Download)) } (view.downloads(&[(
                            view.text(M::QuantitiesCsv),
                            view.href_with("/collections/quantities/items",
                                &[("source", &source.id.to_string()), ("f", "csv")]),
                        )])) }
                        (view.cite(&citation(source)))
                    }
                }
            }
        },
    )
}

fn about(source: &Source, view: &View<'_>) -> Markup {
    let stated = |text: Option<&str>| match text {
        Some(text) => html! { (text) },
        None => view.unknown(M::WhyNotStated),
    };
    html! {
        dl .facts {
            dt { (view.say(M::Authors)) } dd { (stated(source.authors.as_deref())) }
            dt { (view.say(M::Date)) } dd { @match source.date {
                Some(date) => (number::date(date, view.language)),
                None => (view.unknown(M::WhyNotStated)),
            } }
            dt { (view.say(M::Address)) } dd { @match source.address.as_deref() {
                Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
                    a href=(url) rel="external nofollow" { (url) }
                }
                other => (stated(other)),
            } }
            dt { (view.say(M::Licence)) } dd { (stated(source.licence.as_ref().map(|l| l.0.as_str()))) }
            dt { (view.say(M::Reliability)) } dd { (stated(source.reliability.as_deref())) }
            @if let Some(hash) = &source.file_hash {
                dt { "SHA-256" } dd { code .break { (hash) } }
            }
        }
    }
}

fn facts_taken(value: &SourcePage, view: &View<'_>) -> Markup {
    let id = value.source.id.to_string();
    html! {
        section #facts {
            h2 { (view.say(M::FactsTaken)) }
            @if !value.sites.is_empty() {
                h3 { (view.say(M::Sites)) " (" (view.count(value.sites.len() as u64)) ")" }
                ul .inline { @for (site, name) in &value.sites {
                    li { a href=(view.item("sites", site)) { (name) } }
                } }
            }
            @if !value.bodies.is_empty() {
                h3 { (view.say(M::Bodies)) " (" (view.count(value.bodies.len() as u64)) ")" }
                ul .inline { @for (body, name) in &value.bodies {
                    li { a href=(view.item("bodies", body)) { (name) } }
                } }
            }
            @if value.samples > 0 {
                h3 { (view.say(M::Samples)) }
                p { a href=(view.href_with("/collections/samples/items", &[("source", &id)])) {
                    (view.fill(M::SampleCount, &[("count", &view.count(value.samples))]))
                } }
            }
            @if !value.claims.is_empty() {
                h3 { (view.say(M::Claims)) " (" (view.count(value.claims.len() as u64)) ")" }
                table .list {
                    thead { tr {
                        @for name in [M::Of, M::Property, M::Value, M::Terms, M::WhereFrom] {
                            th scope="col" { (view.say(name)) }
                        }
                    } }
                    tbody { @for claim in &value.claims { tr { (quantities::row(claim, view)) } } }
                }
            }
        }
    }
}

fn linked_data(source: &Source) -> serde_json::Value {
    json!({
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "name": source.title,
        "author": source.authors,
        "datePublished": source.date.map(|d| d.to_string()),
        "license": source.licence.as_ref().map(|l| l.0.clone()),
        "url": source.address,
    })
}
