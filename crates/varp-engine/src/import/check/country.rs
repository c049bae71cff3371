//! Whether a place lies in the country that a row states, and what would move it there.

use std::collections::BTreeMap;

use serde::Deserialize;
use varp_model::{Bbox, Converter, Crs, LonLat, Position, References};

/// Outlines of countries, widened by 5 km: coarse, but wrong zones miss by far more.
const OUTLINES: &str = include_str!("../../../reference/outlines.csv");

#[derive(Deserialize)]
struct Row {
    country: String,
    ring: String,
}

struct Ring {
    bbox: Bbox,
    points: Vec<(f64, f64)>,
}

/// Outlines of the countries that varp has some of.
pub(crate) struct Outlines {
    rings: BTreeMap<String, Vec<Ring>>,
    converters: BTreeMap<u16, Option<Converter>>,
}

/// What would move a place into its country.
#[derive(Debug, PartialEq)]
pub(crate) enum Remedy {
    /// Exchanging the coordinates.
    Swap,
    /// Another system with these EPSG codes.
    OtherCrs(Vec<u16>),
    /// Nothing that is known.
    None,
}

impl Outlines {
    pub(crate) fn embedded() -> Self {
        let mut rings: BTreeMap<String, Vec<Ring>> = BTreeMap::new();
        for row in csv::Reader::from_reader(OUTLINES.as_bytes()).deserialize::<Row>().flatten() {
            let points: Vec<(f64, f64)> = row
                .ring
                .split(' ')
                .filter_map(|pair| pair.split_once(','))
                .filter_map(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)))
                .collect();
            let line = geo_types::LineString::from(points.clone());
            let polygon = geo_types::Polygon::new(line, Vec::new());
            if let Some(bbox) = Bbox::of(&varp_model::Geometry::Polygon(polygon)) {
                rings.entry(row.country).or_default().push(Ring { bbox, points });
            }
        }
        Self { rings, converters: BTreeMap::new() }
    }

    /// Whether a place lies in a country; `None` where no outline of it is known.
    pub(crate) fn contains(&self, country: &str, place: LonLat) -> Option<bool> {
        let rings = self.rings.get(country)?;
        let (x, y) = (place.longitude(), place.latitude());
        Some(rings.iter().any(|r| r.bbox.contains(x, y) && inside(&r.points, x, y)))
    }

    /// What would move a place that lies outside its country into it.
    pub(crate) fn remedy(
        &mut self,
        country: &str,
        position: &Position,
        references: &References,
    ) -> Remedy {
        let original = position.original;
        let (x, y) = (original.x, original.y);
        let mut lands = |epsg: u16, x: f64, y: f64| {
            let converter = self
                .converters
                .entry(epsg)
                .or_insert_with(|| Crs::from_epsg(epsg).ok().and_then(|c| c.converter().ok()));
            let place = converter.as_ref().and_then(|c| c.lonlat_from_local(x, y).ok());
            let rings = self.rings.get(country);
            place.zip(rings).is_some_and(|(p, rings)| {
                let (x, y) = (p.longitude(), p.latitude());
                rings.iter().any(|r| r.bbox.contains(x, y) && inside(&r.points, x, y))
            })
        };
        if lands(original.crs.epsg(), y, x) {
            return Remedy::Swap;
        }
        let mut others = Vec::new();
        for entry in &references.crs {
            let national = entry.countries.split_whitespace().any(|c| c == country);
            let within = |x: f64, y: f64| {
                (entry.x_min..=entry.x_max).contains(&x) && (entry.y_min..=entry.y_max).contains(&y)
            };
            if national
                && entry.epsg != original.crs.epsg()
                && within(x, y)
                && lands(entry.epsg, x, y)
            {
                others.push(entry.epsg);
            }
        }
        if !others.is_empty() {
            return Remedy::OtherCrs(others);
        }
        let swapped = references.crs.iter().find(|entry| {
            entry.countries.split_whitespace().any(|c| c == country) && lands(entry.epsg, y, x)
        });
        if swapped.is_some() { Remedy::Swap } else { Remedy::None }
    }
}

/// Whether a point lies in a ring: an odd number of edges to its east.
fn inside(ring: &[(f64, f64)], x: f64, y: f64) -> bool {
    let mut inside = false;
    let mut before = ring.last().copied().unwrap_or_default();
    for &(bx, by) in ring {
        let (ax, ay) = before;
        if (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax) {
            inside = !inside;
        }
        before = (bx, by);
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use varp_model::{Original, Visibility};

    fn place(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    #[test]
    fn mines_lie_in_their_countries() {
        let outlines = Outlines::embedded();
        for (country, lon, lat) in [
            ("NO", 6.416_46, 58.337_147),
            ("SE", 14.76, 60.04),
            ("FI", 27.05, 64.12),
            ("GL", -51.278, 71.126),
            ("IS", -21.9, 64.1),
            ("DK", 14.9, 55.1),
            ("FO", -6.9, 62.1),
            ("FI", 20.0, 60.2),
            ("NO", 29.9, 70.4),
        ] {
            assert_eq!(outlines.contains(country, place(lon, lat)), Some(true), "{country} {lon}");
        }
        assert_eq!(outlines.contains("NO", place(14.76, 60.04)), Some(false));
        assert_eq!(outlines.contains("SE", place(0.0, 0.0)), Some(false));
        assert_eq!(outlines.contains("PT", place(0.0, 0.0)), None);
    }

    #[test]
    fn swapped_axes_and_wrong_zones_are_told_apart() {
        let references = References::embedded();
        let mut outlines = Outlines::embedded();
        let at = |x: f64, y: f64, epsg: u16| {
            let crs = Crs::from_epsg(epsg).unwrap();
            let place = LonLat::new(0.0, 0.0).unwrap();
            let original = Original { x, y, crs };
            Position { place, original, accuracy_m: None, visibility: Visibility::Public }
        };
        let swapped = outlines.remedy("SE", &at(6_656_000.0, 486_500.0, 3006), &references);
        assert_eq!(swapped, Remedy::Swap);
        assert_eq!(outlines.remedy("SE", &at(60.04, 14.76, 4326), &references), Remedy::Swap);
        let zone = outlines.remedy("NO", &at(348_750.0, 6_469_149.0, 25833), &references);
        let Remedy::OtherCrs(others) = zone else { panic!("{zone:?}") };
        assert!(others.contains(&25832), "{others:?}");
    }
}
