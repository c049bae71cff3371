use rayon::prelude::*;

use super::SimulationError;
use super::neighbours::Surroundings;
use super::path::Path;
use super::realisations::{Chunk, Realisations};
use super::sweep::sweep;
use super::weights::Weights;
use crate::error::is_usable;
use crate::krige::Grid;
use crate::model::{Ellipsoid, Model};
use crate::progress::Progress;
use crate::random::{Random, Stream};
use crate::stats::{finite, same_length};

/// Plan of a sequential Gaussian simulation of standard normal scores.
#[derive(Debug, Clone, PartialEq)]
pub struct SequentialGaussian {
    /// Covariance of the scores; its sill should be 1.
    pub model: Model,
    /// Samples and earlier nodes that a node sees; 24 to 64.
    pub neighbours: usize,
    /// How far it sees, metres.
    pub search: Ellipsoid,
    /// Seed of the path (one path for all realisations).
    pub path_seed: u64,
}

/// A path over a grid with the kriging weights of each of its nodes.
///
/// The weights depend on places only: every set of values, every realisation and every seed
/// re-uses them.
#[derive(Debug, Clone)]
pub struct SequentialPath {
    pub(crate) around: Surroundings,
    pub(crate) path: Path,
    pub(crate) weights: Weights,
}

/// Scores of the samples, in their order.
#[derive(Debug, Clone, Copy)]
pub enum Scores<'a> {
    /// The same in every realisation.
    Fixed(&'a [f64]),
    /// One list for each realisation, for instance of Gibbs draws of censored samples.
    Drawn(&'a [Vec<f64>]),
}

/// A first variable that the simulated one is correlated with at the same place.
#[derive(Debug, Clone, Copy)]
pub struct Correlated<'a> {
    /// Realisations of its standard normal scores on the same grid.
    pub field: &'a Realisations,
    /// Its scores at the samples, in their order.
    pub at_samples: &'a [f64],
    /// Correlation at the same place, above −1 and below 1.
    pub correlation: f64,
}

/// Realisations simulated together: their values of all nodes stay in the cache.
const TOGETHER: usize = 16;

impl SequentialGaussian {
    /// A plan that searches an ellipsoid of the model's own shape: one and a half times the
    /// practical ranges of the structure with the largest sill.
    pub fn new(model: Model, neighbours: usize) -> Self {
        let largest = model.structures().iter().max_by(|a, b| a.sill.total_cmp(&b.sill));
        let search = largest.map_or(Ellipsoid::ball(1.0), |s| {
            let factor = 1.5 * s.shape.practical_factor().unwrap_or(1.0);
            Ellipsoid { radii: s.ellipsoid.radii.map(|r| factor * r), ..s.ellipsoid }
        });
        Self { model, neighbours, search, path_seed: 1 }
    }

    /// Plans the path and solves one simple-kriging system for each node.
    ///
    /// Samples keep their own places; a sample on a node gives the node its value. Memory: 12
    /// bytes for each neighbour of each node.
    ///
    /// # Errors
    /// A grid without nodes, samples not finite or at one place, a model without sill or with
    /// more than eight differently shaped structures, singular systems, cancellation.
    pub fn fit(
        &self,
        grid: &Grid,
        samples: &[[f64; 3]],
        progress: &Progress<'_>,
    ) -> Result<SequentialPath, SimulationError> {
        check(&self.model, self.neighbours, &self.search)?;
        let around = Surroundings::new(*grid, samples, &self.search)?;
        let mut known = vec![false; grid.len()];
        around.on_node.iter().for_each(|(_, node)| known[*node as usize] = true);
        let path = Path::new(grid, &known, self.path_seed);
        let weights = Weights::solve(&around, &path, &self.model, self.neighbours, progress)?;
        Ok(SequentialPath { around, path, weights })
    }
}

