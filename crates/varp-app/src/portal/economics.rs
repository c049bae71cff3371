//! The screening cash flow behind the E axis: what it returns and costs, the NPV, what all of it rests on.

use maud::{Markup, html};
use varp_engine::economics::screening::{Assumption, Screening};
use varp_engine::rank::table::Evidence;

use super::language::Message as M;
use super::number;
use super::view::{Head, View};
use crate::chart;
use crate::http::PageContext;
use crate::jobs::BodyScreening;

const MILLION: f64 = 1e6;
/// Inputs whose influence is shown; the table of assumptions has all.
const BARS: usize = 8;

/// The screening of a body on a page of its own.
pub fn economics_page(value: &BodyScreening, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let title = format!("{}: {}", value.name, view.text(M::Economics));
    let head = Head {
        title: title.clone(),
        description: view.text(M::EconomicsLead).to_owned(),
        door: "/classes",
        ..Head::default()
    };
    view.page(
        &head,
        &html! {
            article .record {
                nav .crumbs aria-label=(view.text(M::NavCrumbs)) {
                    ol {
                        li { a href=(view.href("/classes")) { (view.say(M::Classes)) } }
                        li { a href=(view.item("bodies", &value.body)) { (value.name) } }
                        li { a href=(view.item("classifications", &value.body)) { "UNFC" } }
                    }
                }
                h1 { (title) }
                p .lead { (view.kind(&value.kind)) " · " (value.site) ", " (view.country(&value.country)) }
                p { (view.say(M::EconomicsLead)) " "
                    span .chip .unverified { (view.say(M::Unverified)) } }
                @match &value.screening {
                    Some(screening) => (whole(value, screening, &view)),
                    None => p .notice { (view.say(M::EconomicsNone)) ": " (view.word(&value.why_none)) },
                }
                (view.downloads(&[]))
                (view.cite(&title))
            }
        },
    )
}

fn whole(value: &BodyScreening, screening: &Screening, view: &View<'_>) -> Markup {
    html! {
        h2 { (view.say(M::Npv)) }
        (npv(screening, view))
        h2 { (view.say(M::CashFlow)) }
        (flow(screening, view))
        h2 { (view.say(M::ReturnOfProducts)) }
        (products(screening, view))
        h2 { (view.say(M::WhatArguesE)) }
        (argues(value, view))
        h2 { (view.say(M::WhatMovesIt)) }
        (bars(screening, view))
        h2 { (view.say(M::Assumptions)) }
        @if let Some(id) = &value.estimate {
            p { (view.say(M::MassAndGradesOf)) " "
                a href=(view.item("estimates", id)) { (view.say(M::Estimate)) " " (id.get(..8).unwrap_or(id)) } }
        }
        (assumptions(screening, view))
    }
}

/// The screening in two lines, on the page of the classes.
pub fn summary(value: &BodyScreening, view: &View<'_>) -> Markup {
    let address = view.href(&format!("/collections/bodies/items/{}/economics", value.body));
    html! {
        section #economics {
            h2 { (view.say(M::Economics)) }
            @match &value.screening {
                Some(screening) => {
                    p { (view.say(M::EconomicsLead)) " " span .chip .unverified { (view.say(M::Unverified)) } }
                    (npv_line(screening, view))
                    (argues(value, view))
                    p { a href=(address) { (view.say(M::EconomicsMore)) } }
                }
                None => p { (view.say(M::EconomicsNone)) ": " (view.word(&value.why_none)) },
            }
        }
    }
}

/// Millions of euros.
fn millions(euro: f64, view: &View<'_>) -> String {
    format!("{}\u{a0}M€", number::significant(euro / MILLION, 3, view.language))
}

fn per_tonne(value: f64, view: &View<'_>) -> String {
    format!("{}\u{a0}€/t", number::fixed(value, 2, view.language))
}

