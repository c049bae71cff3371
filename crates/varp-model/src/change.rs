//! The change log: who changed what, when and why; the old value is kept.

/// What was done to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// The row is new.
    Insert,
    /// Fields of the row changed.
    Update,
    /// The row is gone.
    Delete,
}

impl Operation {
    /// The word used in tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// One entry of the append-only change log.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its number.
    pub number: i64,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// Who; `None` is a program that did not say, such as a GIS.
    pub actor: Option<String>,
    /// Why, where said.
    pub reason: Option<String>,
    /// Table of the row.
    pub table: String,
    /// Identity of the row.
    pub row: String,
    /// What was done.
    pub operation: Operation,
    /// The row before, as JSON.
    pub before: Option<String>,
    /// The row after, as JSON.
    pub after: Option<String>,
}
