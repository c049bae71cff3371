//! The block model of an estimate as a file: a table, or VTK for three-dimensional viewers.

use std::fs;
use std::path::{Path, PathBuf};

use varp_engine::estimate::Blocks;

/// Why blocks cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum BlockError {
    /// The estimate made none.
    #[error(
        "this estimate has no blocks: its plan takes no samples by inverse distance, kriging or \
         simulation"
    )]
    None,
    /// The file's ending names no format.
    #[error("{0} ends in none of .csv, .parquet, .vtk")]
    Format(PathBuf),
    /// The file cannot be written.
    #[error("writing the blocks: {0}")]
    Write(#[from] std::io::Error),
}

/// Writes blocks in the format that the ending of the file names.
///
/// # Errors
/// If there are none, the ending is none of csv and vtk, or writing fails.
pub fn write_blocks(blocks: Option<&Blocks>, to: &Path) -> Result<usize, BlockError> {
    let blocks = blocks.ok_or(BlockError::None)?;
    let text = match to.extension().and_then(|e| e.to_str()) {
        Some("csv") => blocks.to_csv(),
        Some("vtk") => vtk(blocks),
        _ => return Err(BlockError::Format(to.to_owned())),
    };
    fs::write(to, text)?;
    Ok(blocks.len())
}

/// Legacy VTK, text, a regular grid with one value per cell; cells outside the body are NaN.
///
/// Source: The VTK User's Guide, "VTK File Formats", simple legacy formats, structured points.
fn vtk(blocks: &Blocks) -> String {
    let [nx, ny, nz] = blocks.count;
    let corner = |k: usize| blocks.origin[k] - blocks.size[k] / 2.0;
    let mut text = format!(
        "# vtk DataFile Version 3.0\nvarp block model, z is {}\nASCII\nDATASET STRUCTURED_POINTS\n\
         DIMENSIONS {} {} {}\nORIGIN {} {} {}\nSPACING {} {} {}\nCELL_DATA {}\n",
        blocks.vertical,
        nx + 1,
        ny + 1,
        nz + 1,
        corner(0),
        corner(1),
        corner(2),
        blocks.size[0],
        blocks.size[1],
        blocks.size[2],
        nx * ny * nz
    );
    let mut table = |name: String, values: &[f64]| {
        if values.is_empty() {
            return;
        }
        let mut cells = vec![f64::NAN; nx * ny * nz];
        for (cell, value) in blocks.cells.iter().zip(values) {
            if let Some(at) = cells.get_mut(*cell as usize) {
                *at = *value;
            }
        }
        text.push_str(&format!("SCALARS {name} double 1\nLOOKUP_TABLE default\n"));
        for value in cells {
            let shown = if value.is_nan() { "nan".to_owned() } else { value.to_string() };
            text.push_str(&shown);
            text.push('\n');
        }
    };
    table("dry_mass_t".into(), &blocks.mass_t);
    for product in &blocks.products {
        let name = |what: &str| {
            let plain: String = product
                .substance
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
                .collect();
            format!("{plain}_{what}")
        };
        table(name("low"), &product.low);
        table(name("best"), &product.best);
        table(name("high"), &product.high);
    }
    text
}

#[cfg(test)]
mod tests {
    use varp_engine::estimate::BlockGrades;

    use super::*;

    #[test]
    fn cells_outside_the_body_are_nan_and_the_grid_starts_at_its_corner() {
        let blocks = Blocks {
            origin: [5.0, 5.0, -0.5],
            size: [10.0, 10.0, 1.0],
            count: [2, 1, 1],
            vertical: "depth".into(),
            cells: vec![1],
            mass_t: vec![150.0],
            products: vec![BlockGrades {
                substance: "S(sulphide)".into(),
                low: vec![],
                best: vec![0.01],
                high: vec![],
            }],
        };
        let text = vtk(&blocks);
        assert!(text.contains("DIMENSIONS 3 2 2\nORIGIN 0 0 -1\nSPACING 10 10 1\nCELL_DATA 2"));
        assert!(
            text.contains("SCALARS S_sulphide__best double 1\nLOOKUP_TABLE default\nnan\n0.01\n")
        );
        assert!(!text.contains("_low"));
    }
}
