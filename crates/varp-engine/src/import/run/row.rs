//! Reading the fields of one row, and collecting what is wrong with it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::str::FromStr;

use varp_model::{CodeList, Dimension, PartialDate, Period, Unit};

use super::bind::{BoundField, Table, nearest};
use crate::import::cell::CellRef;
use crate::import::date::{DateFault, read_date, read_period};
use crate::import::number::{NumberFault, parse_number, reported_from_f64};
use crate::import::{Code, Issue, Severity};

/// One row on its way to records.
pub(crate) struct Row<'r> {
    pub(crate) table: &'r Table,
    pub(crate) number: u32,
    pub(crate) cells: &'r [CellRef<'r>],
    pub(crate) issues: Vec<Issue>,
    pub(crate) refused: bool,
}

/// A field whose words are codes of a list; what was recognised once is remembered.
#[derive(Debug)]
pub(crate) struct CodeField {
    pub(crate) field: BoundField,
    /// What a code is called in a message, such as `kind of body`.
    pub(crate) noun: &'static str,
    known: RefCell<HashMap<String, Option<String>>>,
}

impl CodeField {
    pub(crate) fn new(field: BoundField, noun: &'static str) -> Self {
        Self { field, noun, known: RefCell::default() }
    }

    /// The code meant by the text; `recognise` is asked once per text.
    pub(crate) fn recall(
        &self,
        text: &str,
        recognise: impl FnOnce(&str) -> Option<String>,
    ) -> Option<String> {
        if let Some(known) = self.known.borrow().get(text) {
            return known.clone();
        }
        let code = recognise(text);
        // distinct words of a code column are few; of a wrongly mapped column they may be many
        if self.known.borrow().len() < 10_000 {
            self.known.borrow_mut().insert(text.to_owned(), code.clone());
        }
        code
    }
}

