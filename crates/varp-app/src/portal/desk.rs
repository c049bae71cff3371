//! The desk for operators' studies: what came in and is public, against what Art. 27(2) asks.

use maud::{Markup, html};
use varp_engine::duty::Checked;
use varp_model::Status;

use super::duties::{calendar, tabs};
use super::language::Message as M;
use super::view::{Head, View};
use crate::http::{DeskPage, PageContext};

/// Days, what a study must hold, the cases.
pub fn desk_page(value: &DeskPage, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let title = view.text(M::Desk);
    let head = Head {
        title: title.to_owned(),
        description: view.text(M::DeskLead).to_owned(),
        door: "/duties",
        ..Head::default()
    };
    view.page(
        &head,
        &html! {
            h1 { (title) }
            p .lead { (view.say(M::DeskLead)) }
            (tabs("/duties/desk", &view))
            (calendar(&value.duties, value.today, &["operator study"], &view))
            h2 { (view.say(M::DeskCases)) }
            p .small { (view.say(M::DeskPublicOnly)) }
            @if value.cases.is_empty() { p .notice { (view.say(M::DeskNothing)) } }
            @else { (cases(value, &view)) }
            h2 { (view.say(M::StudyHolds)) }
            (asked(value, &view))
            p .small { (view.say(M::DeskKeep)) ":" }
            pre tabindex="0" { code { "varp duty desk TABLE.csv --store" } }
            (view.downloads(&[]))
            (view.cite(title))
        },
    )
}

fn cases(value: &DeskPage, view: &View<'_>) -> Markup {
    html! {
        table .list {
            thead { tr {
                @for name in [M::DeskFacility, M::DeskReceived, M::DeskDue, M::DeskMissing, M::DeskExemption] {
                    th scope="col" { (view.say(name)) }
                }
            } }
            tbody { @for one in &value.cases { tr { (case(one, view)) } } }
        }
    }
}

fn case(one: &Checked, view: &View<'_>) -> Markup {
    let own = &one.case;
    let days = one.days.abs().to_string();
    let when = if one.days < 0 { M::DaysAfterFiling } else { M::DaysBeforeFiling };
    html! {
        th scope="row" {
            @if own.body.is_empty() { (own.facility) }
            @else { a href=(view.item("bodies", &own.body)) { (own.facility) } }
            span .small .block { (own.operator) " · " code { (own.case) } }
        }
        td data-label=(view.text(M::DeskReceived)) {
            @if own.received.is_empty() { span .unknown { (view.say(M::DeskNotReceived)) } }
            @else { (own.received) }
            span .small .block { (view.fill(when, &[("days", &days)])) }
        }
        td data-label=(view.text(M::DeskDue)) { (view.word(one.due.words())) }
        td data-label=(view.text(M::DeskMissing)) {
            @if own.received.is_empty() || one.missing.is_empty() { "–" }
            @else {
                ul .plain { @for (item, law) in &one.missing {
                    li { (view.word(item)) " " span .small { (law) } }
                } }
            }
            @if !one.strange.is_empty() {
                span .small .block { (view.say(M::DeskStrange)) ": " (one.strange.join(", ")) }
            }
        }
        td data-label=(view.text(M::DeskExemption)) {
            @match (own.exemption, own.exemption_evidence.is_empty()) {
                (false, _) => (view.say(M::AnswerNo)),
                (true, true) => { (view.say(M::AnswerYes)) ", " (view.say(M::DeskNoEvidence)) }
                (true, false) => { (view.say(M::AnswerYes)) ": " (own.exemption_evidence) }
            }
        }
    }
}

fn asked(value: &DeskPage, view: &View<'_>) -> Markup {
    html! {
        table .list {
            thead { tr {
                th scope="col" { (view.say(M::AskedFor)) }
                th scope="col" { (view.say(M::Passage)) }
            } }
            tbody {
                @for item in value.duties.study() {
                    tr {
                        th scope="row" { (view.word(&item.item)) }
                        td data-label=(view.text(M::Passage)) {
                            (item.law)
                            @if item.status == Status::Unverified {
                                " " span .chip .unverified { (view.say(M::Unverified)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
