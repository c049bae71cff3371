//! The ladder of each axis with every rule: why this code, and what would raise it.

use maud::{Markup, html};
use varp_engine::classify::{
    Axis, AxisResult, Category, Classified, Entry, Finding, HeatCell, RuleSet, Shade, Side,
};

use super::super::claims::first_letter_up;
use super::super::economics;
use super::super::language::Message as M;
use super::super::view::{Head, View};
use super::changes::changes;
use super::{contained, standing};
use crate::http::PageContext;
use crate::jobs::classes::ClassView;

/// Classes on the page of a body.
pub fn section(shown: Option<&ClassView>, view: &View<'_>) -> Markup {
    let Some(shown) = shown.filter(|shown| !shown.products.is_empty()) else { return html! {} };
    html! {
        section #classes {
            h2 { (view.say(M::Classes)) }
            (products(shown, view))
            @if !shown.item.body.kind.is_primary() {
                @let id = shown.item.body.id;
                p {
                    a href=(view.href(&format!("/collections/bodies/items/{id}/economics"))) {
                        (view.say(M::Economics)) }
                    " · "
                    a href=(view.href(&format!("/duties/protocol/{id}"))) { (view.say(M::Protocol)) }
                }
            }
        }
    }
}

/// The classes of one body on a page of their own.
pub fn class_page(shown: &ClassView, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let title = format!("{}: UNFC", shown.item.body.name);
    let head = Head {
        description: title.clone(),
        title: title.clone(),
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
                        li { a href=(view.item("bodies", shown.item.body.id)) { (shown.item.body.name) } }
                    }
                }
                h1 { (title) }
                p .lead { (view.kind(&shown.item.body.kind.0)) " · " (shown.item.site_name) ", "
                    (view.country(shown.item.country.code())) }
                (products(shown, &view))
                @if let Some(screening) = &shown.economics { (economics::summary(screening, &view)) }
                (decisions(shown, &view))
                (view.downloads(&[]))
                (view.cite(&title))
            }
        },
    )
}

fn products(shown: &ClassView, view: &View<'_>) -> Markup {
    let rules = RuleSet::embedded();
    let changed = shown.stored.as_ref().is_some_and(|(_, _, changed)| *changed);
    html! {
        p .small {
            (view.say(M::ClassesAbout)) " " (shown.record.rules) ". "
            @match &shown.record.dossier.project {
                Some(project) => { (view.say(M::ClassProject)) ": " (project) "." }
                None => (view.say(M::NotionalMeaning)),
            }
        }
        @if changed { p .notice { (view.say(M::EvidenceChanged)) } }
        @if shown.products.len() > 1 { (overview(shown, view)) }
        @let best = shown.products.iter().min_by_key(|(entry, ..)| entry.rank());
        @if let Some((entry, classified, heat)) = best {
            (product(entry, classified, heat, &rules, view))
        }
    }
}

/// All products with their codes; each leads to its reasons.
fn overview(shown: &ClassView, view: &View<'_>) -> Markup {
    html! {
        table .list {
            thead { tr {
                @for name in [M::ClassProduct, M::ClassWord, M::ClassContained, M::ClassStanding] {
                    th scope="col" { (view.say(name)) }
                }
            } }
            tbody {
                @for (entry, ..) in &shown.products {
                    tr {
                        th scope="row" {
                            a href=(view.item("classifications",
                                format!("{}.{}", entry.body, entry.product))) { (entry.product) }
                        }
                        td data-label=(view.text(M::ClassWord)) {
                            span .unfc { (entry.code) } " " span .small { (view.word(&entry.class_words())) }
                        }
                        td data-label=(view.text(M::ClassContained)) {
                            (contained(entry.contained.as_ref(), view))
                        }
                        td data-label=(view.text(M::ClassStanding)) { (standing(entry, view)) }
                    }
                }
            }
        }
    }
}

