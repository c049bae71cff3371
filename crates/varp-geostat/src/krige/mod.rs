//! Kriging: simple, ordinary, universal, with external drift; points, blocks and areas; moving,
//! shared and global neighbourhoods.

mod cokriging;
mod dense;
mod indicator;
mod local;
mod samples;
mod shared;
mod support;
mod system;
mod targets;
mod trend;

pub use cokriging::{Coestimates, Cokriging, FittedCokriging, Secondary, collocated};
pub use indicator::{IndicatorKriging, Probabilities};
pub use samples::Samples;
pub use targets::{Grid, Places, Support, Targets};
pub use trend::{Method, Trend};

use crate::error::KrigingError;
use crate::kernel::Kernel;
use crate::model::{Coregionalisation, Ellipsoid, Model, squared_norm};
use crate::progress::Progress;
use crate::search::{Neighbourhood, bounds};
use crate::validate::CrossValidation;
use dense::Dense;
use samples::{Frame, SampleSet};
use system::System;
use trend::TrendFunctions;

/// Which samples take part in the estimate of a target.
#[derive(Debug, Clone, PartialEq)]
pub enum Search {
    /// Each target has its own neighbours: exact, the reference.
    Moving(Neighbourhood),
    /// All targets of a tile share the samples nearest to its middle: several times faster, with
    /// small steps at the borders of tiles; see [`Fitted::shared_error`].
    Shared {
        /// Samples shared.
        samples: usize,
        /// Targets in a tile, about.
        targets: usize,
    },
    /// All samples.
    Global,
}

/// A kriging estimator that has not seen samples yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Kriging {
    /// Covariance of the variable.
    pub model: Model,
    /// What is assumed of the mean.
    pub method: Method,
    /// Which samples count.
    pub search: Search,
}

impl Kriging {
    /// Ordinary kriging from the `count` nearest samples.
    pub fn ordinary(model: Model, count: usize) -> Self {
        Self {
            model,
            method: Method::Ordinary,
            search: Search::Moving(Neighbourhood::nearest(count)),
        }
    }

    /// Ordinary kriging from all samples.
    pub fn ordinary_global(model: Model) -> Self {
        Self { model, method: Method::Ordinary, search: Search::Global }
    }

    /// Checks the samples and makes them ready.
    ///
    /// Fails on samples that are not finite, at one place without noise, or too few for the
    /// trend; on a search that finds nothing; on a model without a sill in simple kriging.
    pub fn fit(&self, samples: &Samples<'_>) -> Result<Fitted, KrigingError> {
        let model = Coregionalisation::from(&self.model);
        let system = prepare(&model, &self.method, &self.search, &[*samples])?;
        Ok(Fitted {
            system,
            search: self.search.clone(),
            places: samples.places.to_vec(),
            values: samples.values.to_vec(),
            external: samples.external.iter().map(|c| c.to_vec()).collect(),
        })
    }
}

/// Kriging that has samples and can predict.
#[derive(Debug, Clone)]
pub struct Fitted {
    system: System,
    search: Search,
    places: Vec<[f64; 3]>,
    values: Vec<f64>,
    external: Vec<Vec<f64>>,
}

/// Why a target has or has not an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Outcome {
    /// The numbers hold.
    Estimated,
    /// Fewer samples within the search than the minimum.
    TooFewSamples,
    /// The neighbours do not determine the trend, such as samples on one line.
    TrendUndetermined,
}

/// Estimates by column; where the outcome is not [`Outcome::Estimated`] the numbers are NaN.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Estimates {
    /// In the variable's unit.
    pub estimate: Vec<f64>,
    /// Kriging variance, square of the unit.
    pub variance: Vec<f64>,
    /// Slope of the regression of the truth on the estimate: Cov(Z, Z*)/Var(Z*), 1 is ideal.
    pub slope: Vec<f64>,
    /// `(prior variance − kriging variance)/prior variance`: 1 is certain, 0 knows no more than
    /// the mean, below 0 is worse than the mean. Source: Krige 1996.
    pub efficiency: Vec<f64>,
    /// Distance from the target's centre to the nearest sample used, in the search's metric.
    pub nearest: Vec<f64>,
    /// Number of samples used.
    pub samples: Vec<u32>,
    /// Whether there is an estimate.
    pub outcome: Vec<Outcome>,
}

impl Fitted {
    /// Estimates at the targets, in their order, the same bytes for any number of threads.
    ///
    /// Fails when a system is singular, when no target has an estimate, or when cancelled.
    pub fn predict(
        &self,
        targets: &Targets<'_>,
        progress: &Progress<'_>,
    ) -> Result<Estimates, KrigingError> {
        targets.check(self.system.trend.external_count())?;
        let rows = match &self.search {
            Search::Moving(rules) => local::predict(&self.system, rules, targets, None, progress)?,
            Search::Shared { samples, targets: size } => {
                shared::predict_tiles(&self.system, (*samples, *size), targets, progress)?
            }
            Search::Global => shared::predict_global(&self.system, targets, progress)?,
        };
        rows.into_estimates(targets.len())
    }

