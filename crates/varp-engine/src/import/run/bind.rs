//! A table of the mapping bound to the columns of a sheet.

use std::borrow::Cow;
use std::sync::Arc;

use varp_model::Crs;

use crate::import::cell::CellRef;
use crate::import::date::Dates;
use crate::import::issue::{Column, column_index, column_letters};
use crate::import::mapping::{ColumnRef, Field, TableMapping, Words};
use crate::import::measured::Marks;
use crate::import::number::NumberFormat;
use crate::import::{Code, Issue, Place, Severity};

/// A field bound to columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct BoundField {
    pub(crate) columns: Vec<usize>,
    value: Option<String>,
    default: Option<String>,
    map: Words,
    pub(crate) join: Option<String>,
}

impl BoundField {
    /// The column in which faults of the field stand.
    pub(crate) fn column(&self) -> Option<usize> {
        self.columns.first().copied()
    }

    /// The one cell of the field, where nothing changes it.
    pub(crate) fn cell<'r>(&self, cells: &[CellRef<'r>]) -> Option<CellRef<'r>> {
        match self.columns[..] {
            [column] if self.map.is_empty() => {
                Some(cells.get(column).copied().unwrap_or(CellRef::Empty))
            }
            _ => None,
        }
    }

    /// What the field says in this row, before `missing` words are taken away.
    pub(crate) fn text<'r>(&'r self, cells: &[CellRef<'r>]) -> Cow<'r, str> {
        if let Some(value) = &self.value {
            return Cow::Borrowed(value);
        }
        let read = match self.columns[..] {
            [column] => cells.get(column).map_or(Cow::Borrowed(""), CellRef::text),
            _ => Cow::Owned(self.joined(cells)),
        };
        if read.is_empty() {
            return Cow::Borrowed(self.default.as_deref().unwrap_or(""));
        }
        if self.map.is_empty() {
            return read;
        }
        match self.map.meaning(&read) {
            Some(meaning) => Cow::Borrowed(meaning),
            None => read,
        }
    }

    fn joined(&self, cells: &[CellRef<'_>]) -> String {
        let parts: Vec<Cow<'_, str>> =
            self.columns.iter().map(|&c| cells.get(c).map_or("".into(), CellRef::text)).collect();
        if parts.iter().all(|p| p.is_empty()) {
            return String::new();
        }
        parts.join(self.join.as_deref().unwrap_or("|"))
    }
}

/// What all rows of a bound table share.
pub(crate) struct Table {
    pub(crate) file: Arc<str>,
    pub(crate) sheet: Option<Arc<str>>,
    pub(crate) headers: Vec<Arc<str>>,
    pub(crate) units: Vec<String>,
    pub(crate) methods: Vec<String>,
    pub(crate) format: NumberFormat,
    pub(crate) marks: Marks,
    pub(crate) missing: Vec<String>,
    pub(crate) dates: Dates,
    pub(crate) sheet_crs: Option<Crs>,
}

impl Table {
    /// A place in this table.
    pub(crate) fn place(&self, row: Option<u32>, column: Option<usize>) -> Place {
        let column = column.map(|index| Column {
            index,
            header: self.headers.get(index).cloned().unwrap_or_else(|| "".into()),
        });
        Place { file: self.file.clone(), sheet: self.sheet.clone(), row, column }
    }

    /// Whether the text is a word for an empty cell.
    pub(crate) fn is_missing(&self, text: &str) -> bool {
        let always = |t: &str| Marks::ALWAYS_MISSING.contains(&t);
        text.is_empty()
            || text.len() <= 40
                && (self.missing.iter().any(|m| m.eq_ignore_ascii_case(text))
                    || text.len() <= 6 && always(&text.to_lowercase()))
    }
}

/// Finds columns by header and notes which are used.
pub(crate) struct Binder<'a> {
    table: &'a Table,
    keys: Vec<String>,
    used: Vec<bool>,
    pub(crate) issues: Vec<Issue>,
}

