use rayon::prelude::*;

use super::SimulationError;
use super::realisations::{Chunk, Realisations};
use crate::krige::Grid;
use crate::stats::StatsError;

/// The 10, 50 and 90 per cent quantiles over realisations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Exceeded by nine in ten realisations.
    pub low: f64,
    /// The median.
    pub best: f64,
    /// Exceeded by one in ten.
    pub high: f64,
}

impl Band {
    /// Quantiles (type 7) of values in any order; `None` of an empty list.
    pub fn of(values: &mut [f64]) -> Option<Self> {
        if values.is_empty() {
            return None;
        }
        values.sort_unstable_by(f64::total_cmp);
        let at = |p| crate::stats::quantile_sorted(values, p);
        Some(Self { low: at(0.1), best: at(0.5), high: at(0.9) })
    }
}

/// What happens above one cut-off, over all realisations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GradeTonnage {
    /// Value at or above which a node counts.
    pub cutoff: f64,
    /// Σ mass of nodes that count.
    pub tonnage: Band,
    /// Σ mass · value of nodes that count.
    pub metal: Band,
    /// metal / tonnage; `None` where no realisation has any tonnage (others count only).
    pub grade: Option<Band>,
}

impl Realisations {
    /// Mean of each node over the realisations (the e-type estimate), in grid order.
    pub fn expected(&self) -> Vec<f64> {
        self.per_node(|values| values.iter().sum::<f64>() / values.len() as f64)
    }

    /// One quantile (type 7) of each node over the realisations, in grid order.
    ///
    /// # Errors
    /// A fraction outside 0..=1.
    pub fn quantile(&self, fraction: f64) -> Result<Vec<f64>, StatsError> {
        if !(0.0..=1.0).contains(&fraction) {
            let rule = "within 0..=1";
            return Err(StatsError::OutOfRange { name: "fraction", value: fraction, rule });
        }
        Ok(self.per_node(|values| {
            values.sort_unstable_by(f64::total_cmp);
            crate::stats::quantile_sorted(values, fraction)
        }))
    }

    /// Share of the realisations at or above the cut-off at each node, in grid order.
    pub fn probability_above(&self, cutoff: f64) -> Vec<f64> {
        self.per_node(|values| {
            values.iter().filter(|v| **v >= cutoff).count() as f64 / values.len() as f64
        })
    }

    /// Means over blocks of `parts` nodes, and the grid of the blocks' centres.
    ///
    /// # Errors
    /// Another number of nodes than the grid; parts of zero or that do not divide the grid.
    pub fn to_blocks(
        &self,
        grid: &Grid,
        parts: [usize; 3],
    ) -> Result<(Grid, Self), SimulationError> {
        self.check_nodes(grid.len())?;
        for d in 0..3 {
            if parts[d] == 0 || !grid.count[d].is_multiple_of(parts[d]) {
                let (name, value) = ("nodes of a block along an axis", parts[d] as f64);
                let rule = "a divisor of the grid's nodes";
                return Err(SimulationError::OutOfRange { name, value, rule });
            }
        }
        let middle = |d: usize| 0.5 * (parts[d] - 1) as f64 * grid.step[d];
        let blocks = Grid {
            origin: [0, 1, 2].map(|d| grid.origin[d] + middle(d)),
            step: [0, 1, 2].map(|d| grid.step[d] * parts[d] as f64),
            count: [0, 1, 2].map(|d| grid.count[d] / parts[d]),
        };
        let average = |chunk: &Chunk| block_means(chunk, grid, &blocks, parts);
        let chunks = self.chunks.par_iter().map(average).collect();
        Ok((blocks, Self { nodes: blocks.len(), chunks }))
    }

