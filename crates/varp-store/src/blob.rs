//! Geometries as GeoPackage stores them: a small header, then well-known binary.
//!
//! Source: OGC 12-128r17 (GeoPackage 1.3), clause 2.1.3; OGC 06-103r4, clause 8.

use geo_types::{LineString, MultiPolygon, Point, Polygon};
use varp_model::{Geometry, LonLat};

/// Why bytes are not a geometry that a register keeps.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BlobError {
    #[error("the geometry ends too early or is damaged")]
    Damaged,
    #[error("a geometry of type {0} is neither a point nor an area")]
    Type(&'static str),
    #[error("the geometry is empty")]
    Empty,
}

/// Least and greatest x, least and greatest y.
pub(crate) type Bounds = [f64; 4];

const WGS84: u32 = 4326;

/// The blob of a place.
pub(crate) fn from_place(place: LonLat) -> Vec<u8> {
    let mut blob = header(0);
    wkb_point(&mut blob, place.longitude(), place.latitude());
    blob
}

/// The blob of any shape; areas carry their envelope.
pub(crate) fn from_geometry(geometry: &Geometry) -> Vec<u8> {
    match geometry {
        Geometry::Point(p) => {
            let mut blob = header(0);
            wkb_point(&mut blob, p.x(), p.y());
            blob
        }
        Geometry::Polygon(p) => {
            let mut blob = header_with_envelope(geometry);
            wkb_polygon(&mut blob, p);
            blob
        }
        Geometry::MultiPolygon(m) => {
            let mut blob = header_with_envelope(geometry);
            wkb_multi_polygon(&mut blob, m);
            blob
        }
    }
}

/// The blob of an area, always as a multi-polygon; `None` for a point.
pub(crate) fn from_area(geometry: &Geometry) -> Option<Vec<u8>> {
    match geometry {
        Geometry::Point(_) => None,
        Geometry::Polygon(p) => {
            Some(from_geometry(&Geometry::MultiPolygon(MultiPolygon(vec![p.clone()]))))
        }
        Geometry::MultiPolygon(_) => Some(from_geometry(geometry)),
    }
}

fn header(flags: u8) -> Vec<u8> {
    let mut blob = Vec::with_capacity(29);
    blob.extend_from_slice(&[b'G', b'P', 0, flags | 1]);
    blob.extend_from_slice(&WGS84.to_le_bytes());
    blob
}

fn header_with_envelope(geometry: &Geometry) -> Vec<u8> {
    let Some(b) = varp_model::Bbox::of(geometry) else { return header(0b1_0000) };
    let mut blob = header(0b10);
    for edge in [b.west, b.east, b.south, b.north] {
        blob.extend_from_slice(&edge.to_le_bytes());
    }
    blob
}

fn wkb_point(blob: &mut Vec<u8>, x: f64, y: f64) {
    wkb_type(blob, 1);
    blob.extend_from_slice(&x.to_le_bytes());
    blob.extend_from_slice(&y.to_le_bytes());
}

fn wkb_polygon(blob: &mut Vec<u8>, polygon: &Polygon<f64>) {
    wkb_type(blob, 3);
    let rings: Vec<_> = std::iter::once(polygon.exterior())
        .chain(polygon.interiors())
        .filter(|ring| !ring.0.is_empty())
        .collect();
    wkb_count(blob, rings.len());
    for ring in rings {
        wkb_count(blob, ring.0.len());
        for c in ring.coords() {
            blob.extend_from_slice(&c.x.to_le_bytes());
            blob.extend_from_slice(&c.y.to_le_bytes());
        }
    }
}

fn wkb_multi_polygon(blob: &mut Vec<u8>, parts: &MultiPolygon<f64>) {
    wkb_type(blob, 6);
    wkb_count(blob, parts.0.len());
    for part in parts {
        wkb_polygon(blob, part);
    }
}

fn wkb_type(blob: &mut Vec<u8>, code: u32) {
    blob.push(1);
    blob.extend_from_slice(&code.to_le_bytes());
}

fn wkb_count(blob: &mut Vec<u8>, count: usize) {
    let count = u32::try_from(count).expect("a shape has fewer than 2^32 parts");
    blob.extend_from_slice(&count.to_le_bytes());
}

