//! Conditional simulation of a body's blocks.

use varp_geostat::progress::Progress;
use varp_geostat::random::{Random, Stream};
use varp_geostat::regional::{Component, Frame, Plane, Posterior, Scale};
use varp_geostat::simulate::{Chunk, Scores, SequentialGaussian, SimulationError};
use varp_geostat::stats::distribution::normal_quantile;

use super::believed::{body_nodes, region};
use super::blocks::BlockGrades;
use super::carry::quantile;
use super::error::EstimateError;
use super::field::{AboveCutoffs, CUTOFF_STEPS, Field, FieldFound, mean_values, model_of};
use super::sampled::{Prepared, statistics};
use crate::chance::Z80;

/// Sums over the realisations of a chunk.
struct Part {
    means: Vec<f64>,
    periods: Vec<Vec<f64>>,
    sum: Vec<f64>,
    squares: Vec<f64>,
    /// Share of the mass and contained share between two cut-offs, in each realisation.
    classes: Vec<[[f64; 2]; CUTOFF_STEPS + 1]>,
}

/// Trend and deviation of the field on its scale in each realisation.
struct Levels {
    scale: Scale,
    frame: Frame,
    planes: Vec<Plane>,
    deviation: f64,
}

impl Levels {
    /// Values of a list as standard normal scores of realisation `r`.
    fn scores(&self, r: usize, list: &[f64], places: &[[f64; 3]]) -> Vec<f64> {
        let score = |(value, place): (&f64, &[f64; 3])| {
            let trend = self.planes[r].at(self.frame.scaled(*place));
            (self.scale.forward(*value) - trend) / self.deviation
        };
        list.iter().zip(places).map(score).collect()
    }
}

impl Field {
    /// Conditional simulation in which continuity, level, trend and variance differ from realisation to
    /// realisation as they are believed to.
    pub(super) fn simulate(
        &self,
        prepared: &Prepared<'_>,
        posterior: &Posterior,
        (count, neighbours, seed): (usize, usize, u64),
        progress: &Progress<'_>,
    ) -> Result<FieldFound, EstimateError> {
        let count = count.max(10);
        let paths = (800_000 / self.grid.len().max(1)).clamp(1, 8).min(count);
        let places: Vec<[f64; 3]> = prepared.placed.iter().map(|p| p.place).collect();
        let periods = self.periods(prepared);
        let mut found = FieldFound::default();
        let mut above = AboveCutoffs { step: step_of_cutoffs(prepared), shares: Vec::new() };
        let (mut sum, mut squares) = (vec![0.0; self.cells.len()], vec![0.0; self.cells.len()]);
        let fail = |e: &dyn std::fmt::Display| statistics(prepared.substance, &e.to_string());
        for path in 0..paths {
            let own = (count * (path + 1)) / paths - (count * path) / paths;
            let shape = posterior.component_at((path as f64 + 0.5) / paths as f64);
            let model = model_of(shape, 1.0).map_err(|e| fail(&e))?;
            if path == paths / 2 {
                found.model = model.to_string();
            }
            let list = |r: usize| &prepared.values[(path + r) % prepared.values.len()];
            let levels = levels(prepared, shape, (own, seed.wrapping_add(path as u64)), list)?;
            let scores: Vec<Vec<f64>> =
                (0..own).map(|r| levels.scores(r, list(r), &places)).collect();
            let plan = SequentialGaussian {
                path_seed: seed.wrapping_add(path as u64),
                ..SequentialGaussian::new(model, neighbours.max(4))
            };
            let stop = |e: SimulationError| match e {
                SimulationError::Cancelled => EstimateError::Cancelled,
                other => fail(&other).into(),
            };
            let run = plan.fit(&self.grid, &places, progress).map_err(stop)?;
            let parts = run
                .for_chunks(
                    Scores::Drawn(&scores),
                    own,
                    seed ^ (path as u64) << 32,
                    progress,
                    |c| self.part(&c, &levels, (&periods, above.step)),
                )
                .map_err(stop)?;
            for part in parts {
                found.means.extend(part.means);
                found.periods.extend(part.periods);
                above.shares.extend(part.classes.into_iter().map(summed_from_above));
                sum.iter_mut().zip(&part.sum).for_each(|(s, p)| *s += p);
                squares.iter_mut().zip(&part.squares).for_each(|(s, p)| *s += p);
            }
        }
        found.grade = found.means.iter().sum::<f64>() / found.means.len() as f64;
        let own = block_grades(prepared.substance, (&sum, &squares), count as f64);
        found.blocks = Some((self.blocks(), own));
        found.above = Some(above);
        Ok(found)
    }