    /// See [`crate::validate::leave_one_out`].
    pub(crate) fn leave_one_out(
        &self,
        progress: &Progress<'_>,
    ) -> Result<CrossValidation, KrigingError> {
        let system = &self.system;
        let mut estimates = match &self.search {
            Search::Global => self.leave_one_out_global(progress)?,
            Search::Moving(rules) => self.leave_one_out_moving(rules, progress)?,
            Search::Shared { samples, .. } => {
                self.leave_one_out_moving(&Neighbourhood::nearest(*samples), progress)?
            }
        };
        let set = &system.sets[0];
        for (position, id) in set.bins.id.iter().enumerate() {
            estimates.variance[*id as usize] += set.noise[position];
        }
        Ok(CrossValidation { observed: self.values.clone(), estimates })
    }

    fn leave_one_out_moving(
        &self,
        rules: &Neighbourhood,
        progress: &Progress<'_>,
    ) -> Result<Estimates, KrigingError> {
        let bins = &self.system.sets[0].bins;
        let mut own = vec![0; self.places.len()];
        for (position, id) in bins.id.iter().enumerate() {
            own[*id as usize] = position as u32;
        }
        let external: Vec<&[f64]> = self.external.iter().map(Vec::as_slice).collect();
        let targets = Targets::points(&self.places).with_external(&external);
        let rows = local::predict(&self.system, rules, &targets, Some(&own), progress)?;
        rows.into_estimates(targets.len())
    }

    fn leave_one_out_global(&self, progress: &Progress<'_>) -> Result<Estimates, KrigingError> {
        let system = &self.system;
        let n = self.places.len();
        let needed = system.trend.count + 1;
        if n < needed {
            return Err(KrigingError::TooFewSamples { found: n, needed });
        }
        progress.step(0, 1)?;
        let dense = Dense::new(system, vec![(0..n as u32).collect()])?;
        let set = &system.sets[0];
        let prior = system.kernel.total[0];
        let mut estimates = Estimates::with_len(n);
        for (position, (error, variance)) in dense.leave_one_out(system).into_iter().enumerate() {
            let id = set.bins.id[position] as usize;
            let variance = variance - set.noise[position];
            let mut row = Row::new(self.values[id] - error, variance, prior, (f64::NAN, 1.0));
            row.samples = n as u32 - 1;
            row.nearest = set.bins.nearest_other(position);
            estimates.set(id, &row);
        }
        progress.step(1, 1)?;
        Ok(estimates)
    }

    /// How far tiles that share samples are from node-by-node estimates with as many samples, on
    /// every `stride`-th target: root mean square and largest difference of the estimate, in
    /// kriging standard deviations. `None` for the other searches.
    pub fn shared_error(
        &self,
        targets: &Targets<'_>,
        estimates: &Estimates,
        stride: usize,
    ) -> Result<Option<SharedError>, KrigingError> {
        let Search::Shared { samples, .. } = self.search else { return Ok(None) };
        let ids: Vec<usize> = (0..targets.len()).step_by(stride.max(1)).collect();
        let places: Vec<[f64; 3]> = ids.iter().map(|id| targets.place(*id)).collect();
        let columns: Vec<Vec<f64>> =
            targets.external.iter().map(|c| ids.iter().map(|id| c[*id]).collect()).collect();
        let external: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let part = Targets {
            places: Places::Points(&places),
            support: targets.support,
            external: &external,
        };
        let rules = Neighbourhood::nearest(samples);
        let rows = local::predict(&self.system, &rules, &part, None, &Progress::none())?;
        let exact = rows.into_estimates(part.len())?;
        let (mut sum, mut largest, mut count) = (0.0, 0.0f64, 0);
        for (i, id) in ids.iter().enumerate() {
            let difference = estimates.estimate[*id] - exact.estimate[i];
            let share = (difference / exact.variance[i].sqrt()).abs();
            if share.is_finite() {
                sum += share * share;
                largest = largest.max(share);
                count += 1;
            }
        }
        let root_mean_square = (sum / count.max(1) as f64).sqrt();
        Ok(Some(SharedError { targets: count, root_mean_square, largest }))
    }
}

/// Difference of tiles to node-by-node kriging, in kriging standard deviations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharedError {
    /// Targets compared.
    pub targets: usize,
    /// Of all differences.
    pub root_mean_square: f64,
    /// The largest difference.
    pub largest: f64,
}

/// One target's numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub estimate: f64,
    pub variance: f64,
    pub slope: f64,
    pub efficiency: f64,
    pub nearest: f64,
    pub samples: u32,
    pub outcome: Outcome,
}