fn product(
    entry: &Entry,
    classified: &Classified,
    heat: &[HeatCell],
    rules: &RuleSet,
    view: &View<'_>,
) -> Markup {
    html! {
        section .class-product {
            h3 {
                (entry.product) " "
                span .unfc { (entry.code) }
            }
            p {
                (view.word(&entry.class_words())) " · " (contained(entry.contained.as_ref(), view)) " · "
                (standing(entry, view))
            }
            @if let Some(stale) = &entry.stale { (changes(stale, entry, view)) }
            @else if classified.code != entry.code {
                p .notice { (view.fill(M::ComputedInstead, &[
                    ("computed", &classified.code.to_string()), ("stands", &entry.code.to_string()),
                ])) }
            }
            details open {
                summary { (view.say(M::WhyThisCode)) }
                div .ladders {
                    @for axis in &classified.axes { (ladder(axis, rules, view)) }
                }
                @for axis in &classified.axes { (reasons(axis, rules, view)) }
                (heat_table(heat, view))
            }
        }
    }
}

/// The categories of an axis from the best down, the one reached marked.
fn ladder(axis: &AxisResult, rules: &RuleSet, view: &View<'_>) -> Markup {
    let name = axis.category.axis;
    let mut rungs: Vec<Category> = rules.rules.iter().map(|r| r.category).collect();
    rungs.extend([rules.undetermined(name), axis.category]);
    rungs.retain(|category| category.axis == name);
    rungs.sort_unstable();
    rungs.dedup();
    let means = |category: Category| {
        let own = rules.categories.iter().find(|row| row.category == category);
        own.map_or("", |row| row.means.as_str())
    };
    html! {
        section .ladder aria-label=(axis_name(name, view)) {
            h4 { (name) " " span .small { (axis_name(name, view)) } }
            ol {
                @for rung in rungs {
                    @let here = rung == axis.category;
                    li .reached[here] .below[rung > axis.category] aria-current=[here.then_some("step")] {
                        b { (rung) } " " span .small { (view.word(means(rung))) }
                    }
                }
            }
        }
    }
}

