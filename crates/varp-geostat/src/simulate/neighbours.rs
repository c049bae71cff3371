use super::SimulationError;
use crate::error::is_usable;
use crate::krige::Grid;
use crate::model::{Ellipsoid, apply, squared_norm};
use crate::resolution::check_resolution;
use crate::stats::finite;

/// Offsets kept in a search template; farther ones are not looked at.
const TEMPLATE: usize = 1 << 18;

/// Where samples lie between the nodes, and how to walk from near to far.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    pub grid: Grid,
    pub samples: Vec<[f64; 3]>,
    /// (sample, node) of samples exactly on a node.
    pub on_node: Vec<(u32, u32)>,
    /// Samples of cell `c`: `listed[start[c]..start[c + 1]]`.
    start: Vec<u32>,
    listed: Vec<u32>,
    template: Vec<[i32; 3]>,
    reduction: [[f64; 3]; 3],
    /// Samples beyond the search of every node.
    pub unreachable: usize,
}

impl Surroundings {
    pub fn new(
        grid: Grid,
        samples: &[[f64; 3]],
        search: &Ellipsoid,
    ) -> Result<Self, SimulationError> {
        check_grid(&grid)?;
        finite(samples.as_flattened(), 0)?;
        refuse_coincident(samples)?;
        let reduction = search.reduction();
        let (mut on_node, mut cells, mut unreachable) = (Vec::new(), Vec::new(), 0);
        for (id, place) in samples.iter().enumerate() {
            let (node, shift) = nearest_node(&grid, *place);
            if (0..3).all(|d| shift[d].abs() <= 1e-9 * grid.step[d].abs()) {
                on_node.push((id as u32, node as u32));
            } else if squared_norm(apply(&reduction, shift)) <= 1.0 {
                cells.push((node as u32, id as u32));
            } else {
                unreachable += 1;
            }
        }
        cells.sort_unstable();
        let mut start = vec![0; grid.len() + 1];
        cells.iter().for_each(|(cell, _)| start[*cell as usize + 1] += 1);
        (0..grid.len()).for_each(|c| start[c + 1] += start[c]);
        Ok(Self {
            grid,
            samples: samples.to_vec(),
            on_node,
            start,
            listed: cells.into_iter().map(|(_, id)| id).collect(),
            template: template(&grid, &reduction),
            reduction,
            unreachable,
        })
    }

    /// Appends up to `most` known neighbours of a node as (state index, place), near first.
    ///
    /// A state index below the number of nodes is a node, above it a sample. Known are all
    /// samples and the nodes of a rank below that of `node`.
    pub fn collect(&self, node: usize, rank: &[u32], most: usize, out: &mut Vec<(u32, [f64; 3])>) {
        let [nx, ny, nz] = self.grid.count.map(|n| n as i32);
        let at = [node as i32 % nx, node as i32 / nx % ny, node as i32 / nx / ny];
        let here = self.grid.place(node);
        let (own, nodes) = (rank[node], rank.len() as u32);
        for offset in &self.template {
            let [x, y, z] = [at[0] + offset[0], at[1] + offset[1], at[2] + offset[2]];
            if x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz {
                continue;
            }
            let cell = ((z * ny + y) * nx + x) as usize;
            if rank[cell] < own {
                out.push((cell as u32, self.place(here, offset)));
            }
            for &id in &self.listed[self.start[cell] as usize..self.start[cell + 1] as usize] {
                let place = self.samples[id as usize];
                let lag = [0, 1, 2].map(|d| place[d] - here[d]);
                if squared_norm(apply(&self.reduction, lag)) <= 1.0 {
                    out.push((nodes + id, place));
                }
            }
            if out.len() >= most {
                out.truncate(most);
                return;
            }
        }
    }

    fn place(&self, here: [f64; 3], offset: &[i32; 3]) -> [f64; 3] {
        [0, 1, 2].map(|d| here[d] + f64::from(offset[d]) * self.grid.step[d])
    }
}

pub(crate) fn check_grid(grid: &Grid) -> Result<(), SimulationError> {
    let flat = |d: usize| grid.count[d] == 1 && is_usable(grid.step[d]);
    let stepped = |d: usize| is_usable(grid.step[d]) && grid.step[d] > 0.0;
    let places = grid.count.iter().try_fold(1_usize, |n, c| n.checked_mul(*c)).unwrap_or(0);
    let fits = places > 0 && places < i32::MAX as usize;
    if fits && (0..3).all(|d| flat(d) || stepped(d)) && grid.origin.iter().all(|o| is_usable(*o)) {
        return Ok(());
    }
    Err(SimulationError::Grid { count: grid.count, step: grid.step })
}

/// Nearest node and the lag from it to the place.
pub(crate) fn nearest_node(grid: &Grid, place: [f64; 3]) -> (usize, [f64; 3]) {
    let index = [0, 1, 2].map(|d| {
        let steps = (place[d] - grid.origin[d]) / grid.step[d];
        if grid.count[d] == 1 {
            0
        } else {
            (steps.round().max(0.0) as usize).min(grid.count[d] - 1)
        }
    });
    let node = (index[2] * grid.count[1] + index[1]) * grid.count[0] + index[0];
    let at = grid.place(node);
    (node, [0, 1, 2].map(|d| place[d] - at[d]))
}

