//! Raw tables as they come: cells that still know where they stood.

/// What a cell holds before anybody has said what it means.
#[derive(Clone, Debug, PartialEq)]
pub enum CellValue {
    /// Nothing at all.
    Empty,
    /// Text, also numbers in text files.
    Text(String),
    /// A number of a spreadsheet or database.
    Number(f64),
    /// A date of a spreadsheet or database.
    Date(jiff::civil::Date),
    /// Yes or no.
    Bool(bool),
    /// A geometry of a GIS file, in the coordinate system of its sheet.
    Geometry(crate::Geometry),
    /// What the program that wrote the file could not compute, such as `#DIV/0!`.
    Error(String),
}

/// A cell and its column, counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Column, counted from 0.
    pub column: usize,
    /// What it holds.
    pub value: CellValue,
}

/// One table of a file, read whole: a worksheet, a layer, a text file.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Sheet {
    /// Name of the worksheet or layer; empty for a text file.
    pub name: String,
    /// Coordinate system of its geometries, where the file states one.
    pub crs: Option<crate::Crs>,
    /// Rows of cells; `rows[r][c]` stands in row `first_row + r` as people count, from 1.
    pub rows: Vec<Vec<CellValue>>,
    /// Number of the first row as the user's program shows it, from 1.
    pub first_row: usize,
}
