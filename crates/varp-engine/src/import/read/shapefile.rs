//! Shapefiles: shapes, their table, its encoding and the coordinate system, given as bytes.

use std::collections::BTreeMap;
use std::io::Cursor;

use geo_types::{LineString, MultiPolygon, Point, Polygon};
use jiff::civil::Date;
use varp_model::{CellValue, Crs, Geometry, Sheet};

use super::encoding::{TextEncoding, detect};
use super::{Content, Input, Limits, ReadError, text};
use crate::import::Code;

const PARTS: [&str; 4] = ["shp", "dbf", "cpg", "prj"];
/// Parts that programs write beside a shapefile and that hold nothing to import.
const BESIDE: [&str; 4] = ["shx", "sbn", "sbx", "qix"];

fn damaged(what: &str) -> ReadError {
    ReadError::new(Code::UNREADABLE, format!("the shapefile is damaged: {what}"))
}

fn stem_and_ending(name: &str) -> (&str, String) {
    name.rsplit_once('.').map_or((name, String::new()), |(stem, e)| (stem, e.to_lowercase()))
}

pub(super) fn join(inputs: Vec<Input>, limits: &Limits) -> Result<Vec<Input>, (String, ReadError)> {
    let stems: Vec<String> = inputs
        .iter()
        .filter_map(|i| match stem_and_ending(&i.name) {
            (stem, ending) if ending == "shp" => Some(stem.to_owned()),
            _ => None,
        })
        .collect();
    let mut joined = Vec::new();
    let mut parts: BTreeMap<String, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
    for input in inputs {
        let (stem, ending) = stem_and_ending(&input.name);
        let known = stems.iter().any(|s| s == stem);
        match input.content {
            Content::Bytes(bytes) if known && PARTS.contains(&ending.as_str()) => {
                let whole = text::read_whole(bytes, limits).map_err(|e| (input.name.clone(), e))?;
                parts.entry(stem.to_owned()).or_default().insert(input.name.clone(), whole);
            }
            Content::Bytes(_) if known && BESIDE.contains(&ending.as_str()) => {}
            content => joined.push(Input { name: input.name, content }),
        }
    }
    for (stem, files) in parts {
        let name = format!("{stem}.shp");
        let sheets = read(files, limits).map_err(|e| (name.clone(), e))?;
        joined.push(Input::from_sheets(&name, sheets));
    }
    Ok(joined)
}

/// Reads the shapefiles among these parts, one sheet each.
pub(super) fn read(
    parts: BTreeMap<String, Vec<u8>>,
    limits: &Limits,
) -> Result<Vec<Sheet>, ReadError> {
    let part = |stem: &str, ending: &str| {
        let mut same = parts.iter().filter(|(name, _)| {
            let (s, e) = stem_and_ending(name);
            s == stem && e == ending
        });
        same.next().map(|(_, bytes)| bytes.as_slice())
    };
    let mut sheets = Vec::new();
    for name in parts.keys() {
        let (stem, ending) = stem_and_ending(name);
        if ending != "shp" {
            continue;
        }
        let shapes = shapes(&parts[name])?;
        let code_page = part(stem, "cpg").map(|b| String::from_utf8_lossy(b).into_owned());
        let table = match part(stem, "dbf") {
            Some(bytes) => table(bytes, code_page.as_deref(), limits)?,
            None => Table { header: Vec::new(), rows: vec![Vec::new(); shapes.len()] },
        };
        let crs = part(stem, "prj").and_then(|b| crs_of(&String::from_utf8_lossy(b)));
        sheets.push(sheet(stem, table, shapes, crs)?);
    }
    Ok(sheets)
}

fn sheet(
    stem: &str,
    mut table: Table,
    shapes: Vec<CellValue>,
    crs: Option<Crs>,
) -> Result<Sheet, ReadError> {
    if table.rows.len() != shapes.len() {
        let (rows, shapes) = (table.rows.len(), shapes.len());
        return Err(damaged(&format!("{shapes} shapes, but {rows} rows in its table")));
    }
    table.header.push(CellValue::Text("geometry".into()));
    let mut rows = vec![table.header];
    for (mut row, shape) in table.rows.into_iter().zip(shapes) {
        row.push(shape);
        rows.push(row);
    }
    Ok(Sheet { name: stem.to_owned(), crs, rows, first_row: 1 })
}

