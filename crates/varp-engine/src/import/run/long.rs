//! Tables with one result per row.

use varp_model::{Determination, Digestion, Dimension, Measured, Reported, Substance, Unit};

use super::assays::Rules;
use super::bind::{Binder, BoundField};
use super::row::{Row, shortened};
use super::state::Context;
use crate::import::Code;
use crate::import::cell::CellRef;
use crate::import::mapping::TableMapping;
use crate::import::number::parse_number;

/// Columns of a table with one assay per row.
pub(crate) struct BoundLong {
    substance: BoundField,
    value: BoundField,
    qualifier: Option<BoundField>,
    unit: Option<BoundField>,
    basis: Option<BoundField>,
    digestion: Option<BoundField>,
    method: Option<BoundField>,
    laboratory: Option<BoundField>,
    limit: Option<BoundField>,
    rules: Rules,
}

impl BoundLong {
    pub(crate) fn bind(b: &mut Binder<'_>, mapping: &TableMapping) -> Option<Self> {
        let f = mapping.long.as_ref()?;
        let d = &mapping.assay_defaults;
        let mut given = |g: &Option<crate::import::mapping::Given>, default: Option<String>| {
            let fixed = default.map(|text| crate::import::mapping::Field::fixed(&text));
            let field = g.as_ref().map(|g| g.0.clone()).or(fixed);
            b.optional(field.as_ref())
        };
        let unit = given(&f.unit, d.unit.clone());
        let basis = given(&f.basis, d.basis.clone());
        let digestion = given(&f.digestion, d.digestion.clone());
        let method = given(&f.method, d.method.clone());
        let laboratory = given(&f.laboratory, d.laboratory.clone());
        let limit = given(&f.detection_limit, d.detection_limit.map(|l| l.to_string()));
        for (field, noun) in [(&unit, "unit"), (&basis, "basis")] {
            if field.is_none() {
                let hint = format!("say {noun} = \"…\" in [table.long]");
                b.fault(
                    Code::MAPPING,
                    format!("the {noun} of the assays is not stated"),
                    Some(hint),
                );
            }
        }
        Some(Self {
            substance: b.field(&f.substance),
            value: b.field(&f.value),
            qualifier: b.optional(f.qualifier.as_ref()),
            unit,
            basis,
            digestion,
            method,
            laboratory,
            limit,
            rules: Rules {
                zero: mapping.censoring.zero,
                negative: mapping.censoring.negative,
                ..Rules::default()
            },
        })
    }
}

impl<'r> Row<'r> {
    /// The one result of the row with its determination.
    pub(crate) fn long_assay(
        &mut self,
        f: &'r BoundLong,
        c: &Context<'_>,
    ) -> Option<(Determination, Measured<Reported>)> {
        let code = self.required(&f.substance, "analyte")?;
        let substance = match Substance::parse(&code, c.references) {
            Ok(substance) => substance,
            Err(error) => {
                let hint = super::row::map_hint(&code, Some("Cu"));
                self.error(Code::SUBSTANCE, f.substance.column(), error.to_string(), hint);
                return None;
            }
        };
        let unit_text = self.required(f.unit.as_ref()?, "unit")?;
        let unit = match Unit::parse_as(&unit_text, Dimension::MassFraction) {
            Ok(unit) => unit,
            Err(error) => {
                self.error(
                    Code::UNIT,
                    f.unit.as_ref().and_then(BoundField::column),
                    error.to_string(),
                    None,
                );
                return None;
            }
        };
        let limit = self.optional(f.limit.as_ref());
        let limit = limit.and_then(|l| parse_number(&l, self.table.format).ok());
        let basis = self.word(f.basis.as_ref())?;
        let list = c.references.list("digestions").unwrap_or(&c.no_codes);
        let digestion = self.optional(f.digestion.as_ref());
        let digestion = digestion.and_then(|text| match list.recognise(&text) {
            Some(code) => Some(Digestion(code.code.clone())),
            None => {
                let column = f.digestion.as_ref().and_then(BoundField::column);
                let message = format!("\"{}\" is not a digestion", shortened(&text));
                self.error(Code::UNKNOWN_WORD, column, message, None);
                None
            }
        });
        let determination = Determination {
            substance,
            unit,
            basis,
            digestion,
            method: self.optional(f.method.as_ref()),
            laboratory: self.optional(f.laboratory.as_ref()),
            detection_limit: limit.map(Reported::value),
            upper_limit: None,
            size_fraction: None,
            column: code,
        };
        let value = self.long_value(f, unit, limit)?;
        Some((determination, value))
    }

    fn long_value(
        &mut self,
        f: &'r BoundLong,
        unit: Unit,
        limit: Option<Reported>,
    ) -> Option<Measured<Reported>> {
        let column = f.value.column().unwrap_or(usize::MAX);
        let qualifier = self.optional(f.qualifier.as_ref());
        let rules = Rules { limit, ..f.rules };
        let cell = self.cells.get(column).copied().unwrap_or(CellRef::Empty);
        let value = self.assay(cell, column, unit, rules)?;
        match qualifier.as_deref() {
            None | Some("=" | "") => Some(value),
            Some("<" | "<=") => Some(Measured::Below(value.number())),
            Some(">" | ">=") => Some(Measured::Above(value.number())),
            Some(other) => {
                let message = format!("\"{}\" is neither < nor >", shortened(other));
                let column = f.qualifier.as_ref().and_then(BoundField::column);
                self.error(Code::CENSORED, column, message, None);
                None
            }
        }
    }
}
