//! Export: the answer to a question as a file.

use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use varp_model::{References, Visibility};
use varp_store::{Collection, Page, Query, Store, StoreError};

use super::classes::class_items;
use super::sink::Sink;
use crate::http::feature::{self, Feature};
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
    #[error(
        "{0} ends neither in .geojson, .json, .csv, .xlsx nor .gpkg; a whole copy is `varp backup`"
    )]
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
    let known = ["bbox", "datetime", "limit"];
    if let Some((name, _)) =
        params.iter().find(|(n, _)| !known.contains(n) && !spec.filters.contains(n))
    {
        let names = [&known[..], spec.filters].concat().join(", ");
        let text = format!("{collection} cannot be asked by \"{name}\"; there are: {names}");
        return Err(ExportError::Question(text));
    }
    let most = most(&params)?;
    let query = question_of(store, references, spec, &params, audience)?;
    let mut sink = Sink::create(to, spec, most)?;
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
        Collection::Classifications => {
            each(&query, |q| class_items(store, q), feature::class, &mut sink)
        }
    }?;
    sink.finish(to)
}

/// The question in the store's words, with the substances that the register knows.
pub(super) fn question_of(
    store: &dyn Store,
    references: &References,
    spec: &Spec,
    params: &Params,
    audience: Visibility,
) -> Result<Query, ExportError> {
    let points = store.map_points(audience)?;
    let mut substances: Vec<String> = points.into_iter().flat_map(|p| p.substances).collect();
    substances.sort();
    substances.dedup();
    let query = conditions(spec, params, references, &substances).map_err(said)?;
    Ok(Query { audience, ..query })
}

/// Most records of the file; all of them unless `limit` says otherwise.
fn most(params: &Params) -> Result<u64, ExportError> {
    let Some(text) = params.get("limit") else { return Ok(u64::MAX) };
    let wrong = || ExportError::Question(format!("limit={text} is not a whole number from 1"));
    text.parse().ok().filter(|n| *n > 0).ok_or_else(wrong)
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
    query.limit.0 = NonZeroUsize::new(1000).unwrap_or(NonZeroUsize::MIN);
    query.count = false;
    loop {
        let page = read(&query)?;
        for item in &page.items {
            if sink.is_full() {
                return Ok(());
            }
            sink.add(&write(item))?;
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(()),
        }
    }
}
