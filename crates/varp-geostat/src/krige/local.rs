//! Node-by-node kriging: every target with its own neighbours, eight targets at a time.

use super::pairs::{LOOK_UP, Pairs};
use super::question::{Answer, Question};
use super::system::{Batch, System};
use super::targets::{Groups, Targets, middle_and_half};
use super::{Estimates, Outcome, Row};
use crate::error::KrigingError;
use crate::linalg::{Arithmetic, Job, LANES, run};
use crate::model::apply;
use crate::progress::Progress;
use crate::search::{Around, Candidates, Constrained, Nearest, Neighbourhood};
use rayon::prelude::*;

/// Targets between two reports of progress, about.
const WAVE: usize = 1 << 17;
/// Targets in a piece of work, about.
const PIECE: usize = 64;

/// Rows of all targets, or of all samples without themselves.
pub(crate) struct Rows {
    pub estimates: Estimates,
    /// First singular target, its pivot as a share of the sill, and how many there are.
    pub singular: Option<(usize, f64, usize)>,
    pub sill: f64,
    pub needed: usize,
}

impl Rows {
    pub fn into_estimates(self, targets: usize) -> Result<Estimates, KrigingError> {
        if let Some((target, share, count)) = self.singular {
            let pivot = share * self.sill;
            return Err(KrigingError::Singular { target, pivot, sill: self.sill, count });
        }
        if targets > 0 && self.estimates.estimated() == 0 {
            return Err(KrigingError::EmptySearch { targets, needed: self.needed });
        }
        Ok(self.estimates)
    }
}

/// What all groups share.
pub(crate) struct Plan<'a> {
    pub system: &'a System,
    pub rules: &'a Neighbourhood,
    pub targets: &'a Targets<'a>,
    /// Sample (by position) to leave out at each target.
    pub except: Option<&'a [u32]>,
    pub offsets: Option<Vec<[f64; 3]>>,
    pub prior: Vec<f64>,
}

/// Estimates of the first variable.
pub(crate) fn predict(
    system: &System,
    rules: &Neighbourhood,
    targets: &Targets<'_>,
    except: Option<&[u32]>,
    progress: &Progress<'_>,
) -> Result<Rows, KrigingError> {
    let n = targets.len();
    let mut estimates = Estimates::with_len(n);
    let mut singular: Option<(usize, f64, usize)> = None;
    each_group(system, rules, targets, except, progress, &mut |id, row, pivot| {
        if let Some(share) = pivot {
            let (first, least, count) = singular.unwrap_or((id, share, 0));
            singular =
                Some(if id <= first { (id, share, count + 1) } else { (first, least, count + 1) });
        }
        estimates.set(id, row);
    })?;
    let sill = system.kernel.total[0];
    let needed = rules.min_samples.max(system.trend.count);
    Ok(Rows { estimates, singular, sill, needed })
}

/// Calls `put(target, row, share of a singular pivot)` for every target, in an order
/// that does not depend on the number of threads.
pub(crate) fn each_group(
    system: &System,
    rules: &Neighbourhood,
    targets: &Targets<'_>,
    except: Option<&[u32]>,
    progress: &Progress<'_>,
    put: &mut dyn FnMut(usize, &Row, Option<f64>),
) -> Result<(), KrigingError> {
    let size = group_size(system, rules, targets.len());
    let groups = Groups::new(targets, &system.frame, size);
    let offsets = targets.offsets();
    let prior = offsets.as_ref().map_or_else(Vec::new, |o| system.block_covariance(o));
    let plan = Plan { system, rules, targets, except, offsets, prior };
    let piece = (PIECE / size).max(1);
    let pieces = groups.len().div_ceil(piece);
    let wave = (WAVE / PIECE.max(size)).max(1);
    for from in (0..pieces).step_by(wave) {
        progress.step(from, pieces)?;
        let to = (from + wave).min(pieces);
        let wave: Vec<Vec<(u32, Row, Option<f64>)>> = (from..to)
            .into_par_iter()
            .with_min_len(8)
            .map_init(Worker::default, |worker, p| {
                if progress.is_cancelled() {
                    return Vec::new();
                }
                let range = p * piece..((p + 1) * piece).min(groups.len());
                run(PieceJob { worker, plan: &plan, groups: &groups, range });
                std::mem::take(&mut worker.rows)
            })
            .collect();
        for (id, row, pivot) in wave.into_iter().flatten() {
            put(id as usize, &row, pivot);
        }
    }
    progress.step(pieces, pieces)?;
    Ok(())
}

/// How many targets are to share a list of candidates: many share the work of making the list (and
/// of a table of covariances), but the list grows with the room they take, and each goes through
/// it. Counted in processor cycles, as if samples and targets filled the same cube evenly.
fn group_size(system: &System, rules: &Neighbourhood, targets: usize) -> usize {
    let samples = system.sets[0].bins.len() as f64;
    let wanted = (rules.max_samples as f64).min(samples);
    let pairs = wanted * wanted / 16.0;
    let cost = |size: f64| {
        let ball = (0.24 * wanted).cbrt();
        let room = 1.7 * (size * samples / targets.max(1) as f64).cbrt();
        let candidates = (4.2 * (ball + room).powi(3)).min(samples);
        let list = candidates * (2.5 + 20.0 / size) + 4_000.0 / size;
        let table = candidates * candidates / 16.0 / size;
        let each = 10.0 * system.kernel.cost();
        list + (each * pairs).min(each * table + 10.0 * LOOK_UP * pairs)
    };
    let sizes = (2..9).map(|power| (1 << power, cost(f64::from(1 << power))));
    sizes.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(PIECE, |best| best.0)
}

