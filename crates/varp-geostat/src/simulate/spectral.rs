use faer::linalg::solvers::Solve;
use faer::{Mat, Side};
use rayon::prelude::*;
use rustfft::num_complex::Complex;

use super::fourier::{Fourier, smooth};
use super::neighbours::{check_grid, nearest_node};
use super::realisations::{Chunk, Realisations};
use super::{Scores, SimulationError};
use crate::kernel::{Kernel, Place};
use crate::krige::Grid;
use crate::linalg::{Arithmetic, F64x8, Job, LANES, run};
use crate::model::{Coregionalisation, Model};
use crate::progress::Progress;
use crate::random::{Random, Stream};
use crate::stats::{finite, same_length};

/// Exact simulation of a whole grid by circulant embedding.
///
/// The covariance is wrapped around a box larger than the grid; its Fourier transform gives the
/// variances of independent waves. Two realisations come from one complex transform.
///
/// Sources: A. T. A. Wood & G. Chan, Journal of Computational and Graphical Statistics 3 (1994),
/// 409–432; C. R. Dietrich & G. N. Newsam, SIAM Journal on Scientific Computing 18 (1997),
/// 1088–1107.
pub struct Spectral {
    grid: Grid,
    size: [usize; 3],
    fourier: Fourier,
    /// Square roots of eigenvalue / number of nodes of the box.
    amplitude: Vec<f64>,
    negative_share: f64,
    model: Model,
}

/// Negative eigenvalues up to this share of the spectrum are set to zero.
const NEGLIGIBLE: f64 = 1e-5;

impl Spectral {
    /// Finds a box on which the covariance is positive: the grid and a margin of the lag beyond
    /// which the covariance is below 10⁻⁴ of the sill, then larger boxes up to four times the grid.
    ///
    /// Memory: about 40 bytes for each node of the box.
    ///
    /// # Errors
    /// A grid without nodes, a model without sill, or no positive box found.
    pub fn fit(grid: &Grid, model: &Model) -> Result<Self, SimulationError> {
        check_grid(grid)?;
        if !model.is_stationary() {
            let (name, value) = ("sill of the model", f64::INFINITY);
            return Err(SimulationError::OutOfRange { name, value, rule: "finite" });
        }
        let mut margin = [0, 1, 2].map(|d| margin(grid, model, d));
        loop {
            let size = [0, 1, 2].map(|d| box_length(grid.count[d], margin[d]));
            let fitted = Self::embed(grid, model, size);
            if fitted.negative_share <= NEGLIGIBLE {
                return Ok(fitted);
            }
            let limit = [0, 1, 2].map(|d| 3 * grid.count[d]);
            if (0..3).all(|d| margin[d] >= limit[d] || grid.count[d] == 1) {
                return Err(SimulationError::NotEmbeddable { share: fitted.negative_share, size });
            }
            margin = [0, 1, 2].map(|d| (margin[d] * 3 / 2 + 1).min(limit[d]));
        }
    }

    fn embed(grid: &Grid, model: &Model, size: [usize; 3]) -> Self {
        let fourier = Fourier::new(size);
        let mut spectrum = vec![Complex::default(); fourier.len()];
        let kernel = Kernel::new(&Coregionalisation::from(model), 0.0);
        let rows = spectrum.par_chunks_mut(size[1]).enumerate();
        rows.for_each_init(Vec::new, |values, (row, out)| {
            wrapped_row(&kernel, grid, size, [row / size[2], row % size[2]], values);
            out.iter_mut().zip(&*values).for_each(|(o, v)| o.re = *v);
        });
        spectrum[0].re += model.nugget();
        let mut spare = vec![Complex::default(); fourier.len()];
        fourier.forward(&mut spectrum, &mut spare, size);
        let (negative, positive) = spectrum
            .iter()
            .fold((0.0, 0.0), |(n, p), v| if v.re < 0.0 { (n - v.re, p) } else { (n, p + v.re) });
        let negative_share = negative / positive;
        let scale = 1.0 / fourier.len() as f64;
        let amplitude = fourier.reordered(&spectrum, |v| (v.re.max(0.0) * scale).sqrt());
        Self { grid: *grid, size, fourier, amplitude, negative_share, model: model.clone() }
    }

