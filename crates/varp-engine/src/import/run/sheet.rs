//! One sheet on its way through one table of the mapping: header first, then rows.

use std::ops::ControlFlow;
use std::sync::Arc;

use varp_model::QaRole;

use super::TableCount;
use super::bind::{Binder, Table, header_key};
use super::reading::Run;
use super::row::Row;
use super::table::BoundTable;
use crate::import::Code;
use crate::import::cell::CellRef;
use crate::import::check::{AssayWatch, Intervals, PlaceColumns};
use crate::import::issue::{Issue, Severity};
use crate::import::mapping::TableMapping;
use crate::import::measured::Marks;
use crate::import::number::NumberFormat;

/// One sheet on its way through one table: header first, then rows.
pub(super) struct SheetReading<'r, 'a> {
    run: &'r mut Run<'a>,
    spec: &'a TableMapping,
    header_rows: Vec<u32>,
    headers: Vec<Vec<String>>,
    first_row: u32,
    table: Option<Table>,
    bound: Option<BoundTable>,
    usable: bool,
    watch: Option<AssayWatch>,
    intervals: Intervals,
    places: PlaceColumns,
    count: TableCount,
}

impl<'r, 'a> SheetReading<'r, 'a> {
    pub(super) fn new(
        run: &'r mut Run<'a>,
        spec: &'a TableMapping,
        file: Arc<str>,
        sheet: Option<Arc<str>>,
        crs: Option<varp_model::Crs>,
    ) -> Self {
        let header_rows = spec.header.as_ref().map_or_else(|| vec![1], |rows| rows.list());
        let special = [spec.units_row, spec.method_row];
        let last = header_rows.iter().copied().chain(special.into_iter().flatten()).max();
        let first_row = spec.first_row.unwrap_or(last.unwrap_or(0) + 1);
        let lower = |marks: &[String]| marks.iter().map(|m| m.trim().to_lowercase()).collect();
        let mut missing: Vec<String> = lower(&spec.missing);
        missing.extend(lower(&spec.censoring.missing));
        let count = TableCount {
            file: file.to_string(),
            sheet: sheet.as_ref().map(ToString::to_string),
            rows: 0,
            refused: 0,
        };
        let table = Table {
            file,
            sheet,
            headers: Vec::new(),
            units: Vec::new(),
            methods: Vec::new(),
            format: NumberFormat {
                decimal: spec.decimal.as_ref().and_then(|d| d.chars().next()).unwrap_or('.'),
                thousands: spec.thousands.as_ref().and_then(|t| t.chars().next()),
            },
            marks: Marks {
                below: lower(&spec.censoring.below),
                above: lower(&spec.censoring.above),
                missing: missing.clone(),
            },
            missing,
            dates: spec.dates,
            sheet_crs: crs,
        };
        let headers = vec![Vec::new(); header_rows.len()];
        let (table, bound) = (Some(table), None);
        Self {
            run,
            spec,
            header_rows,
            headers,
            first_row,
            table,
            bound,
            usable: true,
            watch: None,
            intervals: Intervals::default(),
            places: PlaceColumns::default(),
            count,
        }
    }

