//! One factor for many targets: the global neighbourhood and the tiles that share samples.

use super::system::{FRAMES, FREE_TREND, SINGULAR, System};
use crate::error::KrigingError;
use crate::kernel::Place;
use crate::linalg::{Arithmetic, F64x8, Job, LANES, one_at_a_time, run};
use faer::linalg::triangular_solve::{
    solve_lower_triangular_in_place, solve_upper_triangular_in_place,
};
use faer::{Mat, MatRef, Par, Side};

/// Samples factorised together: `C = L Lᵀ`, `W = L⁻¹F`, `y = L⁻¹z`, `S = WᵀW = R Rᵀ`.
pub(crate) struct Dense {
    /// Positions of the samples of each variable.
    pub positions: Vec<Vec<u32>>,
    /// First row of each variable, then the number of rows.
    segments: Vec<usize>,
    /// `[variable][frame][block of eight samples]`.
    places: Vec<Vec<Vec<Place>>>,
    factor: Mat<f64>,
    /// Columns of W, then y.
    solved: Mat<f64>,
    /// Lower triangle R, row-major p × p.
    trend_factor: Vec<f64>,
    /// `R⁻¹ Wᵀ y`.
    trend_values: Vec<f64>,
}

/// What is predicted at one target.
#[derive(Debug, Default)]
pub(crate) struct DenseAnswer {
    pub estimate: Vec<f64>,
    /// Packed lower triangle.
    pub covariance: Vec<f64>,
    pub with_truth: f64,
    pub of_estimate: f64,
}

/// Points of a target's support.
pub(crate) struct DenseTarget<'a> {
    pub shifted: [f64; 3],
    pub offsets: &'a [[f64; 3]],
    pub point: bool,
}

impl Dense {
    /// Factorises the samples at `positions`.
    pub fn new(system: &System, positions: Vec<Vec<u32>>) -> Result<Self, KrigingError> {
        let mut segments = vec![0];
        for list in &positions {
            segments.push(segments[segments.len() - 1] + list.len());
        }
        let n = segments[positions.len()];
        let places =
            positions.iter().enumerate().map(|(v, list)| blocks(system, v, list)).collect();
        let p = system.trend_count;
        let mut dense = Self {
            positions,
            segments,
            places,
            factor: Mat::zeros(n, n),
            solved: Mat::zeros(n, p + 1),
            trend_factor: vec![0.0; p * p],
            trend_values: vec![0.0; p],
        };
        dense.fill_matrix(system);
        dense.factorise(system)?;
        dense.fill_solved(system);
        dense.factorise_trend(p)?;
        Ok(dense)
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.segments[self.positions.len()]
    }

    fn fill_matrix(&mut self, system: &System) {
        let n = self.len();
        let variables = self.positions.len();
        let mut matrix = std::mem::replace(&mut self.factor, Mat::new());
        for v in 0..variables {
            for (s, position) in self.positions[v].iter().enumerate() {
                let j = self.segments[v] + s;
                let column = column_mut(&mut matrix, j);
                let frames: Vec<[f64; 3]> =
                    system.sets[v].reduced.iter().map(|r| r[*position as usize]).collect();
                let from: Vec<Place> = frames.iter().map(|p| splat(*p)).collect();
                run(Column {
                    system,
                    dense: self,
                    first: (v, j),
                    from: &from,
                    weight: 1.0,
                    add: false,
                    column,
                });
                if variables > 1 {
                    self.add_nugget(system, v, frames[0], column);
                }
                let noise = system.sets[v].noise[*position as usize];
                column[j] = system.kernel.total[v * variables + v] + noise;
            }
        }
        debug_assert_eq!(matrix.nrows(), n);
        self.factor = matrix;
    }

    fn factorise(&mut self, system: &System) -> Result<(), KrigingError> {
        let n = self.len();
        let sill = system.kernel.total[0];
        let matrix = std::mem::replace(&mut self.factor, Mat::new());
        let singular = |row: usize, share: f64| {
            let (sample, other, distance) = self.closest(system, row);
            KrigingError::SingularSamples { sample, other, distance, pivot: share * sill, sill }
        };
        let llt = match matrix.llt(Side::Lower) {
            Ok(llt) => llt,
            Err(faer::linalg::solvers::LltError::NonPositivePivot { index }) => {
                return Err(singular(index.min(n - 1), 0.0));
            }
        };
        let least = (0..n)
            .map(|i| (llt.L()[(i, i)], i))
            .fold((f64::INFINITY, 0), |a, b| if b.0 < a.0 { b } else { a });
        let share = least.0 * least.0 / sill;
        if share.is_nan() || share <= SINGULAR {
            return Err(singular(least.1, share));
        }
        self.factor = llt.L().to_owned();
        Ok(())
    }