impl SequentialPath {
    /// Realisations `0..count` of scores; the same bytes for any number of threads, and the
    /// first ones do not change when more are asked for.
    ///
    /// y(u) = Σ wᵢ·yᵢ + σ(u)·ε(u, realisation), along the path.
    ///
    /// # Errors
    /// Scores not finite or of another number than the samples, no realisations, cancellation.
    pub fn simulate(
        &self,
        scores: Scores<'_>,
        count: usize,
        seed: u64,
        progress: &Progress<'_>,
    ) -> Result<Realisations, SimulationError> {
        let chunks = self.for_chunks(scores, count, seed, progress, |chunk| chunk)?;
        Ok(Realisations { nodes: self.nodes(), chunks })
    }

    /// As [`SequentialPath::simulate`], but hands each chunk of realisations to `use_chunk` and
    /// keeps only what that returns, in order: memory for a few realisations suffices.
    ///
    /// # Errors
    /// As [`SequentialPath::simulate`].
    pub fn for_chunks<T: Send>(
        &self,
        scores: Scores<'_>,
        count: usize,
        seed: u64,
        progress: &Progress<'_>,
        use_chunk: impl Fn(Chunk) -> T + Sync,
    ) -> Result<Vec<T>, SimulationError> {
        let random = Random::new(seed, Stream::Noise);
        self.each_chunk(scores, count, Some(random), progress, use_chunk)
    }

    /// The expectation of every node along the path for `count` lists of scores: what each
    /// realisation would be without noise.
    pub(super) fn estimates(
        &self,
        scores: Scores<'_>,
        count: usize,
    ) -> Result<Vec<Chunk>, SimulationError> {
        self.each_chunk(scores, count, None, &Progress::none(), |chunk| chunk)
    }

    fn each_chunk<T: Send>(
        &self,
        scores: Scores<'_>,
        count: usize,
        noise: Option<Random>,
        progress: &Progress<'_>,
        use_chunk: impl Fn(Chunk) -> T + Sync,
    ) -> Result<Vec<T>, SimulationError> {
        self.check_scores(scores, count)?;
        let groups: Vec<usize> = (0..count.div_ceil(TOGETHER)).collect();
        let mut results = Vec::with_capacity(groups.len());
        for turn in groups.chunks(4 * rayon::current_num_threads()) {
            progress.step(turn[0], groups.len())?;
            let one = |group: &usize| {
                let begin = group * TOGETHER;
                let members = (count - begin).min(TOGETHER);
                let stride = members.next_multiple_of(TOGETHER / 2);
                let mut state = self.start(scores, begin, members, stride);
                if !progress.is_cancelled() {
                    sweep(self, noise, *group as u32, stride, &mut state);
                }
                state.truncate(self.nodes() * stride);
                use_chunk(Chunk { first: begin, count: members, stride, values: state })
            };
            results.extend(turn.par_iter().map(one).collect::<Vec<T>>());
        }
        progress.step(groups.len(), groups.len())?;
        Ok(results)
    }

    /// Realisations of a second variable y₂ = ρ·y₁ + √(1 − ρ²)·r, r simulated on this path.
    ///
    /// Exact for a linear model of coregionalisation in which r, the part of y₂ without
    /// correlation to y₁, has this path's model C: then C₂ = ρ²·C₁ + (1 − ρ²)·C and
    /// C₁₂ = ρ·C₁. With C = C₁ it is intrinsic collocated co-kriging.
    ///
    /// - `scores`: of the second variable at the samples
    ///
    /// # Errors
    /// As [`SequentialPath::simulate`]; realisations of another grid or fewer than `count`;
    /// another number of first scores than samples; correlation of ±1 or beyond.
    pub fn simulate_with(
        &self,
        scores: &[f64],
        first: Correlated<'_>,
        count: usize,
        seed: u64,
        progress: &Progress<'_>,
    ) -> Result<Realisations, SimulationError> {
        let (found, nodes) = (first.field.count(), first.field.nodes());
        if found < count || nodes != self.nodes() {
            let expected_nodes = self.nodes();
            return Err(SimulationError::Mismatch {
                found,
                nodes,
                expected: count,
                expected_nodes,
            });
        }
        let rho = first.correlation;
        if !(rho > -1.0 && rho < 1.0) {
            let rule = "above -1 and below 1";
            return Err(SimulationError::OutOfRange { name: "correlation", value: rho, rule });
        }
        same_length(scores.len(), first.at_samples.len(), "scores of the first variable")?;
        let rest = (1.0 - rho * rho).sqrt();
        let residuals: Vec<f64> =
            scores.iter().zip(first.at_samples).map(|(y2, y1)| (y2 - rho * y1) / rest).collect();
        let combine = |mut chunk: Chunk| {
            let mut known = Vec::new();
            for node in 0..self.nodes() {
                first.field.at(node, &mut known);
                let members = &mut chunk.values[node * chunk.stride..][..chunk.count];
                for (value, y1) in members.iter_mut().zip(&known[chunk.first..]) {
                    *value = rho * y1 + rest * *value;
                }
            }
            chunk
        };
        let chunks = self.for_chunks(Scores::Fixed(&residuals), count, seed, progress, combine)?;
        Ok(Realisations { nodes: self.nodes(), chunks })
    }

