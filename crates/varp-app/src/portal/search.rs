//! `/search?q=`: what was found.

use maud::{Markup, html};
use varp_store::{Collection, SearchHit};

use super::language::Message as M;
use super::view::{Head, View};
use crate::http::{PageContext, Spec};

/// Sites, bodies and sources by words in their names.
pub fn search_page(value: &[SearchHit], context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let words = context.params.get("q").unwrap_or_default();
    let head = Head { title: view.text(M::Search).to_owned(), ..Head::default() };
    view.page(
        &head,
        &html! {
            h1 { (view.say(M::Search)) }
            form .filters role="search" action="/search" {
                (view.kept_language())
                div .field .wide {
                    label for="q" { (view.say(M::Words)) }
                    input #q type="search" name="q" value=(words);
                }
                button { (view.say(M::Search)) }
            }
            @if !words.trim().is_empty() {
                p role="status" {
                    (view.fill(M::Hits, &[("count", &view.count(value.len() as u64)), ("words", words)]))
                }
            }
            @if value.is_empty() && !words.trim().is_empty() { p { (view.say(M::SearchHint)) } }
            ol .hits { @for hit in value { li { (one(hit, &view)) } } }
        },
    )
}

fn one(hit: &SearchHit, view: &View<'_>) -> Markup {
    let kind = match hit.collection {
        Collection::Sites => M::Site,
        Collection::Bodies => M::Body,
        Collection::Sources => M::Source,
        Collection::Samples => M::Sample,
        Collection::Assays => M::Assays,
        Collection::Quantities => M::Quantities,
        Collection::Estimates => M::Estimates,
        Collection::Classifications => M::Classes,
    };
    html! {
        a href=(view.item(Spec::of(hit.collection).id, &hit.id)) { (hit.name) }
        @if let Some(alias) = &hit.alias { " " span .small { "(" (alias) ")" } }
        span .small .block {
            (view.say(kind))
            @if let Some(country) = &hit.country { " · " (view.country(country.code())) }
        }
    }
}
