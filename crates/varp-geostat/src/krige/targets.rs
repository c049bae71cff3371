//! Where estimates are wanted, and on which support.

use super::samples::{Frame, check_finite};
use crate::error::{KrigingError, is_usable};
use crate::model::apply;
use crate::search::{Bins, bounds};

/// A regular grid of nodes, x fastest, then y, then z.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// First node (a block's centre).
    pub origin: [f64; 3],
    /// Between nodes, each above 0 where there is more than one.
    pub step: [f64; 3],
    /// Number of nodes on each axis.
    pub count: [usize; 3],
}

impl Grid {
    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.count.iter().product()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Place of node `id`.
    pub fn place(&self, id: usize) -> [f64; 3] {
        let steps = self.steps(id);
        [0, 1, 2].map(|d| self.origin[d] + steps[d])
    }

    fn steps(&self, id: usize) -> [f64; 3] {
        let [nx, ny, _] = self.count;
        let index = [id % nx, id / nx % ny, id / nx / ny];
        [0, 1, 2].map(|d| index[d] as f64 * self.step[d])
    }
}

/// Shape of the targets.
#[derive(Debug, Clone, Copy)]
pub enum Places<'a> {
    /// Any places.
    Points(&'a [[f64; 3]]),
    /// Nodes of a grid.
    Grid(Grid),
    /// Polygons or bodies, each by the points that represent it with equal weight.
    Areas(&'a [Vec<[f64; 3]>]),
}

/// Support of points and grid nodes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Support {
    /// The value at the place; a sample exactly there is honoured, its nugget included.
    Point,
    /// The mean over a box around the place, by a regular grid of points at the centres of equal
    /// parts. The nugget counts in no covariance of a block, as in gstat and GSLIB.
    Block {
        /// Full edge lengths.
        size: [f64; 3],
        /// Number of points on each axis, such as `[4, 4, 1]`.
        parts: [usize; 3],
    },
}

/// What is to be estimated.
#[derive(Debug, Clone, Copy)]
pub struct Targets<'a> {
    /// Where.
    pub places: Places<'a>,
    /// Over what.
    pub support: Support,
    /// Columns of external drifts, one number for each target (its mean over the support).
    pub external: &'a [&'a [f64]],
}

impl<'a> Targets<'a> {
    /// Values at points.
    pub fn points(points: &'a [[f64; 3]]) -> Self {
        Self { places: Places::Points(points), support: Support::Point, external: &[] }
    }

    /// Values at grid nodes.
    pub fn grid(grid: Grid) -> Self {
        Self { places: Places::Grid(grid), support: Support::Point, external: &[] }
    }

    /// Means over areas, each given by its points.
    pub fn areas(areas: &'a [Vec<[f64; 3]>]) -> Self {
        Self { places: Places::Areas(areas), support: Support::Point, external: &[] }
    }

    /// Means over blocks around the same places.
    pub fn blocks(self, size: [f64; 3], parts: [usize; 3]) -> Self {
        Self { support: Support::Block { size, parts }, ..self }
    }

