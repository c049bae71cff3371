//! Lambert's azimuthal equal-area projection on a sphere: areas compare from Greenland to Karelia.

/// Mean radius of the Earth, metres (IUGG).
const RADIUS_M: f64 = 6_371_008.8;

/// The projection around a centre.
///
/// x = k cos φ sin(λ − λ₀), y = k (cos φ₀ sin φ − sin φ₀ cos φ cos(λ − λ₀)),
/// k = R √(2 / (1 + sin φ₀ sin φ + cos φ₀ cos φ cos(λ − λ₀)))
///
/// Source: J. P. Snyder, Map projections: a working manual, USGS Professional Paper 1395 (1987),
/// equations 22-4, 22-5 and 24-2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    longitude: f64,
    sin: f64,
    cos: f64,
}

impl Projection {
    /// Around a longitude and latitude in degrees.
    pub fn around(longitude: f64, latitude: f64) -> Self {
        let (sin, cos) = latitude.to_radians().sin_cos();
        Self { longitude, sin, cos }
    }

    /// Metres east and north of the centre.
    pub fn project(&self, longitude: f64, latitude: f64) -> (f64, f64) {
        let (sin_lon, cos_lon) = (longitude - self.longitude).to_radians().sin_cos();
        let (sin_lat, cos_lat) = latitude.to_radians().sin_cos();
        let facing = 1.0 + self.sin * sin_lat + self.cos * cos_lat * cos_lon;
        let k = RADIUS_M * (2.0 / facing.max(1e-9)).sqrt();
        (k * cos_lat * sin_lon, k * (self.cos * sin_lat - self.sin * cos_lat * cos_lon))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_lies_at_the_chord_of_its_angle_from_the_centre() {
        let (x, y) = Projection::around(15.0, 65.0).project(25.0, 60.0);
        // distances follow from the chord: |(x, y)| = 2 R sin(c / 2), c the angle to the centre
        let c = (65f64.to_radians().sin() * 60f64.to_radians().sin()
            + 65f64.to_radians().cos() * 60f64.to_radians().cos() * 10f64.to_radians().cos())
        .acos();
        assert!((x.hypot(y) - 2.0 * RADIUS_M * (c / 2.0).sin()).abs() < 1e-3);
        assert!(x > 0.0 && y < 0.0);
    }

    #[test]
    fn equal_areas_stay_equal() {
        let p = Projection::around(15.0, 65.0);
        let area = |lon: f64, lat: f64| {
            let [a, b, c] =
                [(0.0, 0.0), (0.01, 0.0), (0.0, 0.01)].map(|(x, y)| p.project(lon + x, lat + y));
            ((b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)) / lat.to_radians().cos()
        };
        assert!((area(-45.0, 61.0) / area(15.0, 65.0) - 1.0).abs() < 1e-3);
    }
}
