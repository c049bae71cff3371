//! Results written into the columns of assays, or a row each.

use std::collections::BTreeMap;

use varp_model::{
    Assay, CellValue, Determination, DeterminationId, Measured, Reported, Substance, Unit,
};

use super::Held;
use super::grid::{Columns, Line};
use crate::import::header_key;
use crate::import::mapping::{AssayFields, ColumnRef, Given, TableMapping};

/// Which column of a table each determination was or would be read from.
pub(super) struct Assays<'a> {
    determinations: &'a BTreeMap<DeterminationId, Determination>,
    columns: BTreeMap<DeterminationId, &'a AssayFields>,
    /// Whether the table has one result per row; those without a column stand there.
    long: bool,
}

impl<'a> Assays<'a> {
    pub(super) fn new(held: &Held<'a>, table: &'a TableMapping) -> Self {
        let determinations = &held.contents.determinations;
        let column = |d: &Determination| table.assays.iter().find(|f| same(held, table, f, d));
        let columns = determinations.iter().filter_map(|(id, d)| Some((*id, column(d)?)));
        Self { determinations, columns: columns.collect(), long: table.long.is_some() }
    }

    /// Whether the table holds results of a determination.
    pub(super) fn reads(&self, id: DeterminationId) -> bool {
        self.long || self.columns.contains_key(&id)
    }

    /// Whether a result of a determination has a row of its own.
    pub(super) fn stands_alone(&self, id: DeterminationId) -> bool {
        self.long && !self.columns.contains_key(&id)
    }

    /// Writes the results that have a column.
    pub(super) fn write(&self, line: &mut Line<'_>, assays: &[Assay]) {
        for assay in assays {
            if let Some(f) = self.columns.get(&assay.determination) {
                let cell = printed(line, assay.value);
                line.put(Some(&f.column), Some(cell));
            }
        }
    }

    /// Writes one result into a row of its own.
    pub(super) fn write_alone(&self, line: &mut Line<'_>, table: &TableMapping, assay: &Assay) {
        let (Some(f), Some(d)) = (&table.long, self.determinations.get(&assay.determination))
        else {
            return;
        };
        let given = |g: &Option<Given>| g.clone().map(|g| g.0);
        line.put(Some(&f.substance), Some(d.substance.code()));
        let sign = match assay.value {
            Measured::Exact(_) => None,
            Measured::Below(_) => Some("<"),
            Measured::Above(_) => Some(">"),
        };
        line.put(f.qualifier.as_ref(), sign);
        let value = match &f.qualifier {
            Some(_) => printed(line, Measured::Exact(assay.value.number())),
            None => printed(line, assay.value),
        };
        line.put(Some(&f.value), Some(value));
        line.put(given(&f.unit).as_ref(), Some(d.unit.symbol()));
        line.put(given(&f.basis).as_ref(), Some(d.basis.word()));
        line.put(given(&f.digestion).as_ref(), d.digestion.as_ref().map(|d| d.0.as_str()));
        line.put(given(&f.method).as_ref(), d.method.as_deref());
        line.put(given(&f.laboratory).as_ref(), d.laboratory.as_deref());
        line.put(given(&f.detection_limit).as_ref(), d.detection_limit);
    }

    /// Headers as the table spelled them.
    pub(super) fn spell(&self, columns: &mut Columns) {
        for (id, f) in &self.columns {
            let at = f.column.columns.first().and_then(|c| columns.find(c));
            if let Some(at) = at {
                columns.spell(at, &self.determinations[id].column);
            }
        }
    }

    /// A row that says something of each column of assays.
    pub(super) fn row(
        &self,
        columns: &Columns,
        said: impl Fn(&Determination) -> String,
    ) -> Vec<CellValue> {
        let mut row = vec![CellValue::Empty; columns.headers().len()];
        for (id, f) in &self.columns {
            let at = f.column.columns.first().and_then(|c| columns.find(c));
            if let Some(at) = at {
                row[at] = CellValue::Text(said(&self.determinations[id]));
            }
        }
        row
    }
}

/// Whether a column of a mapping would read a determination.
fn same(held: &Held<'_>, table: &TableMapping, f: &AssayFields, d: &Determination) -> bool {
    let defaults = &table.assay_defaults;
    let references = held.references;
    let or = |own: &Option<String>, default: &Option<String>| own.clone().or(default.clone());
    let header = match f.column.columns.as_slice() {
        [ColumnRef::Header(header)] => header_key(header) == header_key(&d.column),
        _ => true,
    };
    let unit = match or(&f.unit, &defaults.unit).as_deref() {
        None | Some("units row") => true,
        Some(unit) => Unit::parse(unit).ok() == Some(d.unit),
    };
    let method = match or(&f.method, &defaults.method).as_deref() {
        Some("method row") => true,
        method => method == d.method.as_deref(),
    };
    let digestion = or(&f.digestion, &defaults.digestion)
        .and_then(|text| references.list("digestions")?.recognise(&text).map(|c| c.code.clone()));
    header
        && unit
        && method
        && Substance::parse(&f.substance, references).ok().as_ref() == Some(&d.substance)
        && digestion.as_deref() == d.digestion.as_ref().map(|d| d.0.as_str())
        && or(&f.laboratory, &defaults.laboratory) == d.laboratory
        && f.detection_limit.or(defaults.detection_limit) == d.detection_limit
}

/// A result as printed; a number that a spreadsheet prints the same way is a number.
fn printed(line: &Line<'_>, value: Measured<Reported>) -> CellValue {
    let number = value.number();
    let digits = number.to_string();
    let sign = match value {
        Measured::Exact(_) if crate::import::number_text(number.value()) == digits => {
            return CellValue::Number(number.value());
        }
        Measured::Exact(_) => "",
        Measured::Below(_) => "<",
        Measured::Above(_) => ">",
    };
    CellValue::Text(format!("{sign}{}", line.digits(&digits)))
}
