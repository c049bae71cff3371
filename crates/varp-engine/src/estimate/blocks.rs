//! Blocks of a body with what is believed of each.

use serde::Serialize;
use varp_geostat::krige::Grid;

/// A block model: blocks inside the body, and one table of grades per product.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Blocks {
    /// Centre of the first cell of the grid, metres.
    pub origin: [f64; 3],
    /// Edge lengths of a block, metres.
    pub size: [f64; 3],
    /// Cells of the grid on each axis.
    pub count: [usize; 3],
    /// What z is: `depth below surface, metres, as minus` or `height, metres`.
    pub vertical: String,
    /// Number of each block in the grid, x fastest.
    pub cells: Vec<u32>,
    /// Dry tonnes of each block, best.
    pub mass_t: Vec<f64>,
    /// Grades by product.
    pub products: Vec<BlockGrades>,
}

/// Grades of one product in the blocks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BlockGrades {
    /// Substance code.
    pub substance: String,
    /// Mass fraction, low end of the 80 % interval; empty where the method has none per block.
    pub low: Vec<f64>,
    /// Best.
    pub best: Vec<f64>,
    /// High end.
    pub high: Vec<f64>,
}

impl Blocks {
    /// Centre of block `i`.
    pub fn centre(&self, i: usize) -> [f64; 3] {
        self.grid().place(self.cells[i] as usize)
    }

    /// The grid that holds the blocks.
    pub fn grid(&self) -> Grid {
        Grid { origin: self.origin, step: self.size, count: self.count }
    }

    /// Number of blocks.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// As a table: x, y, z, dry tonnes, then low, best, high of each product, a line per block.
    pub fn to_csv(&self) -> String {
        use std::fmt::Write;
        let mut out = String::from("x,y,z,mass_t");
        for product in &self.products {
            let s = &product.substance;
            let _ = write!(out, ",{s}_low,{s}_best,{s}_high");
        }
        out.push('\n');
        for i in 0..self.len() {
            let [x, y, z] = self.centre(i);
            let _ = write!(out, "{x},{y},{z},{}", self.mass_t[i]);
            for product in &self.products {
                for column in [&product.low, &product.best, &product.high] {
                    match column.get(i) {
                        Some(value) => {
                            let _ = write!(out, ",{value}");
                        }
                        None => out.push(','),
                    }
                }
            }
            out.push('\n');
        }
        out
    }
}