impl<'r> Row<'r> {
    pub(crate) fn new(table: &'r Table, number: u32, cells: &'r [CellRef<'r>]) -> Self {
        Self { table, number, cells, issues: Vec::new(), refused: false }
    }

    /// Refuses the row.
    pub(crate) fn error(
        &mut self,
        code: Code,
        column: Option<usize>,
        message: String,
        hint: impl Into<Option<String>>,
    ) {
        self.refused = true;
        self.report(Severity::Error, code, column, message, hint.into());
    }

    /// Notes a suspicion.
    pub(crate) fn warning(
        &mut self,
        code: Code,
        column: Option<usize>,
        message: String,
        hint: impl Into<Option<String>>,
    ) {
        self.report(Severity::Warning, code, column, message, hint.into());
    }

    fn report(
        &mut self,
        severity: Severity,
        code: Code,
        column: Option<usize>,
        message: String,
        hint: Option<String>,
    ) {
        let place = self.table.place(Some(self.number), column.filter(|c| *c != usize::MAX));
        let cell = column.and_then(|c| self.cells.get(c)).map(|c| shortened(&c.text()));
        self.issues.push(Issue { severity, code, place, cell, message, hint });
    }

    /// What a field says, or `None` if it says nothing.
    pub(crate) fn text(&mut self, field: &'r BoundField) -> Option<Cow<'r, str>> {
        if let Some(&column) = field.columns.iter().find(|&&c| self.is_error(c)) {
            let shown = self.cells[column].text().into_owned();
            let hint = "correct the formula in the spreadsheet".to_owned();
            let message = format!("the cell holds the formula error {shown}");
            self.error(Code::FORMULA_ERROR, Some(column), message, hint);
            return None;
        }
        let text = field.text(self.cells);
        if self.table.is_missing(&text) { None } else { Some(text) }
    }

    fn is_error(&self, column: usize) -> bool {
        matches!(self.cells.get(column), Some(CellRef::Error(_)))
    }

    /// What an optional field says.
    pub(crate) fn optional(&mut self, field: Option<&'r BoundField>) -> Option<String> {
        field.and_then(|field| self.text(field)).map(Cow::into_owned)
    }

    /// What a field says; a row without it is refused.
    pub(crate) fn required(&mut self, field: &'r BoundField, noun: &str) -> Option<String> {
        let before = self.issues.len();
        let text = self.text(field).map(Cow::into_owned);
        if text.is_none() && self.issues.len() == before {
            let message = format!("the {noun} is missing");
            self.error(Code::MISSING, field.column(), message, None);
        }
        text
    }

    /// Text without white space at its ends, with damaged letters noted.
    pub(crate) fn name(&mut self, field: Option<&'r BoundField>) -> Option<String> {
        let field = field?;
        let name = self.text(field)?;
        if let Some(repaired) = crate::import::read::mojibake(&name) {
            let message = format!("the letters of \"{}\" are damaged", shortened(&name));
            let hint = format!("probably \"{}\"", shortened(&repaired));
            self.warning(Code::MOJIBAKE, field.column(), message, hint);
        }
        Some(name.into_owned())
    }

    /// A list in one cell.
    pub(crate) fn names(&mut self, field: Option<&'r BoundField>) -> Vec<String> {
        let text = self.name(field).unwrap_or_default();
        text.split([';', '|']).map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect()
    }

    /// A plain number in the unit that the field's name states.
    pub(crate) fn number(&mut self, field: Option<&'r BoundField>, noun: &str) -> Option<f64> {
        let field = field?;
        if let Some(CellRef::Number(number)) = field.cell(self.cells) {
            let missing = self.table.is_missing(&crate::import::cell::number_text(number));
            return reported_from_f64(number).filter(|_| !missing).map(|n| n.value());
        }
        let text = self.text(field)?;
        match parse_number(&text, self.table.format) {
            Ok(number) => Some(number.value()),
            Err(fault) => {
                self.not_a_number(fault, field.column(), &text, noun);
                None
            }
        }
    }

    /// Reports a text that is not a number.
    pub(crate) fn not_a_number(
        &mut self,
        fault: NumberFault,
        column: Option<usize>,
        text: &str,
        noun: &str,
    ) {
        let shown = shortened(text);
        match fault {
            NumberFault::NotANumber => {
                let message = format!("\"{shown}\" is not {noun}");
                self.error(Code::NOT_A_NUMBER, column, message, None);
            }
            NumberFault::Ambiguous(sign) => {
                let message = format!("\"{shown}\" can be read in two ways");
                let hint = format!(
                    "say decimal = \"{sign}\" or thousands = \"{sign}\" in the table of the mapping"
                );
                self.error(Code::AMBIGUOUS_NUMBER, column, message, hint);
            }
        }
    }

    /// A length in metres.
    pub(crate) fn metres(
        &mut self,
        field: Option<&'r BoundField>,
        unit: Unit,
        noun: &str,
    ) -> Option<f64> {
        debug_assert_eq!(unit.dimension(), Dimension::Length);
        self.number(field, noun).map(|length| unit.to_canonical(length))
    }

    /// A date.
    pub(crate) fn date(&mut self, field: Option<&'r BoundField>) -> Option<PartialDate> {
        let field = field?;
        let dates = self.table.dates;
        self.dated(field, |cell| read_date(cell, dates), |date| (date, date))
    }

    /// A period.
    pub(crate) fn period(&mut self, field: Option<&'r BoundField>) -> Option<Period> {
        let field = field?;
        let dates = self.table.dates;
        self.dated(
            field,
            |cell| read_period(cell, dates),
            |period: Period| {
                let any = period.start.or(period.end).unwrap_or(PartialDate::Year(2000));
                (period.start.unwrap_or(any), period.end.unwrap_or(any))
            },
        )
    }

    fn dated<T: Copy>(
        &mut self,
        field: &'r BoundField,
        read: impl Fn(CellRef<'_>) -> Result<T, DateFault>,
        ends: impl Fn(T) -> (PartialDate, PartialDate),
    ) -> Option<T> {
        let text = self.text(field)?;
        let cell = match field.cell(self.cells) {
            Some(cell) if !cell.is_blank() => cell,
            _ => CellRef::Text(&text),
        };
        match read(cell) {
            Ok(date) => {
                let (first, last) = ends(date);
                if first.year() < 1200 || last.year() > 2100 {
                    let message = format!("the year of \"{text}\" is unlikely");
                    self.warning(Code::UNLIKELY_DATE, field.column(), message, None);
                }
                Some(date)
            }
            Err(fault) => {
                self.not_a_date(&fault, field.column(), &text);
                None
            }
        }
    }

    fn not_a_date(&mut self, fault: &DateFault, column: Option<usize>, text: &str) {
        let shown = shortened(text);
        let (message, hint) = match fault {
            DateFault::NotADate => (
                format!("\"{shown}\" is not a date"),
                "1963-05-17, 1963-05, 1963 or 17.5.1963".into(),
            ),
            DateFault::DayOrMonth => (
                format!("\"{shown}\" can be read in two ways"),
                "say dates = \"day first\" or dates = \"month first\" in the table of the mapping"
                    .into(),
            ),
            DateFault::TwoDigitYear => (
                format!("\"{shown}\" does not say the century"),
                "write the year with four digits".into(),
            ),
            DateFault::DayNumber(day) => (
                format!("\"{shown}\" is not a date"),
                format!("if it is a spreadsheet's day number ({day}), say dates = \"excel\""),
            ),
        };
        self.error(Code::DATE, column, message, Some(hint));
    }

    /// A word of a small vocabulary.
    pub(crate) fn word<T: FromStr<Err = String>>(
        &mut self,
        field: Option<&'r BoundField>,
    ) -> Option<T> {
        let field = field?;
        let text = self.text(field)?;
        match text.parse() {
            Ok(word) => Some(word),
            Err(message) => {
                let hint = map_hint(&text, None);
                self.error(Code::UNKNOWN_WORD, field.column(), message, hint);
                None
            }
        }
    }

    /// A code of a list.
    pub(crate) fn code(&mut self, field: Option<&'r CodeField>, list: &CodeList) -> Option<String> {
        let field = field?;
        let text = self.text(&field.field)?;
        let code = field.recall(&text, |t| list.recognise(t).map(|c| c.code.clone()));
        if code.is_none() {
            let words: Vec<String> = list.codes.iter().map(|c| c.code.clone()).collect();
            let near = nearest(&text.to_lowercase(), &words).map(|at| words[at].as_str());
            let message = format!("\"{}\" is not a {}", shortened(&text), field.noun);
            let hint = map_hint(&text, near.or(words.first().map(String::as_str)));
            self.error(Code::UNKNOWN_WORD, field.field.column(), message, hint);
        }
        code
    }
}

/// How to say in the mapping what a word means.
pub(crate) fn map_hint(word: &str, example: Option<&str>) -> String {
    let meaning = example.map_or_else(|| "…".to_owned(), |e| format!("\"{e}\""));
    format!("say what it means, such as map = {{ \"{}\" = {meaning} }}", shortened(word))
}

/// A cell in a message: one line, not longer than a line.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let line: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST).collect();
    if text.chars().nth(MOST).is_some() { format!("{line}…") } else { line }
}
