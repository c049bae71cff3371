//! The ranking as a document: plan in, order and its stability out.

use super::active::ActiveCriteria;
use super::classes::{ClassAcceptability, class_acceptability};
use super::criteria::{CriteriaDocument, CriteriaError, Guard, Situation};
use super::foils::{Foil, foils};
use super::headline::{Headline, deciding_data, headline};
use super::information::CellInformation;
use super::sampler::PreparedTable;
use super::smaa::{Acceptability, Counting, accept, confidence};
use super::table::{Origin, Prior, Row, TableError};
use super::weights::{WeightError, WeightSpace, draw_weights};
use crate::chance::{Draws, Purpose};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Draws used for mean values and confidence factors.
const SIDE_DRAWS: usize = 1000;

/// What to compute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingPlan {
    /// Which criteria count.
    pub situation: Situation,
    /// How uncertain the weights are.
    pub space: WeightSpace,
    /// Number of draws.
    pub draws: usize,
    /// Seed.
    pub seed: u64,
    /// How many sites are wanted.
    pub wanted: usize,
    /// P(among the wanted) from which a site is safe.
    pub safe: f64,
    /// P(among the wanted) up to which a site is out.
    pub out: f64,
    /// Sites to compare in pairs.
    #[serde(default)]
    pub pairs: Vec<String>,
    /// Sites (by probability of being first) that get a confidence factor.
    pub confidence_factors: usize,
    /// Whether to sort sites into classes.
    pub classes: bool,
    /// Whether to look for the missing data that would decide most.
    pub information: bool,
}

impl RankingPlan {
    /// 10,000 draws around the criteria's weights with κ = 50, as the method page has it.
    pub fn standard(situation: Situation, wanted: usize) -> Self {
        Self {
            situation,
            space: WeightSpace::Dirichlet { concentration: 50.0 },
            draws: 10_000,
            seed: 20_260_101,
            wanted,
            safe: 0.80,
            out: 0.05,
            pairs: Vec::new(),
            confidence_factors: 10,
            classes: true,
            information: true,
        }
    }
}

/// Whether a site belongs to the wanted ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Call {
    /// In, whatever the weights.
    Safe,
    /// Depends.
    Contested,
    /// Not in.
    Out,
}

/// One site of a ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankedSite {
    /// Site.
    pub id: String,
    /// Safe, contested or out.
    pub call: Call,
    /// P(among the wanted).
    pub top_probability: f64,
    /// Its Monte Carlo standard error.
    pub top_probability_error: f64,
    /// P(first).
    pub first_probability: f64,
    /// Mean rank.
    pub expected_rank: f64,
    /// Rank reached or bettered in 10 % of the draws.
    pub rank_low: usize,
    /// Rank reached or bettered in 90 % of the draws.
    pub rank_high: usize,
    /// Mean additive value.
    pub expected_value: f64,
    /// Standard deviation of the additive value.
    pub value_deviation: f64,
    /// Weights that would choose this site, by criterion; absent where none did.
    pub central_weights: Option<Vec<f64>>,
    /// P(first) under these weights over the first 1000 draws, where asked for.
    pub confidence_factor: Option<f64>,
    /// Share of the weight that rests on data of the site itself, measured or derived.
    pub known_share: f64,
    /// Origin of each cell, in the order of the criteria.
    pub origins: Vec<Origin>,
    /// Mean value of each criterion over the first 1000 draws.
    pub mean_values: Vec<f64>,
    /// Standard deviation of these values.
    pub value_spreads: Vec<f64>,
}

/// A ranking. Lists over sites run in the order of `sites`, which is that of the ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// What to see first.
    pub headline: Headline,
    /// Version of the criteria.
    pub criteria_version: String,
    /// Criteria that counted.
    pub criteria: Vec<String>,
    /// Their central weights.
    pub weights: Vec<f64>,
    /// Guards that fired.
    pub guards: Vec<Guard>,
    /// The plan.
    pub plan: RankingPlan,
    /// Sites.
    pub sites: Vec<RankedSite>,
    /// Places of the sites, best expected rank first; equals in the order of ids.
    pub order: Vec<usize>,
    /// Rank counts and pairwise wins.
    pub acceptability: Acceptability,
    /// Entropy of the first rank, bits.
    pub first_rank_entropy: Option<f64>,
    /// Largest standard error of any probability: 0.5/√draws.
    pub largest_error: f64,
    /// Classes, where asked for.
    pub classes: Option<ClassAcceptability>,
    /// Missing data that would decide most, where asked for.
    pub information: Vec<CellInformation>,
    /// Other methods on the mean values.
    pub foils: Vec<Foil>,
}

