//! The ground a study stands on: metres in the UTM zone of the place, and back to degrees.

use varp_model::{Crs, Geometry, LonLat, PlaceError};

use super::polygon::Point;

/// A plane in metres around a place.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    /// Its coordinate system: UTM on WGS 84.
    pub crs: Crs,
}

impl Ground {
    /// The UTM zone of a place, EPSG 32601 to 32660 in the north, 32701 to 32760 in the south.
    ///
    /// # Errors
    /// If the definition of that system is not at hand.
    pub fn around(place: LonLat) -> Result<Self, PlaceError> {
        let zone = ((place.longitude() + 180.0) / 6.0).floor().clamp(0.0, 59.0) as u16 + 1;
        let base = if place.latitude() < 0.0 { 32_700 } else { 32_600 };
        Ok(Self { crs: Crs::from_epsg(base + zone)? })
    }

    /// Metres east and north of places; one outside the use of the zone is an error.
    ///
    /// # Errors
    /// If a place is outside the use of the system.
    pub fn metres(&self, places: &[LonLat]) -> Result<Vec<Point>, PlaceError> {
        let converter = self.crs.converter()?;
        places
            .iter()
            .map(|place| converter.local_from_lonlat(*place).map(|p| (p.east, p.north)))
            .collect()
    }

    /// Places of points in metres.
    ///
    /// # Errors
    /// If a point is outside the use of the system.
    pub fn places(&self, points: &[Point]) -> Result<Vec<LonLat>, PlaceError> {
        let converter = self.crs.converter()?;
        points.iter().map(|(x, y)| converter.lonlat_from_local(*x, *y)).collect()
    }

    /// A ring of (longitude, latitude) as points in metres, without the closing corner.
    ///
    /// # Errors
    /// If a corner is no place or outside the use of the system.
    pub fn ring(&self, corners: &[(f64, f64)]) -> Result<Vec<Point>, PlaceError> {
        let places: Vec<LonLat> =
            corners.iter().filter_map(|(lon, lat)| LonLat::new(*lon, *lat)).collect();
        let mut ring = self.metres(&places)?;
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        Ok(ring)
    }
}

/// A box around points, wider by half their mean spacing; `None` below three points.
pub fn box_around(points: &[Point]) -> Option<Vec<Point>> {
    if points.len() < 3 {
        return None;
    }
    let ends = |of: fn(&Point) -> f64| {
        let values = points.iter().map(of);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)))
    };
    let ((west, east), (south, north)) = (ends(|p| p.0), ends(|p| p.1));
    let span = (east - west).max(north - south);
    if span <= 0.0 {
        return None;
    }
    let extent = (east - west).max(0.1 * span) * (north - south).max(0.1 * span);
    let half = 0.5 * (extent / points.len() as f64).sqrt();
    let (west, east, south, north) = (west - half, east + half, south - half, north + half);
    Some(vec![(west, south), (east, south), (east, north), (west, north)])
}

/// Outer rings of a geometry in (longitude, latitude); none for a point.
pub fn outer_rings(geometry: &Geometry) -> Vec<Vec<(f64, f64)>> {
    let ring = |p: &geo_types::Polygon<f64>| p.exterior().coords().map(|c| (c.x, c.y)).collect();
    match geometry {
        Geometry::Point(_) => Vec::new(),
        Geometry::Polygon(polygon) => vec![ring(polygon)],
        Geometry::MultiPolygon(many) => many.iter().map(ring).collect(),
    }
}

/// Outer rings of a geometry in metres; `None` where it has none or they cannot be projected.
pub fn outlines(geometry: &Geometry) -> Option<Vec<Vec<Point>>> {
    let rings = outer_rings(geometry);
    let (lon, lat) = *rings.first()?.first()?;
    let ground = Ground::around(LonLat::new(lon, lat)?).ok()?;
    let outlines: Vec<Vec<Point>> =
        rings.iter().map(|ring| ground.ring(ring)).collect::<Result<_, _>>().ok()?;
    outlines.iter().all(|ring| ring.len() > 2).then_some(outlines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_the_way_to_metres_and_back() {
        let place = LonLat::new(17.75, 62.05).unwrap();
        let ground = Ground::around(place).unwrap();
        assert_eq!(ground.crs.epsg(), 32633);
        let metres = ground.metres(&[place]).unwrap();
        let back = ground.places(&metres).unwrap()[0];
        assert!(place.distance_m(back) < 1e-3);
        let near = ground.places(&[(metres[0].0 + 100.0, metres[0].1)]).unwrap()[0];
        assert!((place.distance_m(near) - 100.0).abs() < 0.6);
    }
}
