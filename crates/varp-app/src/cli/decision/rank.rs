//! `varp rank`: a robust order under uncertain data and weights.

use varp_model::References;

use super::arguments::Rank;
use super::{documents, keep};
use crate::cli::{Outcome, Settings, settings, show};
use crate::jobs::{self, Ranked, RankingTable, Recipe, Subjects};

/// Ranks the screened bodies of the register, or the rows of a table; or computes a kept ranking again.
pub fn run(command: &Rank, settings: &Settings) -> anyhow::Result<Outcome> {
    if let Some(id) = &command.replay {
        let store = jobs::open(&settings.register)?;
        let replay = jobs::replay_ranking(&store, keep::id(id)?, &References::embedded())?;
        return Ok(keep::compared(&replay, command.terms.json));
    }
    let store = match &command.table {
        Some(_) if !command.terms.keep => None,
        _ => Some(jobs::open(&settings.register)?),
    };
    let (subjects, table) = match (&command.table, &store) {
        (None, Some(store)) => {
            let shortlist = documents::shortlist(store, &command.terms.selection)?;
            let overrides = documents::overrides(&command.terms.selection)?;
            let rules = shortlist.rules.clone();
            (Subjects::Register { rules, overrides }, RankingTable::from(shortlist))
        }
        (path, _) => {
            let table: RankingTable =
                path.as_deref().map(documents::read).transpose()?.unwrap_or_default();
            let RankingTable { rows, priors, .. } = table.clone();
            (Subjects::Table { rows, priors }, table)
        }
    };
    let recipe = Recipe {
        plan: documents::plan(&command.terms.weighing, table.rows.len())?,
        subjects,
        criteria: documents::criteria(&command.terms.weighing)?,
        stakeholders: documents::stakeholders(&command.terms.weighing)?,
    };
    let ranked = recipe.carry_out(&table)?;
    if command.terms.json {
        show::json(&ranked)?;
    } else {
        print(&ranked);
    }
    if let Some(store) = store.filter(|_| command.terms.keep) {
        let actor = settings::actor(None);
        let id = jobs::keep_ranking(&store, &recipe, &table, &ranked, &actor)?;
        show::note(format!("kept as ranking {id}"));
    }
    Ok(Outcome::Clean)
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
