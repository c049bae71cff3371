//! The study: figures, map, arguments, precision, costs, gates.

use maud::{Markup, html};
use varp_engine::pilot::gates::GateState;
use varp_engine::pilot::sheet::Sheet;
use varp_engine::pilot::study::Precision;

use super::super::language::Message as M;
use super::super::number;
use super::super::view::View;
use crate::chart::{StudyMap, study_map};

pub fn figures(sheet: &Sheet, view: &View<'_>) -> Markup {
    let study = &sheet.study;
    let last = study.precision.last();
    let cost = &study.cost;
    let thousand = |euro: f64| view.fixed(euro / 1e3, 0);
    html! {
        ul .key-figures {
            li { h2 { (view.say(M::PilotHoles)) } p .big { (study.holes.len()) } }
            li { h2 { (view.say(M::PilotMetres)) } p .big { (view.fixed(study.metres, 0)) " " span .unit { "m" } } }
            li {
                h2 { (view.say(M::PilotSamples)) }
                p .big { (study.samples.primary) " " span .ends { (study.samples.analyses()) } }
            }
            li {
                h2 { (view.say(M::PilotCost)) }
                p .big {
                    (thousand(cost.best)) " " span .unit { "k€" } " "
                    span .ends { (thousand(cost.low)) "–" (thousand(cost.high)) }
                }
            }
            @if let Some(p) = last {
                li {
                    h2 { (view.say(M::PilotPrecision)) ", " (view.percent(p.confidence)) }
                    p .big { "±" (view.percent(p.grade)) " " span .unit { (view.say(M::PilotGrade)) } }
                }
            }
        }
    }
}

pub fn map(sheet: &Sheet, view: &View<'_>) -> Markup {
    let holes: Vec<(String, (f64, f64))> =
        sheet.holes.iter().map(|h| (h.name.clone(), (h.east_m, h.north_m))).collect();
    let words = view.fill(M::PilotMapWords, &[("count", &holes.len().to_string())]);
    let drawing = &sheet.drawing;
    let map = StudyMap {
        outlines: &drawing.outlines,
        no_go: &drawing.no_go,
        existing: &drawing.existing,
        holes: &holes,
    };
    html! {
        figure .study {
            (study_map(map, 560.0, &words))
            @if let Some(epsg) = sheet.epsg { figcaption .small { "EPSG:" (epsg) } }
        }
    }
}

pub fn counts(sheet: &Sheet, view: &View<'_>) -> Markup {
    let counts = &sheet.study.counts;
    let rows = [
        (M::PilotIndependent, counts.classical),
        (M::PilotSpatial, counts.spatial),
        (M::PilotThreshold, counts.threshold),
        (M::PilotInformation, counts.information.map(|i| i.holes)),
        (M::PilotFewest, Some(counts.fewest)),
    ];
    html! {
        section {
            h2 { (view.say(M::PilotHowMany)) }
            table {
                thead { tr {
                    th scope="col" { (view.say(M::PilotArgument)) }
                    th scope="col" .number { (view.say(M::PilotHoles)) }
                } }
                tbody {
                    @for (words, count) in rows {
                        @if let Some(count) = count {
                            tr { th scope="row" { (view.say(words)) } td .number { (count) } }
                        }
                    }
                }
            }
            p { b lang="en" { (counts.reason) } }
            @if let Some(mass) = sheet.study.mass {
                p { (view.fill(M::PilotMass, &[("mass", &kilograms(mass.minimum_g / 1e3, view))])) }
            }
        }
    }
}

/// Kilograms with the digits that show how much to carry.
fn kilograms(kg: f64, view: &View<'_>) -> String {
    let decimals = if kg >= 10.0 {
        0
    } else if kg >= 0.1 {
        1
    } else {
        3
    };
    view.fixed(kg.max(0.001), decimals)
}

