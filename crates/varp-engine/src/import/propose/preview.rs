//! The first rows of a sheet, and where its header stands.

use std::ops::ControlFlow;

use varp_model::{CellValue, Crs};

use super::vocabulary::{Vocabulary, looks_like_method, unit_of};
use crate::import::cell::CellRef;
use crate::import::read::{Document, ReadError, TextFormat};

/// How many rows are looked at.
const ROWS: usize = 2000;

/// The first rows of a sheet.
pub(crate) struct Preview {
    pub(crate) sheet: Option<String>,
    pub(crate) crs: Option<Crs>,
    pub(crate) rows: Vec<(u32, Vec<CellValue>)>,
    /// Whether cells are typed, so that commas in texts are no numbers.
    pub(crate) has_geometry: bool,
}

/// Rows of a sheet that are not data.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Heading {
    /// Rows of the header.
    pub(crate) header: Vec<u32>,
    /// Row of units.
    pub(crate) units: Option<u32>,
    /// Row of method codes.
    pub(crate) methods: Option<u32>,
    /// First row of data.
    pub(crate) first: u32,
}

fn owned(cell: &CellRef<'_>) -> CellValue {
    match cell {
        CellRef::Empty => CellValue::Empty,
        CellRef::Text(text) => CellValue::Text((*text).to_owned()),
        CellRef::Number(number) => CellValue::Number(*number),
        CellRef::Date(date) => CellValue::Date(*date),
        CellRef::Bool(truth) => CellValue::Bool(*truth),
        CellRef::Geometry(shape) => CellValue::Geometry((*shape).clone()),
        CellRef::Error(error) => CellValue::Error((*error).to_owned()),
    }
}

