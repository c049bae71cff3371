//! The block model of an estimate as a file.

use std::path::Path;

use varp_engine::estimate::Blocks;
use varp_geostat::krige::Targets;

use super::super::geostat::output::{self, Column, Sheet};
use super::super::show;
use crate::jobs::estimate::{BlockError, Evaluated, write_blocks};

/// Writes blocks to a file, where one is asked for: CSV and VTK by their cells, GeoParquet as points with
/// the middles of the blocks and the system that they are in.
pub fn blocks(made: &Evaluated, to: Option<&Path>) -> anyhow::Result<()> {
    let Some(to) = to else { return Ok(()) };
    let blocks = made.blocks();
    let ending = to.extension().map(|e| e.to_string_lossy().to_lowercase());
    let count = match ending.as_deref() {
        Some("parquet" | "geoparquet") => points(blocks.ok_or(BlockError::None)?, made.epsg, to)?,
        _ => write_blocks(blocks, to)?,
    };
    let system = made.epsg.map_or(String::new(), |code| format!(", x and y in EPSG:{code}"));
    show::note(format!("wrote {count} blocks to {}{system}", to.display()));
    Ok(())
}

fn points(blocks: &Blocks, epsg: Option<u16>, to: &Path) -> anyhow::Result<usize> {
    let centres: Vec<[f64; 3]> = (0..blocks.len()).map(|i| blocks.centre(i)).collect();
    let mut columns = vec![Column::new("mass_t", blocks.mass_t.clone())];
    for product in &blocks.products {
        for (end, values) in
            [("low", &product.low), ("best", &product.best), ("high", &product.high)]
        {
            if !values.is_empty() {
                columns.push(Column::new(format!("{}_{end}", product.substance), values.clone()));
            }
        }
    }
    let sheet = Sheet::placed(vec!["x", "y", "z"], Targets::points(&centres), columns);
    output::write(to, &Sheet { crs: epsg.map(u32::from), ..sheet })?;
    Ok(blocks.len())
}
