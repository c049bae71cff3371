//! Node-by-node kriging: every target with its own neighbours, eight targets at a time.

use super::system::{Answer, Batch, FREE_TREND, Question, SINGULAR, System};
use super::targets::{Groups, Places, Targets, middle_and_half};
use super::{Estimates, Outcome, Row};
use crate::error::KrigingError;
use crate::linalg::{Arithmetic, Job, LANES, run};
use crate::model::apply;
use crate::progress::Progress;
use crate::search::{Candidates, Constrained, Nearest, Neighbourhood};
use rayon::prelude::*;

/// Groups between two reports of progress.
const WAVE: usize = 2_048;
/// Targets in a group, about.
const GROUP: usize = 64;

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
    let groups = Groups::new(targets, &system.frame, GROUP);
    let offsets = targets.offsets();
    let prior = offsets.as_ref().map_or_else(Vec::new, |o| system.block_covariance(o));
    let plan = Plan { system, rules, targets, except, offsets, prior };
    for from in (0..groups.len()).step_by(WAVE) {
        progress.step(from, groups.len())?;
        let to = (from + WAVE).min(groups.len());
        let wave: Vec<Vec<(u32, Row, Option<f64>)>> = (from..to)
            .into_par_iter()
            .with_min_len(8)
            .map_init(Worker::default, |worker, g| {
                groups.members(g, &mut worker.members);
                run(GroupJob(worker, &plan));
                std::mem::take(&mut worker.rows)
            })
            .collect();
        for (id, row, pivot) in wave.into_iter().flatten() {
            put(id as usize, &row, pivot);
        }
    }
    progress.step(groups.len(), groups.len())?;
    Ok(())
}

/// Buffers of one thread.
#[derive(Default)]
struct Worker {
    members: Vec<u32>,
    candidates: Candidates,
    /// Middle and half diagonal of the group, and how far around each member all are candidates.
    middle: [f64; 3],
    half: f64,
    complete: f64,
    nearest: Nearest,
    constrained: Constrained,
    batch: Batch,
    ask: Question,
    answer: Answer,
    waiting: Vec<(u32, f64)>,
    rows: Vec<(u32, Row, Option<f64>)>,
}