fn npv_line(screening: &Screening, view: &View<'_>) -> Markup {
    let npv = &screening.npv;
    html! {
        p {
            b { (view.say(M::Npv)) ": " (millions(npv.best, view)) }
            " (" (millions(npv.low, view)) " – " (millions(npv.high, view)) ") · "
            (view.say(M::ChanceAboveZero)) ": " (number::fixed(100.0 * npv.chance_positive, 0, view.language)) " %"
        }
    }
}

fn npv(screening: &Screening, view: &View<'_>) -> Markup {
    let npv = &screening.npv;
    let draws = view.count(npv.draws as u64);
    let points: Vec<(f64, f64)> = npv
        .quantiles
        .iter()
        .zip(1u32..)
        .map(|(v, at)| (v / MILLION, f64::from(at) / 20.0))
        .collect();
    let number = |v: f64| number::shortest(v, view.language);
    let percent = |v: f64| format!("{:.0} %", 100.0 * v);
    let titles = ("M€", view.text(M::ProbabilityOfLess));
    html! {
        (npv_line(screening, view))
        p .small { (view.fill(M::NpvAbout, &[("draws", &draws)])) }
        @if let Some(chart) = chart::distribution(&points, titles, number, percent, view.text(M::NpvChart)) {
            figure { (chart) figcaption .small { (view.say(M::NpvChart)) } }
        }
        details {
            summary { (view.say(M::QuantilesOfNpv)) }
            table {
                thead { tr { th scope="col" { (view.say(M::ProbabilityOfLess)) } th scope="col" .number { (view.say(M::Npv)) } } }
                tbody {
                    @for (value, probability) in &points {
                        tr { th scope="row" { (percent(*probability)) }
                            td .number { (millions(value * MILLION, view)) } }
                    }
                }
            }
        }
    }
}

fn flow(screening: &Screening, view: &View<'_>) -> Markup {
    let s = screening;
    let left = s.return_eur_per_t - s.operating_eur_per_t + s.credit_eur_per_t;
    let rate = format!("{}\u{a0}Mt/a", number::significant(s.rate_t / MILLION, 3, view.language));
    let rows = [
        (M::SmelterReturn, per_tonne(s.return_eur_per_t, view)),
        (M::OperatingCost, format!("−{}", per_tonne(s.operating_eur_per_t, view))),
        (M::RemediationCredit, per_tonne(s.credit_eur_per_t, view)),
        (M::LeftBeforeCapital, per_tonne(left, view)),
        (M::CapitalCost, millions(s.capital_eur, view)),
        (M::FeedRate, rate),
        (M::ExpectedLoss, millions(s.npv.expected_loss, view)),
    ];
    html! {
        table {
            caption .hidden { (view.say(M::CashFlow)) }
            tbody {
                @for (name, value) in rows {
                    tr { th scope="row" { (view.say(name)) } td .number { (value) } }
                }
            }
        }
        p .small { (view.say(M::CashFlowAbout)) }
    }
}

