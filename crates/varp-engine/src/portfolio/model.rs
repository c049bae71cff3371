//! The 0/1 programme: solved by groups where the rules allow it, else by microlp (pure Rust
//! branch and bound), which also tells whether anything is feasible at all.

use super::conflict::smallest_conflict;
use super::exact::{Best, Chosen, Start, best, cheapest, worth_of};
use super::greedy::Greedy;
use super::relaxation::{self, Prices, bound};
use super::structure::Structure;
use super::{Candidate, Constraint, Outcome, Portfolio, PortfolioError, Rules};
use microlp::{
    ComparisonOp, OptimizationDirection, Problem, SolutionStatus, SolveOptions, SolveOutcome,
    Variable,
};
use std::collections::{BTreeMap, BTreeSet};

/// A constraint as a row: Σ coefficient · x (≤ or ≥) bound.
#[derive(Clone)]
pub(super) struct Row {
    pub name: Constraint,
    terms: Vec<(usize, f64)>,
    comparison: ComparisonOp,
    bound: f64,
}

/// Partial portfolios looked at, where the rules set no limit.
const STATES: u64 = 4_000_000;
/// Nodes of the solver times candidates, where the rules set no limit: what bounds its memory.
const NODES: u64 = 20_000_000;
/// Sites that a budget buys at most, up to which their number is a limit of its own: of more, a part of one matters little.
const MOST_COUNTED: u32 = 30;
/// The same where a portfolio is at hand; fewer in draws.
const NODES_AT_HAND: u64 = 2_000_000;
/// A portfolio may cost more than its budget by rounding, as a share of it.
pub(super) const ROUNDING: f64 = 1e-12;

/// Chooses the best portfolio within `budget`.
///
/// Of several optima one is taken; the same for the same input.
pub fn solve(
    candidates: &[Candidate],
    rules: &Rules,
    budget: f64,
) -> Result<Outcome, PortfolioError> {
    check(candidates, rules, budget)?;
    Programme::new(candidates, rules).outcome(budget, None)
}

/// Candidates and rules, ready to be solved for several budgets and worths.
pub(super) struct Programme<'a> {
    candidates: &'a [Candidate],
    rules: &'a Rules,
    /// `None` where the rules tie too many candidates together.
    structure: Option<Structure>,
    /// Where they do: the rules without precedence, which bound what is worth most, and a simple way.
    tied: Option<(Structure, Greedy<'a>)>,
}

impl<'a> Programme<'a> {
    pub fn new(candidates: &'a [Candidate], rules: &'a Rules) -> Self {
        let structure = Structure::new(candidates, rules);
        let tied = || {
            let loose = Rules { requires: Vec::new(), ..rules.clone() };
            Some((Structure::new(candidates, &loose)?, Greedy::new(candidates, rules)))
        };
        let tied = if structure.is_none() { tied() } else { None };
        Self { candidates, rules, structure, tied }
    }

    /// The best portfolio, or what stands against any.
    pub fn outcome(&self, budget: f64, start: Option<&Start>) -> Result<Outcome, PortfolioError> {
        let worth: Vec<f64> = self.candidates.iter().map(|c| c.worth).collect();
        let limit = self.rules.node_limit.unwrap_or(STATES);
        let Some(chosen) = self.best(&worth, budget, start, limit)? else {
            let rows = rows(self.candidates, self.rules, budget);
            let conflict = smallest_conflict(self.candidates.len(), rows)?;
            return Ok(Outcome::Infeasible { conflict });
        };
        let portfolio = portfolio(self.candidates, &chosen.x);
        let gap = chosen.gap();
        Ok(match gap {
            0.0 => Outcome::Optimal { portfolio },
            _ => Outcome::Limited { portfolio, gap: gap.is_finite().then_some(gap) },
        })
    }

