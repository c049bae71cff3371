//! Samples sorted into the cells of a grid.

use crate::model::squared_norm;

/// Points in cells, x fastest; within a cell in the order given.
#[derive(Debug, Clone)]
pub(crate) struct Bins {
    /// Coordinates by position, one vector for each axis.
    pub at: [Vec<f64>; 3],
    /// The point's number in the order given, by position.
    pub id: Vec<u32>,
    start: Vec<u32>,
    count: [usize; 3],
    low: [f64; 3],
    high: [f64; 3],
    size: [f64; 3],
}

impl Bins {
    /// Cells of a given edge at least, never more than four for each point.
    pub fn with_edge(points: &[[f64; 3]], edge: f64) -> Self {
        let (low, high) = bounds(points);
        let cells = (0..3).map(|d| ((high[d] - low[d]) / edge).floor() + 1.0).product::<f64>();
        Self::new(points, (points.len() as f64 / cells).max(0.25))
    }

    /// About `per_cell` points in each cell.
    pub fn new(points: &[[f64; 3]], per_cell: f64) -> Self {
        let (low, high) = bounds(points);
        let extent = [0, 1, 2].map(|d| high[d] - low[d]);
        let size = cell_size(extent, points.len() as f64 / per_cell);
        let count = [0, 1, 2].map(|d| cells_along(extent[d], size));
        let mut bins = Self {
            at: [(); 3].map(|()| vec![0.0; points.len()]),
            id: vec![0; points.len()],
            start: vec![0; count[0] * count[1] * count[2] + 1],
            count,
            low,
            high,
            size: [size; 3],
        };
        for p in points {
            let cell = bins.cell(*p);
            bins.start[cell + 1] += 1;
        }
        for c in 1..bins.start.len() {
            bins.start[c] += bins.start[c - 1];
        }
        let mut next = bins.start.clone();
        for (i, p) in points.iter().enumerate() {
            let slot = &mut next[bins.cell(*p)];
            let position = *slot as usize;
            *slot += 1;
            for d in 0..3 {
                bins.at[d][position] = p[d];
            }
            bins.id[position] = i as u32;
        }
        bins
    }

    pub fn len(&self) -> usize {
        self.id.len()
    }

    pub fn place(&self, position: usize) -> [f64; 3] {
        [self.at[0][position], self.at[1][position], self.at[2][position]]
    }

    fn index(&self, d: usize, x: f64) -> usize {
        // A negative or huge quotient saturates.
        (((x - self.low[d]) / self.size[d]) as usize).min(self.count[d] - 1)
    }

    fn cell(&self, p: [f64; 3]) -> usize {
        let [i, j, k] = [0, 1, 2].map(|d| self.index(d, p[d]));
        (k * self.count[1] + j) * self.count[0] + i
    }

    /// Ranges of positions of the cells, in order.
    pub fn for_cells(&self, mut visit: impl FnMut(usize, usize)) {
        self.start.windows(2).for_each(|w| visit(w[0] as usize, w[1] as usize));
    }

    /// Ranges of positions whose cells touch the box `centre ± radius`.
    pub fn for_box(&self, centre: [f64; 3], radius: f64, mut visit: impl FnMut(usize, usize)) {
        let from = [0, 1, 2].map(|d| self.index(d, centre[d] - radius));
        let to = [0, 1, 2].map(|d| self.index(d, centre[d] + radius));
        for k in from[2]..=to[2] {
            for j in from[1]..=to[1] {
                let row = (k * self.count[1] + j) * self.count[0];
                let (a, b) = (self.start[row + from[0]], self.start[row + to[0] + 1]);
                visit(a as usize, b as usize);
            }
        }
    }

    /// Edge of the cells.
    pub fn edge(&self) -> f64 {
        self.size[0]
    }

    /// Ranges of positions whose cells touch the part of `place ± radius` in an octant: bit `d` of
    /// `octant` says whether the coordinate `d` rises from the place.
    pub fn for_octant(
        &self,
        place: [f64; 3],
        octant: usize,
        radius: f64,
        mut visit: impl FnMut(usize, usize),
    ) {
        let rises = |d: usize| octant >> d & 1 == 1;
        let below = |d: usize| if rises(d) { place[d] } else { place[d] - radius };
        let above = |d: usize| if rises(d) { place[d] + radius } else { place[d] };
        let from = [0, 1, 2].map(|d| self.index(d, below(d)));
        let to = [0, 1, 2].map(|d| self.index(d, above(d)));
        for k in from[2]..=to[2] {
            for j in from[1]..=to[1] {
                let row = (k * self.count[1] + j) * self.count[0];
                let (a, b) = (self.start[row + from[0]], self.start[row + to[0] + 1]);
                visit(a as usize, b as usize);
            }
        }
    }

