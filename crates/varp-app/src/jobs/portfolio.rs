//! Portfolios: what decides one, carrying it out, keeping it, and computing a kept one again.

use serde::{Deserialize, Serialize};
use varp_engine::pilot::cost::CostLine;
use varp_engine::portfolio::candidates::{Basis, Choice, ChoiceError, PortfolioDocument, choose};
use varp_engine::profile::Knowledge;
use varp_engine::rank::criteria::CriteriaDocument;
use varp_engine::rank::ranking::{Ranking, RankingError, RankingPlan, rank};
use varp_engine::rank::screen::{Override, ScreenDocument};
use varp_model::{References, ResultId, ResultKind, Visibility};
use varp_store::{Store, StoreError};

use super::keep::{Kept, Replay, ReplayError, json, keep, kept, versions_with};
use super::shortlist::{Shortlist, ShortlistError, Wanted, shortlist};

/// All that decides a portfolio, as the text that computes it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortfolioRecipe {
    /// Budget, rules, draws.
    pub document: PortfolioDocument,
    /// Plan of the ranking that it rests on.
    pub plan: RankingPlan,
    /// Filters and knock-outs.
    pub rules: ScreenDocument,
    /// Bodies kept in spite of a rule.
    pub overrides: Vec<Override>,
    /// Criteria.
    pub criteria: CriteriaDocument,
    /// Unit costs.
    pub costs: Vec<CostLine>,
}

/// Why there is no portfolio.
#[derive(Debug, thiserror::Error)]
pub enum PortfolioJobError {
    /// The bodies.
    #[error(transparent)]
    Shortlist(#[from] ShortlistError),
    /// The ranking.
    #[error(transparent)]
    Ranking(#[from] RankingError),
    /// The choice.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    /// Keeping it, or computing it again.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PortfolioRecipe {
    /// Ranks the bodies of a shortlist and chooses among them.
    ///
    /// # Errors
    /// If criteria, plan, rules or costs are wrong, or the solver fails.
    pub fn carry_out(&self, list: &Shortlist) -> Result<(Ranking, Choice), PortfolioJobError> {
        let quick = RankingPlan { classes: false, information: false, ..self.plan.clone() };
        let ranking = rank(&self.criteria, &list.rows, &list.priors, &quick)?;
        let known = Knowledge::embedded();
        let basis = Basis {
            criteria: &self.criteria,
            rows: &list.rows,
            priors: &list.priors,
            plan: &self.plan,
            profiles: &list.profiles,
            costs: &self.costs,
            known: &known,
        };
        let choice = choose(&ranking, &self.document, &basis)?;
        Ok((ranking, choice))
    }
}

/// What a portfolio is computed from.
fn inputs(list: &Shortlist) -> Result<String, ReplayError> {
    json(&(&list.rows, &list.priors, &list.profiles))
}

/// Keeps a portfolio with all that decides it.
///
/// # Errors
/// If it cannot be written.
pub fn keep_portfolio(
    store: &dyn Store,
    recipe: &PortfolioRecipe,
    list: &Shortlist,
    choice: &Choice,
    actor: &str,
) -> Result<ResultId, PortfolioJobError> {
    let kept = Kept {
        kind: ResultKind::Portfolio,
        subject: None,
        plan: json(recipe)?,
        inputs: inputs(list)?,
        seed: recipe.plan.seed,
        versions: versions_with([("criteria.toml", &recipe.criteria.version)]),
        document: json(choice)?,
        actor,
    };
    Ok(keep(store, kept)?)
}

/// Computes a kept portfolio again from its recipe.
///
/// # Errors
/// If there is none, or what is known of its bodies has changed.
pub fn replay_portfolio(
    store: &dyn Store,
    id: ResultId,
    references: &References,
) -> Result<Replay, PortfolioJobError> {
    let result = kept(store, id, ResultKind::Portfolio)?;
    let no_recipe = |_| ReplayError::NoRecipe { kind: ResultKind::Portfolio.word(), id };
    let recipe: PortfolioRecipe = serde_json::from_str(&result.plan).map_err(no_recipe)?;
    let (all, audience) = (Wanted::default(), Visibility::Private);
    let list = shortlist(store, &all, &recipe.rules, &recipe.overrides, references, audience)?;
    Replay::same_inputs(&result, &inputs(&list)?)?;
    let (_, choice) = recipe.carry_out(&list)?;
    let versions = versions_with([("criteria.toml", &recipe.criteria.version)]);
    Ok(Replay::of(result, json(&choice)?, &versions))
}
