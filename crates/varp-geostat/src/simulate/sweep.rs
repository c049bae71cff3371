//! Phase two of sequential simulation: along the path, values of all realisations at once.

use super::sequential::SequentialPath;
use crate::linalg::{Arithmetic, Job, run};
use crate::random::Random;

/// Simulates every node of the path for `stride` (8 or 16) realisations of `group`; without
/// `noise` every node becomes its simple-kriging estimate.
pub(super) fn sweep(
    path: &SequentialPath,
    noise: Option<Random>,
    group: u32,
    stride: usize,
    state: &mut [f64],
) {
    if stride == 8 {
        run(Sweep::<8> { path, noise, group, state });
    } else {
        run(Sweep::<16> { path, noise, group, state });
    }
}

struct Sweep<'a, const R: usize> {
    path: &'a SequentialPath,
    noise: Option<Random>,
    group: u32,
    state: &'a mut [f64],
}

impl<const R: usize> Job for Sweep<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let weights = &self.path.weights;
        for (i, &node) in self.path.path.order.iter().enumerate() {
            let mut noise = [0.0; R];
            if let Some(random) = &self.noise {
                random.normals_inline::<A>(u64::from(node), self.group, &mut noise);
            }
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
            let out = &mut self.state[node as usize * R..][..R];
            for lane in 0..R {
                out[lane] = A::mul_add(weights.deviation[i], noise[lane], sum[lane]);
            }
        }
    }
}
