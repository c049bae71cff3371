//! Best-worst method in its linear form (Rezaei 2016): a unique answer from 2n − 3 judgements.

use super::ahp::Consistency;
use super::{ElicitError, Elicited};
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use std::collections::BTreeMap;

/// Weights and the largest deviation.
#[derive(Debug, Clone, PartialEq)]
pub struct BestWorst {
    /// Weights, summing to one.
    pub weights: Vec<f64>,
    /// ξ.
    pub xi: f64,
}

/// min ξ subject to |w_B − a_Bj·w_j| ≤ ξ, |w_j − a_jW·w_W| ≤ ξ, Σw = 1, w ≥ 0.
///
/// `best_to_others[j]` = a_Bj and `others_to_worst[j]` = a_jW, all at least 1.
pub fn weights(
    best: usize,
    worst: usize,
    best_to_others: &[f64],
    others_to_worst: &[f64],
) -> Result<BestWorst, ElicitError> {
    let n = best_to_others.len();
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let w: Vec<Variable> = (0..n).map(|_| problem.add_var(0.0, (0.0, 1.0))).collect();
    let xi = problem.add_var(1.0, (0.0, f64::INFINITY));
    let mut within = |left: Variable, factor: f64, right: Variable| {
        for sign in [1.0, -1.0] {
            let terms = [(left, sign), (right, -sign * factor), (xi, -1.0)];
            problem.add_constraint(terms, ComparisonOp::Le, 0.0);
        }
    };
    for j in 0..n {
        if j != best {
            within(w[best], best_to_others[j], w[j]);
        }
        if j != worst && j != best {
            within(w[j], others_to_worst[j], w[worst]);
        }
    }
    let all: Vec<(Variable, f64)> = w.iter().map(|v| (*v, 1.0)).collect();
    problem.add_constraint(&all, ComparisonOp::Eq, 1.0);
    let failed = |error: &dyn std::fmt::Display| ElicitError::Solver(error.to_string());
    let outcome = problem.solve().map_err(|e| failed(&e))?;
    let solution = outcome.into_solution().map_err(|_| failed(&"interrupted"))?;
    Ok(BestWorst {
        weights: w.iter().map(|v| solution.var_value(*v)).collect(),
        xi: solution.var_value(xi),
    })
}

pub(super) fn named_weights(
    best: &str,
    worst: &str,
    best_to_others: &BTreeMap<String, f64>,
    others_to_worst: &BTreeMap<String, f64>,
) -> Result<Elicited, ElicitError> {
    let mut names: Vec<&str> = best_to_others.keys().map(String::as_str).collect();
    names.extend([best, worst]);
    names.extend(others_to_worst.keys().map(String::as_str));
    names.sort_unstable();
    names.dedup();
    let to_best = judgements(&names, best, best_to_others)?;
    let to_worst = judgements(&names, worst, others_to_worst)?;
    let place = |name: &str| names.iter().position(|n| *n == name).unwrap_or(0);
    let (b, w) = (place(best), place(worst));
    if b == w {
        return Err(ElicitError::Name { name: best.into(), problem: "is both best and worst" });
    }
    let result = weights(b, w, &to_best, &to_worst)?;
    let range = to_best[w];
    let spread = range * range - range;
    let worst_deviation =
        to_best.iter().zip(&to_worst).map(|(a, c)| (a * c - range).abs()).fold(0.0, f64::max);
    let input_ratio = if spread > 0.0 { worst_deviation / spread } else { worst_deviation };
    Ok(Elicited {
        weights: names.iter().map(|n| n.to_string()).zip(result.weights).collect(),
        consistency: Some(Consistency::BestWorst { xi: result.xi, input_ratio }),
    })
}

/// Judgements in the order of `names`; the thing compared with itself is 1.
fn judgements(
    names: &[&str],
    own: &str,
    given: &BTreeMap<String, f64>,
) -> Result<Vec<f64>, ElicitError> {
    names
        .iter()
        .map(|name| match given.get(*name) {
            None if *name == own => Ok(1.0),
            None => Err(ElicitError::Name { name: (*name).into(), problem: "is not compared" }),
            Some(&value) if (1.0..=9.0).contains(&value) => Ok(value),
            Some(&value) => {
                let rule = "comparisons run from 1 to 9";
                Err(ElicitError::Range { name: (*name).into(), value, rule })
            }
        })
        .collect()
}