/// Reads numbers in turn; running out of bytes is damage.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        let (head, rest) =
            self.0.split_first_chunk::<N>().ok_or_else(|| damaged("it ends early"))?;
        self.0 = rest;
        Ok(*head)
    }

    fn i32(&mut self) -> Result<i32, ReadError> {
        self.take().map(i32::from_le_bytes)
    }

    fn f64(&mut self) -> Result<f64, ReadError> {
        self.take().map(f64::from_le_bytes)
    }
}

/// Shapes in order. Source: ESRI Shapefile Technical Description, July 1998.
fn shapes(bytes: &[u8]) -> Result<Vec<CellValue>, ReadError> {
    let mut bytes = Bytes(bytes);
    let header: [u8; 100] = bytes.take()?;
    if header[..4] != 9994_i32.to_be_bytes() {
        return Err(damaged("it does not start as a shapefile"));
    }
    let mut shapes = Vec::new();
    while bytes.0.len() >= 8 {
        let _number = bytes.take::<4>()?;
        let words = i32::from_be_bytes(bytes.take()?);
        let length = usize::try_from(words).ok().and_then(|w| w.checked_mul(2));
        let Some((content, rest)) = length.and_then(|l| bytes.0.split_at_checked(l)) else {
            return Err(damaged("a record is longer than the file"));
        };
        shapes.push(shape(&mut Bytes(content))?);
        bytes.0 = rest;
    }
    Ok(shapes)
}

fn shape(bytes: &mut Bytes<'_>) -> Result<CellValue, ReadError> {
    Ok(match bytes.i32()? {
        0 => CellValue::Empty,
        1 | 11 | 21 => CellValue::Geometry(Geometry::Point(Point::new(bytes.f64()?, bytes.f64()?))),
        5 | 15 | 25 => polygon(bytes)?,
        8 | 18 | 28 => {
            let _box = bytes.take::<32>()?;
            match bytes.i32()? {
                1 => CellValue::Geometry(Geometry::Point(Point::new(bytes.f64()?, bytes.f64()?))),
                _ => CellValue::Error("a MultiPoint".into()),
            }
        }
        3 | 13 | 23 => CellValue::Error("a LineString".into()),
        _ => CellValue::Error("a shape of unknown type".into()),
    })
}

/// Outer rings run clockwise, holes the other way round and follow their outer ring.
fn polygon(bytes: &mut Bytes<'_>) -> Result<CellValue, ReadError> {
    let _box = bytes.take::<32>()?;
    let (parts, points) = (bytes.i32()?, bytes.i32()?);
    let count = |n: i32| usize::try_from(n).ok().filter(|n| *n <= bytes.0.len() / 4);
    let (Some(parts), Some(points)) = (count(parts), count(points)) else {
        return Err(damaged("a polygon has more points than bytes"));
    };
    let mut starts = Vec::with_capacity(parts + 1);
    for _ in 0..parts {
        starts.push(usize::try_from(bytes.i32()?).unwrap_or(usize::MAX));
    }
    starts.push(points);
    let mut coordinates = Vec::with_capacity(points.min(bytes.0.len() / 16));
    for _ in 0..points {
        coordinates.push((bytes.f64()?, bytes.f64()?));
    }
    let mut polygons: Vec<Polygon<f64>> = Vec::new();
    for ends in starts.windows(2) {
        let ring = coordinates.get(ends[0]..ends[1]).ok_or_else(|| damaged("a ring is nowhere"))?;
        let line = LineString::from(ring.to_vec());
        match polygons.last_mut() {
            Some(polygon) if twice_area(ring) > 0.0 => polygon.interiors_push(line),
            _ => polygons.push(Polygon::new(line, Vec::new())),
        }
    }
    Ok(match polygons.len() {
        0 => CellValue::Empty,
        1 => CellValue::Geometry(Geometry::Polygon(polygons.swap_remove(0))),
        _ => CellValue::Geometry(Geometry::MultiPolygon(MultiPolygon(polygons))),
    })
}

/// Twice the area of a ring, positive where it runs counter-clockwise.
fn twice_area(ring: &[(f64, f64)]) -> f64 {
    ring.windows(2).map(|w| w[0].0 * w[1].1 - w[1].0 * w[0].1).sum()
}

struct Table {
    header: Vec<CellValue>,
    rows: Vec<Vec<CellValue>>,
}

struct Column {
    kind: u8,
    length: usize,
}

