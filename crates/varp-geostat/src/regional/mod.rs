//! What samples say of the mean over a region: a posterior distribution, with the continuity of the
//! variable uncertain as well.
//!
//! Kriging of a region gives a variance *if* the variogram is known. With five or fifty holes it
//! is not. Here ranges, nugget, layers, drift and variance have priors; each set of them is weighed
//! by how well it explains the samples, and the answers are mixed. With few samples the priors
//! speak, with many the samples do.

mod below;
mod covariance;
mod lags;
mod mixture;
mod plane;
mod solve;
mod weighted;

pub use below::{Known, Limited};
pub use covariance::{Continuity, ContinuityPrior};
pub use mixture::{Component, Law, Posterior, Scale};
pub use plane::{Frame, Plane};

use rayon::prelude::*;

use crate::stats::{StatsError, finite, same_length};
use lags::Lags;

/// Samples, the region, and what is assumed before looking at them.
#[derive(Debug, Clone, Copy)]
pub struct Region<'a> {
    /// Places of samples: x, y and z, or 0 for whole holes.
    pub places: &'a [[f64; 3]],
    /// Values, one for each place.
    pub values: &'a [f64],
    /// Variance of the error of each value relative to the variance of the variable; `None` is 0.
    pub noise: Option<&'a [f64]>,
    /// Points that stand for the region; 40 to 100 will do.
    pub nodes: &'a [[f64; 3]],
    /// Weight of each point, such as its thickness.
    pub weights: &'a [f64],
    /// Edge of the cell that a point stands for: horizontal, vertical.
    pub cell: [f64; 2],
    /// Height of a sample, such as the length of a composite; 0 is a point. Correlations are those of
    /// samples of this height, and a cell is a stack of them.
    pub slab: f64,
    /// What the variable may follow besides east and north, at the places and at the nodes, such as the distance
    /// from a rim. A drift in it is believed in as much as one in space.
    pub follows: Option<(&'a [f64], &'a [f64])>,
}

impl<'a> Region<'a> {
    /// Samples without errors and without height, each with its value, and the points that stand for the region,
    /// each with its weight.
    pub fn new(
        (places, values): (&'a [[f64; 3]], &'a [f64]),
        (nodes, weights): (&'a [[f64; 3]], &'a [f64]),
        cell: [f64; 2],
    ) -> Self {
        Self { places, values, noise: None, nodes, weights, cell, slab: 0.0, follows: None }
    }
}

impl Region<'_> {
    /// The distribution of the mean over the region, given the samples.
    ///
    /// - `scales`: where the variable may be Gaussian, each with its prior probability
    ///
    /// # Errors
    /// No samples or no points, numbers not finite, values not above zero on a logarithmic scale
    /// that is the only one, weights that do not sum to more than zero.
    pub fn posterior(
        &self,
        prior: &ContinuityPrior,
        scales: &[(Scale, f64)],
    ) -> Result<Posterior, StatsError> {
        self.posterior_of(&[self.values.to_vec()], prior, scales)
    }

    /// The same for several lists of values that are as likely, such as imputations: their answers
    /// in equal shares.
    ///
    /// # Errors
    /// As [`Region::posterior`]; lists of another length.
    pub fn posterior_of(
        &self,
        lists: &[Vec<f64>],
        prior: &ContinuityPrior,
        scales: &[(Scale, f64)],
    ) -> Result<Posterior, StatsError> {
        self.check()?;
        for list in lists {
            finite(list, 1)?;
            same_length(self.places.len(), list.len(), "values")?;
        }
        let lags = Lags::new(self);
        let scales: Vec<(Scale, f64)> = scales.iter().filter(|s| s.1 > 0.0).copied().collect();
        let only_log = scales.iter().all(|s| s.0 == Scale::Log);
        let bad = lists.iter().flatten().position(|v| *v <= 0.0);
        if let (true, Some(index)) = (only_log, bad) {
            let value = lists.iter().flatten().nth(index).copied().unwrap_or(f64::NAN);
            return Err(StatsError::NotPositive { index: index % self.places.len(), value });
        }
        let candidates: Vec<solve::Candidate> = prior
            .candidates()
            .into_par_iter()
            .filter_map(|c| solve::fit(self, &lags, lists, (c, prior), &scales))
            .collect();
        let answers: Option<Vec<Posterior>> = (0..lists.len())
            .into_par_iter()
            .map(|list| Posterior::of(solve::components(&candidates, list, self.weights)))
            .collect();
        answers
            .and_then(Posterior::pooled)
            .ok_or(StatsError::TooFew { found: self.places.len(), needed: 1 })
    }

    /// Each sample estimated from those of other groups: estimate, its standard deviation, both on
    /// the scale, with one continuity.
    ///
    /// # Errors
    /// As [`Region::posterior`]; groups of another length.
    pub fn leave_out(
        &self,
        (continuity, scale): (&Continuity, Scale),
        groups: &[u32],
        prior: &ContinuityPrior,
    ) -> Result<Vec<(f64, f64)>, StatsError> {
        self.check()?;
        same_length(self.values.len(), groups.len(), "groups")?;
        if let (Scale::Log, Some(index)) = (scale, self.values.iter().position(|v| *v <= 0.0)) {
            return Err(StatsError::NotPositive { index, value: self.values[index] });
        }
        Ok(solve::leave_out(self, (continuity, scale), groups, prior))
    }

    fn check(&self) -> Result<(), StatsError> {
        finite(self.values, 1)?;
        finite(self.places.as_flattened(), 3)?;
        finite(self.nodes.as_flattened(), 3)?;
        same_length(self.values.len(), self.places.len(), "places")?;
        same_length(self.nodes.len(), self.weights.len(), "weights")?;
        if let Some((places, nodes)) = self.follows {
            finite(places, 1)?;
            finite(nodes, 1)?;
            same_length(self.places.len(), places.len(), "what the values follow")?;
            same_length(self.nodes.len(), nodes.len(), "what the nodes follow")?;
        }
        if let Some(noise) = self.noise {
            finite(noise, 1)?;
            same_length(self.values.len(), noise.len(), "noise")?;
        }
        crate::stats::total_weight(self.weights)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
