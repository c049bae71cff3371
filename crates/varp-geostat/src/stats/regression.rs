use super::distribution::{fisher_exceedance, student_probability};
use super::{Order, StatsError, finite, same_length};

/// Values explained by columns: v = b₀ + Σ bᵢ·cᵢ + residual, by least squares.
///
/// Probabilities hold for independent residuals; samples near each other are not independent, so
/// that the true ones are larger.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// b₀, then one for each column.
    pub coefficients: Vec<f64>,
    /// Of the coefficients; NaN where no degree of freedom is left.
    pub standard_errors: Vec<f64>,
    /// Value less what the columns say, for each value.
    pub residuals: Vec<f64>,
    /// Σ (fitted − mean)².
    pub explained: f64,
    /// Σ residual².
    pub unexplained: f64,
}

impl Regression {
    /// Fits by Householder reflections.
    ///
    /// # Errors
    /// Columns of another length, numbers not finite, fewer values than coefficients, a column
    /// that depends on those before it (a constant one, say).
    pub fn fit(columns: &[&[f64]], values: &[f64]) -> Result<Self, StatsError> {
        let terms = columns.len() + 1;
        finite(values, terms)?;
        for column in columns {
            same_length(values.len(), column.len(), "numbers in a column")?;
            finite(column, 0)?;
        }
        // Columns of size 1 keep the squares within reach whatever the units.
        let size = |c: &[f64]| c.iter().fold(0.0_f64, |m, v| m.max(v.abs())).max(1e-300);
        let sizes: Vec<f64> = std::iter::once(1.0).chain(columns.iter().map(|c| size(c))).collect();
        let row = |i: usize| {
            let scaled = columns.iter().zip(&sizes[1..]).map(move |(c, s)| c[i] / s);
            std::iter::once(1.0).chain(scaled).collect::<Vec<f64>>()
        };
        let rows: Vec<Vec<f64>> = (0..values.len()).map(row).collect();
        let (scaled, triangle) = super::trend::least_squares(&rows, values, None)?;
        let fitted: Vec<f64> =
            rows.iter().map(|r| r.iter().zip(&scaled).map(|(a, b)| a * b).sum()).collect();
        let residuals: Vec<f64> = values.iter().zip(&fitted).map(|(v, f)| v - f).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let unexplained: f64 = residuals.iter().map(|r| r * r).sum();
        let explained = fitted.iter().map(|f| (f - mean).powi(2)).sum();
        let spread = (unexplained / (values.len() - terms) as f64).sqrt();
        let own = inverse_row_norms(&triangle);
        Ok(Self {
            standard_errors: own.iter().zip(&sizes).map(|(o, s)| spread * o / s).collect(),
            coefficients: scaled.iter().zip(&sizes).map(|(b, s)| b / s).collect(),
            residuals,
            explained,
            unexplained,
        })
    }

    /// Degrees of freedom of the columns and of the residuals.
    pub fn degrees(&self) -> [usize; 2] {
        [self.coefficients.len() - 1, self.residuals.len() - self.coefficients.len()]
    }

    /// Explained share of the sum of squares; 0 where nothing varies.
    pub fn r_squared(&self) -> f64 {
        let total = self.explained + self.unexplained;
        if total > 0.0 { self.explained / total } else { 0.0 }
    }

    /// R² less what as many columns of noise would explain: 1 − (1 − R²)(n − 1)/(n − p − 1).
    pub fn adjusted_r_squared(&self) -> f64 {
        let [of_columns, of_residuals] = self.degrees();
        let all = (of_columns + of_residuals) as f64;
        1.0 - (1.0 - self.r_squared()) * all / of_residuals as f64
    }

    /// Standard deviation of the residuals, √(Σ residual² / degrees of freedom).
    pub fn residual_deviation(&self) -> f64 {
        (self.unexplained / self.degrees()[1] as f64).sqrt()
    }

    /// F of all columns together: mean square explained over mean square unexplained.
    pub fn f(&self) -> f64 {
        let [of_columns, _] = self.degrees();
        self.explained / of_columns as f64 / self.residual_deviation().powi(2)
    }

    /// Probability of an F at least as large if no column mattered.
    pub fn f_probability(&self) -> f64 {
        let [of_columns, of_residuals] = self.degrees().map(|d| d as f64);
        fisher_exceedance(self.f(), of_columns, of_residuals)
    }

