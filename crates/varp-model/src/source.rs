//! Sources: every value comes from one.

use crate::{Dataset, Licence, PartialDate, SourceId, Visibility};

/// A citation: a document, a dataset, a person. Every record below a source cites it.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Identity.
    pub id: SourceId,
    /// The collection it was imported with and its key there.
    pub origin: Origin,
    /// Title as printed.
    pub title: String,
    /// Authors or publisher, as printed.
    pub authors: Option<String>,
    /// When it was published or obtained.
    pub date: Option<PartialDate>,
    /// Address, DOI or shelf mark.
    pub address: Option<String>,
    /// Licence of the content.
    pub licence: Option<Licence>,
    /// SHA-256 of the file read, if it was a file.
    pub file_hash: Option<String>,
    /// How far the source is to be trusted, in its keeper's words.
    pub reliability: Option<String>,
    /// Who may see it.
    pub visibility: Visibility,
}

/// Where in which publisher's collection a record stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The collection.
    pub dataset: Dataset,
    /// The key in it, from the columns that the mapping names.
    pub key: String,
}

/// Where in a source a value stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Locator {
    /// Page, table or figure of a document, as people cite it.
    pub page: Option<String>,
    /// File that was imported, by its name.
    pub file: Option<String>,
    /// Worksheet or layer.
    pub sheet: Option<String>,
    /// Row as the user's program counts, from 1.
    pub row: Option<u32>,
    /// Column header or letter.
    pub column: Option<String>,
}
