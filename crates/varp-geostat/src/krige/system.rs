//! Samples, model and trend made ready, and eight kriging systems solved at once.

use super::samples::{Frame, SampleSet};
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

/// What a batch is asked: up to eight targets.
#[derive(Debug, Default)]
pub(crate) struct Question {
    /// Centres, counted from the frame's origin.
    pub places: [[f64; 3]; LANES],
    /// Points of each lane's support relative to its centre; one list serves all when `shared`.
    pub offsets: Vec<Vec<[f64; 3]>>,
    pub shared: bool,
    /// A target that is one point honours a sample at its place.
    pub point: bool,
    /// Covariances of blocks with themselves, row-major over variables, one set for each list of
    /// offsets; unused for points.
    pub prior: Vec<f64>,
    /// Trend functions of the target, `trend.count` for each lane.
    pub trend: Vec<f64>,
    /// Chosen positions `[lane · variables + variable]`.
    pub chosen: Vec<Vec<u32>>,
    /// Lanes that hold a target.
    pub used: usize,
}

/// What a batch answers: lane by lane.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// For each predicted variable.
    pub estimate: Vec<F64x8>,
    /// Packed lower triangle over predicted variables.
    pub covariance: Vec<F64x8>,
    /// Covariance of estimate and truth, and variance of the estimate, of the first variable.
    pub with_truth: F64x8,
    pub of_estimate: F64x8,
    pub prior: F64x8,
    /// Smallest pivot as a share of the sill, and of the trend system as a share of its diagonal.
    pub pivot: F64x8,
    pub trend_pivot: F64x8,
}

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
        self.prior(system, ask, answer);
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
                    for (s, slot) in slots.iter_mut().enumerate() {
                        // A missing sample stands anywhere; the mask takes it out.
                        let place = chosen.get(s).map_or([0.0; 3], |p| reduced[*p as usize]);
                        slot[0].0[l] = place[0];
                        slot[1].0[l] = place[1];
                        slot[2].0[l] = place[2];
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
        let one = F64x8::splat(1.0);
        for v in 0..variables {
            for i in segments[v]..segments[v + 1] {
                from.clear();
                from.extend(places.iter().map(|p| p[i]));
                for w in 0..=v {
                    let (a, b) = (segments[w], segments[w + 1].min(i));
                    let out = &mut matrix[packed_row(i) + a..packed_row(i) + b];
                    let mut points = [&[] as &[Place]; FRAMES];
                    let points = spans(places, a..b, &mut points);
                    system.kernel.row::<A, false>((v, w), one, from, points, out);
                }
                matrix[packed_row(i) + i] = F64x8::splat(system.kernel.total[v * variables + v]);
            }
        }
        let trend_count = system.trend_count;
        let first = packed_row(n) + variables * n;
        let rows = &mut matrix[first..first + (trend_count + 1) * n];
        for v in 0..variables {
            let set = &system.sets[v];
            for l in 0..LANES {
                let lane = if l < ask.used { l } else { 0 };
                let chosen = &ask.chosen[lane * variables + v];
                for s in 0..segments[v + 1] - segments[v] {
                    let i = segments[v] + s;
                    let position = chosen.get(s).map(|p| *p as usize);
                    for t in 0..trend_count {
                        let value = position.map_or(0.0, |p| set.trend[p * trend_count + t]);
                        rows[t * n + i].0[l] = value;
                    }
                    rows[trend_count * n + i].0[l] = position.map_or(0.0, |p| set.values[p]);
                }
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
        let Self { segments, places, matrix, from, .. } = self;
        let variables = system.sets.len();
        let most = ask.offsets.iter().map(Vec::len).max().unwrap_or(0);
        let rows = &mut matrix[packed_row(n)..packed_row(n) + variables * n];
        rows.fill(F64x8::ZERO);
        for k in 0..most {
            let (place, weight) = support_point(ask, k);
            from.clear();
            from.extend((0..places.len()).map(|f| reduce_lanes(system, f, &place)));
            for v in 0..variables {
                for w in 0..variables {
                    let span = segments[w]..segments[w + 1];
                    let out = &mut rows[v * n..][span.clone()];
                    let mut points = [&[] as &[Place]; FRAMES];
                    let points = spans(places, span, &mut points);
                    system.kernel.row::<A, true>((v, w), weight, from, points, out);
                }
            }
        }
        let has_nugget = system.kernel.nugget.iter().any(|x| *x != 0.0);
        if ask.point && has_nugget {
            let touch = F64x8::splat(system.touch * system.touch);
            for w in 0..variables {
                for i in segments[w]..segments[w + 1] {
                    let place = &places[0][i];
                    let x = place[0].sub(from[0][0]);
                    let y = place[1].sub(from[0][1]);
                    let z = place[2].sub(from[0][2]);
                    let squared = x.mul_add::<A>(x, y.mul_add::<A>(y, z.mul(z)));
                    for v in 0..variables {
                        let nugget = F64x8::splat(system.kernel.nugget[v * variables + w]);
                        let value = &mut rows[v * n + i];
                        *value = value.add(squared.at_most(touch, nugget));
                    }
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

    /// Variances and covariances of the targets themselves.
    #[inline(always)]
    fn prior(&self, system: &System, ask: &Question, answer: &mut Answer) {
        let variables = system.sets.len();
        answer.covariance.clear();
        for v in 0..variables {
            for w in 0..=v {
                let value = match ask.point {
                    true => F64x8::splat(system.kernel.total[v * variables + w]),
                    false => F64x8(std::array::from_fn(|l| {
                        let list = if ask.shared { 0 } else { l.min(ask.used - 1) };
                        ask.prior[(list * variables + v) * variables + w]
                    })),
                };
                answer.covariance.push(value);
            }
        }
        answer.prior = answer.covariance[0];
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
                let target = lane_trend(system, ask, v, t);
                small.push(target.sub(dot::<A>(row(v), row(variables + t))));
            }
        }
        for t in 0..p {
            small.push(dot::<A>(row(values), row(variables + t)));
        }
        for t in 0..p {
            small.push(lane_trend(system, ask, 0, t));
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

/// The `k`-th point of every lane's support and its weight, 0 where a lane has fewer.
#[inline(always)]
fn support_point(ask: &Question, k: usize) -> (Place, F64x8) {
    let mut place = [F64x8::ZERO; 3];
    let mut weight = F64x8::ZERO;
    for l in 0..LANES {
        let lane = l.min(ask.used - 1);
        let offsets = &ask.offsets[if ask.shared { 0 } else { lane }];
        let offset = offsets.get(k).or(offsets.first()).copied().unwrap_or_default();
        weight.0[l] = if k < offsets.len() { 1.0 / offsets.len() as f64 } else { 0.0 };
        for d in 0..3 {
            place[d].0[l] = ask.places[lane][d] + offset[d];
        }
    }
    (place, weight)
}

#[inline(always)]
fn reduce_lanes(system: &System, f: usize, place: &Place) -> Place {
    let mut out = [F64x8::ZERO; 3];
    for l in 0..LANES {
        let reduced = system.kernel.reduce(f, [place[0].0[l], place[1].0[l], place[2].0[l]]);
        for d in 0..3 {
            out[d].0[l] = reduced[d];
        }
    }
    out
}

/// Trend function `t` of predicted variable `v`: its own functions, none of the others.
#[inline(always)]
fn lane_trend(system: &System, ask: &Question, v: usize, t: usize) -> F64x8 {
    let own = system.trend.count;
    if t / own.max(1) != v {
        return F64x8::ZERO;
    }
    F64x8(std::array::from_fn(|l| ask.trend[l.min(ask.used - 1) * own + t % own]))
}

#[inline(always)]
fn dot<A: Arithmetic>(x: &[F64x8], y: &[F64x8]) -> F64x8 {
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
