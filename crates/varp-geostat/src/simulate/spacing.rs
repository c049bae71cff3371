use rayon::prelude::*;

use super::production::{check_coverage, check_metal, period_count};
use super::realisations::{Chunk, Realisations};
use super::{Band, NEVER, PeriodError, Scores, SequentialGaussian, SimulationError};
use crate::krige::Grid;
use crate::progress::Progress;

/// A drill-spacing study: how well would each spacing of vertical holes know the metal of each
/// period, if one of the truths were the truth?
#[derive(Debug, Clone)]
pub struct SpacingStudy<'a> {
    /// Simulation of normal scores; its samples are the virtual holes.
    pub simulation: SequentialGaussian,
    /// Grid of the truths and of the simulations.
    pub grid: Grid,
    /// Mass of each node.
    pub masses: &'a [f64],
    /// Period of production of each node, 0.., or [`NEVER`].
    pub periods: &'a [u32],
    /// Spacings in nodes along x and y; a hole samples every node below it.
    pub spacings: &'a [[usize; 2]],
    /// Realisations for each truth and spacing.
    pub realisations: usize,
    /// Coverage of the interval, such as 0.90.
    pub coverage: f64,
    /// Relative half-width that counts as well known, such as 0.15.
    pub tolerance: f64,
    /// Seed of the realisations.
    pub seed: u64,
}

/// What one spacing achieves, over all truths and periods.
#[derive(Debug, Clone, PartialEq)]
pub struct SpacingResult {
    /// Nodes between holes along x and y.
    pub spacing: [usize; 2],
    /// Number of holes.
    pub holes: usize,
    /// Half-width of the interval relative to the mean.
    pub half_width: Band,
    /// Share of (truth, period) pairs whose half-width is within the tolerance.
    pub share_within: f64,
    /// |mean of the realisations − truth| / truth.
    pub actual_error: Band,
    /// Share of (truth, period) pairs whose true metal lies inside the interval: near the
    /// coverage if the study is sound.
    pub truths_covered: f64,
}

