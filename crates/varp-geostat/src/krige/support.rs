//! Covariances and trend functions averaged over a support.

use super::system::{FRAMES, System};
use super::targets::Targets;
use crate::kernel::Place;
use crate::linalg::{Arithmetic, F64x8, Job, LANES, run};

impl System {
    /// Mean covariance of a support with itself, without nugget, row-major over variables.
    ///
    /// Every point is paired with every point, itself included (the convention of gstat and GSLIB).
    pub fn block_covariance(&self, offsets: &[[f64; 3]]) -> Vec<f64> {
        let variables = self.sets.len();
        let mut out = vec![0.0; variables * variables];
        for v in 0..variables {
            for w in 0..variables {
                out[v * variables + w] = run(BlockCovariance(self, offsets, (v, w)));
            }
        }
        out
    }

    /// Trend functions of a target, the mean over its support.
    pub fn target_trend(
        &self,
        targets: &Targets<'_>,
        id: usize,
        shifted: [f64; 3],
        offsets: &[[f64; 3]],
        out: &mut [f64],
    ) {
        out.fill(0.0);
        let external = |c: usize| targets.external[c][id];
        let weight = 1.0 / offsets.len() as f64;
        for offset in offsets {
            let place = [0, 1, 2].map(|d| shifted[d] + offset[d]);
            self.trend.add(place, external, weight, out);
        }
    }
}

struct BlockCovariance<'a>(&'a System, &'a [[f64; 3]], (usize, usize));

impl Job for BlockCovariance<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<A: Arithmetic>(self) -> f64 {
        let Self(system, offsets, pair) = self;
        let kernel = &system.kernel;
        let blocks = offsets.len().div_ceil(LANES);
        let reduced = |f: usize| -> Vec<Place> {
            let mut out = vec![[F64x8::ZERO; 3]; blocks];
            for (i, offset) in offsets.iter().enumerate() {
                let p = kernel.reduce(f, *offset);
                (0..3).for_each(|d| out[i / LANES][d].0[i % LANES] = p[d]);
            }
            out
        };
        let places: Vec<Vec<Place>> = (0..kernel.frames.len()).map(reduced).collect();
        let mut points = [&[] as &[Place]; FRAMES];
        points.iter_mut().zip(&places).for_each(|(p, list)| *p = list);
        let mut row = vec![F64x8::ZERO; blocks];
        for i in 0..offsets.len() {
            let one = |p: &Vec<Place>| p[i / LANES].map(|x| F64x8::splat(x.0[i % LANES]));
            let from: Vec<Place> = places.iter().map(one).collect();
            kernel.row::<A, true>(pair, F64x8::splat(1.0), &from, &points, &mut row);
        }
        let total: f64 = (0..offsets.len()).map(|i| row[i / LANES].0[i % LANES]).sum();
        total / (offsets.len() * offsets.len()) as f64
    }
}
