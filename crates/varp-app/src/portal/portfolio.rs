//! The portfolio: what a budget buys, and how firm the choice is.

use maud::{Markup, html};
use varp_engine::portfolio::Outcome;
use varp_engine::portfolio::candidates::{Choice, StudiedCandidate};
use varp_engine::portfolio::robust::Membership;

use super::language::Message as M;
use super::next;
use super::view::{Head, View};
use crate::chart::{FrontierMark, frontier};
use crate::http::{PageContext, PortfolioPage};

/// The page of the portfolio.
pub fn portfolio_page(value: &PortfolioPage, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let choice = &value.choice;
    let plan = &value.ranking.ranking.plan;
    let budget = format!("{:.0}", choice.document.budget / 1e3);
    let head = Head {
        title: view.text(M::NextPortfolio).to_owned(),
        description: view.text(M::PortfolioAbout).to_owned(),
        door: "/ranking",
        ..Head::default()
    };
    let line = format!(
        "varp portfolio --budget {:.0} --wanted {} --draws {} --seed {}",
        choice.document.budget, plan.wanted, plan.draws, plan.seed
    );
    view.page(
        &head,
        &html! {
            (next::steps(&view, "/portfolio"))
            h1 { (view.say(M::NextPortfolio)) }
            p .lead { (view.say(M::PortfolioAbout)) }
            (budget_form(&budget, &view))
            (chosen(choice, &view))
            (frontier_section(choice, &view))
            @if !choice.without_size.is_empty() {
                p .small { (view.fill(M::PortfolioUnpriced, &[("count", &choice.without_size.len().to_string())])) }
            }
            (next::reproduce(&view, &value.ranking.ranking.criteria_version, plan.seed, &line))
            (view.downloads(&[]))
        },
    )
}

fn budget_form(budget: &str, view: &View<'_>) -> Markup {
    html! {
        form .filters action="/portfolio" {
            (view.kept_language())
            div .field {
                label for="budget" { (view.say(M::PortfolioBudget)) }
                input #budget type="number" name="budget" min="1" max="1000000" value=(budget);
            }
            button { (view.say(M::Show)) }
        }
    }
}

fn chosen(choice: &Choice, view: &View<'_>) -> Markup {
    let portfolio = match &choice.outcome {
        Outcome::Optimal { portfolio } | Outcome::Limited { portfolio, .. } => portfolio,
        Outcome::Infeasible { .. } => {
            return html! { p .headline .warn { (view.say(M::PortfolioNone)) } };
        }
    };
    let thousand = |euro: f64| view.fixed(euro / 1e3, 0);
    let words = view.fill(
        M::PortfolioChosen,
        &[
            ("count", &portfolio.chosen.len().to_string()),
            ("cost", &thousand(portfolio.cost)),
            ("budget", &thousand(choice.document.budget)),
        ],
    );
    let share = |c: &StudiedCandidate| choice.core.iter().find(|core| core.id == c.candidate.id);
    let mut shown: Vec<&StudiedCandidate> = choice
        .candidates
        .iter()
        .filter(|c| {
            portfolio.chosen.contains(&c.candidate.id)
                || share(c).is_some_and(|s| s.membership == Membership::Borderline)
        })
        .collect();
    shown.sort_by(|a, b| {
        let of = |c: &StudiedCandidate| share(c).map_or(0.0, |s| s.share);
        of(b).total_cmp(&of(a)).then(a.name.cmp(&b.name))
    });
    html! {
        p .headline { (words) }
        (proof(choice, view))
        table .list .portfolio {
            thead { tr {
                th scope="col" { (view.say(M::Body)) }
                th scope="col" { (view.say(M::PortfolioInOptima)) }
                th scope="col" .number { (view.say(M::PilotCost)) ", k€" }
                th scope="col" .number { (view.say(M::PilotHoles)) }
                th scope="col" .number { (view.say(M::PortfolioWorth)) }
            } }
            tbody {
                @for c in shown {
                    @let inside = portfolio.chosen.contains(&c.candidate.id);
                    tr class=(if inside { "chosen" } else { "close" }) {
                        th scope="row" {
                            @if inside { "✓ " }
                            a href=(view.href(&format!("/collections/bodies/items/{}/pilot", c.candidate.id))) { (c.name) }
                            " " span .small { (view.country(c.candidate.attributes.get("country").map_or("", String::as_str))) }
                        }
                        td data-label=(view.text(M::PortfolioInOptima)) { (core(share(c), view)) }
                        td .number data-label=(view.text(M::PilotCost)) {
                            (thousand(c.study.cost)) " "
                            span .ends { (thousand(c.study.cost_low)) "–" (thousand(c.study.cost_high)) }
                        }
                        td .number data-label=(view.text(M::PilotHoles)) { (c.study.holes) }
                        td .number data-label=(view.text(M::PortfolioWorth)) { (view.fixed(c.candidate.worth, 2)) }
                    }
                }
            }
        }
    }
}

