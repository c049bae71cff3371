//! Why nothing fits: a set of constraints that cannot hold together, of which none can be spared.
//!
//! Deletion filter (Chinneck & Dravnieks 1991): drop one constraint after the other, or a stretch
//! of them at once; what is still infeasible without it stays dropped. Run from both ends, the smaller set is reported.
//! It is irreducible; a smaller set made of quite other constraints may exist.

use super::model::{Row, feasible};
use super::{Constraint, PortfolioError};

pub(super) fn smallest_conflict(
    candidates: usize,
    rows: Vec<Row>,
) -> Result<Vec<Constraint>, PortfolioError> {
    let forward = filter(candidates, &rows, (0..rows.len()).collect())?;
    let backward = filter(candidates, &rows, (0..rows.len()).rev().collect())?;
    let mut best = if backward.len() < forward.len() { backward } else { forward };
    best.sort_unstable();
    Ok(best.into_iter().map(|k| rows[k].name.clone()).collect())
}

/// Places of an irreducible infeasible set; constraints early in `order` are dropped first, whole
/// stretches at once where that can be.
fn filter(
    candidates: usize,
    rows: &[Row],
    order: Vec<usize>,
) -> Result<Vec<usize>, PortfolioError> {
    let mut kept: Vec<usize> = order.clone();
    let mut stretches = vec![order];
    while let Some(stretch) = stretches.pop() {
        let rest: Vec<usize> = kept.iter().copied().filter(|k| !stretch.contains(k)).collect();
        let part: Vec<&Row> = rest.iter().map(|i| &rows[*i]).collect();
        if feasible(candidates, &part)?.is_none() {
            kept = rest;
        } else if stretch.len() > 1 {
            let (first, second) = stretch.split_at(stretch.len() / 2);
            stretches.extend([second.to_vec(), first.to_vec()]);
        }
    }
    Ok(kept)
}
