//! Places: longitude and latitude, national grids, and the only code that turns one into another.

use std::fmt;

use proj4rs::Proj;

use crate::Visibility;

/// WGS 84 longitude and latitude in degrees: longitude within ±180, latitude within ±90.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LonLat {
    longitude: f64,
    latitude: f64,
}

impl LonLat {
    /// A place from degrees; `None` if it is not on Earth.
    pub fn new(longitude: f64, latitude: f64) -> Option<Self> {
        let on_earth = (-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude);
        on_earth.then_some(Self { longitude, latitude })
    }

    /// Degrees east of Greenwich.
    pub fn longitude(self) -> f64 {
        self.longitude
    }

    /// Degrees north of the equator.
    pub fn latitude(self) -> f64 {
        self.latitude
    }

    /// Great-circle distance in metres on a sphere of radius 6 371 008.8 m (IUGG mean radius).
    ///
    /// Within 0.6 % of the ellipsoid: for neighbours, not for surveys.
    pub fn distance_m(self, other: Self) -> f64 {
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half_lat = (b - a) / 2.0;
        let half_lon = (other.longitude - self.longitude).to_radians() / 2.0;
        let h = half_lat.sin().powi(2) + a.cos() * b.cos() * half_lon.sin().powi(2);
        2.0 * 6_371_008.8 * h.sqrt().min(1.0).asin()
    }
}

/// A point in a projected coordinate system, metres east and north.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalPoint {
    /// Metres east.
    pub east: f64,
    /// Metres north.
    pub north: f64,
}

/// A coordinate reference system by its EPSG code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Crs(u16);

/// Why coordinates could not become a place.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PlaceError {
    /// The definition of this system is not at hand.
    #[error("EPSG:{0} is not a coordinate system that varp knows")]
    UnknownCrs(u16),
    /// The numbers are outside the use of the system.
    #[error("({x}, {y}) is not a place in EPSG:{epsg}")]
    Outside {
        /// First coordinate, east or longitude.
        x: f64,
        /// Second coordinate, north or latitude.
        y: f64,
        /// The system.
        epsg: u16,
    },
}

impl Crs {
    /// WGS 84 in degrees.
    pub const WGS84: Self = Self(4326);

    /// The system with this EPSG code, if its definition is at hand.
    pub fn from_epsg(epsg: u16) -> Result<Self, PlaceError> {
        match crs_definitions::from_code(epsg) {
            Some(_) => Ok(Self(epsg)),
            None => Err(PlaceError::UnknownCrs(epsg)),
        }
    }

    /// Its EPSG code.
    pub fn epsg(self) -> u16 {
        self.0
    }

    /// Its definition in the well-known text of OGC 01-009 (WKT 1).
    pub fn definition(self) -> &'static str {
        crs_definitions::from_code(self.0).map_or("", |definition| definition.wkt)
    }

    /// Whether its coordinates are degrees.
    pub fn is_geographic(self) -> bool {
        self.projection().is_ok_and(|p| p.is_latlong())
    }

    /// Length of one unit of its coordinates, metres; of degrees it says nothing.
    pub fn unit_m(self) -> f64 {
        self.projection().map_or(1.0, |p| p.to_meter())
    }

    fn projection(self) -> Result<Proj, PlaceError> {
        Proj::from_epsg_code(self.0).map_err(|_| PlaceError::UnknownCrs(self.0))
    }

    /// A converter, for many points of one system.
    pub fn converter(self) -> Result<Converter, PlaceError> {
        let wgs84 = Proj::from_epsg_code(4326).map_err(|_| PlaceError::UnknownCrs(4326))?;
        Ok(Converter { crs: self, local: self.projection()?, wgs84 })
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EPSG:{}", self.0)
    }
}

/// Turns coordinates of one system into places and back.
///
/// The transformation is the one of PROJ's definitions without grids; what that costs is stated
/// per system in the reference file `crs.csv` and belongs into [`Position::accuracy_m`].
#[derive(Debug)]
pub struct Converter {
    crs: Crs,
    local: Proj,
    wgs84: Proj,
}

