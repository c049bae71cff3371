//! The columns of a table and the cells of its rows.

use std::collections::BTreeMap;

use varp_model::CellValue;

use crate::import::mapping::{ColumnRef, Field, TableMapping};
use crate::import::{column_index, header_key};

/// The columns that a table of a mapping names, in the order in which it names them.
pub(super) struct Columns {
    headers: Vec<String>,
    index: BTreeMap<String, usize>,
}

impl Columns {
    /// Columns named by letter stand where they were; the others fill the places between.
    pub(super) fn new(named: Vec<ColumnRef>) -> Self {
        let mut headers: Vec<String> = Vec::new();
        let mut index = BTreeMap::new();
        let letters: Vec<usize> = named.iter().filter_map(letter).collect();
        for at in letters.iter().copied() {
            headers.resize(headers.len().max(at + 1), String::new());
            index.insert(key(at), at);
        }
        let mut next = 0;
        for column in named {
            let ColumnRef::Header(header) = column else { continue };
            if index.contains_key(&header_key(&header)) {
                continue;
            }
            while letters.contains(&next) {
                next += 1;
            }
            headers.resize(headers.len().max(next + 1), String::new());
            index.insert(header_key(&header), next);
            headers[next] = header;
            next += 1;
        }
        Self { headers, index }
    }

    pub(super) fn find(&self, column: &ColumnRef) -> Option<usize> {
        match column {
            ColumnRef::Header(header) => self.index.get(&header_key(header)).copied(),
            ColumnRef::Letter(_) => letter(column),
        }
    }

    /// Writes a header as the table spelled it.
    pub(super) fn spell(&mut self, at: usize, header: &str) {
        if let Some(own) = self.headers.get_mut(at)
            && (own.is_empty() || header_key(own) == header_key(header))
        {
            header.clone_into(own);
        }
    }

    pub(super) fn headers(&self) -> &[String] {
        &self.headers
    }
}

fn letter(column: &ColumnRef) -> Option<usize> {
    match column {
        ColumnRef::Letter(letters) => column_index(letters),
        ColumnRef::Header(_) => None,
    }
}

fn key(at: usize) -> String {
    format!("\u{0}{at}") // no header is like that
}

/// What goes into a cell, before the table's custom of writing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    /// Words, a code, a date.
    Text(String),
    /// A number in the unit of its column.
    Number(f64),
    /// A cell as it is.
    Cell(CellValue),
}

impl From<CellValue> for Said {
    fn from(cell: CellValue) -> Self {
        Self::Cell(cell)
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<f64> for Said {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

/// One row under construction.
pub(super) struct Line<'a> {
    pub(super) columns: &'a Columns,
    pub(super) decimal: char,
    pub(super) cells: Vec<CellValue>,
    /// Columns in which two records of the row say different things.
    pub(super) clashes: Vec<usize>,
}

impl<'a> Line<'a> {
    pub(super) fn new(columns: &'a Columns, table: &TableMapping) -> Self {
        let decimal = table.decimal.as_ref().and_then(|d| d.chars().next()).unwrap_or('.');
        let cells = vec![CellValue::Empty; columns.headers.len()];
        Self { columns, decimal, cells, clashes: Vec::new() }
    }

    /// Writes what a field would have read.
    pub(super) fn put(&mut self, field: Option<&Field>, said: Option<impl Into<Said>>) {
        let (Some(field), Some(said)) = (field, said) else { return };
        let said = said.into();
        match field.columns.as_slice() {
            [] => {}
            [column] => self.cell(column, back(field, said)),
            columns => {
                let Said::Text(text) = said else { return };
                let join = field.join.as_deref().unwrap_or("|");
                let parts: Vec<&str> = text.splitn(columns.len(), join).collect();
                for (column, part) in columns.iter().zip(parts) {
                    self.cell(column, plain(part));
                }
            }
        }
    }

    fn cell(&mut self, column: &ColumnRef, said: Said) {
        let Some(at) = self.columns.find(column) else { return };
        let value = match said {
            Said::Text(text) if text.is_empty() => return,
            Said::Text(text) => CellValue::Text(text),
            Said::Number(number) => self.number(number),
            Said::Cell(cell) => cell,
        };
        match &self.cells[at] {
            CellValue::Empty => self.cells[at] = value,
            standing if same(standing, &value) => {}
            _ => self.clashes.push(at),
        }
    }

    /// A number that a spreadsheet can hold, else its digits.
    fn number(&self, number: f64) -> CellValue {
        if crate::import::number_text(number).parse() == Ok(number) {
            CellValue::Number(number)
        } else {
            CellValue::Text(self.digits(&number.to_string()))
        }
    }

    /// Digits with the decimal sign of the table.
    pub(super) fn digits(&self, digits: &str) -> String {
        if self.decimal == '.' { digits.to_owned() } else { digits.replace('.', ",") }
    }
}

/// The table's word for a code.
fn back(field: &Field, said: Said) -> Said {
    let Said::Text(text) = &said else { return said };
    let word = field.map.word(|meaning| meaning == text);
    word.map_or(said.clone(), |word| Said::Text(word.to_owned()))
}

/// A part of a joined key: numbers stay numbers, so that a spreadsheet sorts them.
fn plain(part: &str) -> Said {
    match part.parse::<f64>() {
        Ok(number) if crate::import::number_text(number) == part => Said::Number(number),
        _ => Said::Text(part.to_owned()),
    }
}

fn same(a: &CellValue, b: &CellValue) -> bool {
    let text = |value: &CellValue| crate::import::CellRef::of(value).text().replace(',', ".");
    a == b || text(a) == text(b)
}

/// A key; one that is a number stays one, so that a spreadsheet sorts it.
pub(super) fn key_said(key: &str) -> Said {
    plain(key)
}
