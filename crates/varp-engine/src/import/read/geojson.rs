//! GeoJSON feature by feature: once for the columns, once for the rows.

use std::fmt;
use std::io::{BufReader, Read};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use geojson::{Feature, GeometryValue, Position};
use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use varp_model::{CellValue, Crs, Geometry};

use super::{EachRow, Limits, ReadError, ReadSeek};
use crate::import::Code;
use crate::import::cell::CellRef;

/// A GeoJSON file, open; its columns are known.
pub(super) struct GeoJsonFile {
    bytes: Box<dyn ReadSeek>,
    crs: Option<Crs>,
    columns: Vec<String>,
}

/// Name of the column that holds the shape.
const GEOMETRY: &str = "geometry";

impl GeoJsonFile {
    pub(super) fn open(mut bytes: Box<dyn ReadSeek>, limits: &Limits) -> Result<Self, ReadError> {
        let mut columns: Vec<String> = Vec::new();
        let mut crs = None;
        walk(&mut bytes, limits, &mut |part| {
            match part {
                Part::Crs(value) => crs = Some(value),
                Part::Feature(feature) => {
                    for key in feature.properties.iter().flat_map(|p| p.keys()) {
                        if !columns.contains(key) && columns.len() < limits.columns {
                            columns.push(key.clone());
                        }
                    }
                }
            }
            ControlFlow::Continue(())
        })?;
        columns.push(GEOMETRY.to_owned());
        let crs = match crs {
            Some(value) => Some(crs_of(&value)?),
            None => Some(Crs::WGS84), // RFC 7946, section 4
        };
        Ok(Self { bytes, crs, columns })
    }

    pub(super) fn crs(&self) -> Option<Crs> {
        self.crs
    }

    pub(super) fn rows(
        &mut self,
        limits: &Limits,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        let header: Vec<CellRef<'_>> = self.columns.iter().map(|c| CellRef::Text(c)).collect();
        if each(1, &header).is_break() {
            return Ok(());
        }
        let columns = &self.columns;
        let mut number = 1;
        walk(&mut self.bytes, limits, &mut |part| {
            let Part::Feature(feature) = part else { return ControlFlow::Continue(()) };
            number += 1;
            let mut row: Vec<CellValue> = Vec::with_capacity(columns.len());
            for column in &columns[..columns.len() - 1] {
                let value = feature.properties.as_ref().and_then(|p| p.get(column));
                row.push(value.map_or(CellValue::Empty, value_of));
            }
            row.push(feature.geometry.map_or(CellValue::Empty, |g| shape_of(g.value)));
            let cells: Vec<CellRef<'_>> = row.iter().map(CellRef::of).collect();
            each(number, &cells)
        })
    }
}

fn value_of(value: &Value) -> CellValue {
    match value {
        Value::Null => CellValue::Empty,
        Value::Bool(truth) => CellValue::Bool(*truth),
        Value::Number(number) => CellValue::Text(number.to_string()),
        Value::String(text) => CellValue::Text(text.clone()),
        Value::Array(_) | Value::Object(_) => CellValue::Text(value.to_string()),
    }
}

fn shape_of(value: GeometryValue) -> CellValue {
    let name = value.type_name();
    if !complete(&value) {
        return CellValue::Error(format!("a {name} with a place of fewer than two numbers"));
    }
    match geo_types::Geometry::<f64>::try_from(value) {
        Ok(geo_types::Geometry::Point(p)) => CellValue::Geometry(Geometry::Point(p)),
        Ok(geo_types::Geometry::Polygon(p)) => CellValue::Geometry(Geometry::Polygon(p)),
        Ok(geo_types::Geometry::MultiPolygon(m)) => CellValue::Geometry(Geometry::MultiPolygon(m)),
        Ok(geo_types::Geometry::MultiPoint(m)) if m.0.len() == 1 => {
            CellValue::Geometry(Geometry::Point(m.0[0]))
        }
        _ => CellValue::Error(format!("a {name}")),
    }
}