    /// Number of the sample in `row`, its nearest fellow and their distance.
    fn closest(&self, system: &System, row: usize) -> (usize, usize, f64) {
        let v = (0..self.positions.len()).rfind(|v| self.segments[*v] <= row).unwrap_or(0);
        let bins = &system.sets[v].bins;
        let own = self.positions[v][row - self.segments[v]] as usize;
        let distance = |q: &u32| {
            let (a, b) = (bins.place(own), bins.place(*q as usize));
            crate::model::squared_norm([0, 1, 2].map(|d| a[d] - b[d])).sqrt()
        };
        let others = self.positions[v].iter().filter(|q| **q as usize != own);
        let nearest = others.map(|q| (distance(q), *q)).min_by(|a, b| a.0.total_cmp(&b.0));
        let (distance, other) = nearest.unwrap_or((0.0, own as u32));
        (bins.id[own] as usize, bins.id[other as usize] as usize, distance)
    }

    fn fill_solved(&mut self, system: &System) {
        let p = system.trend_count;
        for (v, list) in self.positions.iter().enumerate() {
            let set = &system.sets[v];
            for (s, position) in list.iter().enumerate() {
                let (row, at) = (self.segments[v] + s, *position as usize);
                for t in 0..p {
                    self.solved[(row, t)] = set.trend[at * p + t];
                }
                self.solved[(row, p)] = set.values[at];
            }
        }
        solve_lower_triangular_in_place(self.factor.as_ref(), self.solved.as_mut(), Par::Seq);
    }

    fn factorise_trend(&mut self, p: usize) -> Result<(), KrigingError> {
        for s in 0..p {
            for t in 0..=s {
                let mut sum = run(Dot(column(&self.solved, s), column(&self.solved, t)));
                let whole = sum;
                for k in 0..t {
                    sum -= self.trend_factor[s * p + k] * self.trend_factor[t * p + k];
                }
                if s > t {
                    self.trend_factor[s * p + t] = sum / self.trend_factor[t * p + t];
                } else if sum > FREE_TREND * whole {
                    self.trend_factor[s * p + s] = sum.sqrt();
                } else {
                    return Err(KrigingError::Trend { functions: p, samples: self.len() });
                }
            }
        }
        let mut values: Vec<f64> =
            (0..p).map(|t| run(Dot(column(&self.solved, t), column(&self.solved, p)))).collect();
        self.solve_trend(&mut values);
        self.trend_values = values;
        Ok(())
    }

    /// `R⁻¹ b` in place.
    fn solve_trend(&self, b: &mut [f64]) {
        let p = b.len();
        for s in 0..p {
            let known: f64 = (0..s).map(|k| self.trend_factor[s * p + k] * b[k]).sum();
            b[s] = (b[s] - known) / self.trend_factor[s * p + s];
        }
    }

    /// Writes covariances of the samples with variable `v` at the target.
    pub fn fill_target(
        &self,
        system: &System,
        target: &DenseTarget<'_>,
        v: usize,
        column: &mut [f64],
    ) {
        let weight = 1.0 / target.offsets.len() as f64;
        let mut from = [[F64x8::ZERO; 3]; FRAMES];
        for (k, offset) in target.offsets.iter().enumerate() {
            let place = [0, 1, 2].map(|d| target.shifted[d] + offset[d]);
            for (f, slot) in from.iter_mut().take(system.kernel.frames.len()).enumerate() {
                *slot = splat(system.kernel.reduce(f, place));
            }
            let first = (v, usize::MAX);
            run(Column { system, dense: self, first, from: &from, weight, add: k > 0, column });
        }
        if target.point {
            self.add_nugget(system, v, system.kernel.reduce(0, target.shifted), column);
        }
    }