pub fn precision(sheet: &Sheet, view: &View<'_>) -> Markup {
    type Half = fn(&Precision) -> f64;
    let rows: [(M, Half); 3] = [
        (M::PilotGrade, |p| p.grade),
        (M::PilotTonnes, |p| p.tonnage),
        (M::PilotContained, |p| p.contained),
    ];
    html! {
        section {
            h2 { (view.say(M::PilotPrecision)) }
            table {
                thead { tr {
                    th scope="col" {}
                    @for p in &sheet.study.precision { th scope="col" .number { (view.percent(p.confidence)) } }
                } }
                tbody {
                    @for (name, of) in rows {
                        tr {
                            th scope="row" { (view.say(name)) }
                            @for p in &sheet.study.precision {
                                td .number data-label=(view.percent(p.confidence)) { "±" (view.percent(of(p))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub fn class(sheet: &Sheet, view: &View<'_>) -> Markup {
    html! {
        @if let Some(class) = &sheet.class {
            section {
                h2 { (view.say(M::PilotClass)) }
                dl .facts {
                    dt { (view.say(M::PilotToday)) } dd { b { (class.today) } " (" (class.product) ")" }
                    dt { (view.say(M::PilotExpected)) } dd { b { (class.expected) } }
                }
                p .small lang="en" { (class.because) }
            }
        }
    }
}

pub fn rests_on(sheet: &Sheet, view: &View<'_>) -> Markup {
    html! {
        section .wide {
            h2 { (view.say(M::PilotRestsOn)) }
            table {
                tbody lang="en" {
                    @if let Some(id) = &sheet.profile.estimate {
                        tr {
                            th scope="row" { "estimate" }
                            td colspan="2" { a href=(view.item("estimates", id)) { (id) } }
                        }
                    }
                    @for basis in &sheet.rests_on {
                        tr {
                            th scope="row" { (basis.what) }
                            td { (basis.value) }
                            td { (view.evidence(basis.evidence)) " " span .small { (basis.how) } }
                        }
                    }
                    @for product in sheet.profile.products.iter().take(4) {
                        tr {
                            th scope="row" { (product.element) }
                            @let grade = &product.grade;
                            td { (content(grade.best, (grade.low, grade.high), grade.best, view)) }
                            td { (view.evidence(Some(product.grade.evidence))) " " span .small { (product.grade.how) } }
                        }
                    }
                }
            }
        }
    }
}

/// A mass fraction in the unit that suits it, with the digits that its interval bears.
fn content(value: f64, (low, high): (f64, f64), best: f64, view: &View<'_>) -> String {
    let (factor, unit) = if best >= 1e-3 { (1e2, "%") } else { (1e6, "ppm") };
    let decimals = number::decimals_of_range(low * factor, high * factor);
    format!("{} {unit}", view.fixed(value * factor, decimals))
}

pub fn news(sheet: &Sheet, view: &View<'_>) -> Markup {
    let range = |low: f64, best: f64, high: f64| {
        let shown = |value| content(value, (low, high), best, view);
        format!("{} ({}–{})", shown(best), shown(low), shown(high))
    };
    html! {
        @if !sheet.news.is_empty() {
            section .wide {
                h2 { (view.say(M::PilotNews)) }
                table .list {
                    thead { tr {
                        th scope="col" { (view.say(M::Substance)) }
                        th scope="col" { (view.say(M::PilotBefore)) }
                        th scope="col" { (view.say(M::PilotData)) }
                        th scope="col" { (view.say(M::PilotNow)) }
                        th scope="col" .number { (view.say(M::PilotHoles)) }
                    } }
                    tbody {
                        @for news in &sheet.news {
                            @let data = &news.update.data;
                            tr {
                                th scope="row" { (news.element) }
                                td data-label=(view.text(M::PilotBefore)) {
                                    @match &news.update.before {
                                        Some(f) => (range(f.low, f.best, f.high)),
                                        None => (view.say(M::NotStated)),
                                    }
                                }
                                td data-label=(view.text(M::PilotData)) { (range(data.low, data.best, data.high)) }
                                td data-label=(view.text(M::PilotNow)) { b { (range(news.now.0, news.now.1, news.now.2)) } }
                                td .number data-label=(view.text(M::PilotHoles)) { (news.update.holes) }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub fn holes(sheet: &Sheet, view: &View<'_>) -> Markup {
    html! {
        details .wide {
            summary { (view.say(M::PilotHoles)) " (" (sheet.holes.len()) ")" }
            table .list {
                thead { tr {
                    th scope="col" { (view.say(M::Name)) }
                    th scope="col" .number { "E" } th scope="col" .number { "N" }
                    th scope="col" .number { "m" } th scope="col" .number { (view.say(M::Samples)) }
                } }
                tbody {
                    @for hole in &sheet.holes {
                        tr {
                            th scope="row" { (hole.name) }
                            td .number data-label="E" { (view.fixed(hole.east_m, 0)) }
                            td .number data-label="N" { (view.fixed(hole.north_m, 0)) }
                            td .number data-label="m" { (view.fixed(hole.depth_m, 1)) }
                            td .number data-label=(view.text(M::Samples)) { (hole.samples) }
                        }
                    }
                }
            }
        }
    }
}

pub fn costs(sheet: &Sheet, view: &View<'_>) -> Markup {
    let cost = &sheet.study.cost;
    html! {
        details .wide {
            summary { (view.say(M::PilotCosts)) ", €" }
            table .list lang="en" {
                thead { tr {
                    th scope="col" { (view.say(M::PilotCosts)) }
                    th scope="col" .number { (view.say(M::PilotUnits)) }
                    th scope="col" .number { "€" }
                    th scope="col" { (view.say(M::Source)) }
                } }
                tbody {
                    @for entry in &cost.entries {
                        @let line = &entry.line;
                        tr {
                            th scope="row" { (line.item) }
                            td .number data-label=(view.text(M::PilotUnits)) {
                                (view.fixed(entry.units, 0)) " × " (view.fixed(line.best, 0))
                                " " span .small { "(" (view.fixed(line.low, 0)) "–" (view.fixed(line.high, 0)) ")" }
                            }
                            td .number data-label="€" { (view.fixed(entry.cost, 0)) }
                            td .small data-label=(view.text(M::Source)) { (line.source) }
                        }
                    }
                }
            }
            p { (view.fill(M::PilotContingency, &[("percent", &format!("{:.0}", 100.0 * cost.contingency))]))
                ": " b { (view.fixed(cost.best, 0)) " €" }
                " · " (view.percent(cost.unverified_share)) " " (view.say(M::Unverified)) }
        }
    }
}

pub fn gates(sheet: &Sheet, view: &View<'_>) -> Markup {
    html! {
        section .wide {
            h2 { (view.say(M::PilotGates)) }
            ul .gates {
                @for gate in &sheet.verdict.gates {
                    @let (class, words) = match gate.state {
                        GateState::Passed => ("passed", M::GatePassed),
                        GateState::Failed => ("failed", M::GateFailed),
                        GateState::Unknown => ("unknown-gate", M::GateUnknown),
                    };
                    li class=(class) {
                        b { (gate.letter) } " " span lang="en" { (gate.question) }
                        " " span .chip { (view.say(words)) }
                    }
                }
            }
            h3 { (view.say(M::PilotTree)) }
            ol .tree lang="en" {
                @for branch in &sheet.tree {
                    li { (branch.question) " " span .small { "no: " (format!("{:?}", branch.on_failure).to_lowercase()) } }
                }
            }
            h3 { (view.say(M::PilotTests)) }
            p lang="en" { (sheet.tests.join(" · ")) }
        }
    }
}
