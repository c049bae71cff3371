//! `varp rank`: a robust order under uncertain data and weights.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use varp_engine::rank::criteria::CriteriaDocument;
use varp_engine::rank::ranking::{Ranking, RankingPlan, rank};
use varp_engine::rank::table::{Prior, Row};
use varp_engine::rank::views::{View, rank_views};
use varp_model::ResultKind;

use super::arguments::Rank;
use super::documents;
use super::keep::{self, keep};
use crate::cli::{Outcome, Settings, show};
use crate::jobs;

/// A table to rank, as a document.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    rows: Vec<Row>,
    #[serde(default)]
    priors: Vec<Prior>,
    #[serde(skip)]
    names: BTreeMap<String, String>,
    #[serde(skip)]
    how: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(skip)]
    estimates: BTreeMap<String, String>,
}

/// A ranking with what stands beside it.
#[derive(Serialize)]
struct Ranked {
    #[serde(flatten)]
    ranking: Ranking,
    /// Each stakeholder by themselves; `ranking` pools them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    views: Vec<View>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    safe_for_all: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    disputed: Vec<String>,
    /// Names by id.
    names: BTreeMap<String, String>,
    /// How each cell came about, by body and criterion.
    how: BTreeMap<String, BTreeMap<String, String>>,
    /// Stored estimates that cells come from, by body.
    estimates: BTreeMap<String, String>,
}

/// Ranks the screened bodies of the register, or the rows of a table.
pub fn run(command: &Rank, settings: &Settings) -> anyhow::Result<Outcome> {
    let criteria = documents::criteria(&command.weighing)?;
    let store = match &command.table {
        Some(_) if !command.keep => None,
        _ => Some(jobs::open(&settings.register)?),
    };
    let table = match (&command.table, &store) {
        (Some(path), _) => documents::read(path)?,
        (None, Some(store)) => of_register(documents::shortlist(store, &command.selection)?),
        (None, None) => Table::default(),
    };
    let plan = documents::plan(&command.weighing, table.rows.len())?;
    let ranked = ranked(command, &criteria, table, &plan)?;
    if command.json {
        show::json(&ranked.1)?;
    } else {
        print(&ranked.1);
    }
    if let Some(store) = store.filter(|_| command.keep) {
        let outcome = keep::Outcome {
            kind: ResultKind::Ranking,
            subject: None,
            plan: &plan,
            inputs: serde_json::to_string(&ranked.0)?,
            seed: plan.seed,
            versions: vec![("criteria.toml".into(), criteria.version.clone())],
            result: &ranked.1,
        };
        keep(&store, outcome)?;
    }
    Ok(Outcome::Clean)
}

fn of_register(shortlist: jobs::Shortlist) -> Table {
    Table {
        rows: shortlist.rows,
        priors: shortlist.priors,
        names: shortlist.names,
        how: shortlist.how,
        estimates: shortlist.estimates,
    }
}

/// The rows, and their ranking.
fn ranked(
    command: &Rank,
    criteria: &CriteriaDocument,
    table: Table,
    plan: &RankingPlan,
) -> anyhow::Result<(Vec<Row>, Ranked)> {
    let Table { rows, priors, names, how, estimates } = table;
    let alone = |ranking| Ranked {
        ranking,
        views: Vec::new(),
        safe_for_all: Vec::new(),
        disputed: Vec::new(),
        names: names.clone(),
        how: how.clone(),
        estimates: estimates.clone(),
    };
    let ranked = match documents::stakeholders(&command.weighing)? {
        None => alone(rank(criteria, &rows, &priors, plan)?),
        Some(document) => {
            let all = rank_views(criteria, &document, &rows, &priors, plan)?;
            Ranked {
                views: all.views,
                safe_for_all: all.safe_for_all,
                disputed: all.disputed,
                ..alone(all.pooled)
            }
        }
    };
    Ok((rows, ranked))
}

fn print(ranked: &Ranked) {
    let ranking = &ranked.ranking;
    show::line(&ranking.headline.text);
    show::line(
        "expected rank (80 %)   among the wanted   known   call        class                   body",
    );
    for at in &ranking.order {
        let site = &ranking.sites[*at];
        let class = ranking.classes.as_ref().map_or(String::new(), |classes| {
            let class = classes.most_likely(*at);
            let probability = 100.0 * classes.probability(*at, class);
            format!("{} {probability:.0} %", classes.names[class])
        });
        show::line(format!(
            "{:>9.1} ({}-{}) {:>18.0} % {:>9.0} %   {:<10}  {class:<28}  {}",
            site.expected_rank,
            site.rank_low,
            site.rank_high,
            site.top_probability * 100.0,
            site.known_share.max(0.0) * 100.0,
            format!("{:?}", site.call).to_lowercase(),
            name(ranked, &site.id)
        ));
    }
    views(ranked);
    deciding(ranked);
    for foil in &ranking.foils {
        let warning = if foil.disagrees { "  disagrees" } else { "" };
        show::line(format!("Kendall's tau {:.2} with {}{warning}", foil.tau, foil.method));
    }
    show::line(format!(
        "{} criteria of {}, {} draws, seed {}; Monte Carlo error of a probability at most {:.1} %",
        ranking.criteria.len(),
        ranking.criteria_version,
        ranking.plan.draws,
        ranking.plan.seed,
        100.0 * ranking.largest_error
    ));
}

fn name<'a>(ranked: &'a Ranked, id: &'a String) -> &'a str {
    ranked.names.get(id).unwrap_or(id)
}

fn views(ranked: &Ranked) {
    if ranked.views.is_empty() {
        return;
    }
    for view in &ranked.views {
        let inconsistent = view.weights.consistency.values().any(|c| !c.is_acceptable());
        let mark = if inconsistent { "  (judgements contradict each other)" } else { "" };
        let safe = view.calls.iter().filter(|c| format!("{c:?}") == "Safe").count();
        show::line(format!("{}: {safe} safe{mark}", view.weights.name));
    }
    let list = |ids: &[String]| {
        let names: Vec<&str> = ids.iter().map(|id| name(ranked, id)).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    show::line(format!("safe for everybody: {}", list(&ranked.safe_for_all)));
    show::line(format!("disputed: {}", list(&ranked.disputed)));
}

/// The missing data that would decide most.
fn deciding(ranked: &Ranked) {
    let ranking = &ranked.ranking;
    let worth = ranking.information.iter().filter(|cell| cell.evppi > cell.noise).take(8);
    let lines: Vec<String> = worth
        .map(|cell| {
            format!(
                "  {:.4} (noise {:.4})  {}  {}",
                cell.evppi,
                cell.noise,
                ranking.criteria[cell.criterion],
                name(ranked, &ranking.sites[cell.site].id)
            )
        })
        .collect();
    if !lines.is_empty() {
        show::line("Missing data that would decide most (expected gain in value, 0 to 1):");
        lines.iter().for_each(show::line);
    }
}
