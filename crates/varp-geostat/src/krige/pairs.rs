//! Covariances between the candidates of a group, computed once for all its targets.

use super::support::lanes;
use super::system::{FRAMES, System};
use crate::kernel::{Place, Spot};
use crate::linalg::{Arithmetic, F64x8, LANES};

/// What a look-up costs, in square roots of eight numbers.
pub(crate) const LOOK_UP: f64 = 1.0;

/// Candidates against candidates without nugget, lower triangle by rows of equal length.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    rows: Vec<f64>,
    length: usize,
    /// `[frame][block of eight candidates]`.
    places: Vec<Vec<Place>>,
    buffer: Vec<F64x8>,
}

impl Pairs {
    /// Whether a table saves work when `targets` with `count` neighbours each will ask.
    pub fn pay(system: &System, candidates: &[u32], targets: usize, count: usize) -> bool {
        let cost = system.kernel.cost();
        let asked = (targets * count.min(candidates.len()).pow(2)) as f64;
        let made = candidates.len().pow(2) as f64;
        made * cost + asked * LOOK_UP < asked * cost
    }

    /// Computes the table, which is not for no candidates. The numbers are those that would be
    /// computed for each target, to the last bit.
    #[inline(always)]
    pub fn fill<A: Arithmetic>(&mut self, system: &System, candidates: &[u32]) {
        self.rows.clear();
        let reduced = &system.sets[0].reduced;
        let blocks = candidates.len().div_ceil(LANES);
        let last = candidates.len() - 1;
        self.places.resize(reduced.len(), Vec::new());
        for (places, reduced) in self.places.iter_mut().zip(reduced) {
            places.clear();
            let at = |i: usize| reduced[candidates[i.min(last)] as usize];
            places.extend((0..blocks).map(|b| lanes(|l| at(b * LANES + l))));
        }
        self.length = blocks * LANES;
        self.buffer.resize(blocks, F64x8::ZERO);
        for (i, candidate) in candidates.iter().enumerate() {
            let upto = i / LANES + 1;
            let mut from = [[F64x8::ZERO; 3]; FRAMES];
            let mut points = [&[] as &[Place]; FRAMES];
            for f in 0..reduced.len() {
                from[f] = reduced[f][*candidate as usize].lanes();
                points[f] = &self.places[f][..upto];
            }
            let out = &mut self.buffer[..upto];
            system.kernel.row::<A, Place>((0, 0), &from, &points, out);
            for values in out {
                self.rows.extend_from_slice(&values.0);
            }
            self.rows.resize((i + 1) * self.length, 0.0);
        }
    }

    /// Forgets the table.
    pub fn clear(&mut self) {
        self.rows.clear();
    }

    /// Whether the covariances are to be computed target by target.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Covariances of candidate `chosen[i]` with those before it into lane `lane` of `out`.
    #[inline(always)]
    pub fn look_up(&self, chosen: &[u32], i: usize, lane: usize, out: &mut [F64x8]) {
        let row = &self.rows[chosen[i] as usize * self.length..][..self.length];
        for (value, j) in out.iter_mut().zip(&chosen[..i]) {
            value.0[lane] = row[*j as usize];
        }
    }
}
