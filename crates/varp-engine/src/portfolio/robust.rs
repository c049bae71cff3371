//! Portfolios that stay: over budgets and over draws of what is uncertain.

use super::model::{Found, check, optimum, rows};
use super::{Candidate, Outcome, PortfolioError, Rules, solve};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Share of the optima from which a site is core, and up to which it is exterior.
const CORE: f64 = 0.9;
const EXTERIOR: f64 = 0.1;

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
    budgets
        .par_iter()
        .map(|&budget| Ok(FrontierPoint { budget, outcome: solve(candidates, rules, budget)? }))
        .collect()
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

/// Solves again with each draw's worths (Robust Portfolio Modeling: Liesiö, Mild, Salo 2007).
///
/// `worths[t][i]` is the worth of candidate i in draw t, from zero up. `None` where the
/// constraints leave nothing at all (worths do not matter for that).
pub fn core_index(
    candidates: &[Candidate],
    rules: &Rules,
    budget: f64,
    worths: &[Vec<f64>],
) -> Result<Option<Vec<CoreIndex>>, PortfolioError> {
    check(candidates, rules, budget)?;
    for draw in worths {
        for (candidate, &value) in candidates.iter().zip(draw) {
            if !(value >= 0.0 && value.is_finite()) {
                let (id, what) = (candidate.id.clone(), "a drawn worth");
                return Err(PortfolioError::Number { id, what, value });
            }
        }
    }
    let rows = rows(candidates, rules, budget);
    let rows: Vec<_> = rows.iter().collect();
    let optima: Vec<Found> = worths
        .par_iter()
        .map(|worth| optimum(worth, &rows, rules.node_limit))
        .collect::<Result<_, _>>()?;
    let mut counts = vec![0_usize; candidates.len()];
    for found in &optima {
        match found {
            Found::None => return Ok(None),
            Found::Optimum(x) | Found::Limited(x, _) => {
                counts.iter_mut().zip(x).for_each(|(count, x)| *count += usize::from(*x));
            }
        }
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
    Ok(Some(candidates.iter().zip(counts).map(index).collect()))
}
