//! Sums of contained tonnes as a table.

use maud::{Markup, html};
use varp_engine::classify::{Adding, Entry, Total, totals};

use super::super::language::Message as M;
use super::super::view::View;
use super::tonnes;

/// Where a commodity lies, how much, in which class: deposits and waste in one table.
pub fn of_commodity(entries: &[Entry], commodity: &str, view: &View<'_>) -> Markup {
    let own: Vec<Entry> = entries.iter().filter(|e| e.commodity == commodity).cloned().collect();
    if own.is_empty() {
        return html! {};
    }
    let sums = totals(&own, Adding { by_country: true, across_classes: false });
    html! {
        section #inventory {
            h2 { (view.say(M::WhereAndHowMuch)) }
            p .small { (view.say(M::SumsAbout)) }
            (table(&sums, false, view))
            (super::plot::plot(&own, commodity, view))
            p { a href=(view.href_with("/classes", &[("material", commodity)])) { (view.say(M::AllClasses)) } }
        }
    }
}

/// Sums; `named` adds the commodity as first column.
pub fn table(sums: &[Total], named: bool, view: &View<'_>) -> Markup {
    html! {
        div .scroll tabindex="0" role="group" aria-label=(view.text(M::Inventory)) {
            table .totals {
                thead { tr {
                    @if named { th scope="col" { (view.say(M::Material)) } }
                    @for name in [M::Country, M::PrimaryOrSecondary, M::ClassWord, M::ClassTerm, M::Bodies] {
                        th scope="col" { (view.say(name)) }
                    }
                    @for name in [M::SumBest, M::SumArithmetic, M::SumIndependent] {
                        th scope="col" .number { (view.say(name)) }
                    }
                } }
                tbody { @for sum in sums { (row(sum, named, view)) } }
            }
        }
    }
}

fn row(sum: &Total, named: bool, view: &View<'_>) -> Markup {
    let group = &sum.group;
    let range = |[low, high]: [f64; 2]| {
        html! { (tonnes(low, view)) "–" (tonnes(high, view)) }
    };
    let same = |[low, high]: [f64; 2]| (high - low).abs() < 1e-9;
    let no_range = || html! { span .small { (view.say(M::NoRange)) } };
    html! {
        tr {
            @if named {
                th scope="row" { (group.commodity) span .small .block { (group.basis) } }
                td data-label=(view.text(M::Country)) { (view.country(&group.country)) }
            } @else {
                th scope="row" { (view.country(&group.country)) }
            }
            td data-label=(view.text(M::PrimaryOrSecondary)) { (view.say(if group.primary { M::PrimaryDeposit } else { M::SecondaryResource })) }
            td data-label=(view.text(M::ClassWord)) { (view.word(&group.class)) }
            td data-label=(view.text(M::ClassTerm)) { (view.word(&group.term)) }
            td data-label=(view.text(M::Bodies)) {
                (sum.counted) " / " (sum.bodies)
                @if sum.unverified > 0 {
                    span .small .block { span .chip .unverified { (view.say(M::Unverified)) } " " (sum.unverified) }
                }
                @if !sum.left_out.is_empty() {
                    details {
                        summary { (view.say(M::LeftOut)) }
                        ul .small { @for out in &sum.left_out { li { (out.name) ": " (out.why) } } }
                    }
                }
            }
            @match sum.arithmetic {
                Some([low, best, high]) => {
                    td .number data-label=(view.text(M::SumBest)) { (tonnes(best, view)) " " span .small { (group.basis) } }
                    td .number data-label=(view.text(M::SumArithmetic)) { @if same([low, high]) { (no_range()) } @else { (range([low, high])) } }
                    td .number data-label=(view.text(M::SumIndependent)) {
                        @match sum.independent {
                            Some(ends) if !same(ends) => (range(ends)),
                            _ => (no_range()),
                        }
                        @if sum.without_range > 0 {
                            span .small .block { (view.fill(M::WithoutRange, &[
                                ("count", &sum.without_range.to_string())])) }
                        }
                    }
                }
                None => {
                    @for name in [M::SumBest, M::SumArithmetic, M::SumIndependent] {
                        td .number data-label=(view.text(name)) { "–" }
                    }
                }
            }
        }
    }
}
