//! Places of a body in metres: one grid for each body, the UTM zone of its middle.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use varp_model::{Converter, Crs, Geometry, LonLat, PlaceError};

/// Turns places near a body into metres east and north.
#[derive(Debug)]
pub struct LocalGrid {
    converter: Converter,
    epsg: u16,
}

/// The system that a plan or a steward names, which must be projected.
///
/// # Errors
/// In words, if it is not known or in degrees.
pub fn projected(epsg: u16) -> Result<Crs, String> {
    match Crs::from_epsg(epsg) {
        Err(error) => Err(format!("EPSG:{epsg}: {error}")),
        Ok(crs) if crs.is_geographic() => {
            Err(format!("EPSG:{epsg} is in degrees; a projected system is needed"))
        }
        Ok(crs) if crs.unit_m() != 1.0 => Err(format!(
            "EPSG:{epsg} counts in units of {:.6} m, such as feet; a projected system of metres is needed \
             (gdalwarp -t_srs, ogr2ogr -t_srs)",
            crs.unit_m()
        )),
        Ok(crs) => Ok(crs),
    }
}

/// Stretch of lengths by a system, beyond which volumes are wrong by more than anybody means.
const MOST_STRETCH: f64 = 0.005;

impl LocalGrid {
    /// The grid for places around this one: UTM on WGS 84, north or south.
    ///
    /// # Errors
    /// If the system is not known, which no place on Earth leads to.
    pub fn around(place: LonLat) -> Result<Self, PlaceError> {
        let zone = (((place.longitude() + 180.0) / 6.0).floor() as u16).min(59) + 1;
        let base = if place.latitude() < 0.0 { 32_700 } else { 32_600 };
        Self::of(base + zone)
    }

    /// The grid of a projected system.
    ///
    /// # Errors
    /// If the system is not known.
    pub fn of(epsg: u16) -> Result<Self, PlaceError> {
        Ok(Self { converter: Crs::from_epsg(epsg)?.converter()?, epsg })
    }

    /// EPSG code of its system.
    pub fn epsg(&self) -> u16 {
        self.epsg
    }

    /// A doubt in words where lengths near this place are not those on the ground, as in a system of
    /// another country.
    pub fn doubt(&self, place: LonLat) -> Option<String> {
        let near = Self::around(place).ok()?;
        let (x, y) = (place.longitude(), place.latitude());
        let north = LonLat::new(x, y + if y > 0.0 { -0.001 } else { 0.001 })?;
        let length = |grid: &Self| {
            let ([a, b], [c, d]) = (grid.metres(place)?, grid.metres(north)?);
            Some((a - c).hypot(b - d))
        };
        let stretch = length(self)? / length(&near)? - 1.0;
        (stretch.abs() > MOST_STRETCH).then(|| {
            format!(
                "EPSG:{} stretches lengths at this body by {:.1} %, so areas and volumes are off by about \
                 twice that; EPSG:{} fits",
                self.epsg,
                100.0 * stretch,
                near.epsg
            )
        })
    }

    /// East and north of a place.
    pub fn metres(&self, place: LonLat) -> Option<[f64; 2]> {
        self.converter.local_from_lonlat(place).ok().map(|p| [p.east, p.north])
    }

    /// An outline in metres; a point has none.
    pub fn outline(&self, geometry: &Geometry) -> Option<MultiPolygon<f64>> {
        let ring = |line: &LineString<f64>| -> Option<LineString<f64>> {
            let coordinate = |c: &Coord<f64>| {
                let [x, y] = self.metres(LonLat::new(c.x, c.y)?)?;
                Some(Coord { x, y })
            };
            line.coords().map(coordinate).collect::<Option<Vec<_>>>().map(LineString::new)
        };
        let polygon = |p: &Polygon<f64>| -> Option<Polygon<f64>> {
            let holes = p.interiors().iter().map(ring).collect::<Option<Vec<_>>>()?;
            Some(Polygon::new(ring(p.exterior())?, holes))
        };
        match geometry {
            Geometry::Point(_) => None,
            Geometry::Polygon(p) => Some(MultiPolygon(vec![polygon(p)?])),
            Geometry::MultiPolygon(m) => {
                m.iter().map(polygon).collect::<Option<Vec<_>>>().map(MultiPolygon)
            }
        }
    }
}

/// Area of polygons in square metres, holes taken off (shoelace formula).
pub fn area(outline: &MultiPolygon<f64>) -> f64 {
    let ring = |line: &LineString<f64>| {
        let points: Vec<_> = line.coords().collect();
        let twice: f64 = points.windows(2).map(|w| w[0].x * w[1].y - w[1].x * w[0].y).sum();
        (twice / 2.0).abs()
    };
    outline.iter().map(|p| ring(p.exterior()) - p.interiors().iter().map(ring).sum::<f64>()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_of_another_country_is_doubted_and_degrees_are_refused() {
        let place = LonLat::new(15.0, 60.4).unwrap();
        let doubt = |epsg: u16| LocalGrid::of(epsg).unwrap().doubt(place);
        assert_eq!((doubt(3006), doubt(32_633)), (None, None));
        // twelve degrees from its meridian: 1 + (Δλ·cos φ)²/2 = 1.0053 times the scale at the meridian
        let finnish = doubt(3067).unwrap();
        assert!(finnish.contains("by 0.5 %") && finnish.contains("EPSG:32633 fits"), "{finnish}");
        assert!(projected(4326).unwrap_err().contains("in degrees"));
        assert!(projected(2263).unwrap_err().contains("units of 0.304801 m"));
        assert!(projected(1).is_err() && projected(3067).is_ok());
    }

    #[test]
    fn a_hectare_is_a_hectare() {
        let grid = LocalGrid::around(LonLat::new(14.8, 60.0).unwrap()).unwrap();
        let zone = Crs::from_epsg(32_633).unwrap().converter().unwrap();
        let [x, y] = grid.metres(LonLat::new(14.8, 60.0).unwrap()).unwrap();
        let corner = |dx: f64, dy: f64| {
            let p = zone.lonlat_from_local(x + dx, y + dy).unwrap();
            Coord { x: p.longitude(), y: p.latitude() }
        };
        let ring =
            vec![corner(0.0, 0.0), corner(100.0, 0.0), corner(100.0, 100.0), corner(0.0, 100.0)];
        let square = Geometry::Polygon(Polygon::new(LineString::new(ring), vec![]));
        assert!((area(&grid.outline(&square).unwrap()) - 1e4).abs() < 0.1);
    }
}