    /// The best portfolio for given worths; `None` where there is none.
    pub fn best(
        &self,
        worth: &[f64],
        budget: f64,
        start: Option<&Start>,
        states: u64,
    ) -> Result<Option<Chosen>, PortfolioError> {
        if let Some(structure) = &self.structure {
            let counted = self.most_within(budget).map(|most| structure.of_at_most(most));
            let first = counted.as_ref().map(|counted| best(counted, worth, budget, start, states));
            let first = match first {
                Some(Best::None) => return Ok(None),
                Some(Best::Found(chosen)) if chosen.gap() == 0.0 => return Ok(Some(chosen)),
                Some(Best::Found(chosen)) => Some(chosen),
                _ => None,
            };
            let known = first.as_ref().map(Chosen::start);
            match best(structure, worth, budget, known.as_ref().or(start), states) {
                Best::None => return Ok(None),
                Best::Found(chosen) => return Ok(Some(chosen.bounded_by(first.as_ref()))),
                Best::Unknown if first.is_some() => return Ok(first),
                Best::Unknown => {}
            }
            let costs: Vec<f64> = self.candidates.iter().map(|c| c.cost).collect();
            let x = match cheapest(structure, &costs, budget, states) {
                Best::None => return Ok(None),
                Best::Found(found) => found.x,
                Best::Unknown => {
                    let rows = rows(self.candidates, self.rules, budget);
                    let all: Vec<&Row> = rows.iter().collect();
                    let Some(x) = feasible(self.candidates.len(), &all)? else { return Ok(None) };
                    x
                }
            };
            let prices = Prices { budget: 0.0, shared: vec![0.0; structure.shared.len()] };
            let start = Start { prices, chosen: Some(x) };
            if let Best::Found(chosen) = best(structure, worth, budget, Some(&start), states) {
                return Ok(Some(chosen));
            }
        }
        self.solved(worth, budget, start.and_then(|s| s.chosen.clone()), states)
    }

    /// How many sites any portfolio within the budget has at most, as the cheapest are not more, where that number is
    /// small: then a budget for 12.9 studies of nearly one cost is known to buy 12.
    fn most_within(&self, budget: f64) -> Option<u32> {
        let never: BTreeSet<&String> = self.rules.never.iter().collect();
        let allowed = self.candidates.iter().filter(|c| !never.contains(&c.id));
        let mut costs: Vec<f64> = allowed.map(|c| c.cost).collect();
        costs.sort_unstable_by(f64::total_cmp);
        let within = budget * (1.0 + 4.0 * ROUNDING);
        let sums = costs.iter().scan(0.0, |sum, cost| {
            *sum += cost;
            Some(*sum)
        });
        let most = sums.take_while(|sum| *sum <= within).count();
        u32::try_from(most)
            .ok()
            .filter(|most| *most <= MOST_COUNTED && (*most as usize) < costs.len())
    }

    /// By the solver, which begins with the better of a portfolio that is known and one found in a simple way; what it
    /// does not prove is bounded by the rules without precedence, too.
    fn solved(
        &self,
        worth: &[f64],
        budget: f64,
        known: Option<Vec<bool>>,
        states: u64,
    ) -> Result<Option<Chosen>, PortfolioError> {
        let rows = rows(self.candidates, self.rules, budget);
        let simple = self.tied.as_ref().and_then(|(_, greedy)| greedy.portfolio(worth, budget));
        let better = |a: Vec<bool>, b: Vec<bool>| {
            if worth_of(&b, worth) > worth_of(&a, worth) { b } else { a }
        };
        let at_hand = simple.into_iter().chain(known).reduce(better);
        let few = NODES_AT_HAND / (STATES / states.clamp(1, STATES)) / worth.len().max(1) as u64;
        let usual = if at_hand.is_some() { few.max(1) } else { nodes(worth.len()) };
        let limit = self.rules.node_limit.unwrap_or(usual);
        let found = optimum(worth, &rows.iter().collect::<Vec<_>>(), limit, at_hand.as_deref())?;
        let Some(mut chosen) = found else { return Ok(None) };
        if let Some((loose, _)) = self.tied.as_ref().filter(|_| chosen.gap() > 0.0) {
            let counted = self.most_within(budget).map(|most| loose.of_at_most(most));
            for structure in [Some(loose), counted.as_ref()].into_iter().flatten() {
                let problem = relaxation::Problem::new(structure, worth, budget, 0.0);
                let (bound, _) = bound(&problem, None, Some(chosen.worth));
                chosen.bound = chosen.bound.min(bound).max(chosen.worth);
            }
        }
        Ok(Some(chosen))
    }
}

fn nodes(candidates: usize) -> u64 {
    NODES / candidates.max(1) as u64
}

