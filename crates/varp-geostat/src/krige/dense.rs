//! One factor for many targets: the global neighbourhood and the tiles that share samples.

use super::support::lanes;
use super::system::{FRAMES, FREE_TREND, SINGULAR, System};
use crate::error::KrigingError;
use crate::linalg::{Arithmetic, F64x8, Job, LANES, PANEL, Triangle, WIDE, one_at_a_time, run};

/// Samples factorised together: `C = L Lᵀ`, `W = L⁻¹F`, `y = L⁻¹z`, `S = WᵀW = R Rᵀ`.
#[derive(Debug)]
pub(crate) struct Dense {
    /// Positions of the samples of each variable.
    pub positions: Vec<Vec<u32>>,
    /// First row of each variable, then the number of rows.
    pub(super) segments: Vec<usize>,
    /// `[frame][row]`.
    pub(super) places: Vec<Vec<[f64; 3]>>,
    /// L, and below it the rows of Wᵀ and yᵀ.
    pub(super) rows: Triangle,
    /// Lower triangle R, row-major p × p.
    pub(super) trend_factor: Vec<f64>,
    /// `R⁻¹ Wᵀ y`.
    pub(super) trend_values: Vec<f64>,
}

impl Dense {
    /// Factorises the samples at `positions`.
    pub fn new(system: &System, positions: Vec<Vec<u32>>) -> Result<Self, KrigingError> {
        let mut segments = vec![0];
        for list in &positions {
            segments.push(segments[segments.len() - 1] + list.len());
        }
        let n = segments[positions.len()];
        let frame = |f: usize| {
            let of = |(v, list): (usize, &Vec<u32>)| -> Vec<[f64; 3]> {
                list.iter().map(|p| system.sets[v].reduced[f][*p as usize]).collect()
            };
            positions.iter().enumerate().flat_map(of).collect()
        };
        let places = (0..system.kernel.frames.len()).map(frame).collect();
        let p = system.trend_count;
        let mut dense = Self {
            positions,
            segments,
            places,
            rows: Triangle::with_capacity(n),
            trend_factor: vec![0.0; p * p],
            trend_values: vec![0.0; p],
        };
        dense.factorise(system)?;
        dense.solve_trend_and_values(system);
        dense.factorise_trend(p)?;
        Ok(dense)
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.segments[self.positions.len()]
    }

    fn factorise(&mut self, system: &System) -> Result<(), KrigingError> {
        let n = self.len();
        let sill = system.kernel.total[0];
        let mut panel = Vec::new();
        let mut least = (f64::INFINITY, 0);
        for first in (0..n).step_by(PANEL) {
            let end = n.min(first + PANEL);
            panel.clear();
            panel.resize(WIDE * end, F64x8::ZERO);
            run(Covariances { system, dense: self, first, panel: &mut panel });
            if let Err(row) = self.rows.extend(&mut panel) {
                return Err(self.singular(system, row, 0.0));
            }
            for row in first..end {
                let pivot = self.rows.row(row)[row];
                least = if pivot < least.0 { (pivot, row) } else { least };
            }
        }
        let share = least.0 * least.0 / sill;
        if share <= SINGULAR {
            return Err(self.singular(system, least.1, share));
        }
        Ok(())
    }

