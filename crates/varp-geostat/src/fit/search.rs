//! The search over ranges, ratios and angles.

use super::{Anisotropy, Class, FitPlan, ellipsoid};
use crate::error::FitError;
use crate::model::{Rotation, Structure};

/// Bounds of the searched parameters: ranges first, then angles.
pub(crate) struct Space {
    low: Vec<f64>,
    high: Vec<f64>,
    /// Ranges of each structure.
    ranges: usize,
    structures: usize,
    /// Searched on a logarithmic scale.
    logarithmic: Vec<bool>,
}

impl Space {
    pub fn new(plan: &FitPlan, classes: &[Class]) -> Result<Self, FitError> {
        let distances = || classes.iter().map(|c| c.distance);
        let (least, most) =
            (distances().fold(f64::INFINITY, f64::min), distances().fold(0.0, f64::max));
        let (low, high) = plan.ranges.unwrap_or((0.1 * least, 5.0 * most));
        if !(low > 0.0 && high > low && high.is_finite()) {
            return Err(FitError::Bounds { parameter: "range", low, high });
        }
        let (ranges, angles) = match plan.anisotropy {
            Anisotropy::None => (1, 0),
            Anisotropy::Horizontal => (2, 1),
            Anisotropy::Full => (3, 3),
            Anisotropy::Fixed(_) => (3, 0),
        };
        // A power structure has no range.
        let structures = plan.shapes.iter().filter(|s| s.is_stationary()).count();
        let angles = if structures == 0 { 0 } else { angles };
        let count = ranges * structures;
        let mut space = Self {
            low: vec![low; count],
            high: vec![high; count],
            ranges,
            structures,
            logarithmic: vec![true; count],
        };
        for (low, high) in [(0.0, 180.0), (-90.0, 90.0), (-90.0, 90.0)].into_iter().take(angles) {
            space.low.push(low);
            space.high.push(high);
            space.logarithmic.push(false);
        }
        Ok(space)
    }

    pub fn dimensions(&self) -> usize {
        self.low.len()
    }

    pub fn names(&self) -> Vec<String> {
        let axis = ["major", "semi-major", "minor"];
        let range = |i: usize| match self.ranges {
            1 => format!("range {}", i + 1),
            _ => format!("{} range {}", axis[i % self.ranges], i / self.ranges + 1),
        };
        let angles = ["azimuth", "dip", "plunge"].map(String::from);
        let count = self.ranges * self.structures;
        (0..count).map(range).chain(angles).take(self.dimensions()).collect()
    }

    /// Which parameters are off their bounds.
    pub fn inside(&self, point: &[f64]) -> Vec<bool> {
        let off = |i: usize| {
            let slack = 1e-6 * (self.high[i] - self.low[i]);
            !self.logarithmic[i]
                || (point[i] > self.low[i] * (1.0 + 1e-6) && point[i] < self.high[i] - slack)
        };
        (0..point.len()).map(off).collect()
    }

    /// Structures at a point, sills 1.
    pub fn structures(&self, point: &[f64], plan: &FitPlan) -> Vec<Structure> {
        let (ranges, angles) = point.split_at(self.ranges * self.structures);
        let angle = |i: usize| angles.get(i).copied().unwrap_or(0.0);
        let rotation = match plan.anisotropy {
            Anisotropy::Fixed(rotation) => rotation,
            _ => Rotation { azimuth: angle(0), dip: angle(1), plunge: angle(2) },
        };
        let mut lists = ranges.chunks(self.ranges);
        let one = |shape: &crate::model::Shape| {
            if !shape.is_stationary() {
                return Structure::isotropic(1.0, *shape, 1.0);
            }
            let radii = match lists.next() {
                Some([a]) => [*a; 3],
                Some([a, b]) => [*a, *b, *b],
                Some([a, b, c, ..]) => [*a, *b, *c],
                _ => [1.0; 3],
            };
            Structure { sill: 1.0, shape: *shape, ellipsoid: ellipsoid(radii, rotation) }
        };
        plan.shapes.iter().map(one).collect()
    }