/// Any portfolio that the rows allow. What can only stand in the way is left out beforehand.
pub(super) fn feasible(
    candidates: usize,
    rows: &[&Row],
) -> Result<Option<Vec<bool>>, PortfolioError> {
    let mut useful = vec![false; candidates];
    for row in rows {
        let wanted = row.terms.iter().filter(|(_, a)| match row.comparison {
            ComparisonOp::Le => *a < 0.0,
            _ => *a > 0.0,
        });
        wanted.for_each(|(i, _)| useful[*i] = true);
    }
    let places: Vec<usize> = (0..candidates).filter(|i| useful[*i]).collect();
    let mut at = vec![usize::MAX; candidates];
    places.iter().enumerate().for_each(|(k, i)| at[*i] = k);
    let part: Vec<Row> = rows
        .iter()
        .map(|row| {
            let terms = row.terms.iter().filter(|(i, _)| useful[*i]);
            Row { terms: terms.map(|(i, a)| (at[*i], *a)).collect(), ..(*row).clone() }
        })
        .collect();
    let worth = vec![0.0; places.len()];
    let found = optimum(&worth, &part.iter().collect::<Vec<_>>(), nodes(places.len()), None)?;
    Ok(found.map(|found| {
        let mut x = vec![false; candidates];
        places.iter().zip(found.x).for_each(|(i, taken)| x[*i] = taken);
        x
    }))
}

