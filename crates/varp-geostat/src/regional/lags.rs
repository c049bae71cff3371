//! Distances once for all candidates of continuity: between samples, from samples to cells, between cells.

use super::Region;
use super::covariance::Continuity;

/// Distances and products that correlations are made of.
pub(super) struct Lags {
    /// Lower triangle of samples without the diagonal, row by row.
    samples: Vec<Lag>,
    /// Row of samples for each node.
    across: Vec<CellLag>,
    /// Lower triangle of nodes with the diagonal.
    nodes: Vec<CellLag>,
    /// Product of each sample's scaled coordinates with themselves.
    pub own: Vec<f64>,
    /// Upward distances of all cell lags with their weights.
    ups: Vec<(f64, f64)>,
    /// Whether heights differ.
    solid: bool,
}

/// Horizontal and vertical distance, and the product of scaled coordinates that a drift needs.
struct Lag {
    flat: f64,
    up: f64,
    product: f64,
}

/// A lag that ends in a cell: correlation is the mean over its distances.
struct CellLag {
    /// Horizontal distances of equal weight; the first `count` count.
    flats: [f64; 4],
    count: usize,
    /// Where its upward distances stand.
    ups: (u32, u32),
    product: f64,
}

/// Most slabs of sample height that a cell is cut into.
const MOST_SLABS: usize = 6;
/// Slabs of a cell where samples are points.
const SLABS_OF_POINTS: usize = 4;

impl Lags {
    pub fn new(region: &Region<'_>) -> Self {
        let (places, nodes) = (region.places, region.nodes);
        let (sample_drift, node_drift) = drifts(region);
        let product = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let heights = || places.iter().chain(nodes).map(|p| p[2]);
        let (low, top) = heights().fold((f64::MAX, f64::MIN), |(l, h), z| (l.min(z), h.max(z)));
        let solid = top > low;
        let between = |i: usize, j: usize| Lag {
            flat: flat(places[i], places[j]),
            up: (places[i][2] - places[j][2]).abs(),
            product: product(sample_drift[i], sample_drift[j]),
        };
        let mut lags = Self {
            samples: (0..places.len())
                .flat_map(|i| (0..i).map(move |j| (i, j)))
                .map(|(i, j)| between(i, j))
                .collect(),
            across: Vec::with_capacity(nodes.len() * places.len()),
            nodes: Vec::with_capacity(nodes.len() * (nodes.len() + 1) / 2),
            own: sample_drift.iter().map(|p| product(*p, *p)).collect(),
            ups: Vec::new(),
            solid,
        };
        let [wide, high] = region.cell;
        let slabs = match (solid && high > 0.0, region.slab > 0.0) {
            (false, _) => 1,
            (true, false) => SLABS_OF_POINTS,
            (true, true) => ((high / region.slab).round() as usize).clamp(1, MOST_SLABS),
        };
        let step = high / slabs as f64;
        for (n, n_drift) in nodes.iter().zip(&node_drift) {
            for (p, p_drift) in places.iter().zip(&sample_drift) {
                let (flats, count) = to_cell([p[0] - n[0], p[1] - n[1]], wide);
                let ups = lags.slabs_from(p[2] - n[2], (slabs, step));
                lags.across.push(CellLag {
                    flats,
                    count,
                    ups,
                    product: product(*n_drift, *p_drift),
                });
            }
        }
        for (i, a) in nodes.iter().enumerate() {
            for (j, b) in nodes[..=i].iter().enumerate() {
                let (flats, count) = between_cells([a[0] - b[0], a[1] - b[1]], wide);
                let ups = lags.slabs_between(a[2] - b[2], (slabs, step));
                lags.nodes.push(CellLag {
                    flats,
                    count,
                    ups,
                    product: product(node_drift[i], node_drift[j]),
                });
            }
        }
        lags
    }

