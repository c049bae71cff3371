//! GeoParquet 1.1: columns of numbers and words, places also as WKB points in `geometry`.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use serde_json::json;

use super::projjson::projjson;
use super::{Cells, Sheet};

/// Rows of a group: some megabytes for each column.
const GROUP: usize = 1 << 20;
/// The column of points.
const GEOMETRY: &str = "geometry";

/// Writes all columns.
pub fn write(out: impl Write + Send, sheet: &Sheet<'_>) -> anyhow::Result<()> {
    let rows = sheet.rows();
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("varp {}", env!("CARGO_PKG_VERSION")));
    if sheet.targets.is_some() {
        let geo = KeyValue::new("geo".to_owned(), geo(sheet).to_string());
        properties = properties.set_key_value_metadata(Some(vec![geo]));
    }
    let mut writer = SerializedFileWriter::new(out, schema(sheet)?, Arc::new(properties.build()))?;
    for first in (0..rows).step_by(GROUP) {
        let range = first..(first + GROUP).min(rows);
        let mut group = writer.next_row_group()?;
        for axis in 0..sheet.axes.len() {
            let values: Vec<f64> = range.clone().map(|row| sheet.place(row)[axis]).collect();
            numbers(&mut group, &values)?;
        }
        for column in &sheet.columns {
            match &column.cells {
                Cells::Numbers(values) => numbers(&mut group, &values[range.clone()])?,
                Cells::Texts(words) => {
                    let words = words[range.clone()].iter();
                    bytes(&mut group, &words.map(|w| w.as_str().into()).collect::<Vec<_>>())?;
                }
            }
        }
        if sheet.targets.is_some() {
            let flat = sheet.axes.len() == 2;
            let points: Vec<ByteArray> =
                range.map(|row| well_known(sheet.place(row), flat).into()).collect();
            bytes(&mut group, &points)?;
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn schema(sheet: &Sheet<'_>) -> anyhow::Result<Arc<Type>> {
    let number = |name: &str| {
        Type::primitive_type_builder(name, Physical::DOUBLE)
            .with_repetition(Repetition::OPTIONAL)
            .build()
    };
    let mut fields = Vec::new();
    for axis in &sheet.axes {
        fields.push(Arc::new(number(axis)?));
    }
    for column in &sheet.columns {
        fields.push(Arc::new(match column.cells {
            Cells::Numbers(_) => number(&column.name)?,
            Cells::Texts(_) => Type::primitive_type_builder(&column.name, Physical::BYTE_ARRAY)
                .with_logical_type(Some(LogicalType::String))
                .with_converted_type(ConvertedType::UTF8)
                .with_repetition(Repetition::REQUIRED)
                .build()?,
        }));
    }
    if sheet.targets.is_some() {
        let geometry = Type::primitive_type_builder(GEOMETRY, Physical::BYTE_ARRAY)
            .with_repetition(Repetition::REQUIRED);
        fields.push(Arc::new(geometry.build()?));
    }
    Ok(Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?))
}

/// NaN becomes null.
fn numbers<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[f64],
) -> anyhow::Result<()> {
    let Some(mut column) = group.next_column()? else { anyhow::bail!("no column left") };
    if let ColumnWriter::DoubleColumnWriter(writer) = column.untyped() {
        let present: Vec<i16> = values.iter().map(|v| i16::from(!v.is_nan())).collect();
        let values: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
        writer.write_batch(&values, Some(&present), None)?;
    }
    column.close()?;
    Ok(())
}

fn bytes<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[ByteArray],
) -> anyhow::Result<()> {
    let Some(mut column) = group.next_column()? else { anyhow::bail!("no column left") };
    if let ColumnWriter::ByteArrayColumnWriter(writer) = column.untyped() {
        writer.write_batch(values, None, None)?;
    }
    column.close()?;
    Ok(())
}

/// A point in ISO WKB, little-endian.
fn well_known(place: [f64; 3], flat: bool) -> Vec<u8> {
    let (kind, length) = if flat { (1_u32, 2) } else { (1001_u32, 3) };
    let mut out = vec![1];
    out.extend(kind.to_le_bytes());
    place[..length].iter().for_each(|c| out.extend(c.to_le_bytes()));
    out
}

/// The `geo` entry. WGS 84 is the format's default; a system that [`projjson`] cannot tell is given
/// as unknown.
fn geo(sheet: &Sheet<'_>) -> serde_json::Value {
    let flat = sheet.axes.len() == 2;
    let mut column = json!({
        "encoding": "WKB",
        "geometry_types": [if flat { "Point" } else { "Point Z" }],
    });
    if sheet.crs != Some(4326) {
        column["crs"] = sheet.crs.and_then(projjson).unwrap_or_default();
    }
    let axes = sheet.axes.len();
    let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for row in 0..sheet.rows() {
        let place = sheet.place(row);
        for d in 0..axes {
            (low[d], high[d]) = (low[d].min(place[d]), high[d].max(place[d]));
        }
    }
    if sheet.rows() > 0 {
        column["bbox"] = json!([&low[..axes], &high[..axes]].concat());
    }
    json!({ "version": "1.1.0", "primary_column": GEOMETRY, "columns": { GEOMETRY: column } })
}