/// The shape in a blob. Heights and measures are left out.
pub(crate) fn geometry(blob: &[u8]) -> Result<Geometry, BlobError> {
    let (mut bytes, _) = open(blob)?;
    let head = bytes.head()?;
    match head.kind {
        1 => {
            let (x, y) = bytes.coordinate(head)?;
            if x.is_nan() || y.is_nan() {
                Err(BlobError::Empty)
            } else {
                Ok(Geometry::Point(Point::new(x, y)))
            }
        }
        3 => {
            let polygon = bytes.polygon(head)?;
            if polygon.exterior().0.is_empty() {
                Err(BlobError::Empty)
            } else {
                Ok(Geometry::Polygon(polygon))
            }
        }
        4 => bytes.only_point(head),
        6 => {
            let mut parts = bytes.parts(head)?;
            parts.retain(|part| !part.exterior().0.is_empty());
            if parts.is_empty() {
                Err(BlobError::Empty)
            } else {
                Ok(Geometry::MultiPolygon(MultiPolygon(parts)))
            }
        }
        other => Err(BlobError::Type(type_name(other))),
    }
}

/// The place of a point blob; `None` if it is something else or not on Earth.
pub(crate) fn place(blob: &[u8]) -> Option<LonLat> {
    match geometry(blob).ok()? {
        Geometry::Point(p) => LonLat::new(p.x(), p.y()),
        _ => None,
    }
}

/// Bounds of a blob of any type; `None` if it is empty.
pub(crate) fn bounds(blob: &[u8]) -> Result<Option<Bounds>, BlobError> {
    let (mut bytes, envelope) = open(blob)?;
    if envelope.is_some() {
        return Ok(envelope);
    }
    let mut bounds = None;
    bytes.extend_bounds(&mut bounds, 0)?;
    Ok(bounds)
}

/// Reads the header and stands at the well-known binary.
fn open(blob: &[u8]) -> Result<(Bytes<'_>, Option<Bounds>), BlobError> {
    let mut bytes = Bytes { rest: blob, little: true };
    let [b'G', b'P', _, flags] = *bytes.take(4)? else { return Err(BlobError::Damaged) };
    bytes.little = flags & 1 == 1;
    bytes.take(4)?;
    let envelope_length = match (flags >> 1) & 7 {
        0 => 0,
        1 => 4,
        2 | 3 => 6,
        4 => 8,
        _ => return Err(BlobError::Damaged),
    };
    let mut envelope = [0.0; 8];
    for edge in envelope.iter_mut().take(envelope_length) {
        *edge = bytes.double()?;
    }
    let [a, b, c, d, ..] = envelope;
    let bounds =
        (envelope_length > 0 && ![a, b, c, d].iter().any(|v| v.is_nan())).then_some([a, b, c, d]);
    Ok((bytes, bounds))
}

/// Type and number of values per coordinate.
#[derive(Clone, Copy)]
struct Head {
    kind: u32,
    values: usize,
}

struct Bytes<'a> {
    rest: &'a [u8],
    little: bool,
}

