//! The block model of an estimate as a file.

use std::path::Path;

use varp_engine::estimate::Blocks;
use varp_geostat::krige::Targets;

use super::super::geostat::output::{self, Column, Sheet};
use super::super::show;
use crate::jobs::estimate::{BlockError, write_blocks};

/// Writes blocks to a file, where one is asked for: CSV and VTK by their cells, GeoParquet as points with
/// the middles of the blocks.
pub fn blocks(blocks: Option<&Blocks>, to: Option<&Path>) -> anyhow::Result<()> {
    let Some(to) = to else { return Ok(()) };
    let ending = to.extension().map(|e| e.to_string_lossy().to_lowercase());
    let count = match ending.as_deref() {
        Some("parquet" | "geoparquet") => points(blocks.ok_or(BlockError::None)?, to)?,
        _ => write_blocks(blocks, to)?,
    };
    show::note(format!("wrote {count} blocks to {}", to.display()));
    Ok(())
}

fn points(blocks: &Blocks, to: &Path) -> anyhow::Result<usize> {
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
    output::write(to, &Sheet::placed(vec!["x", "y", "z"], Targets::points(&centres), columns))?;
    Ok(blocks.len())
}
