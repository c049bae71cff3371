use rayon::prelude::*;

use super::SimulationError;
use super::neighbours::Surroundings;
use super::path::Path;
use super::realisations::{Chunk, Realisations};
use super::weights::Weights;
use crate::krige::Grid;
use crate::model::{Ellipsoid, Model};
use crate::progress::Progress;
use crate::random::{Random, Stream};
use crate::stats::{StatsError, same_length};

/// One category, such as a rock type or a class between two cut-offs.
#[derive(Debug, Clone, PartialEq)]
pub struct Category {
    /// Share of the whole, above 0; the shares sum to 1.
    pub proportion: f64,
    /// Covariance of its indicator; the sill does not matter, only the shape.
    pub model: Model,
}

/// Plan of a sequential indicator simulation.
#[derive(Debug, Clone, PartialEq)]
pub struct SequentialIndicator {
    /// Categories 0, 1, … with their own models.
    pub categories: Vec<Category>,
    /// Samples and earlier nodes that a node sees.
    pub neighbours: usize,
    /// How far it sees, metres.
    pub search: Ellipsoid,
    /// Seed of the path.
    pub path_seed: u64,
}

/// A path with the weights of every category.
#[derive(Debug, Clone)]
pub struct IndicatorPath {
    around: Surroundings,
    path: Path,
    weights: Vec<Weights>,
    proportions: Vec<f64>,
}

impl SequentialIndicator {
    /// Plans the path and solves one simple-kriging system for each node and category.
    ///
    /// # Errors
    /// Fewer than two categories, proportions that do not sum to 1, and as
    /// [`SequentialGaussian::fit`](super::SequentialGaussian::fit).
    pub fn fit(
        &self,
        grid: &Grid,
        samples: &[[f64; 3]],
        progress: &Progress<'_>,
    ) -> Result<IndicatorPath, SimulationError> {
        let proportions: Vec<f64> = self.categories.iter().map(|c| c.proportion).collect();
        if proportions.len() < 2 {
            return Err(StatsError::TooFew { found: proportions.len(), needed: 2 }.into());
        }
        let sum: f64 = proportions.iter().sum();
        if sum.is_nan()
            || (sum - 1.0).abs() > 1e-9
            || proportions.iter().any(|p| p.is_nan() || *p <= 0.0)
        {
            let (name, rule) = ("sum of the proportions", "1, each of them above 0");
            return Err(SimulationError::OutOfRange { name, value: sum, rule });
        }
        for category in &self.categories {
            super::sequential::check(&category.model, self.neighbours, &self.search)?;
        }
        let around = Surroundings::new(*grid, samples, &self.search)?;
        let mut known = vec![false; grid.len()];
        around.on_node.iter().for_each(|(_, node)| known[*node as usize] = true);
        let path = Path::new(grid, &known, self.path_seed);
        let solve =
            |c: &Category| Weights::solve(&around, &path, &c.model, self.neighbours, progress);
        let weights = self.categories.iter().map(solve).collect::<Result<_, _>>()?;
        Ok(IndicatorPath { around, path, weights, proportions })
    }
}

impl IndicatorPath {
    /// Realisations of category numbers (as `f64`), the same bytes for any number of threads.
    ///
    /// P(c) = p_c + Σ wᵢ·(1{categoryᵢ = c} − p_c), negative ones set to 0, scaled to sum 1.
    ///
    /// - `categories`: of the samples, in their order
    ///
    /// # Errors
    /// Another number of categories than samples, an unknown category, no realisations,
    /// cancellation.
    pub fn simulate(
        &self,
        categories: &[usize],
        count: usize,
        seed: u64,
        progress: &Progress<'_>,
    ) -> Result<Realisations, SimulationError> {
        same_length(self.around.samples.len(), categories.len(), "categories")?;
        if let Some(unknown) = categories.iter().find(|c| **c >= self.proportions.len()) {
            let (name, rule) = ("category of a sample", "one of the categories of the plan");
            return Err(SimulationError::OutOfRange { name, value: *unknown as f64, rule });
        }
        if count == 0 {
            return Err(SimulationError::no_realisations());
        }
        let random = Random::new(seed, Stream::Noise);
        let nodes = self.around.grid.len();
        let mut chunks = Vec::with_capacity(count);
        let all: Vec<usize> = (0..count).collect();
        for turn in all.chunks(4 * rayon::current_num_threads()) {
            progress.step(turn[0], count)?;
            let one = |&first: &usize| {
                let values = self.one(categories, random, first as u32);
                Chunk { first, count: 1, stride: 1, values }
            };
            chunks.extend(turn.par_iter().map(one).collect::<Vec<_>>());
        }
        Ok(Realisations { nodes, chunks })
    }

    fn one(&self, categories: &[usize], random: Random, realisation: u32) -> Vec<f64> {
        let nodes = self.around.grid.len();
        let mut state = vec![0_u16; nodes + categories.len()];
        state[nodes..].iter_mut().zip(categories).for_each(|(s, c)| *s = *c as u16);
        for (sample, node) in &self.around.on_node {
            state[*node as usize] = categories[*sample as usize] as u16;
        }
        let mut chances = vec![0.0; self.proportions.len()];
        for (place, &node) in self.path.order.iter().enumerate() {
            self.chances(place, &state, &mut chances);
            let mut left =
                random.uniform(u64::from(node), realisation) * chances.iter().sum::<f64>();
            let drawn = chances.iter().position(|chance| {
                left -= chance;
                left < 0.0
            });
            state[node as usize] = drawn.unwrap_or(chances.len() - 1) as u16;
        }
        state[..nodes].iter().map(|c| f64::from(*c)).collect()
    }

    /// Kriged probabilities of the categories at one place of the path, not below zero.
    fn chances(&self, place: usize, state: &[u16], chances: &mut [f64]) {
        for (category, chance) in chances.iter_mut().enumerate() {
            let weights = &self.weights[category];
            let from = place * weights.most;
            let count = usize::from(weights.count[place]);
            let proportion = self.proportions[category];
            let mut sum = proportion;
            for k in from..from + count {
                let is =
                    f64::from(u8::from(usize::from(state[weights.index[k] as usize]) == category));
                sum += weights.weight[k] * (is - proportion);
            }
            *chance = sum.max(0.0);
        }
    }
}
