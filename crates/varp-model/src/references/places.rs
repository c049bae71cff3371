//! Coordinate systems and countries: what tells whether a coordinate can be right.

use serde::Deserialize;

use super::{References, Status};
use crate::LonLat;

/// A coordinate system in use, where, and what its transformation costs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CrsEntry {
    /// EPSG code.
    pub epsg: u16,
    /// Name as surveyors say it.
    pub name: String,
    /// Countries where tables use it, separated by spaces.
    pub countries: String,
    /// Least x (east or longitude) that occurs in these countries.
    pub x_min: f64,
    /// Greatest x.
    pub x_max: f64,
    /// Least y (north or latitude).
    pub y_min: f64,
    /// Greatest y.
    pub y_max: f64,
    /// Whether the authority's axis order is north before east.
    pub north_first: bool,
    /// Error in metres of the transformation without grids.
    pub accuracy_m: f64,
    /// The operation used, in words.
    pub operation: String,
    /// Where the accuracy comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

/// The smallest box of longitudes and latitudes around a country, with 0.05 degrees to spare.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CountryBox {
    /// ISO 3166-1 code.
    pub country: String,
    /// Least longitude.
    pub west: f64,
    /// Greatest longitude.
    pub east: f64,
    /// Least latitude.
    pub south: f64,
    /// Greatest latitude.
    pub north: f64,
    /// Where the box comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

impl CountryBox {
    /// Whether the place lies in the box; outside it, the country or the coordinate is wrong.
    pub fn holds(&self, place: LonLat) -> bool {
        (self.west..=self.east).contains(&place.longitude())
            && (self.south..=self.north).contains(&place.latitude())
    }
}

impl References {
    /// The coordinate system with this EPSG code.
    pub fn crs_entry(&self, epsg: u16) -> Option<&CrsEntry> {
        self.crs.iter().find(|c| c.epsg == epsg)
    }

    /// The box around a country, for the Nordic countries and territories.
    pub fn country_box(&self, code: &str) -> Option<&CountryBox> {
        self.country_boxes.iter().find(|b| b.country == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Crs, PlaceError};

    #[test]
    fn every_coordinate_system_is_listed_once_and_can_be_converted() -> Result<(), PlaceError> {
        let references = References::embedded();
        let mut codes: Vec<u16> = references.crs.iter().map(|c| c.epsg).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), references.crs.len());
        for entry in &references.crs {
            let converter = Crs::from_epsg(entry.epsg)?.converter()?;
            let (x, y) = ((entry.x_min + entry.x_max) / 2.0, (entry.y_min + entry.y_max) / 2.0);
            let place = converter.lonlat_from_local(x, y)?;
            let back = converter.local_from_lonlat(place)?;
            let off = (back.east - x).hypot(back.north - y);
            assert!(off < 0.02, "EPSG:{} returns {off} away", entry.epsg);
        }
        Ok(())
    }

    /// A wrong extent would send a table to another system: each country's box corners must stay
    /// within reach of the grid that the country uses.
    #[test]
    fn the_national_grid_reaches_over_its_country() {
        let references = References::embedded();
        for (country, epsg) in
            [("SE", 3006), ("SE", 3021), ("FI", 3067), ("NO", 25833), ("DK", 25832), ("IS", 3057)]
        {
            let b = references.country_box(country).unwrap();
            let place = LonLat::new((b.west + b.east) / 2.0, (b.south + b.north) / 2.0).unwrap();
            assert!(b.holds(place));
            let converter = Crs::from_epsg(epsg).unwrap().converter().unwrap();
            let local = converter.local_from_lonlat(place).unwrap();
            let e = references.crs_entry(epsg).unwrap();
            assert!(e.countries.split(' ').any(|c| c == country));
            assert!((e.x_min..e.x_max).contains(&local.east), "{country} {local:?}");
            assert!((e.y_min..e.y_max).contains(&local.north), "{country} {local:?}");
        }
    }

    #[test]
    fn greenland_is_not_in_denmark() {
        let references = References::embedded();
        let maarmorilik = LonLat::new(-51.25, 71.15).unwrap();
        assert!(!references.country_box("DK").unwrap().holds(maarmorilik));
        assert!(references.country_box("GL").unwrap().holds(maarmorilik));
    }
}
