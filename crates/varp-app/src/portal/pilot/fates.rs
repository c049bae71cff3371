//! What may become of the material: flows, residue, indicators.

use maud::{Markup, html};
use varp_engine::circularity::scenario::Fates;
use varp_engine::pilot::sheet::Sheet;

use super::super::language::Message as M;
use super::super::view::View;
use crate::chart::{Band, sankey};

pub fn section(sheet: &Sheet, view: &View<'_>) -> Markup {
    html! {
        section #fates {
            h2 { (view.say(M::FatesTitle)) }
            @match &sheet.no_fates {
                Some(why) => p { (view.say(M::FatesNone)) " " span lang="en" { (why) } },
                None => {
                    p { (view.say(M::FatesAbout)) }
                    @for fates in &sheet.fates { (one(fates, view)) }
                    (indicators(&sheet.fates, view))
                    p .small { (view.say(M::FatesUnverified)) " " (sheet.scenarios_version) }
                },
            }
        }
    }
}

fn one(fates: &Fates, view: &View<'_>) -> Markup {
    let bands: Vec<Band> = fates
        .balance
        .links
        .iter()
        .map(|l| Band { from: l.from.clone(), to: l.to.clone(), amount: l.mass_t })
        .collect();
    let words = view.fill(M::FatesFlows, &[("name", &fates.way.name)]);
    html! {
        section .fate lang="en" {
            h3 { (fates.way.name) }
            p { b { (fates.balance.headline) } }
            div .wide-chart tabindex="0" role="group" aria-label=(words) {
                (sankey(&bands, 760.0, &tonnes, &words))
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
                    (won.element) " " (tonnes(won.mass_t))
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
            (Some(share), "1") => (format!("{:.1} %", 100.0 * share)),
            (Some(amount), "t") => (tonnes(amount)),
            (Some(amount), unit) => (format!("{amount:.1} {unit}")),
        }
    }
}

/// Tonnes as people say them.
fn tonnes(t: f64) -> String {
    let (value, unit) = match t.abs() {
        a if a >= 1e6 => (t / 1e6, "Mt"),
        a if a >= 1e3 => (t / 1e3, "kt"),
        _ => (t, "t"),
    };
    if value.abs() >= 100.0 { format!("{value:.0} {unit}") } else { format!("{value:.2} {unit}") }
}