    /// Number of nodes of the grid.
    pub fn nodes(&self) -> usize {
        self.around.grid.len()
    }

    /// Samples too far from every node to be seen.
    pub fn unreachable_samples(&self) -> usize {
        self.around.unreachable
    }

    /// Nodes first, then samples, each with `stride` realisations side by side.
    pub(crate) fn start(
        &self,
        scores: Scores<'_>,
        begin: usize,
        members: usize,
        stride: usize,
    ) -> Vec<f64> {
        let samples = self.around.samples.len();
        let mut state = vec![0.0; (samples + self.nodes()) * stride];
        for lane in 0..members {
            let list = match scores {
                Scores::Fixed(list) => list,
                Scores::Drawn(lists) => &lists[begin + lane],
            };
            for (sample, score) in list.iter().enumerate() {
                state[(self.nodes() + sample) * stride + lane] = *score;
            }
            for (sample, node) in &self.around.on_node {
                state[*node as usize * stride + lane] = list[*sample as usize];
            }
        }
        state
    }

    fn check_scores(&self, scores: Scores<'_>, count: usize) -> Result<(), SimulationError> {
        if count == 0 {
            return Err(SimulationError::no_realisations());
        }
        let check = |list: &[f64]| {
            finite(list, 0)?;
            same_length(self.around.samples.len(), list.len(), "scores")
        };
        match scores {
            Scores::Fixed(list) => check(list)?,
            Scores::Drawn(lists) => {
                if lists.len() < count {
                    let (found, nodes) = (lists.len(), self.nodes());
                    let (expected, expected_nodes) = (count, nodes);
                    return Err(SimulationError::Mismatch {
                        found,
                        nodes,
                        expected,
                        expected_nodes,
                    });
                }
                lists.iter().try_for_each(|list| check(list))?;
            }
        }
        Ok(())
    }
}

/// Refuses what no sequential simulation can use.
pub(super) fn check(
    model: &Model,
    neighbours: usize,
    search: &Ellipsoid,
) -> Result<(), SimulationError> {
    let (name, value) = ("number of neighbours", neighbours as f64);
    if neighbours == 0 || neighbours > usize::from(u16::MAX) {
        return Err(SimulationError::OutOfRange { name, value, rule: "within 1..=65535" });
    }
    if !model.is_stationary() {
        let (name, value) = ("sill of the model", f64::INFINITY);
        return Err(SimulationError::OutOfRange { name, value, rule: "finite" });
    }
    if let Some(r) = search.radii.iter().find(|r| !(is_usable(**r) && **r > 0.0)) {
        let rule = "finite and above zero";
        return Err(SimulationError::OutOfRange { name: "search radius", value: *r, rule });
    }
    let frames = model.structures().len();
    if frames > super::weights::FRAMES {
        let (name, value) = ("number of structures", frames as f64);
        return Err(SimulationError::OutOfRange { name, value, rule: "at most 8" });
    }
    Ok(())
}