/// A header for comparison: case and white space do not count.
pub(crate) fn header_key(header: &str) -> String {
    header.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl<'a> Binder<'a> {
    pub(crate) fn new(table: &'a Table) -> Self {
        let keys: Vec<String> = table.headers.iter().map(|h| header_key(h)).collect();
        let used = vec![false; keys.len()];
        Self { table, keys, used, issues: Vec::new() }
    }

    /// Reports a fault of the mapping for this table.
    pub(crate) fn fault(&mut self, code: Code, message: String, hint: Option<String>) {
        let place = self.table.place(None, None);
        self.issues.push(Issue {
            severity: Severity::Error,
            code,
            place,
            cell: None,
            message,
            hint,
        });
    }

    /// Reports what is probably wrong with a column.
    pub(crate) fn suspicion(&mut self, code: Code, column: usize, message: String, hint: &str) {
        let place = self.table.place(None, Some(column));
        let hint = Some(hint.to_owned());
        let severity = Severity::Warning;
        self.issues.push(Issue { severity, code, place, cell: None, message, hint });
    }

    /// Binds a field; a column that is not there is reported and read as empty.
    pub(crate) fn field(&mut self, field: &Field) -> BoundField {
        let columns: Vec<usize> =
            field.columns.iter().map(|c| self.find(c).unwrap_or(usize::MAX)).collect();
        BoundField {
            columns,
            value: field.value.clone(),
            default: field.default.clone(),
            map: field.map.clone(),
            join: field.join.clone(),
        }
    }

    /// Binds a field that may be absent.
    pub(crate) fn optional(&mut self, field: Option<&Field>) -> Option<BoundField> {
        field.map(|field| self.field(field))
    }

    fn find(&mut self, wanted: &ColumnRef) -> Option<usize> {
        let found: Vec<usize> = match wanted {
            ColumnRef::Letter(letters) => {
                column_index(letters).filter(|i| *i < self.keys.len()).into_iter().collect()
            }
            ColumnRef::Header(header) => {
                let key = header_key(header);
                (0..self.keys.len()).filter(|&i| self.keys[i] == key).collect()
            }
        };
        match found[..] {
            [] => self.not_found(wanted),
            [one] => {
                self.used[one] = true;
                return Some(one);
            }
            [first, second, ..] => {
                let (a, b) = (column_letters(first), column_letters(second));
                let message = format!("two columns have the header {wanted}: {a} and {b}");
                let hint = format!("name the one meant by its letter: {{ letter = \"{a}\" }}");
                self.fault(Code::AMBIGUOUS_COLUMN, message, Some(hint));
            }
        }
        None
    }

    fn not_found(&mut self, wanted: &ColumnRef) {
        let message = format!("there is no column {wanted}");
        let hint = match wanted {
            ColumnRef::Header(header) => {
                let value = "for the same value in every row write { value = … }";
                match nearest(&header_key(header), &self.keys) {
                    Some(at) => {
                        format!("there is \"{}\"; {value}", self.table.headers[at])
                    }
                    None => value.to_owned(),
                }
            }
            ColumnRef::Letter(_) => {
                format!("the last column is {}", column_letters(self.keys.len().saturating_sub(1)))
            }
        };
        self.fault(Code::NO_COLUMN, message, Some(hint));
    }

    /// Columns with a header that no field uses and that are not left out on purpose.
    pub(crate) fn unused(&self, mapping: &TableMapping) -> Vec<usize> {
        let ignored: Vec<String> = mapping.ignore.iter().map(|h| header_key(h)).collect();
        let everything = ignored.iter().any(|h| h == "*");
        (0..self.keys.len())
            .filter(|&i| !self.used[i] && !self.keys[i].is_empty())
            .filter(|&i| !everything && !ignored.contains(&self.keys[i]))
            .filter(|&i| !CORRECTION_COLUMNS.iter().any(|own| header_key(own) == self.keys[i]))
            .collect()
    }
}

/// Columns that a file of rejected rows adds to those of its table.
pub const CORRECTION_COLUMNS: [&str; 2] = ["varp row", "varp reason"];

/// The most similar of some words, if it is similar at all.
pub(crate) fn nearest(wanted: &str, words: &[String]) -> Option<usize> {
    let score = |word: &str| strsim::jaro_winkler(wanted, word);
    (0..words.len())
        .map(|at| (at, score(&words[at])))
        .filter(|(_, score)| *score > 0.8)
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map(|(at, _)| at)
}
