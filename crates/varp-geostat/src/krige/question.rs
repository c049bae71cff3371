//! Up to eight targets as the solvers want them, and what the solvers answer.

use super::pairs::Pairs;
use super::system::{FREE_TREND, SINGULAR, System};
use super::targets::{Places, Targets};
use super::{Outcome, Row};
use crate::linalg::{F64x8, LANES, packed_row};

/// What a batch is asked: up to eight targets.
#[derive(Debug, Default)]
pub(crate) struct Question {
    /// Centres, counted from the frame's origin.
    pub places: [[f64; 3]; LANES],
    /// Points of each lane's support relative to its centre; one list serves all when `shared`.
    pub offsets: Vec<Vec<[f64; 3]>>,
    pub shared: bool,
    /// A target that is one point honours a sample at its place.
    pub point: bool,
    /// Covariances of blocks with themselves, row-major over variables, one set for each list of
    /// offsets; unused for points.
    pub prior: Vec<f64>,
    /// Trend functions of the target, `trend.count` for each lane.
    pub trend: Vec<f64>,
    /// Chosen positions `[lane · variables + variable]`.
    pub chosen: Vec<Vec<u32>>,
    /// The same as numbers of candidates, for each lane, when there is a table of their pairs.
    pub candidates: Vec<Vec<u32>>,
    pub pairs: Pairs,
    /// Lanes that hold a target.
    pub used: usize,
}

/// What a batch answers: lane by lane.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// For each predicted variable.
    pub estimate: Vec<F64x8>,
    /// Packed lower triangle over predicted variables.
    pub covariance: Vec<F64x8>,
    /// Covariance of estimate and truth, and variance of the estimate, of the first variable.
    pub with_truth: F64x8,
    pub of_estimate: F64x8,
    /// Variance of the target itself, for each predicted variable.
    pub prior: Vec<F64x8>,
    /// Smallest pivot as a share of the sill, and of the trend system as a share of its diagonal.
    pub pivot: F64x8,
    pub trend_pivot: F64x8,
}

impl Question {
    /// Takes what all targets have in common: points of the support, and their prior covariances.
    pub fn begin(&mut self, targets: &Targets<'_>, offsets: Option<&[[f64; 3]]>, prior: &[f64]) {
        self.used = 0;
        self.shared = offsets.is_some();
        self.point = targets.are_points();
        self.offsets.resize(if self.shared { 1 } else { LANES }, Vec::new());
        if let Some(offsets) = offsets {
            self.offsets[0].clear();
            self.offsets[0].extend_from_slice(offsets);
            self.prior.clear();
            self.prior.extend_from_slice(prior);
        }
    }

    /// Puts target `id` with its centre into the next lane.
    pub fn push(&mut self, system: &System, targets: &Targets<'_>, id: usize, shifted: [f64; 3]) {
        let lane = self.used;
        self.places[lane] = shifted;
        if let (false, Places::Areas(areas)) = (self.shared, targets.places) {
            let relative = |p: &[f64; 3]| {
                let q = system.frame.shift(*p);
                [0, 1, 2].map(|d| q[d] - shifted[d])
            };
            self.offsets[lane].clear();
            self.offsets[lane].extend(areas[id].iter().map(relative));
            let prior = system.block_covariance(&self.offsets[lane]);
            self.prior.truncate(lane * prior.len());
            self.prior.extend(prior);
        }
        let count = system.trend.count;
        self.trend.resize(LANES * count, 0.0);
        let list = &self.offsets[if self.shared { 0 } else { lane }];
        let out = &mut self.trend[lane * count..][..count];
        system.target_trend(targets, id, shifted, list, out);
        self.used += 1;
    }

    /// Variances and covariances of the targets themselves.
    #[inline(always)]
    pub fn prior(&self, system: &System, answer: &mut Answer) {
        let variables = system.sets.len();
        answer.covariance.clear();
        answer.prior.clear();
        for v in 0..variables {
            for w in 0..=v {
                let value = match self.point {
                    true => F64x8::splat(system.kernel.total[v * variables + w]),
                    false => F64x8(std::array::from_fn(|l| {
                        let list = if self.shared { 0 } else { l.min(self.used - 1) };
                        self.prior[(list * variables + v) * variables + w]
                    })),
                };
                answer.covariance.push(value);
            }
            answer.prior.push(answer.covariance[packed_row(v) + v]);
        }
    }

    /// Trend function `t` of predicted variable `v`: its own functions, none of the others.
    #[inline(always)]
    pub fn trend_of(&self, system: &System, v: usize, t: usize) -> F64x8 {
        let own = system.trend.count;
        if t / own.max(1) != v {
            return F64x8::ZERO;
        }
        F64x8(std::array::from_fn(|l| self.trend[l.min(self.used - 1) * own + t % own]))
    }
}

impl Answer {
    /// Variable `v`'s numbers of one lane, and the pivot's share when it is singular.
    pub fn row(&self, system: &System, v: usize, lane: usize) -> (Row, Option<f64>) {
        let pivot = self.pivot.0[lane];
        if pivot.is_nan() || pivot <= SINGULAR {
            return (Row::missing(0, Outcome::TrendUndetermined), Some(pivot));
        }
        let trend_pivot = self.trend_pivot.0[lane];
        if trend_pivot.is_nan() || trend_pivot <= FREE_TREND {
            return (Row::missing(0, Outcome::TrendUndetermined), None);
        }
        let parts = match v {
            0 => (self.with_truth.0[lane], self.of_estimate.0[lane]),
            _ => (f64::NAN, 1.0),
        };
        let estimate = self.estimate[v].0[lane] + system.centres[v];
        let variance = self.covariance[packed_row(v) + v].0[lane];
        (Row::new(estimate, variance, self.prior[v].0[lane], parts), None)
    }
}
