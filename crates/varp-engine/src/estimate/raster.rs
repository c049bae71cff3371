//! Height models as GeoTIFF: bytes in, a grid of heights out.

use std::io::Cursor;

use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

use super::heights::{HeightStatements, Heights};
use super::terrain::{Dem, DemError};

/// More pixels than this are refused: 200 million.
const MOST_PIXELS: u64 = 200_000_000;

impl Dem {
    /// Reads a GeoTIFF of one band with square pixels and north up, uncompressed, deflated or LZW.
    ///
    /// Of the coordinate system the EPSG code is read, where the file states one; heights in feet, and those
    /// with a scale or an offset, become metres, and what was done is told.
    ///
    /// # Errors
    /// What is not a height model, in words.
    pub fn parse_geotiff(bytes: &[u8]) -> Result<(Self, Heights), DemError> {
        let fail = |message: String| DemError::Unreadable { line: 0, message };
        let mut limits = Limits::default();
        limits.decoding_buffer_size = 2_000_000_000;
        let mut decoder = Decoder::new(Cursor::new(bytes))
            .map_err(|e| fail(format!("not a TIFF: {e}")))?
            .with_limits(limits);
        let (columns, rows) = decoder.dimensions().map_err(|e| fail(e.to_string()))?;
        if u64::from(columns) * u64::from(rows) > MOST_PIXELS {
            return Err(fail(format!(
                "{columns} × {rows} pixels are too many; cut out the body first"
            )));
        }
        let scale = numbers(&mut decoder, Tag::ModelPixelScaleTag)
            .ok_or_else(|| fail("no pixel size: this is no GeoTIFF with north up".into()))?;
        let tie = numbers(&mut decoder, Tag::ModelTiepointTag)
            .ok_or_else(|| fail("no tie point: this is no GeoTIFF with north up".into()))?;
        let ([width, height, ..], [column, row, _, x, y, ..]) = (scale.as_slice(), tie.as_slice())
        else {
            return Err(fail("pixel size or tie point is cut short".into()));
        };
        if !(*width > 0.0 && (width - height).abs() <= 1e-6 * width) {
            return Err(fail(format!("pixels of {width} × {height}; square ones are needed")));
        }
        let keys = Keys::of(&mut decoder);
        let system = keys.system().map_err(fail)?;
        let metadata = metadata(&mut decoder).map_err(|e| fail(e.to_string()))?;
        let stated = keys.heights(&metadata).map_err(fail)?;
        let empty = decoder.get_tag_ascii_string(Tag::GdalNodata).ok();
        let empty = empty.and_then(|t| t.trim_end_matches('\0').trim().parse::<f64>().ok());
        let image = decoder.read_image().map_err(|e| fail(e.to_string()))?;
        let mut heights =
            heights(image).ok_or_else(|| fail("numbers of an unusual kind".into()))?;
        if heights.len() as u64 != u64::from(columns) * u64::from(rows) {
            return Err(fail("more than one band; give the band of heights alone".into()));
        }
        heights
            .iter_mut()
            .for_each(|h| *h = if Some(*h) == empty { f64::NAN } else { stated.metres(*h) });
        heights.iter_mut().filter(|h| !h.is_finite() || h.abs() > 1e5).for_each(|h| *h = f64::NAN);
        let half = if keys.is_point() { width / 2.0 } else { 0.0 };
        let (west, north) = (x - column * width - half, y + row * width + half);
        let dem = Self::new(columns as usize, rows as usize, *width, (west, north), heights)?;
        Ok((dem.in_system(system), stated))
    }
}

/// The directory of GeoKeys: number, place, count and value of each; those kept elsewhere are not read.
///
/// Source: OGC GeoTIFF Standard 1.1 (OGC 19-008r4), keys 1024 `GTModelType`, 1025 `GTRasterType`, 3072
/// `ProjectedCRS`, 3076 `ProjLinearUnits`, 4096 `Vertical` and 4099 `VerticalUnits`; 32767 is the user's own.
struct Keys(Vec<u16>);

/// EPSG code of the metre.
const METRE: u16 = 9001;

impl Keys {
    fn of(decoder: &mut Decoder<Cursor<&[u8]>>) -> Self {
        Self(decoder.get_tag_u16_vec(Tag::GeoKeyDirectoryTag).unwrap_or_default())
    }

    fn value(&self, key: u16) -> Option<u16> {
        let mut entries = self.0.get(4..).unwrap_or_default().chunks_exact(4);
        entries.find(|e| e[0] == key && e[1] == 0).map(|e| e[3])
    }

    /// What the file says of its heights.
    fn heights(&self, metadata: &str) -> Result<Heights, String> {
        HeightStatements { unit: self.value(4099), system: self.value(4096), metadata }.heights()
    }

    /// EPSG code of the projected system, where the file states one.
    fn system(&self) -> Result<Option<u16>, String> {
        match self.value(1024) {
            Some(2) => {
                Err("its places are longitudes and latitudes; bring it into a projected system \
                            first (gdalwarp -t_srs EPSG:…)"
                    .into())
            }
            _ => match self.value(3076).filter(|unit| ![0, METRE].contains(unit)) {
                Some(unit) => Err(format!(
                    "its places are not in metres (ProjLinearUnits EPSG:{unit}; 9002 and 9003 are feet); \
                     bring it into a projected system of metres first (gdalwarp -t_srs EPSG:…)"
                )),
                None => Ok(self.value(3072).filter(|code| ![0, 32_767].contains(code))),
            },
        }
    }

