//! Assay columns: determinations, and the values of a row.

use varp_model::{
    Assay, Basis, Determination, DeterminationId, Digestion, Dimension, Measured, Reported,
    SizeFraction, Substance, Unit,
};

use super::bind::{Binder, Table};
use super::row::{Row, shortened};
use super::state::Context;
use crate::import::Code;
use crate::import::cell::CellRef;
use crate::import::mapping::{AssayFields, NegativeRule, TableMapping, ZeroRule};
use crate::import::measured::{Reading, ReadingFault, read_measured, rescale};
use crate::import::number::reported_from_f64;

/// Rules for what stands in place of a value.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    pub(super) zero: Option<ZeroRule>,
    pub(super) negative: Option<NegativeRule>,
    pub(super) limit: Option<Reported>,
    pub(super) upper: Option<Reported>,
}

/// A column of assays.
pub(crate) struct BoundAssay {
    pub(crate) column: usize,
    /// Number of the determination among those of the import.
    pub(crate) determination: u32,
    pub(crate) unit: Unit,
    rules: Rules,
}

/// Binds the assay columns of a table; new determinations are put behind `determinations`.
pub(crate) fn bind_assays(
    b: &mut Binder<'_>,
    mapping: &TableMapping,
    table: &Table,
    c: &Context<'_>,
    determinations: &mut Vec<Determination>,
) -> Vec<BoundAssay> {
    let mut bound = Vec::new();
    for spec in &mapping.assays {
        let field = b.field(&spec.column);
        let Some(column) = field.column().filter(|c| *c != usize::MAX) else { continue };
        let Some(determination) = determination(b, spec, mapping, table, column, c) else {
            continue;
        };
        let number = |n: Option<f64>| n.and_then(reported_from_f64);
        bound.push(BoundAssay {
            column,
            determination: u32::try_from(determinations.len()).unwrap_or(u32::MAX),
            unit: determination.unit,
            rules: Rules {
                zero: spec.zero.or(mapping.censoring.zero),
                negative: spec.negative.or(mapping.censoring.negative),
                limit: number(determination.detection_limit),
                upper: number(determination.upper_limit),
            },
        });
        determinations.push(determination);
    }
    bound
}

fn determination(
    b: &mut Binder<'_>,
    spec: &AssayFields,
    mapping: &TableMapping,
    table: &Table,
    column: usize,
    c: &Context<'_>,
) -> Option<Determination> {
    let header = table.headers.get(column).map_or(String::new(), ToString::to_string);
    let defaults = &mapping.assay_defaults;
    let substance = match Substance::parse(&spec.substance, c.references) {
        Ok(substance) => Some(substance),
        Err(error) => {
            b.fault(Code::SUBSTANCE, format!("assay of column \"{header}\": {error}"), None);
            None
        }
    };
    let unit = assay_unit(b, spec.unit.as_ref().or(defaults.unit.as_ref()), table, column);
    let basis = basis(b, spec.basis.as_ref().or(defaults.basis.as_ref()), &header);
    let digestion = spec.digestion.as_ref().or(defaults.digestion.as_ref());
    let digestion = digestion.and_then(|text| digestion_code(b, text, c));
    let method = spec.method.as_ref().or(defaults.method.as_ref()).and_then(|m| match m.as_str() {
        "method row" => table.methods.get(column).filter(|m| !m.is_empty()).cloned(),
        _ => Some(m.clone()),
    });
    if let (Some(substance), Some(unit)) = (&substance, unit) {
        contradictions(b, &header, column, substance, unit, c);
    }
    let fraction = spec.finest_mm.is_some() || spec.coarsest_mm.is_some();
    Some(Determination {
        substance: substance?,
        unit: unit?,
        basis: basis?,
        digestion,
        method,
        laboratory: spec.laboratory.clone().or(defaults.laboratory.clone()),
        detection_limit: spec.detection_limit.or(defaults.detection_limit),
        upper_limit: spec.upper_limit.or(defaults.upper_limit),
        size_fraction: fraction.then(|| SizeFraction {
            from_mm: spec.finest_mm.unwrap_or(0.0),
            to_mm: spec.coarsest_mm,
            mass_share: None,
        }),
        column: header,
    })
}