/// Whether all positions have the two numbers that a conversion takes for granted.
fn complete(value: &GeometryValue) -> bool {
    let enough = |position: &Position| position.as_slice().len() >= 2;
    match value {
        GeometryValue::Point { coordinates } => enough(coordinates),
        GeometryValue::MultiPoint { coordinates } | GeometryValue::LineString { coordinates } => {
            coordinates.iter().all(enough)
        }
        GeometryValue::MultiLineString { coordinates } | GeometryValue::Polygon { coordinates } => {
            coordinates.iter().flatten().all(enough)
        }
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().flatten().flatten().all(enough)
        }
        GeometryValue::GeometryCollection { geometries } => {
            geometries.iter().all(|geometry| complete(&geometry.value))
        }
    }
}

/// The old `crs` member: `{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}`.
fn crs_of(value: &Value) -> Result<Crs, ReadError> {
    let name = value.pointer("/properties/name").and_then(Value::as_str).unwrap_or_default();
    if name.ends_with("CRS84") {
        return Ok(Crs::WGS84);
    }
    let digits = name.rsplit([':', '/', '#']).next().unwrap_or_default();
    let crs = digits.parse().ok().and_then(|epsg| Crs::from_epsg(epsg).ok());
    crs.ok_or_else(|| {
        ReadError::new(
            Code::UNREADABLE,
            format!("\"{name}\" is not a coordinate system varp knows"),
        )
        .hint("transform the file to EPSG:4326")
    })
}

enum Part {
    Crs(Value),
    Feature(Box<Feature>),
}

type EachPart<'a> = dyn FnMut(Part) -> ControlFlow<()> + 'a;

/// Counts what is read since the last feature and stops where that is too much.
struct Bounded<R> {
    inner: R,
    since: Arc<AtomicU64>,
    limit: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(buffer)?;
        if self.since.fetch_add(length as u64, Ordering::Relaxed) > self.limit {
            return Err(std::io::Error::other("one feature is longer than a row may be"));
        }
        Ok(length)
    }
}

const STOPPED: &str = "varp: enough rows";

fn walk(
    bytes: &mut Box<dyn ReadSeek>,
    limits: &Limits,
    each: &mut EachPart<'_>,
) -> Result<(), ReadError> {
    bytes.rewind().map_err(|e| ReadError::io(&e))?;
    let since = Arc::new(AtomicU64::new(0));
    let limit = limits.row_bytes as u64 * 4;
    let bounded = Bounded { inner: bytes, since: since.clone(), limit };
    let mut reader = serde_json::Deserializer::from_reader(BufReader::new(bounded));
    let mut walker = Walker { each, since, members: 0 };
    match reader.deserialize_map(&mut walker) {
        Ok(()) => Ok(()),
        Err(error) if error.to_string().starts_with(STOPPED) => Ok(()),
        Err(error) => {
            let code = if error.is_io() { Code::TOO_LONG } else { Code::UNREADABLE };
            Err(ReadError::new(code, format!("the file is not GeoJSON: {error}")))
        }
    }
}

struct Walker<'a, 'b> {
    each: &'a mut EachPart<'b>,
    since: Arc<AtomicU64>,
    members: u32,
}

impl<'de> Visitor<'de> for &mut Walker<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a FeatureCollection")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        use serde::de::Error;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => {
                    let kind: String = map.next_value()?;
                    if kind != "FeatureCollection" {
                        let message = format!("a {kind} stands where a FeatureCollection should");
                        return Err(Error::custom(message));
                    }
                }
                "crs" => {
                    let value: Value = map.next_value()?;
                    if !value.is_null() && (self.each)(Part::Crs(value)).is_break() {
                        return Err(Error::custom(STOPPED));
                    }
                }
                "features" => {
                    self.members += 1;
                    map.next_value_seed(Features(self))?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if self.members == 0 {
            return Err(Error::custom("it has no member \"features\""));
        }
        Ok(())
    }
}

struct Features<'a, 'b, 'c>(&'a mut Walker<'b, 'c>);

impl<'de> DeserializeSeed<'de> for Features<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        use serde::de::Error;
        while let Some(feature) = seq.next_element::<Feature>()? {
            self.0.since.store(0, Ordering::Relaxed);
            if (self.0.each)(Part::Feature(Box::new(feature))).is_break() {
                return Err(A::Error::custom(STOPPED));
            }
        }
        Ok(())
    }
}
