//! Results to files: CSV, GeoParquet, GeoTIFF, VTK; the ending of the name says the format.

mod parquet;
mod projjson;
mod tiff;
mod vtk;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};
use varp_geostat::krige::{Grid, Places, Targets};

use super::running;
use crate::cli::show;

/// A column of results.
pub struct Column {
    /// Its header.
    pub name: String,
    /// Its cells.
    pub cells: Cells,
}

/// The cells of a column.
pub enum Cells {
    /// NaN is an empty cell.
    Numbers(Vec<f64>),
    /// Words.
    Texts(Vec<String>),
}

impl Column {
    /// A column of numbers; NaN is written as an empty cell.
    pub fn new(name: impl Into<String>, values: Vec<f64>) -> Self {
        Self { name: name.into(), cells: Cells::Numbers(values) }
    }

    /// A column of words.
    pub fn texts(name: impl Into<String>, words: Vec<String>) -> Self {
        Self { name: name.into(), cells: Cells::Texts(words) }
    }

    /// The numbers; none of a column of words.
    pub fn numbers(&self) -> &[f64] {
        match &self.cells {
            Cells::Numbers(values) => values,
            Cells::Texts(_) => &[],
        }
    }

    fn len(&self) -> usize {
        match &self.cells {
            Cells::Numbers(values) => values.len(),
            Cells::Texts(words) => words.len(),
        }
    }
}

/// Columns and, where rows have one, their place.
pub struct Sheet<'a> {
    /// Names of two or three coordinate columns; none for a plain table.
    pub axes: Vec<&'a str>,
    /// Where the rows lie.
    pub targets: Option<Targets<'a>>,
    /// The rest of the columns.
    pub columns: Vec<Column>,
    /// EPSG number of the coordinates, written where the format has room for it.
    pub crs: Option<u32>,
}

impl<'a> Sheet<'a> {
    /// A table without places.
    pub fn plain(columns: Vec<Column>) -> Self {
        Self { axes: Vec::new(), targets: None, columns, crs: None }
    }

    /// Columns at places.
    pub fn placed(axes: Vec<&'a str>, targets: Targets<'a>, columns: Vec<Column>) -> Self {
        Self { axes, targets: Some(targets), columns, crs: None }
    }

    fn rows(&self) -> usize {
        self.columns.first().map_or(0, Column::len)
    }

    /// Coordinates of a row, as many as there are axes.
    fn place(&self, row: usize) -> [f64; 3] {
        self.targets.as_ref().map_or([0.0; 3], |t| t.place(row))
    }

    fn grid(&self) -> Option<&Grid> {
        match self.targets.as_ref()?.places {
            Places::Grid(ref grid) => Some(grid),
            _ => None,
        }
    }

    /// Columns of numbers, which is what grids hold.
    fn number_columns(&self) -> impl Iterator<Item = (&str, &[f64])> {
        self.columns.iter().filter_map(|c| match &c.cells {
            Cells::Numbers(values) => Some((c.name.as_str(), values.as_slice())),
            Cells::Texts(_) => None,
        })
    }
}

/// The formats.
#[derive(Clone, Copy, PartialEq)]
enum Format {
    Csv,
    Parquet,
    Tiff,
    Vtk,
}

fn format_of(path: &Path) -> anyhow::Result<Format> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    Ok(match ending.as_deref() {
        Some("csv") => Format::Csv,
        Some("parquet" | "geoparquet") => Format::Parquet,
        Some("tif" | "tiff") => Format::Tiff,
        Some("vtk") => Format::Vtk,
        _ => bail!("{} ends in none of .csv, .parquet, .tif, .vtk", path.display()),
    })
}

/// Fails at once when the ending of the name, or the kind of result, cannot be written; long
/// computations ask before they begin.
pub fn check(path: &Path, grid: Option<&Grid>) -> anyhow::Result<()> {
    match (format_of(path)?, grid) {
        (Format::Tiff, None) => bail!(
            "{}: a GeoTIFF holds a grid; use --grid, or write .csv or .parquet",
            path.display()
        ),
        (Format::Tiff, Some(grid)) if grid.count[2] > 1 => bail!(
            "{}: a GeoTIFF holds one plane, the grid has {} levels; write .vtk, .parquet or .csv",
            path.display(),
            grid.count[2]
        ),
        _ => Ok(()),
    }
}

/// Writes a sheet.
pub fn write(path: &Path, sheet: &Sheet<'_>) -> anyhow::Result<()> {
    check(path, sheet.grid())?;
    let format = format_of(path)?;
    if let (Format::Parquet, Some(code)) = (format, sheet.crs)
        && projjson::projjson(code).is_none()
    {
        let path = path.display();
        show::note(format!(
            "{path}: EPSG:{code} is not described; its coordinates are marked unknown"
        ));
    }
    write_whole(path, |out| match format {
        Format::Csv => Ok(csv(out, sheet)?),
        Format::Parquet => parquet::write(out, sheet),
        Format::Vtk => Ok(vtk::write(out, sheet)?),
        Format::Tiff => Ok(tiff::write(out, sheet)?),
    })
}

/// Writes a text.
pub fn write_text(path: &Path, text: &str) -> anyhow::Result<()> {
    write_whole(path, |out| Ok(out.write_all(text.as_bytes())?))
}

/// Writes a file that is there as a whole or not at all: under another name beside it until all
/// is written, and gone when the writing fails or is stopped.
fn write_whole(
    path: &Path,
    content: impl FnOnce(&mut BufWriter<File>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let name = target.file_name().with_context(|| format!("{} names no file", path.display()))?;
    let part = format!(".{}.{}.part", name.to_string_lossy(), std::process::id());
    let part = target.with_file_name(part);
    let file = File::create(&part).with_context(|| format!("creating {}", path.display()))?;
    let mut out = BufWriter::with_capacity(1 << 18, file);
    let written = content(&mut out)
        .and_then(|()| Ok(out.flush()?))
        .and_then(|()| Ok(running::go_on()?))
        .and_then(|()| Ok(std::fs::rename(&part, &target)?));
    if written.is_err() {
        // What cannot be removed either is told by the error that is returned.
        let _ = std::fs::remove_file(&part);
    }
    written.with_context(|| format!("writing {}", path.display()))
}

/// The sheet as CSV.
pub fn csv(mut out: impl Write, sheet: &Sheet<'_>) -> std::io::Result<()> {
    let names = sheet.axes.iter().copied().chain(sheet.columns.iter().map(|c| c.name.as_str()));
    let names: Vec<String> = names.map(quoted).collect();
    writeln!(out, "{}", names.join(","))?;
    for row in 0..sheet.rows() {
        let mut separator = "";
        for coordinate in &sheet.place(row)[..sheet.axes.len()] {
            write!(out, "{separator}")?;
            number(&mut out, *coordinate)?;
            separator = ",";
        }
        for column in &sheet.columns {
            match &column.cells {
                Cells::Numbers(values) => {
                    write!(out, "{separator}")?;
                    number(&mut out, values[row])?;
                }
                Cells::Texts(words) => write!(out, "{separator}{}", quoted(&words[row]))?,
            }
            separator = ",";
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The shortest text that reads back to the same number; nothing for what is none.
fn number(out: &mut impl Write, value: f64) -> std::io::Result<()> {
    match value.abs() {
        size if !size.is_finite() => Ok(()),
        size if size >= 1e16 || (size < 1e-5 && size > 0.0) => write!(out, "{value:e}"),
        _ => write!(out, "{value}"),
    }
}

/// A CSV cell, in quotes where it must be.
fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