    pub(super) fn row(&mut self, number: u32, cells: &[CellRef<'_>]) -> ControlFlow<()> {
        if number < self.first_row {
            self.above(number, cells);
            return ControlFlow::Continue(());
        }
        if self.bound.is_none() && self.usable {
            self.bind();
        }
        let Some(bound) = &self.bound else { return ControlFlow::Break(()) };
        let Some(first) = cells.iter().find(|c| !c.is_blank()) else {
            return ControlFlow::Continue(());
        };
        if let Some(stop) = &self.spec.stop_at
            && first.text().to_lowercase().starts_with(&stop.to_lowercase())
        {
            return ControlFlow::Break(());
        }
        let mut row = Row::new(&bound.table, number, cells);
        if let Some(column) = note(bound, cells) {
            let message = "the row holds a note and no key; it is not read".to_owned();
            row.warning(Code::NOTE_ROW, Some(column), message, None);
            self.run.issues.extend(row.issues);
            return ControlFlow::Continue(());
        }
        self.count.rows += 1;
        check_width(&mut row);
        let made = bound.read(&mut row, &self.run.context, self.run.whole_source);
        if !row.refused {
            self.run.check_duplicates(&mut row, bound, &made);
        }
        if row.refused {
            self.count.refused += 1;
            self.run.refuse(&mut row, bound, &made);
        } else {
            self.run.checks.row(&mut row, &made, self.places);
            if let Some(sample) = &made.sample {
                self.intervals.add(sample, number);
            }
            if let Some(watch) = &mut self.watch {
                let original = made.sample.as_ref().is_none_or(|s| s.role == QaRole::Original);
                watch.row(&mut row, &made.assays, original);
            }
            self.run.accept(&mut row, bound, made);
        }
        self.run.issues.extend(row.issues);
        self.run.flush_if_full();
        if self.run.stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// A row above the data: header, units, methods or a title.
    fn above(&mut self, number: u32, cells: &[CellRef<'_>]) {
        let texts = || cells.iter().map(|c| c.text().into_owned()).collect::<Vec<_>>();
        for (at, _) in self.header_rows.iter().enumerate().filter(|(_, row)| **row == number) {
            self.headers[at] = texts();
        }
        let Some(table) = &mut self.table else { return };
        if self.spec.units_row == Some(number) {
            table.units = texts();
        }
        if self.spec.method_row == Some(number) {
            table.methods = texts();
        }
    }

    /// Binds the mapping to the header; with a fault in it no row is read.
    fn bind(&mut self) {
        let Some(mut table) = self.table.take() else { return };
        table.headers = join_headers(&self.headers).iter().map(|h| h.as_str().into()).collect();
        let mut binder = Binder::new(&table);
        let run = &mut *self.run;
        let bound = BoundTable::bind(
            &mut binder,
            run.mapping,
            self.spec,
            &table,
            &run.context,
            &mut run.determinations,
        );
        let faults = std::mem::take(&mut binder.issues);
        let unused = binder.unused(self.spec);
        for column in unused {
            run.issues.add(Issue {
                severity: Severity::Warning,
                code: Code::UNUSED_COLUMN,
                place: table.place(None, Some(column)),
                cell: None,
                message: "the column is not read".into(),
                hint: Some("map it, or list it under ignore".into()),
            });
        }
        self.usable = faults.iter().all(|fault| fault.severity == Severity::Warning);
        run.issues.extend(faults);
        if self.usable {
            let bound = bound(table);
            let columns: Vec<_> =
                bound.assays.iter().map(|a| (a.column, a.determination)).collect();
            if !columns.is_empty() {
                self.watch = Some(self.run.checks.assays(&columns, &self.run.determinations));
            }
            self.places = bound.place_columns();
            self.bound = Some(bound);
        }
    }

    pub(super) fn finish(mut self) -> TableCount {
        if self.bound.is_none() && self.usable {
            self.bind(); // a table without rows still has its columns checked
        }
        if let Some(bound) = &self.bound {
            if let Some(watch) = self.watch.take() {
                self.run.issues.extend(watch.finish(&bound.table, self.run.options.references));
            }
            let column = bound.sample.as_ref().and_then(|s| s.from.as_ref()?.column());
            let intervals = std::mem::take(&mut self.intervals);
            self.run.issues.extend(intervals.finish(&bound.table, column));
        }
        self.count
    }
}

/// Titles of columns from several rows; the upper ones are filled to the right, as merged cells.
pub(crate) fn join_headers(rows: &[Vec<String>]) -> Vec<String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut joined = vec![String::new(); width];
    for (at, row) in rows.iter().enumerate() {
        let last = at + 1 == rows.len();
        let mut above = "";
        for (column, title) in joined.iter_mut().enumerate() {
            let own = row.get(column).map_or("", |t| t.trim());
            if !own.is_empty() {
                above = own;
            }
            let part = if last { own } else { above };
            if !part.is_empty() && header_key(part) != header_key(title) {
                if !title.is_empty() {
                    title.push(' ');
                }
                title.push_str(&part.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
    }
    joined
}

/// Columns that a table has before a lonely text in it is taken for a note.
const WIDE: usize = 4;

/// Words with which a note begins, before a colon.
const NOTES: &[&str] = &[
    "note",
    "notes",
    "nb",
    "source",
    "sources",
    "huom",
    "huomautus",
    "lähde",
    "lähteet",
    "obs",
    "anm",
    "anmärkning",
    "källa",
    "källor",
    "merk",
    "merknad",
    "kilde",
    "kilder",
    "bemærk",
    "bemærkning",
    "ath",
    "athugasemd",
    "heimild",
];

/// The column of the only text of a row that has no key, or that begins as notes do: the key is that of the
/// finest record a row makes, for a site's name alone tells nothing of a body.
fn note(bound: &BoundTable, cells: &[CellRef<'_>]) -> Option<usize> {
    let mut filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
    let (at, cell) = filled.next()?;
    let lonely = filled.next().is_none() && bound.table.headers.len() >= WIDE;
    let CellRef::Text(words) = cell else { return None };
    let text = words.chars().any(char::is_alphabetic);
    let says_so = words.split_once(':').is_some_and(|(first, _)| {
        NOTES.contains(&first.trim().trim_end_matches('.').to_lowercase().as_str())
    });
    let keys = [
        bound.sample.as_ref().map(|f| &f.key),
        bound.hole.as_ref().map(|f| &f.key),
        bound.body.as_ref().map(|f| &f.key),
        bound.site.as_ref().map(|f| &f.key),
    ];
    let finest = keys.into_iter().flatten().next();
    let key = finest.is_some_and(|key| key.columns.iter().all(|column| *column == at));
    (lonely && text && (says_so || !key)).then_some(at)
}

/// A row of a text file with more cells than its header has been torn apart; in a worksheet what stands
/// beside the table is not of it.
fn check_width(row: &mut Row<'_>) {
    let columns = row.table.headers.len();
    if row.table.sheet.is_none()
        && row.cells.len() > columns
        && row.cells[columns..].iter().any(|c| !c.is_blank())
    {
        let message = format!("the row has {} cells, the header {columns}", row.cells.len());
        let hint = "a delimiter inside a cell needs quotation marks around the cell".to_owned();
        row.error(Code::TORN_ROW, None, message, hint);
    }
}

pub(super) fn delimiter(text: &str) -> Option<u8> {
    match text {
        "\\t" | "tab" => Some(b'\t'),
        _ => text.as_bytes().first().copied().filter(|_| text.len() == 1),
    }
}

#[cfg(test)]
mod tests {
    use super::join_headers;

    #[test]
    fn merged_headers_reach_over_the_columns_below_them() {
        let row = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        let joined =
            join_headers(&[row(&["", "Cu", "", "Zn"]), row(&["Sample", "ppm", "%", "ppm"])]);
        assert_eq!(joined, ["Sample", "Cu ppm", "Cu %", "Zn ppm"]);
    }
}
