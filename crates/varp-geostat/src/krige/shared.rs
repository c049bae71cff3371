//! One factor for all targets of a tile, or for all targets.

use super::dense::Dense;
use super::local::Rows;
use super::panel::Panel;
use super::question::{Answer, Question};
use super::support::lanes;
use super::system::System;
use super::targets::{Groups, Targets, middle_and_half};
use super::{Estimates, Outcome, Row};
use crate::error::KrigingError;
use crate::linalg::{Arithmetic, Job, LANES, PANEL, run};
use crate::model::{apply, squared_norm};
use crate::progress::Progress;
use rayon::prelude::*;

/// Targets of one piece of work in the global neighbourhood.
const CHUNK: usize = 8 * PANEL;
/// Groups between two reports of progress.
const WAVE: usize = 1_024;

/// Answers of a group's targets in their order.
#[derive(Debug, Default)]
struct GroupRows {
    targets: Vec<u32>,
    /// One for each variable of each target.
    rows: Vec<Row>,
    /// Packed covariances of the variables' errors of each target; empty for one variable.
    covariances: Vec<f64>,
}

/// Takes a target's rows by variable and the packed covariances of their errors.
type Put<'a> = dyn FnMut(usize, &[Row], &[f64]) + 'a;

impl GroupRows {
    fn put(&self, variables: usize, put: &mut Put<'_>) {
        let packed = if variables == 1 { 0 } else { variables * (variables + 1) / 2 };
        for (q, (id, rows)) in
            self.targets.iter().zip(self.rows.chunks_exact(variables)).enumerate()
        {
            put(*id as usize, rows, &self.covariances[q * packed..][..packed]);
        }
    }
}

/// What the targets of one prediction have in common.
struct Common<'a> {
    system: &'a System,
    targets: &'a Targets<'a>,
    offsets: Option<Vec<[f64; 3]>>,
    /// Covariances of the support with itself; empty for points and areas.
    prior: Vec<f64>,
}

/// Buffers of one thread.
#[derive(Debug, Default)]
struct Buffers {
    panel: Panel,
    asks: Vec<Question>,
    answer: Answer,
}

impl<'a> Common<'a> {
    fn new(system: &'a System, targets: &'a Targets<'a>) -> Self {
        let offsets = targets.offsets();
        let prior = match &offsets {
            Some(list) if !targets.are_points() => system.block_covariance(list),
            _ => Vec::new(),
        };
        Self { system, targets, offsets, prior }
    }

    /// Estimates at the members of a group.
    fn rows(&self, dense: &Dense, members: &[u32], buffers: &mut Buffers) -> GroupRows {
        let mut out = GroupRows { targets: members.to_vec(), ..GroupRows::default() };
        out.rows.reserve(members.len() * self.system.sets.len());
        buffers.asks.resize_with(PANEL / LANES, Question::default);
        for part in members.chunks(PANEL) {
            run(PanelJob { common: self, dense, part, buffers, out: &mut out });
        }
        out
    }
}

/// Estimates at up to [`PANEL`] targets.
struct PanelJob<'a, 'b> {
    common: &'a Common<'b>,
    dense: &'a Dense,
    part: &'a [u32],
    buffers: &'a mut Buffers,
    out: &'a mut GroupRows,
}

impl Job for PanelJob<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let Self { common, dense, part, buffers, out } = self;
        let Common { system, targets, .. } = *common;
        let Buffers { panel, asks, answer } = buffers;
        panel.clear(dense);
        for (block, (ids, ask)) in part.chunks(LANES).zip(asks.iter_mut()).enumerate() {
            ask.begin(targets, common.offsets.as_deref(), &common.prior);
            for id in ids {
                let id = *id as usize;
                ask.push(system, targets, id, targets.shifted(id, &system.frame));
            }
            dense.fill::<A>(system, ask, block, panel);
        }
        dense.solve(panel, 0);
        let variables = system.sets.len();
        for (block, (ids, ask)) in part.chunks(LANES).zip(asks.iter()).enumerate() {
            dense.combine::<A>(system, ask, block, panel, answer);
            let places = lanes(|l| apply(&system.frame.space, ask.places[l.min(ids.len() - 1)]));
            let first = out.rows.len();
            out.rows.resize(first + ids.len() * variables, Row::missing(0, Outcome::Estimated));
            for v in 0..variables {
                let nearest = dense.nearest::<A>(system, v, &places);
                for l in 0..ids.len() {
                    let mut row = answer.row(system, v, l).0;
                    row.samples = dense.positions[v].len() as u32;
                    row.nearest = nearest.0[l];
                    out.rows[first + l * variables + v] = row;
                }
            }
            if variables > 1 {
                for l in 0..ids.len() {
                    out.covariances.extend(answer.covariance.iter().map(|c| c.0[l]));
                }
            }
        }
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
            .map_init(Buffers::default, |buffers, c| {
                if progress.is_cancelled() {
                    return GroupRows::default();
                }
                let end = ((c + 1) * CHUNK).min(targets.len());
                let members: Vec<u32> = (c * CHUNK..end).map(|id| id as u32).collect();
                common.rows(&dense, &members, buffers)
            })
            .collect();
        wave.iter().for_each(|group| group.put(system.sets.len(), put));
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
            .map_init(Buffers::default, |buffers, g| {
                let mut members = Vec::new();
                groups.members(g, &mut members);
                tile_rows(&common, samples, &members, buffers)
            })
            .collect();
        let mut set = |id: usize, rows: &[Row], _: &[f64]| estimates.set(id, &rows[0]);
        wave?.iter().for_each(|group| group.put(1, &mut set));
    }
    progress.step(groups.len(), groups.len())?;
    Ok(Rows { estimates, singular: None, sill: system.kernel.total[0], needed: samples })
}

fn tile_rows(
    common: &Common<'_>,
    samples: usize,
    members: &[u32],
    buffers: &mut Buffers,
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
        Ok(dense) => Ok(common.rows(&dense, members, buffers)),
        Err(KrigingError::Trend { samples, .. }) => {
            let rows = vec![Row::missing(samples, Outcome::TrendUndetermined); members.len()];
            Ok(GroupRows { targets: members.to_vec(), rows, covariances: Vec::new() })
        }
        Err(other) => Err(other),
    }
}
