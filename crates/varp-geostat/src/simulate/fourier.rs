//! Discrete Fourier transforms of boxes in up to three dimensions.

use std::sync::Arc;

use rayon::prelude::*;
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

/// Forward transforms of one size, x fastest in memory.
pub(super) struct Fourier {
    size: [usize; 3],
    plans: [Arc<dyn Fft<f64>>; 3],
}

const TILE: usize = 16;

impl Fourier {
    pub fn new(size: [usize; 3]) -> Self {
        let mut planner = FftPlanner::new();
        Self { size, plans: size.map(|n| planner.plan_fft_forward(n)) }
    }

    pub fn len(&self) -> usize {
        self.size.iter().product()
    }

    /// Σ data · exp(−2πi …) in place; `spare` has the same length.
    ///
    /// Data come in the order of [`Fourier::place`], y fastest, and leave with x fastest. Each
    /// axis is transformed while it lies contiguous; a transposition brings the next one to the
    /// front.
    ///
    /// Of the output only the slowest axis' first `keep` layers are computed (z, or y where there
    /// is one z); what lies beyond them means nothing.
    pub fn forward(
        &self,
        data: &mut Vec<Complex<f64>>,
        spare: &mut Vec<Complex<f64>>,
        keep: [usize; 3],
    ) {
        let slowest = if self.size[2] > 1 { 2 } else { 1 };
        let mut kept = data.len();
        for axis in [1, 2, 0] {
            let (plan, length) = (&self.plans[axis], self.size[axis]);
            if length == 1 {
                continue;
            }
            let room = plan.get_inplace_scratch_len();
            data[..kept].par_chunks_mut(length * 8).for_each_init(
                || vec![Complex::default(); room],
                |scratch, rows| plan.process_with_scratch(rows, scratch),
            );
            if axis != 0 {
                let layers = if axis == slowest { keep[axis] } else { length };
                kept = data.len() / length * layers;
                transpose(data, &mut spare[..kept], length);
                std::mem::swap(data, spare);
            }
        }
    }

    /// Where node (x, y, z) lies in the input: y fastest, then z, then x.
    pub fn place(&self, [x, y, z]: [usize; 3]) -> usize {
        (x * self.size[2] + z) * self.size[1] + y
    }

    /// Brings the output's order, x fastest, back to the input's.
    pub fn reorder(&self, data: &mut Vec<Complex<f64>>, spare: &mut Vec<Complex<f64>>) {
        transpose(data, spare, self.size[0]);
        std::mem::swap(data, spare);
    }

    /// The same of one number for each node.
    pub fn reordered(
        &self,
        data: &[Complex<f64>],
        number: impl Fn(&Complex<f64>) -> f64 + Sync,
    ) -> Vec<f64> {
        let rows = data.len() / self.size[0];
        let mut out = vec![0.0; data.len()];
        out.par_chunks_mut(rows * TILE).enumerate().for_each(|(block, out)| {
            let columns = out.len() / rows;
            for row in 0..rows {
                let from = &data[row * self.size[0] + block * TILE..][..columns];
                from.iter().enumerate().for_each(|(c, v)| out[c * rows + row] = number(v));
            }
        });
        out
    }
}

/// Rows of `length` become columns, as many of them as `to` has room for.
fn transpose(from: &[Complex<f64>], to: &mut [Complex<f64>], length: usize) {
    let rows = from.len() / length;
    to.par_chunks_mut(rows * TILE).enumerate().for_each(|(block, out)| {
        let first = block * TILE;
        let columns = out.len() / rows;
        for start in (0..rows).step_by(TILE) {
            for row in start..(start + TILE).min(rows) {
                for column in 0..columns {
                    out[column * rows + row] = from[row * length + first + column];
                }
            }
        }
    });
}

/// The smallest number ≥ n without prime factors above 5.
pub(super) fn smooth(n: usize) -> usize {
    let is_smooth = |mut m: usize| {
        for p in [2, 3, 5_usize] {
            while m.is_multiple_of(p) {
                m /= p;
            }
        }
        m == 1
    };
    (n.max(1)..).find(|m| is_smooth(*m)).expect("powers of two are smooth")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transforms_a_box_as_the_definition_says() {
        let size = [3, 4, 5];
        let value = |i: usize| Complex::new((i * 7 % 11) as f64, (i * 5 % 13) as f64);
        let fourier = Fourier::new(size);
        let mut data = vec![Complex::default(); 60];
        for i in 0..60 {
            data[fourier.place([i % 3, i / 3 % 4, i / 12])] = value(i);
        }
        let mut spare = data.clone();
        fourier.forward(&mut data, &mut spare, fourier.size);
        for (k, got) in data.iter().enumerate() {
            let mut want = Complex::default();
            for i in 0..60 {
                let phase = |n: usize, a: usize, b: usize| (a % n * (b % n)) as f64 / n as f64;
                let turn = phase(3, k, i) + phase(4, k / 3, i / 3) + phase(5, k / 12, i / 12);
                want += value(i) * Complex::from_polar(1.0, -std::f64::consts::TAU * turn);
            }
            assert!((got - want).norm() < 1e-11, "{k}: {got} is not {want}");
        }
        let natural = data.clone();
        fourier.reorder(&mut data, &mut spare);
        assert!((0..60).all(|i| data[fourier.place([i % 3, i / 3 % 4, i / 12])] == natural[i]));
    }

    #[test]
    fn a_plane_and_a_line_transform_too() {
        for size in [[6, 4, 1], [8, 1, 1], [1, 6, 1], [4, 1, 3]] {
            let fourier = Fourier::new(size);
            let mut data = vec![Complex::default(); fourier.len()];
            data[0] = Complex::new(1.0, 0.0);
            let mut spare = data.clone();
            fourier.forward(&mut data, &mut spare, fourier.size);
            assert!(data.iter().all(|v| (v - Complex::new(1.0, 0.0)).norm() < 1e-14));
        }
    }

    #[test]
    fn kept_layers_equal_those_of_the_whole() {
        for size in [[3, 4, 5], [4, 6, 1]] {
            let fourier = Fourier::new(size);
            let value = |i: usize| Complex::new((i * 7 % 11) as f64, (i * 5 % 13) as f64);
            let mut whole: Vec<_> = (0..fourier.len()).map(value).collect();
            let (mut part, mut spare) = (whole.clone(), whole.clone());
            fourier.forward(&mut whole, &mut spare, size);
            fourier.forward(&mut part, &mut spare, [2, 3, 1]);
            assert_eq!(part[..3 * size[0]], whole[..3 * size[0]]);
        }
    }

    #[test]
    fn smooth_numbers() {
        assert_eq!([7, 1290, 1250, 1].map(smooth), [8, 1296, 1250, 1]);
    }
}