impl Row {
    pub fn missing(samples: usize, outcome: Outcome) -> Self {
        let nan = f64::NAN;
        let samples = samples as u32;
        Self {
            estimate: nan,
            variance: nan,
            slope: nan,
            efficiency: nan,
            nearest: nan,
            samples,
            outcome,
        }
    }

    /// `prior` is the variance of the target itself; rounding below zero becomes zero.
    pub fn new(
        estimate: f64,
        variance: f64,
        prior: f64,
        (with_truth, of_estimate): (f64, f64),
    ) -> Self {
        Self {
            estimate,
            variance: variance.max(0.0),
            slope: with_truth / of_estimate,
            efficiency: (prior - variance) / prior,
            nearest: f64::NAN,
            samples: 0,
            outcome: Outcome::Estimated,
        }
    }
}

impl Estimates {
    pub(crate) fn with_len(n: usize) -> Self {
        let column = || vec![f64::NAN; n];
        Self {
            estimate: column(),
            variance: column(),
            slope: column(),
            efficiency: column(),
            nearest: column(),
            samples: vec![0; n],
            outcome: vec![Outcome::TooFewSamples; n],
        }
    }

    pub(crate) fn set(&mut self, id: usize, row: &Row) {
        self.estimate[id] = row.estimate;
        self.variance[id] = row.variance;
        self.slope[id] = row.slope;
        self.efficiency[id] = row.efficiency;
        self.nearest[id] = row.nearest;
        self.samples[id] = row.samples;
        self.outcome[id] = row.outcome;
    }

    pub(crate) fn copy_row(&mut self, to: usize, other: &Self, from: usize) {
        self.estimate[to] = other.estimate[from];
        self.variance[to] = other.variance[from];
        self.slope[to] = other.slope[from];
        self.efficiency[to] = other.efficiency[from];
        self.nearest[to] = other.nearest[from];
        self.samples[to] = other.samples[from];
        self.outcome[to] = other.outcome[from];
    }

    /// Number of targets with an estimate.
    pub fn estimated(&self) -> usize {
        self.outcome.iter().filter(|o| **o == Outcome::Estimated).count()
    }

    /// Number of targets.
    pub fn len(&self) -> usize {
        self.estimate.len()
    }

    /// Whether there is no target.
    pub fn is_empty(&self) -> bool {
        self.estimate.is_empty()
    }
}

/// Checks samples and settings and brings them into shape.
pub(crate) fn prepare(
    model: &Coregionalisation,
    method: &Method,
    search: &Search,
    samples: &[Samples<'_>],
) -> Result<System, KrigingError> {
    let known_mean = matches!(method, Method::Simple { .. });
    if known_mean && !model.is_stationary() {
        return Err(KrigingError::NoSill { method: "simple kriging" });
    }
    if model.variables() != samples.len() {
        return Err(KrigingError::Variables { model: model.variables(), samples: samples.len() });
    }
    let (space, reach) = match search {
        Search::Moving(rules) => {
            rules.check()?;
            if rules.max_per_hole.is_some() && samples.iter().any(|s| s.holes.is_none()) {
                return Err(KrigingError::NoHoles);
            }
            rules.space()
        }
        Search::Shared { samples: 0, .. } => {
            return Err(KrigingError::Search { min_samples: 1, max_samples: 0 });
        }
        _ => (Ellipsoid::ball(1.0).reduction(), f64::INFINITY),
    };
    samples.iter().try_for_each(Samples::check)?;
    let places: Vec<[f64; 3]> = samples.iter().flat_map(|s| s.places).copied().collect();
    let (origin, high) = bounds(&places);
    let frame = Frame { origin, space, reach };
    let shifted: Vec<[f64; 3]> = places.iter().map(|p| frame.shift(*p)).collect();
    let trend = TrendFunctions::new(method, &shifted, samples.first().map_or(&[], |s| s.external))?;
    let needed = trend.count.max(1);
    if let Some(s) = samples.iter().find(|s| s.len() < needed) {
        return Err(KrigingError::TooFewSamples { found: s.len(), needed });
    }
    let extent = squared_norm([0, 1, 2].map(|d| high[d] - origin[d])).sqrt();
    let kernel = Kernel::new(model, extent);
    if kernel.frames.len() > system::FRAMES {
        return Err(KrigingError::Ellipsoids { found: kernel.frames.len(), most: system::FRAMES });
    }
    let centres: Vec<f64> = samples
        .iter()
        .map(|s| match method {
            Method::Simple { mean } => *mean,
            _ => s.values.iter().sum::<f64>() / s.len() as f64,
        })
        .collect();
    let trend_count = trend.count * samples.len();
    let sets = samples.iter().enumerate().map(|(v, s)| {
        SampleSet::new(s, &frame, &kernel, centres[v], &trend, (v * trend.count, trend_count))
    });
    let sets = sets.collect();
    Ok(System { sets, kernel, frame, centres, trend, trend_count, touch: 1e-12 * extent })
}
