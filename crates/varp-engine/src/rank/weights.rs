//! Weight spaces: how uncertain the weights are, and draws from them.

use super::active::ActiveCriteria;
use crate::chance::{CellKey, Draw, Draws, Purpose, Words};
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How uncertain the weights are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "space", rename_all = "kebab-case", deny_unknown_fields)]
pub enum WeightSpace {
    /// The criteria's own weights, certain.
    Fixed,
    /// Around the criteria's own weights w⁰: Dirichlet(κ·w⁰); the larger κ, the closer.
    Dirichlet {
        /// Concentration κ > 0.
        concentration: f64,
    },
    /// Any weights alike.
    Uniform,
    /// Any group weights that respect the order of the groups; inside groups by `within`.
    GroupOrder {
        /// Weights inside groups.
        within: Within,
    },
    /// Any weights that satisfy linear constraints, by hit-and-run.
    Constrained {
        /// The constraints.
        constraints: Vec<LinearConstraint>,
    },
}

/// Weights inside a group whose total is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Within {
    /// The criteria's own proportions.
    Fixed,
    /// Any proportions alike.
    Uniform,
}

/// Σ coefficient × weight ≤ `at_most`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinearConstraint {
    /// Coefficients by criterion.
    pub coefficients: BTreeMap<String, f64>,
    /// Right-hand side.
    pub at_most: f64,
}

/// Why a weight space is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WeightError {
    /// A concentration that is not above zero.
    #[error("concentration {0} must be above zero")]
    Concentration(f64),
    /// A constraint names an unknown criterion.
    #[error("a constraint names {0}, which does not count here")]
    Unknown(String),
    /// The constraints leave nothing, or only a sliver without inside.
    #[error("the constraints leave no room: no weights satisfy all of them with some slack")]
    NoRoom,
    /// The linear programme failed.
    #[error("finding a start inside the constraints: {0}")]
    Solver(String),
}

/// Weight vectors of draws 0..`count`, each summing to one.
pub fn draw_weights(
    space: &WeightSpace,
    criteria: &ActiveCriteria,
    seed: u64,
    count: usize,
) -> Result<Vec<Vec<f64>>, WeightError> {
    let draws = Draws::new(seed, Purpose::Weights);
    let keys: Vec<CellKey> =
        criteria.criteria.iter().map(|c| CellKey::new("weight", &c.id)).collect();
    let each = |f: &dyn Fn(Draw) -> Vec<f64>| (0..count as u64).map(|t| f(draws.draw(t))).collect();
    Ok(match space {
        WeightSpace::Fixed => vec![criteria.weights.clone(); count],
        WeightSpace::Dirichlet { concentration } => {
            if !(*concentration > 0.0 && concentration.is_finite()) {
                return Err(WeightError::Concentration(*concentration));
            }
            let shapes: Vec<f64> = criteria.weights.iter().map(|w| w * concentration).collect();
            each(&|draw| dirichlet(&shapes, &keys, draw))
        }
        WeightSpace::Uniform => {
            let ones = vec![1.0; keys.len()];
            each(&|draw| dirichlet(&ones, &keys, draw))
        }
        WeightSpace::GroupOrder { within } => each(&|draw| group_order(criteria, *within, draw)),
        WeightSpace::Constrained { constraints } => {
            hit_and_run(&Polytope::new(criteria, constraints)?, draws, count)?
        }
    })
}

/// Gamma numbers divided by their sum. Tiny shapes can underflow to zero in all parts but one;
/// that is their law.
fn dirichlet(shapes: &[f64], keys: &[CellKey], draw: Draw) -> Vec<f64> {
    let raw: Vec<f64> =
        shapes.iter().zip(keys).map(|(shape, key)| gamma(*shape, draw.words(*key))).collect();
    let total: f64 = raw.iter().sum();
    if total > 0.0 {
        return raw.iter().map(|v| v / total).collect();
    }
    let all: f64 = shapes.iter().sum();
    shapes.iter().map(|s| s / all).collect()
}

/// Gamma number of unit scale; shape 0 gives 0, shape 1 is exponential.
///
/// Source: Marsaglia & Tsang 2000; below shape 1 with the power of a uniform (Stuart's theorem).
fn gamma(shape: f64, words: Words) -> f64 {
    if shape <= 0.0 {
        return 0.0;
    }
    if shape == 1.0 {
        return -libm::log(words.uniform(0));
    }
    if shape < 1.0 {
        let boost = libm::pow(words.uniform(0), 1.0 / shape);
        return boost * gamma_above_one(shape + 1.0, words.branch(1));
    }
    gamma_above_one(shape, words)
}

fn gamma_above_one(shape: f64, words: Words) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    let mut round = 0;
    loop {
        let part = words.branch(100 + round);
        let x = part.normal(1);
        let v = (1.0 + c * x).powi(3);
        if v > 0.0 {
            let u = part.uniform(0);
            if libm::log(u) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
        round += 1;
    }
}

