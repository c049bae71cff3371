//! What grades can be: the crust below, the richest ore above.

use std::collections::HashMap;

use serde::Deserialize;
use varp_model::{Element, References, Substance};

const GRADES: &str = include_str!("../../../reference/plausible_grades.csv");

#[derive(Deserialize)]
struct Row {
    element: String,
    crust_ppm: f64,
    most_percent: f64,
}

/// Bounds within which the middle of a column of grades lies, kg/kg of the substance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plausible {
    pub(crate) least: f64,
    pub(crate) most: f64,
}

/// Plausible grades by element.
pub(crate) struct PlausibleGrades(HashMap<Element, Plausible>);

/// The middle of a column of rock or waste is hardly ever this many times below the crust.
const BELOW_CRUST: f64 = 30.0;
/// Elements in minerals that acids hardly open: a partial digestion finds a small part of them.
const REFRACTORY: &[&str] = &["Si", "Al", "Na", "K", "Ti", "Zr", "Hf", "Nb", "Ta"];
const BELOW_CRUST_REFRACTORY: f64 = 1000.0;

impl PlausibleGrades {
    pub(crate) fn embedded() -> Self {
        let rows = csv::Reader::from_reader(GRADES.as_bytes()).into_deserialize::<Row>();
        let bounds = |row: Row| {
            let element = Element::from_symbol(&row.element)?;
            let refractory = REFRACTORY.contains(&row.element.as_str());
            let below = if refractory { BELOW_CRUST_REFRACTORY } else { BELOW_CRUST };
            let least = row.crust_ppm * 1e-6 / below;
            Some((element, Plausible { least, most: row.most_percent * 1e-2 }))
        };
        Self(rows.flatten().filter_map(bounds).collect())
    }

    /// Bounds for a substance: of its first element, by exact factor.
    pub(crate) fn of(&self, substance: &Substance, references: &References) -> Option<Plausible> {
        let element = substance.elements().into_iter().find(|e| e.symbol() != "O")?;
        let fraction = substance.exact_fraction_of(element, references)?;
        let bounds = self.0.get(&element)?;
        let most = (bounds.most / fraction).min(1.0);
        Some(Plausible { least: bounds.least / fraction, most })
    }
}
