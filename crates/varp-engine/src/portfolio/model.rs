//! The 0/1 programme and its solution by microlp (pure Rust branch and bound).

use super::conflict::smallest_conflict;
use super::{Candidate, Constraint, Outcome, Portfolio, PortfolioError, Rules};
use microlp::{
    ComparisonOp, OptimizationDirection, Problem, SolutionStatus, SolveOptions, Variable,
};
use std::collections::{BTreeMap, BTreeSet};

/// A constraint as a row: Σ coefficient · x (≤ or ≥) bound.
pub(super) struct Row {
    pub name: Constraint,
    terms: Vec<(usize, f64)>,
    comparison: ComparisonOp,
    bound: f64,
}

/// Chooses the best portfolio within `budget`.
///
/// Of several optima one is taken; the same for the same input.
pub fn solve(
    candidates: &[Candidate],
    rules: &Rules,
    budget: f64,
) -> Result<Outcome, PortfolioError> {
    check(candidates, rules, budget)?;
    let rows = rows(candidates, rules, budget);
    let worth: Vec<f64> = candidates.iter().map(|c| c.worth).collect();
    Ok(match optimum(&worth, &rows.iter().collect::<Vec<_>>(), rules.node_limit)? {
        Found::None => Outcome::Infeasible { conflict: smallest_conflict(candidates.len(), rows)? },
        Found::Optimum(x) => Outcome::Optimal { portfolio: portfolio(candidates, &x) },
        Found::Limited(x, gap) => Outcome::Limited { portfolio: portfolio(candidates, &x), gap },
    })
}

pub(super) enum Found {
    None,
    Optimum(Vec<bool>),
    Limited(Vec<bool>, Option<f64>),
}

/// Solves for given worths; the smallest and largest coefficients are kept in the solver's range.
pub(super) fn optimum(
    worth: &[f64],
    rows: &[&Row],
    node_limit: Option<u64>,
) -> Result<Found, PortfolioError> {
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let largest = worth.iter().copied().fold(0.0, f64::max);
    let scale = if largest > 0.0 { 1000.0 / largest } else { 1.0 };
    let x: Vec<Variable> = worth.iter().map(|u| problem.add_binary_var(u * scale)).collect();
    for row in rows {
        let terms: Vec<(Variable, f64)> = row.terms.iter().map(|(i, a)| (x[*i], *a)).collect();
        problem.add_constraint(&terms, row.comparison, row.bound);
    }
    let mut options = SolveOptions::default();
    options.node_limit = node_limit;
    options.mip_gap = 0.0;
    let outcome = match problem.solve_with(options) {
        Err(microlp::Error::Infeasible) => return Ok(Found::None),
        Err(error) => return Err(PortfolioError::Solver(error.to_string())),
        Ok(outcome) => outcome,
    };
    let Ok(solution) = outcome.into_solution() else {
        let text = "the node limit was reached before any portfolio was found; raise it";
        return Err(PortfolioError::Solver(text.into()));
    };
    let chosen = x.iter().map(|v| solution.var_value(*v) > 0.5).collect();
    Ok(match solution.status() {
        SolutionStatus::Optimal => Found::Optimum(chosen),
        _ => Found::Limited(chosen, solution.gap()),
    })
}

fn portfolio(candidates: &[Candidate], x: &[bool]) -> Portfolio {
    let chosen = || candidates.iter().zip(x).filter(|(_, x)| **x).map(|(c, _)| c);
    Portfolio {
        chosen: chosen().map(|c| c.id.clone()).collect(),
        // a sum of nothing is a negative zero
        worth: chosen().map(|c| c.worth).sum::<f64>() + 0.0,
        cost: chosen().map(|c| c.cost).sum::<f64>() + 0.0,
    }
}

