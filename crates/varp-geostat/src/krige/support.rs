//! Supports of eight targets at a time; covariances and trend functions averaged over them.

use super::system::{FRAMES, System};
use super::targets::Targets;
use crate::kernel::{Kernel, Place, Spot};
use crate::linalg::{Arithmetic, F64x8, Job, LANES, run};

/// Points of the supports of eight targets in every frame.
#[derive(Debug, Default)]
pub(crate) struct SupportLanes {
    /// `[frame][point]`.
    pub places: Vec<Vec<Place>>,
    /// Of each point; 0 where a lane has fewer points than others.
    pub weights: Vec<F64x8>,
}

impl SupportLanes {
    /// `offsets` are relative to the centres: one list for all lanes, or one for each.
    pub fn fill(
        &mut self,
        kernel: &Kernel,
        centres: &[[f64; 3]; LANES],
        offsets: &[Vec<[f64; 3]>],
        shared: bool,
    ) {
        self.places.resize(kernel.frames.len(), Vec::new());
        self.places.iter_mut().for_each(Vec::clear);
        self.weights.clear();
        if shared {
            let list = &offsets[0];
            self.weights.resize(list.len(), F64x8::splat(1.0 / list.len() as f64));
            for (f, places) in self.places.iter_mut().enumerate() {
                let centre = lanes(|l| kernel.reduce(f, centres[l]));
                places.extend(list.iter().map(|offset| {
                    let offset = kernel.reduce(f, *offset);
                    [0, 1, 2].map(|d| centre[d].add(F64x8::splat(offset[d])))
                }));
            }
            return;
        }
        for k in 0..offsets.iter().map(Vec::len).max().unwrap_or(0) {
            let place = |l: usize| {
                let offset = offsets[l].get(k).or(offsets[l].first()).copied().unwrap_or_default();
                [0, 1, 2].map(|d| centres[l][d] + offset[d])
            };
            for (f, places) in self.places.iter_mut().enumerate() {
                places.push(lanes(|l| kernel.reduce(f, place(l))));
            }
            let weight = |list: &Vec<_>| if k < list.len() { 1.0 / list.len() as f64 } else { 0.0 };
            self.weights.push(F64x8(std::array::from_fn(|l| weight(&offsets[l]))));
        }
    }

    /// Covariances of the targets with samples at `points[frame]`, without nugget.
    #[inline(always)]
    pub fn covariances<A: Arithmetic, S: Spot>(
        &self,
        kernel: &Kernel,
        pair: (usize, usize),
        points: &[&[S]],
        out: &mut [F64x8],
    ) {
        let mut from = [[F64x8::ZERO; 3]; FRAMES];
        if self.weights.len() == 1 {
            from.iter_mut().zip(&self.places).for_each(|(slot, places)| *slot = places[0]);
            kernel.row::<A, S>(pair, &from, points, out);
            return;
        }
        for (j, value) in out.iter_mut().enumerate() {
            let frames = from.iter_mut().zip(points).take(self.places.len());
            frames.for_each(|(slot, places)| *slot = places[j].lanes());
            *value = kernel.weighted::<A>(pair, &from, &self.places, &self.weights);
        }
    }
}

pub(crate) fn lanes(place: impl Fn(usize) -> [f64; 3]) -> Place {
    let mut out = [F64x8::ZERO; 3];
    for l in 0..LANES {
        let p = place(l);
        (0..3).for_each(|d| out[d].0[l] = p[d]);
    }
    out
}

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
        let count = offsets.len();
        let last = count.saturating_sub(1);
        let eight =
            |f: usize, b: usize| lanes(|l| kernel.reduce(f, offsets[(b * LANES + l).min(last)]));
        let blocks = count.div_ceil(LANES);
        let places: Vec<Vec<Place>> =
            (0..kernel.frames.len()).map(|f| (0..blocks).map(|b| eight(f, b)).collect()).collect();
        let weight = |i: usize| if i < count { 1.0 } else { 0.0 };
        let weights: Vec<F64x8> =
            (0..blocks).map(|b| F64x8(std::array::from_fn(|l| weight(b * LANES + l)))).collect();
        let mut total = 0.0;
        for offset in offsets {
            let mut from = [[F64x8::ZERO; 3]; FRAMES];
            for (f, slot) in from.iter_mut().take(places.len()).enumerate() {
                *slot = kernel.reduce(f, *offset).lanes();
            }
            total += kernel.weighted::<A>(pair, &from, &places, &weights).sum();
        }
        total / (count * count) as f64
    }
}
