//! Covariance models: a nugget and nested structures, each with its own ellipsoid.

mod anisotropy;
mod coregionalisation;
mod grammar;
mod matrices;
mod shape;

pub use anisotropy::{Ellipsoid, Rotation};
pub(crate) use anisotropy::{apply, squared_norm};
pub use coregionalisation::{Coregionalisation, SharedStructure};
pub(crate) use coregionalisation::{eigen, nearest_positive};
pub(crate) use shape::matern_mixture;
pub use shape::{MATERN_SMOOTHNESS, Shape};

use crate::error::{LARGEST, ModelError, is_usable};

/// One nested structure: `sill · ρ(reduced distance)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Structure {
    /// Square of the variable's unit; for [`Shape::Power`] the slope of the semivariance.
    pub sill: f64,
    /// Correlation against reduced distance.
    pub shape: Shape,
    /// The radii are the ranges, in the unit of the coordinates.
    pub ellipsoid: Ellipsoid,
}

impl Structure {
    /// An isotropic structure.
    pub fn isotropic(sill: f64, shape: Shape, range: f64) -> Self {
        Self { sill, shape, ellipsoid: Ellipsoid::ball(range) }
    }
}

/// A checked covariance model: `C(h) = nugget·[h = 0] + Σ sill_i · ρ_i(h)`.
///
/// Written and read as text: see [`Model::from_str`](std::str::FromStr::from_str).
///
/// ```
/// use varp_geostat::model::Model;
/// let model: Model = "0.05 nug + 0.59 sph(897)".parse()?;
/// assert!((model.semivariance([0.0, 897.0, 0.0]) - 0.64).abs() < 1e-15);
/// # Ok::<(), varp_geostat::error::ModelError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    nugget: f64,
    structures: Vec<Structure>,
}

impl Model {
    /// Checks sills (≥ 0), ranges (> 0), angles and shape parameters. Term 0 is the nugget, term
    /// `i` the `i`-th structure, counted from 1.
    pub fn new(nugget: f64, structures: Vec<Structure>) -> Result<Self, ModelError> {
        check_sill(0, nugget)?;
        for (i, structure) in structures.iter().enumerate() {
            check_sill(i + 1, structure.sill)?;
            structure.ellipsoid.check(i + 1)?;
            structure.shape.check()?;
        }
        let model = Self { nugget, structures };
        if model.nugget + model.structures.iter().map(|s| s.sill).sum::<f64>() >= 1.0 / LARGEST {
            Ok(model)
        } else {
            Err(ModelError::Empty)
        }
    }

    /// Discontinuity at the origin.
    pub fn nugget(&self) -> f64 {
        self.nugget
    }

    /// The nested structures.
    pub fn structures(&self) -> &[Structure] {
        &self.structures
    }

    /// Whether every structure has a sill.
    pub fn is_stationary(&self) -> bool {
        self.structures.iter().all(|s| s.shape.is_stationary())
    }

    /// Total sill `C(0)`; structures without a sill count nothing.
    pub fn sill(&self) -> f64 {
        let bounded = self.structures.iter().filter(|s| s.shape.is_stationary());
        self.nugget + bounded.map(|s| s.sill).sum::<f64>()
    }

    /// Covariance at a lag vector; the nugget counts at the zero lag only.
    ///
    /// For a model without a sill this is the generalised covariance (negative semivariance part).
    pub fn covariance(&self, lag: [f64; 3]) -> f64 {
        let nugget = if lag == [0.0; 3] { self.nugget } else { 0.0 };
        nugget + self.continuous_covariance(lag)
    }

    /// Covariance without the nugget.
    pub fn continuous_covariance(&self, lag: [f64; 3]) -> f64 {
        let one = |s: &Structure| s.sill * s.shape.correlation(s.ellipsoid.distance(lag));
        self.structures.iter().map(one).sum()
    }

    /// Semivariance `C(0) − C(h)`, 0 at the zero lag.
    pub fn semivariance(&self, lag: [f64; 3]) -> f64 {
        if lag == [0.0; 3] { 0.0 } else { self.sill() - self.continuous_covariance(lag) }
    }

    /// The same shape with every sill multiplied by `factor` > 0.
    pub fn scaled(&self, factor: f64) -> Result<Self, ModelError> {
        let mut structures = self.structures.clone();
        structures.iter_mut().for_each(|s| s.sill *= factor);
        Self::new(self.nugget * factor, structures)
    }
}

fn check_sill(term: usize, sill: f64) -> Result<(), ModelError> {
    if is_usable(sill) && sill >= 0.0 { Ok(()) } else { Err(ModelError::Sill { term, sill }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semivariance_rises_from_the_nugget_to_the_sill() {
        let model =
            Model::new(0.1, vec![Structure::isotropic(0.9, Shape::Spherical, 10.0)]).unwrap();
        assert_eq!(model.semivariance([0.0; 3]), 0.0);
        assert!((model.semivariance([1e-9, 0.0, 0.0]) - 0.1).abs() < 1e-9);
        assert!((model.semivariance([0.0, 10.0, 0.0]) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn the_major_range_lies_along_the_azimuth() {
        let ellipsoid =
            Ellipsoid { radii: [30.0, 10.0, 10.0], rotation: Rotation::from_azimuth(90.0) };
        let model =
            Model::new(0.0, vec![Structure { sill: 1.0, shape: Shape::Spherical, ellipsoid }])
                .unwrap();
        assert!(model.semivariance([20.0, 0.0, 0.0]) < 1.0);
        assert_eq!(model.semivariance([0.0, 20.0, 0.0]), 1.0);
    }

    #[test]
    fn refuses_negative_sills_zero_ranges_and_nothing() {
        let one = |sill, range| {
            Model::new(0.0, vec![Structure::isotropic(sill, Shape::Spherical, range)])
        };
        assert_eq!(one(-1.0, 5.0), Err(ModelError::Sill { term: 1, sill: -1.0 }));
        assert_eq!(one(1.0, 0.0), Err(ModelError::Range { term: 1, range: 0.0 }));
        assert!(matches!(one(f64::NAN, 1.0), Err(ModelError::Sill { .. })));
        assert_eq!(Model::new(0.0, vec![]), Err(ModelError::Empty));
    }
}
