//! Files to rows of cells, streaming and in bounded memory.

mod delimited;
mod encoding;
mod geojson;
mod inflate;
mod shapefile;
mod text;
mod workbook;

use std::io::{Read, Seek};
use std::ops::ControlFlow;
use std::sync::Arc;

use varp_model::{Crs, Sheet};

use super::cell::CellRef;
use super::{Code, Issue, Place, Severity};
pub(crate) use encoding::mojibake;

/// What a file is read from: bytes in memory or an open file.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// A file handed to the import.
pub struct Input {
    /// Its name, without folders; the ending tells the format.
    pub name: String,
    /// What it holds.
    pub content: Content,
}

/// What a file holds.
pub enum Content {
    /// Its bytes.
    Bytes(Box<dyn ReadSeek>),
    /// Its tables, read by somebody else, such as the layers of a GeoPackage; the first row of
    /// each is its header.
    Sheets(Vec<Sheet>),
}

impl Input {
    /// A file in memory.
    pub fn from_bytes(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let cursor = std::io::Cursor::new(bytes.into());
        Self { name: name.to_owned(), content: Content::Bytes(Box::new(cursor)) }
    }

    /// Tables in memory.
    pub fn from_sheets(name: &str, sheets: Vec<Sheet>) -> Self {
        Self { name: name.to_owned(), content: Content::Sheets(sheets) }
    }
}

/// How much a file may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one row of a text file, and of one feature of a GeoJSON file.
    pub row_bytes: usize,
    /// Columns of a table.
    pub columns: usize,
    /// Bytes of a worksheet, inflated; it is streamed.
    pub worksheet_bytes: u64,
    /// Bytes of any other part of an archive, inflated; it is held in memory.
    pub part_bytes: u64,
    /// Bytes of a file of a kind that is read whole.
    pub whole_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            row_bytes: 4 << 20,
            columns: 16_384,
            worksheet_bytes: 4 << 30,
            part_bytes: 256 << 20,
            whole_bytes: 256 << 20,
        }
    }
}

/// How a text file is to be read, where the mapping says so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextFormat {
    /// Name of the encoding.
    pub encoding: Option<String>,
    /// Sign between cells.
    pub delimiter: Option<u8>,
}

/// Why a file or a sheet cannot be read on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReadError {
    /// Kind of problem.
    pub code: Code,
    /// Row at which reading ended, if it had begun.
    pub row: Option<u32>,
    /// What is wrong.
    pub message: String,
    /// What would help.
    pub hint: Option<String>,
}

impl ReadError {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, row: None, message: message.into(), hint: None }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn at(mut self, row: u32) -> Self {
        self.row = Some(row);
        self
    }

    fn io(error: &std::io::Error) -> Self {
        Self::new(Code::UNREADABLE, format!("the file cannot be read: {error}"))
    }

    /// The same as an issue of a file and sheet.
    pub fn issue(&self, file: &Arc<str>, sheet: Option<&Arc<str>>) -> Issue {
        Issue {
            severity: Severity::Error,
            code: self.code,
            place: Place { file: file.clone(), sheet: sheet.cloned(), row: self.row, column: None },
            cell: None,
            message: self.message.clone(),
            hint: self.hint.clone(),
        }
    }
}

/// A sheet of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetName {
    /// Name of the worksheet or layer; `None` for a text file.
    pub name: Option<Arc<str>>,
    /// Coordinate system of its geometries, where the file states one.
    pub crs: Option<Crs>,
}

/// Takes one row: its number as the user's program shows it, and its cells.
pub type EachRow<'a> = dyn FnMut(u32, &[CellRef<'_>]) -> ControlFlow<()> + 'a;

/// An open file.
pub struct Document {
    /// Its name.
    pub name: Arc<str>,
    kind: Kind,
    limits: Limits,
}

enum Kind {
    Text(text::TextFile),
    Workbook(workbook::Workbook),
    GeoJson(geojson::GeoJsonFile),
    Sheets(Vec<Sheet>),
}

impl Document {
    /// Opens a file, looks what it is, and reads nothing beyond that.
    ///
    /// # Errors
    /// The file is of no kind that varp reads, damaged, or larger inside than it may be.
    pub fn open(input: Input, limits: &Limits) -> Result<Self, ReadError> {
        let ending = input.name.rsplit_once('.').map_or("", |(_, e)| e).to_lowercase();
        let kind = match input.content {
            Content::Sheets(sheets) => Kind::Sheets(sheets),
            Content::Bytes(bytes) => open_bytes(bytes, &ending, limits)?,
        };
        Ok(Self { name: input.name.as_str().into(), kind, limits: *limits })
    }

