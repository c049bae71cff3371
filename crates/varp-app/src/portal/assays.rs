//! Assays: the list, with the distribution where all of one substance are shown, and one result.

use maud::{Markup, html};
use varp_model::Measured;
use varp_store::{AssayItem, Page};

use super::language::Message as M;
use super::list::{Column, List};
use super::number;
use super::quantity::unit_text;
use super::samples::{digestion, result};
use super::view::{Head, View};
use crate::chart::{Scale, bins, histogram};
use crate::http::PageContext;

/// Columns of the distribution.
const STEPS: usize = 20;

/// List of assays.
pub fn assays_page(value: &Page<AssayItem>, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let list = List {
        title: M::Assays,
        about: M::AssaysAbout,
        door: "",
        columns: &[
            Column::Words(M::Sample),
            Column::Words(M::Substance),
            Column::Numbers(M::Value),
            Column::Words(M::Digestion),
            Column::Words(M::Method),
        ],
    };
    let head = Head { title: view.text(M::Assays).to_owned(), ..Head::default() };
    let body = list.body(&view, value, &distribution(value, &view), |item| {
        let determination = &item.determination;
        html! {
            th scope="row" { a href=(view.item("samples", item.sample)) { (item.sample_name) } }
            td data-label=(view.text(M::Substance)) { (determination.substance.code()) }
            td .number data-label=(view.text(M::Value)) {
                a href=(view.item("assays", &item.id)) { (result(&item.assay, determination, &view)) }
            }
            td data-label=(view.text(M::Digestion)) { (digestion(determination, &view)) }
            td data-label=(view.text(M::Method)) { (determination.method.as_deref().unwrap_or("–")) }
        }
    });
    view.page(&head, &body)
}

/// The distribution of the results, where the page shows all of one substance in one unit.
fn distribution(value: &Page<AssayItem>, view: &View<'_>) -> Markup {
    let Some(first) = value.items.first().map(|item| &item.determination) else { return html! {} };
    let whole = value.next.is_none() && view.context.params.get("next").is_none();
    let alike = |item: &AssayItem| {
        let d = &item.determination;
        d.substance == first.substance && d.unit == first.unit && d.digestion == first.digestion
    };
    if !whole || value.items.len() < 8 || !value.items.iter().all(alike) {
        return html! {};
    }
    let values: Vec<(f64, bool)> = value
        .items
        .iter()
        .map(|item| {
            let measured = item.assay.value;
            (measured.number().value(), !matches!(measured, Measured::Exact(_)))
        })
        .collect();
    let Some(scale) = Scale::around(values.iter().map(|v| v.0)) else { return html! {} };
    let unit = unit_text(first.unit);
    let words = view.fill(
        M::DistributionOf,
        &[("count", &view.count(values.len() as u64)), ("substance", first.substance.code())],
    );
    let label = |tick: f64| format!("{} {unit}", number::shortest(tick, view.language));
    html! {
        figure .distribution {
            figcaption { (words) " " span .small { (view.say(M::HatchedIsCensored)) } }
            (histogram(&bins(&values, scale, STEPS), scale, label, &words))
        }
    }
}

/// One assay.
pub fn assay_page(value: &AssayItem, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let determination = &value.determination;
    let title = format!("{}, {}", determination.substance.code(), value.sample_name);
    let stated = |text: Option<&str>| match text {
        Some(text) => html! { (text) },
        None => view.unknown(M::WhyNotStated),
    };
    let limit = |value: Option<f64>| match value {
        Some(limit) => {
            html! { (number::shortest(limit, view.language)) " " (unit_text(determination.unit)) }
        }
        None => view.unknown(M::WhyNotStated),
    };
    let head = Head { title: title.clone(), ..Head::default() };
    view.page(
        &head,
        &html! {
            article .record {
                h1 { (title) }
                p .big { (result(&value.assay, determination, &view)) }
                dl .facts {
                    dt { (view.say(M::Sample)) }
                    dd { a href=(view.item("samples", value.sample)) { (value.sample_name) } }
                    dt { (view.say(M::Digestion)) } dd { (digestion(determination, &view)) }
                    dt { (view.say(M::Method)) } dd { (stated(determination.method.as_deref())) }
                    dt { (view.say(M::Laboratory)) } dd { (stated(determination.laboratory.as_deref())) }
                    dt { (view.say(M::DetectionLimit)) } dd { (limit(determination.detection_limit)) }
                    dt { (view.say(M::UpperLimit)) } dd { (limit(determination.upper_limit)) }
                    dt { (view.say(M::LocatorColumn)) } dd { code { (determination.column) } }
                }
                h2 { (view.say(M::Download)) }
                (view.downloads(&[]))
            }
        },
    )
}
