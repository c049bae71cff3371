//! Phase two of sequential simulation: along the path, values of all realisations at once.

use super::sequential::{Collocated, SequentialPath};
use crate::linalg::{Arithmetic, Job, run};
use crate::random::Random;

/// Simulates every node of the path for `stride` (8 or 16) realisations of `group`.
pub(super) fn plain(
    path: &SequentialPath,
    random: Random,
    group: u32,
    stride: usize,
    state: &mut [f64],
) {
    if stride == 8 {
        run(Sweep::<8, _> {
            path,
            random,
            group,
            state,
            first: |_: usize| [0.0; 8],
            correlation: 0.0,
        });
    } else {
        run(Sweep::<16, _> {
            path,
            random,
            group,
            state,
            first: |_: usize| [0.0; 16],
            correlation: 0.0,
        });
    }
}

/// The same with a first variable known at every node.
pub(super) fn collocated(
    path: &SequentialPath,
    first: Collocated<'_>,
    random: Random,
    begin: usize,
    stride: usize,
    state: &mut [f64],
) {
    let (group, correlation) = ((begin / 16) as u32, first.correlation);
    if stride == 8 {
        let first = values_of::<8>(first, begin);
        run(Sweep::<8, _> { path, random, group, state, first, correlation });
    } else {
        let first = values_of::<16>(first, begin);
        run(Sweep::<16, _> { path, random, group, state, first, correlation });
    }
}

/// The first variable's values at a node for realisations from `begin`, zero beyond the last.
fn values_of<const R: usize>(first: Collocated<'_>, begin: usize) -> impl Fn(usize) -> [f64; R] {
    let overlapping = |c: &&super::Chunk| c.first < begin + R && c.first + c.count > begin;
    let chunks: Vec<_> = first.field.chunks().iter().filter(overlapping).collect();
    move |node| {
        let mut out = [0.0; R];
        for chunk in &chunks {
            for (lane, value) in chunk.at(node).iter().enumerate() {
                let realisation = chunk.first + lane;
                if (begin..begin + R).contains(&realisation) {
                    out[realisation - begin] = *value;
                }
            }
        }
        out
    }
}

struct Sweep<'a, const R: usize, F> {
    path: &'a SequentialPath,
    random: Random,
    group: u32,
    state: &'a mut [f64],
    first: F,
    correlation: f64,
}

impl<const R: usize, F: Fn(usize) -> [f64; R]> Job for Sweep<'_, R, F> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let weights = &self.path.weights;
        let samples = self.path.around.samples.len();
        let rho = self.correlation;
        for (i, &node) in self.path.path.order.iter().enumerate() {
            let mut noise = [0.0; R];
            self.random.normals_inline::<A>(u64::from(node), self.group, &mut noise);
            let from = i * weights.most;
            let count = usize::from(weights.count[i]);
            let mut sum = [0.0; R];
            let pairs = weights.index[from..from + count].iter().zip(&weights.weight[from..]);
            for (index, weight) in pairs {
                let known = &self.state[*index as usize * R..][..R];
                for lane in 0..R {
                    sum[lane] = A::mul_add(*weight, known[lane], sum[lane]);
                }
            }
            let mut deviation = weights.deviation[i];
            if rho != 0.0 {
                let variance = deviation * deviation;
                let nu = rho * variance / (1.0 - rho * rho * (1.0 - variance)).max(1e-300);
                let keep = 1.0 - rho * nu;
                deviation *= keep.max(0.0).sqrt();
                let other = (self.first)(node as usize);
                for lane in 0..R {
                    sum[lane] = A::mul_add(nu, other[lane], keep * sum[lane]);
                }
            }
            let out = &mut self.state[(samples + node as usize) * R..][..R];
            for lane in 0..R {
                out[lane] = A::mul_add(deviation, noise[lane], sum[lane]);
            }
        }
    }
}