    /// Distance from `place` beyond which an octant holds no point; below 0 where it holds none.
    pub fn octant_end(&self, place: [f64; 3], octant: usize) -> f64 {
        let mut squared = 0.0;
        for d in 0..3 {
            let rises = octant >> d & 1 == 1;
            let room = if rises { self.high[d] - place[d] } else { place[d] - self.low[d] };
            if room < 0.0 || (room == 0.0 && !rises) {
                return -1.0;
            }
            squared += room * room;
        }
        squared.sqrt() * (1.0 + 1e-12)
    }

    /// Ranges of positions from `first` on whose cells touch the ball around `centre`.
    pub fn for_ball(
        &self,
        centre: [f64; 3],
        radius: f64,
        first: usize,
        mut visit: impl FnMut(usize, usize),
    ) {
        let from = [0, 1, 2].map(|d| self.index(d, centre[d] - radius));
        let to = [0, 1, 2].map(|d| self.index(d, centre[d] + radius));
        for k in from[2]..=to[2] {
            for j in from[1]..=to[1] {
                let (y, z) = (self.gap(1, j, centre[1]), self.gap(2, k, centre[2]));
                let squared = radius * radius * (1.0 + 1e-12) - y * y - z * z;
                if squared < 0.0 {
                    continue;
                }
                let half = squared.sqrt() * (1.0 + 1e-12);
                let row = (k * self.count[1] + j) * self.count[0];
                let a = self.start[row + self.index(0, centre[0] - half)] as usize;
                let b = self.start[row + self.index(0, centre[0] + half) + 1] as usize;
                if b > first {
                    visit(a.max(first), b);
                }
            }
        }
    }

    /// Distance along axis `d` from `x` to cell `i`; outermost cells reach to infinity.
    fn gap(&self, d: usize, i: usize, x: f64) -> f64 {
        let low = self.low[d] + i as f64 * self.size[d];
        let slack = 1e-9 * self.size[d];
        let below = if i == 0 { 0.0 } else { low - slack - x };
        let above = if i + 1 == self.count[d] { 0.0 } else { x - low - self.size[d] - slack };
        below.max(above).max(0.0)
    }

    /// Positions of all points that can be among the `k` nearest of any place within `half` of
    /// `centre` and within `reach` of it, ascending. Returns the distance from `centre` up to
    /// which `out` is complete.
    pub fn candidates(
        &self,
        centre: [f64; 3],
        half: f64,
        k: usize,
        reach: f64,
        out: &mut Vec<u32>,
    ) -> f64 {
        let limit = reach + half;
        let mut radius = if k >= self.len() { f64::INFINITY } else { self.first_radius(centre, k) };
        let mut distances = Vec::new();
        while radius < limit && radius.is_finite() {
            distances.clear();
            let squared = radius * radius;
            self.for_box(centre, radius, |a, b| {
                distances.extend((a..b).map(|p| self.squared(p, centre)).filter(|d| *d <= squared));
            });
            if distances.len() >= k {
                let kth = distances.select_nth_unstable_by(k - 1, f64::total_cmp).1.sqrt();
                radius = kth + 2.0 * half;
                break;
            }
            radius *= if distances.len() * 4 < k { 2.0 } else { 1.3 };
            if distances.len() == self.len() {
                radius = f64::INFINITY;
            }
        }
        radius = radius.min(limit) * (1.0 + 1e-12);
        self.within(centre, radius, out);
        radius
    }

    /// Positions of all points within `radius` of `centre`, ascending.
    pub fn within(&self, centre: [f64; 3], radius: f64, out: &mut Vec<u32>) {
        out.clear();
        let squared = radius * radius;
        if squared.is_infinite() {
            out.extend(0..self.len() as u32);
            return;
        }
        self.for_box(centre, radius, |a, b| {
            out.extend((a..b).filter(|&p| self.squared(p, centre) <= squared).map(|p| p as u32));
        });
    }