    fn singular(&self, system: &System, row: usize, share: f64) -> KrigingError {
        let (sample, other, distance) = self.closest(system, row);
        let sill = system.kernel.total[0];
        KrigingError::SingularSamples { sample, other, distance, pivot: share * sill, sill }
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

    /// Appends the rows of Wᵀ and yᵀ.
    fn solve_trend_and_values(&mut self, system: &System) {
        let (n, p) = (self.len(), system.trend_count);
        let sides = (p + 1).next_multiple_of(PANEL);
        let mut columns = vec![F64x8::ZERO; sides / LANES * n];
        for (v, list) in self.positions.iter().enumerate() {
            let set = &system.sets[v];
            for (s, position) in list.iter().enumerate() {
                let (row, at) = (self.segments[v] + s, *position as usize);
                let mut put = |c: usize, x| columns[c / LANES * n + row].0[c % LANES] = x;
                (0..p).for_each(|t| put(t, set.trend[at * p + t]));
                put(p, set.values[at]);
            }
        }
        for panel in columns.chunks_exact_mut(WIDE * n) {
            self.rows.solve(panel, 0);
        }
        for c in 0..=p {
            let column = &columns[c / LANES * n..][..n];
            self.rows.push_below(column.iter().map(|x| x.0[c % LANES]));
        }
    }

    fn factorise_trend(&mut self, p: usize) -> Result<(), KrigingError> {
        let n = self.len();
        for s in 0..p {
            for t in 0..=s {
                let mut sum = run(Dot(self.rows.row(n + s), self.rows.row(n + t)));
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
        for t in 0..p {
            let product = run(Dot(self.rows.row(n + t), self.rows.row(n + p)));
            let known = (0..t).map(|k| self.trend_factor[t * p + k] * self.trend_values[k]);
            self.trend_values[t] = (product - known.sum::<f64>()) / self.trend_factor[t * p + t];
        }
        Ok(())
    }
}

/// Up to [`PANEL`] rows of the samples' covariances from row `first` on, up to the last diagonal.
struct Covariances<'a> {
    system: &'a System,
    dense: &'a Dense,
    first: usize,
    panel: &'a mut [F64x8],
}

impl Job for Covariances<'_> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let Self { system, dense, first, panel } = self;
        let height = panel.len() / WIDE;
        let variables = dense.positions.len();
        let mut buffer = vec![F64x8::ZERO; if variables > 1 { height } else { 0 }];
        for (number, column) in panel.chunks_exact_mut(height).enumerate() {
            let rows = first + number * LANES..height.min(first + (number + 1) * LANES);
            for v in 0..variables {
                let segment = dense.segments[v]..dense.segments[v + 1];
                let own = rows.start.max(segment.start)..rows.end.min(segment.end);
                if own.is_empty() {
                    continue;
                }
                let out = if variables > 1 { &mut buffer[..] } else { &mut *column };
                block::<A>((system, dense), v, rows.clone(), out);
                if variables > 1 {
                    let lanes = own.start - rows.start..own.end - rows.start;
                    for (value, x) in column.iter_mut().zip(&buffer) {
                        value.0[lanes.clone()].copy_from_slice(&x.0[lanes.clone()]);
                    }
                }
                let set = &system.sets[v];
                for i in own {
                    let position = dense.positions[v][i - segment.start] as usize;
                    let total = system.kernel.total[v * variables + v];
                    column[i].0[i - rows.start] = total + set.noise[position];
                }
            }
        }
    }
}

/// Covariances of the samples in `rows`, taken as of variable `v`, with those before and among them.
#[inline(always)]
fn block<A: Arithmetic>(
    (system, dense): (&System, &Dense),
    v: usize,
    rows: std::ops::Range<usize>,
    out: &mut [F64x8],
) {
    let Dense { positions, segments, places, .. } = dense;
    let kernel = &system.kernel;
    let mut from = [[F64x8::ZERO; 3]; FRAMES];
    for (slot, places) in from.iter_mut().zip(places) {
        *slot = lanes(|l| places[(rows.start + l).min(rows.end - 1)]);
    }
    for w in 0..positions.len() {
        let span = segments[w]..segments[w + 1].min(rows.end);
        if span.is_empty() {
            continue;
        }
        let mut points = [&[] as &[[f64; 3]]; FRAMES];
        for (slot, places) in points.iter_mut().zip(places) {
            *slot = &places[span.clone()];
        }
        let out = &mut out[span];
        kernel.row::<A, [f64; 3]>((v, w), &from, &points, out);
        if positions.len() > 1 {
            // Samples of two variables at one place share the nugget between them.
            let touch = system.touch;
            kernel.add_nugget::<A, _>((v, w), touch, &from[0], points[0], out);
        }
    }
}

/// Dot product in a fixed order.
struct Dot<'a>(&'a [f64], &'a [f64]);

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