/// What is not proved of a choice.
fn proof(choice: &Choice, view: &View<'_>) -> Markup {
    html! {
        @if let Outcome::Limited { gap, .. } = &choice.outcome { p { (limited(*gap, view)) } }
        @if choice.core_unproved > 0 {
            p .small {
                (view.say(M::PortfolioInOptima)) " (" (choice.core_unproved) "/" (choice.document.draws) "): "
                (limited(Some(choice.core_gap), view))
            }
        }
    }
}

/// That a choice is not proved, and how much better another could be.
fn limited(gap: Option<f64>, view: &View<'_>) -> Markup {
    let gap = gap.filter(|gap| *gap < 1e6);
    let words = gap.map_or("?".to_owned(), |gap| format!("{} %", view.fixed(100.0 * gap, 1)));
    html! { span .warn { (view.fill(M::PortfolioLimited, &[("gap", &words)])) } }
}

fn core(index: Option<&varp_engine::portfolio::robust::CoreIndex>, view: &View<'_>) -> Markup {
    html! {
        @if let Some(index) = index {
            @let words = match index.membership {
                Membership::Core => M::Core,
                Membership::Borderline => M::Borderline,
                Membership::Exterior => M::Exterior,
            };
            span .chance {
                meter min="0" max="1" value=(format!("{:.3}", index.share))
                    aria-label=(view.text(M::PortfolioInOptima)) {}
                " " (view.percent(index.share)) " " span .chip { (view.say(words)) }
            }
        }
    }
}

fn frontier_section(choice: &Choice, view: &View<'_>) -> Markup {
    let marks: Vec<FrontierMark> = choice
        .frontier
        .iter()
        .filter_map(|point| match &point.outcome {
            Outcome::Optimal { portfolio } | Outcome::Limited { portfolio, .. } => {
                let near = (point.budget - choice.document.budget).abs();
                Some(FrontierMark {
                    budget: point.budget / 1e3,
                    worth: portfolio.worth,
                    words: format!("{:.0} k€: {}", point.budget / 1e3, portfolio.chosen.len()),
                    chosen: near < 1e-6 * choice.document.budget,
                })
            }
            Outcome::Infeasible { .. } => None,
        })
        .collect();
    html! {
        section {
            h2 { (view.say(M::PortfolioFrontier)) }
            (frontier(&marks, 760.0, (view.text(M::PortfolioBudget), view.text(M::PortfolioWorth)),
                view.text(M::PortfolioFrontier)))
            table .frontier-table {
                thead { tr {
                    th scope="col" .number { (view.say(M::PortfolioBudget)) }
                    th scope="col" .number { (view.say(M::PortfolioStudies)) }
                    th scope="col" .number { (view.say(M::PortfolioWorth)) }
                } }
                tbody {
                    @for point in &choice.frontier {
                        @if let Outcome::Optimal { portfolio } | Outcome::Limited { portfolio, .. } = &point.outcome {
                            tr {
                                td .number data-label=(view.text(M::PortfolioBudget)) { (view.fixed(point.budget / 1e3, 0)) }
                                td .number data-label=(view.text(M::PortfolioStudies)) { (portfolio.chosen.len()) }
                                td .number data-label=(view.text(M::PortfolioWorth)) {
                                    (view.fixed(portfolio.worth, 2))
                                    @if let Outcome::Limited { gap, .. } = &point.outcome { " " (limited(*gap, view)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
