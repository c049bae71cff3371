//! The import itself: tables and a mapping in; batches, rejected rows and issues out.

mod amount;
mod assays;
mod bind;
mod claims;
mod gather;
mod holes;
mod long;
mod place;
mod reading;
mod records;
mod row;
mod sheet;
mod state;
mod table;

use std::sync::mpsc::{SyncSender, sync_channel};

use varp_model::{Batch, Dataset, References, Subject};

use super::issue::Issues;
use super::mapping::Mapping;
use super::read::{Document, Input, Limits, join_shapefiles};
use super::{Code, Issue, Place, Severity};
pub use bind::CORRECTION_COLUMNS;
pub(crate) use bind::{Table, header_key};
pub(crate) use claims::with_defaults;
use reading::Run;
pub(crate) use row::Row;
pub(crate) use sheet::join_headers;
pub(crate) use state::IdMap;
pub(crate) use table::Records;

/// What is done with the good rows where there are bad ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Accept {
    /// One error, and nothing is handed over from then on.
    #[default]
    AllOrNothing,
    /// Good rows are handed over, bad ones with their reasons.
    ValidRows,
}

/// What a run needs besides files and mapping.
pub struct Options<'a> {
    /// Reference data.
    pub references: &'a References,
    /// What is done with the good rows where there are bad ones.
    pub accept: Accept,
    /// How much a file may ask for.
    pub limits: Limits,
    /// Whether a record stands in the register already, from an earlier import.
    pub exists: &'a (dyn Fn(Subject) -> bool + Sync),
    /// SHA-256 of the file, where the import reads only one.
    pub file_hash: Option<String>,
}

impl<'a> Options<'a> {
    /// All or nothing, into an empty register.
    pub fn new(references: &'a References) -> Self {
        Self {
            references,
            accept: Accept::default(),
            limits: Limits::default(),
            exists: &|_| false,
            file_hash: None,
        }
    }
}

/// A row that was refused, for a file of corrections.
#[derive(Clone, Debug, PartialEq)]
pub struct RejectedRow {
    /// File it stands in.
    pub file: String,
    /// Worksheet or layer.
    pub sheet: Option<String>,
    /// Headers of the table.
    pub headers: Vec<String>,
    /// Row as the user's program shows it.
    pub row: u32,
    /// Its cells as they stood.
    pub cells: Vec<String>,
    /// Why it was refused: each with its column.
    pub reasons: Vec<Issue>,
}

/// What a run hands over, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Records for the register.
    Batch(Batch),
    /// A row that was refused; only with [`Accept::ValidRows`].
    Rejected(RejectedRow),
}

/// What was read of one sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableCount {
    /// File.
    pub file: String,
    /// Worksheet or layer.
    pub sheet: Option<String>,
    /// Rows with data.
    pub rows: u64,
    /// Rows that were refused.
    pub refused: u64,
}

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// All problems.
    pub issues: Issues,
    /// What was read of each sheet.
    pub tables: Vec<TableCount>,
}

/// Reads files through a mapping and hands over records in batches.
///
/// Rows are read on a second thread while `sink` takes the batches; the order is that of the
/// files, with sites before bodies before holes before samples, and does not depend on timing.
///
/// # Errors
/// Only what `sink` returns. Everything wrong with files, mapping and rows is in the report.
pub fn run<E>(
    inputs: Vec<Input>,
    mapping: &Mapping,
    options: &Options<'_>,
    mut sink: impl FnMut(Output) -> Result<(), E>,
) -> Result<Report, E> {
    let (sender, receiver) = sync_channel::<Output>(4);
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read_all(inputs, mapping, options, sender));
        let mut taken = Ok(());
        for output in receiver {
            taken = sink(output);
            if taken.is_err() {
                break; // the receiver is dropped, and the reader stops at its next batch
            }
        }
        let report = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        taken.map(|()| report)
    })
}

