//! The ranking: the order, how sure it is, and sliders that move it.

use maud::{Markup, PreEscaped, html};
use serde_json::json;
use varp_engine::rank::ranking::{Call, RankedSite};

use super::language::Message as M;
use super::next;
use super::view::{Head, View};
use crate::chart::{AcceptabilityRow, acceptability, shades};
use crate::http::{PageContext, RankingPage};

/// Missing data shown at most.
const DECIDING: usize = 12;

/// The page of the ranking.
pub fn ranking_page(value: &RankingPage, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let ranking = &value.ranking;
    let plan = &ranking.plan;
    let head = Head {
        title: view.text(M::NextRanking).to_owned(),
        description: view.text(M::RankAbout).to_owned(),
        door: "/ranking",
        island: Some("src/ranking/main.ts"),
        ..Head::default()
    };
    let line =
        format!("varp rank --wanted {} --draws {} --seed {}", plan.wanted, plan.draws, plan.seed);
    let warn = if ranking.headline.data_campaign_first { "headline warn" } else { "headline" };
    view.page(
        &head,
        &html! {
            (next::steps(&view, "/ranking"))
            h1 { (view.say(M::NextRanking)) }
            p .lead { (view.say(M::RankAbout)) }
            p class=(warn) lang="en" { (ranking.headline.text) }
            (wanted_form(plan.wanted, plan.seed, &view))
            div #live-ranking .live-ranking data-wanted=(plan.wanted)
                data-moved=(view.text(M::RankMoved)) {
                (sliders(value, &view))
                (table(value, &view))
            }
            (live_data(value))
            (heat_map(value, &view))
            (deciding(value, &view))
            (foils(value, &view))
            (next::reproduce(&view, &ranking.criteria_version, plan.seed, &line))
            (view.downloads(&[]))
        },
    )
}

fn wanted_form(wanted: usize, seed: u64, view: &View<'_>) -> Markup {
    html! {
        form .filters action="/ranking" {
            (view.kept_language())
            input type="hidden" name="seed" value=(seed);
            div .field {
                label for="wanted" { (view.fill(M::RankAmong, &[("wanted", "…")])) }
                input #wanted type="number" name="wanted" min="1" max="1000" value=(wanted);
            }
            button { (view.say(M::Show)) }
        }
    }
}

/// Sliders of the groups; shown by the script that moves the order.
fn sliders(value: &RankingPage, view: &View<'_>) -> Markup {
    let weights = value.criteria.group_weights();
    let wanted = value.ranking.plan.wanted.to_string();
    html! {
        form .weights hidden {
            h2 { (view.say(M::RankWeights)) }
            p .small { (view.fill(M::RankWeightsHint, &[("wanted", &wanted)])) }
            @for group in &value.criteria.groups {
                @if let Some(weight) = weights.get(&group.id) {
                    @let id = format!("weight-{}", group.id);
                    div .weight {
                        label for=(id) { (view.word(&group.name)) }
                        input id=(id) type="range" min="0" max="60" step="1" data-group=(group.id)
                            value=(format!("{:.0}", 100.0 * weight));
                        output for=(id) { (format!("{:.0} %", 100.0 * weight)) }
                        @if !group.note.is_empty() { p .small { (view.word(&group.note)) } }
                    }
                }
            }
            button type="reset" { (view.say(M::RankReset)) }
        }
    }
}

fn table(value: &RankingPage, view: &View<'_>) -> Markup {
    let ranking = &value.ranking;
    let wanted = ranking.plan.wanted.to_string();
    let among = view.fill(M::RankAmong, &[("wanted", &wanted)]);
    html! {
        table .list .ranking {
            thead { tr {
                th scope="col" .number { (view.say(M::RankPlace)) }
                th scope="col" { (view.say(M::Body)) }
                th scope="col" { (among) }
                th scope="col" { (view.say(M::RankRange)) }
                th scope="col" .number { (view.say(M::RankKnown)) }
                th scope="col" { (view.say(M::RankClass)) }
            } }
            tbody {
                @for (place, at) in ranking.order.iter().enumerate() {
                    (row(value, view, place, *at, &among))
                }
            }
        }
    }
}

fn row(value: &RankingPage, view: &View<'_>, place: usize, at: usize, among: &str) -> Markup {
    let ranking = &value.ranking;
    let site = &ranking.sites[at];
    let name = value.shortlist.names.get(&site.id).unwrap_or(&site.id);
    let profile = value.shortlist.profiles.iter().find(|p| p.id == site.id);
    let class = ranking.classes.as_ref().map(|classes| {
        let class = classes.most_likely(at);
        (classes.names[class].as_str(), classes.probability(at, class))
    });
    html! {
        tr data-site=(at) {
            td .number .place data-label=(view.text(M::RankPlace)) { (place + 1) }
            th scope="row" {
                @if let Some(profile) = profile { (super::kind::glyph(&profile.kind)) " " }
                a href=(view.item("bodies", &site.id)) { (name) }
                @if let Some(profile) = profile {
                    " " span .small { (view.country(&profile.country)) }
                }
                " " a .small href=(view.href(&format!("/collections/bodies/items/{}/pilot", site.id)))
                    aria-label=(format!("{}: {name}", view.text(M::PilotPlan))) { (view.say(M::PilotPlan)) }
                span .moved {}
            }
            td data-label=(among) { (chance(site, view)) }
            td data-label=(view.text(M::RankRange)) {
                (rank_bar(site, ranking.sites.len())) " " (site.rank_low) "–" (site.rank_high)
            }
            td .number data-label=(view.text(M::RankKnown)) { (view.percent(site.known_share.max(0.0))) }
            td data-label=(view.text(M::RankClass)) {
                @if let Some((name, probability)) = class {
                    (view.word(name)) " " span .small { (view.percent(probability)) }
                }
            }
        }
    }
}

