use std::ops::Range;

use rayon::prelude::*;

use super::SimulationError;
use super::neighbours::Surroundings;
use super::path::Path;
use crate::kernel::{Kernel, Place};
use crate::linalg::{
    Arithmetic, F64x8, Job, LANES, back_substitute, cholesky_augmented, packed_row, run,
};
use crate::model::{Coregionalisation, Model};
use crate::progress::Progress;

/// Simple-kriging weights of every node on the path, in path order; geometry only, no values.
#[derive(Debug, Clone)]
pub(crate) struct Weights {
    /// Room for neighbours of each node.
    pub most: usize,
    /// Neighbours of each node.
    pub count: Vec<u16>,
    /// State indices of neighbours, `most` per node.
    pub index: Vec<u32>,
    /// Their weights, `most` per node.
    pub weight: Vec<f64>,
    /// Kriging standard deviation.
    pub deviation: Vec<f64>,
}

/// Smallest pivot of the first singular system, its node, and how many there are.
type Singular = Option<(f64, u32, usize)>;

/// Nodes that one thread solves at a time.
const BLOCK: usize = 512;

/// Nodes solved between two looks at progress and cancellation.
const TURN: usize = 64 * BLOCK;

/// A pivot below this part of the sill counts as zero.
const SMALLEST_PIVOT: f64 = 1e-11;

impl Weights {
    pub fn solve(
        around: &Surroundings,
        path: &Path,
        model: &Model,
        most: usize,
        progress: &Progress<'_>,
    ) -> Result<Self, SimulationError> {
        let kernel = Kernel::new(&Coregionalisation::from(model), 0.0);
        let nodes = path.order.len();
        let mut all = Self {
            most,
            count: vec![0; nodes],
            index: vec![0; nodes * most],
            weight: vec![0.0; nodes * most],
            deviation: vec![0.0; nodes],
        };
        let mut singular: Vec<Singular> = Vec::new();
        for first in (0..nodes).step_by(TURN) {
            progress.step(first, nodes)?;
            let turn = first..(first + TURN).min(nodes);
            singular.extend(all.solve_turn(turn, around, path, &kernel));
        }
        let found = singular.into_iter().flatten();
        let first = found.reduce(|first, next| (first.0, first.1, first.2 + next.2));
        match first {
            Some((pivot, node, count)) => {
                let (node, sill) = (node as usize, model.sill());
                Err(SimulationError::Singular { count, node, pivot, sill })
            }
            None => Ok(all),
        }
    }
}

impl Weights {
    /// One part of the path, in parallel over blocks of nodes.
    fn solve_turn(
        &mut self,
        turn: Range<usize>,
        around: &Surroundings,
        path: &Path,
        kernel: &Kernel,
    ) -> Vec<Singular> {
        let most = self.most;
        let wide = turn.start * most..turn.end * most;
        path.order[turn.clone()]
            .par_chunks(BLOCK)
            .zip(self.count[turn.clone()].par_chunks_mut(BLOCK))
            .zip(self.index[wide.clone()].par_chunks_mut(BLOCK * most))
            .zip(self.weight[wide].par_chunks_mut(BLOCK * most))
            .zip(self.deviation[turn].par_chunks_mut(BLOCK))
            .map_init(
                || Buffers::new(kernel, most),
                |buffers, ((((nodes, count), index), weight), deviation)| {
                    let out = Part { nodes, count, index, weight, deviation };
                    run(SolvePart { around, path, kernel, buffers, out })
                },
            )
            .collect()
    }
}

/// One thread's room for eight systems.
struct Buffers {
    /// Packed triangle, then the right-hand side.
    matrix: Vec<F64x8>,
    /// Places of neighbours, by frame.
    places: Vec<Vec<Place>>,
    target: Vec<Place>,
    from: Vec<Place>,
    found: Vec<(u32, [f64; 3])>,
    most: usize,
}

impl Buffers {
    fn new(kernel: &Kernel, most: usize) -> Self {
        let zero = [F64x8::ZERO; 3];
        let frames = kernel.frames.len();
        Self {
            matrix: vec![F64x8::ZERO; packed_row(most) + most],
            places: vec![vec![zero; most]; frames],
            target: vec![zero; frames],
            from: vec![zero; frames],
            found: Vec::with_capacity(2 * most),
            most,
        }
    }
}

/// The part of the results that belongs to a run of nodes.
struct Part<'a> {
    nodes: &'a [u32],
    count: &'a mut [u16],
    index: &'a mut [u32],
    weight: &'a mut [f64],
    deviation: &'a mut [f64],
}

struct SolvePart<'a> {
    around: &'a Surroundings,
    path: &'a Path,
    kernel: &'a Kernel,
    buffers: &'a mut Buffers,
    out: Part<'a>,
}