    /// Distance from a place in the space of search to the nearest sample of variable `v`.
    pub fn nearest(&self, system: &System, v: usize, place: [f64; 3]) -> f64 {
        let bins = &system.sets[v].bins;
        let squared = |p: &u32| {
            let q = bins.place(*p as usize);
            crate::model::squared_norm([0, 1, 2].map(|d| q[d] - place[d]))
        };
        self.positions[v].iter().map(squared).fold(f64::INFINITY, f64::min).sqrt()
    }

    /// Samples at a place (in the first frame) share its nugget, of other variables too.
    fn add_nugget(&self, system: &System, v: usize, from: [f64; 3], column: &mut [f64]) {
        let variables = self.positions.len();
        for (w, list) in self.positions.iter().enumerate() {
            let nugget = system.kernel.nugget[v * variables + w];
            if nugget == 0.0 {
                continue;
            }
            let values = &mut column[self.segments[w]..][..list.len()];
            for (value, position) in values.iter_mut().zip(list) {
                let p = system.sets[w].reduced[0][*position as usize];
                let lag = [0, 1, 2].map(|d| p[d] - from[d]);
                if crate::model::squared_norm(lag) <= system.touch * system.touch {
                    *value += nugget;
                }
            }
        }
    }

    /// Solves `L U = U` in place.
    pub fn solve(&self, columns: &mut Mat<f64>) {
        solve_lower_triangular_in_place(self.factor.as_ref(), columns.as_mut(), Par::Seq);
    }

    /// Estimates from solved columns; `prior` is row-major over variables.
    pub fn combine(
        &self,
        system: &System,
        columns: &[&[f64]],
        trend: &[f64],
        prior: &[f64],
        answer: &mut DenseAnswer,
    ) {
        let (variables, p, own) = (columns.len(), system.trend_count, trend.len());
        let values = column(&self.solved, p);
        answer.estimate.clear();
        answer.covariance.clear();
        let mut parts: Vec<Vec<f64>> = Vec::with_capacity(variables);
        for (v, u) in columns.iter().enumerate() {
            let target = |t: usize| if t / own.max(1) == v { trend[t % own] } else { 0.0 };
            let mut g: Vec<f64> =
                (0..p).map(|t| target(t) - run(Dot(u, column(&self.solved, t)))).collect();
            self.solve_trend(&mut g);
            let unknown: f64 = g.iter().zip(&self.trend_values).map(|(a, b)| a * b).sum();
            answer.estimate.push(run(Dot(u, values)) + unknown);
            parts.push(g);
            for w in 0..=v {
                let explained = run(Dot(u, columns[w]));
                let unknown: f64 = parts[v].iter().zip(&parts[w]).map(|(a, b)| a * b).sum();
                answer.covariance.push(prior[v * variables + w] - explained + unknown);
            }
        }
        let mut f0: Vec<f64> = (0..p).map(|t| if t < own { trend[t] } else { 0.0 }).collect();
        self.solve_trend(&mut f0);
        let uu = run(Dot(columns[0], columns[0]));
        let hh: f64 = parts[0].iter().map(|h| h * h).sum();
        let hf: f64 = parts[0].iter().zip(&f0).map(|(a, b)| a * b).sum();
        answer.with_truth = uu - hh + hf;
        answer.of_estimate = answer.with_truth + hf;
    }

    /// Error of each sample's estimate from all others, and its variance: with
    /// `P = C⁻¹ − C⁻¹F(FᵀC⁻¹F)⁻¹FᵀC⁻¹`, `z_i − z*_i = (Pz)_i / P_ii` and `σ²_i = 1 / P_ii`.
    ///
    /// Source: Dubrule, Cross validation of kriging in a unique neighborhood, 1983.
    pub fn leave_one_out(&self, system: &System) -> Vec<(f64, f64)> {
        let (n, p) = (self.len(), system.trend_count);
        let mut inverse = Mat::<f64>::identity(n, n);
        solve_lower_triangular_in_place(self.factor.as_ref(), inverse.as_mut(), Par::Seq);
        let mut back = self.solved.clone();
        solve_upper_triangular_in_place(self.factor.transpose(), back.as_mut(), Par::Seq);
        let mut drift = self.trend_values.clone();
        for s in (0..p).rev() {
            let known: f64 = (s + 1..p).map(|k| self.trend_factor[k * p + s] * drift[k]).sum();
            drift[s] = (drift[s] - known) / self.trend_factor[s * p + s];
        }
        let one = |i: usize| {
            let column = &column(&inverse, i)[i..];
            let mut row: Vec<f64> = (0..p).map(|t| back[(i, t)]).collect();
            let taken: f64 = row.iter().zip(&drift).map(|(a, b)| a * b).sum();
            self.solve_trend(&mut row);
            let diagonal = run(Dot(column, column)) - row.iter().map(|x| x * x).sum::<f64>();
            ((back[(i, p)] - taken) / diagonal, 1.0 / diagonal)
        };
        (0..n).map(one).collect()
    }
}

