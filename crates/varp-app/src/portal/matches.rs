//! `/matches`: candidates for one thing side by side, with the commands that decide.

use maud::{Markup, html};
use varp_store::Collection;

use super::claims::first_letter_up;
use super::language::Message as M;
use super::view::{Head, View};
use crate::http::{PageContext, Spec};
use crate::jobs::{Pair, Side};

/// The pairs shown, and how many there are.
pub fn matches_page((pairs, all): (&[Pair], usize), context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let head = Head { title: view.text(M::Matches).to_owned(), ..Head::default() };
    view.page(
        &head,
        &html! {
            h1 { (view.say(M::Matches)) }
            p .lead { (view.say(M::MatchesAbout)) }
            p role="status" {
                @if pairs.is_empty() {
                    (view.say(M::MatchesNone))
                } @else {
                    (view.fill(M::ListShowing, &[
                        ("shown", &view.count(pairs.len() as u64)), ("all", &view.count(all as u64)),
                    ]))
                }
            }
            @for pair in pairs { (candidate(pair, &view)) }
        },
    )
}

fn candidate(pair: &Pair, view: &View<'_>) -> Markup {
    let Pair { first, second, .. } = pair;
    let collection = Spec::of(pair.collection).id;
    let noun = if pair.collection == Collection::Sites { M::Site } else { M::Body };
    let command = |decision: &str| {
        format!("varp match --{decision} {} {} --because \"…\"", first.id, second.id)
    };
    let row = |name: M, value: fn(&Side, &View<'_>) -> String| {
        let values = [first, second].map(|side| value(side, view));
        html! {
            @if values.iter().any(|v| !v.is_empty()) {
                tr {
                    th scope="row" { (view.say(name)) }
                    @for value in values { td { (if value.is_empty() { "–" } else { &value }) } }
                }
            }
        }
    };
    html! {
        section .match {
            h2 { (first.name) " / " (second.name) }
            table {
                thead { tr {
                    th scope="col" { (view.say(noun)) }
                    @for side in [first, second] {
                        th scope="col" { a href=(view.item(collection, side.id)) { (side.name) } }
                    }
                } }
                tbody {
                    (row(M::AlsoKnownAs, |side, _| side.aliases.join(" · ")))
                    (row(M::Country, |side, view| {
                        side.country.map_or(String::new(), |c| view.country(c.code()).to_owned())
                    }))
                    (row(M::Site, |side, _| side.site.clone()))
                    (row(M::Kind, |side, view| first_letter_up(view.kind(&side.kind))))
                    (row(M::Period, |side, _| side.period.map_or(String::new(), |p| p.to_string())))
                    (row(M::Coordinates, |side, _| side.place.map_or(String::new(), |p| {
                        format!("{:.4}° N, {:.4}° E", p.latitude(), p.longitude())
                    })))
                    (row(M::Source, |side, _| side.source_title.clone()))
                }
            }
            p { (view.say(M::Because)) ": " span lang="en" { (pair.reasons.join("; ")) } "." }
            dl .commands {
                dt { (view.say(M::MatchesMerge)) }
                dd { code { (command("merge")) } }
                dt { (view.say(M::MatchesApart)) }
                dd { code { (command("apart")) } }
            }
        }
    }
}