/// The dBASE table beside the shapes.
fn table(bytes: &[u8], code_page: Option<&str>, limits: &Limits) -> Result<Table, ReadError> {
    let header = bytes.get(..32).ok_or_else(|| damaged("its table ends early"))?;
    let number = |at: usize| usize::from(u16::from_le_bytes([header[at], header[at + 1]]));
    let (header_length, record_length) = (number(8), number(10));
    let (fields, records) = bytes
        .split_at_checked(header_length)
        .filter(|(fields, _)| fields.len() > 32 && record_length > 0)
        .ok_or_else(|| damaged("its table ends early"))?;
    let encoding = match code_page.and_then(TextEncoding::named) {
        Some(encoding) => encoding,
        None => detect(&mut Cursor::new(records)).map_err(|e| ReadError::io(&e))?,
    };
    let decode = |raw: &[u8]| {
        let mut text = String::new();
        let end = raw.iter().position(|b| *b == 0).unwrap_or(raw.len());
        encoding.decoder().decode(&raw[..end], true, &mut text).map(|()| text.trim().to_owned())
    };
    let (mut columns, mut names) = (Vec::new(), Vec::new());
    for field in fields[32..].chunks_exact(32).take_while(|f| f[0] != 0x0d) {
        names.push(CellValue::Text(decode(&field[..11])?));
        columns.push(Column { kind: field[11], length: usize::from(field[16]) });
    }
    if columns.len() > limits.columns {
        return Err(damaged("its table has too many columns"));
    }
    let mut rows = Vec::new();
    for record in records.chunks_exact(record_length).take_while(|r| r[0] != 0x1a) {
        let mut rest = &record[1..];
        let mut row = Vec::with_capacity(columns.len() + 1);
        for column in &columns {
            let Some((raw, after)) = rest.split_at_checked(column.length) else {
                return Err(damaged("a row of its table is too short"));
            };
            rest = after;
            row.push(value(column.kind, &decode(raw)?));
        }
        rows.push(row);
    }
    Ok(Table { header: names, rows })
}

fn value(kind: u8, text: &str) -> CellValue {
    if text.is_empty() || text.bytes().all(|b| b == b'*') {
        return CellValue::Empty;
    }
    match kind {
        b'D' => match Date::strptime("%Y%m%d", text) {
            Ok(day) => CellValue::Date(day),
            Err(_) => CellValue::Text(text.to_owned()),
        },
        b'L' => match text {
            "T" | "t" | "Y" | "y" => CellValue::Bool(true),
            "F" | "f" | "N" | "n" => CellValue::Bool(false),
            _ => CellValue::Empty,
        },
        _ => CellValue::Text(text.to_owned()),
    }
}

/// Names in `.prj` files of the systems in use here, letters and digits only.
const NAMES: &[(&str, u16)] = &[
    ("sweref99tm", 3006),
    ("etrs1989tm35fin", 3067),
    ("etrs89tm35fin", 3067),
    ("eureffintm35fin", 3067),
    ("etrs1989laea", 3035),
    ("etrs89extendedlaeaeurope", 3035),
    ("isn1993lambert1993", 3057),
    ("isn93lambert1993", 3057),
    ("isn2004lambert2004", 5325),
    ("isn2016lambert2016", 8088),
    ("rt9025gonv", 3021),
    ("kkjfinlandzone3", 2393),
    ("gcswgs1984", 4326),
    ("wgs84", 4326),
    ("gcsetrs1989", 4258),
];

/// The system that a `.prj` file names, if it is one of those in use here.
fn crs_of(text: &str) -> Option<Crs> {
    if let Some(at) = text.rfind("AUTHORITY[\"EPSG\",") {
        let digits: String = text[at + 17..].chars().filter(char::is_ascii_digit).take(5).collect();
        return digits.parse().ok().and_then(|epsg| Crs::from_epsg(epsg).ok());
    }
    let name: String = text.split('"').nth(1)?.to_lowercase();
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let zone = |prefix: &str, base: u16| {
        let digits = plain.strip_prefix(prefix)?.strip_suffix('n')?;
        digits.parse::<u16>().ok().filter(|z| (1..=60).contains(z)).map(|z| base + z)
    };
    let epsg = NAMES
        .iter()
        .find(|(known, _)| plain.starts_with(known))
        .map(|(_, epsg)| *epsg)
        .or_else(|| zone("etrs1989utmzone", 25800))
        .or_else(|| zone("etrs89utmzone", 25800))
        .or_else(|| zone("wgs1984utmzone", 32600))
        .or_else(|| zone("wgs84utmzone", 32600))?;
    Crs::from_epsg(epsg).ok()
}
