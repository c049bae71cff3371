//! Samples, model and trend made ready, and eight kriging systems solved at once.

use super::question::{Answer, Question};
use super::samples::{Frame, SampleSet};
use super::support::SupportLanes;
use super::trend::TrendFunctions;
use crate::kernel::{Kernel, Place};
use crate::linalg::{Arithmetic, F64x8, LANES, cholesky_augmented, packed_row};

/// Everything a fitted estimator knows.
#[derive(Debug, Clone)]
pub(crate) struct System {
    pub kernel: Kernel,
    pub frame: Frame,
    /// One for each variable.
    pub sets: Vec<SampleSet>,
    /// Taken from the values of each variable before, given back after.
    pub centres: Vec<f64>,
    pub trend: TrendFunctions,
    /// Trend functions of all variables together: those of variable `v` begin at `v · trend.count`.
    pub trend_count: usize,
    /// Lags below this count as zero for the nugget.
    pub touch: f64,
}

/// A pivot below this share of the sill says that the system is singular.
pub(crate) const SINGULAR: f64 = 1e-13;
/// A pivot of the trend system below this share of its diagonal says that the trend is free.
pub(crate) const FREE_TREND: f64 = 1e-11;

/// Buffers of one thread.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// First slot of each variable, then the number of slots.
    segments: Vec<usize>,
    /// `[frame][slot]`.
    places: Vec<Vec<Place>>,
    present: Vec<F64x8>,
    matrix: Vec<F64x8>,
    trend_matrix: Vec<F64x8>,
    from: Vec<Place>,
    support: SupportLanes,
    full: bool,
}

impl Batch {
    /// Estimates every variable at the question's targets.
    #[inline(always)]
    pub fn solve<A: Arithmetic>(&mut self, system: &System, ask: &Question, answer: &mut Answer) {
        self.lay_out(system, ask);
        let n = self.segments[self.segments.len() - 1];
        let variables = system.sets.len();
        let extra = variables + system.trend_count + 1;
        self.matrix.resize(packed_row(n) + extra * n, F64x8::ZERO);
        self.fill_samples::<A>(system, ask, n);
        self.fill_targets::<A>(system, ask, n);
        if !self.full {
            self.mask(n, variables);
        }
        let pivot = cholesky_augmented::<A>(&mut self.matrix, n, extra);
        let sills = (0..variables).map(|v| system.kernel.total[v * variables + v]);
        answer.pivot = pivot.mul(F64x8::splat(1.0 / sills.fold(f64::INFINITY, f64::min)));
        ask.prior(system, answer);
        self.combine::<A>(system, ask, n, answer);
    }

    /// Slots of each variable, coordinates and presence.
    #[inline(always)]
    fn lay_out(&mut self, system: &System, ask: &Question) {
        let variables = system.sets.len();
        self.segments.clear();
        self.segments.push(0);
        self.full = true;
        for v in 0..variables {
            let counts = || (0..ask.used).map(|l| ask.chosen[l * variables + v].len());
            let most = counts().max().unwrap_or(0);
            self.full &= counts().all(|c| c == most);
            self.segments.push(self.segments[v] + most);
        }
        let n = self.segments[variables];
        self.places.resize(system.kernel.frames.len(), Vec::new());
        for (f, places) in self.places.iter_mut().enumerate() {
            places.resize(n, [F64x8::ZERO; 3]);
            for v in 0..variables {
                let reduced = &system.sets[v].reduced[f];
                let slots = &mut places[self.segments[v]..self.segments[v + 1]];
                for l in 0..LANES {
                    let lane = if l < ask.used { l } else { 0 };
                    let chosen = &ask.chosen[lane * variables + v];
                    for (slot, p) in slots.iter_mut().zip(chosen) {
                        let place = reduced[*p as usize];
                        slot[0].0[l] = place[0];
                        slot[1].0[l] = place[1];
                        slot[2].0[l] = place[2];
                    }
                    // A missing sample stands anywhere; the mask takes it out.
                    for slot in &mut slots[chosen.len()..] {
                        (0..3).for_each(|d| slot[d].0[l] = 0.0);
                    }
                }
            }
        }
        if !self.full {
            self.present.clear();
            self.present.resize(n, F64x8::ZERO);
            for l in 0..LANES {
                let lane = if l < ask.used { l } else { 0 };
                for v in 0..variables {
                    let count = ask.chosen[lane * variables + v].len();
                    self.present[self.segments[v]..][..count].iter_mut().for_each(|p| p.0[l] = 1.0);
                }
            }
        }
    }

