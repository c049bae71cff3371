//! An estimate on a page: quantities with their ranges, what they rest on, what to find out next.

mod next;
mod page;
mod product;
mod reasons;
mod sampled;
mod storage;
mod value;

use maud::{Markup, html};

pub use page::{estimate_page, estimates_page};

use super::language::Message as M;
use super::number;
use super::view::View;
use crate::chart::{RangeBar, Scale, range_bar};
use crate::jobs::estimate::EstimateView;
use value::Amount;

/// The newest estimate as part of the page of its body.
pub fn section(estimate: Option<&EstimateView>, view: &View<'_>) -> Markup {
    html! {
        section #estimate .estimate {
            h2 { (view.say(M::Estimate)) }
            @match estimate {
                Some(estimate) => {
                    (body_of(estimate, view, Shown::Lead))
                    p .small { a href=(view.item("estimates", estimate.id)) { (view.say(M::EstimateOwnPage)) } }
                }
                None => { p { (view.unknown(M::WhyNoEstimate)) } }
            }
        }
    }
}

/// For which products charts of samples are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// For the largest: pages of bodies stay small.
    Lead,
    /// For all.
    All,
}

/// All of an estimate below its heading.
pub fn whole(estimate: &EstimateView, view: &View<'_>) -> Markup {
    body_of(estimate, view, Shown::All)
}

fn body_of(estimate: &EstimateView, view: &View<'_>, shown: Shown) -> Markup {
    let products = product::by_size(&estimate.document.statement.products, view);
    html! {
        p .lead-small {
            span .status { (view.say(M::Computed)) } " "
            (view.say(M::EstimateReads))
        }
        (quantities(estimate, view))
        (storage::section(&estimate.document.statement.levels, view))
        @match shown {
            Shown::All => {
                @for product in products { (product::section(product, estimate, view)) }
            }
            Shown::Lead => {
                @if let Some((lead, others)) = products.split_first() {
                    (product::section(lead, estimate, view))
                    @if !others.is_empty() { (product::others(others, view)) }
                }
            }
        }
        (next::table(&estimate.next, view))
        (reasons::section(estimate, view))
    }
}

/// Mass, volume, density: one bar each.
fn quantities(estimate: &EstimateView, view: &View<'_>) -> Markup {
    let statement = &estimate.document.statement;
    let rows = [
        (M::DryMass, Some(Amount::mass(statement.mass_t))),
        (M::Volume, statement.volume_m3.map(Amount::volume)),
        (M::DryDensity, statement.density.map(Amount::density)),
    ];
    html! {
        ul .amounts {
            @for (name, amount) in rows {
                @if let Some(amount) = amount {
                    li {
                        h3 { (view.say(name)) }
                        (amount.show(view))
                    }
                }
            }
        }
        p .small {
            (view.fill(M::EstimateHolds, &[
                ("date", &date(&statement.effective, view)),
                ("method", &statement.method),
            ]))
        }
    }
}

fn date(text: &str, view: &View<'_>) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |d| number::date(d, view.language))
}

/// A bar from low to high with its tick at best, on a scale of its own.
fn bar(range: [f64; 3], words: &str) -> Markup {
    let [low, best, high] = range;
    let scale = Scale::around(range).unwrap_or(Scale::Linear { low: 0.0, high: 1.0 });
    let bar = RangeBar { low: Some(low), best: Some(best), high: Some(high), faint: false };
    range_bar(bar, scale, 220.0, words)
}