    /// Its sheets in order.
    pub fn sheets(&self) -> Vec<SheetName> {
        match &self.kind {
            Kind::Text(_) => vec![SheetName { name: None, crs: None }],
            Kind::GeoJson(file) => vec![SheetName { name: None, crs: file.crs() }],
            Kind::Workbook(workbook) => workbook
                .names()
                .iter()
                .map(|name| SheetName { name: Some(name.as_str().into()), crs: None })
                .collect(),
            Kind::Sheets(sheets) => sheets
                .iter()
                .map(|sheet| SheetName {
                    name: (!sheet.name.is_empty()).then(|| sheet.name.as_str().into()),
                    crs: sheet.crs,
                })
                .collect(),
        }
    }

    /// Hands each row of a sheet to `each` until it breaks.
    ///
    /// # Errors
    /// The sheet cannot be read on; rows before were handed over.
    pub fn rows(
        &mut self,
        sheet: usize,
        format: &TextFormat,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        match &mut self.kind {
            Kind::Text(file) => file.rows(format, &self.limits, each),
            Kind::Workbook(workbook) => workbook.rows(sheet, &self.limits, each),
            Kind::GeoJson(file) => file.rows(&self.limits, each),
            Kind::Sheets(sheets) => match sheets.get(sheet) {
                Some(sheet) => {
                    rows_of_sheet(sheet, each);
                    Ok(())
                }
                None => Ok(()),
            },
        }
    }
}

fn rows_of_sheet(sheet: &Sheet, each: &mut EachRow<'_>) {
    let mut cells = Vec::new();
    for (at, row) in sheet.rows.iter().enumerate() {
        cells.clear();
        cells.extend(row.iter().map(CellRef::of));
        let number = u32::try_from(sheet.first_row.max(1) + at).unwrap_or(u32::MAX);
        if each(number, &cells).is_break() {
            return;
        }
    }
}

fn open_bytes(
    mut bytes: Box<dyn ReadSeek>,
    ending: &str,
    limits: &Limits,
) -> Result<Kind, ReadError> {
    let mut head = [0; 8];
    let length = text::read_up_to(&mut bytes, &mut head).map_err(|e| ReadError::io(&e))?;
    bytes.rewind().map_err(|e| ReadError::io(&e))?;
    let head = &head[..length];
    if head.starts_with(b"PK\x03\x04") {
        return open_archive(bytes, limits);
    }
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return workbook::Workbook::open_xls(bytes, limits).map(Kind::Workbook);
    }
    if head.starts_with(b"SQLite ") {
        return Err(ReadError::new(
            Code::UNREADABLE,
            "a database is read through its layers, not as bytes",
        ));
    }
    match ending {
        "geojson" | "json" => geojson::GeoJsonFile::open(bytes, limits).map(Kind::GeoJson),
        "shp" => {
            let parts = [("layer.shp".to_owned(), text::read_whole(bytes, limits)?)];
            shapefile::read(parts.into(), limits).map(Kind::Sheets)
        }
        "xlsx" | "xlsm" | "ods" | "xls" => Err(ReadError::new(
            Code::UNREADABLE,
            format!("the file is not a workbook, although its name ends in .{ending}"),
        )
        .hint("open it in the spreadsheet program and save it again")),
        _ => text::TextFile::open(bytes).map(Kind::Text),
    }
}

fn open_archive(bytes: Box<dyn ReadSeek>, limits: &Limits) -> Result<Kind, ReadError> {
    let (bytes, names) = inflate::count(bytes, limits)?;
    let has = |wanted: &str| names.iter().any(|n| n == wanted);
    if has("xl/workbook.xml") {
        workbook::Workbook::open_xlsx(bytes, limits).map(Kind::Workbook)
    } else if has("content.xml") {
        workbook::Workbook::open_ods(bytes, limits).map(Kind::Workbook)
    } else if names.iter().any(|n| n.to_lowercase().ends_with(".shp")) {
        shapefile::read(inflate::parts(bytes, limits)?, limits).map(Kind::Sheets)
    } else {
        Err(ReadError::new(
            Code::UNREADABLE,
            "the archive holds neither a workbook nor a shapefile",
        )
        .hint("import the files inside it one by one"))
    }
}

/// Groups the parts of shapefiles, given as files of their own, into one input each.
///
/// # Errors
/// The first shapefile that cannot be read, with its name.
pub fn join_shapefiles(
    inputs: Vec<Input>,
    limits: &Limits,
) -> Result<Vec<Input>, (String, ReadError)> {
    shapefile::join(inputs, limits)
}
