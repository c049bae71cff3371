//! Portfolios that stay: over budgets and over draws of what is uncertain.

use super::exact::{Chosen, Start};
use super::model::{Programme, check};
use super::{Candidate, Outcome, PortfolioError, Rules};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Share of the optima from which a site is core, and up to which it is exterior.
const CORE: f64 = 0.9;
const EXTERIOR: f64 = 0.1;
/// Partial portfolios looked at in one draw, where the rules set no limit.
const STATES: u64 = 400_000;

/// One budget of a frontier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrontierPoint {
    /// Budget.
    pub budget: f64,
    /// What it buys.
    pub outcome: Outcome,
}

/// The best portfolio for each budget.
pub fn frontier(
    candidates: &[Candidate],
    rules: &Rules,
    budgets: &[f64],
) -> Result<Vec<FrontierPoint>, PortfolioError> {
    budgets.iter().try_for_each(|budget| check(candidates, rules, *budget))?;
    let programme = Programme::new(candidates, rules);
    let point =
        |budget: f64| Ok(FrontierPoint { budget, outcome: programme.outcome(budget, None)? });
    budgets.par_iter().map(|&budget| point(budget)).collect()
}

/// How a site fares over all draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Membership {
    /// In at least 90 % of the optima.
    Core,
    /// Between.
    Borderline,
    /// In at most 10 %.
    Exterior,
}

/// Core index of one site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoreIndex {
    /// Site.
    pub id: String,
    /// Share of the optima that contain it.
    pub share: f64,
    /// What that means.
    pub membership: Membership,
}

/// Core indices of all sites, and how far they are proved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Core {
    /// Sites, in the order of the candidates.
    pub sites: Vec<CoreIndex>,
    /// Draws whose portfolio is not proved to be the best.
    pub unproved: usize,
    /// What the worst of these could be better by, as a share of its worth.
    pub widest_gap: f64,
}

/// Solves again with each draw's worths (Robust Portfolio Modeling: Liesiö, Mild, Salo 2007).
///
/// `worths[t][i]` is the worth of candidate i in draw t, from zero up. `None` where the
/// constraints leave nothing at all (worths do not matter for that).
pub fn core_index(
    candidates: &[Candidate],
    rules: &Rules,
    budget: f64,
    worths: &[Vec<f64>],
) -> Result<Option<Core>, PortfolioError> {
    check(candidates, rules, budget)?;
    for draw in worths {
        for (candidate, &value) in candidates.iter().zip(draw) {
            if !(value >= 0.0 && value.is_finite()) {
                let (id, what) = (candidate.id.clone(), "a drawn worth");
                return Err(PortfolioError::Number { id, what, value });
            }
        }
    }
    let programme = Programme::new(candidates, rules);
    let states = rules.node_limit.unwrap_or(STATES);
    let usual: Vec<f64> = candidates.iter().map(|c| c.worth).collect();
    let Some(first) = programme.best(&usual, budget, None, states)? else { return Ok(None) };
    let start = Start { prices: first.prices, chosen: Some(first.x) };
    let solved = |worth: &Vec<f64>| programme.best(worth, budget, Some(&start), states);
    let optima: Vec<Option<Chosen>> = worths.par_iter().map(solved).collect::<Result<_, _>>()?;
    let Some(optima) = optima.into_iter().collect::<Option<Vec<Chosen>>>() else { return Ok(None) };
    let mut counts = vec![0_usize; candidates.len()];
    for found in &optima {
        counts.iter_mut().zip(&found.x).for_each(|(count, x)| *count += usize::from(*x));
    }
    let index = |(candidate, count): (&Candidate, usize)| {
        let share = count as f64 / worths.len().max(1) as f64;
        let membership = match share {
            s if s >= CORE => Membership::Core,
            s if s <= EXTERIOR => Membership::Exterior,
            _ => Membership::Borderline,
        };
        CoreIndex { id: candidate.id.clone(), share, membership }
    };
    Ok(Some(Core {
        sites: candidates.iter().zip(counts).map(index).collect(),
        unproved: optima.iter().filter(|o| o.gap() > 0.0).count(),
        widest_gap: optima.iter().map(Chosen::gap).fold(0.0, f64::max).min(f64::MAX),
    }))
}
