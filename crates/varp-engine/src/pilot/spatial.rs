//! Precision of the mean of an area from samples that are correlated in space.

use super::polygon::Point;
use serde::{Deserialize, Serialize};

/// Isotropic variogram with a total sill of one: variances come out as shares of the variance of
/// the samples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variogram {
    /// Structure.
    pub structure: Structure,
    /// Nugget, share of the sill within 0..=1.
    pub nugget: f64,
    /// Range in metres (practical range of the exponential), above zero.
    pub range: f64,
}

/// Shape of the correlated part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Structure {
    /// 1.5·h/a − 0.5·(h/a)³, 1 from a on.
    Spherical,
    /// 1 − exp(−3h/a).
    Exponential,
}

impl Variogram {
    /// γ(h); 0 at h = 0.
    pub fn at(&self, h: f64) -> f64 {
        if h <= 0.0 {
            return 0.0;
        }
        let t = h / self.range;
        let shape = match self.structure {
            Structure::Spherical if t < 1.0 => 1.5 * t - 0.5 * t * t * t,
            Structure::Spherical => 1.0,
            Structure::Exponential => 1.0 - libm::exp(-3.0 * t),
        };
        self.nugget + (1.0 - self.nugget) * shape
    }

    fn between(&self, a: Point, b: Point) -> f64 {
        self.at(libm::hypot(a.0 - b.0, a.1 - b.1))
    }

    fn mean_between(&self, a: &[Point], b: &[Point]) -> f64 {
        let sum: f64 = a.iter().map(|p| b.iter().map(|q| self.between(*p, *q)).sum::<f64>()).sum();
        sum / (a.len() * b.len()) as f64
    }
}

/// An area as equal cells, with its mean variogram within itself.
#[derive(Debug, Clone)]
pub struct Area {
    cells: Vec<Point>,
    within: f64,
    variogram: Variogram,
}

/// The samples do not determine the mean: none, or two at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no samples, or two samples at one place")]
pub struct Undetermined;

impl Area {
    /// Area made of cell centres (at least one).
    pub fn new(cells: Vec<Point>, variogram: Variogram) -> Self {
        let within = variogram.mean_between(&cells, &cells);
        Self { cells, within, variogram }
    }

    /// γ̄(V,V).
    pub fn within(&self) -> f64 {
        self.within
    }

    /// Cell centres.
    pub fn cells(&self) -> &[Point] {
        &self.cells
    }

    /// Variance of the error of the plain mean of the samples, share of the sill:
    /// 2γ̄(S,V) − γ̄(V,V) − γ̄(S,S) (Matheron; Journel & Huijbregts 1978, eq. II.26).
    pub fn extension_variance(&self, samples: &[Point]) -> f64 {
        2.0 * self.variogram.mean_between(samples, &self.cells)
            - self.within
            - self.variogram.mean_between(samples, samples)
    }

    /// Variance of the error of ordinary kriging of the whole area, share of the sill.
    pub fn kriging_variance(&self, samples: &[Point]) -> Result<f64, Undetermined> {
        let mut right: Vec<f64> =
            samples.iter().map(|s| self.variogram.mean_between(&[*s], &self.cells)).collect();
        right.push(1.0);
        let weights = solve(kriging_matrix(&self.variogram, samples), right.clone())?;
        Ok(weights.iter().zip(&right).map(|(w, r)| w * r).sum::<f64>() - self.within)
    }

    /// Mean over the cells of the point kriging variance, share of the sill: the criterion for
    /// maps rather than means.
    pub fn mean_point_variance(&self, samples: &[Point]) -> Result<f64, Undetermined> {
        let inverse = Inverse::of(kriging_matrix(&self.variogram, samples))?;
        let mut right = vec![1.0; samples.len() + 1];
        let mut sum = 0.0;
        for cell in &self.cells {
            for (r, sample) in right.iter_mut().zip(samples) {
                *r = self.variogram.between(*cell, *sample);
            }
            sum += inverse.quadratic(&right);
        }
        Ok(sum / self.cells.len() as f64)
    }
}

/// Relative half-width of the interval of a mean: z·CV·√(variance as share of the sill).
pub fn relative_half_width(variation: f64, variance_share: f64, confidence: f64) -> f64 {
    let z = crate::chance::distribution::normal_quantile(0.5 + 0.5 * confidence);
    z * variation * variance_share.max(0.0).sqrt()
}

fn kriging_matrix(variogram: &Variogram, samples: &[Point]) -> Vec<Vec<f64>> {
    let mut rows: Vec<Vec<f64>> = samples
        .iter()
        .map(|a| {
            let gamma = samples.iter().map(|b| variogram.between(*a, *b));
            gamma.chain([1.0]).collect()
        })
        .collect();
    let mut last = vec![1.0; samples.len()];
    last.push(0.0);
    rows.push(last);
    rows
}

/// Solves a small dense system by elimination with row pivots.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Result<Vec<f64>, Undetermined> {
    let n = right.len();
    if n < 2 {
        return Err(Undetermined);
    }
    for k in 0..n {
        let pivot =
            (k..n).max_by(|a, b| matrix[*a][k].abs().total_cmp(&matrix[*b][k].abs())).unwrap_or(k);
        if matrix[pivot][k].abs() < 1e-12 {
            return Err(Undetermined);
        }
        matrix.swap(k, pivot);
        right.swap(k, pivot);
        let (above, below) = matrix.split_at_mut(k + 1);
        let row = &above[k];
        for (offset, other) in below.iter_mut().enumerate() {
            let factor = other[k] / row[k];
            if factor != 0.0 {
                for (x, r) in other[k..].iter_mut().zip(&row[k..]) {
                    *x -= factor * r;
                }
                right[k + 1 + offset] -= factor * right[k];
            }
        }
    }
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|j| matrix[k][j] * right[j]).sum();
        right[k] = (right[k] - known) / matrix[k][k];
    }
    Ok(right)
}

/// Inverse of a small symmetric matrix, for many right-hand sides.
struct Inverse(Vec<Vec<f64>>);

impl Inverse {
    fn of(matrix: Vec<Vec<f64>>) -> Result<Self, Undetermined> {
        let n = matrix.len();
        (0..n)
            .map(|k| {
                let mut unit = vec![0.0; n];
                unit[k] = 1.0;
                solve(matrix.clone(), unit)
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn quadratic(&self, v: &[f64]) -> f64 {
        let dot = |row: &Vec<f64>| row.iter().zip(v).map(|(a, b)| a * b).sum::<f64>();
        self.0.iter().zip(v).map(|(row, x)| x * dot(row)).sum()
    }
}
