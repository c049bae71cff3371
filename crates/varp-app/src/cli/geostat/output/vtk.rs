//! Legacy VTK in big-endian doubles, which ParaView, PyVista and meshio read: grids as structured
//! points, other places as an unstructured grid with a vertex each.

use std::io::{self, Write};

use super::Sheet;

/// VTK's number for a cell that is one point.
const VERTEX: i32 = 1;

/// Writes the columns of numbers.
pub fn write(mut out: impl Write, sheet: &Sheet<'_>) -> io::Result<()> {
    write!(out, "# vtk DataFile Version 3.0\nvarp geostat\nBINARY\n")?;
    let triple = |v: [f64; 3]| format!("{} {} {}", v[0], v[1], v[2]);
    let rows = sheet.rows();
    if let Some(grid) = sheet.grid() {
        let [nx, ny, nz] = grid.count;
        write!(
            out,
            "DATASET STRUCTURED_POINTS\nDIMENSIONS {nx} {ny} {nz}\nORIGIN {}\nSPACING {}\n",
            triple(grid.origin),
            triple(grid.step),
        )?;
    } else {
        write!(out, "DATASET UNSTRUCTURED_GRID\nPOINTS {rows} double\n")?;
        for row in 0..rows {
            for coordinate in sheet.place(row) {
                out.write_all(&coordinate.to_be_bytes())?;
            }
        }
        write!(out, "\nCELLS {rows} {}\n", 2 * rows)?;
        for row in 0..rows {
            out.write_all(&1_i32.to_be_bytes())?;
            let row = i32::try_from(row).map_err(|_| {
                io::Error::other("a .vtk file holds at most 2 147 483 647 points; write .parquet")
            })?;
            out.write_all(&row.to_be_bytes())?;
        }
        write!(out, "\nCELL_TYPES {rows}\n")?;
        for _ in 0..rows {
            out.write_all(&VERTEX.to_be_bytes())?;
        }
        writeln!(out)?;
    }
    writeln!(out, "POINT_DATA {rows}")?;
    for (name, values) in sheet.number_columns() {
        let name = name.replace(char::is_whitespace, "_");
        write!(out, "SCALARS {name} double 1\nLOOKUP_TABLE default\n")?;
        for value in values {
            out.write_all(&value.to_be_bytes())?;
        }
        writeln!(out)?;
    }
    Ok(())
}
