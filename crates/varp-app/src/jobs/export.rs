//! Export: the answer to a question as a file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use varp_model::{References, Visibility};
use varp_store::{Collection, Page, Query, Store, StoreError};

use crate::http::feature::{self, Feature, Value};
use crate::http::{Params, ParamsError, Problem, Spec, conditions};

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Number of records.
    pub records: u64,
}

/// Why nothing could be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The question cannot be meant.
    #[error("{0}")]
    Question(String),
    /// The file's ending names no format.
    #[error("{0} ends neither in .geojson, .json, .csv nor .xlsx; a whole copy is `varp backup`")]
    Format(PathBuf),
    /// The file cannot be written.
    #[error("writing the file: {0}")]
    Write(#[from] io::Error),
    /// The workbook cannot be written.
    #[error("writing the workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The register cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes all records of a collection that match, in the format that the file's ending names.
///
/// # Errors
/// If the question or the ending cannot be meant, or reading or writing fails.
pub fn export(
    store: &dyn Store,
    references: &References,
    (collection, question): (&str, &str),
    audience: Visibility,
    to: &Path,
) -> Result<Exported, ExportError> {
    let spec = Spec::find(collection).map_err(said)?;
    let params =
        Params::parse(question).map_err(|e: ParamsError| ExportError::Question(e.to_string()))?;
    let known = ["bbox", "datetime"];
    if let Some((name, _)) =
        params.iter().find(|(n, _)| !known.contains(n) && !spec.filters.contains(n))
    {
        let names = [&known[..], spec.filters].concat().join(", ");
        let text = format!("{collection} cannot be asked by \"{name}\"; there are: {names}");
        return Err(ExportError::Question(text));
    }
    let points = store.map_points(audience)?;
    let mut substances: Vec<String> = points.into_iter().flat_map(|p| p.substances).collect();
    substances.sort();
    substances.dedup();
    let query = conditions(spec, &params, references, &substances).map_err(said)?;
    let query = Query { audience, ..query };
    let mut sink = Sink::create(to)?;
    match spec.collection {
        Collection::Sites => each(&query, |q| store.sites(q), feature::site, &mut sink),
        Collection::Bodies => each(&query, |q| store.bodies(q), feature::body, &mut sink),
        Collection::Samples => each(&query, |q| store.samples(q), feature::sample, &mut sink),
        Collection::Assays => each(&query, |q| store.assays(q), feature::assay, &mut sink),
        Collection::Quantities => {
            each(&query, |q| store.quantities(q), feature::quantity, &mut sink)
        }
        Collection::Sources => each(&query, |q| store.sources(q), feature::source, &mut sink),
        Collection::Estimates => each(
            &query,
            |q| super::estimate::estimate_items(store, q),
            feature::estimate,
            &mut sink,
        ),
    }?;
    sink.finish(to)
}

fn said(problem: Problem) -> ExportError {
    ExportError::Question(problem.detail)
}

fn each<T>(
    query: &Query,
    read: impl Fn(&Query) -> Result<Page<T>, StoreError>,
    write: for<'a> fn(&'a T) -> Feature<'a>,
    sink: &mut Sink,
) -> Result<(), ExportError> {
    let mut query = query.clone();
    query.limit.0 = std::num::NonZeroUsize::new(1000).unwrap_or(std::num::NonZeroUsize::MIN);
    query.count = false;
    loop {
        let page = read(&query)?;
        for item in &page.items {
            sink.add(&write(item))?;
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(()),
        }
    }
}

/// A file under way.
struct Sink {
    records: u64,
    kind: Kind,
}

enum Kind {
    GeoJson(BufWriter<File>),
    Csv(BufWriter<File>),
    Xlsx(Box<rust_xlsxwriter::Workbook>),
}

impl Sink {
    fn create(to: &Path) -> Result<Self, ExportError> {
        let ending = to.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let file = || Ok::<_, io::Error>(BufWriter::new(File::create(to)?));
        let kind = match ending.as_str() {
            "geojson" | "json" => {
                let mut out = file()?;
                out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
                Kind::GeoJson(out)
            }
            "csv" => Kind::Csv(file()?),
            "xlsx" => {
                let mut book = rust_xlsxwriter::Workbook::new();
                book.add_worksheet();
                Kind::Xlsx(Box::new(book))
            }
            _ => return Err(ExportError::Format(to.to_owned())),
        };
        Ok(Self { records: 0, kind })
    }

    fn add(&mut self, feature: &Feature<'_>) -> Result<(), ExportError> {
        let mut bytes = Vec::new();
        match &mut self.kind {
            Kind::GeoJson(out) => {
                out.write_all(if self.records > 0 { b",\n" } else { b"\n" })?;
                feature::write_feature(&mut bytes, feature, &[]);
                out.write_all(&bytes)?;
            }
            Kind::Csv(out) => {
                if self.records == 0 {
                    feature::write_header(&mut bytes, feature);
                }
                feature::write_row(&mut bytes, feature);
                out.write_all(&bytes)?;
            }
            Kind::Xlsx(book) => write_cells(book, feature, self.records)?,
        }
        self.records += 1;
        Ok(())
    }

    fn finish(self, to: &Path) -> Result<Exported, ExportError> {
        match self.kind {
            Kind::GeoJson(mut out) => {
                out.write_all(b"\n]}\n")?;
                out.flush()?;
            }
            Kind::Csv(mut out) => out.flush()?,
            Kind::Xlsx(mut book) => book.save(to)?,
        }
        Ok(Exported { records: self.records })
    }
}

fn write_cells(
    book: &mut rust_xlsxwriter::Workbook,
    feature: &Feature<'_>,
    records: u64,
) -> Result<(), ExportError> {
    let sheet = book.worksheet_from_index(0)?;
    let row = u32::try_from(records + 1).unwrap_or(u32::MAX); // a row too far is told by the writer
    let degrees = feature.place.map(|p| [p.longitude(), p.latitude()]);
    if records == 0 {
        let names = feature.properties.iter().map(|(name, _)| *name);
        for (column, name) in (0..).zip(["id", "longitude", "latitude"].into_iter().chain(names)) {
            sheet.write(0, column, name)?;
        }
    }
    sheet.write(row, 0, feature.id.as_ref())?;
    for (column, number) in (1..).zip(degrees.into_iter().flatten()) {
        sheet.write(row, column, number)?;
    }
    for (column, (_, value)) in (3..).zip(&feature.properties) {
        match value {
            Value::Missing(_) => {}
            Value::Number(number) => drop(sheet.write(row, column, *number)?),
            #[expect(clippy::cast_precision_loss, reason = "a cell of a workbook holds a double")]
            Value::Int(count) => drop(sheet.write(row, column, *count as f64)?),
            Value::Bool(yes) => drop(sheet.write(row, column, *yes)?),
            Value::Text(text) => drop(sheet.write(row, column, text.as_ref())?),
            Value::Id(id) => drop(sheet.write(row, column, id.to_string())?),
            Value::List(words) => drop(sheet.write(row, column, words.join("; "))?),
            other => {
                let mut json = Vec::new();
                feature::write_value(&mut json, other);
                sheet.write(row, column, String::from_utf8_lossy(&json).as_ref())?;
            }
        }
    }
    Ok(())
}