    /// From a height to each slab of a cell.
    fn slabs_from(&mut self, up: f64, (slabs, step): (usize, f64)) -> (u32, u32) {
        let start = self.ups.len() as u32;
        let middle = 0.5 * (slabs as f64 - 1.0);
        let share = 1.0 / slabs as f64;
        let slab = |k: usize| ((up - (k as f64 - middle) * step).abs(), share);
        self.ups.extend((0..slabs).map(slab));
        (start, self.ups.len() as u32)
    }

    /// From each slab of a cell to each of another.
    fn slabs_between(&mut self, up: f64, (slabs, step): (usize, f64)) -> (u32, u32) {
        let start = self.ups.len() as u32;
        let square = (slabs * slabs) as f64;
        for apart in 0..slabs {
            let share = (slabs - apart) as f64 / square;
            let by = apart as f64 * step;
            match (apart, up == 0.0) {
                (0, _) => self.ups.push((up.abs(), share)),
                (_, true) => self.ups.push((by, 2.0 * share)),
                _ => self.ups.extend([((up + by).abs(), share), ((up - by).abs(), share)]),
            }
        }
        (start, self.ups.len() as u32)
    }

    /// Correlations of samples: lower triangle without the diagonal, without the nugget, with the drift.
    pub fn samples<'a>(&'a self, c: &'a Continuity) -> impl Iterator<Item = f64> + 'a {
        let one = |l: &Lag| c.correlation(l.flat, l.up, self.solid) + c.drift * l.product;
        self.samples.iter().map(one)
    }

    /// Mean correlations of the samples with each cell, one row of samples for each.
    pub fn across<'a>(&'a self, c: &'a Continuity) -> impl Iterator<Item = f64> + 'a {
        self.across.iter().map(|l| self.mean(l, c) + c.drift * l.product)
    }

    /// Mean correlations of cells: lower triangle with the diagonal.
    pub fn nodes<'a>(&'a self, c: &'a Continuity) -> impl Iterator<Item = f64> + 'a {
        self.nodes.iter().map(|l| self.mean(l, c) + c.drift * l.product)
    }

    /// Mean correlation within a cell.
    pub fn within(&self, c: &Continuity) -> f64 {
        self.nodes.first().map_or(1.0, |l| self.mean(l, c))
    }

    fn mean(&self, lag: &CellLag, c: &Continuity) -> f64 {
        let flats = &lag.flats[..lag.count];
        let ups = &self.ups[lag.ups.0 as usize..lag.ups.1 as usize];
        let share = 1.0 / lag.count as f64;
        let rest = 1.0 - c.nugget;
        if !self.solid {
            return rest * share * flats.iter().map(|f| (-3.0 * f / c.range).exp()).sum::<f64>();
        }
        let (mut body, mut layer) = (0.0, 0.0);
        for (up, weight) in ups {
            let up = up / c.vertical;
            let one = |f: &f64| (-3.0 * ((f / c.range).powi(2) + up * up).sqrt()).exp();
            body += weight * flats.iter().map(one).sum::<f64>();
            if c.layers > 0.0 {
                layer += weight * (-3.0 * up).exp();
            }
        }
        rest * ((1.0 - c.layers) * share * body + c.layers * layer)
    }
}

/// What drifts follow, at samples and at nodes, counted from the middle of the nodes in their widths: east, north,
/// and what the region names.
fn drifts(region: &Region<'_>) -> (Vec<[f64; 3]>, Vec<[f64; 3]>) {
    let count = region.nodes.len() as f64;
    let middle = |of: &dyn Fn(&[f64; 3]) -> f64| region.nodes.iter().map(of).sum::<f64>() / count;
    let (east, north) = (middle(&|p| p[0]), middle(&|p| p[1]));
    let width = middle(&|p| (p[0] - east).powi(2) + (p[1] - north).powi(2)).max(1e-12).sqrt();
    let follows = region.follows.map(|(samples, nodes)| {
        let mean = nodes.iter().sum::<f64>() / count;
        let spread = (nodes.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count).sqrt();
        let scaled = move |v: &f64| (v - mean) / spread.max(1e-12);
        [samples, nodes].map(|all| all.iter().map(scaled).collect::<Vec<f64>>())
    });
    let of = |places: &[[f64; 3]], list: usize| {
        let third = |i: usize| follows.as_ref().map_or(0.0, |f| f[list][i]);
        let one =
            |(i, p): (usize, &[f64; 3])| [(p[0] - east) / width, (p[1] - north) / width, third(i)];
        places.iter().enumerate().map(one).collect()
    };
    (of(region.places, 0), of(region.nodes, 1))
}