    /// The covariance matrix, and the rows of trend functions and values.
    #[inline(always)]
    fn fill_samples<A: Arithmetic>(&mut self, system: &System, ask: &Question, n: usize) {
        let Self { segments, places, matrix, from, .. } = self;
        let variables = system.sets.len();
        if ask.pairs.is_empty() {
            for v in 0..variables {
                for i in segments[v]..segments[v + 1] {
                    from.clear();
                    from.extend(places.iter().map(|p| p[i]));
                    for w in 0..=v {
                        let (a, b) = (segments[w], segments[w + 1].min(i));
                        let out = &mut matrix[packed_row(i) + a..packed_row(i) + b];
                        let mut points = [&[] as &[Place]; FRAMES];
                        let points = spans(places, a..b, &mut points);
                        system.kernel.row::<A, Place>((v, w), from, points, out);
                    }
                }
            }
        } else {
            look_up_pairs(ask, n, matrix);
        }
        for v in 0..variables {
            let total = F64x8::splat(system.kernel.total[v * variables + v]);
            (segments[v]..segments[v + 1]).for_each(|i| matrix[packed_row(i) + i] = total);
        }
        let trend_count = system.trend_count;
        let first = packed_row(n) + variables * n;
        let rows = &mut matrix[first..first + (trend_count + 1) * n];
        for v in 0..variables {
            let set = &system.sets[v];
            for l in 0..LANES {
                let lane = if l < ask.used { l } else { 0 };
                let chosen = &ask.chosen[lane * variables + v];
                let span = segments[v]..segments[v + 1];
                for t in 0..trend_count {
                    let row = &mut rows[t * n..][span.clone()];
                    for (entry, p) in row.iter_mut().zip(chosen) {
                        entry.0[l] = set.trend[*p as usize * trend_count + t];
                    }
                    row[chosen.len()..].iter_mut().for_each(|entry| entry.0[l] = 0.0);
                }
                let row = &mut rows[trend_count * n..][span];
                for (entry, p) in row.iter_mut().zip(chosen) {
                    entry.0[l] = set.values[*p as usize];
                }
                row[chosen.len()..].iter_mut().for_each(|entry| entry.0[l] = 0.0);
            }
        }
        self.add_noise(system, ask);
    }

    #[inline(always)]
    fn add_noise(&mut self, system: &System, ask: &Question) {
        let variables = system.sets.len();
        for (v, set) in system.sets.iter().enumerate().filter(|(_, s)| s.is_noisy) {
            for l in 0..LANES {
                let lane = if l < ask.used { l } else { 0 };
                for (s, p) in ask.chosen[lane * variables + v].iter().enumerate() {
                    let i = self.segments[v] + s;
                    self.matrix[packed_row(i) + i].0[l] += set.noise[*p as usize];
                }
            }
        }
    }

    /// Covariances of samples and targets.
    #[inline(always)]
    fn fill_targets<A: Arithmetic>(&mut self, system: &System, ask: &Question, n: usize) {
        let Self { segments, places, matrix, support, .. } = self;
        let (variables, kernel) = (system.sets.len(), &system.kernel);
        let rows = &mut matrix[packed_row(n)..packed_row(n) + variables * n];
        support.fill(kernel, &ask.places, &ask.offsets, ask.shared);
        for v in 0..variables {
            for w in 0..variables {
                let span = segments[w]..segments[w + 1];
                let out = &mut rows[v * n..][span.clone()];
                let mut points = [&[] as &[Place]; FRAMES];
                let points = spans(places, span, &mut points);
                support.covariances::<A, Place>(kernel, (v, w), points, out);
                if ask.point {
                    let at = &support.places[0][0];
                    kernel.add_nugget::<A, Place>((v, w), system.touch, at, points[0], out);
                }
            }
        }
    }

    /// Missing samples become independent of everything.
    #[inline(always)]
    fn mask(&mut self, n: usize, variables: usize) {
        for i in 0..n {
            for j in 0..i {
                let both = self.present[i].mul(self.present[j]);
                let entry = &mut self.matrix[packed_row(i) + j];
                *entry = entry.mul(both);
            }
        }
        for row in self.matrix[packed_row(n)..].chunks_exact_mut(n).take(variables) {
            for (x, p) in row.iter_mut().zip(&self.present) {
                *x = x.mul(*p);
            }
        }
    }

