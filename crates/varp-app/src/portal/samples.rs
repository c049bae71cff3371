//! Samples: the list, one sample, and what a body's samples say in sum.

use maud::{Markup, html};
use varp_model::{Assay, Determination, Sample};
use varp_store::{BodyPage, DeterminationSummary, Page, SampleItem};

use super::language::Message as M;
use super::list::{Column, List};
use super::number;
use super::quantity::unit_text;
use super::view::{Head, View};
use crate::chart::{RangeBar, Scale, range_bar};
use crate::http::PageContext;

/// List of samples.
pub fn samples_page(value: &Page<SampleItem>, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let list = List {
        title: M::Samples,
        about: M::SamplesAbout,
        door: "",
        columns: &[M::Name, M::Interval, M::Method, M::Date].map(Column::Words),
    };
    list.page(&view, value, |item| {
        let sample = &item.sample;
        html! {
            th scope="row" { a href=(view.item("samples", sample.id)) { (sample.name) } }
            td data-label=(view.text(M::Interval)) { (interval(sample, &view)) }
            td data-label=(view.text(M::Method)) { (method(sample, &view)) }
            td data-label=(view.text(M::Date)) {
                @match sample.date {
                    Some(date) => (number::date(date, view.language)),
                    None => span .unknown { (view.say(M::Unknown)) },
                }
            }
        }
    })
}

fn interval(sample: &Sample, view: &View<'_>) -> Markup {
    html! {
        @match (sample.from_m, sample.to_m) {
            (Some(from), Some(to)) => {
                (number::shortest(from, view.language)) "–" (number::shortest(to, view.language)) " m"
            }
            _ => span .unknown { (view.say(M::Unknown)) },
        }
    }
}

fn method(sample: &Sample, view: &View<'_>) -> Markup {
    let list = view.references().list("sampling_methods");
    html! {
        @match &sample.method {
            Some(code) => (list.and_then(|l| l.get(code)).map_or(code.as_str(), |c| c.label(view.language.code()))),
            None => span .unknown { (view.say(M::Unknown)) },
        }
    }
}

/// One sample with its assays.
pub fn sample_page(value: &SampleItem, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let sample = &value.sample;
    let head = Head { title: sample.name.clone(), ..Head::default() };
    view.page(
        &head,
        &html! {
            article .record {
                h1 { (view.say(M::Sample)) " " (sample.name) }
                dl .facts {
                    @if let Some(body) = sample.body {
                        dt { (view.say(M::Body)) }
                        dd { a href=(view.item("bodies", body)) { (view.say(M::BodyOfSample)) } }
                    }
                    dt { (view.say(M::Interval)) } dd { (interval(sample, &view)) }
                    dt { (view.say(M::Method)) } dd { (method(sample, &view)) }
                    dt { (view.say(M::Support)) } dd { @match sample.mass_kg {
                        Some(kg) => { (number::shortest(kg, view.language)) " kg" }
                        None => (view.unknown(M::WhyNotStated)),
                    } }
                    dt { (view.say(M::SizeFraction)) } dd { @match sample.size_fraction {
                        Some(fraction) => (size(fraction.from_mm, fraction.to_mm, &view)),
                        None => (view.say(M::WholeMaterial)),
                    } }
                    dt { (view.say(M::Role)) } dd { (sample.role.word()) }
                }
                (view.record_origin(sample.source, &sample.locator, sample.licence.as_ref(), &[]))
                h2 { (view.say(M::Assays)) }
                @if value.assays.is_empty() { p { (view.say(M::NoAssays)) } }
                @else { (assay_table(&value.assays, &view)) }
                h2 { (view.say(M::Download)) }
                (view.downloads(&[]))
            }
        },
    )
}

fn size(from_mm: f64, to_mm: Option<f64>, view: &View<'_>) -> String {
    let to = to_mm.map_or("…".into(), |to| number::shortest(to, view.language));
    format!("{}–{to} mm", number::shortest(from_mm, view.language))
}

