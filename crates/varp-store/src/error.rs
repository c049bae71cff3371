//! What can go wrong with a register.

use std::path::PathBuf;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be opened or made.
    #[error("the register {path} cannot be opened: {reason}")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The file is a GeoPackage or a database, but not a register.
    #[error("{path} is not a varp register: {reason}")]
    NotARegister {
        /// The file.
        path: PathBuf,
        /// How that shows.
        reason: String,
    },
    /// The register was written by a newer program.
    #[error("the register has schema {found}, this program knows up to {known}: use a newer varp")]
    TooNew {
        /// Schema of the file.
        found: u32,
        /// Newest schema known.
        known: u32,
    },
    /// Another writer holds the register.
    #[error(
        "another program is writing to the register; waited {waited_s} s; try again when it is done"
    )]
    Busy {
        /// How long this one waited.
        waited_s: u64,
    },
    /// A record refers to one that is not there.
    #[error("{kind} {id} refers to {missing_kind} {missing}, which is not in the register")]
    Dangling {
        /// Kind of the record.
        kind: String,
        /// Its key in the dataset, or its id.
        id: String,
        /// Kind referred to.
        missing_kind: String,
        /// Its id.
        missing: String,
    },
    /// Nothing has this id.
    #[error("there is no {kind} with id {id}")]
    NotFound {
        /// Kind asked for.
        kind: &'static str,
        /// The id.
        id: String,
    },
    /// The edit is not possible, and why.
    #[error("{0}")]
    Refused(String),
    /// A value in the file is not what its column may hold.
    #[error("table {table}, row {row}, column {column}: {reason}")]
    BadValue {
        /// Table.
        table: &'static str,
        /// Identity of the row.
        row: String,
        /// Column.
        column: String,
        /// What is wrong.
        reason: String,
    },
    /// A value of a foreign file cannot be read.
    #[error("table {table}, row {row}, column {column}: {reason}")]
    BadCell {
        /// Table or layer.
        table: String,
        /// Row, from 1.
        row: u64,
        /// Column.
        column: String,
        /// What is wrong.
        reason: String,
    },
    /// The database failed at something.
    #[error("{doing} failed: {source}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the database said.
        source: rusqlite::Error,
    },
}
