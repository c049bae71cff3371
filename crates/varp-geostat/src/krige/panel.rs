//! Targets against one factor: eight in each vector, [`PANEL`] at a time.

use super::dense::Dense;
use super::question::{Answer, Question};
use super::support::SupportLanes;
use super::system::{FRAMES, System, dot};
use crate::kernel::{Place, squared_distance};
use crate::linalg::{Arithmetic, F64x8, Job, LANES, PANEL, WIDE, one_at_a_time, run};

/// Right-hand sides of up to [`PANEL`] targets, eight in each block.
#[derive(Debug, Default)]
pub(crate) struct Panel {
    /// `[variable][block]`, each a column as high as the rows of the factor.
    columns: Vec<F64x8>,
    support: SupportLanes,
}

impl Panel {
    /// Makes room, all zero.
    pub fn clear(&mut self, dense: &Dense) {
        self.columns.clear();
        self.columns.resize(dense.positions.len() * WIDE * dense.rows.height(), F64x8::ZERO);
    }

    fn column(&self, height: usize, v: usize, block: usize) -> &[F64x8] {
        &self.columns[(v * WIDE + block) * height..][..height]
    }
}

impl Dense {
    /// Writes the right-hand sides of a block's targets.
    #[inline(always)]
    pub fn fill<A: Arithmetic>(
        &self,
        system: &System,
        ask: &Question,
        block: usize,
        panel: &mut Panel,
    ) {
        let Panel { columns, support } = panel;
        let (kernel, height, n) = (&system.kernel, self.rows.height(), self.len());
        let variables = self.positions.len();
        support.fill(kernel, &ask.places, &ask.offsets, ask.shared);
        for v in 0..variables {
            let column = &mut columns[(v * WIDE + block) * height..][..height];
            for w in 0..variables {
                let span = self.segments[w]..self.segments[w + 1];
                let mut points = [&[] as &[[f64; 3]]; FRAMES];
                for (slot, places) in points.iter_mut().zip(&self.places) {
                    *slot = &places[span.clone()];
                }
                let out = &mut column[span];
                support.covariances::<A, [f64; 3]>(kernel, (v, w), &points, out);
                if ask.point {
                    let at = &support.places[0][0];
                    kernel.add_nugget::<A, [f64; 3]>((v, w), system.touch, at, points[0], out);
                }
            }
            for t in 0..system.trend_count {
                column[n + t] = ask.trend_of(system, v, t);
            }
        }
    }

    /// Turns right-hand sides c₀ into u = L⁻¹c₀, and below into f₀ − Wᵀu and −yᵀu.
    pub fn solve(&self, panel: &mut Panel, first: usize) {
        for columns in panel.columns.chunks_exact_mut(WIDE * self.rows.height()) {
            self.rows.solve(columns, first);
        }
    }

    /// From solved right-hand sides to estimates: z* = u·y + gᵀS⁻¹Wᵀy, σ² = C₀₀ − u·u + gᵀS⁻¹g.
    #[inline(always)]
    pub fn combine<A: Arithmetic>(
        &self,
        system: &System,
        ask: &Question,
        block: usize,
        panel: &Panel,
        answer: &mut Answer,
    ) {
        let (variables, n, p) = (self.positions.len(), self.len(), system.trend_count);
        let column = |v: usize| panel.column(self.rows.height(), v, block);
        let mut parts: Vec<Vec<F64x8>> = Vec::with_capacity(variables);
        answer.estimate.clear();
        ask.prior(system, answer);
        let mut c = 0;
        for v in 0..variables {
            let (u, below) = column(v).split_at(n);
            let part = self.reduce_trend::<A>(below[..p].to_vec());
            let unknown = (part.iter().zip(&self.trend_values))
                .fold(F64x8::ZERO, |s, (g, y)| g.mul_add::<A>(F64x8::splat(*y), s));
            answer.estimate.push(unknown.sub(below[p]));
            parts.push(part);
            for w in 0..=v {
                let explained = dot::<A>(u, &column(w)[..n]);
                let unknown = dot::<A>(&parts[v], &parts[w]);
                answer.covariance[c] = answer.covariance[c].sub(explained).add(unknown);
                c += 1;
            }
        }
        let f0 = self.reduce_trend::<A>((0..p).map(|t| ask.trend_of(system, 0, t)).collect());
        let u = &column(0)[..n];
        let (uu, hh) = (dot::<A>(u, u), dot::<A>(&parts[0], &parts[0]));
        let hf = dot::<A>(&parts[0], &f0);
        answer.with_truth = uu.sub(hh).add(hf);
        answer.of_estimate = answer.with_truth.add(hf);
        (answer.pivot, answer.trend_pivot) = (F64x8::splat(1.0), F64x8::splat(1.0));
    }

