//! Screening defaults: recoveries, operating costs, cover, discount rate, variations of grade.
//! They are priors; a result that rests on one says so.

use crate::rank::criteria::Status;
use crate::rank::table::Cell;
use serde::{Deserialize, Serialize};

/// Defaults shipped with the program.
pub const DEFAULT: &str = include_str!("../../reference/screening_defaults.csv");

/// One default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScreeningDefault {
    /// What kind of number, such as `recovery`.
    pub group: String,
    /// For what, such as `Cu flotation`.
    pub item: String,
    /// Low end.
    pub low: f64,
    /// Most likely value.
    pub mode: f64,
    /// High end.
    pub high: f64,
    /// Unit.
    pub unit: String,
    /// Source.
    pub source: String,
    /// Whether it was checked.
    pub status: Status,
}

impl ScreeningDefault {
    /// As an input of a simulation.
    pub fn cell(&self) -> Cell {
        Cell::Triangular { low: self.low, mode: self.mode, high: self.high }
    }
}

/// Reads a table of defaults.
pub fn parse_defaults(text: &str) -> Result<Vec<ScreeningDefault>, csv::Error> {
    csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes())
        .into_deserialize()
        .collect()
}
