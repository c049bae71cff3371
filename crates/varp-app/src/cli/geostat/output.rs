//! Tables and grids out.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};
use varp_geostat::krige::{Grid, Targets};

/// A column of results.
pub struct Column {
    /// Its header.
    pub name: String,
    /// Its numbers; NaN is written as an empty cell.
    pub values: Vec<f64>,
}

impl Column {
    /// A named column.
    pub fn new(name: impl Into<String>, values: Vec<f64>) -> Self {
        Self { name: name.into(), values }
    }
}

/// Writes columns at targets; the ending of the name says the format.
pub fn write(
    path: &Path,
    axes: &[&str],
    targets: &Targets<'_>,
    grid: Option<&Grid>,
    columns: &[Column],
) -> anyhow::Result<()> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let file = File::create(path).with_context(|| format!("creating {}", path.display()))?;
    let out = BufWriter::new(file);
    let written = match (ending.as_deref(), grid) {
        (Some("csv"), _) => csv(out, axes, targets, columns),
        (Some("vtk"), Some(grid)) => vtk(out, grid, columns),
        (Some("vtk"), None) => bail!("a .vtk file holds a grid; use --grid, or write .csv"),
        _ => bail!("{} ends neither in .csv nor in .vtk", path.display()),
    };
    written.with_context(|| format!("writing {}", path.display()))
}

fn csv(
    mut out: impl Write,
    axes: &[&str],
    targets: &Targets<'_>,
    columns: &[Column],
) -> std::io::Result<()> {
    let names = axes.iter().copied().chain(columns.iter().map(|c| c.name.as_str()));
    writeln!(out, "{}", names.collect::<Vec<_>>().join(","))?;
    for id in 0..targets.len() {
        for (axis, coordinate) in targets.place(id)[..axes.len()].iter().enumerate() {
            write!(out, "{}{coordinate}", if axis > 0 { "," } else { "" })?;
        }
        for column in columns {
            match column.values[id] {
                value if value.is_nan() => write!(out, ",")?,
                value => write!(out, ",{value}")?,
            }
        }
        writeln!(out)?;
    }
    out.flush()
}

/// Legacy VTK, structured points, big-endian doubles: ParaView, PyVista and QGIS read it.
fn vtk(mut out: impl Write, grid: &Grid, columns: &[Column]) -> std::io::Result<()> {
    let [nx, ny, nz] = grid.count;
    let triple = |v: [f64; 3]| format!("{} {} {}", v[0], v[1], v[2]);
    write!(
        out,
        "# vtk DataFile Version 3.0\nvarp geostat\nBINARY\nDATASET STRUCTURED_POINTS\n\
         DIMENSIONS {nx} {ny} {nz}\nORIGIN {}\nSPACING {}\nPOINT_DATA {}\n",
        triple(grid.origin),
        triple(grid.step),
        grid.len()
    )?;
    for column in columns {
        let name = column.name.replace(char::is_whitespace, "_");
        write!(out, "SCALARS {name} double 1\nLOOKUP_TABLE default\n")?;
        for value in &column.values {
            out.write_all(&value.to_be_bytes())?;
        }
        writeln!(out)?;
    }
    out.flush()
}