/// Why a ranking is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RankingError {
    /// The criteria.
    #[error("criteria: {0}")]
    Criteria(CriteriaError),
    /// The table.
    #[error("table: {0}")]
    Table(TableError),
    /// The weights.
    #[error("weights: {0}")]
    Weights(WeightError),
    /// The plan.
    #[error("plan: {0}")]
    Plan(String),
}

/// Ranks sites by the criteria document.
pub fn rank(
    document: &CriteriaDocument,
    rows: &[Row],
    priors: &[Prior],
    plan: &RankingPlan,
) -> Result<Ranking, RankingError> {
    let criteria = document.active(&plan.situation).map_err(RankingError::Criteria)?;
    rank_with(&criteria, rows, priors, plan)
}

/// Ranks sites by criteria whose weights may be a stakeholder's own.
pub fn rank_with(
    criteria: &ActiveCriteria,
    rows: &[Row],
    priors: &[Prior],
    plan: &RankingPlan,
) -> Result<Ranking, RankingError> {
    let weights = draw_weights(&plan.space, criteria, plan.seed, plan.draws)
        .map_err(RankingError::Weights)?;
    rank_drawn(criteria, rows, priors, plan, &weights)
}

/// Ranks sites by weights that are drawn already, one set per draw.
pub(super) fn rank_drawn(
    criteria: &ActiveCriteria,
    rows: &[Row],
    priors: &[Prior],
    plan: &RankingPlan,
    weights: &[Vec<f64>],
) -> Result<Ranking, RankingError> {
    let mut rows = rows.to_vec();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    let pairs = check_plan(plan, &rows)?;
    let table = PreparedTable::new(criteria, &rows, priors).map_err(RankingError::Table)?;
    let counting = Counting { top: vec![1, plan.wanted], pairs };
    let draws = Draws::new(plan.seed, Purpose::Values);
    let acceptability = accept(table.sites(), weights, &counting, |t, out| {
        for (j, weight) in weights[t].iter().enumerate().filter(|(_, w)| **w > 0.0) {
            table.add_values(j, *weight, draws.draw(t as u64), out);
        }
    });
    let moments = cell_moments(&table, draws, plan.draws.min(SIDE_DRAWS));
    let means: Vec<Vec<f64>> = moments.iter().map(|m| m.0.clone()).collect();
    let factors = confidence_factors(&table, draws, &acceptability, plan);
    let sites: Vec<RankedSite> = rows
        .iter()
        .enumerate()
        .map(|(i, row)| {
            ranked_site(i, row, &table, criteria, plan, &acceptability, &moments, &factors)
        })
        .collect();
    let mut order: Vec<usize> = (0..sites.len()).collect();
    order.sort_by(|a, b| sites[*a].expected_rank.total_cmp(&sites[*b].expected_rank));
    Ok(Ranking {
        headline: headline(&sites, plan),
        criteria_version: criteria.version.clone(),
        criteria: criteria.criteria.iter().map(|c| c.id.clone()).collect(),
        weights: criteria.weights.clone(),
        guards: criteria.guards.clone(),
        classes: plan.classes.then(|| class_acceptability(&table, criteria, weights, plan.seed)),
        information: if plan.information {
            deciding_data(&table, weights, plan, &sites)
        } else {
            Vec::new()
        },
        foils: foils(&means, criteria, &acceptability.expected_rank),
        first_rank_entropy: acceptability.first_rank_entropy(),
        largest_error: acceptability.standard_error(0.5),
        plan: plan.clone(),
        sites,
        order,
        acceptability,
    })
}