    /// Probability of each coefficient at least as far from 0 if it were 0.
    pub fn probabilities(&self) -> Vec<f64> {
        let freedom = self.degrees()[1] as f64;
        let pairs = self.coefficients.iter().zip(&self.standard_errors);
        pairs.map(|(b, s)| 2.0 * student_probability(-(b / s).abs(), freedom)).collect()
    }
}

/// Powers and products of coordinates, counted from a centre.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceTerms {
    /// Middle of the box around the places.
    pub centre: [f64; 3],
    /// Such as `x`, `x·y`, `x²`.
    pub names: Vec<String>,
    /// A number for each place.
    pub columns: Vec<Vec<f64>>,
}

impl PlaceTerms {
    /// All terms up to an order; coordinates that are the same everywhere have none.
    pub fn of(points: &[[f64; 3]], order: Order) -> Self {
        let (centre, scale) = super::trend::frame(points);
        let powers = super::trend::terms(order, scale);
        let powers = powers.iter().filter(|p| p.iter().any(|e| *e > 0));
        let value = |p: &[u8; 3], at: &[f64; 3]| -> f64 {
            (0..3).map(|d| (at[d] - centre[d]).powi(i32::from(p[d]))).product()
        };
        let (names, columns) = powers
            .map(|p| (name(p), points.iter().map(|at| value(p, at)).collect::<Vec<f64>>()))
            .unzip();
        Self { centre, names, columns }
    }
}

fn name(powers: &[u8; 3]) -> String {
    let factor = |(power, axis): (&u8, &str)| match power {
        0 => None,
        1 => Some(axis.to_owned()),
        _ => Some(format!("{axis}²")),
    };
    let factors: Vec<String> = powers.iter().zip(["x", "y", "z"]).filter_map(factor).collect();
    factors.join("·")
}

/// Norms of the rows of R⁻¹: the standard errors in units of the residual deviation.
fn inverse_row_norms(triangle: &[Vec<f64>]) -> Vec<f64> {
    let n = triangle.len();
    let mut squares = vec![0.0; n];
    for column in 0..n {
        let mut solution = vec![0.0; n];
        for k in (0..=column).rev() {
            let known: f64 = (k + 1..=column).map(|j| triangle[k][j] * solution[j]).sum();
            solution[k] = (f64::from(u8::from(k == column)) - known) / triangle[k][k];
        }
        (0..n).for_each(|k| squares[k] += solution[k] * solution[k]);
    }
    squares.into_iter().map(f64::sqrt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_through_three_values_has_the_figures_of_the_textbook() {
        // v = 1 + 2c with residuals ½, −1, ½: Sxx = 2, s² = 1.5/1
        let fitted = Regression::fit(&[&[0.0, 1.0, 2.0]], &[1.5, 2.0, 5.5]).unwrap();
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-14, "{a} is not {b}");
        near(fitted.coefficients[0], 1.0);
        near(fitted.coefficients[1], 2.0);
        near(fitted.residual_deviation(), 1.5_f64.sqrt());
        near(fitted.standard_errors[1], (1.5 / 2.0_f64).sqrt());
        near(fitted.standard_errors[0], (1.5 * (1.0 / 3.0 + 0.5_f64)).sqrt());
        near(fitted.r_squared(), 8.0 / 9.5);
        near(fitted.f(), 8.0 / 1.5);
        // F of one column is t², and t with one degree of freedom is Cauchy's
        let t = (8.0 / 1.5_f64).sqrt();
        near(fitted.f_probability(), 1.0 - 2.0 * t.atan() / std::f64::consts::PI);
        near(fitted.probabilities()[1], fitted.f_probability());
    }

    #[test]
    fn terms_are_counted_from_the_middle_and_flat_axes_have_none() {
        let places = [[10.0, 5.0, 3.0], [14.0, 9.0, 3.0], [12.0, 5.0, 3.0]];
        let terms = PlaceTerms::of(&places, Order::Quadratic);
        assert_eq!(terms.names, ["x", "y", "x²", "x·y", "y²"]);
        assert_eq!(terms.centre, [12.0, 7.0, 3.0]);
        assert_eq!(terms.columns[3], [4.0, 4.0, 0.0]);
    }

    #[test]
    fn a_constant_column_is_refused() {
        let fitted = Regression::fit(&[&[3.0; 5]], &[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(fitted, Err(StatsError::DependentTerms { count: 5, terms: 2, term: 1 }));
        let few = Regression::fit(&[&[3.0]], &[1.0]);
        assert_eq!(few, Err(StatsError::TooFew { found: 1, needed: 2 }));
    }
}