    /// Nodes of the box along each axis.
    pub fn size(&self) -> [usize; 3] {
        self.size
    }

    /// Share of the spectrum that was negative and is left out; at most 10⁻⁵.
    pub fn negative_share(&self) -> f64 {
        self.negative_share
    }

    /// Unconditional realisations `0..count`, mean zero; the same bytes for any number of
    /// threads, and the first ones do not change when more are asked for.
    ///
    /// # Errors
    /// No realisations, or cancellation.
    pub fn simulate(
        &self,
        count: usize,
        seed: u64,
        progress: &Progress<'_>,
    ) -> Result<Realisations, SimulationError> {
        if count == 0 {
            return Err(SimulationError::no_realisations());
        }
        let random = Random::new(seed, Stream::Spectrum);
        let mut chunks = Vec::with_capacity(count);
        let mut data = vec![Complex::default(); self.fourier.len()];
        let mut spare = data.clone();
        for pair in 0..count.div_ceil(2) {
            progress.step(2 * pair, count)?;
            let row = self.size[1];
            let rows = data.par_chunks_mut(row).zip(self.amplitude.par_chunks(row)).enumerate();
            rows.for_each(|(node, (values, amplitude))| {
                let node = node as u64;
                let pair = pair as u64;
                run(Waves { random, node: node | (pair << 40), amplitude, values });
            });
            self.fourier.forward(&mut data, &mut spare, self.grid.count);
            chunks.push(self.cut(&data, 2 * pair, |v| v.re));
            if 2 * pair + 1 < count {
                chunks.push(self.cut(&data, 2 * pair + 1, |v| v.im));
            }
        }
        Ok(Realisations { nodes: self.grid.len(), chunks })
    }

    /// The grid's part of the box as one realisation.
    fn cut(
        &self,
        data: &[Complex<f64>],
        first: usize,
        part: impl Fn(&Complex<f64>) -> f64 + Sync,
    ) -> Chunk {
        let [nx, ny, _] = self.grid.count;
        let mut values = vec![0.0; self.grid.len()];
        values.par_chunks_mut(nx).enumerate().for_each(|(row, out)| {
            let from = (row / ny * self.size[1] + row % ny) * self.size[0];
            out.iter_mut().zip(&data[from..]).for_each(|(o, v)| *o = part(v));
        });
        Chunk { first, count: 1, stride: 1, values }
    }
}

/// Realisations conditioned to samples, and how far those were moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Conditioned {
    /// The realisations.
    pub realisations: Realisations,
    /// Largest distance between a sample and its node, metres.
    pub largest_shift: f64,
}

impl Spectral {
    /// Conditional realisations: y(u) + Σ wⱼ·C(u − uⱼ) with C·w = samples − y at the samples.
    ///
    /// Each sample stands at its nearest node. All samples count at every node; the sum over
    /// them is one more pair of transforms, whatever their number.
    ///
    /// # Errors
    /// As [`Spectral::simulate`]; scores not finite or of another number than the samples; two
    /// samples at one node; a covariance matrix that is not positive definite.
    pub fn simulate_conditional(
        &self,
        samples: &[[f64; 3]],
        scores: Scores<'_>,
        count: usize,
        seed: u64,
        progress: &Progress<'_>,
    ) -> Result<Conditioned, SimulationError> {
        finite(samples.as_flattened(), 0)?;
        let (nodes, largest_shift) = self.nodes_of(samples)?;
        let lists: Vec<&[f64]> = match scores {
            Scores::Fixed(list) => vec![list; count],
            Scores::Drawn(lists) => lists.iter().take(count).map(Vec::as_slice).collect(),
        };
        same_length(count, lists.len(), "lists of scores")?;
        for list in &lists {
            finite(list, 0)?;
            same_length(samples.len(), list.len(), "scores")?;
        }
        let mut realisations = self.simulate(count, seed, progress)?;
        if samples.is_empty() {
            return Ok(Conditioned { realisations, largest_shift });
        }
        let weights = self.residual_weights(&nodes, &lists, &realisations)?;
        let mut data = vec![Complex::default(); self.fourier.len()];
        let mut spare = data.clone();
        for pair in 0..count.div_ceil(2) {
            progress.step(2 * pair, count)?;
            data.fill(Complex::default());
            let odd = (2 * pair + 1 < count).then_some(2 * pair + 1);
            for (i, node) in nodes.iter().enumerate() {
                let im = odd.map_or(0.0, |r| weights[(i, r)]);
                data[self.in_input(*node)] = Complex::new(weights[(i, 2 * pair)], im);
            }
            self.convolve(&mut data, &mut spare);
            self.add(&data, &mut realisations.chunks[2 * pair], |v| v.re);
            if let Some(r) = odd {
                self.add(&data, &mut realisations.chunks[r], |v| v.im);
            }
        }
        Ok(Conditioned { realisations, largest_shift })
    }

