//! Layers and tables of a GeoPackage of another program, as raw tables to import from.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use varp_model::{CellValue, Crs, Sheet};

use crate::{Result, StoreError, blob};

/// Most cells that [`layers`] reads into memory.
const MOST_CELLS: u64 = 50_000_000;

/// A table of a foreign GeoPackage.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// Coordinate system of its geometries, where the file states an EPSG code that varp knows.
    pub crs: Option<Crs>,
    /// Names of its columns.
    pub columns: Vec<String>,
    /// Number of its rows.
    pub rows: u64,
    geometry: Option<usize>,
}

/// A GeoPackage of another program, opened to read.
pub struct Foreign {
    connection: Connection,
    path: std::path::PathBuf,
}

impl Foreign {
    /// Opens the file; nothing is written to it.
    ///
    /// # Errors
    /// [`StoreError::Open`] if it cannot be read, [`StoreError::NotARegister`] if it is no
    /// GeoPackage.
    pub fn open(path: &Path) -> Result<Self> {
        let refused = |reason: String| StoreError::Open { path: path.to_owned(), reason };
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )
        .map_err(|error| refused(error.to_string()))?;
        let contents: bool = connection
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'gpkg_contents')",
                [],
                |row| row.get(0),
            )
            .map_err(|error| refused(error.to_string()))?;
        if contents {
            Ok(Self { connection, path: path.to_owned() })
        } else {
            Err(StoreError::NotARegister {
                path: path.to_owned(),
                reason: "it is no GeoPackage".into(),
            })
        }
    }

    /// Its feature and attribute tables.
    ///
    /// # Errors
    /// [`StoreError::Database`] if the file is damaged.
    pub fn layers(&self) -> Result<Vec<Layer>> {
        let tables: Vec<(String, Option<String>, Option<i64>)> = self
            .connection
            .prepare(
                "SELECT c.table_name, g.column_name, r.organization_coordsys_id FROM gpkg_contents c
                 LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
                 LEFT JOIN gpkg_spatial_ref_sys r ON r.srs_id = g.srs_id AND upper(r.organization) = 'EPSG'
                 WHERE c.data_type IN ('features', 'attributes') ORDER BY c.rowid",
            )
            .and_then(|mut s| s.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect())
            .map_err(|source| self.failed(source))?;
        tables
            .into_iter()
            .map(|(name, geometry, epsg)| {
                let columns: Vec<String> = self
                    .connection
                    .prepare(&format!("SELECT * FROM {} LIMIT 0", quoted(&name)))
                    .map(|s| s.column_names().map(str::to_owned).collect())
                    .map_err(|source| self.failed(source))?;
                let rows = self
                    .connection
                    .query_row(&format!("SELECT count(*) FROM {}", quoted(&name)), [], |row| {
                        row.get(0)
                    })
                    .map_err(|source| self.failed(source))?;
                let geometry =
                    geometry.and_then(|g| columns.iter().position(|c| c.eq_ignore_ascii_case(&g)));
                let crs = epsg
                    .and_then(|code| u16::try_from(code).ok())
                    .and_then(|code| Crs::from_epsg(code).ok());
                Ok(Layer { name, crs, columns, rows, geometry })
            })
            .collect()
    }

    /// Hands every row of a layer to `take`, with its number from 1; memory holds one row.
    ///
    /// # Errors
    /// [`StoreError::BadCell`] for a value that cannot be read, with table and row; any error of
    /// `take`.
    pub fn rows(
        &self,
        layer: &Layer,
        mut take: impl FnMut(u64, Vec<CellValue>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self
            .connection
            .prepare(&format!("SELECT * FROM {}", quoted(&layer.name)))
            .map_err(|source| self.failed(source))?;
        let mut rows = statement.query([]).map_err(|source| self.failed(source))?;
        let mut number = 0;
        while let Some(row) = rows.next().map_err(|source| self.failed(source))? {
            number += 1;
            let mut cells = Vec::with_capacity(layer.columns.len());
            for (at, column) in layer.columns.iter().enumerate() {
                let value = row.get_ref(at).map_err(|source| self.failed(source))?;
                let cell = cell(value, layer.geometry == Some(at)).map_err(|reason| {
                    StoreError::BadCell {
                        table: layer.name.clone(),
                        row: number,
                        column: column.clone(),
                        reason,
                    }
                })?;
                cells.push(cell);
            }
            take(number, cells)?;
        }
        Ok(())
    }

    fn failed(&self, source: rusqlite::Error) -> StoreError {
        StoreError::Open { path: self.path.clone(), reason: source.to_string() }
    }
}

/// The feature and attribute tables of a GeoPackage of any program; the first row of each sheet
/// holds the names of the columns.
///
/// # Errors
/// Those of [`Foreign`]; [`StoreError::Refused`] for a file with more than 50 million cells, which
/// [`Foreign::rows`] reads without keeping them.
pub fn layers(path: &Path) -> Result<Vec<Sheet>> {
    let foreign = Foreign::open(path)?;
    let layers = foreign.layers()?;
    let cells: u64 = layers
        .iter()
        .map(|l| l.rows.saturating_mul(l.columns.len() as u64))
        .fold(0, u64::saturating_add);
    if cells > MOST_CELLS {
        return Err(StoreError::Refused(format!(
            "{cells} cells are more than one import takes from a GeoPackage"
        )));
    }
    layers
        .iter()
        .map(|layer| {
            let header = layer.columns.iter().cloned().map(CellValue::Text).collect();
            let mut sheet = Sheet {
                name: layer.name.clone(),
                crs: layer.crs,
                rows: vec![header],
                first_row: 1,
            };
            foreign.rows(layer, |_, cells| {
                sheet.rows.push(cells);
                Ok(())
            })?;
            Ok(sheet)
        })
        .collect()
}

fn cell(value: ValueRef<'_>, geometry: bool) -> std::result::Result<CellValue, String> {
    Ok(match value {
        ValueRef::Null => CellValue::Empty,
        #[expect(clippy::cast_precision_loss, reason = "tables hold whole numbers under 2^53")]
        ValueRef::Integer(i) => CellValue::Number(i as f64),
        ValueRef::Real(r) => CellValue::Number(r),
        ValueRef::Text(text) => {
            CellValue::Text(std::str::from_utf8(text).map_err(|_| "it is not UTF-8")?.to_owned())
        }
        ValueRef::Blob(bytes) if geometry => match blob::geometry(bytes) {
            Ok(shape) => CellValue::Geometry(shape),
            Err(blob::BlobError::Empty) => CellValue::Empty,
            Err(error) => return Err(error.to_string()),
        },
        ValueRef::Blob(bytes) => CellValue::Text(format!("{} bytes", bytes.len())),
    })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
