//! Import: files through a mapping into the register, in one transaction.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use varp_engine::import::propose::{Proposal, Wishes, propose as propose_mapping};
use varp_engine::import::{
    Accept, Input, Mapping, Options, Output, RejectedRow, Report, run as read_tables,
};
use varp_model::{Change, Dataset, Import, ImportId, References, Subject, Visibility};
use varp_store::{GeoPackage, ImportWriter, Imported, Store, StoreError, foreign};

/// What is to be imported, and how.
pub struct ImportOrder<'a> {
    /// Tables.
    pub files: &'a [PathBuf],
    /// The mapping.
    pub mapping: &'a Mapping,
    /// The mapping as text, kept with the import.
    pub mapping_text: &'a str,
    /// Whether good rows are loaded where there are bad ones.
    pub accept: Accept,
    /// Whether nothing is written in any case.
    pub check: bool,
    /// Who imports.
    pub actor: &'a str,
    /// Reference data.
    pub references: &'a References,
}

/// What came of an import.
pub struct ImportDone {
    /// All problems, and what was read.
    pub report: Report,
    /// What was written; `None` where nothing was.
    pub imported: Option<(ImportId, Imported)>,
    /// With `check`: what would be written of the rows without errors.
    pub review: Option<Review>,
}

/// What an import would do to the register.
pub struct Review {
    /// How many rows it would add and change.
    pub counts: Imported,
    /// Rows that would change, field by field, and rows that would be new.
    pub changes: Vec<Change>,
}

/// Why an import failed as a whole.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read.
    #[error("reading {path}: {reason}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// The rejected rows cannot be written.
    #[error("writing the rejected rows: {0}")]
    Rejected(io::Error),
    /// The register refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Imports. Rejected rows go to `rejected` as they come; `read` is told how many records came.
///
/// # Errors
/// If a file cannot be read, the register refuses, or `rejected` fails. Then nothing was written.
pub fn import(
    register: &Path,
    order: &ImportOrder<'_>,
    mut rejected: impl FnMut(RejectedRow) -> io::Result<()>,
    mut read: impl FnMut(u64),
) -> Result<ImportDone, ImportError> {
    let files = hashes(order.files)?;
    let store = match (order.check, register.exists()) {
        (true, false) => None,
        (true, true) => Some(GeoPackage::open(register)?),
        (false, _) => Some(GeoPackage::open_or_create(register)?),
    };
    let exists = |subject| store.as_ref().is_some_and(|store| is_there(store, subject));
    let mut options = Options::new(order.references);
    // a check looks at all good rows, also behind an error
    options.accept = if order.check { Accept::ValidRows } else { order.accept };
    options.exists = &exists;
    options.file_hash = match files.as_slice() {
        [(_, hash)] => Some(hash.clone()),
        _ => None,
    };
    let import = record(order, files);
    let mut writer = match &store {
        Some(store) => Some(store.begin_import(&import)?),
        None => None,
    };
    let mut records = 0;
    let report =
        read_tables(inputs(order.files)?, order.mapping, &options, |output| match output {
            Output::Batch(batch) => {
                records += batch.samples.len() as u64 + batch.claims.len() as u64;
                read(records);
                writer.as_mut().map_or(Ok(()), |w| w.add(&batch)).map_err(ImportError::from)
            }
            Output::Rejected(_) if order.accept == Accept::AllOrNothing => Ok(()),
            Output::Rejected(row) => rejected(row).map_err(ImportError::Rejected),
        })?;
    let mut done = ImportDone { report, imported: None, review: None };
    let good = done.report.issues.errors() == 0 || order.accept == Accept::ValidRows;
    match writer {
        Some(writer) if order.check => {
            let (counts, changes) = ImportWriter::review(writer)?;
            done.review = Some(Review { counts, changes });
        }
        Some(writer) if good => done.imported = Some((import.id, ImportWriter::commit(writer)?)),
        _ => {} // dropping the writer undoes all of it
    }
    Ok(done)
}

/// Proposes a mapping for a table, from its headers and values.
///
/// # Errors
/// If the file cannot be read.
pub fn propose(
    file: &Path,
    country: Option<&str>,
    references: &References,
) -> Result<Proposal, ImportError> {
    let wishes = Wishes { dataset: None, country: country.map(str::to_owned) };
    Ok(propose_mapping(inputs(&[file.to_owned()])?, references, &wishes))
}

fn record(order: &ImportOrder<'_>, files: Vec<(String, String)>) -> Import {
    Import {
        id: ImportId(uuid::Uuid::new_v4()),
        dataset: Dataset(order.mapping.dataset.clone()),
        files,
        mapping: order.mapping_text.to_owned(),
        actor: order.actor.to_owned(),
        time: jiff::Timestamp::now().to_string(),
        program: concat!("varp ", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}

fn is_there(store: &GeoPackage, subject: Subject) -> bool {
    let all = Visibility::Private;
    // A register that cannot be read is told by the import itself, at its first write.
    match subject {
        Subject::Site(id) => matches!(store.site(id, all), Ok(Some(_))),
        Subject::Body(id) => matches!(store.body(id, all), Ok(Some(_))),
        Subject::Hole(id) => matches!(store.hole(id, all), Ok(Some(_))),
        Subject::Sample(id) => matches!(store.sample(id, all), Ok(Some(_))),
        Subject::Zone(_) => false,
    }
}

/// Opens the files; the companions of a Shapefile are found beside it.
fn inputs(files: &[PathBuf]) -> Result<Vec<Input>, ImportError> {
    let mut inputs = Vec::new();
    for path in files {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if ending == "gpkg" {
            inputs.push(Input::from_sheets(&name_of(path), foreign::layers(path)?));
            continue;
        }
        inputs.push(open(path)?);
        if ending == "shp" {
            for companion in ["dbf", "cpg", "prj"].map(|e| path.with_extension(e)) {
                if companion.is_file() {
                    inputs.push(open(&companion)?);
                }
            }
        }
    }
    Ok(inputs)
}

fn open(path: &Path) -> Result<Input, ImportError> {
    let file = File::open(path).map_err(|reason| unreadable(path, reason))?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(unreadable(path, io::Error::other("it is a folder")));
    }
    let content = varp_engine::import::Content::Bytes(Box::new(BufReader::new(file)));
    Ok(Input { name: name_of(path), content })
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn unreadable(path: &Path, reason: io::Error) -> ImportError {
    ImportError::Read { path: path.to_owned(), reason }
}

/// Name and SHA-256 of each file.
fn hashes(files: &[PathBuf]) -> Result<Vec<(String, String)>, ImportError> {
    let mut buffer = vec![0; 1 << 16];
    let mut hash = |path: &PathBuf| -> io::Result<String> {
        let mut file = File::open(path)?;
        let mut hasher = Sha256::new();
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(hasher.finalize().iter().map(|b| format!("{b:02x}")).collect()),
                n => hasher.update(&buffer[..n]),
            }
        }
    };
    files
        .iter()
        .map(|path| Ok((name_of(path), hash(path).map_err(|reason| unreadable(path, reason))?)))
        .collect()
}