    /// With columns of external drifts.
    pub fn with_external(self, external: &'a [&'a [f64]]) -> Self {
        Self { external, ..self }
    }

    /// Number of targets.
    pub fn len(&self) -> usize {
        match self.places {
            Places::Points(p) => p.len(),
            Places::Grid(g) => g.len(),
            Places::Areas(a) => a.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Centre of target `id`.
    pub fn place(&self, id: usize) -> [f64; 3] {
        match self.places {
            Places::Points(p) => p[id],
            Places::Grid(g) => g.place(id),
            Places::Areas(a) => {
                let sum = a[id].iter().fold([0.0; 3], |s, p| [0, 1, 2].map(|d| s[d] + p[d]));
                sum.map(|s| s / a[id].len() as f64)
            }
        }
    }

    /// Smallest and largest coordinate of the centres on each axis; zeros without targets.
    pub fn bounds(&self) -> ([f64; 3], [f64; 3]) {
        match self.places {
            Places::Points(p) => bounds(p),
            Places::Grid(g) if g.is_empty() => ([0.0; 3], [0.0; 3]),
            Places::Grid(g) => (g.origin, g.place(g.len() - 1)),
            Places::Areas(_) => {
                let centres: Vec<[f64; 3]> = (0..self.len()).map(|id| self.place(id)).collect();
                bounds(&centres)
            }
        }
    }

    /// Centre of target `id` counted from the samples' corner; grids add their steps last, so that
    /// far origins cost no digits.
    pub(crate) fn shifted(&self, id: usize, frame: &Frame) -> [f64; 3] {
        match self.places {
            Places::Grid(g) => {
                let (start, steps) = (frame.shift(g.origin), g.steps(id));
                [0, 1, 2].map(|d| start[d] + steps[d])
            }
            Places::Areas(a) => {
                let add = |s: [f64; 3], p: &[f64; 3]| {
                    let q = frame.shift(*p);
                    [0, 1, 2].map(|d| s[d] + q[d])
                };
                a[id].iter().fold([0.0; 3], add).map(|s| s / a[id].len() as f64)
            }
            Places::Points(p) => frame.shift(p[id]),
        }
    }

    pub(crate) fn check(&self, external: usize) -> Result<(), KrigingError> {
        match self.places {
            Places::Points(points) => check_places(points)?,
            Places::Areas(areas) => {
                for (area, points) in areas.iter().enumerate() {
                    check_places(points)?;
                    if points.is_empty() {
                        return Err(KrigingError::EmptyArea { area });
                    }
                }
            }
            Places::Grid(Grid { origin, step, count }) => {
                check_places(&[origin])?;
                let still = |d: usize| count[d] > 1 && step[d] == 0.0;
                if count.contains(&0) || (0..3).any(|d| !is_usable(step[d]) || still(d)) {
                    return Err(KrigingError::Grid { count, step });
                }
            }
        }
        if let Support::Block { size, parts } = self.support {
            let bad = size.iter().any(|s| !(is_usable(*s) && *s >= 0.0));
            if bad || parts.contains(&0) {
                return Err(KrigingError::Block { size, parts });
            }
        }
        let wrong = |column, found, expected, rows| {
            Err(KrigingError::Length { column, found, expected, rows })
        };
        if self.external.len() != external {
            return wrong("list of external drifts", self.external.len(), external, "in the trend");
        }
        for column in self.external {
            if column.len() != self.len() {
                return wrong("external drift", column.len(), self.len(), "targets");
            }
            check_finite("external drift", column.iter().copied())?;
        }
        Ok(())
    }

    /// Points of the support relative to the centre, for all targets alike; `None` for areas.
    pub(crate) fn offsets(&self) -> Option<Vec<[f64; 3]>> {
        match (self.places, self.support) {
            (Places::Areas(_), _) => None,
            (_, Support::Point) => Some(vec![[0.0; 3]]),
            (_, Support::Block { size, parts }) => Some(block_offsets(size, parts)),
        }
    }

    /// Whether each target is one point.
    pub(crate) fn are_points(&self) -> bool {
        !matches!(self.places, Places::Areas(_)) && self.support == Support::Point
    }
}

fn check_places(points: &[[f64; 3]]) -> Result<(), KrigingError> {
    for (column, at) in [("target x", 0), ("target y", 1), ("target z", 2)] {
        check_finite(column, points.iter().map(|p| p[at]))?;
    }
    Ok(())
}

fn block_offsets(size: [f64; 3], parts: [usize; 3]) -> Vec<[f64; 3]> {
    let along = |d: usize, i: usize| ((i as f64 + 0.5) / parts[d] as f64 - 0.5) * size[d];
    let mut offsets = Vec::with_capacity(parts.iter().product());
    for k in 0..parts[2] {
        for j in 0..parts[1] {
            for i in 0..parts[0] {
                offsets.push([along(0, i), along(1, j), along(2, k)]);
            }
        }
    }
    offsets
}

/// Targets in groups of neighbours that share a candidate list.
pub(crate) enum Groups {
    /// Tiles of a grid: nodes of a tile and tiles of the grid along each axis.
    Tiles { grid: Grid, tile: [usize; 3], tiles: [usize; 3] },
    /// Any targets, sorted into cells.
    Cells { order: Vec<u32>, start: Vec<usize> },
}

impl Groups {
    /// About `size` targets in each group, compact in the space of search.
    pub fn new(targets: &Targets<'_>, frame: &Frame, size: usize) -> Self {
        if let Places::Grid(grid) = targets.places {
            return Self::tiles(grid, tile_shape(&grid, &frame.space, size));
        }
        let place = |id| apply(&frame.space, targets.shifted(id, frame));
        let places: Vec<[f64; 3]> = (0..targets.len()).map(place).collect();
        let bins = Bins::new(&places, size as f64);
        let mut start = vec![0];
        bins.for_cells(|_, end| {
            // A crowded cell is cut so that no group is more than four times as large.
            while end - start[start.len() - 1] > 4 * size {
                start.push(start[start.len() - 1] + 4 * size);
            }
            if end > start[start.len() - 1] {
                start.push(end);
            }
        });
        Self::Cells { order: bins.id, start }
    }

    /// Tiles of a given shape.
    pub fn tiles(grid: Grid, tile: [usize; 3]) -> Self {
        let tiles = [0, 1, 2].map(|d| grid.count[d].div_ceil(tile[d]));
        Self::Tiles { grid, tile, tiles }
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Tiles { tiles, .. } => tiles.iter().product(),
            Self::Cells { start, .. } => start.len() - 1,
        }
    }

    /// Numbers of the targets of group `g`.
    pub fn members(&self, g: usize, out: &mut Vec<u32>) {
        out.clear();
        match self {
            Self::Cells { order, start } => out.extend(&order[start[g]..start[g + 1]]),
            Self::Tiles { grid, tile, tiles } => {
                let corner = [g % tiles[0], g / tiles[0] % tiles[1], g / tiles[0] / tiles[1]];
                let low = [0, 1, 2].map(|d| corner[d] * tile[d]);
                let high = [0, 1, 2].map(|d| (low[d] + tile[d]).min(grid.count[d]));
                for k in low[2]..high[2] {
                    for j in low[1]..high[1] {
                        let row = (k * grid.count[1] + j) * grid.count[0];
                        out.extend((row + low[0]..row + high[0]).map(|id| id as u32));
                    }
                }
            }
        }
    }
}

/// Doubles the shortest side until the tile holds `size` nodes.
fn tile_shape(grid: &Grid, space: &[[f64; 3]; 3], size: usize) -> [usize; 3] {
    let mut tile = [1usize; 3];
    let length = |tile: &[usize; 3], d: usize| {
        let mut step = [0.0; 3];
        step[d] = grid.step[d] * tile[d] as f64;
        crate::model::squared_norm(apply(space, step))
    };
    while tile.iter().product::<usize>() < size {
        let growing = (0..3).filter(|d| tile[*d] < grid.count[*d]);
        match growing.min_by(|a, b| length(&tile, *a).total_cmp(&length(&tile, *b))) {
            Some(d) => tile[d] *= 2,
            None => break,
        }
    }
    tile
}

/// Middle and half diagonal of the bounding box.
pub(crate) fn middle_and_half(places: &[[f64; 3]]) -> ([f64; 3], f64) {
    let (low, high) = bounds(places);
    let half = [0, 1, 2].map(|d| 0.5 * (high[d] - low[d]));
    ([0, 1, 2].map(|d| low[d] + half[d]), crate::model::squared_norm(half).sqrt())
}