/// Uniform group weights sorted into the order of the groups. Groups that share a place are not
/// ordered among themselves: they take the places' weights in random order.
fn group_order(criteria: &ActiveCriteria, within: Within, draw: Draw) -> Vec<f64> {
    let own = criteria.group_weights();
    let mut groups: Vec<(u32, u64, &str)> = criteria
        .groups
        .iter()
        .filter(|g| own.get(&g.id).is_some_and(|w| *w > 0.0))
        .map(|g| (g.order, draw.words(CellKey::new("order", &g.id)).word(0), g.id.as_str()))
        .collect();
    groups.sort_unstable();
    let keys: Vec<CellKey> = groups.iter().map(|g| CellKey::new("group", g.2)).collect();
    let mut totals = dirichlet(&vec![1.0; keys.len()], &keys, draw);
    totals.sort_by(|a, b| b.total_cmp(a));
    let mut weights = vec![0.0; criteria.criteria.len()];
    for ((_, _, group), total) in groups.iter().zip(totals) {
        let members: Vec<usize> =
            (0..weights.len()).filter(|j| criteria.criteria[*j].group == **group).collect();
        let shares = match within {
            Within::Fixed => members.iter().map(|j| criteria.weights[*j] / own[*group]).collect(),
            Within::Uniform => {
                let keys: Vec<CellKey> = members
                    .iter()
                    .map(|j| CellKey::new("weight", &criteria.criteria[*j].id))
                    .collect();
                dirichlet(&vec![1.0; keys.len()], &keys, draw)
            }
        };
        for (j, share) in members.into_iter().zip(shares) {
            weights[j] = total * share;
        }
    }
    weights
}

/// {w : Σw = 1, w ≥ 0, A·w ≤ b}.
struct Polytope {
    rows: Vec<(Vec<f64>, f64)>,
    dimensions: usize,
}

impl Polytope {
    fn new(
        criteria: &ActiveCriteria,
        constraints: &[LinearConstraint],
    ) -> Result<Self, WeightError> {
        let dimensions = criteria.criteria.len();
        let mut rows = Vec::new();
        for constraint in constraints {
            let mut row = vec![0.0; dimensions];
            for (id, coefficient) in &constraint.coefficients {
                let unknown = || WeightError::Unknown(id.clone());
                row[criteria.position(id).ok_or_else(unknown)?] = *coefficient;
            }
            rows.push((row, constraint.at_most));
        }
        for j in 0..dimensions {
            let mut row = vec![0.0; dimensions];
            row[j] = -1.0;
            rows.push((row, 0.0));
        }
        Ok(Self { rows, dimensions })
    }

    /// Centre of the largest ball inside (Chebyshev centre within Σw = 1).
    fn centre(&self) -> Result<Vec<f64>, WeightError> {
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let weights: Vec<Variable> =
            (0..self.dimensions).map(|_| problem.add_var(0.0, (0.0, 1.0))).collect();
        let radius = problem.add_var(1.0, (0.0, 1.0));
        for (row, bound) in &self.rows {
            let mean = row.iter().sum::<f64>() / self.dimensions as f64;
            let length = row.iter().map(|a| (a - mean) * (a - mean)).sum::<f64>().sqrt();
            let mut terms: Vec<(Variable, f64)> = weights
                .iter()
                .zip(row)
                .filter(|(_, a)| **a != 0.0)
                .map(|(w, a)| (*w, *a))
                .collect();
            if length > 0.0 {
                terms.push((radius, length));
            }
            problem.add_constraint(&terms, ComparisonOp::Le, *bound);
        }
        let all: Vec<(Variable, f64)> = weights.iter().map(|w| (*w, 1.0)).collect();
        problem.add_constraint(&all, ComparisonOp::Eq, 1.0);
        let outcome = problem.solve().map_err(|error| match error {
            microlp::Error::Infeasible => WeightError::NoRoom,
            other => WeightError::Solver(other.to_string()),
        })?;
        let solution =
            outcome.into_solution().map_err(|_| WeightError::Solver("interrupted".into()))?;
        if solution.var_value(radius) < 1e-9 {
            return Err(WeightError::NoRoom);
        }
        Ok(weights.iter().map(|w| solution.var_value(*w)).collect())
    }

    /// How far one can go from `w` along `direction`, backward and forward.
    fn chord(&self, w: &[f64], direction: &[f64]) -> (f64, f64) {
        let (mut back, mut forth) = (f64::NEG_INFINITY, f64::INFINITY);
        for (row, bound) in &self.rows {
            let speed: f64 = row.iter().zip(direction).map(|(a, d)| a * d).sum();
            let room = bound - row.iter().zip(w).map(|(a, x)| a * x).sum::<f64>();
            if speed > 1e-14 {
                forth = forth.min(room / speed);
            } else if speed < -1e-14 {
                back = back.max(room / speed);
            }
        }
        (back.min(0.0), forth.max(0.0))
    }
}

/// Hit-and-run (Smith 1984), one chain; dimensions² steps lie between two draws.
fn hit_and_run(
    polytope: &Polytope,
    draws: Draws,
    count: usize,
) -> Result<Vec<Vec<f64>>, WeightError> {
    let mut w = polytope.centre()?;
    let n = polytope.dimensions;
    if n < 2 {
        return Ok(vec![w; count]);
    }
    let steps = (n * n).max(20) as u64;
    let key = CellKey::new("weight", "chain");
    let mut result = Vec::with_capacity(count);
    for t in 0..count as u64 {
        for step in 0..steps {
            let words = draws.draw(t).words(key).branch(step);
            let mut direction: Vec<f64> =
                (0..n as u64).map(|j| words.branch(j).normal(0)).collect();
            let mean = direction.iter().sum::<f64>() / n as f64;
            direction.iter_mut().for_each(|d| *d -= mean);
            let (back, forth) = polytope.chord(&w, &direction);
            let go = back + (forth - back) * words.uniform(0);
            for (x, d) in w.iter_mut().zip(&direction) {
                *x = (*x + go * d).max(0.0);
            }
        }
        let total: f64 = w.iter().sum();
        w.iter_mut().for_each(|x| *x /= total);
        result.push(w.clone());
    }
    Ok(result)
}