/// Notes where the header itself names another unit or another form than the mapping.
fn contradictions(
    b: &mut Binder<'_>,
    header: &str,
    column: usize,
    substance: &Substance,
    unit: Unit,
    c: &Context<'_>,
) {
    let capitals = header.to_uppercase() == header;
    let said = c.vocabulary.read(header, capitals);
    if let Some(in_header) = said.unit.filter(|u| *u != unit && said.substance.is_some()) {
        let message = format!("the header says {in_header}, the mapping {unit}");
        b.suspicion(Code::UNIT_SLIP, column, message, "which of them is right?");
    }
    let other = said.substance.and_then(|text| Substance::parse(&text, c.references).ok());
    if let Some(other) = other.filter(|o| o != substance)
        && other.elements().first() == substance.elements().first()
    {
        let message = format!("the header says {other}, the mapping {substance}");
        b.suspicion(Code::OXIDE, column, message, "which of them is right?");
    }
}

fn assay_unit(
    b: &mut Binder<'_>,
    unit: Option<&String>,
    table: &Table,
    column: usize,
) -> Option<Unit> {
    let header = &table.headers[column];
    let text = match unit.map(String::as_str) {
        Some("units row") => table.units.get(column).map(String::as_str).unwrap_or_default(),
        Some(text) => text,
        None => "",
    };
    if text.is_empty() {
        let hint = "say unit = \"ppm\" in the assay, or unit = \"units row\" and units_row = 2";
        b.fault(
            Code::UNIT,
            format!("the unit of column \"{header}\" is not stated"),
            Some(hint.into()),
        );
        return None;
    }
    match Unit::parse_as(text, Dimension::MassFraction) {
        Ok(unit) => Some(unit),
        Err(error) => {
            let hint = "units of grades are %, ppm, ppb, g/t, kg/t, oz/st".to_owned();
            b.fault(Code::UNIT, format!("unit of column \"{header}\": {error}"), Some(hint));
            None
        }
    }
}

fn basis(b: &mut Binder<'_>, text: Option<&String>, header: &str) -> Option<Basis> {
    let Some(text) = text else {
        let hint = "say basis = \"dry\", \"wet\" or \"unstated\" in [table.assay_defaults]";
        let message = format!("whether the grades of column \"{header}\" are dry is not stated");
        b.fault(Code::MAPPING, message, Some(hint.into()));
        return None;
    };
    text.parse().map_err(|message| b.fault(Code::MAPPING, message, None)).ok()
}

fn digestion_code(b: &mut Binder<'_>, text: &str, c: &Context<'_>) -> Option<Digestion> {
    let list = c.references.list("digestions").unwrap_or(&c.no_codes);
    if let Some(code) = list.recognise(text) {
        return Some(Digestion(code.code.clone()));
    }
    let codes: Vec<&str> = list.codes.iter().map(|c| c.code.as_str()).collect();
    let hint = format!("digestions are {}", codes.join(", "));
    b.fault(Code::MAPPING, format!("\"{text}\" is not a digestion"), Some(hint));
    None
}

