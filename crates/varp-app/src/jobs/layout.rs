//! Export in the user's own layout: the mapping run backwards, with a mapping that reads it again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use varp_engine::import::Mapping;
use varp_engine::layout::{Contents, LaidOut, Later, LayoutError, lay_out};
use varp_model::{
    BodyId, CellValue, Claim, HoleId, References, SampleId, SampleRow, Sheet, SiteId, Visibility,
};
use varp_store::{Filter, Page, PageLimit, Query, Store, StoreError};

use super::export::{ExportError, question_of};
use crate::http::{Params, Spec};

/// First line of a mapping that varp wrote, by which it knows that it may be written over.
const MADE: &str = "# Written by varp export";

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaidOutFile {
    /// Rows of data.
    pub rows: usize,
    /// The mapping that reads the file again.
    pub mapping: PathBuf,
    /// Rows that hold what is not public.
    pub closed: usize,
    /// What the layout has no room for.
    pub notes: Vec<String>,
}

/// Why no file was written.
#[derive(Debug, thiserror::Error)]
pub enum LayoutExportError {
    /// The question, the ending, or reading and writing.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The mapping cannot be run backwards.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// The file's ending names no format that has cells.
    #[error("{0} ends neither in .xlsx nor in .csv, the formats of a mapping run backwards")]
    Format(PathBuf),
    /// Several sheets do not go into one text file.
    #[error("the mapping has {0} tables: write them to an .xlsx, which has a sheet for each")]
    Sheets(usize),
    /// A mapping of the user's own stands where that of the file would.
    #[error("{0} is a mapping already, and would be lost; choose another name for the table")]
    Mapping(PathBuf),
    /// The workbook cannot be written.
    #[error("writing the workbook: {0}")]
    Workbook(#[from] XlsxError),
    /// The mapping is not TOML.
    #[error("the mapping cannot be read again: {0}")]
    Toml(String),
    /// The file cannot be written.
    #[error("writing the file: {0}")]
    Write(#[from] std::io::Error),
}

impl From<StoreError> for LayoutExportError {
    fn from(error: StoreError) -> Self {
        Self::Export(error.into())
    }
}

/// Writes the records of a mapping's collection as its tables have them, public or not, and beside
/// the file a mapping that reads it again. `question` chooses bodies; what belongs to none stays.
///
/// # Errors
/// If the mapping cannot be run backwards, the question cannot be meant, or writing fails.
pub fn export_layout(
    store: &dyn Store,
    references: &References,
    (mapping, text): (&Mapping, &str),
    question: &str,
    to: &Path,
) -> Result<LaidOutFile, LayoutExportError> {
    let ending = to.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match (ending.as_str(), mapping.tables.len()) {
        ("csv", 2..) => return Err(LayoutExportError::Sheets(mapping.tables.len())),
        ("csv" | "xlsx", _) => {}
        _ => return Err(LayoutExportError::Format(to.to_owned())),
    }
    let beside = to.with_extension("toml");
    if std::fs::read_to_string(&beside).is_ok_and(|text| !text.starts_with(MADE)) {
        return Err(LayoutExportError::Mapping(beside));
    }
    let contents = gather(store, references, mapping, question)?;
    let LaidOut { sheets, notes } = lay_out(&contents, mapping, references)?;
    let name = to.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let again = mapping_again(text, &name, &sheets, ending == "csv")?;
    let heads: Vec<usize> = mapping.tables.iter().map(head_rows).collect();
    if ending == "csv" {
        write_csv(&sheets, mapping, to)?;
    } else {
        write_workbook(&sheets, &heads, to)?;
    }
    std::fs::write(&beside, again)?;
    let rows = sheets.iter().zip(&heads).map(|(s, head)| s.rows.len().saturating_sub(*head)).sum();
    Ok(LaidOutFile { rows, mapping: beside, closed: closed(&contents), notes })
}

/// Rows above the data.
fn head_rows(table: &varp_engine::import::mapping::TableMapping) -> usize {
    let header = table.header.as_ref().map_or_else(|| vec![1], |rows| rows.list());
    let special = [table.units_row, table.method_row];
    let last = header.into_iter().chain(special.into_iter().flatten()).max().unwrap_or(0);
    table.first_row.unwrap_or(last + 1).saturating_sub(1) as usize
}

fn closed(contents: &Contents) -> usize {
    let public = Visibility::Public;
    contents.sites.iter().filter(|s| s.visibility > public).count()
        + contents.bodies.iter().filter(|b| b.visibility > public).count()
        + contents.claims.iter().filter(|c| c.visibility > public).count()
        + contents.samples.iter().filter(|r| r.sample.visibility > public).count()
}

/// Everything of the collection, or what belongs to the bodies asked for.
fn gather(
    store: &dyn Store,
    references: &References,
    mapping: &Mapping,
    question: &str,
) -> Result<Contents, LayoutExportError> {
    let everything = super::whole(Vec::new());
    let mut contents = Contents {
        sources: store.sources(&everything)?.items,
        later: later(store, mapping)?,
        ..Contents::default()
    };
    let wanted = wanted(store, references, question)?;
    let in_wanted = |id: Option<BodyId>| match (&wanted, id) {
        (None, _) => true,
        (Some(bodies), Some(id)) => bodies.contains(&id),
        (Some(_), None) => false,
    };
    let mut claims: BTreeMap<_, Claim> = BTreeMap::new();
    let mut holes: BTreeMap<HoleId, _> = BTreeMap::new();
    let mut sites: BTreeSet<SiteId> = BTreeSet::new();
    for item in store.bodies(&everything)?.items {
        if in_wanted(Some(item.body.id)) {
            if let Some(page) = store.body(item.body.id, Visibility::Private)? {
                claims.extend(page.claims.into_iter().map(|c| (c.id, c)));
                holes.extend(page.holes.into_iter().map(|h| (h.id, h)));
            }
            sites.insert(item.body.site);
            contents.bodies.push(item.body);
        }
    }
    for page in store.sites(&everything)?.items {
        if wanted.is_none() || sites.contains(&page.site.id) {
            if let Some(page) = store.site(page.site.id, Visibility::Private)? {
                claims.extend(page.claims.into_iter().map(|c| (c.id, c)));
            }
            contents.sites.push(page.site);
        }
    }
    if mapping.tables.iter().any(|t| t.sample.is_some() || t.hole.is_some()) {
        samples(store, mapping, &in_wanted, &mut contents)?;
    }
    for row in &contents.samples {
        let Some(id) = row.sample.hole.filter(|id| !holes.contains_key(id)) else { continue };
        holes.extend(store.hole(id, Visibility::Private)?.map(|hole| (id, hole)));
    }
    if wanted.is_none() {
        let numbers = store.quantities(&everything)?.items;
        claims.extend(numbers.into_iter().map(|q| (q.claim.id, q.claim)));
    }
    contents.holes = holes.into_values().collect();
    contents.claims = claims.into_values().collect();
    Ok(contents)
}

/// Tables that earlier exports wrote and that were imported again.
fn later(store: &dyn Store, mapping: &Mapping) -> Result<Vec<Later>, StoreError> {
    let imports = store.imports()?.into_iter().map(|(import, _)| import);
    let own = imports.filter(|i| i.dataset.0 == mapping.dataset && i.mapping.starts_with(MADE));
    let mappings = own.filter_map(|import| Mapping::parse(&import.mapping).ok());
    Ok(mappings.flat_map(|mapping| Later::of_mapping(&mapping)).collect())
}

/// The bodies that a question chooses; `None` where it chooses all.
fn wanted(
    store: &dyn Store,
    references: &References,
    question: &str,
) -> Result<Option<BTreeSet<BodyId>>, LayoutExportError> {
    if question.is_empty() {
        return Ok(None);
    }
    let asked = |e: String| ExportError::Question(e);
    let params = Params::parse(question).map_err(|e| asked(e.to_string()))?;
    let spec = Spec::find("bodies").map_err(|problem| asked(problem.detail))?;
    let query = question_of(store, references, spec, &params, Visibility::Private)?;
    let query = Query { limit: PageLimit(NonZeroUsize::MAX), ..query };
    Ok(Some(store.bodies(&query)?.items.into_iter().map(|item| item.body.id).collect()))
}

/// Samples of the collection with their results, read in pages.
fn samples(
    store: &dyn Store,
    mapping: &Mapping,
    wanted: &dyn Fn(Option<BodyId>) -> bool,
    contents: &mut Contents,
) -> Result<(), StoreError> {
    let mut index: BTreeMap<SampleId, usize> = BTreeMap::new();
    each(
        |query| store.samples(query),
        |item| {
            let sample = item.sample;
            if sample.origin.dataset.0 == mapping.dataset && wanted(sample.body) {
                index.insert(sample.id, contents.samples.len());
                contents.samples.push(SampleRow { sample, assays: Vec::new() });
            }
        },
    )?;
    each(
        |query| store.assays(query),
        |item| {
            if let Some(at) = index.get(&item.sample) {
                let number = item.assay.determination;
                contents.determinations.entry(number).or_insert(item.determination);
                contents.samples[*at].assays.push(item.assay);
            }
        },
    )
}

fn each<T>(
    read: impl Fn(&Query) -> Result<Page<T>, StoreError>,
    mut take: impl FnMut(T),
) -> Result<(), StoreError> {
    let limit = PageLimit(NonZeroUsize::new(10_000).unwrap_or(NonZeroUsize::MIN));
    let mut query = Query { limit, ..super::whole(Vec::<Filter>::new()) };
    loop {
        let page = read(&query)?;
        page.items.into_iter().for_each(&mut take);
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(()),
        }
    }
}

/// The mapping with the names of the new file and its sheets.
fn mapping_again(
    text: &str,
    name: &str,
    sheets: &[Sheet],
    csv: bool,
) -> Result<String, LayoutExportError> {
    let toml = |e: &dyn std::fmt::Display| LayoutExportError::Toml(e.to_string());
    let mut document: toml::Table = toml::from_str(text).map_err(|e| toml(&e))?;
    let tables = document.get_mut("table").and_then(toml::Value::as_array_mut);
    for (table, sheet) in tables.into_iter().flatten().zip(sheets) {
        let Some(table) = table.as_table_mut() else { continue };
        table.entry("of").or_insert_with(|| sheet.name.clone().into());
        table.insert("file".into(), name.into());
        table.remove("encoding");
        if csv {
            table.remove("sheet");
            table.insert("delimiter".into(), DELIMITER.to_string().into());
        } else {
            table.insert("sheet".into(), sheet.name.clone().into());
            table.remove("delimiter");
        }
    }
    let body = toml::to_string(&document).map_err(|e| toml(&e))?;
    Ok(format!("{MADE}: reads {name}, which holds what the register held then.\n\n{body}"))
}

fn write_workbook(sheets: &[Sheet], heads: &[usize], to: &Path) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    for (sheet, head) in sheets.iter().zip(heads) {
        let worksheet = book.add_worksheet();
        worksheet.set_name(&sheet.name)?;
        let rows = u32::try_from(*head).unwrap_or(u32::MAX);
        worksheet.set_freeze_panes(rows, 0)?;
        for (row, cells) in (0..).zip(&sheet.rows) {
            let bold = (row < rows).then(|| Format::new().set_bold());
            for (column, cell) in (0..).zip(cells) {
                write_cell(worksheet, (row, column), cell, bold.as_ref())?;
            }
        }
    }
    book.save(to)
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &CellValue,
    bold: Option<&Format>,
) -> Result<(), XlsxError> {
    match (cell, bold) {
        (CellValue::Text(text), Some(bold)) => sheet.write_with_format(row, column, text, bold),
        (CellValue::Text(text), None) => sheet.write(row, column, text),
        (CellValue::Number(number), _) => sheet.write(row, column, *number),
        (CellValue::Bool(yes), _) => sheet.write(row, column, *yes),
        (CellValue::Date(date), _) => sheet.write(row, column, date.to_string()),
        (CellValue::Empty | CellValue::Geometry(_) | CellValue::Error(_), _) => return Ok(()),
    }
    .map(|_| ())
}

/// Sign between the cells of a text file: no decimal sign anywhere.
const DELIMITER: char = ';';

/// A text file as spreadsheets read it: UTF-8 with its mark, semicolons, the decimal sign of the
/// mapping.
fn write_csv(sheets: &[Sheet], mapping: &Mapping, to: &Path) -> Result<(), LayoutExportError> {
    let mut file = std::fs::File::create(to)?;
    file.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new();
    writer.delimiter(DELIMITER as u8).flexible(true);
    let mut out = writer.from_writer(std::io::BufWriter::new(file));
    let decimal = mapping.tables.first().and_then(|t| t.decimal.as_deref()).unwrap_or(".");
    for row in sheets.iter().flat_map(|sheet| &sheet.rows) {
        let cells = row.iter().map(|cell| match cell {
            CellValue::Text(text) => text.clone(),
            CellValue::Number(number) => number.to_string().replace('.', decimal),
            CellValue::Date(date) => date.to_string(),
            CellValue::Bool(yes) => yes.to_string(),
            CellValue::Empty | CellValue::Geometry(_) | CellValue::Error(_) => String::new(),
        });
        out.write_record(cells).map_err(std::io::Error::from)?;
    }
    out.flush()?;
    Ok(())
}
