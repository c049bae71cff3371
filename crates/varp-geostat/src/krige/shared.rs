//! One factor for all targets of a tile, or for all targets.

use super::dense::{Dense, DenseAnswer, DenseTarget, column, column_mut};
use super::local::Rows;
use super::system::System;
use super::targets::{Groups, Places, Targets, middle_and_half};
use super::{Estimates, Outcome, Row};
use crate::error::KrigingError;
use crate::model::{apply, squared_norm};
use crate::progress::Progress;
use faer::Mat;
use rayon::prelude::*;

/// Targets solved together in the global neighbourhood.
const CHUNK: usize = 256;
/// Groups between two reports of progress.
const WAVE: usize = 1_024;

/// Trend functions of a target and, for areas, its own prior covariances.
type TargetParts = (Vec<f64>, Option<Vec<f64>>);

/// Rows of one group of targets: one for each variable, and covariances between variables.
pub(crate) type GroupRows = Vec<(u32, Vec<Row>, Vec<f64>)>;

/// Takes a target's rows by variable and the packed covariances of their errors.
type Put<'a> = dyn FnMut(usize, &[Row], &[f64]) + 'a;

/// What the targets of one prediction have in common.
struct Common<'a> {
    system: &'a System,
    targets: &'a Targets<'a>,
    offsets: Option<Vec<[f64; 3]>>,
    /// Covariances of the support with itself; empty for areas.
    prior: Vec<f64>,
}

impl<'a> Common<'a> {
    fn new(system: &'a System, targets: &'a Targets<'a>) -> Self {
        let offsets = targets.offsets();
        let prior = match &offsets {
            Some(_) if targets.are_points() => system.kernel.total.clone(),
            Some(list) => system.block_covariance(list),
            None => Vec::new(),
        };
        Self { system, targets, offsets, prior }
    }

    /// Estimates at the members of a group.
    fn rows(&self, dense: &Dense, members: &[u32]) -> GroupRows {
        let variables = self.system.sets.len();
        let mut out = Vec::with_capacity(members.len());
        for part in members.chunks(CHUNK / variables) {
            let mut columns = Mat::<f64>::zeros(dense.len(), part.len() * variables);
            let mut trends = Vec::with_capacity(part.len());
            let mut priors = Vec::with_capacity(part.len());
            for (q, id) in part.iter().enumerate() {
                let (trend, prior) = self.fill(dense, *id as usize, &mut columns, q * variables);
                trends.push(trend);
                priors.push(prior);
            }
            dense.solve(&mut columns);
            let mut answer = DenseAnswer::default();
            for (q, id) in part.iter().enumerate() {
                let own: Vec<&[f64]> =
                    (0..variables).map(|v| column(&columns, q * variables + v)).collect();
                let prior = priors[q].as_ref().unwrap_or(&self.prior);
                dense.combine(self.system, &own, &trends[q], prior, &mut answer);
                out.push((
                    *id,
                    self.answer_rows(dense, *id as usize, prior, &answer),
                    answer.covariance.clone(),
                ));
            }
        }
        out
    }

    /// Right-hand sides of one target; returns its trend functions and, for areas, its own prior.
    fn fill(&self, dense: &Dense, id: usize, columns: &mut Mat<f64>, first: usize) -> TargetParts {
        let system = self.system;
        let variables = system.sets.len();
        let shifted = self.targets.shifted(id, &system.frame);
        let mut own = Vec::new();
        if let Places::Areas(areas) = self.targets.places {
            own.extend(areas[id].iter().map(|p| {
                let q = system.frame.shift(*p);
                [0, 1, 2].map(|d| q[d] - shifted[d])
            }));
        }
        let offsets = self.offsets.as_deref().unwrap_or(&own);
        let mut trend = vec![0.0; system.trend.count];
        system.target_trend(self.targets, id, shifted, offsets, &mut trend);
        let point = self.targets.are_points();
        let target = DenseTarget { shifted, offsets, point };
        for v in 0..variables {
            dense.fill_target(system, &target, v, column_mut(columns, first + v));
        }
        let prior = self.offsets.is_none().then(|| system.block_covariance(offsets));
        (trend, prior)
    }

    fn answer_rows(
        &self,
        dense: &Dense,
        id: usize,
        prior: &[f64],
        answer: &DenseAnswer,
    ) -> Vec<Row> {
        let system = self.system;
        let variables = system.sets.len();
        let place = apply(&system.frame.space, self.targets.shifted(id, &system.frame));
        let row = |v: usize| {
            let estimate = answer.estimate[v] + system.centres[v];
            let at = v * (v + 1) / 2 + v;
            let parts = (answer.with_truth, answer.of_estimate);
            let parts = if v == 0 { parts } else { (f64::NAN, 1.0) };
            let mut row =
                Row::new(estimate, answer.covariance[at], prior[v * variables + v], parts);
            row.samples = dense.positions[v].len() as u32;
            row.nearest = dense.nearest(system, v, place);
            row
        };
        (0..variables).map(row).collect()
    }
}