fn flat(a: [f64; 3], b: [f64; 3]) -> f64 {
    ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sqrt()
}

/// Horizontal distances from a place to a square cell whose middle lies `by` away: from afar that of the
/// middle, near by those of four points, by Gauss's rule, and from the middle
/// itself two with the mean and the spread of all, 0.383 ± 0.143 edges.
fn to_cell(by: [f64; 2], edge: f64) -> ([f64; 4], usize) {
    match by[0].hypot(by[1]) {
        far if far >= 1.2 * edge => ([far, 0.0, 0.0, 0.0], 1),
        near if near < 0.2 * edge => ([0.240 * edge, 0.525 * edge, 0.0, 0.0], 2),
        _ => (around(by, edge / 12.0_f64.sqrt()), 4),
    }
}

/// Horizontal distances between two square cells: from afar that of their middles, near by four with the
/// spread of the difference of two places, and within one cell two with the mean and the spread of all,
/// 0.521 ± 0.248 edges.
fn between_cells(by: [f64; 2], edge: f64) -> ([f64; 4], usize) {
    match by[0].hypot(by[1]) {
        far if far >= 1.7 * edge => ([far, 0.0, 0.0, 0.0], 1),
        near if near < 0.2 * edge => ([0.273 * edge, 0.769 * edge, 0.0, 0.0], 2),
        _ => (around(by, edge / 6.0_f64.sqrt()), 4),
    }
}

fn around(by: [f64; 2], step: f64) -> [f64; 4] {
    [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)]
        .map(|(east, north)| (by[0] + east * step).hypot(by[1] + north * step))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean of exp(−3·h/range) over pairs of places of two unit squares, or from a place, on a fine grid.
    fn dense(by: [f64; 2], range: f64, point: bool) -> f64 {
        let steps = if point { 80 } else { 14 };
        let at = |k: usize| (k as f64 + 0.5) / steps as f64 - 0.5;
        let cell: Vec<[f64; 2]> =
            (0..steps * steps).map(|i| [at(i % steps), at(i / steps)]).collect();
        let starts = if point { vec![[0.0; 2]] } else { cell.clone() };
        let one = |a: &[f64; 2], b: &[f64; 2]| {
            (-3.0 * (by[0] + a[0] - b[0]).hypot(by[1] + a[1] - b[1]) / range).exp()
        };
        let sum: f64 = starts.iter().map(|a| cell.iter().map(|b| one(a, b)).sum::<f64>()).sum();
        sum / (starts.len() * cell.len()) as f64
    }

    fn mean((flats, count): ([f64; 4], usize), range: f64) -> f64 {
        flats[..count].iter().map(|f| (-3.0 * f / range).exp()).sum::<f64>() / count as f64
    }

    #[test]
    fn a_few_distances_give_the_mean_over_cells() {
        for by in
            [[0.0, 0.0], [0.3, 0.1], [0.5, 0.5], [1.0, 0.0], [1.0, 1.0], [2.0, 0.0], [3.0, 2.0]]
        {
            for range in [1.5, 3.0, 9.0] {
                // in units of the correlation at distance 0, which is 1
                let point = mean(to_cell(by, 1.0), range) - dense(by, range, true);
                assert!(point.abs() < 0.025, "{by:?} {range} {point}");
                if by[0].fract() == 0.0 {
                    let cells = mean(between_cells(by, 1.0), range) - dense(by, range, false);
                    assert!(cells.abs() < 0.015, "{by:?} {range} {cells}");
                }
            }
        }
    }
}
