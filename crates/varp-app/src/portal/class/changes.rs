//! What changed since a class was adopted, or between two days.

use maud::{Markup, html};
use varp_engine::classify::{Changed, Entry, Stale};

use super::super::language::Message as M;
use super::super::view::View;
use super::ladder::evidence;

/// An adopted class on changed evidence: what changed, and what the rules compute now, beside it.
pub fn changes(stale: &Stale, entry: &Entry, view: &View<'_>) -> Markup {
    let computed = stale.computed.as_ref().map(ToString::to_string);
    let adopted = entry.code.to_string();
    html! {
        div .notice {
            p {
                @match &computed {
                    Some(computed) => (view.fill(M::StaleComputed, &[
                        ("date", &stale.adopted), ("adopted", &adopted), ("computed", computed),
                    ])),
                    None => (view.fill(M::StaleGone, &[("date", &stale.adopted), ("adopted", &adopted)])),
                }
            }
            (list(&stale.changed, view))
        }
    }
}

/// What is otherwise, a line each: before, now, on what evidence.
pub fn list(changed: &[Changed], view: &View<'_>) -> Markup {
    let said = |what: &str, value: &Option<String>| match value {
        Some(id) if what == "estimate" => evidence(&format!("estimate {id}"), view),
        Some(value) => view.word(value),
        None => html! { span .unknown { (view.say(M::NotKnown)) } },
    };
    html! {
        ul .changes {
            @for change in changed {
                li {
                    b { (what(&change.what, view)) } ": "
                    (said(&change.what, &change.before)) " → " (said(&change.what, &change.after))
                    @if change.before == change.after { ", " (view.say(M::StaleOtherEvidence)) }
                    @for id in &change.evidence { " " span .small { (evidence(id, view)) } }
                }
            }
        }
    }
}

/// The name of what changed: a property, or one of a few words.
fn what(name: &str, view: &View<'_>) -> Markup {
    match name {
        "rules" | "project" | "product" | "quantity" | "estimate" => view.word(name),
        property => html! { (view.properties(&[property.to_owned()])) },
    }
}
