//! Tables that analyse all of a rock: what the sum of their rows tells.

use varp_model::{Element, References, Substance};

use super::assays::{FEW, Value, Watched};
use crate::import::Code;
use crate::import::run::Row;

/// The oxides that make up rock.
const MAJORS: &[(&str, &str)] = &[
    ("Si", "SiO2"),
    ("Al", "Al2O3"),
    ("Fe", "Fe2O3"),
    ("Mg", "MgO"),
    ("Ca", "CaO"),
    ("Na", "Na2O"),
    ("K", "K2O"),
    ("Ti", "TiO2"),
    ("P", "P2O5"),
    ("Mn", "MnO"),
];

/// Tables that analyse all of the rock, whose rows sum to 100 % as oxides.
pub(super) struct WholeRock {
    /// Columns of major elements, one per element, with the factor to the oxide.
    majors: Vec<(usize, f64)>,
    pub(super) first: usize,
    as_oxides: bool,
    sum: f64,
    rows: u64,
}

impl WholeRock {
    pub(super) fn new(columns: &[Watched], references: &References) -> Option<Self> {
        let mut majors = Vec::new();
        let (mut oxides, mut elements) = (0, 0);
        for (symbol, oxide) in MAJORS {
            let element = Element::from_symbol(symbol)?;
            let stated = columns.iter().position(|c| {
                c.substance.code() == *oxide || *symbol == "Fe" && c.substance.code() == "FeO"
            });
            let plain = columns.iter().position(|c| c.substance.code() == *symbol);
            let fraction = Substance::parse(oxide, references)
                .ok()
                .and_then(|s| s.exact_fraction_of(element, references))?;
            match (stated, plain) {
                (Some(at), _) => {
                    oxides += 1;
                    majors.push((at, 1.0));
                }
                (None, Some(at)) => {
                    elements += 1;
                    majors.push((at, 1.0 / fraction));
                }
                (None, None) => {}
            }
        }
        let silica = columns.iter().any(|c| matches!(c.substance.code(), "SiO2" | "Si"));
        let first = majors.first()?.0;
        (majors.len() >= 7 && silica).then_some(Self {
            majors,
            first,
            as_oxides: oxides >= elements,
            sum: 0.0,
            rows: 0,
        })
    }

    pub(super) fn row(&mut self, row: &mut Row<'_>, values: &[Value]) {
        let mut sum = 0.0;
        let mut found = 0;
        for (at, factor) in &self.majors {
            if let Some(value) = values.iter().find(|v| v.at == *at) {
                sum += value.fraction * factor;
                found += 1;
            }
        }
        if found + 2 < self.majors.len() {
            return;
        }
        self.sum += sum;
        self.rows += 1;
        if self.as_oxides && sum > 1.05 {
            let message = format!("the oxides of the row sum to {:.0} %", sum * 100.0);
            row.warning(Code::SUM_OVER_100, None, message, None);
        }
    }

    /// Elements whose oxides would sum to twice the rock, or oxides that sum to half of it.
    pub(super) fn suspicion(&self) -> Option<(String, String)> {
        if self.rows < FEW {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "a count")]
        let mean = self.sum / self.rows as f64;
        if !self.as_oxides && mean > 1.2 {
            let message = format!("as elements, the columns make {:.0} % of oxides", mean * 100.0);
            return Some((message, "are they stated as oxides?".to_owned()));
        }
        if self.as_oxides && (0.3..0.62).contains(&mean) {
            let message = format!("the oxides sum to {:.0} % only", mean * 100.0);
            return Some((message, "are they stated as elements?".to_owned()));
        }
        None
    }
}

/// Logarithm of the factor from an element to its commonest oxide.
pub(super) fn oxide_factor(substance: &Substance, references: &References) -> Option<f64> {
    let element = substance.elements().into_iter().find(|e| e.symbol() != "O")?;
    let oxide = MAJORS.iter().find(|(e, _)| *e == element.symbol()).map(|(_, oxide)| *oxide)?;
    let oxide = Substance::parse(oxide, references).ok()?;
    Some(-oxide.exact_fraction_of(element, references)?.ln())
}