    /// Distance from the point at `position` to the nearest other.
    pub fn nearest_other(&self, position: usize) -> f64 {
        let centre = self.place(position);
        let mut near = Vec::new();
        self.candidates(centre, 0.0, 2, f64::INFINITY, &mut near);
        let others = near.iter().filter(|p| **p as usize != position);
        others.map(|p| self.squared(*p as usize, centre)).fold(f64::INFINITY, f64::min).sqrt()
    }

    fn squared(&self, position: usize, centre: [f64; 3]) -> f64 {
        let p = self.place(position);
        squared_norm([p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]])
    }

    /// A radius that holds about `k` points where density is average, plus the way to the data.
    fn first_radius(&self, centre: [f64; 3], k: usize) -> f64 {
        let gap =
            [0, 1, 2].map(|d| (self.low[d] - centre[d]).max(centre[d] - self.high[d]).max(0.0));
        let extents = [0, 1, 2].map(|d| self.high[d] - self.low[d]);
        let used: Vec<f64> = extents.into_iter().filter(|e| *e > 0.0).collect();
        let share = k as f64 / self.len() as f64;
        let volume = share * used.iter().product::<f64>();
        let ball = [2.0, 2.0, std::f64::consts::PI, 4.0 / 3.0 * std::f64::consts::PI][used.len()];
        let radius = (volume / ball).powf(1.0 / used.len().max(1) as f64) * 1.15;
        squared_norm(gap).sqrt() + radius.max(f64::MIN_POSITIVE)
    }
}

/// Smallest and largest coordinate on each axis; zeros without points.
pub(crate) fn bounds(points: &[[f64; 3]]) -> ([f64; 3], [f64; 3]) {
    let Some(first) = points.first() else { return ([0.0; 3], [0.0; 3]) };
    points.iter().fold((*first, *first), |(low, high), p| {
        ([0, 1, 2].map(|d| low[d].min(p[d])), [0, 1, 2].map(|d| high[d].max(p[d])))
    })
}

/// Edge of cubic cells so that about `cells` of them cover the extent; flat axes do not count.
fn cell_size(extent: [f64; 3], cells: f64) -> f64 {
    let mut axes: Vec<f64> = extent.into_iter().filter(|e| *e > 0.0).collect();
    axes.sort_unstable_by(f64::total_cmp);
    // An axis shorter than the cell is flat too: leave it out and look again.
    while !axes.is_empty() {
        let power = 1.0 / axes.len() as f64;
        let size = axes.iter().map(|e| e.powf(power)).product::<f64>() / cells.max(1.0).powf(power);
        if size <= axes[0] || axes.len() == 1 {
            return if size > 0.0 { size } else { 1.0 };
        }
        axes.remove(0);
    }
    1.0
}

fn cells_along(extent: f64, size: f64) -> usize {
    (extent / size) as usize + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(n: usize) -> Vec<[f64; 3]> {
        let mut s = 1u64;
        let mut next = move || {
            s = s.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (s >> 11) as f64 / (1u64 << 53) as f64
        };
        (0..n).map(|_| [100.0 * next(), 50.0 * next(), 2.0 * next()]).collect()
    }

    #[test]
    fn candidates_contain_the_nearest_of_every_place_near_the_centre() {
        let data = points(3_000);
        let bins = Bins::new(&data, 2.0);
        let mut out = Vec::new();
        for centre in [[50.0, 25.0, 1.0], [-300.0, 25.0, 1.0], [100.0, 50.0, 40.0]] {
            let half = 2.0;
            bins.candidates(centre, half, 20, f64::INFINITY, &mut out);
            let place = [centre[0] + 1.2, centre[1] - 1.5, centre[2]];
            let distance = |p: &[f64; 3]| squared_norm([0, 1, 2].map(|d| p[d] - place[d]));
            let mut order: Vec<usize> = (0..data.len()).collect();
            order.sort_by(|a, b| distance(&data[*a]).total_cmp(&distance(&data[*b])));
            for id in &order[..20] {
                assert!(out.iter().any(|p| bins.id[*p as usize] as usize == *id));
            }
        }
    }

    #[test]
    fn flat_and_coincident_points_make_few_cells() {
        let same = vec![[1e12, 5.0, 0.0]; 100];
        assert_eq!(Bins::new(&same, 2.0).start.len(), 2);
        let line: Vec<[f64; 3]> =
            (0..1000).map(|i| [f64::from(i), 0.0, 1e-9 * f64::from(i)]).collect();
        assert!(Bins::new(&line, 2.0).start.len() < 2_000);
    }
}