impl<'a> Bytes<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], BlobError> {
        let (taken, rest) = self.rest.split_at_checked(n).ok_or(BlobError::Damaged)?;
        self.rest = rest;
        Ok(taken)
    }

    fn integer(&mut self) -> Result<u32, BlobError> {
        let bytes = self.take(4)?.try_into().map_err(|_| BlobError::Damaged)?;
        Ok(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn double(&mut self) -> Result<f64, BlobError> {
        let bytes = self.take(8)?.try_into().map_err(|_| BlobError::Damaged)?;
        Ok(if self.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// A count of things of at least `size` bytes; more than can follow is damage.
    fn count(&mut self, size: usize) -> Result<usize, BlobError> {
        let count = self.integer()? as usize;
        if count > self.rest.len() / size { Err(BlobError::Damaged) } else { Ok(count) }
    }

    fn head(&mut self) -> Result<Head, BlobError> {
        self.little = match self.take(1)? {
            [0] => false,
            [1] => true,
            _ => return Err(BlobError::Damaged),
        };
        let code = self.integer()?;
        let extended = usize::from(code & 0x8000_0000 != 0) + usize::from(code & 0x4000_0000 != 0);
        if code & 0x2000_0000 != 0 {
            self.integer()?;
        }
        let code = code & 0x0fff_ffff;
        let iso = match code / 1000 {
            0 => 0,
            1 | 2 => 1,
            3 => 2,
            _ => return Err(BlobError::Damaged),
        };
        Ok(Head { kind: code % 1000, values: 2 + extended.max(iso) })
    }

    fn coordinate(&mut self, head: Head) -> Result<(f64, f64), BlobError> {
        let xy = (self.double()?, self.double()?);
        self.take(8 * (head.values - 2))?;
        Ok(xy)
    }

    fn line(&mut self, head: Head) -> Result<LineString<f64>, BlobError> {
        let count = self.count(8 * head.values)?;
        let line: LineString<f64> =
            (0..count).map(|_| self.coordinate(head)).collect::<Result<_, _>>()?;
        // a ring through nowhere never closes
        let nowhere = line.coords().any(|c| c.x.is_nan() || c.y.is_nan());
        if nowhere { Err(BlobError::Damaged) } else { Ok(line) }
    }

    fn polygon(&mut self, head: Head) -> Result<Polygon<f64>, BlobError> {
        let count = self.count(4)?;
        let mut rings = (0..count).map(|_| self.line(head)).collect::<Result<Vec<_>, _>>()?;
        if rings.is_empty() {
            return Ok(Polygon::new(LineString(Vec::new()), Vec::new()));
        }
        let exterior = rings.remove(0);
        rings.retain(|hole| !hole.0.is_empty());
        Ok(Polygon::new(exterior, rings))
    }

    fn parts(&mut self, _: Head) -> Result<Vec<Polygon<f64>>, BlobError> {
        let count = self.count(9)?;
        let mut parts = Vec::with_capacity(count);
        for _ in 0..count {
            let head = self.head()?;
            if head.kind != 3 {
                return Err(BlobError::Damaged);
            }
            parts.push(self.polygon(head)?);
        }
        Ok(parts)
    }

    /// A multi-point that holds one point is that point.
    fn only_point(&mut self, _: Head) -> Result<Geometry, BlobError> {
        match self.count(9)? {
            0 => Err(BlobError::Empty),
            1 => {
                let head = self.head()?;
                if head.kind != 1 {
                    return Err(BlobError::Damaged);
                }
                let (x, y) = self.coordinate(head)?;
                Ok(Geometry::Point(Point::new(x, y)))
            }
            _ => Err(BlobError::Type("multi-point")),
        }
    }

    /// Widens `bounds` by one geometry; collections nest at most 32 deep.
    fn extend_bounds(&mut self, bounds: &mut Option<Bounds>, depth: u8) -> Result<(), BlobError> {
        if depth > 32 {
            return Err(BlobError::Damaged);
        }
        let head = self.head()?;
        match head.kind {
            1 => {
                let (x, y) = self.coordinate(head)?;
                widen(bounds, x, y);
            }
            2 | 8 => self.line_bounds(head, bounds)?,
            3 | 17 => {
                for _ in 0..self.count(4)? {
                    self.line_bounds(head, bounds)?;
                }
            }
            4..=7 | 9..=12 | 15 | 16 => {
                for _ in 0..self.count(5)? {
                    self.extend_bounds(bounds, depth + 1)?;
                }
            }
            _ => return Err(BlobError::Damaged),
        }
        Ok(())
    }

    fn line_bounds(&mut self, head: Head, bounds: &mut Option<Bounds>) -> Result<(), BlobError> {
        for _ in 0..self.count(8 * head.values)? {
            let (x, y) = self.coordinate(head)?;
            widen(bounds, x, y);
        }
        Ok(())
    }
}

fn widen(bounds: &mut Option<Bounds>, x: f64, y: f64) {
    if x.is_nan() || y.is_nan() {
        return;
    }
    let b = bounds.get_or_insert([x, x, y, y]);
    *b = [b[0].min(x), b[1].max(x), b[2].min(y), b[3].max(y)];
}

fn type_name(kind: u32) -> &'static str {
    match kind {
        2 => "line",
        4 => "multi-point",
        5 => "multi-line",
        7 => "collection",
        8..=14 => "curve or curved surface",
        15..=17 => "surface mesh",
        _ => "unknown to the standard",
    }
}

#[cfg(test)]
#[path = "../../varp-engine/tests/fuzz/mutate.rs"]
mod mutate;

#[cfg(test)]
mod tests {
    use super::*;

    fn square(at: f64) -> Polygon<f64> {
        Polygon::new(
            LineString::from(vec![(at, 0.0), (at + 1.0, 0.0), (at + 1.0, 1.0), (at, 0.0)]),
            vec![LineString::from(vec![
                (at + 0.5, 0.2),
                (at + 0.6, 0.2),
                (at + 0.6, 0.3),
                (at + 0.5, 0.2),
            ])],
        )
    }

    /// Bytes of `ogr2ogr -f GPKG` (GDAL 3.6.2) for POINT(15 60).
    #[test]
    fn a_place_has_the_bytes_that_gdal_writes() {
        let hex: String = from_place(LonLat::new(15.0, 60.0).unwrap())
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(hex, "47500001e610000001010000000000000000002e400000000000004e40");
    }

    #[test]
    fn shapes_survive_their_bytes() {
        for shape in [
            Geometry::Point(Point::new(-20.5, 64.25)),
            Geometry::Polygon(square(10.0)),
            Geometry::MultiPolygon(MultiPolygon(vec![square(10.0), square(20.0)])),
        ] {
            let blob = from_geometry(&shape);
            assert_eq!(geometry(&blob).unwrap(), shape);
            let b = varp_model::Bbox::of(&shape).unwrap();
            assert_eq!(bounds(&blob).unwrap(), Some([b.west, b.east, b.south, b.north]));
        }
    }

    #[test]
    fn other_byte_order_heights_and_lone_multi_points_are_read() {
        let mut blob = vec![b'G', b'P', 0, 0, 0, 0, 0x10, 0xe6, 0];
        blob.extend_from_slice(&1001u32.to_be_bytes());
        for v in [15.0f64, 60.0, 300.0] {
            blob.extend_from_slice(&v.to_be_bytes());
        }
        assert_eq!(geometry(&blob).unwrap(), Geometry::Point(Point::new(15.0, 60.0)));
        let mut multi = header(0);
        wkb_type(&mut multi, 4);
        wkb_count(&mut multi, 1);
        wkb_point(&mut multi, 1.0, 2.0);
        assert_eq!(geometry(&multi).unwrap(), Geometry::Point(Point::new(1.0, 2.0)));
    }

    #[test]
    fn damaged_bytes_are_refused_and_never_panic() {
        let whole =
            from_geometry(&Geometry::MultiPolygon(MultiPolygon(vec![square(1.0), square(3.0)])));
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        for round in 0..60_000_usize {
            let mut blob = whole[..whole.len() - round % whole.len()].to_vec();
            for _ in 0..round % 5 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let at = usize::try_from(state >> 8).unwrap() % blob.len();
                blob[at] = state.to_le_bytes()[0];
            }
            let _ = (geometry(&blob), bounds(&blob), place(&blob));
        }
        for cut in 0..whole.len() {
            assert!(geometry(&whole[..cut]).is_err(), "{cut} bytes");
        }
    }

    #[test]
    fn a_count_that_cannot_follow_is_damage_not_memory() {
        let mut blob = header(0);
        wkb_type(&mut blob, 6);
        blob.extend_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(geometry(&blob), Err(BlobError::Damaged));
        let mut nested = header(0);
        for _ in 0..10_000 {
            wkb_type(&mut nested, 7);
            wkb_count(&mut nested, 1);
        }
        assert!(bounds(&nested).is_err());
    }

    /// `VARP_FUZZ_SECONDS` sets for how long.
    #[test]
    fn blobs_of_any_content_are_read_or_refused() {
        let square: Polygon<f64> = Polygon::new(
            LineString::from(vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]),
            Vec::new(),
        );
        let place = from_place(LonLat::new(15.0, 60.0).unwrap());
        let area = from_area(&Geometry::Polygon(square)).unwrap();
        mutate::fuzz("wkb", &[&place, &area], &[], |bytes| {
            if let Ok(shape) = geometry(bytes) {
                let again = geometry(&from_geometry(&shape)).unwrap();
                assert_eq!(format!("{again:?}"), format!("{shape:?}")); // NaN is equal in words
            }
        });
    }
}
