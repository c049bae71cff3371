//! A GeoPackage of plain layers for other programs: points or areas in WGS 84 with columns.

use std::path::Path;

use rusqlite::Connection;
use varp_model::{Bbox, Geometry};

use crate::{Result, StoreError, blob};

const SCHEMA: &str = include_str!("schema/001_register.sql");

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Words.
    Text,
    /// A number.
    Real,
    /// A whole number.
    Integer,
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Missing,
    /// Words.
    Text(String),
    /// A number.
    Real(f64),
    /// A whole number.
    Integer(i64),
}

/// What the features of a layer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Places.
    Point,
    /// Areas.
    Polygon,
}

/// One layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Name of the table: lower-case letters and underscores.
    pub name: &'static str,
    /// What it holds, in words.
    pub description: &'static str,
    /// What its features are.
    pub shape: Shape,
    /// Names and types of its columns.
    pub columns: Vec<(String, ColumnType)>,
    /// Its features, in order; values as the columns.
    pub features: Vec<(Geometry, Vec<Value>)>,
}

/// Writes layers to a new file.
///
/// # Errors
/// If the file is there already or cannot be written.
pub fn write(path: &Path, layers: &[Layer]) -> Result<()> {
    if path.exists() {
        let reason = "it is there already".to_owned();
        return Err(StoreError::Open { path: path.to_owned(), reason });
    }
    let failed = |error: rusqlite::Error| StoreError::Open {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let mut connection = Connection::open(path).map_err(failed)?;
    connection
        .execute_batch("PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10300;")
        .map_err(failed)?;
    let transaction = connection.transaction().map_err(failed)?;
    transaction.execute_batch(standard_tables()).map_err(failed)?;
    for layer in layers {
        add(&transaction, layer).map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

/// The tables of the GeoPackage standard, as the register has them.
fn standard_tables() -> &'static str {
    let end = SCHEMA.find("CREATE TABLE gpkg_extensions").unwrap_or(SCHEMA.len());
    &SCHEMA[..end]
}

fn add(connection: &Connection, layer: &Layer) -> rusqlite::Result<()> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let table = quoted(layer.name);
    let kind = match layer.shape {
        Shape::Point => "POINT",
        Shape::Polygon => "POLYGON",
    };
    let typed = |(name, kind): &(String, ColumnType)| {
        let kind = match kind {
            ColumnType::Text => "TEXT",
            ColumnType::Real => "DOUBLE",
            ColumnType::Integer => "INTEGER",
        };
        format!(", {} {kind}", quoted(name))
    };
    let columns: String = layer.columns.iter().map(typed).collect();
    connection.execute_batch(&format!(
        "CREATE TABLE {table} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {kind}{columns})"
    ))?;
    let bounds = bounds(layer);
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, \
         max_x, max_y, srs_id) VALUES (?1, 'features', ?1, ?2, ?3, ?4, ?5, ?6, 4326)",
        rusqlite::params![
            layer.name,
            layer.description,
            bounds.map(|b| b.west),
            bounds.map(|b| b.south),
            bounds.map(|b| b.east),
            bounds.map(|b| b.north),
        ],
    )?;
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, 4326, 0, 0)",
        [layer.name, kind],
    )?;
    let names: String =
        layer.columns.iter().map(|(name, _)| format!(", {}", quoted(name))).collect();
    let marks = ", ?".repeat(layer.columns.len());
    let mut insert =
        connection.prepare(&format!("INSERT INTO {table} (geom{names}) VALUES (?{marks})"))?;
    for (geometry, values) in &layer.features {
        let geometry = rusqlite::types::Value::Blob(blob::from_geometry(geometry));
        let values = values.iter().map(sql);
        insert.execute(rusqlite::params_from_iter(std::iter::once(geometry).chain(values)))?;
    }
    Ok(())
}

fn sql(value: &Value) -> rusqlite::types::Value {
    use rusqlite::types::Value as Sql;
    match value {
        Value::Missing => Sql::Null,
        Value::Text(text) => Sql::Text(text.clone()),
        Value::Real(number) => Sql::Real(*number),
        Value::Integer(number) => Sql::Integer(*number),
    }
}

fn bounds(layer: &Layer) -> Option<Bbox> {
    layer.features.iter().filter_map(|(geometry, _)| Bbox::of(geometry)).reduce(|a, b| Bbox {
        west: a.west.min(b.west),
        south: a.south.min(b.south),
        east: a.east.max(b.east),
        north: a.north.max(b.north),
    })
}
