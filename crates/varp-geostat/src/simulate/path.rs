use crate::krige::Grid;
use crate::random::{Random, Stream};

/// Order in which nodes are simulated: from coarse to fine grids, random within each.
///
/// One path serves all realisations; then the kriging weights do too.
///
/// Source: R. Nussbaumer, G. Mariethoz, E. Gloaguen, K. Holliger, "Which path to choose in
/// sequential Gaussian simulation", Mathematical Geosciences 50 (2018), 97–120.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Path {
    /// Nodes to simulate, first to last.
    pub order: Vec<u32>,
    /// For each node its place in `order` plus 1; 0 where the value is known from the start.
    pub rank: Vec<u32>,
}

const COARSEST: usize = 16;

impl Path {
    /// `known[node]` nodes are left out.
    pub fn new(grid: &Grid, known: &[bool], seed: u64) -> Self {
        let random = Random::new(seed, Stream::Path);
        let mut rank = vec![0; grid.len()];
        let mut order = Vec::with_capacity(grid.len());
        let mut seen = known.to_vec();
        let mut step = COARSEST;
        while step > 0 {
            let mut level = Vec::new();
            for_multiples(grid.count, step, |node| {
                if !seen[node] {
                    seen[node] = true;
                    level.push(node as u32);
                }
            });
            for place in random.permutation(step as u64, level.len()) {
                let node = level[place as usize];
                order.push(node);
                rank[node as usize] = order.len() as u32;
            }
            step /= 2;
        }
        Self { order, rank }
    }
}

fn for_multiples(count: [usize; 3], step: usize, mut visit: impl FnMut(usize)) {
    for z in (0..count[2]).step_by(step) {
        for y in (0..count[1]).step_by(step) {
            for x in (0..count[0]).step_by(step) {
                visit((z * count[1] + y) * count[0] + x);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unknown_node_comes_once_coarse_nodes_first() {
        let grid = Grid { origin: [0.0; 3], step: [1.0; 3], count: [20, 18, 3] };
        let mut known = vec![false; grid.len()];
        known[7] = true;
        let path = Path::new(&grid, &known, 1);
        assert_eq!(path.order.len(), grid.len() - 1);
        assert_eq!(path.rank[7], 0);
        for (place, node) in path.order.iter().enumerate() {
            assert_eq!(path.rank[*node as usize] as usize, place + 1);
        }
        let coarse =
            |node: u32| [0, 16].contains(&(node % 20)) && [0, 16].contains(&(node / 20 % 18));
        assert!(path.order[..4].iter().all(|n| coarse(*n) && (*n as usize) < 360));
    }
}