    fn nodes_of(&self, samples: &[[f64; 3]]) -> Result<(Vec<usize>, f64), SimulationError> {
        let mut taken = std::collections::HashMap::new();
        let (mut nodes, mut largest) = (Vec::with_capacity(samples.len()), 0.0_f64);
        for (second, place) in samples.iter().enumerate() {
            let (node, shift) = nearest_node(&self.grid, *place);
            if let Some(first) = taken.insert(node, second) {
                return Err(SimulationError::OneNode {
                    first,
                    second,
                    node: self.grid.place(node),
                });
            }
            largest = largest.max(shift.iter().map(|s| s * s).sum::<f64>().sqrt());
            nodes.push(node);
        }
        Ok((nodes, largest))
    }

    /// One column of weights for each realisation.
    fn residual_weights(
        &self,
        nodes: &[usize],
        lists: &[&[f64]],
        realisations: &Realisations,
    ) -> Result<Mat<f64>, SimulationError> {
        let places: Vec<[f64; 3]> = nodes.iter().map(|n| self.grid.place(*n)).collect();
        let lag = |i: usize, j: usize| [0, 1, 2].map(|d| places[i][d] - places[j][d]);
        let matrix =
            Mat::from_fn(nodes.len(), nodes.len(), |i, j| self.model.covariance(lag(i, j)));
        let residual = |i: usize, r: usize| lists[r][i] - realisations.chunks[r].values[nodes[i]];
        let right = Mat::from_fn(nodes.len(), lists.len(), residual);
        let (sill, node) = (self.model.sill(), nodes[0]);
        let singular = |_| SimulationError::Singular { count: 1, node, pivot: 0.0, sill };
        Ok(matrix.llt(Side::Lower).map_err(singular)?.solve(&right))
    }

    fn in_input(&self, node: usize) -> usize {
        let [nx, ny, _] = self.grid.count;
        self.fourier.place([node % nx, node / nx % ny, node / nx / ny])
    }

    /// Covariance * data: forward, times eigenvalues, and back by conjugation.
    fn convolve(&self, data: &mut Vec<Complex<f64>>, spare: &mut Vec<Complex<f64>>) {
        self.fourier.forward(data, spare, self.size);
        self.fourier.reorder(data, spare);
        let pairs = data.par_iter_mut().zip(&self.amplitude);
        pairs.for_each(|(v, a)| *v = v.conj() * (a * a));
        self.fourier.forward(data, spare, self.grid.count);
        data.par_iter_mut().for_each(|v| *v = v.conj());
    }

    fn add(
        &self,
        data: &[Complex<f64>],
        chunk: &mut Chunk,
        part: impl Fn(&Complex<f64>) -> f64 + Sync,
    ) {
        let change = self.cut(data, 0, part);
        chunk.values.par_iter_mut().zip(change.values).for_each(|(v, c)| *v += c);
    }
}

/// Nodes of margin along an axis: where the covariance falls below 10⁻⁴ of the sill, at most the
/// grid's own length at first.
fn margin(grid: &Grid, model: &Model, axis: usize) -> usize {
    let count = grid.count[axis];
    let far = |steps: &usize| {
        let mut lag = [0.0; 3];
        lag[axis] = *steps as f64 * grid.step[axis];
        model.covariance(lag).abs() < 1e-4 * model.sill()
    };
    (1..count).find(far).unwrap_or(count)
}