fn chance(site: &RankedSite, view: &View<'_>) -> Markup {
    let (class, words) = match site.call {
        Call::Safe => ("safe", M::CallSafe),
        Call::Contested => ("contested", M::CallContested),
        Call::Out => ("out", M::CallOut),
    };
    html! {
        span class=(format!("chance {class}")) {
            meter min="0" max="1" value=(format!("{:.3}", site.top_probability))
                aria-label=(view.text(M::RankCall)) {}
            " " span .share { (view.percent(site.top_probability)) }
            " " span .chip { (view.say(words)) }
        }
    }
}

/// From the low to the high rank, on a line of all ranks.
fn rank_bar(site: &RankedSite, ranks: usize) -> Markup {
    let x = |rank: usize| 80.0 * (rank.saturating_sub(1)) as f64 / ranks.max(2) as f64;
    html! {
        svg .range viewBox="0 0 80 10" width="80" height="10" aria-hidden="true" {
            line .axis x1="0" x2="80" y1="5" y2="5" {}
            rect .span x=(format!("{:.1}", x(site.rank_low))) y="2" height="6"
                width=(format!("{:.1}", (x(site.rank_high) - x(site.rank_low)).max(2.0))) {}
        }
    }
}

/// What the script re-ranks from.
fn live_data(value: &RankingPage) -> Markup {
    let criteria: Vec<_> = value
        .criteria
        .criteria
        .iter()
        .zip(&value.criteria.weights)
        .map(|(c, weight)| json!({ "id": c.id, "group": c.group, "weight": weight }))
        .collect();
    let data = json!({
        "criteria": criteria,
        "means": value.live.means,
        "variances": value.live.variances,
    });
    html! {
        script #live-data type="application/json" { (PreEscaped(super::view::json_for_page(&data))) }
    }
}

fn heat_map(value: &RankingPage, view: &View<'_>) -> Markup {
    let ranking = &value.ranking;
    let draws = ranking.acceptability.draws as f64;
    let rows: Vec<AcceptabilityRow> = ranking
        .order
        .iter()
        .map(|at| {
            let id = &ranking.sites[*at].id;
            AcceptabilityRow {
                name: value.shortlist.names.get(id).unwrap_or(id).clone(),
                href: view.item("bodies", id),
                shares: ranking.acceptability.rank_counts[*at]
                    .iter()
                    .map(|count| f64::from(*count) / draws)
                    .collect(),
            }
        })
        .collect();
    let words = view.fill(M::RankMapWords, &[("count", &rows.len().to_string())]);
    html! {
        section {
            h2 { (view.say(M::RankMap)) }
            ul .legend .shades {
                @for (shade, words) in shades() {
                    li { svg width="16" height="12" aria-hidden="true" {
                        rect class=(format!("shade-{shade}")) width="16" height="12" {}
                    } " " (words) }
                }
            }
            div .wide-chart tabindex="0" role="group" aria-label=(words) {
                (acceptability(&rows, ranking.sites.len(), 900.0, &words))
            }
        }
    }
}

fn deciding(value: &RankingPage, view: &View<'_>) -> Markup {
    let ranking = &value.ranking;
    let cells: Vec<_> =
        ranking.information.iter().filter(|cell| cell.evppi > cell.noise).take(DECIDING).collect();
    html! {
        @if !cells.is_empty() {
            section {
                h2 { (view.say(M::RankDeciding)) }
                p .small { (view.say(M::RankDecidingAbout)) }
                table .list {
                    thead { tr {
                        th scope="col" { (view.say(M::Body)) }
                        th scope="col" { (view.say(M::RankCriterion)) }
                        th scope="col" .number { (view.say(M::RankGain)) }
                    } }
                    tbody {
                        @for cell in cells {
                            @let id = &ranking.sites[cell.site].id;
                            @let criterion = &value.criteria.criteria[cell.criterion];
                            tr {
                                th scope="row" { a href=(view.item("bodies", id)) {
                                    (value.shortlist.names.get(id).unwrap_or(id)) } }
                                td data-label=(view.text(M::RankCriterion)) lang="en" { (criterion.id) " " (criterion.name) }
                                td .number data-label=(view.text(M::RankGain)) { (view.fixed(cell.evppi, 4)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn foils(value: &RankingPage, view: &View<'_>) -> Markup {
    html! {
        section {
            h2 { (view.say(M::RankFoils)) }
            table {
                thead { tr {
                    th scope="col" { (view.say(M::Method)) }
                    th scope="col" .number { (view.say(M::RankTau)) }
                } }
                tbody {
                    @for foil in &value.ranking.foils {
                        tr {
                            th scope="row" lang="en" { (foil.method) }
                            td .number {
                                (view.fixed(foil.tau, 2))
                                @if foil.disagrees { " " span .chip { (view.say(M::RankDisagrees)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