impl Job for SolvePart<'_> {
    type Output = Singular;

    #[inline(always)]
    fn run<A: Arithmetic>(mut self) -> Self::Output {
        let mut singular: Self::Output = None;
        for first in (0..self.out.nodes.len()).step_by(LANES) {
            let lanes = (self.out.nodes.len() - first).min(LANES);
            let counts = self.gather(first, lanes);
            let rows = counts.iter().copied().max().unwrap_or(0);
            let pivots = self.solve::<A>(rows, &counts);
            for lane in 0..lanes {
                self.store(first, lane, rows, counts[lane]);
                if pivots.0[lane] <= SMALLEST_PIVOT * self.kernel.total[0] {
                    let node = self.out.nodes[first + lane];
                    let (pivot, node, count) = singular.unwrap_or((pivots.0[lane], node, 0));
                    singular = Some((pivot, node, count + 1));
                }
            }
        }
        singular
    }
}

impl SolvePart<'_> {
    /// Finds the neighbours of up to eight nodes; lanes without a node repeat the first.
    #[inline(always)]
    fn gather(&mut self, first: usize, lanes: usize) -> [usize; LANES] {
        let most = self.buffers.most;
        let mut counts = [0; LANES];
        for lane in 0..LANES {
            let position = first + if lane < lanes { lane } else { 0 };
            let node = self.out.nodes[position] as usize;
            let found = &mut self.buffers.found;
            found.clear();
            self.around.collect(node, &self.path.rank, most, found);
            counts[lane] = found.len();
            self.out.count[position] = found.len() as u16;
            let here = self.around.grid.place(node);
            for (f, places) in self.buffers.places.iter_mut().enumerate() {
                set(&mut self.buffers.target[f], lane, self.kernel.reduce(f, here));
                for (slot, (_, place)) in places.iter_mut().zip(&*found) {
                    set(slot, lane, self.kernel.reduce(f, *place));
                }
            }
            let index = &mut self.out.index[position * most..][..most];
            index.iter_mut().zip(found).for_each(|(slot, (id, _))| *slot = *id);
        }
        counts
    }

    /// Covariances, factor and weights; slots beyond a lane's count become independent ones of
    /// weight zero.
    #[inline(always)]
    fn solve<A: Arithmetic>(&mut self, rows: usize, counts: &[usize; LANES]) -> F64x8 {
        let Buffers { matrix, places, target, from, .. } = &mut *self.buffers;
        let full = counts.iter().all(|c| *c == rows);
        let total = F64x8::splat(self.kernel.total[0]);
        for i in 0..=rows {
            let (start, length) = (packed_row(i), i.min(rows));
            for (f, place) in from.iter_mut().enumerate() {
                *place = if i < rows { places[f][i] } else { target[f] };
            }
            let upto: [&[Place]; FRAMES] =
                std::array::from_fn(|f| places.get(f).map_or(&[][..], |p| &p[..length]));
            let row = &mut matrix[start..start + length];
            self.kernel.row::<A, Place>((0, 0), from, &upto[..places.len()], row);
            if !full {
                for (j, value) in row.iter_mut().enumerate() {
                    for lane in 0..LANES {
                        let beyond = j >= counts[lane] || (i < rows && i >= counts[lane]);
                        value.0[lane] = if beyond { 0.0 } else { value.0[lane] };
                    }
                }
            }
            if i < rows {
                matrix[start + i] = total;
            }
        }
        let pivots = cholesky_augmented::<A>(&mut matrix[..packed_row(rows) + rows], rows, 1);
        let (factor, right) = matrix.split_at_mut(packed_row(rows));
        let right = &mut right[..rows];
        let mut explained = F64x8::ZERO;
        right.iter().for_each(|u| explained = u.mul_add::<A>(*u, explained));
        back_substitute::<A>(factor, right);
        // the variance takes the place of the corner that the factor no longer needs
        self.buffers.target[0][0] = total.sub(explained);
        pivots
    }

    #[inline(always)]
    fn store(&mut self, first: usize, lane: usize, rows: usize, count: usize) {
        let position = first + lane;
        let right = &self.buffers.matrix[packed_row(rows)..][..count];
        let weight = &mut self.out.weight[position * self.buffers.most..][..count];
        weight.iter_mut().zip(right).for_each(|(w, u)| *w = u.0[lane]);
        self.out.deviation[position] = self.buffers.target[0][0].0[lane].max(0.0).sqrt();
    }
}

/// More structures of different shape than this are refused.
pub(crate) const FRAMES: usize = 8;

#[inline(always)]
fn set(place: &mut Place, lane: usize, at: [f64; 3]) {
    for d in 0..3 {
        place[d].0[lane] = at[d];
    }
}
