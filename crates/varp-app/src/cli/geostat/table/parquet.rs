//! Reading (Geo)Parquet: flat columns of numbers and words, points of WKB geometry.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, bail};
use parquet::basic::{LogicalType, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::Cells;

/// Headers and columns. A column `c` of WKB points becomes `c.x`, `c.y` and, where there are
/// heights, `c.z`; nested columns and other geometries are left out.
pub fn read(path: &Path) -> anyhow::Result<(Vec<String>, Vec<Cells>)> {
    let file = File::open(path)?;
    let reader = SerializedFileReader::new(file).context("this is no Parquet file")?;
    let metadata = reader.metadata().file_metadata();
    let schema = metadata.schema_descr_ptr();
    let geometries = geometries(metadata.key_value_metadata());
    let (mut headers, mut columns) = (Vec::new(), Vec::new());
    for at in 0..schema.num_columns() {
        let column = schema.column(at);
        if column.max_rep_level() > 0 || column.path().parts().len() > 1 {
            continue;
        }
        let name = column.name().to_owned();
        if matches!(column.logical_type_ref(), Some(LogicalType::Decimal { .. })) {
            continue;
        }
        let mut gathered = Gathered::new(column.physical_type());
        for group in 0..reader.num_row_groups() {
            let rows = reader.get_row_group(group)?;
            let pages = rows.get_column_reader(at).with_context(|| {
                format!(
                    "column {name} is compressed by {}; save the file with Snappy or uncompressed",
                    rows.metadata().column(at).compression()
                )
            })?;
            gathered.read(pages).with_context(|| format!("reading column {name}"))?;
        }
        match gathered {
            Gathered::Numbers(values) => {
                headers.push(name);
                columns.push(Cells::Numbers(values));
            }
            Gathered::Bytes(values) if geometries.contains(&name) => {
                points(&name, &values, &mut headers, &mut columns);
            }
            Gathered::Bytes(values) => {
                if let Ok(words) = values.into_iter().map(String::from_utf8).collect() {
                    headers.push(name);
                    columns.push(Cells::Texts(words));
                }
            }
            Gathered::Other => {}
        }
    }
    Ok((headers, columns))
}

/// Names of geometry columns, by the `geo` entry.
fn geometries(entries: Option<&Vec<parquet::file::metadata::KeyValue>>) -> Vec<String> {
    let geo = entries.into_iter().flatten().find(|e| e.key == "geo").and_then(|e| e.value.clone());
    let geo: Option<serde_json::Value> = geo.and_then(|text| serde_json::from_str(&text).ok());
    let columns = geo.as_ref().and_then(|g| g["columns"].as_object());
    columns.into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

fn points(name: &str, values: &[Vec<u8>], headers: &mut Vec<String>, columns: &mut Vec<Cells>) {
    let Some(points) = values.iter().map(|v| point(v)).collect::<Option<Vec<[f64; 3]>>>() else {
        return;
    };
    for (d, axis) in ["x", "y", "z"].into_iter().enumerate() {
        let values: Vec<f64> = points.iter().map(|p| p[d]).collect();
        if d < 2 || values.iter().any(|v| !v.is_nan()) {
            headers.push(format!("{name}.{axis}"));
            columns.push(Cells::Numbers(values));
        }
    }
}

/// A WKB point, with or without height, of either byte order; NaN for an empty cell.
fn point(bytes: &[u8]) -> Option<[f64; 3]> {
    if bytes.is_empty() {
        return Some([f64::NAN; 3]);
    }
    let little = *bytes.first()? == 1;
    let kind: [u8; 4] = bytes.get(1..5)?.try_into().ok()?;
    let kind = if little { u32::from_le_bytes(kind) } else { u32::from_be_bytes(kind) };
    let number = |at: usize| -> Option<f64> {
        let eight: [u8; 8] = bytes.get(5 + 8 * at..13 + 8 * at)?.try_into().ok()?;
        Some(if little { f64::from_le_bytes(eight) } else { f64::from_be_bytes(eight) })
    };
    match kind {
        1 => Some([number(0)?, number(1)?, f64::NAN]),
        1001 | 0x8000_0001 => Some([number(0)?, number(1)?, number(2)?]),
        _ => None,
    }
}

/// Values of one column over all groups of rows.
enum Gathered {
    Numbers(Vec<f64>),
    Bytes(Vec<Vec<u8>>),
    Other,
}

impl Gathered {
    fn new(kind: Physical) -> Self {
        match kind {
            Physical::INT32 | Physical::INT64 | Physical::FLOAT | Physical::DOUBLE => {
                Self::Numbers(Vec::new())
            }
            Physical::BYTE_ARRAY => Self::Bytes(Vec::new()),
            _ => Self::Other,
        }
    }

    fn read(&mut self, reader: ColumnReader) -> anyhow::Result<()> {
        match (self, reader) {
            (Self::Numbers(out), ColumnReader::DoubleColumnReader(r)) => {
                all(r, out, |v| v, f64::NAN)
            }
            (Self::Numbers(out), ColumnReader::FloatColumnReader(r)) => {
                all(r, out, f64::from, f64::NAN)
            }
            (Self::Numbers(out), ColumnReader::Int32ColumnReader(r)) => {
                all(r, out, f64::from, f64::NAN)
            }
            #[expect(clippy::cast_precision_loss, reason = "counts and codes are below 2^53")]
            (Self::Numbers(out), ColumnReader::Int64ColumnReader(r)) => {
                all(r, out, |v| v as f64, f64::NAN)
            }
            (Self::Bytes(out), ColumnReader::ByteArrayColumnReader(r)) => {
                all(r, out, |v| v.data().to_vec(), Vec::new())
            }
            (Self::Other, _) => Ok(()),
            _ => bail!("the column changes its type between groups of rows"),
        }
    }
}

/// Appends every value of a column, `missing` where there is none.
fn all<T: DataType, V: Clone>(
    mut reader: ColumnReaderImpl<T>,
    out: &mut Vec<V>,
    convert: impl Fn(T::T) -> V,
    missing: V,
) -> anyhow::Result<()> {
    loop {
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        let (records, present, _) =
            reader.read_records(1 << 16, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            return Ok(());
        }
        if present == records {
            out.extend(values.into_iter().map(&convert));
            continue;
        }
        let mut values = values.into_iter();
        for level in levels {
            let value = if level > 0 { values.next() } else { None };
            out.push(value.map_or_else(|| missing.clone(), &convert));
        }
    }
}
