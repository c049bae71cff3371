//! One layer in a GeoPackage of its own: an answer as a file for a GIS, no register.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use varp_model::{CellValue, LonLat};

use crate::geopackage::{APPLICATION_ID, GEOPACKAGE_VERSION};
use crate::{Result, StoreError, blob};

/// The tables that every GeoPackage has, up to those of the register.
const STANDARD: &str = include_str!("schema/001_register.sql");
const REGISTER_FROM: &str = "-- What the program keeps about the file itself";

/// What a column of a layer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerColumn {
    /// Yes or no.
    Boolean,
    /// A count.
    Integer,
    /// A number.
    Real,
    /// Words.
    Text,
}

impl LayerColumn {
    fn sql(self) -> &'static str {
        match self {
            Self::Boolean => "BOOLEAN",
            Self::Integer => "INTEGER",
            Self::Real => "DOUBLE",
            Self::Text => "TEXT",
        }
    }
}

/// A layer under way; true only once it is [finished](LayerWriter::finish).
pub struct LayerWriter {
    connection: Connection,
    path: PathBuf,
    name: String,
    insert: String,
    places: bool,
    bounds: Option<[f64; 4]>,
}

impl LayerWriter {
    /// Starts a file that does not exist yet. With `places` the rows are points, else a table.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if the file is there, [`StoreError::Open`] if it cannot be made.
    pub fn create(
        path: &Path,
        name: &str,
        columns: &[(&str, LayerColumn)],
        places: bool,
    ) -> Result<Self> {
        if path.exists() {
            let message = format!("{} is there already; choose another name", path.display());
            return Err(StoreError::Refused(message));
        }
        let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let names: Vec<String> = columns.iter().map(|(name, _)| quote(name)).collect();
        let typed: Vec<String> = columns
            .iter()
            .zip(&names)
            .map(|((_, kind), n)| format!("{n} {}", kind.sql()))
            .collect();
        let table = quote(name);
        let (point, geom) = if places { ("geom POINT, ", "geom, ") } else { ("", "") };
        let marks = vec!["?"; columns.len() + usize::from(places)].join(", ");
        let standard = STANDARD.split_once(REGISTER_FROM).map_or("", |(standard, _)| standard);
        let (data, srs) = if places { ("features", 4326) } else { ("attributes", 0) };
        let sql = format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {GEOPACKAGE_VERSION};
             BEGIN; {standard}
             CREATE TABLE {table} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {point}{});
             INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)
               VALUES ({named}, '{data}', {named}, {srs});",
            typed.join(", "),
            named = literal(name),
        );
        let writer = Self {
            connection: Connection::open(path).map_err(|source| failed(path, &source))?,
            path: path.to_owned(),
            name: name.to_owned(),
            insert: format!("INSERT INTO {table} ({geom}{}) VALUES ({marks})", names.join(", ")),
            places,
            bounds: None,
        };
        writer.run(&sql)?;
        if places {
            writer.run(&format!(
                "INSERT INTO gpkg_geometry_columns VALUES ({}, 'geom', 'POINT', 4326, 0, 0);",
                literal(name)
            ))?;
        }
        Ok(writer)
    }

    fn run(&self, sql: &str) -> Result<()> {
        self.connection.execute_batch(sql).map_err(|source| failed(&self.path, &source))
    }

    /// Adds a row: a value for each column.
    ///
    /// # Errors
    /// [`StoreError::Open`] if it cannot be written.
    pub fn add(&mut self, place: Option<LonLat>, values: Vec<CellValue>) -> Result<()> {
        let mut row: Vec<Value> = Vec::with_capacity(values.len() + 1);
        if self.places {
            row.push(place.map(blob::from_place).into());
            if let Some(place) = place {
                let (x, y) = (place.longitude(), place.latitude());
                let [west, south, east, north] = self.bounds.unwrap_or([x, y, x, y]);
                self.bounds = Some([west.min(x), south.min(y), east.max(x), north.max(y)]);
            }
        }
        row.extend(values.into_iter().map(value));
        self.connection
            .prepare_cached(&self.insert)
            .and_then(|mut s| s.execute(params_from_iter(row)))
            .map(|_| ())
            .map_err(|source| failed(&self.path, &source))
    }

    /// Makes the file true.
    ///
    /// # Errors
    /// [`StoreError::Open`] if it cannot be written.
    pub fn finish(self) -> Result<()> {
        if let Some([west, south, east, north]) = self.bounds {
            let sql = "UPDATE gpkg_contents SET min_x = ?1, min_y = ?2, max_x = ?3, max_y = ?4 WHERE table_name = ?5";
            self.connection
                .execute(sql, (west, south, east, north, &self.name))
                .map_err(|source| failed(&self.path, &source))?;
        }
        self.run("COMMIT")
    }
}

fn failed(path: &Path, source: &rusqlite::Error) -> StoreError {
    StoreError::Open { path: path.to_owned(), reason: source.to_string() }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
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
