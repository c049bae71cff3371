//! What is written of each record: the field names of the API stand here, one file per collection.

mod assays;
mod bodies;
mod claims;
mod classes;
mod csv;
mod estimates;
mod json;
mod quantities;
mod samples;
mod sites;
mod sources;

use std::borrow::Cow;

use uuid::Uuid;
use varp_model::{Geometry, Licence, Locator, LonLat, Origin, Period, Position, SourceId};

pub use assays::assay;
pub use bodies::{body, body_page, body_view};
pub use classes::{class, class_fields, class_page};
pub use csv::{neutral, table, write_header, write_row};
pub use estimates::{estimate, estimate_page};
pub use json::{write_feature, write_links, write_value};
pub use quantities::quantity;
pub use samples::{sample, sample_page};
pub use sites::{site, site_page};
pub use sources::{source, source_page};

/// A record as GeoJSON and tables show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature<'a> {
    /// Identity, the last part of its address.
    pub id: Cow<'a, str>,
    /// Where it is, if the reader may know.
    pub place: Option<LonLat>,
    /// Names and values; every record of a collection has the same names in the same order.
    pub properties: Fields<'a>,
}

/// Names and values in order.
pub type Fields<'a> = Vec<(&'static str, Value<'a>)>;

/// What a field holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Not known, or not to be known by this reader; what it would be.
    Missing(Kind),
    /// Yes or no.
    Bool(bool),
    /// A count.
    Int(u64),
    /// A number.
    Number(f64),
    /// Words.
    Text(Cow<'a, str>),
    /// An identity.
    Id(Uuid),
    /// Words in a row.
    List(Vec<Cow<'a, str>>),
    /// Records within the record.
    Records(Vec<Fields<'a>>),
    /// A shape in WGS 84.
    Shape(&'a Geometry),
}

/// What a field can hold, as JSON Schema names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    Bool,
    /// A count.
    Int,
    /// A number.
    Number,
    /// Words, or an identity.
    Text,
    /// Words in a row.
    List,
    /// Records or shapes within the record.
    Nested,
}

impl Value<'_> {
    /// What the field holds, also where this record does not have it.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Missing(kind) => *kind,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::Int,
            Self::Number(_) => Kind::Number,
            Self::Text(_) | Self::Id(_) => Kind::Text,
            Self::List(_) => Kind::List,
            Self::Records(_) | Self::Shape(_) => Kind::Nested,
        }
    }
}

/// What a Rust type becomes in a field.
trait Known {
    const KIND: Kind;
}

macro_rules! known {
    ($($type:ty => $kind:ident),*) => {$(
        impl Known for $type {
            const KIND: Kind = Kind::$kind;
        }
    )*};
}

known! {
    bool => Bool, u64 => Int, f64 => Number, Uuid => Text, &str => Text, &String => Text,
    String => Text, &Geometry => Nested
}

impl<'a> From<&'a Geometry> for Value<'a> {
    fn from(shape: &'a Geometry) -> Self {
        Self::Shape(shape)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<u64> for Value<'_> {
    fn from(count: u64) -> Self {
        Self::Int(count)
    }
}

impl From<bool> for Value<'_> {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl From<Uuid> for Value<'_> {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a Vec<String>> for Value<'a> {
    fn from(words: &'a Vec<String>) -> Self {
        Self::List(words.iter().map(|word| Cow::Borrowed(word.as_str())).collect())
    }
}

impl<'a, T: Into<Value<'a>> + Known> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing(T::KIND), Into::into)
    }
}

/// The place of a position.
fn place(position: Option<&Position>) -> Option<LonLat> {
    position.map(|position| position.place)
}

/// How well the place is known, and the coordinates it came from.
fn add_position<'a>(fields: &mut Fields<'a>, position: Option<&'a Position>) {
    fields.push(("accuracy_m", position.and_then(|p| p.accuracy_m).into()));
    fields.push(("original_x", position.map(|p| p.original.x).into()));
    fields.push(("original_y", position.map(|p| p.original.y).into()));
    fields.push(("original_crs", position.map(|p| p.original.crs.to_string()).into()));
}

/// First and last date of a period.
fn add_period(fields: &mut Fields<'_>, period: Option<Period>) {
    fields.push(("start", period.and_then(|p| p.start).map(|d| d.to_string()).into()));
    fields.push(("end", period.and_then(|p| p.end).map(|d| d.to_string()).into()));
}

/// Where a record comes from: source, place in it, collection and key, licence.
fn add_provenance<'a>(
    fields: &mut Fields<'a>,
    source: SourceId,
    locator: &'a Locator,
    origin: &'a Origin,
    licence: Option<&'a Licence>,
) {
    fields.push(("source", source.0.into()));
    fields.push(("page", locator.page.as_deref().into()));
    fields.push(("file", locator.file.as_deref().into()));
    fields.push(("sheet", locator.sheet.as_deref().into()));
    fields.push(("row", locator.row.map(u64::from).into()));
    fields.push(("column", locator.column.as_deref().into()));
    fields.push(("dataset", origin.dataset.0.as_str().into()));
    fields.push(("key", origin.key.as_str().into()));
    fields.push(("licence", licence.map(|l| l.0.as_str()).into()));
}
