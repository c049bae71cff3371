//! From a ranking to candidates: worth, study cost, attributes.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::robust::{Core, CoreIndex, FrontierPoint, core_index, frontier};
use super::{Candidate, Outcome, PortfolioError, Rules, solve};
use crate::pilot::cost::CostLine;
use crate::pilot::quick::{QuickStudy, quick_study};
use crate::profile::{Knowledge, Profile};
use crate::rank::criteria::CriteriaDocument;
use crate::rank::ranking::{Ranking, RankingError, RankingPlan};
use crate::rank::table::{Prior, Row};
use crate::rank::views::drawn_values;

/// Draws of the core index at most.
const MOST_DRAWS: usize = 10_000;

/// What a candidate is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Worth {
    /// Mean additive value of the ranking.
    #[default]
    Value,
    /// Expected net gain of its study, €; none below zero.
    NetGain,
}

/// A portfolio as a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PortfolioDocument {
    /// Budget, €.
    pub budget: f64,
    /// What is maximised.
    pub worth: Worth,
    /// Relative half-width of the mean grade that each study must reach at 90 %.
    pub half_width: f64,
    /// Rules beside the budget.
    pub rules: Rules,
    /// Budgets of the frontier, €; ten shares of twice the budget where empty.
    pub frontier: Vec<f64>,
    /// Draws of worth for the core index; 0 for none.
    pub draws: usize,
}

impl Default for PortfolioDocument {
    fn default() -> Self {
        Self {
            budget: 1e6,
            worth: Worth::Value,
            half_width: 0.20,
            rules: Rules::default(),
            frontier: Vec::new(),
            draws: 100,
        }
    }
}

impl PortfolioDocument {
    /// That its numbers mean something.
    fn check(&self) -> Result<(), PortfolioError> {
        let refused = |what, value, hint| Err(PortfolioError::Document { what, value, hint });
        if !(self.half_width > 0.0 && self.half_width <= 1.0) {
            let hint = "a share of the mean grade above 0 and up to 1, such as 0.20";
            return refused("half_width", self.half_width, hint);
        }
        if self.draws > MOST_DRAWS {
            return refused("draws", self.draws as f64, "from 0 to 10000; 100 tell 10 % apart");
        }
        Ok(())
    }
}

/// A candidate with its study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StudiedCandidate {
    /// The candidate.
    pub candidate: Candidate,
    /// Name of the body.
    pub name: String,
    /// Its study in short.
    pub study: QuickStudy,
}

/// The choice with all that shows how firm it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// The document.
    pub document: PortfolioDocument,
    /// Candidates.
    pub candidates: Vec<StudiedCandidate>,
    /// Bodies without a size, of which no study can be priced.
    pub without_size: Vec<String>,
    /// The best portfolio, or what stands against any.
    pub outcome: Outcome,
    /// The best portfolio for other budgets.
    pub frontier: Vec<FrontierPoint>,
    /// Share of the optima that hold each candidate; none where the rules cannot be met.
    pub core: Vec<CoreIndex>,
    /// Draws of the core index whose portfolio is not proved to be the best.
    #[serde(default)]
    pub core_unproved: usize,
    /// What the worst of these could be better by, as a share of its worth.
    #[serde(default)]
    pub core_gap: f64,
}

/// Why there is no choice.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChoiceError {
    /// The portfolio.
    #[error(transparent)]
    Portfolio(PortfolioError),
    /// The draws.
    #[error(transparent)]
    Ranking(RankingError),
}

/// What a choice is made with.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// Criteria.
    pub criteria: &'a CriteriaDocument,
    /// Rows of the ranking.
    pub rows: &'a [Row],
    /// Priors of the ranking.
    pub priors: &'a [Prior],
    /// Plan of the ranking.
    pub plan: &'a RankingPlan,
    /// Profiles of the ranked bodies.
    pub profiles: &'a [Profile],
    /// Unit costs.
    pub costs: &'a [CostLine],
    /// Reference data.
    pub known: &'a Knowledge,
}