pub(crate) fn refuse_coincident(samples: &[[f64; 3]]) -> Result<(), SimulationError> {
    check_resolution(samples)?;
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let compare = |a: usize, b: usize| {
        let axes = samples[a].iter().zip(&samples[b]);
        axes.fold(std::cmp::Ordering::Equal, |o, (x, y)| o.then(x.total_cmp(y)))
    };
    order.sort_by(|&a, &b| compare(a, b).then(a.cmp(&b)));
    match order.windows(2).find(|w| samples[w[0]] == samples[w[1]]) {
        Some(w) => {
            Err(SimulationError::Coincident { first: w[0], second: w[1], place: samples[w[0]] })
        }
        None => Ok(()),
    }
}

/// Offsets inside the search ellipsoid by reduced distance, ties by index; the own cell first.
fn template(grid: &Grid, reduction: &[[f64; 3]; 3]) -> Vec<[i32; 3]> {
    let reach = [0, 1, 2].map(|d| {
        // the ellipsoid's extent along axis d is the norm of row d of the inverse reduction;
        // bounded from the shortest reduced step, which is enough for a loop limit
        let most = (grid.count[d] - 1) as f64;
        let extent = extent_along(reduction, d) / grid.step[d].abs().max(f64::MIN_POSITIVE);
        extent.min(most).floor() as i32
    });
    let mut offsets = Vec::new();
    for z in -reach[2]..=reach[2] {
        for y in -reach[1]..=reach[1] {
            for x in -reach[0]..=reach[0] {
                let lag = [0, 1, 2].map(|d| f64::from([x, y, z][d]) * grid.step[d]);
                let distance = squared_norm(apply(reduction, lag));
                if distance <= 1.0 {
                    offsets.push((distance, [x, y, z]));
                }
            }
        }
    }
    let compare =
        |a: &(f64, [i32; 3]), b: &(f64, [i32; 3])| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
    if offsets.len() > TEMPLATE {
        offsets.select_nth_unstable_by(TEMPLATE, compare);
        offsets.truncate(TEMPLATE);
    }
    offsets.sort_unstable_by(compare);
    offsets.into_iter().map(|(_, offset)| offset).collect()
}

/// Largest coordinate along axis `d` on the ellipsoid |R·lag| = 1: the norm of row d of R⁻¹.
fn extent_along(r: &[[f64; 3]; 3], d: usize) -> f64 {
    let minor = |i: usize, j: usize| {
        let (a, b) = ((i + 1) % 3, (i + 2) % 3);
        let (c, e) = ((j + 1) % 3, (j + 2) % 3);
        r[a][c] * r[b][e] - r[a][e] * r[b][c]
    };
    let determinant: f64 = (0..3).map(|j| r[0][j] * minor(0, j)).sum();
    (0..3).map(|i| (minor(i, d) / determinant).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rotation;

    #[test]
    fn the_template_reaches_the_ends_of_a_rotated_ellipsoid() {
        let grid = Grid { origin: [0.0; 3], step: [1.0; 3], count: [100, 100, 1] };
        let rotation = Rotation { azimuth: 45.0, dip: 0.0, plunge: 0.0 };
        let search = Ellipsoid { radii: [30.0, 5.0, 5.0], rotation };
        let offsets = template(&grid, &search.reduction());
        assert!(offsets.contains(&[21, 21, 0]) && offsets.contains(&[-21, -21, 0]));
        assert!(!offsets.contains(&[21, -21, 0]));
        let area = std::f64::consts::PI * 150.0;
        assert!((offsets.len() as f64 / area - 1.0).abs() < 0.03);
        assert_eq!(offsets[0], [0; 3]);
    }

    #[test]
    fn samples_between_nodes_keep_their_places() {
        let grid = Grid { origin: [0.0; 3], step: [1.0; 3], count: [9, 9, 1] };
        let samples = [[4.2, 4.0, 0.0], [2.0, 2.0, 0.0], [50.0, 0.0, 0.0]];
        let around = Surroundings::new(grid, &samples, &Ellipsoid::ball(3.0)).unwrap();
        assert_eq!(around.on_node, [(1, 20)]);
        assert_eq!(around.unreachable, 1);
        let mut rank = vec![9; 81];
        rank[20] = 0;
        let mut found = Vec::new();
        around.collect(4 * 9 + 4, &rank, 5, &mut found);
        assert_eq!(found, [(81, samples[0]), (20, [2.0, 2.0, 0.0])]);
    }

    #[test]
    fn a_grid_of_zero_step_is_refused() {
        let grid = Grid { origin: [0.0; 3], step: [1.0, 0.0, 1.0], count: [2, 2, 1] };
        let refused = Surroundings::new(grid, &[], &Ellipsoid::ball(3.0));
        assert!(matches!(refused, Err(SimulationError::Grid { .. })));
    }
}
