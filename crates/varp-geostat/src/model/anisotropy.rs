//! Directions and ellipsoids: how a lag vector becomes one reduced distance.

use crate::error::{LARGEST, ModelError};

/// Ratio of two radii beyond which the rounding of a rotation outweighs the shorter.
const MOST_ANISOTROPY: f64 = 1e9;

/// Orientation of an ellipsoid by three angles in degrees.
///
/// Axes of the world are x east, y north, z up.
///
/// - `azimuth`: of the major axis, clockwise from north (+y)
/// - `dip`: of the major axis below the horizontal, positive down
/// - `plunge`: turn about the major axis, clockwise for an observer who looks along it;
///   at 0 the semi-major axis is horizontal, at 90 it points down
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rotation {
    /// Degrees clockwise from north.
    pub azimuth: f64,
    /// Degrees below the horizontal.
    pub dip: f64,
    /// Degrees about the major axis.
    pub plunge: f64,
}

impl Rotation {
    /// Rotation in the horizontal plane.
    pub fn from_azimuth(azimuth: f64) -> Self {
        Self { azimuth, ..Self::default() }
    }

    /// Whether the axes are those of the world: major north, semi-major east, minor up.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Unit vectors of the major, semi-major and minor axis (rows).
    pub fn axes(&self) -> [[f64; 3]; 3] {
        let (sa, ca) = sin_cos_degrees(self.azimuth);
        let (sd, cd) = sin_cos_degrees(self.dip);
        let (sp, cp) = sin_cos_degrees(self.plunge);
        let right = [ca, -sa, 0.0];
        let up = [sa * sd, ca * sd, cd];
        let turn = |a: f64, u: [f64; 3], b: f64, v: [f64; 3]| {
            [a * u[0] + b * v[0], a * u[1] + b * v[1], a * u[2] + b * v[2]]
        };
        [[sa * cd, ca * cd, -sd], turn(cp, right, -sp, up), turn(cp, up, sp, right)]
    }

    pub(crate) fn check(&self, term: usize) -> Result<(), ModelError> {
        match [self.azimuth, self.dip, self.plunge].into_iter().find(|a| !a.is_finite()) {
            Some(degrees) => Err(ModelError::Angle { term, degrees }),
            None => Ok(()),
        }
    }
}

/// Sine and cosine, exact at multiples of 90 degrees.
fn sin_cos_degrees(degrees: f64) -> (f64, f64) {
    let turn = degrees.rem_euclid(360.0);
    match turn {
        0.0 => (0.0, 1.0),
        90.0 => (1.0, 0.0),
        180.0 => (0.0, -1.0),
        270.0 => (-1.0, 0.0),
        _ => libm::sincos(turn.to_radians()),
    }
}

/// An ellipsoid: three radii along the axes of a rotation.
///
/// Reduced distance of a lag: `sqrt(Σ (lag · axis_i / radius_i)²)`, 1 on the surface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ellipsoid {
    /// Along the major, semi-major and minor axis, in the unit of the coordinates, each above 0.
    pub radii: [f64; 3],
    /// Directions of the axes.
    pub rotation: Rotation,
}

impl Ellipsoid {
    /// A ball.
    pub fn ball(radius: f64) -> Self {
        Self { radii: [radius; 3], rotation: Rotation::default() }
    }

    /// Rows of the matrix that maps a lag into the space where the ellipsoid is the unit ball.
    pub fn reduction(&self) -> [[f64; 3]; 3] {
        let [a, b, c] = self.radii;
        if a == b && b == c {
            // The rotation of a ball is no rotation: keep the world's axes exactly.
            return [[1.0 / a, 0.0, 0.0], [0.0, 1.0 / a, 0.0], [0.0, 0.0, 1.0 / a]];
        }
        let axes = self.rotation.axes();
        [0, 1, 2].map(|i| axes[i].map(|x| x / self.radii[i]))
    }

    /// Reduced distance of `lag`: below 1 inside, 1 on the surface.
    pub fn distance(&self, lag: [f64; 3]) -> f64 {
        squared_norm(apply(&self.reduction(), lag)).sqrt()
    }

    pub(crate) fn check(&self, term: usize) -> Result<(), ModelError> {
        let bad = |r: &f64| !(*r <= LARGEST && *r >= 1.0 / LARGEST);
        match self.radii.into_iter().find(bad) {
            Some(range) => return Err(ModelError::Range { term, range }),
            None => self.rotation.check(term)?,
        }
        let longest = self.radii.into_iter().fold(0.0, f64::max);
        let shortest = self.radii.into_iter().fold(f64::INFINITY, f64::min);
        match longest > MOST_ANISOTROPY * shortest {
            true => Err(ModelError::Anisotropy { term, longest, shortest }),
            false => Ok(()),
        }
    }
}

/// Matrix times vector.
pub(crate) fn apply(m: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    [0, 1, 2].map(|i| m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2])
}

pub(crate) fn squared_norm(v: [f64; 3]) -> f64 {
    v[0] * v[0] + v[1] * v[1] + v[2] * v[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: [f64; 3], b: [f64; 3]) {
        assert!((0..3).all(|i| (a[i] - b[i]).abs() < 1e-15), "{a:?} is not {b:?}");
    }

    #[test]
    fn azimuth_runs_clockwise_from_north_and_dip_points_down() {
        let axes = Rotation { azimuth: 90.0, dip: 0.0, plunge: 0.0 }.axes();
        near(axes[0], [1.0, 0.0, 0.0]);
        near(axes[1], [0.0, -1.0, 0.0]);
        let axes = Rotation { azimuth: 0.0, dip: 90.0, plunge: 0.0 }.axes();
        near(axes[0], [0.0, 0.0, -1.0]);
    }

    #[test]
    fn plunge_turns_the_semi_major_axis_down() {
        let axes = Rotation { azimuth: 0.0, dip: 0.0, plunge: 90.0 }.axes();
        near(axes[1], [0.0, 0.0, -1.0]);
        near(axes[2], [1.0, 0.0, 0.0]);
    }

    #[test]
    fn axes_are_orthonormal_for_any_angles() {
        let axes = Rotation { azimuth: 37.0, dip: -21.0, plunge: 64.0 }.axes();
        for i in 0..3 {
            for j in 0..3 {
                let dot: f64 = (0..3).map(|k| axes[i][k] * axes[j][k]).sum();
                assert!((dot - f64::from(u8::from(i == j))).abs() < 1e-15);
            }
        }
    }
}