    /// Whether the tie point is the middle of a pixel instead of its corner.
    fn is_point(&self) -> bool {
        self.value(1025) == Some(2)
    }
}

/// GDAL's metadata (TIFF tag 42112), XML; empty where there is none.
fn metadata(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<String, tiff::TiffError> {
    let value = decoder.find_tag(Tag::from_u16_exhaustive(42_112))?;
    Ok(value.map(|v| v.into_string()).transpose()?.unwrap_or_default())
}

fn numbers(decoder: &mut Decoder<Cursor<&[u8]>>, tag: Tag) -> Option<Vec<f64>> {
    decoder.get_tag_f64_vec(tag).ok()
}

fn heights(image: DecodingResult) -> Option<Vec<f64>> {
    Some(match image {
        DecodingResult::F32(v) => v.into_iter().map(f64::from).collect(),
        DecodingResult::F64(v) => v,
        DecodingResult::I16(v) => v.into_iter().map(f64::from).collect(),
        DecodingResult::U16(v) => v.into_iter().map(f64::from).collect(),
        DecodingResult::I32(v) => v.into_iter().map(f64::from).collect(),
        DecodingResult::U32(v) => v.into_iter().map(f64::from).collect(),
        DecodingResult::U8(v) => v.into_iter().map(f64::from).collect(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::fill_between;

    const TOP: &[u8] = include_bytes!("../../oracle/dem/top.tif");
    const BASE: &[u8] = include_bytes!("../../oracle/dem/base.tif");
    const DIFFERENCE: &str = include_str!("../../oracle/dem/difference.asc");

    fn read(bytes: &[u8]) -> Dem {
        Dem::parse_geotiff(bytes).unwrap().0
    }

    /// GDAL 3.6.2, `gdal_calc.py` on the same grids, which it reads as 32-bit numbers: `oracle/dem/make.sh`.
    #[test]
    fn the_difference_of_two_models_equals_gdals_to_rounding() {
        let (top, base) = (read(TOP), read(BASE));
        let found = fill_between(&top, &base, 0.1).unwrap();
        let wanted = Dem::parse_ascii(DIFFERENCE).unwrap();
        top.same_cells(&wanted).unwrap();
        let mut compared = 0;
        for (ours, theirs) in found.iter().zip(wanted.heights()) {
            assert_eq!(ours.is_nan(), theirs.is_nan());
            if !ours.is_nan() {
                assert!((ours - theirs).abs() < 2e-5, "{ours} {theirs}");
                compared += 1;
            }
        }
        assert_eq!(compared, 24 * 18 - 1 - 3); // one cell has no top, three have no base
    }

    #[test]
    fn ascii_and_geotiff_of_one_grid_are_one_grid() {
        let text = Dem::parse_ascii(include_str!("../../oracle/dem/base.asc")).unwrap();
        let binary = read(BASE);
        text.same_cells(&binary).unwrap();
        let pairs = text.heights().iter().zip(binary.heights());
        assert!(
            pairs.filter(|(a, b)| !a.is_nan() && !b.is_nan()).all(|(a, b)| (a - b).abs() < 2e-5)
        );
    }

    /// Corner and system as `gdalinfo` tells them, whatever pixels mean in the file.
    #[test]
    fn system_and_corner_are_those_that_gdal_tells() {
        let area = read(include_bytes!("../../oracle/dem/area.tif"));
        let point = read(include_bytes!("../../oracle/dem/point.tif"));
        assert_eq!((area.epsg(), area.size()), (Some(3006), [8, 6]));
        assert_eq!(area.centre(0), [500_002.5, 6_700_087.5]);
        assert_eq!(point, area);
        let degrees = Dem::parse_geotiff(include_bytes!("../../oracle/dem/degrees.tif"));
        assert!(degrees.unwrap_err().to_string().contains("longitudes"));
    }

    /// The heights of `area.tif` in feet, in US survey feet and in decimetres above 100 m, written by GDAL.
    #[test]
    fn heights_in_feet_or_scaled_become_the_metres_that_they_were() {
        let metres = read(include_bytes!("../../oracle/dem/area.tif"));
        for (file, least, words) in [
            (
                &include_bytes!("../../oracle/dem/feet_system.tif")[..],
                1e-9,
                "in feet, times 0.3048",
            ),
            (include_bytes!("../../oracle/dem/feet_band.tif"), 1e-9, "in feet, times 0.3048"),
            (include_bytes!("../../oracle/dem/feet_survey.tif"), 1e-9, "times 1200/3937"),
            (include_bytes!("../../oracle/dem/scaled.tif"), 0.05001, "times 0.1 plus 100"),
        ] {
            let (found, heights) = Dem::parse_geotiff(file).unwrap();
            assert!(heights.words().contains(words), "{}", heights.words());
            assert_eq!(found.epsg(), Some(3006));
            found.same_cells(&metres).unwrap();
            for (ours, theirs) in found.heights().iter().zip(metres.heights()) {
                assert!((ours - theirs).abs() <= least, "{words}: {ours} {theirs}");
            }
        }
        let places = Dem::parse_geotiff(include_bytes!("../../oracle/dem/feet_places.tif"));
        assert!(places.unwrap_err().to_string().contains("ProjLinearUnits EPSG:9003"));
    }

    #[test]
    fn what_is_no_height_model_is_refused() {
        for bytes in [&b""[..], b"II*\0", &TOP[..200]] {
            assert!(Dem::parse_geotiff(bytes).is_err());
        }
    }
}
