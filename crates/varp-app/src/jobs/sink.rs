//! Files that an export writes, record by record: GeoJSON, CSV, XLSX, GeoPackage.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use geo_types::Point;
use varp_model::{CellValue, Geometry};
use varp_store::layers::{ColumnType, Layer, LayerFile, Shape};

use super::export::{ExportError, Exported};
use crate::http::Spec;
use crate::http::feature::{self, Feature, Kind as FieldKind, Value};

/// A file under way.
pub(super) struct Sink {
    records: u64,
    most: u64,
    kind: Kind,
}

enum Kind {
    GeoJson(BufWriter<File>),
    Csv(BufWriter<File>),
    Xlsx(Box<rust_xlsxwriter::Workbook>),
    /// The layer starts with the first record, which names the columns.
    Gpkg(Box<LayerFile>, &'static Spec),
}

impl Sink {
    pub(super) fn create(to: &Path, spec: &'static Spec, most: u64) -> Result<Self, ExportError> {
        let ending = to.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let file = || Ok::<_, io::Error>(BufWriter::new(File::create(to)?));
        let kind = match ending.as_str() {
            "geojson" | "json" => {
                let mut out = file()?;
                out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
                Kind::GeoJson(out)
            }
            "csv" => Kind::Csv(file()?),
            "xlsx" => {
                let mut book = rust_xlsxwriter::Workbook::new();
                book.add_worksheet();
                Kind::Xlsx(Box::new(book))
            }
            "gpkg" => Kind::Gpkg(Box::new(LayerFile::create(to)?), spec),
            _ => return Err(ExportError::Format(to.to_owned())),
        };
        Ok(Self { records: 0, most, kind })
    }

    /// Whether it holds as many records as were asked for.
    pub(super) fn is_full(&self) -> bool {
        self.records >= self.most
    }

    pub(super) fn add(&mut self, feature: &Feature<'_>) -> Result<(), ExportError> {
        let mut bytes = Vec::new();
        match &mut self.kind {
            Kind::GeoJson(out) => {
                out.write_all(if self.records > 0 { b",\n" } else { b"\n" })?;
                feature::write_feature(&mut bytes, feature, &[]);
                out.write_all(&bytes)?;
            }
            Kind::Csv(out) => {
                if self.records == 0 {
                    feature::write_header(&mut bytes, feature);
                }
                feature::write_row(&mut bytes, feature);
                out.write_all(&bytes)?;
            }
            Kind::Xlsx(book) => write_cells(book, feature, self.records)?,
            Kind::Gpkg(file, spec) => {
                if self.records == 0 {
                    start_layer(file, spec, &feature.properties)?;
                }
                let place =
                    feature.place.map(|p| Geometry::Point(Point::new(p.longitude(), p.latitude())));
                let id = CellValue::Text(feature.id.to_string());
                let values = feature.properties.iter().map(|(_, value)| cell(value));
                file.add(place.as_ref(), std::iter::once(id).chain(values).collect())?;
            }
        }
        self.records += 1;
        Ok(())
    }

    pub(super) fn finish(self, to: &Path) -> Result<Exported, ExportError> {
        match self.kind {
            Kind::GeoJson(mut out) => {
                out.write_all(b"\n]}\n")?;
                out.flush()?;
            }
            Kind::Csv(mut out) => out.flush()?,
            Kind::Xlsx(mut book) => book.save(to)?,
            Kind::Gpkg(mut file, spec) => {
                if self.records == 0 {
                    start_layer(&mut file, spec, &[])?;
                }
                file.finish()?;
            }
        }
        Ok(Exported { records: self.records })
    }
}

fn write_cells(
    book: &mut rust_xlsxwriter::Workbook,
    feature: &Feature<'_>,
    records: u64,
) -> Result<(), ExportError> {
    let sheet = book.worksheet_from_index(0)?;
    let row = u32::try_from(records + 1).unwrap_or(u32::MAX); // a row too far is told by the writer
    let degrees = feature.place.map(|p| [p.longitude(), p.latitude()]);
    if records == 0 {
        let names = feature.properties.iter().map(|(name, _)| *name);
        for (column, name) in (0..).zip(["id", "longitude", "latitude"].into_iter().chain(names)) {
            sheet.write(0, column, name)?;
        }
    }
    sheet.write(row, 0, feature.id.as_ref())?;
    for (column, number) in (1..).zip(degrees.into_iter().flatten()) {
        sheet.write(row, column, number)?;
    }
    for (column, (_, value)) in (3..).zip(&feature.properties) {
        match value {
            Value::Missing(_) => {}
            Value::Number(number) => drop(sheet.write(row, column, *number)?),
            #[expect(clippy::cast_precision_loss, reason = "a cell of a workbook holds a double")]
            Value::Int(count) => drop(sheet.write(row, column, *count as f64)?),
            Value::Bool(yes) => drop(sheet.write(row, column, *yes)?),
            Value::Text(text) => drop(sheet.write(row, column, text.as_ref())?),
            Value::Id(id) => drop(sheet.write(row, column, id.to_string())?),
            Value::List(words) => drop(sheet.write(row, column, words.join("; "))?),
            other => {
                let mut json = Vec::new();
                feature::write_value(&mut json, other);
                sheet.write(row, column, String::from_utf8_lossy(&json).as_ref())?;
            }
        }
    }
    Ok(())
}

/// A layer with the columns that a record has.
fn start_layer(
    file: &mut LayerFile,
    spec: &Spec,
    properties: &[(&'static str, Value<'_>)],
) -> Result<(), ExportError> {
    let column = |value: &Value<'_>| match value.kind() {
        FieldKind::Bool => ColumnType::Boolean,
        FieldKind::Int => ColumnType::Integer,
        FieldKind::Number => ColumnType::Real,
        FieldKind::Text | FieldKind::List | FieldKind::Nested => ColumnType::Text,
    };
    let named = properties.iter().map(|(name, value)| (*name, column(value)));
    let columns: Vec<_> = std::iter::once(("id", ColumnType::Text)).chain(named).collect();
    let shape = if spec.has_places() { Shape::Point } else { Shape::Nothing };
    Ok(file.layer(&Layer { name: spec.id, description: "", shape, columns: &columns })?)
}

fn cell(value: &Value<'_>) -> CellValue {
    match value {
        Value::Missing(_) => CellValue::Empty,
        Value::Number(number) => CellValue::Number(*number),
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        Value::Int(count) => CellValue::Number(*count as f64),
        Value::Bool(yes) => CellValue::Bool(*yes),
        Value::Text(text) => CellValue::Text(text.to_string()),
        Value::Id(id) => CellValue::Text(id.to_string()),
        Value::List(words) => CellValue::Text(words.join("; ")),
        Value::Records(_) | Value::Shape(_) => {
            let mut json = Vec::new();
            feature::write_value(&mut json, value);
            CellValue::Text(String::from_utf8_lossy(&json).into_owned())
        }
    }
}
