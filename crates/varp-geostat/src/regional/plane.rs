//! Level and slope of a field in one component: draws of a trend that the samples allow.

use super::Region;
use super::mixture::{Component, Scale};
use super::solve::{cholesky, dot, forward};
use crate::stats::{StatsError, same_length};

/// A plane on the scale of a component.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// At the middle of the region.
    pub level: f64,
    /// East and north, for one of the region's own widths.
    pub slope: [f64; 2],
}

/// The middle of a region and its width, by which slopes are counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    centre: [f64; 2],
    width: f64,
}

impl Frame {
    /// Places counted from the middle in widths.
    pub fn scaled(&self, place: [f64; 3]) -> [f64; 2] {
        [0, 1].map(|d| (place[d] - self.centre[d]) / self.width)
    }
}

impl Plane {
    /// At a place that [`Frame::scaled`] gave.
    pub fn at(&self, [east, north]: [f64; 2]) -> f64 {
        self.level + self.slope[0] * east + self.slope[1] * north
    }
}

impl Region<'_> {
    /// The frame in which drifts of this region are counted.
    pub fn frame(&self) -> Frame {
        let count = self.nodes.len() as f64;
        let centre = [0, 1].map(|d| self.nodes.iter().map(|p| p[d]).sum::<f64>() / count);
        let square = |p: &[f64; 3]| (0..2).map(|d| (p[d] - centre[d]).powi(2)).sum::<f64>();
        let spread = self.nodes.iter().map(square).sum::<f64>() / count;
        Frame { centre, width: spread.max(1e-12).sqrt() }
    }

    /// Draws of level and slope given one list of values: a plane of generalised least squares whose slopes
    /// have the prior variance that the component's drift says, with its errors. Without drift the slopes
    /// are 0.
    ///
    /// - `normals`: three standard normal numbers for each draw
    ///
    /// # Errors
    /// A list of another length, values not above zero on the logarithmic scale, a covariance matrix that
    /// is not positive definite.
    pub fn planes(
        &self,
        component: &Component,
        values: &[f64],
        normals: &[[f64; 3]],
    ) -> Result<Vec<Plane>, StatsError> {
        let n = self.places.len();
        same_length(n, values.len(), "values")?;
        if let (Scale::Log, Some(index)) = (component.scale, values.iter().position(|v| *v <= 0.0))
        {
            return Err(StatsError::NotPositive { index, value: values[index] });
        }
        let undriven = super::Continuity { drift: 0.0, ..component.continuity };
        let mut factor = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..i {
                factor[i * n + j] = undriven.between(self.places[i], self.places[j]);
            }
            factor[i * n + i] = 1.0 + 1e-9 + self.noise.map_or(0.0, |v| v[i]);
        }
        let singular = StatsError::TooFew { found: n, needed: 1 };
        cholesky(&mut factor, n).ok_or(singular)?;
        let (frame, drift) = (self.frame(), component.continuity.drift);
        let scaled: Vec<[f64; 2]> = self.places.iter().map(|p| frame.scaled(*p)).collect();
        let solve = |v: Vec<f64>| forward(&factor, n, v);
        let y = solve(values.iter().map(|v| component.scale.forward(*v)).collect());
        let mut columns = vec![solve(vec![1.0; n])];
        if drift > 0.0 {
            columns.extend([0, 1].map(|d| solve(scaled.iter().map(|s| s[d]).collect())));
        }
        let k = columns.len();
        let mut precision = vec![0.0; k * k];
        for i in 0..k {
            for j in 0..k {
                let prior = if i == j && i > 0 { 1.0 / drift } else { 0.0 };
                precision[i * k + j] = dot(&columns[i], &columns[j]) + prior;
            }
        }
        cholesky(&mut precision, k).ok_or(StatsError::TooFew { found: n, needed: 1 })?;
        let right = forward(&precision, k, columns.iter().map(|c| dot(c, &y)).collect());
        let deviation = component.variance.sqrt();
        let draw = |normal: &[f64; 3]| {
            let noisy = (0..k).map(|i| right[i] + deviation * normal[i]).collect();
            let found = backward(&precision, k, noisy);
            let slope = |d: usize| found.get(d).copied().unwrap_or(0.0);
            Plane { level: found[0], slope: [slope(1), slope(2)] }
        };
        Ok(normals.iter().map(draw).collect())
    }
}

/// L'⁻¹·v.
fn backward(factor: &[f64], n: usize, mut v: Vec<f64>) -> Vec<f64> {
    for i in (0..n).rev() {
        let below: f64 = (i + 1..n).map(|j| factor[j * n + i] * v[j]).sum();
        v[i] = (v[i] - below) / factor[i * n + i];
    }
    v
}

#[cfg(test)]
mod tests {
    use super::super::{ContinuityPrior, Law};
    use super::*;

    fn component(drift: f64) -> Component {
        let prior = ContinuityPrior {
            range: [30.0, 30.0],
            vertical: [1.0, 1.0],
            nugget: [0.2, 0.2],
            layers: [0.0, 0.0],
            drift,
            variation: 0.3,
            freedom: 3.0,
            candidates: 1,
        };
        Component {
            log_weight: 0.0,
            law: Law::Lognormal { mean: 1.0, variance: 1.0 },
            continuity: super::super::Continuity { drift, ..prior.candidates()[0] },
            scale: Scale::Linear,
            mean: 0.0,
            variance: 0.04,
            mean_error: 0.1,
        }
    }

    #[test]
    fn a_slope_is_found_where_a_drift_is_believed_in_and_only_there() {
        let places: Vec<[f64; 3]> =
            (0..36).map(|i| [20.0 * f64::from(i % 6), 20.0 * f64::from(i / 6), 0.0]).collect();
        let values: Vec<f64> = places.iter().map(|p| 5.0 + 0.02 * p[0]).collect();
        let region = Region::new((&places, &values), (&places, &[1.0; 36]), [20.0, 0.0]);
        let mean = |drift: f64| {
            let normals: Vec<[f64; 3]> =
                (0..50).map(|i| [0, 1, 2].map(|k| libm::sin(f64::from(7 * i + 3 * k)))).collect();
            let planes = region.planes(&component(drift), &values, &normals).unwrap();
            let ends = [[0.0, 50.0, 0.0], [100.0, 50.0, 0.0]].map(|at| {
                let at = region.frame().scaled(at);
                planes.iter().map(|p| p.at(at)).sum::<f64>() / 50.0
            });
            (ends[0], ends[1])
        };
        let (west, east) = mean(4.0);
        assert!((west - 5.0).abs() < 0.15 && (east - 7.0).abs() < 0.15, "{west} {east}");
        let (west, east) = mean(0.0);
        assert!((west - east).abs() < 1e-12 && (west - 6.0).abs() < 0.3, "{west} {east}");
    }
}
