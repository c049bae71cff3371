use super::{StatsError, finite, same_length};

/// Degree of a polynomial trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// A mean.
    Constant,
    /// A plane: the mean and one slope for each coordinate that varies.
    Linear,
    /// Squares and products as well.
    Quadratic,
}

/// A polynomial trend fitted by least squares.
///
/// Coordinates are centred and scaled before the fit, so large offsets do no harm. Coordinates
/// that are the same at every position (such as z in two dimensions) get no terms.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    centre: [f64; 3],
    scale: [f64; 3],
    powers: Vec<[u8; 3]>,
    coefficients: Vec<f64>,
    r_squared: f64,
}

impl Trend {
    /// Weighted least squares by Householder reflections.
    ///
    /// - `points`: positions `[x, y, z]`; `values`, `weights`: one per position
    ///
    /// # Errors
    /// Lists of different length, numbers not finite, fewer positions than terms, positions that
    /// leave a term undetermined (all on one line, say).
    pub fn fit(
        points: &[[f64; 3]],
        values: &[f64],
        weights: &[f64],
        order: Order,
    ) -> Result<Self, StatsError> {
        finite(values, 1)?;
        finite(points.as_flattened(), 3)?;
        same_length(values.len(), points.len(), "positions")?;
        same_length(values.len(), weights.len(), "weights")?;
        let total = super::total_weight(weights)?;
        let (centre, scale) = frame(points);
        let powers = terms(order, scale);
        if points.len() < powers.len() {
            return Err(StatsError::TooFew { found: points.len(), needed: powers.len() });
        }
        let mut trend = Self { centre, scale, powers, coefficients: Vec::new(), r_squared: 0.0 };
        let rows: Vec<Vec<f64>> = points.iter().map(|p| trend.row(*p)).collect();
        trend.coefficients = least_squares(&rows, values, Some(weights))?.0;
        let mean = values.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>() / total;
        let spread: f64 = values.iter().zip(weights).map(|(v, w)| w * (v - mean).powi(2)).sum();
        let rest: f64 = points
            .iter()
            .zip(values.iter().zip(weights))
            .map(|(p, (v, w))| w * (v - trend.predict(*p)).powi(2))
            .sum();
        trend.r_squared = if spread > 0.0 { 1.0 - rest / spread } else { 0.0 };
        Ok(trend)
    }

    /// Value of the trend at a position, unit of the values.
    pub fn predict(&self, point: [f64; 3]) -> f64 {
        self.row(point).iter().zip(&self.coefficients).map(|(a, b)| a * b).sum()
    }

    /// Share of the (weighted) variance that the trend explains.
    pub fn r_squared(&self) -> f64 {
        self.r_squared
    }

    /// Number of coefficients.
    pub fn terms(&self) -> usize {
        self.coefficients.len()
    }

    fn row(&self, point: [f64; 3]) -> Vec<f64> {
        let u = [0, 1, 2].map(|d| (point[d] - self.centre[d]) * self.scale[d]);
        let term = |p: &[u8; 3]| (0..3).map(|d| u[d].powi(i32::from(p[d]))).product();
        self.powers.iter().map(term).collect()
    }
}

/// Centre of the bounding box and the reciprocal of its half width, zero where it is flat.
pub(super) fn frame(points: &[[f64; 3]]) -> ([f64; 3], [f64; 3]) {
    let bound = |d: usize, start: f64, pick: fn(f64, f64) -> f64| {
        points.iter().map(|p| p[d]).fold(start, pick)
    };
    let low = [0, 1, 2].map(|d| bound(d, f64::INFINITY, f64::min));
    let high = [0, 1, 2].map(|d| bound(d, f64::NEG_INFINITY, f64::max));
    let centre = [0, 1, 2].map(|d| 0.5 * (low[d] + high[d]));
    let scale = [0, 1, 2].map(|d| if high[d] > low[d] { 2.0 / (high[d] - low[d]) } else { 0.0 });
    (centre, scale)
}