impl Preview {
    pub(crate) fn read(document: &mut Document, sheet: usize) -> Result<Self, ReadError> {
        let name = document.sheets().into_iter().nth(sheet);
        let mut rows = Vec::new();
        document.rows(sheet, &TextFormat::default(), &mut |number, cells| {
            rows.push((number, cells.iter().map(owned).collect::<Vec<_>>()));
            if rows.len() < ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        let shape =
            |row: &(u32, Vec<CellValue>)| row.1.iter().any(|c| matches!(c, CellValue::Geometry(_)));
        Ok(Self {
            sheet: name.as_ref().and_then(|n| n.name.as_ref().map(ToString::to_string)),
            crs: name.and_then(|n| n.crs),
            has_geometry: rows.iter().any(shape),
            rows,
        })
    }

    /// The texts of a row.
    pub(crate) fn texts(&self, number: u32) -> Vec<String> {
        let row = self.rows.iter().find(|(n, _)| *n == number);
        row.map_or_else(Vec::new, |(_, cells)| cells.iter().map(text).collect())
    }

    /// Where the header stands: the row with most words that headers use.
    pub(crate) fn heading(&self, vocabulary: &Vocabulary<'_>) -> Option<Heading> {
        let score = |cells: &[CellValue]| -> i64 {
            cells
                .iter()
                .map(|cell| match cell {
                    CellValue::Text(t) if t.trim().is_empty() => 0,
                    CellValue::Text(t) if unit_of(t).is_some() && t.trim().len() > 1 => 0,
                    CellValue::Text(t) => {
                        let guess = vocabulary.read(t, t.to_uppercase() == **t);
                        let known = guess.meaning.is_some() || guess.substance.is_some();
                        if known { 4 } else { i64::from(t.parse::<f64>().is_err()) }
                    }
                    CellValue::Number(_) | CellValue::Date(_) => -2,
                    _ => 0,
                })
                .sum()
        };
        let top = self.rows.iter().take(20);
        let scored = top.enumerate().map(|(at, (_, cells))| (score(cells), std::cmp::Reverse(at)));
        let (_, std::cmp::Reverse(at)) = scored.max().filter(|(score, _)| *score > 0)?;
        let number = self.rows[at].0;
        let mut heading = Heading { header: vec![number], first: number + 1, ..Heading::default() };
        self.above(at, &mut heading);
        let under = self.under(at, &mut heading);
        self.below(at + under, &mut heading);
        Some(heading)
    }

    /// A row of group titles over the header, as merged cells leave it.
    fn above(&self, at: usize, heading: &mut Heading) {
        let Some((number, cells)) = at.checked_sub(1).and_then(|a| self.rows.get(a)) else {
            return;
        };
        let titles = cells.iter().skip(1).filter(|c| !text(c).is_empty()).count();
        let repeated = {
            let own: Vec<String> = self.rows[at].1.iter().map(text).collect();
            own.iter().enumerate().any(|(i, t)| !t.is_empty() && own[..i].contains(t))
        };
        if titles >= 2 && repeated {
            heading.header.insert(0, *number);
        }
    }

    /// A second row of the header, as cells merged along and down leave it: each of its words stands under
    /// a title that spans several columns, or is a unit. Tells how many rows it took.
    fn under(&self, at: usize, heading: &mut Heading) -> usize {
        let Some((number, cells)) = self.rows.get(at + 1) else { return 0 };
        let over: Vec<String> = self.rows[at].1.iter().map(text).collect();
        let title = |column: usize| over.get(column).map_or("", String::as_str);
        // the title of a merged cell stands in its first column, and the others are empty
        let merged = |column: usize| title(column).is_empty() || title(column + 1).is_empty();
        let inside = over.iter().rposition(|t| !t.is_empty()).map_or(0, |last| last + 1);
        let words: Vec<(usize, String)> =
            cells.iter().map(text).enumerate().filter(|(_, t)| !t.is_empty()).collect();
        let fills = words.iter().filter(|(column, _)| title(*column).is_empty()).count();
        let fits = |(column, word): &(usize, String)| {
            *column < inside && (merged(*column) || unit_of(word).is_some())
        };
        let numbers = cells.iter().any(|c| matches!(c, CellValue::Number(_)))
            || words.iter().any(|(_, word)| word.parse::<f64>().is_ok());
        if fills == 0 || numbers || words.len() < 2 || !words.iter().all(fits) {
            return 0;
        }
        heading.header.push(*number);
        heading.first = number + 1;
        1
    }

    /// Rows of units and methods under the header.
    fn below(&self, at: usize, heading: &mut Heading) {
        for (number, cells) in self.rows.iter().skip(at + 1).take(3) {
            let texts: Vec<String> = cells.iter().map(text).filter(|t| !t.is_empty()).collect();
            if texts.is_empty() || cells.iter().any(|c| matches!(c, CellValue::Number(_))) {
                return;
            }
            let share = |is: &dyn Fn(&str) -> bool| {
                texts.iter().filter(|t| is(t)).count() * 2 >= texts.len()
            };
            let numeric = texts.iter().any(|t| t.parse::<f64>().is_ok());
            if numeric {
                return;
            }
            if heading.units.is_none() && share(&|t| unit_of(t).is_some()) {
                heading.units = Some(*number);
            } else if heading.methods.is_none() && share(&looks_like_method) {
                heading.methods = Some(*number);
            } else {
                return;
            }
            heading.first = number + 1;
        }
    }

    /// A word with which a footer starts, if the last rows look like one.
    pub(crate) fn footer(&self, heading: &Heading) -> Option<String> {
        const WORDS: &[&str] = &[
            "total",
            "sum",
            "summa",
            "yhteensä",
            "mean",
            "average",
            "medel",
            "keskiarvo",
            "note",
            "source:",
            "totalt",
            "sammanlagt",
        ];
        let data = self.rows.iter().rev().take_while(|(number, _)| *number >= heading.first);
        let mut found = None;
        for (_, cells) in data.take(10) {
            let first = cells.iter().map(text).find(|t| !t.is_empty()).unwrap_or_default();
            let lower = first.to_lowercase();
            if WORDS.iter().any(|w| lower.starts_with(w)) {
                found = Some(first.split_whitespace().next().unwrap_or(&first).to_owned());
            }
        }
        found
    }
}

fn text(cell: &CellValue) -> String {
    CellRef::of(cell).text().into_owned()
}
