//! Plain layers in a GeoPackage of their own, for other programs: points, areas or tables in WGS 84.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use varp_model::{Bbox, CellValue, Geometry};

use crate::geopackage::{APPLICATION_ID, GEOPACKAGE_VERSION};
use crate::{Result, StoreError, blob};

const STANDARD: &str = include_str!("schema/000_geopackage.sql");

/// What a column of a layer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Yes or no.
    Boolean,
    /// A count.
    Integer,
    /// A number.
    Real,
    /// Words.
    Text,
}

impl ColumnType {
    const fn sql(self) -> &'static str {
        match self {
            Self::Boolean => "BOOLEAN",
            Self::Integer => "INTEGER",
            Self::Real => "DOUBLE",
            Self::Text => "TEXT",
        }
    }
}

/// What the rows of a layer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Places.
    Point,
    /// Areas.
    Polygon,
    /// Rows of a table without a place.
    Nothing,
}

/// What a layer is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layer<'a> {
    /// Name of the table.
    pub name: &'a str,
    /// What it holds, in words.
    pub description: &'a str,
    /// What its rows are.
    pub shape: Shape,
    /// Names and types of its columns.
    pub columns: &'a [(&'a str, ColumnType)],
}

/// A file of layers under way; there is none unless it is [finished](LayerFile::finish).
pub struct LayerFile {
    connection: Connection,
    path: PathBuf,
    open: Option<OpenLayer>,
    finished: bool,
}

struct OpenLayer {
    name: String,
    insert: String,
    placed: bool,
    bounds: Option<Bbox>,
}

impl LayerFile {
    /// Starts a file that does not exist yet.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if the file is there, [`StoreError::Open`] if it cannot be made.
    pub fn create(path: &Path) -> Result<Self> {
        if path.exists() {
            let message = format!("{} is there already; choose another name", path.display());
            return Err(StoreError::Refused(message));
        }
        let connection = Connection::open(path).map_err(|source| failed(path, &source))?;
        let file = Self { connection, path: path.to_owned(), open: None, finished: false };
        file.run(&format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {GEOPACKAGE_VERSION};
             BEGIN; {STANDARD}"
        ))?;
        Ok(file)
    }

    /// Starts a layer; rows go to it until the next one starts.
    ///
    /// # Errors
    /// [`StoreError::Open`] if it cannot be written.
    pub fn layer(&mut self, layer: &Layer<'_>) -> Result<()> {
        self.close()?;
        let table = quoted(layer.name);
        let geometry = match layer.shape {
            Shape::Point => Some("POINT"),
            Shape::Polygon => Some("POLYGON"),
            Shape::Nothing => None,
        };
        let typed =
            |(name, kind): &(&str, ColumnType)| format!(", {} {}", quoted(name), kind.sql());
        let columns: String = layer.columns.iter().map(typed).collect();
        let geom = geometry.map_or_else(String::new, |kind| format!(", geom {kind}"));
        self.run(&format!(
            "CREATE TABLE {table} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL{geom}{columns})"
        ))?;
        let (data, srs) = if geometry.is_some() { ("features", 4326) } else { ("attributes", 0) };
        self.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
             VALUES (?1, ?2, ?1, ?3, ?4)",
            params![layer.name, data, layer.description, srs],
        )?;
        if let Some(kind) = geometry {
            self.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, 4326, 0, 0)",
                params![layer.name, kind],
            )?;
        }
        let names = geometry.map(|_| "geom".to_owned()).into_iter();
        let names: Vec<String> =
            names.chain(layer.columns.iter().map(|(name, _)| quoted(name))).collect();
        let marks = vec!["?"; names.len()].join(", ");
        self.open = Some(OpenLayer {
            name: layer.name.to_owned(),
            insert: format!("INSERT INTO {table} ({}) VALUES ({marks})", names.join(", ")),
            placed: geometry.is_some(),
            bounds: None,
        });
        Ok(())
    }

    /// Adds a row to the layer: a value for each of its columns.
    ///
    /// # Errors
    /// [`StoreError::Open`] if it cannot be written.
    ///
    /// # Panics
    /// Before the first layer is started.
    pub fn add(&mut self, place: Option<&Geometry>, values: Vec<CellValue>) -> Result<()> {
        let layer = self.open.as_mut().expect("a layer is started before its rows");
        let mut row: Vec<Value> = Vec::with_capacity(values.len() + 1);
        if layer.placed {
            row.push(place.map(blob::from_geometry).into());
            let bounds = place.and_then(Bbox::of);
            layer.bounds = layer.bounds.into_iter().chain(bounds).reduce(around);
        }
        row.extend(values.into_iter().map(value));
        self.connection
            .prepare_cached(&layer.insert)
            .and_then(|mut s| s.execute(params_from_iter(row)))
            .map(|_| ())
            .map_err(|source| failed(&self.path, &source))
    }

    /// Makes the file true.
    ///
    /// # Errors
    /// [`StoreError::Open`] if it cannot be written.
    pub fn finish(mut self) -> Result<()> {
        self.close()?;
        self.run("COMMIT")?;
        self.finished = true;
        Ok(())
    }

    /// Tells the contents how far the layer reaches.
    fn close(&mut self) -> Result<()> {
        let Some(OpenLayer { name, bounds: Some(b), .. }) = self.open.take() else { return Ok(()) };
        self.execute(
            "UPDATE gpkg_contents SET min_x = ?1, min_y = ?2, max_x = ?3, max_y = ?4
             WHERE table_name = ?5",
            params![b.west, b.south, b.east, b.north, name],
        )
    }

    fn run(&self, sql: &str) -> Result<()> {
        self.connection.execute_batch(sql).map_err(|source| failed(&self.path, &source))
    }

    fn execute(&self, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<()> {
        self.connection.execute(sql, values).map(|_| ()).map_err(|e| failed(&self.path, &e))
    }
}

impl Drop for LayerFile {
    fn drop(&mut self) {
        if !self.finished {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn around(a: Bbox, b: Bbox) -> Bbox {
    Bbox {
        west: a.west.min(b.west),
        south: a.south.min(b.south),
        east: a.east.max(b.east),
        north: a.north.max(b.north),
    }
}

fn failed(path: &Path, source: &rusqlite::Error) -> StoreError {
    StoreError::Open { path: path.to_owned(), reason: source.to_string() }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn value(cell: CellValue) -> Value {
    match cell {
        CellValue::Empty | CellValue::Geometry(_) => Value::Null,
        CellValue::Text(text) | CellValue::Error(text) => Value::Text(text),
        CellValue::Number(number) => Value::Real(number),
        CellValue::Bool(yes) => Value::Integer(i64::from(yes)),
        CellValue::Date(date) => Value::Text(date.to_string()),
    }
}