pub(super) fn terms(order: Order, scale: [f64; 3]) -> Vec<[u8; 3]> {
    let degree = match order {
        Order::Constant => 0,
        Order::Linear => 1,
        Order::Quadratic => 2,
    };
    let mut powers = Vec::new();
    for total in 0..=degree {
        for x in (0..=total).rev() {
            for y in (0..=total - x).rev() {
                powers.push([x, y, total - x - y]);
            }
        }
    }
    powers.retain(|p: &[u8; 3]| (0..3).all(|d| p[d] == 0 || scale[d] > 0.0));
    powers
}

/// Solves min Σ w (v − row·b)² by Householder triangularisation; b and the triangle R.
pub(super) fn least_squares(
    rows: &[Vec<f64>],
    values: &[f64],
    weights: Option<&[f64]>,
) -> Result<(Vec<f64>, Vec<Vec<f64>>), StatsError> {
    let terms = rows[0].len();
    let root = |i: usize| weights.map_or(1.0, |w| w[i].sqrt());
    let mut a: Vec<Vec<f64>> = rows
        .iter()
        .zip(values)
        .enumerate()
        .map(|(i, (row, v))| row.iter().chain([v]).map(|x| x * root(i)).collect())
        .collect();
    let size = a.iter().flatten().fold(0.0_f64, |m, x| m.max(x.abs()));
    for k in 0..terms {
        let norm = a[k..].iter().map(|r| r[k] * r[k]).sum::<f64>().sqrt();
        let full = a.iter().map(|r| r[k] * r[k]).sum::<f64>().sqrt();
        if norm <= 1e-10 * full.max(f64::MIN_POSITIVE * size) {
            return Err(StatsError::DependentTerms { count: rows.len(), terms, term: k });
        }
        let pivot = if a[k][k] > 0.0 { -norm } else { norm };
        let reflector: Vec<f64> = a[k..]
            .iter()
            .enumerate()
            .map(|(i, r)| if i == 0 { r[k] - pivot } else { r[k] })
            .collect();
        let square: f64 = reflector.iter().map(|x| x * x).sum();
        for column in k..=terms {
            let dot: f64 = reflector.iter().zip(&a[k..]).map(|(v, r)| v * r[column]).sum();
            for (v, row) in reflector.iter().zip(&mut a[k..]) {
                row[column] -= 2.0 * dot / square * v;
            }
        }
    }
    let mut solution = vec![0.0; terms];
    for k in (0..terms).rev() {
        let known: f64 = (k + 1..terms).map(|j| a[k][j] * solution[j]).sum();
        solution[k] = (a[k][terms] - known) / a[k][k];
    }
    a.truncate(terms);
    Ok((solution, a))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Vec<[f64; 3]> {
        (0..25).map(|i| [1e7 + f64::from(i % 5), -2e6 + f64::from(i / 5), 0.0]).collect()
    }

    #[test]
    fn a_quadratic_surface_is_recovered_under_large_offsets() {
        let surface = |p: [f64; 3]| {
            let (x, y) = (p[0] - 1e7, p[1] + 2e6);
            3.0 - x + 0.5 * y + 0.25 * x * y - 0.125 * y * y
        };
        let values: Vec<f64> = grid().iter().map(|p| surface(*p)).collect();
        let trend = Trend::fit(&grid(), &values, &[1.0; 25], Order::Quadratic).unwrap();
        assert_eq!(trend.terms(), 6);
        let place = [1e7 + 7.5, -2e6 + 1.5, 0.0];
        assert!((trend.predict(place) - surface(place)).abs() < 1e-11);
        assert!((trend.r_squared() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn weights_pull_the_mean() {
        let trend =
            Trend::fit(&[[0.0; 3], [1.0, 0.0, 0.0]], &[1.0, 4.0], &[2.0, 1.0], Order::Constant);
        assert!((trend.unwrap().predict([9.0; 3]) - 2.0).abs() < 1e-15);
    }

    #[test]
    fn positions_on_one_line_cannot_carry_a_plane() {
        let line: Vec<[f64; 3]> = (0..9).map(|i| [f64::from(i), 2.0 * f64::from(i), 0.0]).collect();
        let fitted = Trend::fit(&line, &[1.0; 9], &[1.0; 9], Order::Linear);
        assert_eq!(fitted, Err(StatsError::DependentTerms { count: 9, terms: 3, term: 2 }));
    }
}