struct GroupJob<'a, 'b>(&'a mut Worker, &'a Plan<'b>);

impl Job for GroupJob<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let Self(worker, plan) = self;
        worker.prepare(plan);
        let members = std::mem::take(&mut worker.members);
        for &id in &members {
            worker.choose::<A>(plan, id as usize);
            if worker.ask.used == LANES {
                worker.flush::<A>(plan);
            }
        }
        worker.flush::<A>(plan);
        worker.members = members;
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
        (self.middle, self.half) = (middle, half);
        let k = plan.rules.max_samples + usize::from(plan.except.is_some());
        let bins = &system.sets[0].bins;
        self.complete =
            bins.candidates(middle, half, k, system.frame.reach, &mut self.candidates.position)
                - half;
        self.candidates.fill(bins);
        self.rows.reserve(self.members.len());
        self.ask.chosen.resize(LANES, Vec::new());
        self.ask.offsets.resize(if plan.offsets.is_some() { 1 } else { LANES }, Vec::new());
        self.ask.shared = plan.offsets.is_some();
        self.ask.point = plan.targets.are_points();
        if let Some(offsets) = &plan.offsets {
            self.ask.offsets[0].clone_from(offsets);
            self.ask.prior.clone_from(&plan.prior);
        } else {
            self.ask.prior.resize(LANES, 0.0);
        }
    }

    /// Chooses neighbours of one target and puts it into the next lane, or says why it has none.
    #[inline(always)]
    fn choose<A: Arithmetic>(&mut self, plan: &Plan<'_>, id: usize) {
        let system = plan.system;
        let shifted = plan.targets.shifted(id, &system.frame);
        let place = apply(&system.frame.space, shifted);
        let limit = system.frame.reach * system.frame.reach;
        let set = &system.sets[0];
        let except = plan.except.map(|e| e[id]);
        let lane = self.ask.used;
        let nearest = if plan.rules.is_constrained() {
            self.choose_constrained(plan, place, limit, except);
            self.constrained.nearest
        } else {
            let index = except.and_then(|p| self.candidates.position.binary_search(&p).ok());
            let k = plan.rules.max_samples;
            self.nearest.choose::<A>(&self.candidates, &set.bins.id, place, (k, limit), index);
            self.nearest.nearest
        };
        let indices = match plan.rules.is_constrained() {
            true => &self.constrained.chosen,
            false => &self.nearest.chosen,
        };
        let positions = indices.iter().map(|i| self.candidates.position[*i as usize]);
        self.ask.chosen[lane].clear();
        self.ask.chosen[lane].extend(positions);
        let found = self.ask.chosen[lane].len();
        if found < plan.rules.min_samples.max(system.trend.count).max(1) {
            self.rows.push((id as u32, Row::missing(found, Outcome::TooFewSamples), None));
            return;
        }
        self.waiting.push((id as u32, nearest.sqrt()));
        self.ask_support(plan, id, shifted);
        self.ask.used += 1;
    }

    /// Widens the group's candidates until the choice is certain.
    #[inline(never)]
    fn choose_constrained(
        &mut self,
        plan: &Plan<'_>,
        place: [f64; 3],
        limit: f64,
        except: Option<u32>,
    ) {
        let set = &plan.system.sets[0];
        let label = |p: u32| (set.bins.id[p as usize], set.holes[p as usize]);
        let octants = set.bins.octant_count();
        loop {
            let index = except.and_then(|p| self.candidates.position.binary_search(&p).ok());
            let list = &self.candidates;
            self.constrained.choose(list, plan.rules, place, (limit, index), octants, label);
            let all = list.len() == set.bins.len() || self.complete * self.complete >= limit;
            if all || self.constrained.farthest <= self.complete * self.complete {
                return;
            }
            let wider = (1.6 * self.complete).max(self.half).max(f64::MIN_POSITIVE);
            self.complete = wider.min(plan.system.frame.reach * (1.0 + 1e-12));
            let radius = self.complete + self.half;
            set.bins.within(self.middle, radius, &mut self.candidates.position);
            self.candidates.fill(&set.bins);
        }
    }

    /// Writes support and trend functions of the target in the next lane.
    fn ask_support(&mut self, plan: &Plan<'_>, id: usize, shifted: [f64; 3]) {
        let lane = self.ask.used;
        self.ask.places[lane] = shifted;
        if let (None, Places::Areas(areas)) = (&plan.offsets, plan.targets.places) {
            let relative = |p: &[f64; 3]| {
                let q = plan.system.frame.shift(*p);
                [0, 1, 2].map(|d| q[d] - shifted[d])
            };
            self.ask.offsets[lane].clear();
            self.ask.offsets[lane].extend(areas[id].iter().map(relative));
            self.ask.prior[lane] = plan.system.block_covariance(&self.ask.offsets[lane])[0];
        }
        let trend = &plan.system.trend;
        self.ask.trend.resize(LANES * trend.count, 0.0);
        let out = &mut self.ask.trend[lane * trend.count..][..trend.count];
        let list = &self.ask.offsets[if self.ask.shared { 0 } else { lane }];
        plan.system.target_trend(plan.targets, id, shifted, list, out);
    }

    /// Solves the waiting lanes.
    #[inline(always)]
    fn flush<A: Arithmetic>(&mut self, plan: &Plan<'_>) {
        if self.ask.used == 0 {
            return;
        }
        self.batch.solve::<A>(plan.system, &self.ask, &mut self.answer);
        for (lane, (id, nearest)) in self.waiting.drain(..).enumerate() {
            let samples = self.ask.chosen[lane].len() as u32;
            let (mut row, pivot) = self.answer.row(plan.system, lane);
            row.nearest = nearest;
            row.samples = samples;
            self.rows.push((id, row, pivot));
        }
        self.ask.used = 0;
    }
}

impl Answer {
    /// The first variable's numbers of one lane, and the pivot's share when it is singular.
    pub fn row(&self, system: &System, lane: usize) -> (Row, Option<f64>) {
        let pivot = self.pivot.0[lane];
        if pivot.is_nan() || pivot <= SINGULAR {
            return (Row::missing(0, Outcome::TrendUndetermined), Some(pivot));
        }
        let trend_pivot = self.trend_pivot.0[lane];
        if trend_pivot.is_nan() || trend_pivot <= FREE_TREND {
            return (Row::missing(0, Outcome::TrendUndetermined), None);
        }
        let parts = (self.with_truth.0[lane], self.of_estimate.0[lane]);
        let estimate = self.estimate[0].0[lane] + system.centres[0];
        let row = Row::new(estimate, self.covariance[0].0[lane], self.prior.0[lane], parts);
        (row, None)
    }
}