impl Row<'_> {
    /// The results of the row, put behind `assays`.
    pub(crate) fn assays(&mut self, columns: &[BoundAssay], assays: &mut Vec<Assay>) {
        for spec in columns {
            let cell = match self.cells.get(spec.column) {
                None | Some(CellRef::Empty) => continue,
                Some(cell) => *cell,
            };
            if let Some(value) = self.assay(cell, spec.column, spec.unit, spec.rules) {
                assays.push(Assay { determination: DeterminationId(spec.determination), value });
            }
        }
    }

    /// One result, or `None` where nothing was analysed or the cell is wrong.
    pub(super) fn assay(
        &mut self,
        cell: CellRef<'_>,
        column: usize,
        unit: Unit,
        rules: Rules,
    ) -> Option<Measured<Reported>> {
        let reading = match read_measured(cell, self.table.format, &self.table.marks) {
            Ok(reading) => reading,
            Err(fault) => {
                self.not_a_grade(fault, cell, column);
                return None;
            }
        };
        let value = match reading {
            Reading::Nothing => return None,
            Reading::Value(value, None) => value,
            Reading::Value(value, Some(found)) => self.in_unit(value, found, unit, column)?,
            Reading::BelowLimit => {
                Measured::Below(self.limit(rules.limit, cell, column, "detection_limit")?)
            }
            Reading::AboveLimit => {
                Measured::Above(self.limit(rules.upper, cell, column, "upper_limit")?)
            }
        };
        let number = value.number();
        if number.mantissa() <= 0 {
            return self.not_positive(value, column, rules);
        }
        if unit.to_canonical(number.value()) > 1.0 {
            let message = format!("{number} {unit} is above 100 %");
            let hint = format!("the column is in {unit}; a value in ppm may stand here");
            self.error(Code::OVER_100_PERCENT, Some(column), message, hint);
            return None;
        }
        Some(value)
    }

    fn in_unit(
        &mut self,
        value: Measured<Reported>,
        found: Unit,
        unit: Unit,
        column: usize,
    ) -> Option<Measured<Reported>> {
        match rescale(value.number(), found, unit) {
            Some(number) => Some(value.map(|_| number)),
            None => {
                let message = format!("the cell is in {found}, the column in {unit}");
                let hint = format!("write the value in {unit}");
                self.error(Code::UNIT, Some(column), message, hint);
                None
            }
        }
    }

    fn limit(
        &mut self,
        limit: Option<Reported>,
        cell: CellRef<'_>,
        column: usize,
        name: &str,
    ) -> Option<Reported> {
        if limit.is_none() {
            let message = format!("\"{}\" does not say the limit", cell.text());
            let hint = format!("say {name} = … in the assay of the column");
            self.error(Code::CENSORED, Some(column), message, hint);
        }
        limit
    }

    /// Zero and negative numbers mean what the mapping says.
    fn not_positive(
        &mut self,
        value: Measured<Reported>,
        column: usize,
        rules: Rules,
    ) -> Option<Measured<Reported>> {
        let number = value.number();
        if number.mantissa() == 0 {
            return match (rules.zero, value) {
                (Some(ZeroRule::Missing), _) => None,
                (Some(ZeroRule::Value), value) => Some(value),
                (Some(ZeroRule::BelowLimit), _) => self
                    .limit(rules.limit, CellRef::Text("0"), column, "detection_limit")
                    .map(Measured::Below),
                (None, _) => {
                    let message = "the meaning of 0 is not stated".to_owned();
                    let hint = "say zero = \"below limit\", \"value\" or \"missing\" in \
                                [table.censoring]";
                    self.error(Code::ZERO, Some(column), message, hint.to_owned());
                    None
                }
            };
        }
        match rules.negative {
            Some(NegativeRule::Missing) => None,
            Some(NegativeRule::BelowLimit) => {
                Reported::new(-number.mantissa(), number.decimals()).map(Measured::Below)
            }
            None => {
                let message = format!("{number} is negative");
                let hint = "if it means a limit, say negative = \"below limit\" in \
                            [table.censoring]; if it means nothing, list it under missing";
                self.error(Code::NEGATIVE, Some(column), message, hint.to_owned());
                None
            }
        }
    }

    fn not_a_grade(&mut self, fault: ReadingFault, cell: CellRef<'_>, column: usize) {
        let text = cell.text();
        let shown = shortened(&text);
        let column = Some(column);
        match fault {
            ReadingFault::NotANumber => {
                let hint = "a number and a unit, such as 120 ppm or 0.012 %".to_owned();
                self.error(Code::NOT_A_NUMBER, column, format!("\"{shown}\" is not a grade"), hint);
            }
            ReadingFault::Ambiguous(sign) => self.not_a_number(
                crate::import::number::NumberFault::Ambiguous(sign),
                column,
                &text,
                "a grade",
            ),
            ReadingFault::UnknownMark => {
                let message = format!("the meaning of \"{shown}\" is not stated");
                let hint = format!(
                    "list it in [table.censoring]: below = [\"{shown}\"] or missing = [\"{shown}\"]"
                );
                self.error(Code::CENSORED, column, message, hint);
            }
            ReadingFault::WrongUnit => {
                let hint = "grades are in %, ppm, ppb, g/t …".to_owned();
                self.error(Code::UNIT, column, format!("\"{shown}\" is not a grade"), hint);
            }
            ReadingFault::FormulaError => {
                let hint = "correct the formula in the spreadsheet".to_owned();
                let message = format!("the cell holds the formula error {shown}");
                self.error(Code::FORMULA_ERROR, column, message, hint);
            }
            ReadingFault::IsADate => {
                let hint = "the spreadsheet took a number for a date: format the column as number";
                let message = format!("the date {shown} is not a grade");
                self.error(Code::NOT_A_NUMBER, column, message, hint.to_owned());
            }
        }
    }
}