fn axis_name(axis: Axis, view: &View<'_>) -> &'static str {
    view.text(match axis {
        Axis::E => M::AxisE,
        Axis::F => M::AxisF,
        Axis::G => M::AxisG,
    })
}

/// Every rule of an axis with what it found, and the cheapest next step.
fn reasons(axis: &AxisResult, rules: &RuleSet, view: &View<'_>) -> Markup {
    html! {
        h4 {
            (axis.category) ": " (axis_name(axis.category.axis, view))
            @if axis.undetermined { " · " span .small { (view.say(M::NothingArgues)) } }
        }
        ul .rules {
            @for finding in &axis.findings { (rule(finding, rules, view)) }
        }
        @if let Some(advice) = &axis.advice {
            p .next {
                b { (view.say(M::ClassNextStep)) " " (advice.category) ": " }
                (advice.steps.iter().map(|s| first_letter_up(view.word_text(s))).collect::<Vec<_>>().join(", "))
                " · " (view.fill(M::AboutCost, &[
                    ("low", &view.count(whole(advice.cost_eur[0]))),
                    ("high", &view.count(whole(advice.cost_eur[1]))),
                ]))
                @if advice.needs_decision { " · " (view.say(M::NeedsDecision)) }
                " " span .chip .unverified { (view.say(M::Unverified)) }
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "costs are small")]
fn whole(euro: f64) -> u64 {
    euro.max(0.0) as u64
}

fn rule(finding: &Finding, rules: &RuleSet, view: &View<'_>) -> Markup {
    let own = rules.rules.iter().find(|rule| rule.id == finding.rule);
    let good = (finding.side == Side::Requires) == finding.fired;
    let (mark, words) = match (finding.side, finding.fired, finding.short.is_empty()) {
        (Side::Requires, true, _) => ("✓", M::RuleHolds),
        (Side::Requires, false, true) => ("?", M::RuleUnknown),
        (Side::Requires, false, false) => ("✗", M::RuleFails),
        (Side::Adverse, true, _) => ("✗", M::RulePulls),
        (Side::Adverse, false, _) => ("–", M::RuleSilent),
    };
    html! {
        li .good[good && finding.side == Side::Requires] .bad[!good] {
            span .mark aria-hidden="true" { (mark) }
            span .hidden { (view.say(words)) ": " }
            b { (finding.category) } " "
            @if let Some(own) = own { (view.word(&own.says)) }
            @for short in &finding.short { " · " (short) }
            @if !finding.unknown.is_empty() {
                " · " span .unknown { (view.say(M::NotKnown)) ": " (view.properties(&finding.unknown)) }
            }
            @if !finding.evidence.is_empty() {
                " · " span .small { (view.say(M::ClassEvidence)) ": "
                    @for (at, id) in finding.evidence.iter().enumerate() {
                        @if at > 0 { ", " }
                        (evidence(id, view))
                    }
                }
            }
            span .small .block {
                @if let Some(own) = own { (own.follows) }
                @if finding.unverified { " " span .chip .unverified { (view.say(M::Unverified)) } }
            }
        }
    }
}

/// A claim by the first letters of its id, for the statements of the body lead to its source; a stored
/// estimate by its page.
pub fn evidence(id: &str, view: &View<'_>) -> Markup {
    if let Some(result) = id.strip_prefix("estimate ") {
        let short = result.get(..8).unwrap_or(result);
        return html! {
            a href=(view.item("estimates", result)) title=(result) { (view.say(M::Estimate)) " " (short) }
        };
    }
    match id.get(..8).filter(|_| id.len() == 36) {
        Some(short) => html! { code title=(id) { (short) } },
        None => html! { (id) },
    }
}

fn heat_table(heat: &[HeatCell], view: &View<'_>) -> Markup {
    let mut factors: Vec<&str> = heat.iter().map(|cell| cell.factor.as_str()).collect();
    factors.dedup();
    let cell = |factor: &str, axis: Axis| {
        heat.iter().find(|cell| cell.factor == factor && cell.axis == axis)
    };
    html! {
        div .scroll tabindex="0" role="group" aria-label=(view.text(M::HeatMap)) {
            table .heat .crossed {
                caption { (view.say(M::HeatMap)) }
                thead { tr {
                    th scope="col" { (view.say(M::HeatFactor)) }
                    @for axis in Axis::ALL { th scope="col" { (axis) } }
                } }
                tbody {
                    @for factor in factors {
                        tr {
                            th scope="row" { (view.word(factor)) }
                            @for axis in Axis::ALL {
                                @match cell(factor, axis) {
                                    Some(cell) => td class=(shade_class(cell.shade)) {
                                        (shade(cell.shade, view)) " "
                                        span .small { (cell.known.0) "/" (cell.known.1) }
                                    },
                                    None => td { "–" },
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn shade_class(shade: Shade) -> &'static str {
    match shade {
        Shade::Favourable => "favourable",
        Shade::Mixed => "mixed",
        Shade::Unfavourable => "unfavourable",
        Shade::Unknown => "nothing",
    }
}

fn shade(shade: Shade, view: &View<'_>) -> &'static str {
    view.text(match shade {
        Shade::Favourable => M::ShadeFavourable,
        Shade::Mixed => M::ShadeMixed,
        Shade::Unfavourable => M::ShadeUnfavourable,
        Shade::Unknown => M::ShadeUnknown,
    })
}

fn decisions(shown: &ClassView, view: &View<'_>) -> Markup {
    html! {
        section {
            h2 { (view.say(M::ClassDecisions)) }
            @if shown.decisions.is_empty() { p { (view.say(M::NoDecision)) } }
            @else {
                table {
                    thead { tr {
                        @for name in [M::Date, M::ClassProduct, M::ClassStanding, M::ClassPerson, M::ClassReason] {
                            th scope="col" { (view.say(name)) }
                        }
                    } }
                    tbody {
                        @for d in &shown.decisions {
                            tr {
                                th scope="row" { (d.date) }
                                td data-label=(view.text(M::ClassProduct)) { (d.item) }
                                td data-label=(view.text(M::ClassStanding)) {
                                    (d.standing)
                                    @if let Some(code) = &d.instead { " " b { (code) } }
                                }
                                td data-label=(view.text(M::ClassPerson)) { (d.person)
                                    @if !d.capacity.is_empty() { ", " (d.capacity) } }
                                td data-label=(view.text(M::ClassReason)) { (d.reason) }
                            }
                        }
                    }
                }
            }
        }
    }
}
