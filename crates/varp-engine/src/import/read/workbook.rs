//! Workbooks: XLSX streamed cell by cell, XLS and ODS within a size that memory bears.

use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Ods, Reader, Xls, Xlsx};
use jiff::civil::Date;
use varp_model::CellValue;

use super::{EachRow, Limits, ReadError, ReadSeek, text};
use crate::import::Code;
use crate::import::cell::CellRef;

/// A workbook, open.
pub(super) struct Workbook {
    names: Vec<String>,
    kind: Kind,
}

enum Kind {
    Xlsx(Box<Xlsx<Box<dyn ReadSeek>>>),
    Whole(Box<dyn WholeSheets>),
}

/// Workbooks whose sheets are read whole.
trait WholeSheets: Send {
    fn sheet(&mut self, name: &str) -> Result<calamine::Range<Data>, String>;
}

impl WholeSheets for Xls<std::io::Cursor<Vec<u8>>> {
    fn sheet(&mut self, name: &str) -> Result<calamine::Range<Data>, String> {
        self.worksheet_range(name).map_err(|e| e.to_string())
    }
}

impl WholeSheets for Ods<std::io::Cursor<Vec<u8>>> {
    fn sheet(&mut self, name: &str) -> Result<calamine::Range<Data>, String> {
        self.worksheet_range(name).map_err(|e| e.to_string())
    }
}

fn damaged(error: impl std::fmt::Display) -> ReadError {
    ReadError::new(Code::UNREADABLE, format!("the workbook is damaged: {error}"))
        .hint("open it in the spreadsheet program and save it again, or save the sheet as CSV")
}

/// The reader of workbooks may panic on a damaged file; that is a damaged file, not a fault of
/// the import.
fn guarded<T>(read: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(damaged("its inner references contradict each other")))
}

impl Workbook {
    pub(super) fn open_xlsx(bytes: Box<dyn ReadSeek>, _limits: &Limits) -> Result<Self, ReadError> {
        guarded(|| {
            let workbook = Xlsx::new(bytes).map_err(damaged)?;
            Ok(Self { names: workbook.sheet_names(), kind: Kind::Xlsx(Box::new(workbook)) })
        })
    }

    pub(super) fn open_xls(bytes: Box<dyn ReadSeek>, limits: &Limits) -> Result<Self, ReadError> {
        let whole = std::io::Cursor::new(text::read_whole(bytes, limits)?);
        guarded(|| {
            let workbook = Xls::new(whole).map_err(damaged)?;
            Ok(Self { names: workbook.sheet_names(), kind: Kind::Whole(Box::new(workbook)) })
        })
    }

    pub(super) fn open_ods(bytes: Box<dyn ReadSeek>, limits: &Limits) -> Result<Self, ReadError> {
        let whole = std::io::Cursor::new(text::read_whole(bytes, limits)?);
        guarded(|| {
            let workbook = Ods::new(whole).map_err(damaged)?;
            Ok(Self { names: workbook.sheet_names(), kind: Kind::Whole(Box::new(workbook)) })
        })
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn rows(
        &mut self,
        sheet: usize,
        limits: &Limits,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        let Some(name) = self.names.get(sheet).cloned() else { return Ok(()) };
        match &mut self.kind {
            Kind::Xlsx(workbook) => guarded(|| stream(workbook, &name, limits, each)),
            Kind::Whole(workbook) => {
                let range = guarded(|| workbook.sheet(&name).map_err(damaged))?;
                hand_over(&range, each);
                Ok(())
            }
        }
    }
}

/// Rows of a worksheet at most (ECMA-376, as spreadsheet programs keep it).
const MOST_ROWS: u32 = 1 << 20;

fn stream(
    workbook: &mut Xlsx<Box<dyn ReadSeek>>,
    name: &str,
    limits: &Limits,
    each: &mut EachRow<'_>,
) -> Result<(), ReadError> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(damaged)?;
    let mut row: Vec<CellValue> = Vec::new();
    let mut number: u32 = 0; // 0 is before the first row
    while let Some(cell) = reader.next_cell().map_err(|e| damaged(e).at(number.max(1)))? {
        let (at, column) = cell.get_position();
        let (at, column) = (at.saturating_add(1), column as usize);
        if at < number {
            return Err(damaged(format_args!("row {at} follows row {number}")).at(at));
        }
        if at > MOST_ROWS {
            let message =
                format!("a cell claims row {at}; a worksheet has at most {MOST_ROWS} rows");
            return Err(ReadError::new(Code::TOO_LONG, message).at(at));
        }
        if column >= limits.columns {
            let message = format!("row {at} has more than {} columns", limits.columns);
            return Err(ReadError::new(Code::TOO_LONG, message).at(at));
        }
        if at != number {
            if number > 0 && flush(number, &row, each) {
                return Ok(());
            }
            row.clear();
            number = at;
        }
        if let Some(value) = value_of(cell.get_value()) {
            row.resize(row.len().max(column + 1), CellValue::Empty);
            row[column] = value;
        }
    }
    if number > 0 {
        flush(number, &row, each);
    }
    Ok(())
}

fn flush(number: u32, row: &[CellValue], each: &mut EachRow<'_>) -> bool {
    let cells: Vec<CellRef<'_>> = row.iter().map(CellRef::of).collect();
    each(number, &cells).is_break()
}

fn hand_over(range: &calamine::Range<Data>, each: &mut EachRow<'_>) {
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let mut row = Vec::new();
    for (at, cells) in range.rows().enumerate() {
        row.clear();
        row.resize(first_column as usize, CellValue::Empty);
        row.extend(cells.iter().map(|c| value_of_whole(c).unwrap_or(CellValue::Empty)));
        let number = u32::try_from(at).unwrap_or(u32::MAX).saturating_add(first_row + 1);
        if flush(number, &row, each) {
            return;
        }
    }
}

fn value_of(value: &DataRef<'_>) -> Option<CellValue> {
    match value {
        DataRef::SharedString(text) => Some(CellValue::Text((*text).to_owned())),
        other => value_of_whole(&Data::from(other.clone())),
    }
}

fn value_of_whole(value: &Data) -> Option<CellValue> {
    Some(match value {
        Data::Empty => return None,
        #[expect(clippy::cast_precision_loss, reason = "spreadsheets hold binary numbers")]
        Data::Int(number) => CellValue::Number(*number as f64),
        Data::Float(number) => CellValue::Number(*number),
        Data::String(text) => CellValue::Text(text.clone()),
        Data::Bool(truth) => CellValue::Bool(*truth),
        Data::DateTime(date) => day_of(date),
        Data::DateTimeIso(text) => iso_day_of(text),
        Data::DurationIso(text) => CellValue::Text(text.clone()),
        Data::Error(error) => CellValue::Error(error.to_string()),
    })
}

/// A day; a bare time of day stays the number it is.
fn day_of(date: &calamine::ExcelDateTime) -> CellValue {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    match parts {
        (Ok(year), Ok(month), Ok(day)) if date.as_f64() >= 1.0 => {
            Date::new(year, month, day).map_or(CellValue::Number(date.as_f64()), CellValue::Date)
        }
        _ => CellValue::Number(date.as_f64()),
    }
}

fn iso_day_of(text: &str) -> CellValue {
    match text.get(..10).and_then(|d| d.parse::<Date>().ok()) {
        Some(day) => CellValue::Date(day),
        None => CellValue::Text(text.to_owned()),
    }
}