/// Chooses among the bodies of a ranking.
///
/// # Errors
/// If the document names unknown bodies or wrong numbers, or the solver fails.
pub fn choose(
    ranking: &Ranking,
    document: &PortfolioDocument,
    basis: &Basis<'_>,
) -> Result<Choice, ChoiceError> {
    document.check().map_err(ChoiceError::Portfolio)?;
    let (candidates, places, without_size) = candidates(ranking, document, basis);
    let plain: Vec<Candidate> = candidates.iter().map(|c| c.candidate.clone()).collect();
    let refused = ChoiceError::Portfolio;
    let outcome = solve(&plain, &document.rules, document.budget).map_err(refused)?;
    let budgets = if document.frontier.is_empty() {
        (1..=10).map(|k| 0.2 * f64::from(k) * document.budget).collect()
    } else {
        document.frontier.clone()
    };
    let frontier = frontier(&plain, &document.rules, &budgets).map_err(refused)?;
    let feasible = !matches!(outcome, Outcome::Infeasible { .. });
    let core = if feasible && document.draws > 0 {
        let worths = worths(&plain, &places, document, basis)?;
        let found = core_index(&plain, &document.rules, document.budget, &worths);
        found.map_err(refused)?
    } else {
        None
    };
    let core = core.unwrap_or(Core { sites: Vec::new(), unproved: 0, widest_gap: 0.0 });
    Ok(Choice {
        document: document.clone(),
        candidates,
        without_size,
        outcome,
        frontier,
        core: core.sites,
        core_unproved: core.unproved,
        core_gap: core.widest_gap,
    })
}

/// Candidates in the order of the sites, and their places in the ranking.
fn candidates(
    ranking: &Ranking,
    document: &PortfolioDocument,
    basis: &Basis<'_>,
) -> (Vec<StudiedCandidate>, Vec<usize>, Vec<String>) {
    let (mut found, mut places, mut without) = (Vec::new(), Vec::new(), Vec::new());
    let profiles: BTreeMap<&str, &Profile> =
        basis.profiles.iter().map(|p| (p.id.as_str(), p)).collect();
    for (place, site) in ranking.sites.iter().enumerate() {
        let Some(profile) = profiles.get(site.id.as_str()) else { continue };
        let study = quick_study(profile, basis.known, basis.costs, document.half_width, 0.90);
        let Some(study) = study else {
            without.push(site.id.clone());
            continue;
        };
        let worth = match document.worth {
            Worth::Value => site.expected_value,
            Worth::NetGain => profile
                .decision(basis.known)
                .map_or(0.0, |d| (d.sample_information(study.holes) - study.cost).max(0.0)),
        };
        let attributes = profile.attributes();
        places.push(place);
        found.push(StudiedCandidate {
            candidate: Candidate { id: site.id.clone(), worth, cost: study.cost, attributes },
            name: profile.name.clone(),
            study,
        });
    }
    (found, places, without)
}

/// Worth of each candidate in each draw.
fn worths(
    plain: &[Candidate],
    places: &[usize],
    document: &PortfolioDocument,
    basis: &Basis<'_>,
) -> Result<Vec<Vec<f64>>, ChoiceError> {
    let Basis { criteria, rows, priors, plan, .. } = basis;
    let values =
        drawn_values(criteria, rows, priors, plan, document.draws).map_err(ChoiceError::Ranking)?;
    let means: Vec<f64> = places
        .iter()
        .map(|p| values.iter().map(|v| v[*p]).sum::<f64>() / values.len() as f64)
        .collect();
    let of = |draw: &Vec<f64>| -> Vec<f64> {
        let each = places.iter().zip(plain).zip(&means);
        each.map(|((place, candidate), mean)| match document.worth {
            Worth::Value => draw[*place],
            // The gain wavers as the value does.
            Worth::NetGain if *mean > 0.0 => candidate.worth * draw[*place] / mean,
            Worth::NetGain => candidate.worth,
        })
        .collect()
    };
    Ok(values.iter().map(of).collect())
}
