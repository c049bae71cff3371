//! `varp rank`: a robust order under uncertain data and weights.

use std::collections::BTreeMap;

use anyhow::Context;
use serde::Deserialize;
use varp_engine::rank::criteria::{self, Aim, CriteriaDocument, Level, Situation};
use varp_engine::rank::ranking::{Ranking, RankingPlan, rank};
use varp_engine::rank::table::{Prior, Row};

use super::arguments::Rank;
use super::{Outcome, Settings, rules, show};
use crate::jobs;

/// A table to rank, as a document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    rows: Vec<Row>,
    #[serde(default)]
    priors: Vec<Prior>,
}

/// Ranks the bodies of the register, or the rows of a table.
pub fn run(command: &Rank, settings: &Settings) -> anyhow::Result<Outcome> {
    let document = match &command.criteria {
        Some(path) => CriteriaDocument::parse(&rules::text(path)?)
            .with_context(|| format!("understanding {}", path.display()))?,
        None => CriteriaDocument::parse(criteria::DEFAULT)?,
    };
    let (rows, priors, names) = match &command.table {
        Some(path) => {
            let table: Table = toml::from_str(&rules::text(path)?)
                .with_context(|| format!("understanding {}", path.display()))?;
            (table.rows, table.priors, BTreeMap::new())
        }
        None => {
            let (rows, names) = jobs::ranking_rows(&jobs::open(&settings.register)?)?;
            (rows, Vec::new(), names)
        }
    };
    let situation = Situation { level: Level::L0, aim: Aim::Pilots, credit_in_npv: false };
    let plan = RankingPlan {
        seed: command.seed,
        draws: command.draws,
        ..RankingPlan::standard(situation, command.wanted.min(rows.len()))
    };
    let ranking = rank(&document, &rows, &priors, &plan)?;
    if command.json {
        show::json(&ranking)?;
    } else {
        print(&ranking, &names);
    }
    Ok(Outcome::Clean)
}

fn print(ranking: &Ranking, names: &BTreeMap<String, String>) {
    show::line(&ranking.headline.text);
    show::line("expected rank (80 %)   among the wanted   known   call        body");
    for at in &ranking.order {
        let site = &ranking.sites[*at];
        show::line(format!(
            "{:>9.1} ({}-{}) {:>18.0} % {:>9.0} %   {:<10}  {}",
            site.expected_rank,
            site.rank_low,
            site.rank_high,
            site.top_probability * 100.0,
            site.known_share.max(0.0) * 100.0,
            format!("{:?}", site.call).to_lowercase(),
            names.get(&site.id).unwrap_or(&site.id)
        ));
    }
}