fn assay_table(assays: &[(Assay, Determination)], view: &View<'_>) -> Markup {
    html! {
        table {
            thead { tr {
                th scope="col" { (view.say(M::Substance)) }
                th scope="col" .number { (view.say(M::Value)) }
                th scope="col" { (view.say(M::Digestion)) }
                th scope="col" { (view.say(M::Method)) }
            } }
            tbody {
                @for (assay, determination) in assays {
                    tr {
                        th scope="row" { (determination.substance.code()) }
                        td .number data-label=(view.text(M::Value)) { (result(assay, determination, view)) }
                        td data-label=(view.text(M::Digestion)) { (digestion(determination, view)) }
                        td data-label=(view.text(M::Method)) { (determination.method.as_deref().unwrap_or("–")) }
                    }
                }
            }
        }
    }
}

/// A result as printed, with its sign of censoring.
pub fn result(assay: &Assay, determination: &Determination, view: &View<'_>) -> Markup {
    let printed = assay.value.number();
    let text = number::fixed(printed.value(), i32::from(printed.decimals()), view.language);
    html! {
        span .value { (assay.value.sign()) (text) "\u{202f}" span .unit { (unit_text(determination.unit)) } }
    }
}

/// How the material was digested, or that nobody said.
pub fn digestion(determination: &Determination, view: &View<'_>) -> Markup {
    let list = view.references().list("digestions");
    match &determination.digestion {
        Some(code) => {
            let entry = list.and_then(|list| list.get(&code.0));
            html! { (entry.map_or(code.0.as_str(), |e| e.label(view.language.code()))) }
        }
        None => html! { span .unknown { (view.say(M::NotStated)) } },
    }
}

/// What the samples of a body say in sum: per determination count, censored, least, median, most.
pub fn of_body(value: &BodyPage, view: &View<'_>) -> Markup {
    let id = value.item.body.id.to_string();
    if value.samples == 0 {
        return html! { p { (view.unknown(M::WhyNoSamples)) } };
    }
    let ends = value.determinations.iter().flat_map(|d| {
        [d.least, d.median, d.greatest].map(|v| d.determination.unit.to_canonical(v))
    });
    let scale = Scale::around(ends.filter(|v| *v > 0.0));
    html! {
        p {
            a href=(view.href_with("/collections/samples/items", &[("body", &id)])) {
                (view.fill(M::SampleCount, &[("count", &view.count(value.samples))]))
            }
        }
        @if !value.determinations.is_empty() {
            table .determinations {
                thead { tr {
                    th scope="col" { (view.say(M::Substance)) }
                    th scope="col" .number { "n" }
                    th scope="col" .number { (view.say(M::Censored)) }
                    th scope="col" .number { (view.say(M::Median)) }
                    th scope="col" { (view.say(M::LeastToGreatest)) }
                    th scope="col" { (view.say(M::Digestion)) }
                } }
                tbody { @for row in &value.determinations { (determination(row, scale, &id, view)) } }
            }
            @if matches!(scale, Some(Scale::Log { .. })) { p .small { (view.say(M::LogScale)) } }
        }
    }
}

fn determination(
    row: &DeterminationSummary,
    scale: Option<Scale>,
    body: &str,
    view: &View<'_>,
) -> Markup {
    let shown = |value: f64| number::shortest((value * 1e6).round() / 1e6, view.language);
    let what = &row.determination;
    let unit = unit_text(what.unit);
    let words =
        format!("{}–{} {unit}, {}", shown(row.least), shown(row.greatest), shown(row.median));
    let si = |value: f64| Some(what.unit.to_canonical(value));
    let bar =
        RangeBar { low: si(row.least), best: si(row.median), high: si(row.greatest), faint: false };
    let assays = view.href_with(
        "/collections/assays/items",
        &[("body", body), ("substance", what.substance.code()), ("limit", "1000")],
    );
    html! {
        tr {
            th scope="row" { a href=(assays) { (what.substance.code()) } }
            td .number data-label="n" { (view.count(row.results)) }
            td .number data-label=(view.text(M::Censored)) { (view.count(row.censored)) }
            td .number data-label=(view.text(M::Median)) {
                span .value { (shown(row.median)) "\u{202f}" span .unit { (unit) } }
            }
            td data-label=(view.text(M::LeastToGreatest)) {
                @if let Some(scale) = scale { (range_bar(bar, scale, 150.0, &words)) " " }
                span .small { (shown(row.least)) "–" (shown(row.greatest)) }
            }
            td data-label=(view.text(M::Digestion)) { (digestion(what, view)) }
        }
    }
}
