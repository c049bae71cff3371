//! What to find out next about a body: steps, what they cost, what they are expected to buy.

use maud::{Markup, html};

use super::super::language::Message as M;
use super::super::number;
use super::super::view::View;
use crate::jobs::Offer;

/// Steps shown; more are in the JSON form and in `varp capture`.
const SHOWN: usize = 6;

/// The table of the next best data.
pub fn table(offers: &[Offer], view: &View<'_>) -> Markup {
    let Some(first) = offers.first() else { return html! {} };
    let money = |v: f64| number::fixed(v, -2, view.language);
    let factor = |v: f64| number::fixed(v, 1, view.language);
    html! {
        h3 { (view.say(M::NextData)) }
        p .small { (view.fill(M::NextDataAbout, &[("substance", &first.product)])) }
        table .next-data {
            thead { tr {
                th { (view.say(M::Step)) } th .number { (view.say(M::CostEur)) }
                th .number { (view.say(M::ShareTaken)) } th .number { (view.say(M::HighOverLow)) }
                th { (view.say(M::Needs)) }
            } }
            tbody {
                @for offer in offers.iter().take(SHOWN) {
                    tr {
                        th scope="row" lang="en" { (offer.words.join(", then ")) }
                        td .number data-label=(view.text(M::CostEur)) {
                            (money(offer.cost_eur[1])) " "
                            span .ends { (money(offer.cost_eur[0])) "–" (money(offer.cost_eur[2])) }
                        }
                        td .number data-label=(view.text(M::ShareTaken)) {
                            (number::fixed(100.0 * offer.drop / offer.variance, 0, view.language)) " %"
                        }
                        td .number data-label=(view.text(M::HighOverLow)) {
                            (factor(offer.spread[0])) " → " b { (factor(offer.spread[1])) }
                        }
                        td data-label=(view.text(M::Needs)) lang="en" {
                            @if offer.access.is_empty() { "–" } @else { (offer.access.join(", ")) }
                        }
                    }
                }
            }
        }
        p .small { (view.say(M::NextDataUnverified)) }
    }
}
