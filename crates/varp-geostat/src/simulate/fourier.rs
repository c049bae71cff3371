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
    pub fn forward(&self, data: &mut Vec<Complex<f64>>, spare: &mut Vec<Complex<f64>>) {
        for axis in [1, 2, 0] {
            let (plan, length) = (&self.plans[axis], self.size[axis]);
            if length == 1 {
                continue;
            }
            let room = plan.get_inplace_scratch_len();
            data.par_chunks_mut(length * 8).for_each_init(
                || vec![Complex::default(); room],
                |scratch, rows| plan.process_with_scratch(rows, scratch),
            );
            if axis != 0 {
                transpose(data, spare, length);
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
}

/// Rows of `length` become columns.
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
        fourier.forward(&mut data, &mut spare);
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
            fourier.forward(&mut data, &mut spare);
            assert!(data.iter().all(|v| (v - Complex::new(1.0, 0.0)).norm() < 1e-14));
        }
    }

    #[test]
    fn smooth_numbers() {
        assert_eq!([7, 1290, 1250, 1].map(smooth), [8, 1296, 1250, 1]);
    }
}