/// Solves by branch and bound of the crate, from a portfolio at hand if one is; the smallest and largest coefficients
/// are kept in the solver's range.
pub(super) fn optimum(
    worth: &[f64],
    rows: &[&Row],
    node_limit: u64,
    at_hand: Option<&[bool]>,
) -> Result<Option<Chosen>, PortfolioError> {
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let largest = worth.iter().copied().fold(0.0, f64::max);
    let scale = if largest > 0.0 { 1000.0 / largest } else { 1.0 };
    let x: Vec<Variable> = worth.iter().map(|u| problem.add_binary_var(u * scale)).collect();
    for row in rows {
        let terms: Vec<(Variable, f64)> = row.terms.iter().map(|(i, a)| (x[*i], *a)).collect();
        problem.add_constraint(&terms, row.comparison, row.bound);
    }
    let mut options = SolveOptions::default();
    options.node_limit = Some(node_limit);
    options.mip_gap = 0.0;
    let value = |taken: bool| if taken { 1.0 } else { 0.0 };
    options.warm_start = at_hand
        .map(|at_hand| x.iter().zip(at_hand).map(|(v, taken)| (*v, value(*taken))).collect());
    let outcome = match problem.solve_with(options) {
        Err(microlp::Error::Infeasible) => return Ok(None),
        Err(error) => return Err(PortfolioError::Solver(error.to_string())),
        Ok(outcome) => outcome,
    };
    let (x, stats, proved) = match (outcome, at_hand) {
        (SolveOutcome::Solution(solution), _) => {
            let x: Vec<bool> = x.iter().map(|v| solution.var_value(*v) > 0.5).collect();
            (x, solution.stats(), solution.status() == SolutionStatus::Optimal)
        }
        (SolveOutcome::Interrupted(stopped), Some(at_hand)) => {
            (at_hand.to_vec(), stopped.stats(), false)
        }
        (SolveOutcome::Interrupted(_), None) => {
            let text = "the node limit was reached before any portfolio was found; raise it";
            return Err(PortfolioError::Solver(text.into()));
        }
    };
    let reached = worth_of(&x, worth);
    let bound = match proved {
        true => reached,
        false => stats.best_bound.map_or(f64::INFINITY, |b| (b / scale).max(reached)),
    };
    let prices = Prices { budget: 0.0, shared: Vec::new() };
    Ok(Some(Chosen { x, worth: reached, bound, prices }))
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
    // that a site needs itself says nothing
    for (site, needs) in rules.requires.iter().filter(|(site, needs)| site != needs) {
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
    attributes(candidates, rules)?;
    let named = rules.requires.iter().flat_map(|(a, b)| [a, b]);
    for id in named.chain(&rules.must).chain(&rules.never) {
        if !ids.contains(id) {
            let (id, problem) = (id.clone(), "is named by a rule, but is no candidate");
            return Err(PortfolioError::Site { id, problem });
        }
    }
    Ok(())
}

/// That each attribute of the quotas is one that some candidate has.
fn attributes(candidates: &[Candidate], rules: &Rules) -> Result<(), PortfolioError> {
    let known: BTreeSet<&String> = candidates.iter().flat_map(|c| c.attributes.keys()).collect();
    let mut asked = rules.quotas.iter().map(|q| &q.attribute);
    match asked.find(|name| !known.contains(name) && !candidates.is_empty()) {
        None => Ok(()),
        Some(attribute) => {
            let known: Vec<&str> = known.into_iter().map(String::as_str).collect();
            let known = if known.is_empty() { "none".into() } else { known.join(", ") };
            Err(PortfolioError::Attribute { attribute: attribute.clone(), known })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{CellKey, Draws, Purpose};
    use crate::portfolio::Quota;

    /// Twelve sites in four clusters under precedence, quotas, must and never, drawn anew for each case.
    fn case(seed: u64) -> (Vec<Candidate>, Rules, f64) {
        let draw = Draws::new(seed, Purpose::Values).draw(0);
        let uniform = |k: u64| draw.words(CellKey::numbered(k)).uniform(0);
        let whole = |k: u64, most: f64| (uniform(k) * most).floor();
        let site = |i: u64| Candidate {
            id: format!("s{i}"),
            worth: whole(10 * i, 20.0),
            cost: 1.0 + whole(10 * i + 1, 9.0),
            attributes: [("kind", whole(10 * i + 2, 2.0)), ("cluster", whole(10 * i + 3, 6.0))]
                .map(|(name, value)| (name.to_owned(), value.to_string()))
                .into(),
        };
        let id = |k: u64| format!("s{}", whole(k, 12.0));
        let pairs = (200..204).map(|k| (id(k), id(k + 100))).filter(|(a, b)| a != b);
        let least = (uniform(401) < 0.5).then_some(1);
        let quota = Quota {
            attribute: "kind".into(),
            value: "1".into(),
            at_least: least,
            at_most: (uniform(402) < 0.5).then_some(2),
        };
        let rules = Rules {
            quotas: vec![quota],
            cluster: Some("cluster".into()),
            requires: pairs.collect(),
            must: if uniform(403) < 0.2 { vec![id(404)] } else { Vec::new() },
            never: if uniform(405) < 0.3 { vec![id(406)] } else { Vec::new() },
            node_limit: None,
        };
        ((0..12).map(site).collect(), rules, 5.0 + whole(407, 25.0))
    }

    #[test]
    fn a_budget_for_nearly_thirteen_sites_is_bounded_by_twelve() {
        let site = |i: u32| Candidate {
            id: format!("s{i}"),
            worth: 1.0,
            cost: if i == 0 { 1.0 } else { 77.0 },
            attributes: BTreeMap::new(),
        };
        let sites: Vec<Candidate> = (0..40).map(site).collect();
        let rules = Rules { never: vec!["s0".into()], ..Rules::default() };
        let programme = Programme::new(&sites, &rules);
        assert_eq!(programme.most_within(1000.0), Some(12));
        assert_eq!(programme.most_within(76.0), Some(0));
        assert_eq!(programme.most_within(40.0 * 77.0), None, "all fit, or more than are counted");
    }

    #[test]
    fn what_the_solver_finds_under_ties_equals_what_the_groups_find() {
        let (mut found, mut simple, mut impossible) = (0, 0, 0);
        for seed in 0..300 {
            let (sites, rules, budget) = case(seed);
            let worth: Vec<f64> = sites.iter().map(|c| c.worth).collect();
            let grouped = Programme::new(&sites, &rules);
            let greedy = Greedy::new(&sites, &rules);
            let rows = rows(&sites, &rules, budget);
            let holds = |x: &[bool]| {
                rows.iter().all(|row| {
                    let sum: f64 = row.terms.iter().filter(|(i, _)| x[*i]).map(|(_, a)| a).sum();
                    match row.comparison {
                        ComparisonOp::Le => sum <= row.bound + 1e-9,
                        _ => sum >= row.bound - 1e-9,
                    }
                })
            };
            let best = grouped.best(&worth, budget, None, STATES).unwrap();
            let portfolio = greedy.portfolio(&worth, budget);
            let loose = Rules { requires: Vec::new(), ..rules.clone() };
            let tied = Some((Structure::new(&sites, &loose).unwrap(), greedy));
            let tied = Programme { candidates: &sites, rules: &rules, structure: None, tied };
            let solved = tied.best(&worth, budget, None, STATES).unwrap();
            let worth_of_best = |chosen: &Option<Chosen>| chosen.as_ref().map(|c| c.worth);
            assert_eq!(worth_of_best(&solved), worth_of_best(&best), "case {seed}");
            if let Some(x) = portfolio {
                assert!(holds(&x), "case {seed}: {x:?}");
                assert!(worth_of(&x, &worth) <= best.as_ref().unwrap().worth, "case {seed}");
                simple += 1;
            }
            let counter = if best.is_some() { &mut found } else { &mut impossible };
            *counter += 1;
        }
        assert!(
            simple > 200 && found >= simple && impossible > 3,
            "{simple} of {found}, {impossible}"
        );
    }
}