    fn part(&self, chunk: &Chunk, levels: &Levels, (periods, step): (&[u32], f64)) -> Part {
        let n = chunk.count();
        let last = periods.iter().copied().max().map_or(0, |p| p as usize + 1);
        let mut part = Part {
            means: vec![0.0; n],
            periods: vec![vec![0.0; last]; n],
            sum: vec![0.0; self.cells.len()],
            squares: vec![0.0; self.cells.len()],
            classes: vec![[[0.0; 2]; CUTOFF_STEPS + 1]; n],
        };
        let (first, linear) = (chunk.first(), levels.scale == Scale::Linear);
        for (at, (cell, share)) in self.cells.iter().zip(&self.shares).enumerate() {
            let at_cell = levels.frame.scaled(self.grid.place(*cell as usize));
            for (r, score) in chunk.at(*cell as usize).iter().enumerate() {
                let level = levels.planes[first + r].at(at_cell) + levels.deviation * score;
                let grade = if linear { level.max(0.0) } else { level.exp() };
                part.means[r] += share * grade;
                let class = &mut part.classes[r][((grade / step) as usize).min(CUTOFF_STEPS)];
                class[0] += share;
                class[1] += share * grade;
                if let Some(period) = periods.get(at) {
                    part.periods[r][*period as usize] += share * grade;
                }
                // blocks are summed up by logarithms, kept above a ten-millionth
                let log = if linear { libm::log(grade.max(1e-9)) } else { level };
                part.sum[at] += log;
                part.squares[at] += log * log;
            }
        }
        part
    }

    /// The quarter in which each block is taken at the planned rate, from west to east; empty without.
    fn periods(&self, prepared: &Prepared<'_>) -> Vec<u32> {
        let Some(quarters) = prepared.plan.rate_t_per_year.map(|_| 40.0) else {
            return Vec::new();
        };
        let mut order: Vec<usize> = (0..self.cells.len()).collect();
        let [nx, ny, _] = self.grid.count;
        let place = |i: usize| {
            let cell = self.cells[i] as usize;
            (cell % nx, cell / nx % ny, usize::MAX - cell / nx / ny)
        };
        order.sort_by_key(|i| place(*i));
        let mut periods = vec![0; self.cells.len()];
        let mut done = 0.0;
        for i in order {
            periods[i] = ((done * quarters) as u32).min(quarters as u32 - 1);
            done += self.shares[i];
        }
        periods
    }
}

/// Steps of cut-offs up to what a twentieth of the composites reaches.
fn step_of_cutoffs(prepared: &Prepared<'_>) -> f64 {
    let mut values = mean_values(prepared);
    values.sort_unstable_by(f64::total_cmp);
    quantile(&values, 0.95).max(f64::MIN_POSITIVE) / CUTOFF_STEPS as f64
}

/// What lies above each cut-off, of what lies between them.
fn summed_from_above(mut classes: [[f64; 2]; CUTOFF_STEPS + 1]) -> [[f64; 2]; CUTOFF_STEPS + 1] {
    for i in (0..CUTOFF_STEPS).rev() {
        let [mass, contained] = classes[i + 1];
        classes[i][0] += mass;
        classes[i][1] += contained;
    }
    classes
}

/// Trend and deviation of each realisation, drawn from what the component and its list of values leave
/// open.
fn levels<'a>(
    prepared: &Prepared<'_>,
    component: &Component,
    (count, seed): (usize, u64),
    list: impl Fn(usize) -> &'a Vec<f64>,
) -> Result<Levels, EstimateError> {
    let random = Random::new(seed, Stream::Sampling);
    // one in each of `count` classes, in a shuffled order for each number
    let orders = [7, 8, 9].map(|node| random.permutation(node, count));
    let normal = |k: usize, r: usize| {
        let u = (f64::from(orders[k][r]) + random.uniform(11 + k as u64, r as u32)) / count as f64;
        normal_quantile(u)
    };
    let normals: Vec<[f64; 3]> = (0..count).map(|r| [0, 1, 2].map(|k| normal(k, r))).collect();
    let places: Vec<[f64; 3]> = prepared.placed.iter().map(|p| p.place).collect();
    let (nodes, weights) = body_nodes(prepared);
    let region = region(prepared, (&places, None), (&nodes, &weights));
    let mut planes = vec![Plane { level: 0.0, slope: [0.0; 2] }; count];
    // realisations of one list share its equations
    for first in 0..prepared.values.len().min(count) {
        let own: Vec<usize> = (first..count).step_by(prepared.values.len()).collect();
        let drawn: Vec<[f64; 3]> = own.iter().map(|r| normals[*r]).collect();
        let found = region.planes(component, list(first), &drawn);
        let found = found.map_err(|e| statistics(prepared.substance, &e))?;
        own.into_iter().zip(found).for_each(|(r, plane)| planes[r] = plane);
    }
    Ok(Levels {
        scale: component.scale,
        frame: region.frame(),
        planes,
        deviation: component.variance.sqrt(),
    })
}

/// Low, best, high of each block, taken as lognormal.
fn block_grades(substance: &str, (sum, squares): (&[f64], &[f64]), count: f64) -> BlockGrades {
    let of = |z: f64| {
        sum.iter()
            .zip(squares)
            .map(|(s, q)| {
                let mean = s / count;
                let deviation = (q / count - mean * mean).max(0.0).sqrt();
                libm::exp(mean + z * deviation)
            })
            .collect()
    };
    BlockGrades { substance: substance.to_owned(), low: of(-Z80), best: of(0.0), high: of(Z80) }
}
