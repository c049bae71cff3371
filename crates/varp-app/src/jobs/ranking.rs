//! Rankings: what decides one, carrying it out, keeping it, and computing a kept one again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use varp_engine::rank::criteria::CriteriaDocument;
use varp_engine::rank::elicit::StakeholderDocument;
use varp_engine::rank::ranking::{Ranking, RankingError, RankingPlan, rank};
use varp_engine::rank::screen::{Override, ScreenDocument};
use varp_engine::rank::table::{Prior, Row};
use varp_engine::rank::views::{View, ViewsError, rank_views};
use varp_model::{References, ResultId, ResultKind, Visibility};
use varp_store::{Store, StoreError};

use super::keep::{Kept, Replay, ReplayError, json, keep, kept, versions_with};
use super::shortlist::{Shortlist, ShortlistError, Wanted, shortlist};

/// All that decides a ranking, as the text that computes it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Draws, seed, space of weights, situation.
    pub plan: RankingPlan,
    /// What is ranked.
    pub subjects: Subjects,
    /// Criteria.
    pub criteria: CriteriaDocument,
    /// Judgements of stakeholders, each kept apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stakeholders: Option<StakeholderDocument>,
}

/// What is ranked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subjects {
    /// The bodies of the register that the rules leave; filters are rules.
    Register {
        /// Filters and knock-outs.
        rules: ScreenDocument,
        /// Bodies kept in spite of a rule.
        overrides: Vec<Override>,
    },
    /// The rows of a table.
    Table {
        /// Rows.
        rows: Vec<Row>,
        /// Priors for missing cells.
        priors: Vec<Prior>,
    },
}

/// Rows with what a reader is told of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingTable {
    /// Rows.
    pub rows: Vec<Row>,
    /// Priors for missing cells.
    #[serde(default)]
    pub priors: Vec<Prior>,
    /// Names by id.
    #[serde(skip_deserializing)]
    pub names: BTreeMap<String, String>,
    /// How each cell came about, by body and criterion.
    #[serde(skip_deserializing)]
    pub how: BTreeMap<String, BTreeMap<String, String>>,
    /// Stored estimates that cells come from, by body.
    #[serde(skip_deserializing)]
    pub estimates: BTreeMap<String, String>,
}

impl From<Shortlist> for RankingTable {
    fn from(list: Shortlist) -> Self {
        let Shortlist { rows, priors, names, how, estimates, .. } = list;
        Self { rows, priors, names, how, estimates }
    }
}

/// A ranking with what stands beside it.
#[derive(Clone, Debug, Serialize)]
pub struct Ranked {
    /// The ranking; of several stakeholders pooled.
    #[serde(flatten)]
    pub ranking: Ranking,
    /// Each stakeholder by themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<View>,
    /// Bodies that are safe in every view.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub safe_for_all: Vec<String>,
    /// Bodies that one view calls safe and another out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disputed: Vec<String>,
    /// Names by id.
    pub names: BTreeMap<String, String>,
    /// How each cell came about, by body and criterion.
    pub how: BTreeMap<String, BTreeMap<String, String>>,
    /// Stored estimates that cells come from, by body.
    pub estimates: BTreeMap<String, String>,
}

/// Why there is no ranking.
#[derive(Debug, thiserror::Error)]
pub enum RankingJobError {
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bodies.
    #[error(transparent)]
    Shortlist(#[from] ShortlistError),
    /// The ranking.
    #[error(transparent)]
    Ranking(#[from] RankingError),
    /// The stakeholders.
    #[error(transparent)]
    Views(#[from] ViewsError),
    /// Keeping it, or computing it again.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

impl Recipe {
    /// Ranks a table by the recipe.
    ///
    /// # Errors
    /// If criteria, weights, plan or table are wrong.
    pub fn carry_out(&self, table: &RankingTable) -> Result<Ranked, RankingJobError> {
        let (rows, priors) = (&table.rows, &table.priors);
        let (ranking, views, safe_for_all, disputed) = match &self.stakeholders {
            None => {
                let ranking = rank(&self.criteria, rows, priors, &self.plan)?;
                (ranking, Vec::new(), Vec::new(), Vec::new())
            }
            Some(document) => {
                let all = rank_views(&self.criteria, document, rows, priors, &self.plan)?;
                (all.pooled, all.views, all.safe_for_all, all.disputed)
            }
        };
        let RankingTable { names, how, estimates, .. } = table.clone();
        Ok(Ranked { ranking, views, safe_for_all, disputed, names, how, estimates })
    }

    /// The rows as the register has them today.
    fn table(
        &self,
        store: &dyn Store,
        references: &References,
    ) -> Result<RankingTable, ShortlistError> {
        match &self.subjects {
            Subjects::Register { rules, overrides } => {
                let (all, audience) = (Wanted::default(), Visibility::Private);
                Ok(shortlist(store, &all, rules, overrides, references, audience)?.into())
            }
            Subjects::Table { rows, priors } => Ok(RankingTable {
                rows: rows.clone(),
                priors: priors.clone(),
                ..RankingTable::default()
            }),
        }
    }
}

/// Keeps a ranking with all that decides it.
///
/// # Errors
/// If it cannot be written.
pub fn keep_ranking(
    store: &dyn Store,
    recipe: &Recipe,
    table: &RankingTable,
    ranked: &Ranked,
    actor: &str,
) -> Result<ResultId, RankingJobError> {
    let kept = Kept {
        kind: ResultKind::Ranking,
        subject: None,
        plan: toml::to_string(recipe).map_err(|e| ReplayError::Write(e.to_string()))?,
        inputs: json(table)?,
        seed: recipe.plan.seed,
        versions: versions_with([("criteria.toml", &recipe.criteria.version)]),
        document: json(ranked)?,
        actor,
    };
    Ok(keep(store, kept)?)
}

/// Computes a kept ranking again from its recipe.
///
/// # Errors
/// If there is none, or the rows that it ranks have changed.
pub fn replay_ranking(
    store: &dyn Store,
    id: ResultId,
    references: &References,
) -> Result<Replay, RankingJobError> {
    let result = kept(store, id, ResultKind::Ranking)?;
    let no_recipe = |_| ReplayError::NoRecipe { kind: ResultKind::Ranking.word(), id };
    let recipe: Recipe = toml::from_str(&result.plan).map_err(no_recipe)?;
    let table = recipe.table(store, references)?;
    Replay::same_inputs(&result, &json(&table)?)?;
    let again = json(&recipe.carry_out(&table)?)?;
    Ok(Replay::of(result, again, &versions_with([("criteria.toml", &recipe.criteria.version)])))
}
