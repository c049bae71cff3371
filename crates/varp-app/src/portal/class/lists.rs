//! The time machine: lists of critical raw materials on two days, and what moved between them.

use jiff::civil::Date;
use maud::{Markup, html};
use varp_engine::classify::Relevance;
use varp_model::Status;

use super::super::kind;
use super::super::language::Message as M;
use super::super::view::{Head, View};
use super::moved;
use super::page::forms;
use crate::http::{ListsPage, PageContext};
use crate::jobs::classes::ListMove;

/// Bodies on the page; the data at the same address have all.
const ROWS: usize = 100;

/// Two days, the materials under the lists of both, the bodies that moved.
pub fn lists_page(value: &ListsPage, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let title = view.text(M::TimeMachine);
    let head = Head {
        title: title.to_owned(),
        description: view.text(M::TimeMachineAbout).to_owned(),
        door: "/classes",
        ..Head::default()
    };
    view.page(
        &head,
        &html! {
            h1 { (title) }
            p .lead { (view.say(M::TimeMachineAbout)) }
            (forms("/classes/lists", &view))
            form .filters action="/classes/lists" {
                (view.kept_language())
                (day("then", M::OnDay, value.then.0, &view))
                (day("now", M::AndOnDay, value.now.0, &view))
                div .field {
                    label for="jurisdiction" { (view.say(M::ListOf)) }
                    select #jurisdiction name="jurisdiction" {
                        @for one in &value.jurisdictions {
                            option value=(one) selected[*one == value.jurisdiction] { (one) }
                        }
                    }
                }
                button type="submit" { (view.say(M::Show)) }
            }
            (held(&value.then, &view))
            (held(&value.now, &view))
            @if value.then.1.is_some() && value.now.1.is_some() {
                h2 { (view.say(M::MaterialsUnderLists)) }
                (materials(value, &view))
                h2 { (view.fill(M::BodiesMoved, &[("count", &value.answer.lists.moves.len().to_string())])) }
                @if value.answer.lists.moves.len() > ROWS {
                    p .small { (view.fill(M::FirstRows, &[("count", &ROWS.to_string())])) }
                }
                (bodies(value, &view))
            }
            h2 { (view.fill(M::ProductsMoved, &[("count", &value.answer.classes.len().to_string())])) }
            p .small { (view.say(M::ProductsMovedAbout)) }
            (moved::products(value, &view))
            (view.downloads(&[]))
            (view.cite(title))
        },
    )
}

fn day(name: &str, label: M, value: Date, view: &View<'_>) -> Markup {
    html! {
        div .field {
            label for=(name) { (view.say(label)) }
            input type="date" id=(name) name=(name) value=(value);
        }
    }
}

fn held((day, list): &(Date, Option<String>), view: &View<'_>) -> Markup {
    let day = day.to_string();
    html! {
        p {
            @match list {
                Some(list) => {
                    (view.fill(M::ListHeld, &[("list", list), ("day", &day)]))
                    @let own = view.references().crm_lists.iter().find(|own| own.list == *list);
                    @if own.is_some_and(|own| own.status == Status::Unverified) {
                        " " span .chip .unverified { (view.say(M::Unverified)) }
                    }
                }
                None => (view.fill(M::NoListHeld, &[("day", &day)])),
            }
        }
    }
}

fn materials(value: &ListsPage, view: &View<'_>) -> Markup {
    let [then, now] = [&value.then, &value.now].map(|(day, _)| day.to_string());
    html! {
        table .list {
            thead { tr {
                th scope="col" { (view.say(M::Substance)) }
                th scope="col" { (then) }
                th scope="col" { (now) }
                th scope="col" .number { (view.say(M::PrimaryDeposit)) }
                th scope="col" .number { (view.say(M::SecondaryResource)) }
            } }
            tbody {
                @for one in &value.answer.lists.substances {
                    tr .moved[one.moved] {
                        th scope="row" { (one.substance) @if one.moved { " " span .chip { (view.say(M::ListMoved)) } } }
                        td data-label=(then) { (says(one.before.as_ref(), view)) }
                        td data-label=(now) { (says(one.after.as_ref(), view)) }
                        td .number data-label=(view.text(M::PrimaryDeposit)) { (one.deposits) }
                        td .number data-label=(view.text(M::SecondaryResource)) { (one.waste) }
                    }
                }
            }
        }
    }
}

fn bodies(value: &ListsPage, view: &View<'_>) -> Markup {
    let [then, now] = [&value.then, &value.now].map(|(day, _)| day.to_string());
    html! {
        table .list {
            thead { tr {
                th scope="col" { (view.say(M::Name)) }
                th scope="col" { (view.say(M::Substance)) }
                th scope="col" { (then) }
                th scope="col" { (now) }
            } }
            tbody {
                @for one in value.answer.lists.moves.iter().take(ROWS) {
                    @for (at, moved) in one.moved.iter().enumerate() {
                        tr .again[at > 0] {
                            th scope="row" { (name(one, view)) }
                            td data-label=(view.text(M::Substance)) { (moved.substance) }
                            td data-label=(then) { (says(moved.before.as_ref(), view)) }
                            td data-label=(now) { (says(moved.after.as_ref(), view)) }
                        }
                    }
                }
            }
        }
    }
}

fn name(one: &ListMove, view: &View<'_>) -> Markup {
    html! {
        (kind::glyph(&one.kind)) " "
        a href=(view.item("bodies", &one.body)) { (one.name) }
        span .small .block { (view.kind(&one.kind)) ", " (view.country(&one.country)) }
    }
}

pub fn says(relevance: Option<&Relevance>, view: &View<'_>) -> Markup {
    let Some(own) = relevance else { return html! { span .unknown { (view.say(M::NotOnList)) } } };
    let level = match (own.critical, own.strategic) {
        (true, true) => M::CriticalAndStrategic,
        (false, true) => M::Strategic,
        _ => M::Critical,
    };
    html! {
        (view.say(level)) ": " (own.material)
        @if !own.form.is_empty() { " (" (own.form) ")" }
        @if own.unverified { " " span .chip .unverified { (view.say(M::Unverified)) } }
    }
}