/// Buffers of one thread.
#[derive(Default)]
struct Worker {
    members: Vec<u32>,
    candidates: Candidates,
    /// How far around each member all samples are candidates.
    complete: f64,
    nearest: Nearest,
    constrained: Constrained,
    batch: Batch,
    ask: Question,
    answer: Answer,
    waiting: Vec<(u32, f64)>,
    rows: Vec<(u32, Row, Option<f64>)>,
}

/// Some groups one after another, so that lanes left over by one are filled by the next.
struct PieceJob<'a, 'b> {
    worker: &'a mut Worker,
    plan: &'a Plan<'b>,
    groups: &'a Groups,
    range: std::ops::Range<usize>,
}

impl Job for PieceJob<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let Self { worker, plan, groups, range } = self;
        worker.ask.chosen.resize(LANES, Vec::new());
        worker.ask.candidates.resize(LANES, Vec::new());
        worker.ask.begin(plan.targets, plan.offsets.as_deref(), &plan.prior);
        for group in range {
            groups.members(group, &mut worker.members);
            worker.prepare(plan);
            let (targets, count) = (worker.members.len(), plan.rules.max_samples);
            let candidates = &worker.candidates.position;
            worker.ask.pairs.clear();
            if !plan.rules.is_constrained() && Pairs::pay(plan.system, candidates, targets, count) {
                worker.flush(plan);
                let candidates = &worker.candidates.position;
                worker.ask.pairs.fill::<A>(plan.system, candidates);
            }
            let members = std::mem::take(&mut worker.members);
            for &id in &members {
                worker.choose::<A>(plan, id as usize);
                if worker.ask.used == LANES {
                    worker.flush(plan);
                }
            }
            worker.members = members;
            if !worker.ask.pairs.is_empty() {
                worker.flush(plan);
            }
        }
        worker.ask.pairs.clear();
        worker.flush(plan);
    }
}

impl Worker {
    /// Candidates of the whole group.
    #[inline(never)]
    fn prepare(&mut self, plan: &Plan<'_>) {
        let system = plan.system;
        let place = |id: &u32| {
            apply(&system.frame.space, plan.targets.shifted(*id as usize, &system.frame))
        };
        let places: Vec<[f64; 3]> = self.members.iter().map(place).collect();
        let (middle, half) = middle_and_half(&places);
        let k = plan.rules.max_samples + usize::from(plan.except.is_some());
        let bins = &system.sets[0].bins;
        self.complete =
            bins.candidates(middle, half, k, system.frame.reach, &mut self.candidates.position)
                - half;
        self.candidates.fill(bins);
        self.rows.reserve(self.members.len());
    }

    /// Chooses neighbours of one target and puts it into the next lane, or says why it has none.
    #[inline(always)]
    fn choose<A: Arithmetic>(&mut self, plan: &Plan<'_>, id: usize) {
        let system = plan.system;
        let shifted = plan.targets.shifted(id, &system.frame);
        let place = apply(&system.frame.space, shifted);
        let set = &system.sets[0];
        let except = plan.except.map(|e| e[id]);
        let lane = self.ask.used;
        self.ask.chosen[lane].clear();
        let nearest = if plan.rules.is_constrained() {
            self.choose_constrained(plan, place, except);
            self.ask.chosen[lane].extend_from_slice(&self.constrained.chosen);
            self.constrained.nearest
        } else {
            let index = except.and_then(|p| self.candidates.position.binary_search(&p).ok());
            let limits = (plan.rules.max_samples, system.frame.reach * system.frame.reach);
            self.nearest.choose::<A>(&self.candidates, &set.bins.id, place, limits, index);
            let position = |i: &u32| self.candidates.position[*i as usize];
            self.ask.chosen[lane].extend(self.nearest.chosen.iter().map(position));
            if !self.ask.pairs.is_empty() {
                self.ask.candidates[lane].clone_from(&self.nearest.chosen);
            }
            self.nearest.nearest
        };
        let found = self.ask.chosen[lane].len();
        if found < plan.rules.min_samples.max(system.trend.count).max(1) {
            self.rows.push((id as u32, Row::missing(found, Outcome::TooFewSamples), None));
            return;
        }
        self.waiting.push((id as u32, nearest.sqrt()));
        self.ask.push(system, plan.targets, id, shifted);
    }

    #[inline(never)]
    fn choose_constrained(&mut self, plan: &Plan<'_>, place: [f64; 3], except: Option<u32>) {
        let set = &plan.system.sets[0];
        let reach = plan.system.frame.reach;
        let (bins, holes, rules) = (&set.bins, set.holes.as_slice(), plan.rules);
        let around = Around { bins, holes, rules, place, reach, except };
        self.constrained.choose(&around, &self.candidates, self.complete);
    }

    /// Solves the waiting lanes.
    fn flush(&mut self, plan: &Plan<'_>) {
        if self.ask.used == 0 {
            return;
        }
        run(Waiting(self, plan.system));
        for (lane, (id, nearest)) in self.waiting.drain(..).enumerate() {
            let samples = self.ask.chosen[lane].len() as u32;
            let (mut row, pivot) = self.answer.row(plan.system, 0, lane);
            row.nearest = nearest;
            row.samples = samples;
            self.rows.push((id, row, pivot));
        }
        self.ask.used = 0;
    }
}

/// Solves what waits: a job of its own, compiled once for its several callers.
struct Waiting<'a>(&'a mut Worker, &'a System);

impl Job for Waiting<'_> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let Worker { batch, ask, answer, .. } = self.0;
        batch.solve::<A>(self.1, ask, answer);
    }
}