fn check_plan(plan: &RankingPlan, rows: &[Row]) -> Result<Vec<usize>, RankingError> {
    let refuse = |why: &str| Err(RankingError::Plan(why.into()));
    if plan.draws == 0 || u32::try_from(plan.draws).is_err() {
        return refuse("the number of draws must be from 1 to 4 thousand million");
    }
    if plan.wanted == 0 {
        return refuse("at least one site must be wanted");
    }
    if !(0.0 <= plan.out && plan.out < plan.safe && plan.safe <= 1.0) {
        return refuse("0 ≤ out < safe ≤ 1 must hold");
    }
    plan.pairs
        .iter()
        .map(|id| {
            let missing = || RankingError::Plan(format!("pairs name {id}, which is not ranked"));
            rows.iter().position(|row| row.id == *id).ok_or_else(missing)
        })
        .collect()
}

/// Means and standard deviations of the values of one criterion, by site.
type Moments = (Vec<f64>, Vec<f64>);

/// E[v_ij] and its spread as columns, over the first draws.
fn cell_moments(table: &PreparedTable, draws: Draws, count: usize) -> Vec<Moments> {
    (0..table.criteria())
        .into_par_iter()
        .map(|j| {
            let (mut sums, mut squares) = (vec![0.0; table.sites()], vec![0.0; table.sites()]);
            let mut values = vec![0.0; table.sites()];
            for t in 0..count {
                table.values(j, draws.draw(t as u64), &mut values);
                for (i, v) in values.iter().enumerate() {
                    sums[i] += v;
                    squares[i] += v * v;
                }
            }
            let n = count as f64;
            let means: Vec<f64> = sums.iter().map(|s| s / n).collect();
            let spread = |(s, m): (&f64, &f64)| (s / n - m * m).max(0.0).sqrt();
            let spreads = squares.iter().zip(&means).map(spread).collect();
            (means, spreads)
        })
        .collect()
}

fn confidence_factors(
    table: &PreparedTable,
    draws: Draws,
    acceptability: &Acceptability,
    plan: &RankingPlan,
) -> BTreeMap<usize, f64> {
    let firsts = &acceptability.top_counts[&1];
    let mut best: Vec<usize> = (0..table.sites()).filter(|i| firsts[*i] > 0).collect();
    best.sort_by_key(|i| std::cmp::Reverse(firsts[*i]));
    best.truncate(plan.confidence_factors);
    let candidates: Vec<(usize, Vec<f64>)> = best
        .iter()
        .filter_map(|i| Some((*i, acceptability.central_weights[*i].clone()?)))
        .collect();
    if candidates.is_empty() {
        return BTreeMap::new();
    }
    let count = plan.draws.min(SIDE_DRAWS);
    let factors = confidence(table.sites(), count, &candidates, |t, columns| {
        for (j, column) in columns.iter_mut().enumerate() {
            table.values(j, draws.draw(t as u64), column);
        }
    });
    candidates.into_iter().map(|c| c.0).zip(factors).collect()
}

#[expect(clippy::too_many_arguments, reason = "gathers what is known of one site")]
fn ranked_site(
    i: usize,
    row: &Row,
    table: &PreparedTable,
    criteria: &ActiveCriteria,
    plan: &RankingPlan,
    acceptability: &Acceptability,
    moments: &[Moments],
    factors: &BTreeMap<usize, f64>,
) -> RankedSite {
    let top_probability = acceptability.top_probability(i, plan.wanted).unwrap_or(0.0);
    let call = if top_probability >= plan.safe {
        Call::Safe
    } else if top_probability <= plan.out {
        Call::Out
    } else {
        Call::Contested
    };
    let origins: Vec<Origin> = (0..table.criteria()).map(|j| table.origin(i, j)).collect();
    let known = origins.iter().zip(&criteria.weights).filter(|(o, _)| o.is_known());
    RankedSite {
        id: row.id.clone(),
        call,
        top_probability,
        top_probability_error: acceptability.standard_error(top_probability),
        first_probability: acceptability.top_probability(i, 1).unwrap_or(0.0),
        expected_rank: acceptability.expected_rank[i],
        rank_low: acceptability.rank_quantile(i, 0.10),
        rank_high: acceptability.rank_quantile(i, 0.90),
        expected_value: acceptability.expected_value[i],
        value_deviation: acceptability.value_deviation[i],
        central_weights: acceptability.central_weights[i].clone(),
        confidence_factor: factors.get(&i).copied(),
        known_share: known.fold(0.0, |sum, (_, w)| sum + w),
        mean_values: moments.iter().map(|column| column.0[i]).collect(),
        value_spreads: moments.iter().map(|column| column.1[i]).collect(),
        origins,
    }
}