    /// From the unit cube.
    fn point(&self, unit: &[f64]) -> Vec<f64> {
        let one = |i: usize| {
            let (low, high, u) = (self.low[i], self.high[i], unit[i].clamp(0.0, 1.0));
            match self.logarithmic[i] {
                true => low * libm::pow(high / low, u),
                // An angle goes round.
                false => low + (high - low) * (unit[i] - unit[i].floor()),
            }
        };
        (0..unit.len()).map(one).collect()
    }
}

/// Smallest value over many starts: a coarse net first, then Nelder and Mead from its best points.
pub(crate) fn minimise(space: &Space, value: &dyn Fn(&[f64]) -> f64) -> Vec<f64> {
    let n = space.dimensions();
    if n == 0 {
        return Vec::new();
    }
    let at = |unit: &[f64]| value(&space.point(unit));
    let net = if n == 1 { 64 } else { 256 + 128 * n };
    let mut starts: Vec<(f64, Vec<f64>)> = (1..=net)
        .map(|i| {
            let unit: Vec<f64> = (0..n).map(|d| halton(i, d)).collect();
            (at(&unit), unit)
        })
        .collect();
    starts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut best = starts[0].clone();
    for (_, start) in starts.iter().take(2 + 2 * n) {
        let mut found = nelder_mead(&at, start, 0.05);
        // Restarts with a fresh simplex leave false minima of a collapsed one.
        for size in [0.01, 0.001] {
            found = nelder_mead(&at, &found.1, size);
        }
        if found.0 < best.0 {
            best = found;
        }
    }
    space.point(&best.1)
}

/// Radical inverse in the base of the `d`-th prime: a net that is even in every direction.
fn halton(mut i: usize, d: usize) -> f64 {
    let base = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37][d % 12];
    let (mut fraction, mut value) = (1.0, 0.0);
    while i > 0 {
        fraction /= base as f64;
        value += fraction * (i % base) as f64;
        i /= base;
    }
    value
}

/// Source: Nelder & Mead 1965, with the usual factors 1, 2, ½, ½.
fn nelder_mead(value: &dyn Fn(&[f64]) -> f64, start: &[f64], size: f64) -> (f64, Vec<f64>) {
    let n = start.len();
    let mut simplex: Vec<(f64, Vec<f64>)> = vec![(value(start), start.to_vec())];
    for d in 0..n {
        let mut p = start.to_vec();
        p[d] += if p[d] + size <= 1.0 { size } else { -size };
        simplex.push((value(&p), p));
    }
    for _ in 0..400 * n {
        simplex.sort_by(|a, b| a.0.total_cmp(&b.0));
        let spread = (0..n)
            .map(|d| simplex.iter().map(|s| (s.1[d] - simplex[0].1[d]).abs()).fold(0.0, f64::max))
            .fold(0.0, f64::max);
        if spread < 1e-12 {
            break;
        }
        let worst = simplex[n].clone();
        let centre: Vec<f64> =
            (0..n).map(|d| simplex[..n].iter().map(|s| s.1[d]).sum::<f64>() / n as f64).collect();
        let along = |t: f64| -> (f64, Vec<f64>) {
            let p: Vec<f64> = (0..n).map(|d| centre[d] + t * (worst.1[d] - centre[d])).collect();
            (value(&p), p)
        };
        let reflected = along(-1.0);
        simplex[n] = if reflected.0 < simplex[0].0 {
            let expanded = along(-2.0);
            if expanded.0 < reflected.0 { expanded } else { reflected }
        } else if reflected.0 < simplex[n - 1].0 {
            reflected
        } else {
            let inside = along(if reflected.0 < worst.0 { -0.5 } else { 0.5 });
            if inside.0 < worst.0.min(reflected.0) {
                inside
            } else {
                let first = simplex[0].1.clone();
                for s in &mut simplex[1..] {
                    (0..n).for_each(|d| s.1[d] = first[d] + 0.5 * (s.1[d] - first[d]));
                    s.0 = value(&s.1);
                }
                continue;
            }
        };
    }
    simplex.sort_by(|a, b| a.0.total_cmp(&b.0));
    simplex.swap_remove(0)
}