/// All constraints as rows; the budget in thousandths of itself.
pub(super) fn rows(candidates: &[Candidate], rules: &Rules, budget: f64) -> Vec<Row> {
    let place: BTreeMap<&str, usize> =
        candidates.iter().enumerate().map(|(i, c)| (c.id.as_str(), i)).collect();
    let scale = if budget > 0.0 { 1000.0 / budget } else { 1.0 };
    let costs = candidates.iter().enumerate().filter(|(_, c)| c.cost > 0.0);
    let mut rows = vec![Row {
        name: Constraint::Budget { limit: budget },
        terms: costs.map(|(i, c)| (i, c.cost * scale)).collect(),
        comparison: ComparisonOp::Le,
        bound: budget * scale,
    }];
    for quota in &rules.quotas {
        let (attribute, value) = (quota.attribute.clone(), quota.value.clone());
        let members = with(candidates, &attribute, &value);
        if let Some(count) = quota.at_least {
            let name =
                Constraint::AtLeast { attribute: attribute.clone(), value: value.clone(), count };
            rows.push(row(name, &members, ComparisonOp::Ge, count as f64));
        }
        if let Some(count) = quota.at_most {
            let name = Constraint::AtMost { attribute, value, count };
            rows.push(row(name, &members, ComparisonOp::Le, count as f64));
        }
    }
    if let Some(attribute) = &rules.cluster {
        let names: BTreeSet<&String> =
            candidates.iter().filter_map(|c| c.attributes.get(attribute)).collect();
        for name in names {
            let members = with(candidates, attribute, name);
            if members.len() > 1 {
                let name = Constraint::Cluster { name: name.clone() };
                rows.push(row(name, &members, ComparisonOp::Le, 1.0));
            }
        }
    }
    for (site, needs) in &rules.requires {
        rows.push(Row {
            name: Constraint::Requires { site: site.clone(), needs: needs.clone() },
            terms: vec![(place[site.as_str()], 1.0), (place[needs.as_str()], -1.0)],
            comparison: ComparisonOp::Le,
            bound: 0.0,
        });
    }
    for site in &rules.must {
        let name = Constraint::Must { site: site.clone() };
        rows.push(row(name, &[place[site.as_str()]], ComparisonOp::Ge, 1.0));
    }
    for site in &rules.never {
        let name = Constraint::Never { site: site.clone() };
        rows.push(row(name, &[place[site.as_str()]], ComparisonOp::Le, 0.0));
    }
    rows
}

fn row(name: Constraint, members: &[usize], comparison: ComparisonOp, bound: f64) -> Row {
    Row { name, terms: members.iter().map(|i| (*i, 1.0)).collect(), comparison, bound }
}

fn with(candidates: &[Candidate], attribute: &str, value: &str) -> Vec<usize> {
    let has = |c: &Candidate| c.attributes.get(attribute).is_some_and(|v| v == value);
    (0..candidates.len()).filter(|i| has(&candidates[*i])).collect()
}

pub(super) fn check(
    candidates: &[Candidate],
    rules: &Rules,
    budget: f64,
) -> Result<(), PortfolioError> {
    let number = |id: &str, what: &'static str, value: f64| {
        if value >= 0.0 && value.is_finite() {
            return Ok(());
        }
        Err(PortfolioError::Number { id: id.into(), what, value })
    };
    number("the portfolio", "budget", budget)?;
    let mut ids = BTreeSet::new();
    for candidate in candidates {
        number(&candidate.id, "worth", candidate.worth)?;
        number(&candidate.id, "cost", candidate.cost)?;
        if !ids.insert(&candidate.id) {
            let (id, problem) = (candidate.id.clone(), "is a candidate twice");
            return Err(PortfolioError::Site { id, problem });
        }
    }
    let named = rules.requires.iter().flat_map(|(a, b)| [a, b]);
    for id in named.chain(&rules.must).chain(&rules.never) {
        if !ids.contains(id) {
            let (id, problem) = (id.clone(), "is named by a rule, but is no candidate");
            return Err(PortfolioError::Site { id, problem });
        }
    }
    Ok(())
}