impl SpacingStudy<'_> {
    /// Runs the study over truths given as fields of normal scores on the grid.
    ///
    /// A realisation is data part + noise part, both linear in the kriging weights: weights are
    /// solved once for each spacing, the noise part once for each realisation (shared by all
    /// truths, so that truths are compared on common random numbers) and the data part once for
    /// each truth. Every (truth, realisation, node) value is then formed and back-transformed.
    ///
    /// - `value`: from score to grade, not negative
    ///
    /// # Errors
    /// As [`SequentialGaussian::fit`]; lists of another length than nodes; spacings of zero;
    /// coverage outside 0..1; a period without metal.
    pub fn run(
        &self,
        truths: &Realisations,
        value: impl Fn(f64) -> f64 + Sync,
        progress: &Progress<'_>,
    ) -> Result<Vec<SpacingResult>, SimulationError> {
        truths.check_nodes(self.grid.len())?;
        truths.check_nodes(self.masses.len())?;
        truths.check_nodes(self.periods.len())?;
        check_coverage(self.coverage)?;
        if !(self.tolerance.is_finite() && self.tolerance > 0.0) {
            let (name, rule) = ("tolerance", "a number above 0");
            return Err(SimulationError::OutOfRange { name, value: self.tolerance, rule });
        }
        let mut results = Vec::with_capacity(self.spacings.len());
        for (done, &spacing) in self.spacings.iter().enumerate() {
            progress.step(done, self.spacings.len())?;
            results.push(self.one(spacing, truths, &value, &progress.silent())?);
        }
        Ok(results)
    }

    fn one(
        &self,
        spacing: [usize; 2],
        truths: &Realisations,
        value: &(impl Fn(f64) -> f64 + Sync),
        quiet: &Progress<'_>,
    ) -> Result<SpacingResult, SimulationError> {
        let (nodes, holes) = self.hole_nodes(spacing)?;
        let places: Vec<[f64; 3]> = nodes.iter().map(|n| self.grid.place(*n)).collect();
        let path = self.simulation.fit(&self.grid, &places, quiet)?;
        let truth_fields: Vec<Vec<f64>> = (0..truths.count()).map(|t| truths.field(t)).collect();
        let at_holes: Vec<Vec<f64>> =
            truth_fields.iter().map(|field| nodes.iter().map(|n| field[*n]).collect()).collect();
        let estimates = path.estimates(Scores::Drawn(&at_holes), truths.count())?;
        let zeros = vec![0.0; nodes.len()];
        let metal: Vec<Vec<f64>> =
            path.for_chunks(Scores::Fixed(&zeros), self.realisations, self.seed, quiet, |noise| {
                self.metal(&noise, &estimates, value)
            })?;
        let per_truth = self.true_metal(&truth_fields, value);
        self.collect(spacing, holes, &metal, &per_truth)
    }

    /// Nodes below regular holes, and the number of holes.
    fn hole_nodes(&self, spacing: [usize; 2]) -> Result<(Vec<usize>, usize), SimulationError> {
        if let Some(s) = spacing.iter().find(|s| **s == 0) {
            let (name, value) = ("spacing in nodes", *s as f64);
            return Err(SimulationError::OutOfRange { name, value, rule: "at least 1" });
        }
        let [nx, ny, nz] = self.grid.count;
        let columns: Vec<usize> = (spacing[1] / 2..ny)
            .step_by(spacing[1])
            .flat_map(|y| (spacing[0] / 2..nx).step_by(spacing[0]).map(move |x| y * nx + x))
            .collect();
        let nodes = columns.iter().flat_map(|c| (0..nz).map(move |z| z * nx * ny + c)).collect();
        Ok((nodes, columns.len()))
    }

    /// Metal by (truth, period, realisation of the chunk).
    fn metal(
        &self,
        noise: &Chunk,
        estimates: &[Chunk],
        value: &(impl Fn(f64) -> f64 + Sync),
    ) -> Vec<f64> {
        let (periods, width) = (period_count(self.periods), noise.count);
        let truths: usize = estimates.iter().map(|c| c.count).sum();
        let mut sums = vec![0.0; truths * periods * width];
        for (node, (mass, period)) in self.masses.iter().zip(self.periods).enumerate() {
            if *period == NEVER {
                continue;
            }
            let noise = noise.at(node);
            for chunk in estimates {
                for (lane, estimate) in chunk.at(node).iter().enumerate() {
                    let row = ((chunk.first + lane) * periods + *period as usize) * width;
                    let sums = &mut sums[row..row + width];
                    for (sum, noise) in sums.iter_mut().zip(noise) {
                        *sum += mass * value(estimate + noise);
                    }
                }
            }
        }
        sums
    }

    /// Metal of each truth by (truth, period).
    fn true_metal(&self, fields: &[Vec<f64>], value: &(impl Fn(f64) -> f64 + Sync)) -> Vec<f64> {
        let periods = period_count(self.periods);
        let one = |field: &Vec<f64>| {
            let mut sums = vec![0.0; periods];
            for (score, (mass, period)) in field.iter().zip(self.masses.iter().zip(self.periods)) {
                if *period != NEVER {
                    sums[*period as usize] += mass * value(*score);
                }
            }
            sums
        };
        fields.par_iter().flat_map_iter(one).collect()
    }

    fn collect(
        &self,
        spacing: [usize; 2],
        holes: usize,
        metal: &[Vec<f64>],
        truth: &[f64],
    ) -> Result<SpacingResult, SimulationError> {
        let (mut widths, mut errors) = (Vec::new(), Vec::new());
        let (mut within, mut covered) = (0.0, 0.0);
        for (pair, &true_metal) in truth.iter().enumerate() {
            let mut values: Vec<f64> = metal
                .iter()
                .flat_map(|sums| {
                    let width = sums.len() / truth.len();
                    sums[pair * width..][..width].iter().copied()
                })
                .collect();
            let known = PeriodError::of(&mut values, self.coverage);
            check_metal(known.expected.min(true_metal))?;
            let relative = true_metal / known.expected;
            within += f64::from(u8::from(known.is_within(self.tolerance)));
            covered += f64::from(u8::from((known.low..=known.high).contains(&relative)));
            widths.push(known.half_width());
            errors.push((known.expected - true_metal).abs() / true_metal);
        }
        let pairs = truth.len() as f64;
        let band = |values: &mut Vec<f64>| {
            let (name, value) = ("number of truths and periods", 0.0);
            let none = SimulationError::OutOfRange { name, value, rule: "at least 1" };
            Band::of(values).ok_or(none)
        };
        Ok(SpacingResult {
            spacing,
            holes,
            half_width: band(&mut widths)?,
            share_within: within / pairs,
            actual_error: band(&mut errors)?,
            truths_covered: covered / pairs,
        })
    }
}
