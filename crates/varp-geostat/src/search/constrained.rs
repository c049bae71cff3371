//! The nearest samples when octants or holes limit how many count.

use super::{Candidates, Neighbourhood};
use crate::model::squared_norm;

/// Chooses by distance under limits; keeps its buffers.
#[derive(Debug, Default)]
pub(crate) struct Constrained {
    order: Vec<(f64, u32, u32)>,
    holes: Vec<(u32, usize)>,
    /// Indices into the candidates, ascending.
    pub chosen: Vec<u32>,
    /// Squared distance of the farthest chosen.
    pub farthest: f64,
    /// Squared distance of the nearest chosen.
    pub nearest: f64,
}

impl Constrained {
    /// Takes candidates by rising distance (then number) while octant, hole and total allow.
    ///
    /// `octant_count` is 4 for data that are flat in the space of search, else 8.
    /// `label` gives the sample number and the hole of a position. The answer is certain only when
    /// every sample within `farthest` is among the candidates.
    pub fn choose(
        &mut self,
        candidates: &Candidates,
        rules: &Neighbourhood,
        place: [f64; 3],
        (limit, except): (f64, Option<usize>),
        octant_count: usize,
        label: impl Fn(u32) -> (u32, u32),
    ) {
        self.order.clear();
        for i in (0..candidates.len()).filter(|i| Some(*i) != except) {
            let p = candidates.place(i);
            let d = squared_norm([0, 1, 2].map(|d| p[d] - place[d]));
            if d <= limit {
                self.order.push((d, label(candidates.position[i]).0, i as u32));
            }
        }
        self.order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut octants = [0; 8];
        self.holes.clear();
        self.chosen.clear();
        self.farthest = f64::INFINITY;
        self.nearest = f64::INFINITY;
        for &(d, _, i) in &self.order {
            let p = candidates.place(i as usize);
            let octant = (0..3).map(|d| usize::from(p[d] >= place[d]) << d).sum::<usize>();
            if rules.max_per_octant.is_some_and(|most| octants[octant] >= most) {
                continue;
            }
            let hole = label(candidates.position[i as usize]).1;
            if rules.max_per_hole.is_some_and(|most| !count_hole(&mut self.holes, hole, most)) {
                continue;
            }
            octants[octant] += 1;
            self.nearest = self.nearest.min(d);
            self.chosen.push(i);
            let all_octants =
                rules.max_per_octant.is_some_and(|m| self.chosen.len() == m * octant_count);
            if self.chosen.len() == rules.max_samples || all_octants {
                self.farthest = d;
                break;
            }
        }
        self.chosen.sort_unstable();
    }
}

/// Counts one more sample of `hole` unless it has `most` already.
fn count_hole(holes: &mut Vec<(u32, usize)>, hole: u32, most: usize) -> bool {
    match holes.iter_mut().find(|h| h.0 == hole) {
        Some((_, n)) if *n >= most => false,
        Some((_, n)) => {
            *n += 1;
            true
        }
        None => {
            holes.push((hole, 1));
            true
        }
    }
}
