//! The linear model of coregionalisation: one set of structures, a sill matrix for each.

use super::{Ellipsoid, Model, Shape, Structure};
use crate::error::{LARGEST, ModelError, is_usable};
use faer::{Mat, Side};

/// A structure that all variables share, without a sill.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharedStructure {
    /// Correlation against reduced distance.
    pub shape: Shape,
    /// The radii are the ranges.
    pub ellipsoid: Ellipsoid,
}

/// A checked linear model of coregionalisation of `n` variables:
/// `C_ij(h) = N_ij·[h = 0] + Σ_s B_s,ij · ρ_s(h)` with every matrix positive semi-definite.
#[derive(Debug, Clone, PartialEq)]
pub struct Coregionalisation {
    variables: usize,
    nugget: Vec<f64>,
    structures: Vec<(SharedStructure, Vec<f64>)>,
}

impl Coregionalisation {
    /// Matrices are row-major, `variables²` numbers each, symmetric, eigenvalues ≥ −1e-10 of the
    /// largest (rounding of printed models is forgiven).
    pub fn new(
        variables: usize,
        nugget: Vec<f64>,
        structures: Vec<(SharedStructure, Vec<f64>)>,
    ) -> Result<Self, ModelError> {
        check_matrix(0, variables, &nugget)?;
        for (i, (structure, sills)) in structures.iter().enumerate() {
            structure.shape.check()?;
            structure.ellipsoid.check(i + 1)?;
            check_matrix(i + 1, variables, sills)?;
        }
        let total = |i: usize| nugget[i] + structures.iter().map(|s| s.1[i]).sum::<f64>();
        if variables == 0 || (0..variables).any(|v| total(v * variables + v) < 1.0 / LARGEST) {
            return Err(ModelError::Empty);
        }
        Ok(Self { variables, nugget, structures })
    }

    /// Number of variables.
    pub fn variables(&self) -> usize {
        self.variables
    }

    /// Nugget matrix, row-major.
    pub fn nugget(&self) -> &[f64] {
        &self.nugget
    }

    /// Structures with their sill matrices, row-major.
    pub fn structures(&self) -> &[(SharedStructure, Vec<f64>)] {
        &self.structures
    }

    /// Whether every structure has a sill.
    pub fn is_stationary(&self) -> bool {
        self.structures.iter().all(|s| s.0.shape.is_stationary())
    }

    /// Cross-covariance of variables `i` and `j` at a lag; the nugget counts at the zero lag only.
    pub fn covariance(&self, i: usize, j: usize, lag: [f64; 3]) -> f64 {
        let at = i * self.variables + j;
        let nugget = if lag == [0.0; 3] { self.nugget[at] } else { 0.0 };
        let one = |(s, sills): &(SharedStructure, Vec<f64>)| {
            sills[at] * s.shape.correlation(s.ellipsoid.distance(lag))
        };
        nugget + self.structures.iter().map(one).sum::<f64>()
    }

    /// The model of variable `i` alone.
    pub fn marginal(&self, i: usize) -> Result<Model, ModelError> {
        let at = i * self.variables + i;
        let one = |(s, sills): &(SharedStructure, Vec<f64>)| Structure {
            sill: sills[at].max(0.0),
            shape: s.shape,
            ellipsoid: s.ellipsoid,
        };
        Model::new(self.nugget[at].max(0.0), self.structures.iter().map(one).collect())
    }
}

impl From<&Model> for Coregionalisation {
    fn from(model: &Model) -> Self {
        let one = |s: &Structure| {
            (SharedStructure { shape: s.shape, ellipsoid: s.ellipsoid }, vec![s.sill])
        };
        Self {
            variables: 1,
            nugget: vec![model.nugget()],
            structures: model.structures().iter().map(one).collect(),
        }
    }
}

fn check_matrix(term: usize, variables: usize, sills: &[f64]) -> Result<(), ModelError> {
    let needed = variables * variables;
    if sills.len() != needed {
        return Err(ModelError::MatrixSize { term, found: sills.len(), variables, needed });
    }
    if let Some(&sill) = sills.iter().find(|s| !is_usable(**s)) {
        return Err(ModelError::Sill { term, sill });
    }
    let (values, _) = eigen(variables, sills);
    let largest = values.iter().fold(0.0f64, |a, b| a.max(b.abs()));
    let asymmetry = (0..needed)
        .map(|k| (sills[k] - sills[k % variables * variables + k / variables]).abs())
        .fold(0.0, f64::max);
    match values.first() {
        Some(&eigenvalue) if eigenvalue < -1e-10 * largest || asymmetry > 1e-10 * largest => {
            Err(ModelError::NotPositive { term, eigenvalue })
        }
        _ => Ok(()),
    }
}

/// Eigenvalues ascending and eigenvectors (columns) of a symmetric row-major matrix.
pub(crate) fn eigen(n: usize, a: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let matrix = Mat::<f64>::from_fn(n, n, |i, j| 0.5 * (a[i * n + j] + a[j * n + i]));
    match matrix.self_adjoint_eigen(Side::Lower) {
        Ok(e) => {
            let values = e.S().column_vector().iter().copied().collect();
            let vectors = (0..n).map(|j| (0..n).map(|i| e.U()[(i, j)]).collect()).collect();
            (values, vectors)
        }
        // Finite symmetric input always converges; an empty answer is refused by the callers.
        Err(_) => (vec![f64::NEG_INFINITY; n], vec![vec![0.0; n]; n]),
    }
}

/// The nearest (Frobenius) positive semi-definite matrix: negative eigenvalues set to zero.
pub(crate) fn nearest_positive(n: usize, a: &[f64]) -> Vec<f64> {
    let (values, vectors) = eigen(n, a);
    let mut out = vec![0.0; n * n];
    for (value, vector) in values.iter().zip(&vectors).filter(|(v, _)| **v > 0.0) {
        for i in 0..n {
            for j in 0..n {
                out[i * n + j] += value * vector[i] * vector[j];
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spherical() -> SharedStructure {
        SharedStructure { shape: Shape::Spherical, ellipsoid: Ellipsoid::ball(10.0) }
    }

    #[test]
    fn an_impossible_cross_sill_is_refused_and_can_be_projected() {
        let sills = vec![1.0, 1.5, 1.5, 1.0];
        let refused = Coregionalisation::new(2, vec![0.0; 4], vec![(spherical(), sills.clone())]);
        assert!(matches!(refused, Err(ModelError::NotPositive { term: 1, .. })));
        let near = nearest_positive(2, &sills);
        assert!(near.iter().all(|v| (v - 1.25).abs() < 1e-14), "{near:?}");
        assert!(Coregionalisation::new(2, vec![0.0; 4], vec![(spherical(), near)]).is_ok());
    }

    #[test]
    fn one_variable_is_the_plain_model() {
        let model: Model = "0.1 nug + 0.9 sph(10, 5; azimuth=30)".parse().unwrap();
        let shared = Coregionalisation::from(&model);
        assert_eq!(shared.marginal(0).unwrap(), model);
        let lag = [1.0, 2.0, 0.0];
        assert_eq!(shared.covariance(0, 0, lag), model.covariance(lag));
    }
}
