//! Several stakeholders: each set of weights ranks by itself, then all together; never averaged.

use serde::{Deserialize, Serialize};

use super::criteria::CriteriaDocument;
use super::elicit::{ElicitError, StakeholderDocument, StakeholderWeights};
use super::ranking::{Call, Ranking, RankingError, RankingPlan, rank_drawn};
use super::sampler::PreparedTable;
use super::table::{Prior, Row};
use super::weights::draw_weights;
use crate::chance::{Draws, Purpose};

/// One stakeholder's ranking in short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Their weights, with how consistent their judgements are.
    pub weights: StakeholderWeights,
    /// P(among the wanted) by site, in the order of the sites of the pooled ranking.
    pub top_probability: Vec<f64>,
    /// Mean rank by site.
    pub expected_rank: Vec<f64>,
    /// Call by site.
    pub calls: Vec<Call>,
}

/// Rankings of several stakeholders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Views {
    /// All draws together, each stakeholder with the same share of them.
    pub pooled: Ranking,
    /// Each by themselves.
    pub views: Vec<View>,
    /// Sites that are safe in every view.
    pub safe_for_all: Vec<String>,
    /// Sites that one view calls safe and another out.
    pub disputed: Vec<String>,
}

/// Why views are refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ViewsError {
    /// A judgement.
    #[error("{stakeholder}: {error}")]
    Judgement {
        /// Whose.
        stakeholder: String,
        /// What is wrong.
        error: ElicitError,
    },
    /// Nobody.
    #[error("the document names no stakeholder")]
    Nobody,
    /// The ranking.
    #[error(transparent)]
    Ranking(RankingError),
}

/// Ranks by every stakeholder's weights and by all of them together.
///
/// # Errors
/// If a judgement does not fit the criteria, or the ranking is refused.
pub fn rank_views(
    document: &CriteriaDocument,
    stakeholders: &StakeholderDocument,
    rows: &[Row],
    priors: &[Prior],
    plan: &RankingPlan,
) -> Result<Views, ViewsError> {
    let refused = |e| ViewsError::Ranking(e);
    let criteria =
        document.active(&plan.situation).map_err(|e| refused(RankingError::Criteria(e)))?;
    let resolved: Vec<StakeholderWeights> = stakeholders
        .stakeholders
        .iter()
        .map(|s| {
            let stakeholder = s.name.clone();
            s.resolve(&criteria).map_err(|error| ViewsError::Judgement { stakeholder, error })
        })
        .collect::<Result<_, _>>()?;
    if resolved.is_empty() {
        return Err(ViewsError::Nobody);
    }
    let drawn: Vec<Vec<Vec<f64>>> = resolved
        .iter()
        .map(|s| draw_weights(&plan.space, &s.criteria(&criteria), plan.seed, plan.draws))
        .collect::<Result<_, _>>()
        .map_err(|e| refused(RankingError::Weights(e)))?;
    let pool: Vec<Vec<f64>> = (0..plan.draws).map(|t| drawn[t % drawn.len()][t].clone()).collect();
    let pooled = rank_drawn(&criteria, rows, priors, plan, &pool).map_err(refused)?;
    let brief = RankingPlan { classes: false, information: false, ..plan.clone() };
    let views: Vec<View> = resolved
        .into_iter()
        .zip(&drawn)
        .map(|(weights, drawn)| {
            let own = weights.criteria(&criteria);
            let ranking = rank_drawn(&own, rows, priors, &brief, drawn)?;
            Ok(View {
                top_probability: ranking.sites.iter().map(|s| s.top_probability).collect(),
                expected_rank: ranking.sites.iter().map(|s| s.expected_rank).collect(),
                calls: ranking.sites.iter().map(|s| s.call).collect(),
                weights,
            })
        })
        .collect::<Result<_, _>>()
        .map_err(refused)?;
    let has = |i: usize, call: Call| views.iter().any(|v| v.calls[i] == call);
    let named = |keep: &dyn Fn(usize) -> bool| -> Vec<String> {
        let places = 0..pooled.sites.len();
        places.filter(|i| keep(*i)).map(|i| pooled.sites[i].id.clone()).collect()
    };
    let safe_for_all = named(&|i| views.iter().all(|v| v.calls[i] == Call::Safe));
    let disputed = named(&|i| has(i, Call::Safe) && has(i, Call::Out));
    Ok(Views { pooled, views, safe_for_all, disputed })
}

/// Additive values of all sites, in the order of the ids, for the first `count` draws of a plan:
/// what a robust portfolio is solved over.
///
/// # Errors
/// If the ranking itself would be refused.
pub fn drawn_values(
    document: &CriteriaDocument,
    rows: &[Row],
    priors: &[Prior],
    plan: &RankingPlan,
    count: usize,
) -> Result<Vec<Vec<f64>>, RankingError> {
    let criteria = document.active(&plan.situation).map_err(RankingError::Criteria)?;
    let mut rows = rows.to_vec();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    let table = PreparedTable::new(&criteria, &rows, priors).map_err(RankingError::Table)?;
    let weights =
        draw_weights(&plan.space, &criteria, plan.seed, count).map_err(RankingError::Weights)?;
    let draws = Draws::new(plan.seed, Purpose::Values);
    let values = weights.iter().enumerate().map(|(t, w)| {
        let mut totals = vec![0.0; table.sites()];
        for (j, weight) in w.iter().enumerate() {
            table.add_values(j, *weight, draws.draw(t as u64), &mut totals);
        }
        totals
    });
    Ok(values.collect())
}