impl Converter {
    /// The place of `x` (east or longitude) and `y` (north or latitude).
    pub fn lonlat_from_local(&self, x: f64, y: f64) -> Result<LonLat, PlaceError> {
        let outside = || PlaceError::Outside { x, y, epsg: self.crs.0 };
        if !(x.is_finite() && y.is_finite()) {
            return Err(outside());
        }
        if self.crs == Crs::WGS84 {
            return LonLat::new(x, y).ok_or_else(outside);
        }
        let degrees = self.local.is_latlong();
        if degrees && LonLat::new(x, y).is_none() {
            return Err(outside());
        }
        let mut point = if degrees { (x.to_radians(), y.to_radians(), 0.0) } else { (x, y, 0.0) };
        proj4rs::transform::transform(&self.local, &self.wgs84, &mut point)
            .map_err(|_| outside())?;
        LonLat::new(point.0.to_degrees(), point.1.to_degrees()).ok_or_else(outside)
    }

    /// The coordinates of a place in this system.
    pub fn local_from_lonlat(&self, place: LonLat) -> Result<LocalPoint, PlaceError> {
        let (x, y) = (place.longitude, place.latitude);
        if self.crs == Crs::WGS84 {
            return Ok(LocalPoint { east: x, north: y });
        }
        let mut point = (x.to_radians(), y.to_radians(), 0.0);
        let outside = PlaceError::Outside { x, y, epsg: self.crs.0 };
        if proj4rs::transform::transform(&self.wgs84, &self.local, &mut point).is_err() {
            return Err(outside);
        }
        let (east, north) = if self.local.is_latlong() {
            (point.0.to_degrees(), point.1.to_degrees())
        } else {
            (point.0, point.1)
        };
        let finite = east.is_finite() && north.is_finite();
        if finite { Ok(LocalPoint { east, north }) } else { Err(outside) }
    }
}

/// Coordinates as the source gave them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Original {
    /// East or longitude.
    pub x: f64,
    /// North or latitude.
    pub y: f64,
    /// The system they are in.
    pub crs: Crs,
}

/// Where a thing is, how well that is known, and who may know it.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// The place in WGS 84.
    pub place: LonLat,
    /// The coordinates it came from.
    pub original: Original,
    /// Radius in metres within which the place is stated to be right, transformation included;
    /// `None` where the source does not say.
    pub accuracy_m: Option<f64>,
    /// Who may see the exact coordinates.
    pub visibility: Visibility,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference coordinates: PROJ 9.5.1 through pyproj 3.7.2, WGS 84 to each system.
    #[test]
    fn nordic_grids_agree_with_proj_and_return() {
        for (epsg, lon, lat) in [
            (3067, 28.2, 64.2),
            (3006, 14.76, 60.04),
            (25832, 6.41646, 58.337147),
            (25833, 15.0, 67.0),
            (3057, -19.0, 65.0),
            (3035, 10.0, 52.0),
        ] {
            let converter = Crs::from_epsg(epsg).unwrap().converter().unwrap();
            let place = LonLat::new(lon, lat).unwrap();
            let local = converter.local_from_lonlat(place).unwrap();
            let back = converter.lonlat_from_local(local.east, local.north).unwrap();
            assert!(back.distance_m(place) < 1e-3, "EPSG:{epsg}: {local:?} -> {back:?}");
        }
    }

    /// The survey of Norway prints E 348750, N 6469149 (UTM 32) beside 6.416460, 58.337147 for
    /// Tellnes (ore database, object 1111-019).
    #[test]
    fn tellnes_is_where_its_fact_sheet_says() {
        let converter = Crs::from_epsg(25832).unwrap().converter().unwrap();
        let place = converter.lonlat_from_local(348_750.0, 6_469_149.0).unwrap();
        assert!(place.distance_m(LonLat::new(6.416_460, 58.337_147).unwrap()) < 5.0);
    }

    #[test]
    fn what_is_not_on_earth_is_refused() {
        assert_eq!(LonLat::new(181.0, 0.0), None);
        assert_eq!(LonLat::new(f64::NAN, 0.0), None);
        assert_eq!(Crs::from_epsg(1), Err(PlaceError::UnknownCrs(1)));
        let converter = Crs::from_epsg(3067).unwrap().converter().unwrap();
        assert!(converter.lonlat_from_local(f64::INFINITY, 0.0).is_err());
    }

    #[test]
    fn one_degree_of_latitude_is_111_kilometres() {
        let d = LonLat::new(20.0, 60.0).unwrap().distance_m(LonLat::new(20.0, 61.0).unwrap());
        assert!((d - 111_195.0).abs() < 1.0);
    }
}