    /// `R⁻¹ b`.
    #[inline(always)]
    fn reduce_trend<A: Arithmetic>(&self, mut b: Vec<F64x8>) -> Vec<F64x8> {
        let p = b.len();
        for s in 0..p {
            let row = &self.trend_factor[s * p..][..=s];
            let (known, rest) = b.split_at_mut(s);
            for (x, entry) in known.iter().zip(row) {
                rest[0] = x.neg_mul_add::<A>(F64x8::splat(*entry), rest[0]);
            }
            rest[0] = rest[0].div(F64x8::splat(row[s]));
        }
        b
    }

    /// Distance from eight places in the space of search to the nearest sample of variable `v`.
    #[inline(always)]
    pub fn nearest<A: Arithmetic>(&self, system: &System, v: usize, places: &Place) -> F64x8 {
        let bins = &system.sets[v].bins;
        let mut least = F64x8::splat(f64::INFINITY);
        for position in &self.positions[v] {
            let place = bins.place(*one_at_a_time(position) as usize).map(F64x8::splat);
            least = least.min(squared_distance::<A>(places, &place));
        }
        least.sqrt()
    }

    /// Error of each sample's estimate from all others, and its variance: with
    /// `P = C⁻¹ − C⁻¹F(FᵀC⁻¹F)⁻¹FᵀC⁻¹`, `z_i − z*_i = (Pz)_i / P_ii` and `σ²_i = 1 / P_ii`. These are
    /// estimate and variance of a target whose covariances with the samples are a column of L.
    ///
    /// Source: Dubrule, Cross validation of kriging in a unique neighborhood, 1983.
    pub fn leave_one_out(&self, system: &System) -> Vec<(f64, f64)> {
        let mut panel = Panel::default();
        let from = (0..self.len()).step_by(PANEL);
        from.flat_map(|first| run(LeaveOut(self, system, first, &mut panel))).collect()
    }
}

/// Leaves out up to [`PANEL`] samples from row `.2` on.
struct LeaveOut<'a>(&'a Dense, &'a System, usize, &'a mut Panel);

impl Job for LeaveOut<'_> {
    type Output = Vec<(f64, f64)>;

    #[inline(always)]
    fn run<A: Arithmetic>(self) -> Self::Output {
        let Self(dense, system, first, panel) = self;
        let count = PANEL.min(dense.len() - first);
        panel.clear(dense);
        let height = dense.rows.height();
        for i in 0..count {
            panel.columns[i / LANES * height + first + i].0[i % LANES] = 1.0;
        }
        dense.solve(panel, first);
        let ask = Question {
            shared: true,
            prior: vec![0.0],
            trend: vec![0.0; system.trend.count],
            used: 1,
            ..Question::default()
        };
        let mut answer = Answer::default();
        let mut out = Vec::with_capacity(count);
        for block in 0..count.div_ceil(LANES) {
            dense.combine::<A>(system, &ask, block, panel, &mut answer);
            let diagonal = F64x8::ZERO.sub(answer.covariance[0]);
            let error = answer.estimate[0].div(diagonal);
            let lanes = LANES.min(count - block * LANES);
            out.extend((0..lanes).map(|l| (error.0[l], 1.0 / diagonal.0[l])));
        }
        out
    }
}