fn read_all(
    inputs: Vec<Input>,
    mapping: &Mapping,
    options: &Options<'_>,
    sender: SyncSender<Output>,
) -> Report {
    let mut issues = Issues::default();
    let mut documents = Vec::new();
    let whole = |file: &str, error: &super::read::ReadError| error.issue(&file.into(), None);
    match join_shapefiles(inputs, &options.limits) {
        Ok(inputs) => {
            for input in inputs {
                let name = input.name.clone();
                match Document::open(input, &options.limits) {
                    Ok(document) => documents.push(document),
                    Err(error) => issues.add(whole(&name, &error)),
                }
            }
        }
        Err((name, error)) => issues.add(whole(&name, &error)),
    }
    let dataset = Dataset(mapping.dataset.clone());
    let plan = plan(&documents, mapping, &mut issues);
    let mut run = Run::new(mapping, options, &dataset, issues, sender);
    for (table, document, sheet) in plan {
        if run.stopped() {
            break;
        }
        run.read_sheet(&mut documents[document], sheet, table);
    }
    run.finish()
}

/// Which sheets are read through which tables, in the order in which records depend on each other.
fn plan(
    documents: &[Document],
    mapping: &Mapping,
    issues: &mut Issues,
) -> Vec<(usize, usize, usize)> {
    let mut steps = Vec::new();
    let mut used = vec![false; mapping.tables.len()];
    for (d, document) in documents.iter().enumerate() {
        for (s, sheet) in document.sheets().iter().enumerate() {
            let name = sheet.name.as_deref().unwrap_or("");
            let mut read = false;
            for (t, table) in mapping.tables.iter().enumerate() {
                let file = table.file.as_deref().is_none_or(|p| matches(p, &document.name));
                if file && table.sheet.as_deref().is_none_or(|p| matches(p, name)) {
                    steps.push((t, d, s));
                    (used[t], read) = (true, true);
                }
            }
            if !read {
                let place = Place {
                    file: document.name.clone(),
                    sheet: sheet.name.clone(),
                    ..Place::default()
                };
                issues.add(unmatched(
                    place,
                    Code::UNMAPPED_SHEET,
                    "no table of the mapping speaks of it",
                ));
            }
        }
    }
    for (t, _) in used.iter().enumerate().filter(|(_, used)| !**used) {
        let place = Place { file: "mapping".into(), ..Place::default() };
        let message = format!("table {} matches no sheet of the files", t + 1);
        issues.add(unmatched(place, Code::NO_TABLE, &message));
    }
    if steps.is_empty() && issues.errors() == 0 {
        let place = Place { file: "mapping".into(), ..Place::default() };
        let mut issue = unmatched(place, Code::NO_TABLE, "nothing in the files is mapped");
        issue.severity = Severity::Error;
        issues.add(issue);
    }
    steps.sort_by_key(|&(t, d, s)| (rank(mapping, t), d, s, t));
    steps
}

fn unmatched(place: Place, code: Code, message: &str) -> Issue {
    let hint = Some("compare `file` and `sheet` of the tables with the names".to_owned());
    Issue { severity: Severity::Warning, code, place, cell: None, message: message.into(), hint }
}

/// Surveys first, since holes hold them; then what others refer to.
fn rank(mapping: &Mapping, table: usize) -> u8 {
    let table = &mapping.tables[table];
    match &table.sample {
        _ if table.survey.is_some() => 0,
        Some(sample) if sample.existing => 5,
        Some(_) => 4,
        None if table.hole.is_some() => 3,
        None if table.body.is_some() => 2,
        None if table.site.is_some() => 1,
        None => 6,
    }
}

/// Whether a name fits a pattern in which `*` stands for anything; case does not count.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    let parts: Vec<&str> = pattern.split('*').collect();
    let [first, middle @ .., last] = parts.as_slice() else { return pattern == name };
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(matches("*.xlsx", "Tailings.XLSX"));
        assert!(matches("Assay*2019", "assays 2019"));
        assert!(!matches("Assays", "Assays 2"));
        assert!(matches("*", ""));
        assert!(!matches("a*a", "a"));
    }
}
