//! Kriging: simple, ordinary, universal, with external drift; points, blocks and areas; moving,
//! shared and global neighbourhoods.

mod cokriging;
mod dense;
mod estimates;
mod indicator;
mod local;
mod pairs;
mod panel;
mod prepare;
mod question;
mod samples;
mod shared;
mod support;
mod system;
mod targets;
mod trend;

pub use cokriging::{Coestimates, Cokriging, FittedCokriging, Secondary, collocated};
pub use estimates::{Estimates, Outcome};
pub use indicator::{IndicatorKriging, Probabilities};
pub use samples::Samples;
pub use targets::{Grid, Places, Support, Targets};
pub use trend::{Method, Trend};

use crate::error::KrigingError;
use crate::model::{Coregionalisation, Model};
use crate::progress::Progress;
use crate::search::Neighbourhood;
use crate::validate::CrossValidation;
use dense::Dense;
pub(crate) use estimates::Row;
pub(crate) use prepare::prepare;
use system::System;

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
