//! Classes under uncertainty: ELECTRE TRI-B on every draw of data, weights and cutting level.

use super::active::ActiveCriteria;
use super::electre::assign;
use super::sampler::PreparedTable;
use crate::chance::{CellKey, Draws, Purpose};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU32, Ordering};

/// How often each site fell into each class, under both rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassAcceptability {
    /// Names of the classes, best first.
    pub names: Vec<String>,
    /// Number of draws.
    pub draws: usize,
    /// Draws of site i in class c by the pessimistic rule.
    pub pessimistic: Vec<Vec<u32>>,
    /// Draws of site i in class c by the optimistic rule.
    pub optimistic: Vec<Vec<u32>>,
}

impl ClassAcceptability {
    /// P(class) of a site by the pessimistic rule.
    pub fn probability(&self, site: usize, class: usize) -> f64 {
        f64::from(self.pessimistic[site][class]) / self.draws as f64
    }

    /// The class the pessimistic rule gives most often; of equals the worse one.
    pub fn most_likely(&self, site: usize) -> usize {
        let counts = &self.pessimistic[site];
        (0..counts.len()).max_by_key(|c| counts[*c]).unwrap_or(0)
    }
}

/// Sorts all sites in every draw; the same draws as the ranking with this seed.
///
/// Values v_j(x_ij) are compared with profiles that have one value on all criteria.
pub fn class_acceptability(
    table: &PreparedTable,
    criteria: &ActiveCriteria,
    weights: &[Vec<f64>],
    seed: u64,
) -> ClassAcceptability {
    let scheme = &criteria.classes;
    let classes = scheme.names.len();
    let profiles: Vec<Vec<f64>> =
        scheme.boundaries.iter().rev().map(|b| vec![*b; table.criteria()]).collect();
    let (values, cuts) = (Draws::new(seed, Purpose::Values), Draws::new(seed, Purpose::Cut));
    let counters = || (0..table.sites() * classes).map(|_| AtomicU32::new(0)).collect::<Vec<_>>();
    let (pessimistic, optimistic) = (counters(), counters());
    weights.par_iter().enumerate().for_each_init(
        || (vec![vec![0.0; table.sites()]; table.criteria()], vec![0.0; table.criteria()]),
        |(columns, site_values), (t, w)| {
            let draw = values.draw(t as u64);
            for (j, column) in columns.iter_mut().enumerate() {
                table.values(j, draw, column);
            }
            let u = cuts.draw(t as u64).words(CellKey::new("cut", "")).uniform(0);
            let cut = scheme.cut.0 + (scheme.cut.1 - scheme.cut.0) * u;
            for site in 0..table.sites() {
                for (value, column) in site_values.iter_mut().zip(columns.iter()) {
                    *value = column[site];
                }
                let found = assign(site_values, &profiles, w, &criteria.thresholds, cut);
                let place = |class: usize| site * classes + (classes - 1 - class);
                pessimistic[place(found.pessimistic)].fetch_add(1, Ordering::Relaxed);
                optimistic[place(found.optimistic)].fetch_add(1, Ordering::Relaxed);
            }
        },
    );
    let rows = |cells: Vec<AtomicU32>| -> Vec<Vec<u32>> {
        let plain: Vec<u32> = cells.into_iter().map(AtomicU32::into_inner).collect();
        plain.chunks(classes).map(<[u32]>::to_vec).collect()
    };
    ClassAcceptability {
        names: scheme.names.clone(),
        draws: weights.len(),
        pessimistic: rows(pessimistic),
        optimistic: rows(optimistic),
    }
}
