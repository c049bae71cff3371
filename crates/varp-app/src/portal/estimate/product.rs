//! One product: grade and contained tonnes, size on the common scale, what makes them uncertain.

use maud::{Markup, html};
use varp_model::Substance;

use super::super::language::Message as M;
use super::super::number;
use super::super::view::View;
use super::value::Amount;
use super::{reasons, sampled};
use crate::chart::shares;
use crate::jobs::estimate::document::Product;
use crate::jobs::estimate::{EstimateView, size_of};

/// Products from the largest on the scale of deposits to the smallest.
pub fn by_size<'a>(products: &'a [Product], view: &View<'_>) -> Vec<&'a Product> {
    let references = view.references();
    let size = |p: &Product| {
        let substance = Substance::parse(&p.substance, references).ok();
        let size = substance.and_then(|s| references.size_of(&s, p.contained_t[1]));
        size.map_or((0, 0.0), |s| (s.rank + 1, s.tonnes / s.class.small))
    };
    let mut sorted: Vec<_> = products.iter().map(|p| (size(p), p)).collect();
    sorted.sort_by(|(a, _), (b, _)| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
    sorted.into_iter().map(|(_, p)| p).collect()
}

/// Products in a row each.
pub fn others(products: &[&Product], view: &View<'_>) -> Markup {
    let size = |p: &Product| size_of(p, view.references()).map(|(word, _)| class(word, view));
    html! {
        h3 { (view.say(M::OtherProducts)) }
        table .products {
            thead { tr {
                th { (view.say(M::Substance)) } th .number { (view.say(M::Contained)) }
                th .number { (view.say(M::Grade)) } th { (view.say(M::SizeClass)) }
                th { (view.say(M::RestsOn)) }
            } }
            tbody {
                @for product in products {
                    tr id=(format!("product-{}", product.substance)) {
                        th scope="row" { b { (product.substance) } }
                        td .number data-label=(view.text(M::Contained)) {
                            (Amount::mass(product.contained_t).line(view))
                        }
                        td .number data-label=(view.text(M::Grade)) {
                            (Amount::grade(product.grade).line(view))
                        }
                        td data-label=(view.text(M::SizeClass)) {
                            @match size(product) { Some(word) => (word), None => "–" }
                        }
                        td data-label=(view.text(M::RestsOn)) { (basis(&product.basis, view)) }
                    }
                }
            }
        }
    }
}

/// A product with everything that is known of how it was found.
pub fn section(product: &Product, estimate: &EstimateView, view: &View<'_>) -> Markup {
    html! {
        section .product id=(format!("product-{}", product.substance)) {
            h3 .substance { (product.substance) " " span .basis {
                (view.say(M::RestsOn)) ": " (basis(&product.basis, view))
            } }
            ul .amounts {
                li { h4 { (view.say(M::Contained)) } (Amount::mass(product.contained_t).show(view)) }
                li { h4 { (view.say(M::Grade)) } (Amount::grade(product.grade).show(view)) }
                li { h4 { (view.say(M::SizeClass)) } (size(product, view)) }
            }
            (uncertainty(product, estimate, view))
            @if let Some(found) = &product.sampled { (sampled::section(found, product, estimate, view)) }
        }
    }
}

fn size(product: &Product, view: &View<'_>) -> Markup {
    html! {
        @match size_of(product, view.references()) {
            Some((word, of)) => {
                p .amount { span .value { b { (class(word, view)) } } }
                p .small { (view.fill(M::SizeOnScale, &[("of", &of)])) }
            }
            None => { p .amount { span .unknown { (view.say(M::Unknown)) } } }
        }
        @if let Some(cap) = &product.cap {
            @if !cap.reasons.is_empty() {
                p .small {
                    (view.fill(M::EvidenceCap, &[("category", &cap.category)]))
                    " " span lang="en" { (cap.reasons.join("; ")) }
                }
            }
        }
    }
}

fn class(word: &str, view: &View<'_>) -> String {
    let message = match word {
        "very large" => M::SizeVeryLarge,
        "large" => M::SizeLarge,
        "medium" => M::SizeMedium,
        "small" => M::SizeSmall,
        _ => M::SizeOccurrence,
    };
    view.text(message).to_owned()
}

/// What a product rests on.
pub fn basis(word: &str, view: &View<'_>) -> String {
    let message = match word {
        "measured" => M::BasisMeasured,
        "records" => M::BasisRecords,
        _ => M::BasisAnalogue,
    };
    view.text(message).to_owned()
}

fn uncertainty(product: &Product, estimate: &EstimateView, view: &View<'_>) -> Markup {
    let rows: Vec<(Markup, f64, String)> = product
        .shares
        .iter()
        .filter(|(_, share)| *share >= 0.005)
        .map(|(name, share)| {
            let percent = number::fixed(share * 100.0, 0, view.language);
            (reasons::input(name, estimate), *share, format!("{percent} %"))
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            h4 { (view.say(M::WhyUncertain)) }
            p .small { (view.fill(M::WhyUncertainAbout, &[("substance", &product.substance)])) }
            (shares(&rows))
        }
    }
}
