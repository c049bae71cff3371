//! Bodies side by side.

use std::collections::BTreeSet;

use maud::{Markup, html};
use varp_engine::classify::Entry;

use super::super::kind;
use super::super::language::Message as M;
use super::super::view::{Head, View};
use super::page::{choices, forms};
use super::{contained, standing, tonnes};
use crate::http::{COMPARE_PARAMETERS, ComparePage, PageContext};
use crate::jobs::classes::ClassView;

/// Most bodies that a choice offers.
const MOST_OFFERED: usize = 300;

/// Two to five bodies in columns.
pub fn compare_page(value: &ComparePage, context: &PageContext<'_>) -> Markup {
    let views = &value.views;
    let view = View::new(context);
    let title = view.text(M::CompareBodies);
    let head = Head {
        title: title.to_owned(),
        description: view.text(M::CompareAbout).to_owned(),
        door: "/classes",
        ..Head::default()
    };
    let products: BTreeSet<&str> =
        views.iter().flat_map(|v| &v.products).map(|(e, ..)| e.product.as_str()).collect();
    view.page(
        &head,
        &html! {
            h1 { (title) }
            p .lead { (view.say(M::CompareAbout)) }
            (forms("/classes/compare", &view))
            (choice(value, &view))
            @if views.is_empty() { (examples(&value.entries, &view)) }
            @else {
                div .scroll tabindex="0" role="group" aria-label=(title) {
                    table .compare {
                        thead { tr {
                            td { }
                            @for one in views {
                                th scope="col" {
                                    (kind::glyph(&one.item.body.kind.0)) " "
                                    a href=(view.item("bodies", one.item.body.id)) { (one.item.body.name) }
                                    " " a .small href=(without(views, one, &view))
                                        aria-label=(view.fill(M::RemoveFilter, &[("name", &one.item.body.name)])) { "×" }
                                }
                            }
                        } }
                        tbody {
                            tr { th scope="row" { (view.say(M::Kind)) }
                                @for one in views { td { (view.kind(&one.item.body.kind.0)) ", "
                                    (view.country(one.item.country.code())) } } }
                            tr { th scope="row" { (view.say(M::Mass)) }
                                @for one in views { td { (mass(one, &view)) } } }
                            @for product in products {
                                tr {
                                    th scope="row" { (product) }
                                    @for one in views { td { (cell(one, product, &view)) } }
                                }
                            }
                        }
                    }
                }
            }
            (view.downloads(&[]))
            (view.cite(title))
        },
    )
}

/// Five choices of a body, narrowed by country and raw material.
fn choice(value: &ComparePage, view: &View<'_>) -> Markup {
    let mut bodies: Vec<(&str, &str, &str)> = value
        .entries
        .iter()
        .map(|e| (e.name.as_str(), e.body.as_str(), e.country.as_str()))
        .chain(value.views.iter().filter_map(|one| {
            let (first, ..) = one.products.first()?;
            Some((first.name.as_str(), first.body.as_str(), first.country.as_str()))
        }))
        .collect();
    bodies.sort_unstable();
    bodies.dedup();
    let count = bodies.len().to_string();
    html! {
        p .small { (view.say(M::ChooseBodies)) }
        form .filters action="/classes/compare" {
            (view.kept_language())
            (choices(&value.commodities, view))
            @if bodies.len() > MOST_OFFERED {
                p .small { (view.fill(M::ChooseFewer, &[("count", &count)])) }
            } @else {
                @for (at, name) in COMPARE_PARAMETERS[1..].iter().enumerate() {
                    @let chosen = value.views.get(at).map(|one| one.item.body.id.to_string());
                    @let number = (at + 1).to_string();
                    div .field {
                        label for=(name) { (view.fill(M::BodyNumber, &[("number", &number)])) }
                        select id=(name) name=(name) {
                            option value="" { "–" }
                            @for (name, id, country) in &bodies {
                                option value=(id) selected[chosen.as_deref() == Some(*id)] {
                                    (name) " (" (country) ")"
                                }
                            }
                        }
                    }
                }
            }
            button type="submit" { (view.say(M::Show)) }
        }
    }
}

fn mass(one: &ClassView, view: &View<'_>) -> Markup {
    match one.products.first().and_then(|(entry, ..)| entry.mass_t) {
        Some(mass) => html! { (tonnes(mass, view)) },
        None => html! { span .unknown { (view.say(M::Unknown)) } },
    }
}

fn cell(one: &ClassView, product: &str, view: &View<'_>) -> Markup {
    let Some((entry, ..)) = one.products.iter().find(|(e, ..)| e.product == product) else {
        return html! { "–" };
    };
    html! {
        span .unfc { (entry.code) } span .small .block { (entry.class_words()) }
        div { (contained(entry.contained.as_ref(), view)) }
        div { (standing(entry, view)) }
    }
}

fn without(views: &[ClassView], gone: &ClassView, view: &View<'_>) -> String {
    let others = views.iter().filter(|one| one.item.body.id != gone.item.body.id);
    let ids: Vec<String> = others.map(|one| one.item.body.id.to_string()).collect();
    view.href_with("/classes/compare", &[("bodies", &ids.join(","))])
}

/// Where nothing is chosen: for each commodity with both kinds, the largest bodies of each.
fn examples(all: &[Entry], view: &View<'_>) -> Markup {
    let commodities: BTreeSet<&str> = all.iter().map(|e| e.commodity.as_str()).collect();
    let best = |e: &Entry| {
        let own = e.contained.as_ref();
        own.and_then(|c| c.best.map(|b| b * c.size.as_ref().map_or(1.0, |s| s.factor)))
    };
    let largest = |commodity: &str, primary: bool| {
        let mut own: Vec<&Entry> = all
            .iter()
            .filter(|e| e.commodity == commodity && e.primary == primary && best(e).is_some())
            .collect();
        own.sort_by(|a, b| best(b).partial_cmp(&best(a)).unwrap_or(std::cmp::Ordering::Equal));
        // a body with two products of one commodity stands here once, with the larger
        let mut seen = BTreeSet::new();
        own.retain(|e| seen.insert(&e.body));
        own.truncate(2);
        own
    };
    html! {
        p { (view.say(M::CompareHow)) }
        ul {
            @for commodity in commodities {
                @let chosen: Vec<&Entry> = [largest(commodity, true), largest(commodity, false)].concat();
                @if chosen.iter().any(|e| e.primary) && chosen.iter().any(|e| !e.primary) {
                    @let ids: Vec<&str> = chosen.iter().map(|e| e.body.as_str()).collect();
                    li { a href=(view.href_with("/classes/compare", &[("bodies", &ids.join(","))])) {
                        (commodity) ": " (chosen.iter().map(|e| e.name.as_str()).collect::<Vec<_>>().join(", ")) } }
                }
            }
        }
    }
}