/// All samples for every target; calls `put(target, rows, covariances)` in the targets' order.
pub(crate) fn global(
    system: &System,
    targets: &Targets<'_>,
    progress: &Progress<'_>,
    put: &mut Put<'_>,
) -> Result<(), KrigingError> {
    progress.step(0, targets.len().max(1))?;
    let all = system.sets.iter().map(|s| (0..s.bins.len() as u32).collect()).collect();
    let dense = Dense::new(system, all)?;
    let common = Common::new(system, targets);
    let chunks = targets.len().div_ceil(CHUNK);
    for from in (0..chunks).step_by(64) {
        progress.step(from, chunks)?;
        let to = (from + 64).min(chunks);
        let wave: Vec<GroupRows> = (from..to)
            .into_par_iter()
            .map(|c| {
                let end = ((c + 1) * CHUNK).min(targets.len());
                let members: Vec<u32> = (c * CHUNK..end).map(|id| id as u32).collect();
                common.rows(&dense, &members)
            })
            .collect();
        for (id, rows, covariances) in wave.iter().flatten() {
            put(*id as usize, rows, covariances);
        }
    }
    progress.step(chunks.max(1), chunks.max(1))?;
    Ok(())
}

/// Estimates of the first variable from all samples.
pub(crate) fn predict_global(
    system: &System,
    targets: &Targets<'_>,
    progress: &Progress<'_>,
) -> Result<Rows, KrigingError> {
    let mut estimates = Estimates::with_len(targets.len());
    global(system, targets, progress, &mut |id, rows, _| estimates.set(id, &rows[0]))?;
    Ok(Rows { estimates, singular: None, sill: system.kernel.total[0], needed: 1 })
}

/// Estimates from the samples that each tile shares.
pub(crate) fn predict_tiles(
    system: &System,
    (samples, size): (usize, usize),
    targets: &Targets<'_>,
    progress: &Progress<'_>,
) -> Result<Rows, KrigingError> {
    let groups = Groups::new(targets, &system.frame, size);
    let common = Common::new(system, targets);
    let mut estimates = Estimates::with_len(targets.len());
    for from in (0..groups.len()).step_by(WAVE) {
        progress.step(from, groups.len())?;
        let to = (from + WAVE).min(groups.len());
        let wave: Result<Vec<GroupRows>, KrigingError> = (from..to)
            .into_par_iter()
            .with_min_len(4)
            .map(|g| {
                let mut members = Vec::new();
                groups.members(g, &mut members);
                tile_rows(&common, samples, &members)
            })
            .collect();
        for (id, rows, _) in wave?.iter().flatten() {
            estimates.set(*id as usize, &rows[0]);
        }
    }
    progress.step(groups.len(), groups.len())?;
    Ok(Rows { estimates, singular: None, sill: system.kernel.total[0], needed: samples })
}

fn tile_rows(
    common: &Common<'_>,
    samples: usize,
    members: &[u32],
) -> Result<GroupRows, KrigingError> {
    let system = common.system;
    let bins = &system.sets[0].bins;
    let place =
        |id: &u32| apply(&system.frame.space, common.targets.shifted(*id as usize, &system.frame));
    let places: Vec<[f64; 3]> = members.iter().map(place).collect();
    let (middle, _) = middle_and_half(&places);
    let mut positions = Vec::new();
    bins.candidates(middle, 0.0, samples, f64::INFINITY, &mut positions);
    let distance = |p: &u32| {
        let q = bins.place(*p as usize);
        squared_norm([0, 1, 2].map(|d| q[d] - middle[d]))
    };
    if positions.len() > samples {
        let mut order: Vec<(f64, u32, u32)> =
            positions.iter().map(|p| (distance(p), bins.id[*p as usize], *p)).collect();
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        order.truncate(samples);
        positions.clear();
        positions.extend(order.iter().map(|o| o.2));
        positions.sort_unstable();
    }
    match Dense::new(system, vec![positions]) {
        Ok(dense) => Ok(common.rows(&dense, members)),
        Err(KrigingError::Trend { samples, .. }) => {
            let row = Row::missing(samples, Outcome::TrendUndetermined);
            Ok(members.iter().map(|id| (*id, vec![row], Vec::new())).collect())
        }
        Err(other) => Err(other),
    }
}
