//! What may become of the material: flows, residue, indicators.

use maud::{Markup, html};
use varp_engine::circularity::avoided::Factor;
use varp_engine::circularity::scenario::Fates;
use varp_engine::rank::criteria::Status;

use super::super::language::{Language, Message as M};
use super::super::number;
use super::super::view::View;
use crate::chart::{Band, sankey};

/// The section; `fates` is why there are none where there are none.
pub fn section(fates: Result<&[Fates], &str>, version: &str, view: &View<'_>) -> Markup {
    html! {
        section #fates {
            h2 { (view.say(M::FatesTitle)) }
            @match fates {
                Err(why) => p { (view.say(M::FatesNone)) " " span lang="en" { (why) } },
                Ok(all) => {
                    p { (view.say(M::FatesAbout)) }
                    @for fates in all { (one(fates, view)) }
                    (indicators(all, view))
                    (factors(all, view))
                    p .small { (view.say(M::FatesUnverified)) " " (version) }
                },
            }
        }
    }
}

/// Burdens of primary production that the avoided ones were counted with.
fn factors(all: &[Fates], view: &View<'_>) -> Markup {
    let Some(first) = all.first() else { return html! {} };
    let open = |factor: &Factor| factor.status == Status::Unverified;
    html! {
        @if !first.avoided.factors.is_empty() {
            div .wide-chart tabindex="0" role="group" aria-label=(view.text(M::FatesFactors)) {
                table .coordinates .indicators lang="en" {
                    thead { tr {
                        th scope="col" { (view.say(M::FatesFactors)) }
                        th scope="col" { "kg CO2e/kg" } th scope="col" { "MJ/kg" }
                        th scope="col" { (view.say(M::Source)) }
                    } }
                    tbody {
                        @for factor in &first.avoided.factors {
                            tr {
                                th scope="row" { (factor.element) }
                                td { (view.three(factor.gwp_kg_per_kg)) }
                                td { (view.three(factor.energy_mj_per_kg)) }
                                td { (factor.source) @if open(factor) { ", " (view.say(M::Unverified)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn one(fates: &Fates, view: &View<'_>) -> Markup {
    let words = view.fill(M::FatesFlows, &[("name", &fates.way.name)]);
    html! {
        section .fate lang="en" {
            h3 { (fates.way.name) }
            p { b { (fates.balance.headline) } }
            div .wide-chart tabindex="0" role="group" aria-label=(words) {
                (diagram(fates, &words, view.language))
            }
            p {
                (view.say(M::FatesResidue)) ": "
                @match &fates.residue.list_of_waste {
                    Some(code) => { code { (code) } " (" (fates.residue.entry_from) ")" },
                    None => { (fates.residue.entry_from) },
                }
                "; " (fates.residue.words)
            }
            p {
                @for (k, won) in fates.won.iter().take(5).enumerate() {
                    @if k > 0 { " · " }
                    (won.element) " " (tonnes(won.mass_t, view.language))
                }
            }
        }
    }
}

fn indicators(all: &[Fates], view: &View<'_>) -> Markup {
    let Some(first) = all.first() else { return html! {} };
    html! {
        div .wide-chart tabindex="0" role="group" aria-label=(view.text(M::FatesIndicator)) {
            table .coordinates .crossed .indicators lang="en" {
                thead { tr {
                    th scope="col" { (view.say(M::FatesIndicator)) }
                    @for fates in all { th scope="col" { (fates.way.id) } }
                } }
                tbody {
                    @for (k, indicator) in first.indicators.iter().enumerate() {
                        tr {
                            th scope="row" { (indicator.id) " " span .small { (indicator.how) } }
                            @for fates in all {
                                td { (shown(fates.indicators[k].value, &indicator.unit, view)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn shown(value: Option<f64>, unit: &str, view: &View<'_>) -> Markup {
    html! {
        @match (value, unit) {
            (None, _) => (view.say(M::Unknown)),
            (Some(share), "1") => { (view.fixed(100.0 * share, 1)) " %" },
            (Some(amount), "t") => (tonnes(amount, view.language)),
            (Some(amount), "GJ") if amount.abs() >= 1e4 => { (view.three(amount / 1e3)) " TJ" },
            (Some(amount), unit) => { (view.three(amount)) " " (unit) },
        }
    }
}

/// The flows as bands.
pub fn diagram(fates: &Fates, words: &str, language: Language) -> Markup {
    let bands: Vec<Band> = fates
        .balance
        .links
        .iter()
        .map(|l| Band { from: l.from.clone(), to: l.to.clone(), amount: l.mass_t })
        .collect();
    sankey(&bands, 760.0, &|t| tonnes(t, language), words)
}

/// Tonnes as people say them.
fn tonnes(t: f64, language: Language) -> String {
    let three = |value| number::significant(value, 3, language);
    match t.abs() {
        a if a >= 1e6 => format!("{} Mt", three(t / 1e6)),
        a if a >= 1e3 => format!("{} kt", three(t / 1e3)),
        _ => format!("{} t", three(t)),
    }
}