fn splat(p: [f64; 3]) -> Place {
    [F64x8::splat(p[0]), F64x8::splat(p[1]), F64x8::splat(p[2])]
}

/// A column as a slice.
pub(crate) fn column(matrix: &Mat<f64>, j: usize) -> &[f64] {
    column_of(matrix.as_ref(), j)
}

fn column_of(matrix: MatRef<'_, f64>, j: usize) -> &[f64] {
    matrix.col(j).try_as_col_major().map_or(&[], |c| c.as_slice())
}

pub(crate) fn column_mut(matrix: &mut Mat<f64>, j: usize) -> &mut [f64] {
    matrix.col_mut(j).try_as_col_major_mut().map_or(&mut [], |c| c.as_slice_mut())
}

/// Reduced places of samples, eight in each vector, the last one repeated to fill.
fn blocks(system: &System, v: usize, positions: &[u32]) -> Vec<Vec<Place>> {
    let set = &system.sets[v];
    let frame = |reduced: &Vec<[f64; 3]>| {
        let mut out = vec![[F64x8::ZERO; 3]; positions.len().div_ceil(LANES)];
        for i in 0..out.len() * LANES {
            let p = reduced[positions[i.min(positions.len() - 1)] as usize];
            (0..3).for_each(|d| out[i / LANES][d].0[i % LANES] = p[d]);
        }
        out
    };
    set.reduced.iter().map(frame).collect()
}

/// Covariances of one place with all samples, or with those from row `first.1` on.
struct Column<'a> {
    system: &'a System,
    dense: &'a Dense,
    /// Variable at the place, and its own row when it is a sample.
    first: (usize, usize),
    from: &'a [Place],
    weight: f64,
    add: bool,
    column: &'a mut [f64],
}

impl Job for Column<'_> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let mut buffer = [F64x8::ZERO; 32];
        let (v, own) = self.first;
        let weight = F64x8::splat(self.weight);
        for (w, frames) in self.dense.places.iter().enumerate() {
            let (a, b) = (self.dense.segments[w], self.dense.segments[w + 1]);
            // The factorisation reads only the lower triangle.
            let skip = if own == usize::MAX { 0 } else { own.saturating_sub(a) / LANES };
            let blocks = (b - a).div_ceil(LANES);
            let mut from = skip;
            while from < blocks {
                let to = (from + buffer.len()).min(blocks);
                let mut points = [&[] as &[Place]; FRAMES];
                for (slot, p) in points.iter_mut().zip(frames) {
                    *slot = &p[from..to];
                }
                let out = &mut buffer[..to - from];
                self.system.kernel.row::<A, false>((v, w), weight, self.from, &points, out);
                let rows = &mut self.column[a + from * LANES..b.min(a + to * LANES)];
                for (chunk, block) in rows.chunks_mut(LANES).zip(out.iter()) {
                    for (value, x) in chunk.iter_mut().zip(&block.0) {
                        *value = if self.add { *value + x } else { *x };
                    }
                }
                from = to;
            }
        }
    }
}

/// Dot product in a fixed order.
pub(crate) struct Dot<'a>(pub &'a [f64], pub &'a [f64]);

impl Job for Dot<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<A: Arithmetic>(self) -> f64 {
        let (x, y) = (self.0.as_chunks::<LANES>(), self.1.as_chunks::<LANES>());
        let mut sums = [F64x8::ZERO; 4];
        let blocks = x.0.len().min(y.0.len());
        for i in 0..blocks {
            let a = F64x8(*one_at_a_time(&x.0[i]));
            sums[i % 4] = a.mul_add::<A>(F64x8(y.0[i]), sums[i % 4]);
        }
        let tail: f64 = x.1.iter().zip(y.1).map(|(a, b)| a * b).sum();
        sums[0].add(sums[1]).add(sums[2].add(sums[3])).sum() + tail
    }
}