    /// From forward-substituted rows to estimates: with u = L⁻¹c₀, W = L⁻¹F, y = L⁻¹z,
    /// g = f₀ − Wᵀu and S = WᵀW: z* = u·y + gᵀS⁻¹Wᵀy, σ² = C₀₀ − u·u + gᵀS⁻¹g.
    #[inline(always)]
    fn combine<A: Arithmetic>(
        &mut self,
        system: &System,
        ask: &Question,
        n: usize,
        answer: &mut Answer,
    ) {
        let variables = system.sets.len();
        let p = system.trend_count;
        let rows = &self.matrix[packed_row(n)..];
        let row = |i: usize| &rows[i * n..(i + 1) * n];
        let values = variables + p;
        // Rows of the small system: S, then g of each variable, Wᵀy and f₀ of the first variable.
        let small = &mut self.trend_matrix;
        small.clear();
        for s in 0..p {
            for t in 0..=s {
                small.push(dot::<A>(row(variables + s), row(variables + t)));
            }
        }
        let diagonal: F64x8 = (0..p)
            .fold(F64x8::splat(f64::INFINITY), |least, s| least.min(small[packed_row(s) + s]));
        for v in 0..variables {
            for t in 0..p {
                let target = ask.trend_of(system, v, t);
                small.push(target.sub(dot::<A>(row(v), row(variables + t))));
            }
        }
        for t in 0..p {
            small.push(dot::<A>(row(values), row(variables + t)));
        }
        for t in 0..p {
            small.push(ask.trend_of(system, 0, t));
        }
        let pivot = cholesky_augmented::<A>(small, p, variables + 2);
        answer.trend_pivot = if p == 0 { F64x8::splat(1.0) } else { pivot.div(diagonal) };
        let part = |i: usize| &small[packed_row(p) + i * p..][..p];
        answer.estimate.clear();
        let mut c = 0;
        for v in 0..variables {
            let trend = dot::<A>(part(v), part(variables));
            answer.estimate.push(dot::<A>(row(v), row(values)).add(trend));
            for w in 0..=v {
                let explained = dot::<A>(row(v), row(w));
                let unknown = dot::<A>(part(v), part(w));
                answer.covariance[c] = answer.covariance[c].sub(explained).add(unknown);
                c += 1;
            }
        }
        let (uu, hh) = (dot::<A>(row(0), row(0)), dot::<A>(part(0), part(0)));
        let hf = dot::<A>(part(0), part(variables + 1));
        answer.with_truth = uu.sub(hh).add(hf);
        answer.of_estimate = answer.with_truth.add(hf);
    }
}

/// Takes the covariances of the samples from the table; those of missing samples are 0.
#[inline(always)]
fn look_up_pairs(ask: &Question, n: usize, matrix: &mut [F64x8]) {
    for l in 0..LANES {
        let chosen = &ask.candidates[if l < ask.used { l } else { 0 }];
        for i in 0..n.min(chosen.len()) {
            ask.pairs.look_up(chosen, i, l, &mut matrix[packed_row(i)..packed_row(i) + i]);
        }
        for i in chosen.len()..n {
            matrix[packed_row(i)..packed_row(i) + i].iter_mut().for_each(|x| x.0[l] = 0.0);
        }
    }
}

/// More frames than this are refused when the estimator is fitted.
pub(crate) const FRAMES: usize = 16;

/// One span of the slots in every frame.
#[inline(always)]
fn spans<'a, 'b>(
    places: &'a [Vec<Place>],
    span: std::ops::Range<usize>,
    out: &'b mut [&'a [Place]; FRAMES],
) -> &'b [&'a [Place]] {
    for (slot, p) in out.iter_mut().zip(places) {
        *slot = &p[span.clone()];
    }
    out
}

#[inline(always)]
pub(crate) fn dot<A: Arithmetic>(x: &[F64x8], y: &[F64x8]) -> F64x8 {
    let mut sums = [F64x8::ZERO; 2];
    let mut k = 0;
    while k + 1 < x.len() {
        sums[0] = x[k].mul_add::<A>(y[k], sums[0]);
        sums[1] = x[k + 1].mul_add::<A>(y[k + 1], sums[1]);
        k += 2;
    }
    if k < x.len() {
        sums[0] = x[k].mul_add::<A>(y[k], sums[0]);
    }
    sums[0].add(sums[1])
}
