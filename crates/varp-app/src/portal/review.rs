//! What was searched in documents about a body, and whether the stage *documented* is closed.

use maud::{Markup, html};

use super::language::Message as M;
use super::number;
use super::view::View;
use crate::jobs::{Finding, Searched};

/// What was searched, found or not, and what no document has answered yet.
pub fn section(searched: &Searched, view: &View<'_>) -> Markup {
    let closed = searched.statements.iter().find_map(|s| match &s.finding {
        Finding::Closed { signed, because } => Some((signed, because, s.date.as_deref())),
        _ => None,
    });
    let date = |text: Option<&str>| {
        let known = text.and_then(|t| t.parse().ok());
        known
            .map_or_else(|| text.unwrap_or_default().to_owned(), |d| number::date(d, view.language))
    };
    html! {
        section #review {
            h2 { (view.say(M::WhatWasSearched)) }
            @match closed {
                Some((signed, because, day)) => p {
                    (view.fill(M::StageClosed, &[("signed", signed), ("date", &date(day))])) " " (because)
                },
                None => p { (view.say(M::StageOpen)) },
            }
            @if searched.statements.is_empty() {
                p { (view.unknown(M::WhyNotSearched)) }
            } @else {
                ul .searched {
                    @for statement in &searched.statements {
                        @if !matches!(statement.finding, Finding::Closed { .. }) {
                            li {
                                @if statement.finding == Finding::Nothing {
                                    span .status { (view.say(M::NothingFound)) } " "
                                }
                                (statement.text)
                                " " span .small {
                                    (statement.document)
                                    @if let Some(page) = &statement.page { ", " (page) }
                                    @if statement.date.is_some() { ", " (date(statement.date.as_deref())) }
                                }
                            }
                        }
                    }
                }
            }
            @if !searched.open.is_empty() {
                p .small { (view.say(M::NotAnswered)) " "
                    (searched.open.iter().map(|p| view.name_of(p).to_lowercase()).collect::<Vec<_>>().join(", ")) }
            }
        }
    }
}