fn box_length(count: usize, margin: usize) -> usize {
    if count == 1 { 1 } else { smooth(count + margin) }
}

/// Covariances, without nugget, of one row of the box (all y at one x and z) at the shortest lags
/// around it; where both ways are as short, their mean, so that rotated models stay symmetric.
fn wrapped_row(
    kernel: &Kernel,
    grid: &Grid,
    size: [usize; 3],
    [x, z]: [usize; 2],
    out: &mut Vec<f64>,
) {
    let ways = |d: usize, index: usize| -> Vec<f64> {
        let forward = index as f64 * grid.step[d];
        let backward = (index as f64 - size[d] as f64) * grid.step[d];
        match (2 * index).cmp(&size[d]) {
            std::cmp::Ordering::Less => vec![forward],
            std::cmp::Ordering::Equal => vec![forward, backward],
            std::cmp::Ordering::Greater => vec![backward],
        }
    };
    let (ways_x, ways_z) = (ways(0, x), ways(2, z));
    let shortest = |y: usize| {
        let steps = if 2 * y <= size[1] { y as f64 } else { y as f64 - size[1] as f64 };
        steps * grid.step[1]
    };
    let share = 1.0 / (ways_x.len() * ways_z.len()) as f64;
    out.clear();
    out.resize(size[1], 0.0);
    for lag_x in &ways_x {
        for lag_z in &ways_z {
            let lags: Vec<[f64; 3]> = (0..size[1]).map(|y| [*lag_x, shortest(y), *lag_z]).collect();
            let half = size[1] / 2;
            let both = size[1].is_multiple_of(2) && size[1] > 1;
            let values = run(Lags { kernel, lags: &lags });
            out.iter_mut().zip(&values).for_each(|(o, v)| *o += share * v);
            if both {
                let other = [*lag_x, -shortest(half), *lag_z];
                let back = run(Lags { kernel, lags: &[other] })[0];
                out[half] += share * 0.5 * (back - values[half]);
            }
        }
    }
}

/// Covariances of lags, without nugget.
struct Lags<'a> {
    kernel: &'a Kernel,
    lags: &'a [[f64; 3]],
}

impl Job for Lags<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run<A: Arithmetic>(self) -> Vec<f64> {
        let zero = vec![[F64x8::ZERO; 3]; self.kernel.frames.len()];
        let places: Vec<Vec<Place>> = (0..zero.len())
            .map(|f| {
                let block = |lags: &[[f64; 3]]| {
                    let mut place = [F64x8::ZERO; 3];
                    for (lane, lag) in lags.iter().enumerate() {
                        let reduced = self.kernel.reduce(f, *lag);
                        (0..3).for_each(|d| place[d].0[lane] = reduced[d]);
                    }
                    place
                };
                self.lags.chunks(LANES).map(block).collect()
            })
            .collect();
        let spans: Vec<&[Place]> = places.iter().map(Vec::as_slice).collect();
        let mut out = vec![F64x8::ZERO; self.lags.len().div_ceil(LANES)];
        self.kernel.row::<A, Place>((0, 0), &zero, &spans, &mut out);
        out.iter().flat_map(|v| v.0).take(self.lags.len()).collect()
    }
}

/// Random amplitudes of one row of waves.
struct Waves<'a> {
    random: Random,
    node: u64,
    amplitude: &'a [f64],
    values: &'a mut [Complex<f64>],
}

impl Job for Waves<'_> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let mut noise = [0.0; 16];
        let blocks = self.values.chunks_mut(8).zip(self.amplitude.chunks(8));
        for (group, (values, amplitude)) in (0_u32..).zip(blocks) {
            self.random.normals_inline::<A>(self.node, group, &mut noise);
            for (lane, (value, a)) in values.iter_mut().zip(amplitude).enumerate() {
                *value = Complex::new(a * noise[lane], a * noise[8 + lane]);
            }
        }
    }
}
