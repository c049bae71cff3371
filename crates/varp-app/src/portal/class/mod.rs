//! Classes: on the page of a body, as a matrix of the register, side by side, as an inventory.

mod changes;
mod compare;
mod inventory;
mod ladder;
mod lists;
mod matrix;
mod moved;
mod page;
mod plot;
mod totals;

use maud::{Markup, html};
use varp_engine::classify::Contained;

use super::language::Message as M;
use super::number;
use super::view::View;

pub use compare::compare_page;
pub use inventory::inventory_page;
pub use ladder::{class_page, section};
pub use lists::lists_page;
pub use page::{class_items_page, classes_page};
pub use totals::of_commodity;

/// Tonnes with three digits and a unit that fits.
pub fn tonnes(value: f64, view: &View<'_>) -> String {
    let (scaled, unit) = match value.abs() {
        v if v >= 1e9 => (value / 1e9, "Gt"),
        v if v >= 1e6 => (value / 1e6, "Mt"),
        v if v >= 1e3 => (value / 1e3, "kt"),
        _ => (value, "t"),
    };
    let decimals = match scaled.abs() {
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        _ => 2,
    };
    format!("{}\u{a0}{unit}", number::fixed(scaled, decimals, view.language))
}

/// A contained quantity: best with its range, or why there is none.
fn contained(contained: Option<&Contained>, view: &View<'_>) -> Markup {
    let Some(own) = contained else {
        return html! { span .unknown { (view.say(M::Unknown)) } };
    };
    html! {
        @match (own.best, own.low, own.high) {
            (Some(best), Some(low), Some(high)) => {
                (tonnes(best, view)) " " span .small { "(" (tonnes(low, view)) "–" (tonnes(high, view)) ")" }
            }
            (Some(best), ..) => (tonnes(best, view)),
            (None, Some(low), Some(high)) => {
                (tonnes(low, view)) "–" (tonnes(high, view))
                span .small .block { (view.fill(M::ClaimsDisagree, &[("count", &own.of_claims.to_string())])) }
            }
            _ => span .unknown { (view.say(M::Unknown)) },
        }
        @if let Some(word) = own.size.as_ref().and_then(|s| s.word.as_ref()) {
            " " span .chip { (view.word(word)) }
        }
    }
}

/// How far people took a class, and whether it rests on what nobody verified.
fn standing(entry: &varp_engine::classify::Entry, view: &View<'_>) -> Markup {
    html! {
        span .chip { (view.word(&entry.standing.to_string())) }
        @if let Some(person) = &entry.person { " " span .small { (person) } }
        @if let Some(stale) = &entry.stale {
            " " span .chip .unverified { (view.fill(M::StaleSince, &[("date", &stale.adopted)])) }
        }
        @if entry.notional { " " span .chip { (view.say(M::NotionalProject)) } }
        @if entry.unverified { " " span .chip .unverified { (view.say(M::Unverified)) } }
    }
}
