//! What an estimate was made of, in words; each number leads to the statement it came from.

use maud::{Markup, html};
use varp_model::parse_uuid;

use super::super::language::Message as M;
use super::super::number;
use super::super::view::View;
use crate::jobs::estimate::EstimateView;

/// Doubts, assumptions, the plan, and what computes it again.
pub fn section(estimate: &EstimateView, view: &View<'_>) -> Markup {
    let statement = &estimate.document.statement;
    let result = &estimate.record.result;
    html! {
        @if !(statement.contradictions.is_empty() && statement.warnings.is_empty()) {
            h3 { (view.say(M::Doubts)) }
            ul .reasons lang="en" {
                @for found in &statement.contradictions {
                    li {
                        (linked(&found.says, view))
                        @if !found.causes.is_empty() {
                            ul { @for cause in &found.causes { li { (cause) } } }
                        }
                    }
                }
                @for text in &statement.warnings { li { (linked(text, view)) } }
            }
        }
        @if !statement.beside.is_empty() {
            h3 { (view.say(M::OtherGrounds)) }
            ul .reasons lang="en" { @for text in &statement.beside { li { (linked(text, view)) } } }
        }
        h3 { (view.say(M::Reasons)) }
        ol .reasons lang="en" {
            @for (at, text) in statement.assumptions.iter().enumerate() {
                li id=(format!("reason-{at}")) { (linked(text, view)) }
            }
        }
        details .origin {
            summary { (view.say(M::PlanOfEstimate)) }
            pre lang="en" tabindex="0" { code { (result.plan) } }
        }
        details .origin {
            summary { (view.say(M::HowToReplay)) }
            dl .facts {
                dt { (view.say(M::Identity)) } dd { code .break { (estimate.id) } }
                dt { (view.say(M::Date)) } dd { (estimate.record.time) }
                dt { (view.say(M::Seed)) } dd { (result.seed) }
                dt { (view.say(M::HashOfRecords)) } dd { code .break { (result.inputs) } }
                @for version in &result.versions {
                    dt { (version.name) } dd { code .break { (version.version) } }
                }
            }
            pre tabindex="0" { code { "varp estimate --replay " (estimate.id) } }
        }
        @if estimate.all.len() > 1 {
            details .origin {
                summary { (view.fill(M::OtherEstimates, &[("count", &number::count(estimate.all.len() as u64, view.language))])) }
                ul {
                    @for (id, time) in &estimate.all {
                        li { a href=(view.item("estimates", id)) { (time) }
                            @if *id == estimate.id { " " (view.say(M::ThisOne)) } }
                    }
                }
            }
        }
    }
}

/// Name of an input, leading to the sentence that says where it comes from.
pub fn input(name: &str, estimate: &EstimateView) -> Markup {
    let said = &estimate.document.statement.assumptions;
    let at = said.iter().position(|text| {
        text.strip_prefix(name).is_some_and(|rest| rest.starts_with(':') || rest.starts_with(','))
    });
    html! {
        @match at {
            Some(at) => a href=(format!("#reason-{at}")) { (name) },
            None => (name),
        }
    }
}

/// A sentence in which `[claim UUID]` leads to the claim, with its document, sheet, row and column.
fn linked(text: &str, view: &View<'_>) -> Markup {
    let mut parts: Vec<Markup> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("[claim ") {
        let (before, found) = rest.split_at(start);
        parts.push(html! { (before) });
        let Some(end) = found.find(']') else { break };
        let id = &found["[claim ".len()..end];
        match parse_uuid(id) {
            Some(id) => parts.push(html! {
                a href=(view.item("quantities", id)) { (view.say(M::WhereFrom)) }
            }),
            None => parts.push(html! { (&found[..=end]) }),
        }
        rest = &found[end + 1..];
    }
    parts.push(html! { (rest) });
    html! { @for part in parts { (part) } }
}