    /// Tonnage, metal and grade above cut-offs, with bands over the realisations.
    ///
    /// - `masses`: one for each node (volume · density)
    ///
    /// # Errors
    /// Another number of masses than nodes.
    pub fn grade_tonnage(
        &self,
        masses: &[f64],
        cutoffs: &[f64],
    ) -> Result<Vec<GradeTonnage>, SimulationError> {
        self.check_nodes(masses.len())?;
        let one = |&cutoff: &f64| {
            let sums: Vec<(f64, f64)> =
                self.chunks.par_iter().flat_map_iter(|c| above(c, masses, cutoff)).collect();
            let column = |f: fn(&(f64, f64)) -> f64| -> Vec<f64> { sums.iter().map(f).collect() };
            let mut grades: Vec<f64> =
                sums.iter().filter(|s| s.0 > 0.0).map(|s| s.1 / s.0).collect();
            let band = |mut v: Vec<f64>| Band::of(&mut v).expect("there are realisations");
            GradeTonnage {
                cutoff,
                tonnage: band(column(|s| s.0)),
                metal: band(column(|s| s.1)),
                grade: Band::of(&mut grades),
            }
        };
        Ok(cutoffs.iter().map(one).collect())
    }

    pub(super) fn check_nodes(&self, nodes: usize) -> Result<(), SimulationError> {
        if nodes == self.nodes {
            return Ok(());
        }
        let found = self.count();
        let expected_nodes = self.nodes;
        Err(SimulationError::Mismatch { found, nodes, expected: found, expected_nodes })
    }
}

fn block_means(chunk: &Chunk, grid: &Grid, blocks: &Grid, parts: [usize; 3]) -> Chunk {
    let stride = chunk.stride;
    let mut values = vec![0.0; blocks.len() * stride];
    let share = 1.0 / parts.iter().product::<usize>() as f64;
    let [nx, ny, _] = grid.count;
    let [bx, by, _] = blocks.count;
    for node in 0..grid.len() {
        let [x, y, z] =
            [node % nx / parts[0], node / nx % ny / parts[1], node / nx / ny / parts[2]];
        let block = (z * by + y) * bx + x;
        let sums = &mut values[block * stride..][..stride];
        sums.iter_mut().zip(&chunk.values[node * stride..]).for_each(|(s, v)| *s += share * v);
    }
    Chunk { values, ..*chunk }
}

/// (tonnage, metal) of each realisation of a chunk.
fn above(chunk: &Chunk, masses: &[f64], cutoff: f64) -> Vec<(f64, f64)> {
    let mut sums = vec![(0.0, 0.0); chunk.count];
    for (node, mass) in masses.iter().enumerate() {
        for (sum, value) in sums.iter_mut().zip(chunk.at(node)) {
            if *value >= cutoff {
                sum.0 += mass;
                sum.1 += mass * value;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Realisations {
        let fields =
            vec![vec![1.0, 2.0, 3.0, 4.0], vec![2.0, 2.0, 5.0, 5.0], vec![3.0, 2.0, 4.0, 0.0]];
        Realisations::from_fields(fields).unwrap()
    }

    #[test]
    fn summaries_of_a_node_run_over_its_realisations() {
        assert_eq!(three().expected(), [2.0, 2.0, 4.0, 3.0]);
        assert_eq!(three().quantile(0.5).unwrap(), [2.0, 2.0, 4.0, 4.0]);
        assert_eq!(three().probability_above(3.0), [1.0 / 3.0, 0.0, 1.0, 2.0 / 3.0]);
        assert!(three().quantile(1.1).is_err());
    }

    #[test]
    fn blocks_average_their_nodes_and_sit_at_their_centres() {
        let grid = Grid { origin: [0.0; 3], step: [1.0, 2.0, 1.0], count: [2, 2, 1] };
        let (blocks, means) = three().to_blocks(&grid, [2, 1, 1]).unwrap();
        assert_eq!((blocks.origin, blocks.count), ([0.5, 0.0, 0.0], [1, 2, 1]));
        assert_eq!(means.field(1), [2.0, 5.0]);
        assert!(three().to_blocks(&grid, [3, 1, 1]).is_err());
    }

    #[test]
    fn grade_and_tonnage_have_bands() {
        let table = three().grade_tonnage(&[1.0, 1.0, 2.0, 1.0], &[0.0, 3.0, 9.0]).unwrap();
        assert_eq!(table[0].tonnage, Band { low: 5.0, best: 5.0, high: 5.0 });
        // at 3: (3 t, 10), (3 t, 15), (3 t, 11)
        assert_eq!(table[1].metal.best, 11.0);
        assert!((table[1].metal.high - 14.2).abs() < 1e-12);
        assert_eq!(table[2].grade, None);
    }
}