fn products(screening: &Screening, view: &View<'_>) -> Markup {
    let whole = |euro: f64| format!("{}\u{a0}€/t", number::significant(euro, 3, view.language));
    html! {
        table .list {
            thead { tr {
                th scope="col" { (view.say(M::ClassProduct)) }
                th scope="col" .number { (view.say(M::SmelterReturn)) }
                th scope="col" .number { (view.say(M::Price)) }
                th scope="col" .number { (view.say(M::PriceForZero)) }
            } }
            tbody {
                @for product in &screening.products {
                    tr {
                        th scope="row" { (product.element) span .small .block { (view.word(&product.product)) } }
                        td .number data-label=(view.text(M::SmelterReturn)) { (per_tonne(product.return_eur_per_t, view)) }
                        td .number data-label=(view.text(M::Price)) { (whole(product.price_eur_per_t)) }
                        td .number data-label=(view.text(M::PriceForZero)) {
                            @match product.break_even_eur_per_t {
                                Some(price) => (whole(price)),
                                None => (view.say(M::NoPriceForZero)),
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The class of each product as it is, and as a study of the site would make it.
fn argues(value: &BodyScreening, view: &View<'_>) -> Markup {
    html! {
        table .list {
            thead { tr {
                th scope="col" { (view.say(M::ClassProduct)) }
                th scope="col" { (view.say(M::ClassAsItIs)) }
                th scope="col" { (view.say(M::ClassIfFound)) }
            } }
            tbody {
                @for class in &value.classes {
                    tr {
                        th scope="row" {
                            a href=(view.item("classifications", format!("{}.{}", value.body, class.product))) {
                                (class.product) }
                        }
                        td data-label=(view.text(M::ClassAsItIs)) { span .unfc { (class.code) } }
                        td data-label=(view.text(M::ClassIfFound)) {
                            @if class.if_found == class.code { (view.say(M::TheSame)) }
                            @else { span .unfc { (class.if_found) } }
                        }
                    }
                }
            }
        }
    }
}

fn bars(screening: &Screening, view: &View<'_>) -> Markup {
    html! {
        table .list {
            thead { tr {
                th scope="col" { (view.say(M::Assumption)) }
                th scope="col" .number { (view.say(M::NpvAtLow)) }
                th scope="col" .number { (view.say(M::NpvAtHigh)) }
            } }
            tbody {
                @for bar in screening.npv.tornado.iter().take(BARS) {
                    tr {
                        th scope="row" { (input_name(&bar.input, view)) }
                        td .number data-label=(view.text(M::NpvAtLow)) { (millions(bar.at_low, view)) }
                        td .number data-label=(view.text(M::NpvAtHigh)) { (millions(bar.at_high, view)) }
                    }
                }
            }
        }
    }
}

fn assumptions(screening: &Screening, view: &View<'_>) -> Markup {
    html! {
        table .list {
            thead { tr {
                th scope="col" { (view.say(M::Assumption)) }
                th scope="col" .number { (view.say(M::MedianAndRange)) }
                th scope="col" { (view.say(M::RestsUpon)) }
            } }
            tbody { @for own in &screening.inputs { tr { (assumption(own, view)) } } }
        }
    }
}

fn assumption(own: &Assumption, view: &View<'_>) -> Markup {
    // shares as per cent, masses and prices as people write them
    let (scale, unit) = match own.unit.as_str() {
        "kg/kg" if own.best < 1e-4 => (1e6, "g/t"),
        "kg/kg" => (100.0, "%"),
        "t" => (1.0 / MILLION, "Mt"),
        "1" => (1.0, ""),
        "EUR" => (1.0 / MILLION, "M€"),
        other => (1.0, other),
    };
    let text = |value: f64| number::significant(value * scale, 3, view.language);
    html! {
        th scope="row" { (input_name(&own.input, view)) }
        td .number data-label=(view.text(M::MedianAndRange)) {
            (text(own.best)) " " (unit)
            span .small .block { (text(own.low)) " – " (text(own.high)) }
        }
        td data-label=(view.text(M::RestsUpon)) {
            (view.say(match own.evidence {
                Evidence::Measured => M::GroundMeasured,
                Evidence::Derived => M::GroundDerived,
                Evidence::Prior => M::GroundDefault,
            }))
            @if own.unverified { " " span .chip .unverified { (view.say(M::Unverified)) } }
            span .small .block { (view.word(&own.source)) }
        }
    }
}

/// An input in words: `price of Cu` with its element, defaults as their table names them.
fn input_name(input: &str, view: &View<'_>) -> Markup {
    let of =
        [("grade of ", M::GradeOf), ("recovery of ", M::RecoveryOf), ("price of ", M::PriceOf)];
    for (start, message) in of {
        if let Some(element) = input.strip_prefix(start) {
            return html! { (view.fill(message, &[("element", element)])) };
        }
    }
    view.word(input)
}
